package unbounded

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// occasional reports whether a spawn is done once in so many turns of a loop, or once in so much time: it
// stands behind a comparison of a count, or of the time since the last one, which begins again with it.
//
//	if now.Sub(last) > interval || count > 1000 { go tidy(); last, count = now, 0 }
func (r *reviewer) occasional(s *sites.Spawn, f number.Factor) bool {
	for c := s.Cur; c.Node() != f.Region.Node(); c = c.Parent() {
		if c.Node() == nil {
			return false
		}
		if c.ParentEdgeKind() != edge.IfStmt_Body {
			continue
		}
		if st := c.Parent().Node().(*ast.IfStmt); r.startsAgain(st.Cond, st.Body, f.Region.Node()) {
			return true
		}
	}
	return false
}

// startsAgain reports whether what a condition compares is set in the body that it guards: of
// alternatives, in all.
func (r *reviewer) startsAgain(cond ast.Expr, body *ast.BlockStmt, loop ast.Node) bool {
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch e.Op {
	case token.LOR:
		return r.startsAgain(e.X, body, loop) && r.startsAgain(e.Y, body, loop)
	case token.LAND:
		return r.startsAgain(e.X, body, loop) || r.startsAgain(e.Y, body, loop)
	case token.GTR, token.GEQ, token.LSS, token.LEQ:
	default:
		return false
	}
	measured := r.within(e, loop)
	return slices.ContainsFunc(body.List, func(st ast.Stmt) bool {
		as, ok := st.(*ast.AssignStmt)
		return ok && as.Tok == token.ASSIGN && slices.ContainsFunc(as.Lhs, func(lhs ast.Expr) bool {
			v := r.Variable(lhs)
			return v != nil && measured[v]
		})
	})
}

// within are the variables and fields that an expression speaks of, also through what is defined in a loop:
// elapsed := since(c.last).
func (r *reviewer) within(e ast.Expr, loop ast.Node) map[*types.Var]bool {
	vars := map[*types.Var]bool{}
	var look func(e ast.Expr)
	look = func(e ast.Expr) {
		ast.Inspect(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v, ok := r.Info.Uses[id].(*types.Var)
			if !ok || vars[v] {
				return true
			}
			vars[v] = true
			for _, d := range r.Var(v).Defs {
				if at := d.Cur.Node(); d.Kind == syntax.Assign && d.Expr != nil && loop.Pos() <= at.Pos() && at.End() <= loop.End() {
					look(d.Expr)
				}
			}
			return true
		})
	}
	look(e)
	return vars
}
