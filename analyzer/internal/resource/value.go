package resource

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// values finds the nodes of variables and expressions.
type values struct{ *builder }

// value is the node of an expression; nil if its type is of no interest. It only names what there is:
// it records no operation, and may be called again.
func (b values) value(e ast.Expr) *node {
	switch e := e.(type) {
	case nil:
		return nil
	case *ast.Ident:
		return b.object(b.src.Info.ObjectOf(e), e.Pos())
	case *ast.ParenExpr:
		return b.value(e.X)
	case *ast.SelectorExpr:
		return b.selector(e)
	case *ast.FuncLit:
		return b.calls.literal(e)
	case *ast.CallExpr:
		return b.calls.result(e, 0)
	case *ast.StarExpr:
		return b.value(e.X)
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			return b.value(e.X)
		case token.ARROW:
			return b.held(e, e.X)
		}
	case *ast.IndexExpr:
		if tv := b.src.Info.Types[e.X]; isFunc(tv.Type) {
			return b.value(e.X)
		}
		return b.held(e, e.X)
	case *ast.IndexListExpr:
		return b.value(e.X)
	case *ast.SliceExpr:
		return b.value(e.X)
	case *ast.TypeAssertExpr:
		return b.asserted(e)
	case *ast.CompositeLit:
		return b.made(e, b.src.Info.TypeOf(e))
	}
	return nil
}

// held is an element of a container, or a value from a channel.
func (b values) held(e, container ast.Expr) *node {
	t := b.src.First(e)
	if !b.interesting(t) {
		return nil
	}
	return b.sort(b.elem(b.value(container)), t)
}

// sort says of which type a value is.
func (b values) sort(n *node, t types.Type) *node {
	if n == nil || b.frozen {
		return n
	}
	n = n.find()
	n.kind = max(n.kind, b.kind(t))
	return n
}

// made is the node of an expression that makes a value where it stands.
func (b values) made(e ast.Expr, t types.Type) *node {
	if n, ok := b.exprs[e]; ok {
		return n
	}
	if b.frozen || !b.interesting(t) {
		return nil
	}
	n := b.add(b.kind(t))
	b.exprs[e] = n
	return n
}

func (b values) selector(e *ast.SelectorExpr) *node {
	obj := b.src.Info.ObjectOf(e.Sel)
	f, ok := obj.(*types.Func)
	if !ok {
		if b.timers(e) {
			return b.calls.receiver(e) // its channel
		}
		return b.object(obj, e.Pos())
	}
	sel := b.src.Info.Selections[e]
	if sel == nil {
		return b.object(obj, e.Pos()) // of a package
	}
	if sel.Kind() == types.MethodExpr {
		return b.methodExpr(e, f)
	}
	n := b.object(f.Origin(), e.Pos())
	b.calls.receive(f, e)
	return n
}

// timers reports whether x.f is a field of a timer: its channel.
func (b values) timers(e *ast.SelectorExpr) bool {
	v, ok := b.src.Info.ObjectOf(e.Sel).(*types.Var)
	if !ok || !v.IsField() || v.Pkg() == b.src.Types || !isChan(v.Type()) {
		return false
	}
	n := b.calls.receiver(e)
	return n != nil && n.find().kind == Timer
}

// methodExpr is T.m: a function whose first parameter is the receiver.
func (b values) methodExpr(e *ast.SelectorExpr, f *types.Func) *node {
	if n, ok := b.exprs[e]; ok || b.frozen {
		return n
	}
	n := b.add(Function)
	b.exprs[e] = n
	m := b.object(f.Origin(), e.Pos())
	sig := f.Origin().Signature()
	n.call().callees = append(n.call().callees, m.find().call().callees...)
	if fn := b.src.Decl(f); fn != nil && fn.Sig.Recv() != nil {
		b.join(b.paramOf(n, 0), b.variable(fn.Sig.Recv()))
	}
	for i := range sig.Params().Len() {
		b.join(b.paramOf(n, i+1), b.paramOf(m, i))
	}
	for i := range sig.Results().Len() {
		b.join(b.resultOf(n, i), b.resultOf(m, i))
	}
	return n
}

// object is the node of a variable or function.
func (b values) object(obj types.Object, at token.Pos) *node {
	switch obj := obj.(type) {
	case *types.Var:
		return b.variable(obj)
	case *types.Func:
		obj = obj.Origin()
		if f := b.src.Decl(obj); f != nil {
			return b.calls.function(f)
		}
		return b.foreign(obj, at)
	}
	return nil
}

// variable is the node of a variable or field.
func (b values) variable(v *types.Var) *node {
	v = v.Origin()
	if n := b.vars[v]; n != nil {
		return n.find()
	}
	if b.frozen || !b.interesting(v.Type()) {
		return nil
	}
	n := b.add(b.kind(v.Type()))
	b.vars[v] = n
	if v.Name() != "" {
		n.hold().vars = []*types.Var{v}
	}
	if v.IsField() && v.Pkg() == b.src.Types && b.flows.zero(v.Type()) {
		b.do(n, Op{Kind: Declare, Var: v, Cur: b.declaration(v)})
	}
	if v.Pkg() != b.src.Types {
		e := Escape{Answer: Unknown, Way: Foreign, Obj: v, Pos: v.Pos()}
		if uses := b.src.Var(v).Uses; len(uses) > 0 {
			e.Pos = uses[0].Node().Pos()
		}
		b.exposure.leak(n, v.Type(), e)
		b.exposure.admit(n, v.Type(), e)
	}
	return n
}

