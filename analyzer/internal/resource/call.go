package resource

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// calls binds what functions are given and return.
type calls struct{ *builder }

// A target is what a call runs, as far as its syntax says.
type target struct {
	body  *syntax.Func // the one function of the package that it is
	decl  *types.Func  // a function of another package, or an interface's method
	value *node        // a function value
	what  *types.Builtin
	conv  bool
}

// target finds what a call runs.
func (b calls) target(e *ast.CallExpr) target {
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
	return target{value: b.values.value(e.Fun)}
}

// builtinOf is the built-in function that a call is of, or nil.
func (b calls) builtinOf(e *ast.CallExpr) *types.Builtin {
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
func (b calls) result(e *ast.CallExpr, i int) *node {
	t := b.target(e)
	switch {
	case t.conv:
		if tt := b.src.Info.TypeOf(e); isInterface(tt) {
			return b.values.made(e, tt)
		}
		if len(e.Args) == 1 {
			return b.values.value(e.Args[0])
		}
		return nil
	case t.what != nil:
		if t.what.Name() == "append" {
			if n := b.values.value(e.Args[0]); n != nil {
				return n
			}
		}
		return b.values.made(e, b.src.Info.TypeOf(e))
	case t.body != nil:
		if i < t.body.Sig.Results().Len() {
			return b.own(e, i, t.body)
		}
		return nil
	}
	tt := resultType(b.src.Info.TypeOf(e), i)
	if !b.values.interesting(tt) {
		return nil
	}
	if t.decl == nil {
		if t.value == nil {
			return nil
		}
		return b.values.sort(b.resultOf(t.value, i), tt)
	}
	if i == 0 {
		return b.values.made(e, tt)
	}
	return b.more(e, i, tt)
}

// own is a result of a function of the package.
func (b calls) own(e *ast.CallExpr, i int, f *syntax.Func) *node {
	v := f.Sig.Results().At(i)
	if !b.values.linked(v.Type()) {
		return b.values.variable(v)
	}
	if i == 0 {
		n, ok := b.exprs[e]
		if !ok {
			n = b.values.made(e, v.Type())
			b.values.returned(n, b.values.variable(v), f)
		}
		return n
	}
	if s := b.tuples[e]; i < len(s) && s[i] != nil || b.frozen {
		return b.more(e, i, v.Type())
	}
	n := b.more(e, i, v.Type())
	b.values.returned(n, b.values.variable(v), f)
	return n
}

// more is a result, other than the first, of a function of another package.
func (b calls) more(e *ast.CallExpr, i int, t types.Type) *node {
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
		s[i] = b.add(b.values.kind(t))
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
func (b calls) function(f *syntax.Func) *node {
	n := b.funcs[f]
	if n != nil || b.frozen {
		return n
	}
	n = b.add(Function)
	b.funcs[f] = n
	n.call().callees = []Callee{{f.Decl, f}}
	for i := range f.Sig.Params().Len() {
		if v := f.Sig.Params().At(i); b.values.interesting(v.Type()) {
			b.join(b.paramOf(n, i), b.values.variable(v))
		}
	}
	for i := range f.Sig.Results().Len() {
		if v := f.Sig.Results().At(i); b.values.interesting(v.Type()) {
			b.join(b.resultOf(n, i), b.values.variable(v))
		}
	}
	return n
}

func (b calls) literal(e *ast.FuncLit) *node {
	if f := b.src.Lit(e); f != nil {
		return b.function(f)
	}
	return nil
}

// receiver is the value that a method is called on: x in x.m or, if that is a struct of no interest, the
// embedded field through which the method is found.
func (b calls) receiver(e *ast.SelectorExpr) *node {
	sel := b.src.Info.Selections[e]
	if sel == nil {
		return nil
	}
	path, t := sel.Index(), sel.Recv()
	if len(path) == 1 || b.values.interesting(t) {
		return b.values.value(e.X)
	}
	for _, i := range path[:len(path)-1] {
		st, ok := structOf(t)
		if !ok || i >= st.NumFields() {
			return nil
		}
		if t = st.Field(i).Type(); b.values.interesting(t) {
			return b.values.variable(st.Field(i))
		}
	}
	return nil
}

// receive passes what a method is called on to its receiver.
func (b calls) receive(f *types.Func, e *ast.SelectorExpr) {
	if b.frozen {
		return
	}
	if fn := b.src.Decl(f); fn != nil && fn.Sig.Recv() != nil && b.values.interesting(fn.Sig.Recv().Type()) {
		b.take(fn.Sig.Recv(), b.receiver(e))
	}
}

// take passes a value to a receiver.
func (b calls) take(recv *types.Var, n *node) {
	if b.values.linked(recv.Type()) {
		b.values.argue(b.values.variable(recv), n)
	} else {
		b.join(b.values.variable(recv), n)
	}
}

// call reads a call: where its arguments go, what it does to them, what it starts.
func (b calls) call(c *syntax.Call) {
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
				b.bind(c, nil, b.values.value(sel))
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
		b.elsewhere.hand(c, nil)
	}
}

// bind passes arguments to the parameters of a function, or of a function value.
func (b calls) bind(c *syntax.Call, f *syntax.Func, value *node) {
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
		case !b.values.interesting(v.Type()):
			return nil
		case f != nil:
			return b.values.variable(v)
		}
		return b.values.sort(b.paramOf(value, i), v.Type())
	}
	n := sig.Params().Len()
	for i, t := range b.arguments(sig, c.Expr) {
		if !b.flows.matters(t) {
			continue
		}
		dst := param(min(i, n-1))
		if spread(sig, c.Expr, i) {
			dst = b.flows.content(dst, t)
		}
		if src, st := b.elsewhere.argument(c.Expr, i); src != nil && dst != nil && b.values.kind(t) == Context {
			// It goes one way: what ends the context of one caller ends no other's.
			b.flows.derive(dst, src)
		} else if src != nil && dst != nil && b.values.linked(t) && !spread(sig, c.Expr, i) {
			if isInterface(t) && !isInterface(st) {
				dst.find().implement(st)
			}
			b.values.argue(dst, src)
		} else if b.multi(c.Expr) {
			if src, st := b.flows.nth(c.Expr.Args[0], i); st != nil {
				b.flows.pass(dst, t, src, st, c.Expr.Lparen)
			}
		} else {
			b.flows.flow(dst, t, c.Expr.Args[i])
		}
	}
}

