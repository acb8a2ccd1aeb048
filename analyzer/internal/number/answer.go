package number

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// answers says whether what a function answers bounds a goal: a result of true or of no error, or that it returns at all.
type answers struct{ *Numbers }

// answered reports whether what a variable was given, or a call answers, is so only if a goal is small.
func (n answers) answered(e ast.Expr, is, isNil bool, g goal, fr *frame) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return n.implied(n.Call(e), 0, is, isNil, g, fr)
	case *ast.Ident:
		v, ok := n.Info.ObjectOf(e).(*types.Var)
		if !ok {
			return false
		}
		if !isNil {
			if b := n.boolArgument(v, fr); b != nil {
				return n.checks.says(b, is, fr.goal, fr.up)
			}
		}
		values := n.valuesBefore(e, v)
		if len(values) == 0 {
			return false
		}
		for _, x := range values { // most are of functions that nobody sees
			if call, ok := ast.Unparen(x.e).(*ast.CallExpr); x.e == nil || ok && n.Target(call.Fun) == nil && !n.validates(n.Call(call), is, isNil, g) {
				return false
			}
		}
		q := [4]any{"answered", e, g.v, g.p.key()}
		if !n.enter(q) {
			return false
		}
		defer n.leave(q)
		for _, x := range values {
			if !n.impliedBy(x.e, x.i, is, isNil, g, fr) && !n.impliedBeside(x.step, x.e, x.i, is, isNil, g, fr) {
				return false
			}
		}
		return true
	}
	return false
}

// valuesBefore lists what a local variable may have been given where it is read; nil if that is not all.
func (n answers) valuesBefore(at *ast.Ident, v *types.Var) []value {
	if vs, ok := n.before[at]; ok {
		return vs
	}
	var vs []value
	if c, ok := n.Package.Package.Find(at); ok {
		if in := n.FuncAt(c); in != nil {
			entry, known := n.back(in, at, func(s ast.Node) bool {
				e, i, ok := n.valueAt(s, v)
				if ok {
					vs = append(vs, value{s, e, i})
				}
				return ok
			}, func(paths.Test) bool { return false })
			if n.spent() {
				return nil
			}
			if !known || entry {
				vs = nil
			}
		}
	}
	n.before[at] = vs
	return vs
}

// boolArgument is what the caller passes for a parameter that is a condition, or nil.
func (n answers) boolArgument(v *types.Var, fr *frame) ast.Expr {
	if fr == nil || fr.call == nil {
		return nil
	}
	if i, ok := Index(fr.f, v); ok && i >= 0 {
		return fr.call.Arg(i)
	}
	return nil
}

// valueAt is what a step assigns to a variable: a value, or the i'th of a call.
func (n answers) valueAt(s ast.Node, v *types.Var) (e ast.Expr, i int, ok bool) {
	var lhs, rhs []ast.Expr
	switch s := s.(type) {
	case *ast.AssignStmt:
		lhs, rhs = s.Lhs, s.Rhs
	case *ast.ValueSpec:
		lhs, rhs = syntax.Lhs(s), s.Values
	default:
		return nil, 0, false
	}
	for i, l := range lhs {
		if id, isID := ast.Unparen(l).(*ast.Ident); !isID || n.Info.ObjectOf(id) != v {
			continue
		}
		switch {
		case len(rhs) == len(lhs):
			return rhs[i], 0, true
		case len(rhs) == 1:
			return rhs[0], i, true
		}
		return nil, 0, true
	}
	return nil, 0, false
}

// impliedBy is answered for a value that was assigned.
func (n answers) impliedBy(e ast.Expr, i int, is, isNil bool, g goal, fr *frame) bool {
	e = ast.Unparen(e)
	if call, ok := e.(*ast.CallExpr); ok {
		return n.implied(n.Call(call), i, is, isNil, g, fr)
	}
	if isNil {
		if n.checks.isNil(e) {
			return !is // it was nil: who asks for something else is not here
		}
		return n.answered(e, is, true, g, fr)
	}
	if v := n.Info.Types[e].Value; v != nil {
		return v.ExactString() != map[bool]string{true: "true", false: "false"}[is]
	}
	return n.checks.says(e, is, g, fr)
}

// implied reports whether a function of this package gives an answer only if a goal, which it is given,
// is small.
func (n answers) implied(c *syntax.Call, i int, is, isNil bool, g goal, fr *frame) bool {
	if c == nil || fr.deepCheck() {
		return false
	}
	f := n.Target(c.Expr.Fun)
	if f == nil {
		return n.validates(c, is, isNil, g)
	}
	inner, gs := n.checks.renamed(f, c, g)
	if !gs && !n.checks.takesCondition(f) {
		return false
	}
	q := [5]any{"implied", c, i, is, g.v}
	if !n.enter(q) {
		return false
	}
	defer n.leave(q)
	in := fr.enter(f, c)
	in.goal = g
	ends := n.graph(f).Ends()
	some := false
	for _, ret := range ends {
		if len(ret.Results) == 0 {
			return false
		}
		var e ast.Expr
		k := i
		if len(ret.Results) > i && len(ret.Results) == f.Sig.Results().Len() {
			e, k = ret.Results[i], 0
		} else if len(ret.Results) == 1 {
			e = ret.Results[0]
		} else {
			return false
		}
		e = ast.Unparen(e)
		if n.checks.other(e, is, isNil) {
			continue
		}
		if !isNil && n.Info.Types[e].Value == nil && n.checks.says(e, is, inner, in) {
			some = true
			continue
		}
		if call, ok := e.(*ast.CallExpr); ok && isNil && n.implied(n.Call(call), k, is, isNil, inner, in) {
			some = true
			continue
		}
		if !n.passes(f, ret, e, is, isNil, inner, in) {
			return false
		}
		some = true
	}
	return some
}

