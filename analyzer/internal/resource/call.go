package resource

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A target is what a call runs, as far as its syntax says.
type target struct {
	body  *syntax.Func // the one function of the package that it is
	decl  *types.Func  // a function of another package, or an interface's method
	value *node        // a function value
	what  *types.Builtin
	conv  bool
}

// target finds what a call runs.
func (b *builder) target(e *ast.CallExpr) target {
	c := b.src.Call(e)
	if c == nil {
		return target{}
	}
	if c.Callee != nil {
		if f := b.src.Decl(c.Callee); f != nil {
			return target{body: f, decl: c.Callee}
		}
		return target{decl: c.Callee}
	}
	fun := ast.Unparen(e.Fun)
	tv := b.src.Info.Types[fun]
	switch {
	case tv.IsType():
		return target{conv: true}
	case tv.IsBuiltin():
		return target{what: b.builtinOf(e)}
	}
	if lit, ok := fun.(*ast.FuncLit); ok {
		if f := b.src.Lit(lit); f != nil {
			return target{body: f}
		}
	}
	return target{value: b.value(e.Fun)}
}

// builtinOf is the built-in function that a call is of, or nil.
func (b *builder) builtinOf(e *ast.CallExpr) *types.Builtin {
	var id *ast.Ident
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel // unsafe.Slice
	}
	what, _ := b.src.Info.Uses[id].(*types.Builtin)
	return what
}

// result is a result of a call.
func (b *builder) result(e *ast.CallExpr, i int) *node {
	t := b.target(e)
	switch {
	case t.conv:
		if tt := b.src.Info.TypeOf(e); isInterface(tt) {
			return b.made(e, tt)
		}
		if len(e.Args) == 1 {
			return b.value(e.Args[0])
		}
		return nil
	case t.what != nil:
		if t.what.Name() == "append" {
			if n := b.value(e.Args[0]); n != nil {
				return n
			}
		}
		return b.made(e, b.src.Info.TypeOf(e))
	case t.body != nil:
		if i < t.body.Sig.Results().Len() {
			return b.own(e, i, t.body)
		}
		return nil
	}
	tt := resultType(b.src.Info.TypeOf(e), i)
	if !b.interesting(tt) {
		return nil
	}
	if t.decl == nil {
		if t.value == nil {
			return nil
		}
		return b.sort(b.resultOf(t.value, i), tt)
	}
	if i == 0 {
		return b.made(e, tt)
	}
	return b.more(e, i, tt)
}

// own is a result of a function of the package.
func (b *builder) own(e *ast.CallExpr, i int, f *syntax.Func) *node {
	v := f.Sig.Results().At(i)
	if !b.linked(v.Type()) {
		return b.variable(v)
	}
	if i == 0 {
		n, ok := b.exprs[e]
		if !ok {
			n = b.made(e, v.Type())
			b.returned(n, b.variable(v), f)
		}
		return n
	}
	if s := b.tuples[e]; i < len(s) && s[i] != nil || b.frozen {
		return b.more(e, i, v.Type())
	}
	n := b.more(e, i, v.Type())
	b.returned(n, b.variable(v), f)
	return n
}

// more is a result, other than the first, of a function of another package.
func (b *builder) more(e *ast.CallExpr, i int, t types.Type) *node {
	s := b.tuples[e]
	if b.frozen {
		if i < len(s) {
			return s[i]
		}
		return nil
	}
	for len(s) <= i {
		s = append(s, nil)
	}
	if s[i] == nil {
		s[i] = b.add(b.kind(t))
	}
	b.tuples[e] = s
	return s[i]
}

func resultType(t types.Type, i int) types.Type {
	if tuple, ok := t.(*types.Tuple); ok {
		if i < tuple.Len() {
			return tuple.At(i).Type()
		}
		return nil
	}
	if i > 0 {
		return nil
	}
	return t
}

// function is the node of a function of the package as a value.
func (b *builder) function(f *syntax.Func) *node {
	n := b.funcs[f]
	if n != nil || b.frozen {
		return n
	}
	n = b.add(Function)
	b.funcs[f] = n
	n.call().callees = []Callee{{f.Decl, f}}
	for i := range f.Sig.Params().Len() {
		if v := f.Sig.Params().At(i); b.interesting(v.Type()) {
			b.join(b.paramOf(n, i), b.variable(v))
		}
	}
	for i := range f.Sig.Results().Len() {
		if v := f.Sig.Results().At(i); b.interesting(v.Type()) {
			b.join(b.resultOf(n, i), b.variable(v))
		}
	}
	return n
}

