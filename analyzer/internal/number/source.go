package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// sources says what a variable holds that is set elsewhere: a parameter by callers, a field or package variable by anybody.
type sources struct{ *Numbers }

// param is what callers pass for a parameter.
func (n sources) param(v *types.Var, p path, f *syntax.Func, fr *frame) Number {
	i, ok := Index(f, v)
	if !ok {
		return unknown(v.Pos(), knowledge.Unsaid, "")
	}
	b := fr.of(f)
	if b != nil && b.call != nil {
		return n.argument(b.call, f, i, p, b.up)
	}
	text := "the parameter " + v.Name() + " of " + f.Name()
	if x, ok := n.calls.requested(v, f); ok {
		return x.named(names(p)...)
	}
	if x, ok := n.delivered(f); ok && len(p) > 0 {
		return x.named(names(p)...)
	}
	variadic := f.Sig.Variadic() && i == f.Sig.Params().Len()-1
	x := unknown(v.Pos(), knowledge.Parameter, text).named(v.Name())
	if isText(v.Type()) {
		x.Origin = knowledge.Text
	}
	if variadic {
		x.Origin = knowledge.Own
	} else if reads(v.Type()) && (len(p) == 0 || isField(p[0])) { // of what is made of it
		x = grows(v.Pos(), knowledge.Records, "data read from "+v.Name())
	}
	if b != nil {
		return x
	}
	known := f.Decl == nil || !n.callable(f.Decl)
	if !known || f.Valued || len(f.Callers) == 0 {
		if y := n.passed(f, i, p, fr); y.Kind == Grows {
			return y.named(v.Name())
		}
		return x
	}
	return n.passed(f, i, p, fr).named(v.Name())
}

func isText(t types.Type) bool {
	b, is := t.Underlying().(*types.Basic)
	return is && b.Info()&types.IsString != 0
}

func isField(o types.Object) bool {
	_, ok := o.(*types.Var)
	return ok
}

// callable reports whether another package can call a function.
func (n sources) callable(f *types.Func) bool {
	return f.Exported()
}

// passed is what the callers in this package pass for a parameter.
func (n sources) passed(f *syntax.Func, i int, p path, fr *frame) Number {
	if fr == nil {
		return n.once([4]any{"passed", f, i, p.key()}, nil, func() Number { return n.passedBy(f, i, p, fr) })
	}
	return n.passedBy(f, i, p, fr)
}

func (n sources) passedBy(f *syntax.Func, i int, p path, fr *frame) Number {
	var x Number
	for _, c := range n.callers(f) {
		if c.In != nil && n.Test(c.Expr.Pos()) && !n.Test(f.Node.Pos()) {
			continue
		}
		x = join(x, n.argument(c, f, i, p, fr))
	}
	return x
}

// callers are the calls of a function in this package, through interfaces and variables, too.
func (n sources) callers(f *syntax.Func) []*syntax.Call {
	all := f.Callers
	for _, c := range n.Resources.Callers(f) {
		if c.Call != nil && !c.Via && c.In != nil && !slices.Contains(f.Callers, c.Call) {
			all = append(all[:len(all):len(all)], c.Call)
		}
	}
	return all
}

// argument is what a call passes for the i'th parameter, -1 for the receiver.
func (n sources) argument(c *syntax.Call, f *syntax.Func, i int, p path, fr *frame) Number {
	if i < 0 {
		if r := c.Recv(); r != nil {
			return n.values.of(r, p, fr)
		}
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "")
	}
	last := f.Sig.Params().Len() - 1
	if f.Sig.Variadic() && i == last && !c.Expr.Ellipsis.IsValid() {
		if len(p) == 0 {
			return bounded(c.Expr.Pos(), "as many as the call's arguments")
		}
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "")
	}
	if i >= len(c.Expr.Args) {
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "") // f(g())
	}
	return n.values.of(c.Expr.Args[i], p, fr)
}

// Index is the position of a parameter in its function's signature, -1 for the receiver.
func Index(f *syntax.Func, v *types.Var) (int, bool) {
	if f.Sig.Recv() == v {
		return -1, true
	}
	for i := range f.Sig.Params().Len() {
		if f.Sig.Params().At(i) == v {
			return i, true
		}
	}
	return 0, false
}

// reads reports whether a type is that of any stream to read from.
func reads(t types.Type) bool { return types.IsInterface(t) && readable(t) }

// readable reports whether a type is that of a stream to read from.
func readable(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "Read")
	f, ok := obj.(*types.Func)
	return ok && f.Signature().Params().Len() == 1 && f.Signature().Results().Len() == 2
}