// impliedBeside is implied for a goal that the same call returns: o, err := parse(r).
func (n answers) impliedBeside(s ast.Node, value ast.Expr, i int, is, isNil bool, g goal, fr *frame) bool {
	call, ok := ast.Unparen(value).(*ast.CallExpr)
	if !ok || fr.deepCheck() {
		return false
	}
	f := n.Target(call.Fun)
	if f == nil {
		return false
	}
	for k, l := range syntax.Lhs(s) {
		v, q, ok := n.places.place(l)
		if !ok || v != g.v {
			continue
		}
		rest, ok := after(g.p, q)
		if !ok {
			continue
		}
		if !n.enter([4]any{"beside", call, i, k}) {
			return false
		}
		defer n.leave([4]any{"beside", call, i, k})
		in := fr.enter(f, n.Call(call))
		in.goal = g
		for _, ret := range n.graph(f).Ends() {
			if len(ret.Results) != f.Sig.Results().Len() || k >= len(ret.Results) {
				return false
			}
			e := ast.Unparen(ret.Results[i])
			if n.checks.other(e, is, isNil) {
				continue
			}
			var inner goal
			if w, q, ok := n.places.place(ret.Results[k]); ok {
				inner = goal{w, append(q, rest...)}
			}
			if call, ok := e.(*ast.CallExpr); ok && n.implied(n.Call(call), 0, is, isNil, inner, in) {
				continue
			}
			if !n.passes(f, ret, e, is, isNil, inner, in) {
				return false
			}
		}
		return true
	}
	return false
}

// passes reports whether all ways to a return pass a check of the goal, or one that says that the
// answer is another.
func (n answers) passes(f *syntax.Func, ret *ast.ReturnStmt, e ast.Expr, is, isNil bool, g goal, in *frame) bool {
	failed := false
	result := n.Variable(e)
	var mentions map[ast.Node]bool
	if g.v != nil {
		mentions = n.places.stepsWith(g.v, f)
	}
	entry := n.backFromEnd(f, ret, func(s ast.Node) bool {
		if g.v != nil && !mentions[s] {
			return false
		}
		if es, ok := s.(*ast.ExprStmt); ok {
			if call, ok := es.X.(*ast.CallExpr); ok && n.insists(n.Call(call), g, in) {
				return true
			}
		}
		if g.v != nil && n.checks.assigns(s, g.v) {
			failed = true
		}
		return failed
	}, func(t paths.Test) bool {
		if n.checks.limited(t, g, in) {
			return true
		}
		if result != nil && isNil { // if err != nil { return err }
			cond, so := t.Compared()
			for not, ok := ast.Unparen(cond).(*ast.UnaryExpr); ok && not.Op == token.NOT; not, ok = ast.Unparen(cond).(*ast.UnaryExpr) {
				cond, so = not.X, !so
			}
			if cmp, ok := ast.Unparen(cond).(*ast.BinaryExpr); ok && (n.checks.isNil(cmp.Y) && n.Variable(cmp.X) == result || n.checks.isNil(cmp.X) && n.Variable(cmp.Y) == result) {
				equal := so == (cmp.Op == token.EQL)
				return equal != is
			}
		}
		return false
	})
	return !entry && !failed
}

// insists reports whether a function of this package returns only if a goal, which it is given, is
// small: it panics or exits otherwise.
func (n answers) insists(c *syntax.Call, g goal, fr *frame) bool {
	if c == nil || c.Go != nil || c.Defer != nil || fr.deepCheck() {
		return false
	}
	f := n.Target(c.Expr.Fun)
	if f == nil {
		return false
	}
	inner, given := n.checks.renamed(f, c, g)
	if !given && !n.checks.takesCondition(f) {
		return false
	}
	q := [3]any{"insists", c, g.v}
	if !n.enter(q) {
		return false
	}
	defer n.leave(q)
	in := fr.enter(f, c)
	in.goal = g
	ends := n.graph(f).Ends()
	if len(ends) == 0 {
		return false
	}
	for _, ret := range ends {
		if !n.passes(f, ret, nil, false, false, inner, in) {
			return false
		}
	}
	return true
}

// validates recognises a method of another package that generators of messages write, and that may
// check any length: req.Validate() == nil.
func (n answers) validates(c *syntax.Call, is, isNil bool, g goal) bool {
	if c.Callee == nil || !isNil || !is || !knowledge.Validates(c.Callee.Name()) {
		return false
	}
	r := c.Recv()
	if r == nil {
		return false
	}
	v, _, ok := n.places.place(r)
	return ok && v == g.v
}

// maxChecks bounds how deep calls are followed for checks.
const maxChecks = 3

func (fr *frame) deepCheck() bool { return fr != nil && fr.deep >= maxChecks }