func (b *builder) literal(e *ast.FuncLit) *node {
	if f := b.src.Lit(e); f != nil {
		return b.function(f)
	}
	return nil
}

// receiver is the value that a method is called on: x in x.m or, if that is a struct of no interest, the
// embedded field through which the method is found.
func (b *builder) receiver(e *ast.SelectorExpr) *node {
	sel := b.src.Info.Selections[e]
	if sel == nil {
		return nil
	}
	path, t := sel.Index(), sel.Recv()
	if len(path) == 1 || b.interesting(t) {
		return b.value(e.X)
	}
	for _, i := range path[:len(path)-1] {
		st, ok := structOf(t)
		if !ok || i >= st.NumFields() {
			return nil
		}
		if t = st.Field(i).Type(); b.interesting(t) {
			return b.variable(st.Field(i))
		}
	}
	return nil
}

// receive passes what a method is called on to its receiver.
func (b *builder) receive(f *types.Func, e *ast.SelectorExpr) {
	if b.frozen {
		return
	}
	if fn := b.src.Decl(f); fn != nil && fn.Sig.Recv() != nil && b.interesting(fn.Sig.Recv().Type()) {
		b.take(fn.Sig.Recv(), b.receiver(e))
	}
}

// take passes a value to a receiver.
func (b *builder) take(recv *types.Var, n *node) {
	if b.linked(recv.Type()) {
		b.argue(b.variable(recv), n)
	} else {
		b.join(b.variable(recv), n)
	}
}

// call reads a call: where its arguments go, what it does to them, what it starts.
func (b *builder) call(c *syntax.Call) {
	e := c.Expr
	t := b.target(e)
	if c.Go != nil {
		b.spawns = append(b.spawns, &spawn{Spawn: Spawn{Call: c}, at: t})
	}
	switch {
	case t.conv:
		b.conversion(c)
	case t.what != nil:
		b.builtin(c, t.what.Name())
	case t.body != nil:
		if sel, ok := syntax.Callable(e.Fun).(*ast.SelectorExpr); ok && t.body.Decl != nil {
			if s := b.src.Info.Selections[sel]; s != nil && s.Kind() == types.MethodExpr {
				b.bind(c, nil, b.value(sel))
				return
			}
			b.receive(t.body.Decl, sel)
		}
		b.bind(c, t.body, nil)
	case t.decl != nil:
		b.outer(c, t.decl)
	case t.value != nil:
		b.do(t.value, Op{Kind: Invoke, Cur: c.Cur, In: c.In, Call: c})
		b.bind(c, nil, t.value)
	default:
		b.hand(c, nil)
	}
}

// bind passes arguments to the parameters of a function, or of a function value.
func (b *builder) bind(c *syntax.Call, f *syntax.Func, value *node) {
	sig, _ := b.src.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if f != nil {
		sig = f.Sig
	}
	if sig == nil {
		return
	}
	param := func(i int) *node {
		v := sig.Params().At(i)
		switch {
		case !b.interesting(v.Type()):
			return nil
		case f != nil:
			return b.variable(v)
		}
		return b.sort(b.paramOf(value, i), v.Type())
	}
	n := sig.Params().Len()
	for i, t := range b.arguments(sig, c.Expr) {
		if !b.matters(t) {
			continue
		}
		dst := param(min(i, n-1))
		if spread(sig, c.Expr, i) {
			dst = b.content(dst, t)
		}
		if src, st := b.argument(c.Expr, i); src != nil && dst != nil && b.kind(t) == Context {
			// It goes one way: what ends the context of one caller ends no other's.
			b.derive(dst, src)
		} else if src != nil && dst != nil && b.linked(t) && !spread(sig, c.Expr, i) {
			if isInterface(t) && !isInterface(st) {
				dst.find().implement(st)
			}
			b.argue(dst, src)
		} else if b.multi(c.Expr) {
			if src, st := b.nth(c.Expr.Args[0], i); st != nil {
				b.pass(dst, t, src, st, c.Expr.Lparen)
			}
		} else {
			b.flow(dst, t, c.Expr.Args[i])
		}
	}
}