// multi reports whether a call is f(g()), where g has several results.
func (b calls) multi(e *ast.CallExpr) bool {
	if len(e.Args) != 1 {
		return false
	}
	_, ok := b.src.Info.TypeOf(e.Args[0]).(*types.Tuple)
	return ok
}

// arguments yields the types of the parameters that the arguments of a call go to.
func (b calls) arguments(sig *types.Signature, e *ast.CallExpr) func(func(int, types.Type) bool) {
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

func (b calls) conversion(c *syntax.Call) {
	if len(c.Expr.Args) != 1 {
		return
	}
	x := c.Expr.Args[0]
	to, from := b.src.Info.TypeOf(c.Expr), b.src.Info.TypeOf(x)
	if basic, ok := to.Underlying().(*types.Basic); ok {
		if basic.Kind() == types.UnsafePointer {
			b.exposure.leak(b.values.value(x), from, Escape{Answer: Unknown, Way: Unsafe, Pos: x.Pos()})
		}
		return
	}
	if isInterface(to) || !b.values.interesting(to) {
		b.flows.flow(b.values.value(c.Expr), to, x)
	}
}

func (b calls) builtin(c *syntax.Call, what string) {
	args := c.Expr.Args
	op := Op{Cur: c.Cur, In: c.In, Call: c}
	switch what {
	case "make":
		if isChan(b.src.Info.TypeOf(c.Expr)) {
			op.Kind = Make
			b.do(b.values.value(c.Expr), op)
		}
	case "new":
		if t, ok := b.src.Info.TypeOf(c.Expr).Underlying().(*types.Pointer); ok && b.flows.zero(t.Elem()) {
			b.declare(b.values.value(c.Expr), c.Cur, c.In)
		}
	case "close":
		op.Kind = Close
		b.do(b.values.value(args[0]), op)
	case "len", "cap":
		if isChan(b.src.Info.TypeOf(args[0])) {
			op.Kind = Measure
			b.do(b.values.value(args[0]), op)
		}
	case "append":
		b.append(c.Expr)
	case "copy":
		if len(args) == 2 { // not copy(two())
			b.join(b.values.value(args[0]), b.values.value(args[1]))
		}
	}
}

func (b calls) append(e *ast.CallExpr) {
	s, ok := b.src.Info.TypeOf(e).Underlying().(*types.Slice)
	if !ok || !b.flows.matters(s.Elem()) {
		return
	}
	self := b.values.value(e)
	for i, x := range e.Args[1:] {
		if e.Ellipsis.IsValid() && i == len(e.Args)-2 {
			b.join(self, b.values.value(x))
		} else {
			b.flows.flow(b.flows.content(self, s.Elem()), s.Elem(), x)
		}
	}
}

// outer is a call of a function whose body is not here, or of an interface's method.
func (b calls) outer(c *syntax.Call, f *types.Func) {
	if row := b.cat.Func(f); row != nil {
		b.elsewhere.library(c, f, row)
	} else if row, ok := standardRow(f); ok {
		b.elsewhere.standard(c, f, row)
	} else if recv := f.Signature().Recv(); recv != nil && isInterface(recv.Type()) {
		b.virtuals.dispatch(c, f)
	} else {
		b.elsewhere.hand(c, f)
	}
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
