package unbounded

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
)

// perNode weighs a start, in no loop, of a function that calls itself for what hangs below what it was given:
//
//	func visit(n *Node) { go work(n); visit(n.Left); visit(n.Right) }
func (r *reviewer) perNode(s *sites.Spawn) (fanOut, bool) {
	in := s.Call.In
	if in == nil || len(syntax.Loops(s.Cur)) > 0 || r.rarity.eitherWay(s.Cur) || r.Throttles.Before(s, in) || !r.descends(in) {
		return fanOut{}, false
	}
	x := number.Number{Kind: number.Grows, Origin: knowledge.Tree, Why: "one for each that the recursion finds", Pos: in.Node.Pos()}
	t := throttle.Throttle{}
	if inside := r.Throttles.Inside(s); inside != nil {
		t = throttle.Throttle{Kind: throttle.Inside, Node: inside}
	}
	f := r.ledger.weigh(s, number.Factor{Number: x, Region: in.Cur, Site: s.Cur, In: in}, t)
	f.most = f.sum
	return f, true
}

// descends reports whether a function calls itself, itself or in what it starts, with a part of what it was given, and
// without a number that says how deep it may go.
func (r *reviewer) descends(f *syntax.Func) bool {
	down, counted := false, false
	for _, g := range append([]*syntax.Func{f}, f.Lits...) {
		for _, c := range g.Calls {
			if r.Target(c.Expr.Fun) != f {
				continue
			}
			for _, arg := range c.Expr.Args {
				down = down || r.below(arg, f)
				if e, ok := ast.Unparen(arg).(*ast.BinaryExpr); ok && (e.Op == token.SUB || e.Op == token.ADD || e.Op == token.QUO) && isNumber(r.Info.TypeOf(e)) {
					counted = true
				}
			}
		}
	}
	return down && !counted
}

// below reports whether an expression is a field of a parameter of a function, of the parameter's type, or an element of
// one.
func (r *reviewer) below(e ast.Expr, f *syntax.Func) bool {
	if v := r.Variable(e); v != nil && !v.IsField() {
		d, only := r.Only(v)
		if !only || d.Expr == nil {
			return false
		}
		of := d.Expr
		if ix, ok := ast.Unparen(of).(*ast.IndexExpr); ok && d.Kind == syntax.Assign {
			of = ix.X
		} else if d.Kind != syntax.RangeValue {
			return false
		}
		return r.partOf(of, f, v.Type())
	}
	return r.partOf(e, f, r.Info.TypeOf(e))
}

func (r *reviewer) partOf(e ast.Expr, f *syntax.Func, t types.Type) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	p := r.Variable(sel.X)
	return p != nil && t != nil && types.Identical(p.Type(), t) && slices.Contains(slices.Collect(f.Sig.Params().Variables()), p)
}
