package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// checks says whether a condition bounds a number, its goal.
type checks struct{ *Numbers }

// A goal is what a check may bound: a variable or a part of it.
type goal struct {
	v *types.Var
	p path
}

// checkedAt reports whether every way that leads to a place passes a check of a variable, after all
// that assigns to it.
func (n checks) checkedAt(v *types.Var, p path, at ast.Node, in *syntax.Func, fr *frame) bool {
	g := goal{v, p}
	for ; in != nil; at, in = in.Node, in.Outer {
		failed, passed := false, false
		mentions := n.places.stepsWith(v, in)
		entry, known := n.back(in, at, func(s ast.Node) bool {
			if !mentions[s] {
				return false
			}
			if n.assigns(s, v) {
				failed = true
				return true
			}
			if es, ok := s.(*ast.ExprStmt); ok {
				if call, ok := es.X.(*ast.CallExpr); ok && n.answers.insists(n.Call(call), g, fr) {
					passed = true
					return true
				}
			}
			return failed
		}, func(t paths.Test) bool {
			if n.limited(t, g, fr) {
				passed = true
				return true
			}
			return false
		})
		if !known || failed {
			return false
		}
		if !entry {
			return passed
		}
	}
	return false
}

// assigns reports whether a step assigns to a variable, or makes a literal that does.
func (n checks) assigns(s ast.Node, v *types.Var) bool {
	for _, d := range n.Var(v).Defs {
		at := d.Cur.Node()
		if at == s {
			return true
		}
		if _, isRange := s.(*ast.RangeStmt); !isRange && s.Pos() <= at.Pos() && at.End() <= s.End() {
			return true
		}
	}
	return false
}

// limited reports whether a test says that what a goal holds is small:
//
//	len(xs) <= max, n < limit, fits(xs), check(xs) == nil
func (n checks) limited(t paths.Test, g goal, fr *frame) bool {
	cond, is := t.Compared()
	return n.says(cond, is, g, fr)
}

func (n checks) says(cond ast.Expr, is bool, g goal, fr *frame) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return n.says(e.X, !is, g, fr)
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return is && (n.says(e.X, is, g, fr) || n.says(e.Y, is, g, fr)) || !is && n.says(e.X, is, g, fr) && n.says(e.Y, is, g, fr)
		case token.LOR:
			return !is && (n.says(e.X, is, g, fr) || n.says(e.Y, is, g, fr)) || is && n.says(e.X, is, g, fr) && n.says(e.Y, is, g, fr)
		case token.EQL, token.NEQ:
			equal := is == (e.Op == token.EQL)
			if n.isNil(e.Y) || n.isNil(e.X) {
				x := e.X
				if n.isNil(e.X) {
					x = e.Y
				}
				return n.answers.answered(x, equal, true, g, fr)
			}
			if !equal { // if len(xs) == most { break }: what adds one a turn gets no further
				x, y := e.X, e.Y
				if n.measures(y, g) {
					x, y = y, x
				}
				return n.measures(x, g) && n.LeavesWhenEqual(e) && n.addsTo(e, g) && n.isLimit(y, fr)
			}
			return n.measures(e.X, g) && n.isLimit(e.Y, fr) || n.measures(e.Y, g) && n.isLimit(e.X, fr)
		}
		small, large, ok := Ordered(e, is)
		return ok && n.measures(small, g) && n.isLimit(large, fr)
	case *ast.CallExpr:
		return n.answers.implied(n.Call(e), 0, is, false, g, fr)
	case *ast.Ident:
		return n.answers.answered(e, is, false, g, fr)
	}
	return false
}

func (n checks) isNil(e ast.Expr) bool { return n.Info.Types[ast.Unparen(e)].IsNil() }

// isLimit reports whether a number is one that bounds: no length of what came in, and nothing that a
// client chose.
func (n checks) isLimit(e ast.Expr, fr *frame) bool {
	x := n.values.of(e, nil, fr)
	if x.Kind == Bounded {
		return true
	}
	return x.Kind == Unknown && x.Of == nil && !n.isLength(e) && !n.countsUp(e)
}