// multi reports whether a call is f(g()), where g has several results.
func (b *builder) multi(e *ast.CallExpr) bool {
	if len(e.Args) != 1 {
		return false
	}
	_, ok := b.src.Info.TypeOf(e.Args[0]).(*types.Tuple)
	return ok
}

// arguments yields the types of the parameters that the arguments of a call go to.
func (b *builder) arguments(sig *types.Signature, e *ast.CallExpr) func(func(int, types.Type) bool) {
	return func(yield func(int, types.Type) bool) {
		n, args := sig.Params().Len(), len(e.Args)
		if args == 1 {
			if tuple, ok := b.src.Info.TypeOf(e.Args[0]).(*types.Tuple); ok {
				args = tuple.Len()
			}
		}
		for i := range args {
			if i >= n && !sig.Variadic() {
				return
			}
			t := sig.Params().At(min(i, n-1)).Type()
			if spread(sig, e, i) {
				if s, ok := t.Underlying().(*types.Slice); ok {
					t = s.Elem()
				}
			}
			if !yield(i, t) {
				return
			}
		}
	}
}

// spread reports whether an argument becomes an element of the last parameter.
func spread(sig *types.Signature, e *ast.CallExpr, i int) bool {
	return sig.Variadic() && i >= sig.Params().Len()-1 && !e.Ellipsis.IsValid()
}

func (b *builder) conversion(c *syntax.Call) {
	if len(c.Expr.Args) != 1 {
		return
	}
	x := c.Expr.Args[0]
	to, from := b.src.Info.TypeOf(c.Expr), b.src.Info.TypeOf(x)
	if basic, ok := to.Underlying().(*types.Basic); ok {
		if basic.Kind() == types.UnsafePointer {
			b.leak(b.value(x), from, Escape{Answer: Unknown, Way: Unsafe, Pos: x.Pos()})
		}
		return
	}
	if isInterface(to) || !b.interesting(to) {
		b.flow(b.value(c.Expr), to, x)
	}
}

func (b *builder) builtin(c *syntax.Call, what string) {
	args := c.Expr.Args
	op := Op{Cur: c.Cur, In: c.In, Call: c}
	switch what {
	case "make":
		if isChan(b.src.Info.TypeOf(c.Expr)) {
			op.Kind = Make
			b.do(b.value(c.Expr), op)
		}
	case "new":
		if t, ok := b.src.Info.TypeOf(c.Expr).Underlying().(*types.Pointer); ok && b.zero(t.Elem()) {
			b.declare(b.value(c.Expr), c.Cur, c.In)
		}
	case "close":
		op.Kind = Close
		b.do(b.value(args[0]), op)
	case "len", "cap":
		if isChan(b.src.Info.TypeOf(args[0])) {
			op.Kind = Measure
			b.do(b.value(args[0]), op)
		}
	case "append":
		b.append(c.Expr)
	case "copy":
		b.join(b.value(args[0]), b.value(args[1]))
	}
}

func (b *builder) append(e *ast.CallExpr) {
	s, ok := b.src.Info.TypeOf(e).Underlying().(*types.Slice)
	if !ok || !b.matters(s.Elem()) {
		return
	}
	self := b.value(e)
	for i, x := range e.Args[1:] {
		if e.Ellipsis.IsValid() && i == len(e.Args)-2 {
			b.join(self, b.value(x))
		} else {
			b.flow(b.content(self, s.Elem()), s.Elem(), x)
		}
	}
}

// outer is a call of a function whose body is not here, or of an interface's method.
func (b *builder) outer(c *syntax.Call, f *types.Func) {
	if row := b.cat.Func(f); row != nil {
		b.library(c, f, row)
	} else if row, ok := standardRow(f); ok {
		b.standard(c, f, row)
	} else if recv := f.Signature().Recv(); recv != nil && isInterface(recv.Type()) {
		b.dispatch(c, f)
	} else {
		b.hand(c, f)
	}
}