// declaration is the name of a field where it is declared.
func (b values) declaration(v *types.Var) inspector.Cursor {
	for _, u := range b.src.Var(v).Uses {
		if u.Node().Pos() == v.Pos() {
			return u
		}
	}
	c, _ := b.src.Root.FindByPos(v.Pos(), v.Pos()) // embedded
	return c
}

// foreign is the node of a function of another package, or of an interface's method, as a value.
func (b values) foreign(f *types.Func, at token.Pos) *node {
	o, ok := b.others[f]
	if b.frozen {
		return o.n
	}
	if !ok {
		o = other{b.add(Function), at}
		if recv := f.Signature().Recv(); recv == nil || !isInterface(recv.Type()) {
			o.n.call().callees = []Callee{{Decl: f}}
		}
		for _, m := range b.virtuals.implementations(f) {
			b.join(o.n, b.calls.function(m))
		}
	}
	b.others[f] = other{o.n, min(o.at, at)}
	return o.n
}

// An other is a function of another package, and where it is first used as a value.
type other struct {
	n  *node
	at token.Pos
}

// foreigners says what functions of other packages take and return.
func (b values) foreigners() {
	for f, o := range b.others {
		sig := f.Signature()
		if recv := sig.Recv(); recv != nil && isInterface(recv.Type()) {
			b.exposure.admit(o.n, sig, Escape{Answer: Unknown, Way: Unboxed, Pos: o.at})
		}
		for i := range sig.Params().Len() {
			if t := sig.Params().At(i).Type(); b.interesting(t) {
				b.exposure.leak(b.paramOf(o.n, i), t, Escape{Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: o.at})
			}
		}
		for i := range sig.Results().Len() {
			if t := sig.Results().At(i).Type(); b.interesting(t) {
				b.exposure.admit(b.resultOf(o.n, i), t, Escape{Answer: Unknown, Way: MadeBy, Obj: f, Pos: o.at})
			}
		}
	}
}

// asserted is what x.(T) takes out of an interface: the value itself if the interface is one that is
// followed, else any value of the type that was put into one.
func (b values) asserted(e *ast.TypeAssertExpr) *node {
	if e.Type == nil {
		return nil
	}
	return b.unbox(b.src.First(e), e.X, e.Lparen)
}

func (b values) unbox(t types.Type, from ast.Expr, at token.Pos) *node {
	if !b.interesting(t) {
		return nil
	}
	if n := b.value(from); n != nil {
		return n
	}
	n, ok := b.boxes.At(t).(*node)
	if !ok {
		if b.frozen {
			return nil
		}
		n = b.add(b.kind(t))
		b.boxes.Set(t, n)
	}
	if !b.frozen {
		b.exposure.admit(n, t, Escape{Answer: Unknown, Way: Unboxed, Pos: at})
	}
	return n
}

// kind is what values of a type are, pointers counted as what they point to.
func (b values) kind(t types.Type) Kind { return b.look(t).kind }

// interesting reports whether values of a type are followed: resources, functions, what holds such,
// named interfaces, and type parameters, which may be any of these. Structs are not, but each
// of their fields is.
func (b values) interesting(t types.Type) bool { return b.look(t).follow }

type mark struct {
	kind   Kind
	follow bool
}

func (b values) look(t types.Type) mark {
	switch t := t.(type) {
	case nil, *types.Basic, *types.Struct, *types.Tuple, *types.Interface:
		return mark{}
	case *types.Signature:
		return mark{Function, true}
	case *types.Chan:
		return mark{Channel, true}
	case *types.TypeParam:
		return mark{Other, true}
	case *types.Pointer:
		return b.look(t.Elem())
	case *types.Slice:
		return mark{Other, b.look(t.Elem()).follow}
	case *types.Array:
		return mark{Other, b.look(t.Elem()).follow}
	case *types.Map:
		return mark{Other, b.look(t.Elem()).follow || b.look(t.Key()).follow}
	case *types.Alias:
		return b.look(types.Unalias(t))
	case *types.Named:
		if m, ok := b.marks[t]; ok || b.frozen { // what was not met has no nodes
			return m
		}
		b.marks[t] = mark{} // type T []T
		m := b.named(t)
		b.marks[t] = m
		return m
	}
	return mark{}
}

func (b values) named(t *types.Named) mark {
	if k, ok := standardTypes[qualified(t.Obj())]; ok {
		return mark{k, true}
	}
	if row := b.cat.Type(t); row != nil {
		return mark{[...]Kind{catalog.Executor: Executor, catalog.Group: Group, catalog.Future: Future, catalog.Limiter: Semaphore}[row.Kind], true}
	}
	u := t.Underlying()
	if i, ok := u.(*types.Interface); ok {
		return mark{Other, t.Obj().Pkg() != nil && i.IsMethodSet() && i.NumMethods() > 0}
	}
	return b.look(u)
}

// qualified is the name of a package's object with its path; of a method, without its type.
func qualified(o types.Object) name {
	if o.Pkg() == nil {
		return name{"", o.Name()}
	}
	return name{o.Pkg().Path(), o.Name()}
}

func isChan(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

func isFunc(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func isInterface(t types.Type) bool {
	if t == nil {
		return false
	}
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	_, ok := t.Underlying().(*types.Interface)
	return ok
}