// countsUp reports whether an expression is a variable that is counted up: after a loop it is as large as what
// the loop went through.
func (n checks) countsUp(e ast.Expr) bool {
	v := n.Variable(e)
	return v != nil && n.updated(v)
}

func (n checks) updated(v *types.Var) bool {
	return slices.ContainsFunc(n.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Update })
}

func (n checks) isLength(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && n.calls.builtin(call) == "len"
}

// measures reports whether an expression is at least as large as what a goal holds: its length, or,
// of a number, itself.
func (n checks) measures(e ast.Expr, g goal) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		switch n.calls.builtin(e) {
		case "len":
			return n.isGoal(e.Args[0], g)
		case "max":
			for _, a := range e.Args {
				if n.measures(a, g) {
					return true
				}
			}
		}
		if n.Info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return n.measures(e.Args[0], g)
		}
		return n.mayMeasure(e, g)
	case *ast.BinaryExpr:
		if e.Op == token.ADD || e.Op == token.MUL {
			return n.measures(e.X, g) || n.measures(e.Y, g)
		}
	case *ast.Ident, *ast.SelectorExpr:
		if t := n.Info.TypeOf(e.(ast.Expr)); t == nil || !isInteger(t) {
			return false
		}
		if n.isGoal(e.(ast.Expr), g) {
			return true
		}
		if v := n.Variable(e.(ast.Expr)); v != nil && !v.IsField() { // count := len(xs)
			if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil {
				if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && d.Result == 0 {
					return n.measures(call, g)
				}
			}
		}
	}
	return n.isGoalNumber(e, g)
}

// mayMeasure reports whether a call is of a method that nobody sees, whose number may be how many a method beside it
// returns: x.Len() of x.All().
func (n checks) mayMeasure(e *ast.CallExpr, g goal) bool {
	t := n.Info.TypeOf(e)
	v, p, ok := n.places.place(e)
	if !ok || t == nil || !isInteger(t) || v != g.v || len(p) == 0 || len(p) != len(g.p) || p[:len(p)-1].key() != g.p[:len(p)-1].key() {
		return false
	}
	size, seen := p[len(p)-1].(*types.Func)
	all, _ := g.p[len(p)-1].(*types.Func)
	return seen && all != nil && n.Decl(size) == nil && n.Decl(all) == nil
}

func (n checks) isGoalNumber(e ast.Expr, g goal) bool {
	t := n.Info.TypeOf(e)
	return t != nil && isInteger(t) && n.isGoal(e, g)
}

func isInteger(t types.Type) bool {
	u, ok := t.Underlying().(*types.Basic)
	return ok && u.Info()&types.IsInteger != 0
}

// isGoal reports whether an expression is the goal itself.
func (n checks) isGoal(e ast.Expr, g goal) bool {
	v, p, ok := n.places.place(e)
	return ok && v == g.v && p.key() == g.p.key()
}

// A value is what a step assigns to a variable: an expression, or the i'th of its results.
type value struct {
	step ast.Node
	e    ast.Expr
	i    int
}

// other reports whether a returned value is certainly another answer than the one asked for.
func (n checks) other(e ast.Expr, is, isNil bool) bool {
	if !isNil {
		v := n.Info.Types[e].Value
		return v != nil && v.ExactString() != map[bool]string{true: "true", false: "false"}[is]
	}
	if n.isNil(e) {
		return !is
	}
	if !is {
		return false
	}
	switch e := e.(type) {
	case *ast.CallExpr: // errors.New, fmt.Errorf
		c := n.Call(e)
		if c == nil || c.Callee == nil {
			return false
		}
		row := n.base.Func(c.Callee)
		return row != nil && row.Does == knowledge.Fails
	case *ast.Ident, *ast.SelectorExpr:
		v := n.Variable(e.(ast.Expr))
		return v != nil && global(v)
	case *ast.UnaryExpr, *ast.CompositeLit:
		return true
	}
	return false
}