// dispatch is a call through an interface: of the methods of those types that are put into it, if that is
// followed; else of all types of the package that have the method, and of others.
func (b *builder) dispatch(c *syntax.Call, f *types.Func) {
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok {
		b.hand(c, f)
		return
	}
	if n := b.receiver(sel); n != nil && n.find().kind != Context {
		d := &dispatched{call: c, method: f, on: n}
		b.dispatches = append(b.dispatches, d)
		b.virtual[c] = d
		return
	}
	d := &dispatched{call: c, method: f}
	for _, m := range b.implementations(f) {
		d.to = append(d.to, Callee{m.Decl, m})
		b.bindMethod(c, m)
	}
	if len(d.to) > 0 {
		b.virtual[c] = d
	}
	b.hand(c, f)
}

// A dispatched is a call through an interface.
type dispatched struct {
	call   *syntax.Call
	method *types.Func
	on     *node // nil: the interface is not followed
	done   int   // how many of the types in it were looked at
	to     []Callee
}

// dispatchAll binds calls through interfaces until nothing new is put into them.
func (b *builder) dispatchAll() {
	for again := true; again; {
		again = false
		for _, d := range b.dispatches {
			h := d.on.find().held
			if h == nil {
				continue
			}
			for _, t := range h.types {
				again = b.method(d, t) || again
			}
		}
	}
	for _, d := range b.dispatches {
		if len(d.to) == 0 {
			b.hand(d.call, d.method)
		}
	}
	for _, d := range b.virtual {
		slices.SortFunc(d.to, compareCallees)
	}
}

// method binds a call through an interface to the method of a type, if that is new.
func (b *builder) method(d *dispatched, t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, d.method.Pkg(), d.method.Name())
	f, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	f = f.Origin()
	for _, c := range d.to {
		if c.Decl == f {
			return false
		}
	}
	m := b.src.Decl(f)
	d.to = append(d.to, Callee{f, m})
	if m != nil {
		b.bindMethod(d.call, m)
		return true
	}
	if row := b.cat.Func(f); row != nil {
		b.library(d.call, f, row)
	} else {
		b.hand(d.call, f)
	}
	return true
}

// bindMethod passes the arguments and results of a call through an interface to a method.
func (b *builder) bindMethod(c *syntax.Call, m *syntax.Func) {
	if r := m.Sig.Recv(); b.interesting(r.Type()) {
		if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
			b.take(r, b.receiver(sel))
		}
	}
	b.bind(c, m, nil)
	for i := range m.Sig.Results().Len() {
		if v := m.Sig.Results().At(i); b.matters(v.Type()) {
			t := resultType(b.src.Info.TypeOf(c.Expr), i)
			b.pass(b.result(c.Expr, i), t, b.variable(v), v.Type(), c.Expr.Lparen)
		}
	}
}

// implementations are the methods of the package that a call of an interface's method may run.
func (b *builder) implementations(f *types.Func) []*syntax.Func {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	i, _ := recv.Type().Underlying().(*types.Interface)
	var all []*syntax.Func
	for _, m := range b.methods[f.Name()] {
		t := m.Sig.Recv().Type()
		if n := syntax.Named(t); n == nil || n.TypeParams().Len() > 0 || i == nil {
			continue
		}
		if types.Implements(t, i) {
			all = append(all, m)
		}
	}
	return all
}

// hand is a call of a function of another package, or of an unknown one, nil: what is not known to be
// looked at only is somebody else's from there on.
func (b *builder) hand(c *syntax.Call, f *types.Func) {
	sig, _ := b.src.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if sig == nil {
		return
	}
	var known *summary.Func
	var obj types.Object
	if f != nil {
		obj, known = f, b.imported(f)
		if f.Signature().TypeParams().Len() > 0 {
			b.generic(c, f)
		}
	}
	for i, t := range b.arguments(sig, c.Expr) {
		if !b.matters(t) {
			continue
		}
		n, st := b.argument(c.Expr, i)
		b.give(c, known, n, t, st, i, Escape{Answer: Unknown, Way: ArgumentOf, Obj: obj})
	}
	if f != nil {
		b.handReceiver(c, f, known)
	}
	for i := range sig.Results().Len() {
		t := sig.Results().At(i).Type()
		if n := b.result(c.Expr, i); n != nil && b.interesting(t) {
			b.admit(n, t, Escape{Answer: Unknown, Way: MadeBy, Obj: obj, Pos: c.Expr.Pos()})
		}
	}
}