// loose reports whether a variable is assigned to, or put into, in another function than its own: what
// it holds at a place is then whatever it is ever given.
func (n sources) loose(v *types.Var) bool {
	var first *syntax.Func
	for i, d := range n.Var(v).Defs {
		if i == 0 {
			first = d.In
		}
		if d.In != first {
			return true
		}
	}
	for _, t := range n.writes.touchesOf(v) {
		if t.put && t.in != first && first != nil {
			return true
		}
	}
	return false
}

// ever is all that a local variable is ever given.
func (n sources) ever(v *types.Var, p path, fr *frame) Number {
	q := [3]any{"ever", v, p.key()}
	if !n.enter(q) {
		return Number{}
	}
	defer n.leave(q)
	var x Number
	for _, d := range n.Var(v).Defs {
		if d.Kind == syntax.Param && !n.places.isResult(v, d.In) {
			x = join(x, n.param(v, p, d.In, fr))
			continue
		}
		x = join(x, n.given(v, d, p, fr))
	}
	return join(x, n.writes.putInto(v, p, fr))
}

// given is what a definition gives to a variable or field.
func (n sources) given(v *types.Var, d syntax.Def, p path, fr *frame) Number {
	switch d.Kind {
	case syntax.Assign, syntax.Literal:
		if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && d.Result > 0 {
			return n.places.result(call, d.Result, p, fr)
		}
		x := n.values.of(d.Expr, p, fr)
		if lit := composite(d.Expr); lit != nil && len(p) == 0 && v.IsField() && holdsItself(n.Numbers, lit, v) {
			x = join(x, n.frequency.times(d.Cur.Node(), token.NoPos, fr))
		}
		return x
	case syntax.Update:
		return n.frequency.times(d.Cur.Node(), v.Pos(), fr)
	case syntax.RangeKey, syntax.RangeValue:
		i := 0
		if d.Kind == syntax.RangeValue {
			i = 1
		}
		if r, ok := d.Cur.Node().(*ast.RangeStmt); ok {
			return n.places.ranged(r, i, p, fr)
		}
	case syntax.TypeSwitch:
		return n.values.of(d.Expr, p, fr)
	}
	return Number{}
}

// holdsItself reports whether a literal holds what the field held before: &node{next: b.first}.
func holdsItself(n *Numbers, lit *ast.CompositeLit, field *types.Var) bool {
	found := false
	ast.Inspect(lit, func(m ast.Node) bool {
		if s, ok := m.(*ast.SelectorExpr); ok && n.Variable(s) == field {
			found = true
		}
		return !found
	})
	return found
}

// inPackage is what a package variable is ever given.
func (n sources) inPackage(v *types.Var, p path) Number {
	if v.Pkg() != n.Types {
		return unknown(v.Pos(), knowledge.Own, "a variable of another package").named(v.Name())
	}
	x := n.ever(v, p, nil)
	if x.Kind == Bounded && v.Exported() {
		return unknown(v.Pos(), knowledge.Own, "a variable that other packages can set").named(v.Name())
	}
	if x.Kind == None {
		return unknown(v.Pos(), knowledge.Own, "a variable of the package").named(v.Name())
	}
	return x.named(v.Name())
}

// field is all that is ever put into a field.
func (n sources) field(v *types.Var) Number {
	v = v.Origin()
	return n.once([2]any{"field", v}, nil, func() Number { return n.everIn(v) })
}

func (n sources) everIn(v *types.Var) Number {
	if n.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	var x Number
	for _, d := range n.Var(v).Defs {
		if n.Test(d.Cur.Node().Pos()) {
			continue
		}
		x = join(x, n.given(v, d, nil, nil))
	}
	x = join(x, n.writes.putInto(v, nil, nil))
	return join(x, n.writes.filled(v))
}

// delivered is what a function is given that a library calls for each message or request.
func (n sources) delivered(f *syntax.Func) (Number, bool) {
	at := []inspector.Cursor{syntax.Outer(f.Cur)}
	if f.Decl != nil {
		if !f.Valued {
			return Number{}, false
		}
		at = n.frequency.valuesOf(f)
	}
	for _, c := range at {
		if c.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		call := n.Call(c.Parent().Node().(*ast.CallExpr))
		if call == nil {
			continue
		}
		row := n.base.Func(call.Callee)
		if row != nil && row.Does == knowledge.Calls && row.Arg-1 == c.ParentEdgeIndex() && (row.Origin == knowledge.Messages || row.Origin == knowledge.Request) {
			return grows(call.NamePos(), row.Origin, row.Text), true
		}
	}
	return Number{}, false
}