// renamed is a goal as a function calls what it is given, and whether it is given it.
func (n checks) renamed(f *syntax.Func, c *syntax.Call, g goal) (goal, bool) {
	match := func(e ast.Expr, v *types.Var) (goal, bool) {
		if e == nil || v == nil {
			return goal{}, false
		}
		if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && n.calls.builtin(call) == "len" {
			if n.isGoal(call.Args[0], g) {
				return goal{v, nil}, true
			}
			return goal{}, false
		}
		w, q, ok := n.places.place(e)
		if !ok || w != g.v {
			return goal{}, false
		}
		rest, ok := after(g.p, q)
		return goal{v, rest}, ok
	}
	if r := c.Recv(); r != nil {
		if g, ok := match(r, f.Sig.Recv()); ok {
			return g, true
		}
	}
	for i, a := range c.Expr.Args {
		if i < f.Sig.Params().Len() {
			if g, ok := match(a, f.Sig.Params().At(i)); ok {
				return g, true
			}
		}
	}
	if f.Decl == nil { // a closure sees it
		return g, true
	}
	return goal{}, false
}

// takesCondition reports whether a function is given a condition.
func (n checks) takesCondition(f *syntax.Func) bool {
	for p := range f.Sig.Params().Variables() {
		if b, ok := p.Type().Underlying().(*types.Basic); ok && b.Kind() == types.Bool {
			return true
		}
	}
	return false
}

// LeavesWhenEqual reports whether a loop or function is left where the operands of a comparison are equal.
func (n *Numbers) LeavesWhenEqual(e *ast.BinaryExpr) bool {
	c, ok := n.Package.Package.Find(e)
	if !ok {
		return false
	}
	so := e.Op == token.EQL // what the condition around it is then
	for ; c.Node() != nil; c = c.Parent() {
		switch s := c.Parent().Node().(type) {
		case *ast.ParenExpr:
		case *ast.UnaryExpr:
			so = !so
		case *ast.IfStmt:
			var body ast.Stmt = s.Body
			if !so {
				body = s.Else
			}
			block, ok := body.(*ast.BlockStmt)
			return ok && leaves(block.List, false) || !so && s.Else == nil && leavesAfter(c.Parent())
		case *ast.CaseClause:
			if !so {
				return len(s.List) == 1 && leavesAfter(c.Parent().Parent().Parent())
			}
			return len(s.List) == 1 && leaves(s.Body, true)
		default:
			return false
		}
	}
	return false
}

// leaves reports whether statements end with one that leaves the loop or function; in a switch, a break
// leaves only that.
func leaves(list []ast.Stmt, inSwitch bool) bool {
	if len(list) == 0 {
		return false
	}
	switch last := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return last.Tok == token.GOTO || last.Tok == token.BREAK && (!inSwitch || last.Label != nil)
	}
	return false
}

// leavesAfter reports whether what comes after a statement leaves the loop or function.
func leavesAfter(c inspector.Cursor) bool {
	next, ok := c.NextSibling()
	if !ok {
		return false
	}
	s, ok := next.Node().(ast.Stmt)
	return ok && leaves([]ast.Stmt{s}, false)
}

// addsTo reports whether a condition stands in the loop that adds to a goal.
func (n checks) addsTo(cond ast.Expr, g goal) bool {
	c, ok := n.Package.Package.Find(cond)
	if !ok {
		return false
	}
	v := g.v
	if len(g.p) > 0 {
		v, _ = g.p[len(g.p)-1].(*types.Var)
	}
	if v == nil {
		return false
	}
	for _, loop := range syntax.Loops(c) {
		for _, d := range n.Var(v).Defs {
			if at := d.Cur.Node(); loop.Node().Pos() <= at.Pos() && at.End() <= loop.Node().End() {
				return true
			}
		}
	}
	return false
}