// argument is an argument of a call and its type.
func (b *builder) argument(e *ast.CallExpr, i int) (*node, types.Type) {
	if b.multi(e) {
		return b.nth(e.Args[0], i)
	}
	if i >= len(e.Args) {
		return nil, nil
	}
	return b.value(e.Args[i]), b.src.Info.TypeOf(e.Args[i])
}

// give is an argument of type st for a parameter of type t of a function that is not here.
func (b *builder) give(c *syntax.Call, known *summary.Func, n *node, t, st types.Type, i int, e Escape) {
	if st == nil {
		return
	}
	e.Pos = c.Expr.Lparen
	if i < len(c.Expr.Args) {
		e.Pos = c.Expr.Args[i].Pos()
	}
	if p := known.Param(i); p != nil && n != nil && b.fact(c, known, p, n, st) {
		return
	}
	if b.kind(st) == Context && isInterface(st) {
		return // nobody can do anything to a context
	}
	if isInterface(t) {
		if n != nil && b.interesting(t) {
			b.leak(n, t, e) // into a library's interface
			return
		}
		b.box(nil, t, n, st, e.Pos)
		return
	}
	b.leak(n, t, e)
}

func (b *builder) handReceiver(c *syntax.Call, f *types.Func, known *summary.Func) {
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok || f.Signature().Recv() == nil {
		return
	}
	n := b.receiver(sel)
	if n == nil || n.find().kind == Context {
		return
	}
	t := f.Signature().Recv().Type()
	if p := known.Param(int(summary.Receiver)); p != nil && b.fact(c, known, p, n, t) {
		return
	}
	if b.cat.Type(t) == nil && !isInterface(t) {
		b.leak(n, t, Escape{Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: c.NamePos()})
	}
}

// fact is an argument of which it is known what becomes of it; false if that is not all.
func (b *builder) fact(c *syntax.Call, known *summary.Func, p *summary.Param, n *node, t types.Type) bool {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return b.task(c, known, p, n, sig)
	}
	op := Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c, Fact: p}
	add := func(kind OpKind, role catalog.Role, sure bool) {
		op.Kind, op.Role, op.Sure = kind, role, sure
		b.do(n, op)
	}
	if p.Spawns {
		add(Use, catalog.Submit, false)
	}
	if p.Limits {
		add(Use, catalog.SetBound, false)
	}
	use := p.Use
	if use&summary.Awaits != 0 {
		role := catalog.Await
		if n.find().kind >= Executor {
			role = catalog.Wait
		}
		add(Use, role, true)
	}
	if use&summary.Closes != 0 {
		add(Use, catalog.Close, true)
	}
	if use&summary.Receives != 0 {
		add(Receive, 0, true)
	}
	if use&summary.Sends != 0 {
		add(Send, 0, false)
	}
	return use != 0 && use&summary.Keeps == 0
}

// task is a function given to a function of another package that is known to run it.
func (b *builder) task(c *syntax.Call, known *summary.Func, p *summary.Param, n *node, sig *types.Signature) bool {
	switch p.Task {
	case summary.NotRun:
		return false
	case summary.Called:
		b.through = append(b.through, through{Caller{Cur: c.Cur, In: c.In, Call: c}, n})
	default:
		s := &spawn{Spawn: Spawn{Call: c, Fact: p}, tasks: []*node{n}}
		if i, ok := known.Executor(); ok && p.Task == summary.ByExecutor {
			if i == summary.Receiver {
				if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
					s.pool = b.receiver(sel)
				}
			} else {
				s.pool, _ = b.argument(c.Expr, int(i))
			}
		}
		b.spawns = append(b.spawns, s)
	}
	b.spreadCall(n, sig, Escape{Rights: MayCall, Answer: Unknown, Way: ArgumentOf, Obj: c.Callee, Pos: c.NamePos()})
	return true
}

// A Caller is a place where a function is run in the goroutine of its caller.
type Caller struct {
	Cur  inspector.Cursor // the call, or the range statement over the function
	In   *syntax.Func     // nil outside functions
	Call *syntax.Call     // of the function or, if Via, of one of another package that calls it; nil for a range
	Via  bool
}

// A through is a function that is called by what stands at a place.
type through struct {
	Caller
	n *node
}
