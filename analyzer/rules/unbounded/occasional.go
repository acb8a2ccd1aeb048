package unbounded

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// rarity says whether a start in a loop is made now and then only.
type rarity struct{ *reviewer }

// occasional reports whether a spawn is done once in so many turns of a loop, or once in so much time: it
// stands behind a comparison of a count, or of the time since the last one, which begins again with it.
//
//	if now.Sub(last) > interval || count > 1000 { go tidy(); last, count = now, 0 }
func (r rarity) occasional(s *sites.Spawn, f number.Factor) bool {
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
func (r rarity) startsAgain(cond ast.Expr, body *ast.BlockStmt, loop ast.Node) bool {
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
func (r rarity) within(e ast.Expr, loop ast.Node) map[*types.Var]bool {
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

// eachTime reports whether a function that is called for each message of a channel starts a task each time, once: no
// condition and no loop stands between, and it returns nothing that the caller might wait for.
func (r rarity) eachTime(s *sites.Spawn, f number.Factor) bool {
	in := s.Call.In
	if f.Far != 1 || f.Of == nil || !isChannel(r.Info.TypeOf(f.Of)) || in == nil || in.Sig.Results().Len() > 0 {
		return false
	}
	return !guarded(s.Cur, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.IfStmt, *ast.CaseClause, *ast.CommClause, *ast.ForStmt, *ast.RangeStmt:
			return true
		}
		return false
	})
}

// eitherWay reports whether a start is one of two ways to go: the other may do the work here.
func (r rarity) eitherWay(at inspector.Cursor) bool {
	return guarded(at, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			return n.Else != nil
		case *ast.CaseClause, *ast.CommClause:
			return true
		}
		return false
	})
}

// guarded reports whether something of a kind stands between a place and the function that it is in.
func guarded(at inspector.Cursor, by func(ast.Node) bool) bool {
	for c := range at.Enclosing() {
		switch c.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			return false
		}
		if by(c.Node()) {
			return true
		}
	}
	return false
}

// cuts reports whether a loop gives a spawn a stretch of its collection, not an element, and somebody has chosen
// how long it is: xs[i:i+width]. Of stretches of a fixed length there are more when there are more elements.
func (r rarity) cuts(s *sites.Spawn, f number.Factor) bool {
	loop, ok := f.Region.Node().(*ast.ForStmt)
	if !ok || f.Of == nil {
		return false
	}
	of := types.ExprString(f.Of)
	stretches, elements := false, false
	ast.Inspect(loop.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SliceExpr:
			stretches = stretches || n.Low != nil && n.High != nil && types.ExprString(n.X) == of && r.Numbers.Of(n).Kind != number.Bounded
		case *ast.IndexExpr:
			elements = elements || types.ExprString(n.X) == of
		}
		return true
	})
	return stretches && !elements
}

// oncePerKey reports whether a spawn is done where a map has not got a key yet, which is put in then:
//
//	if _, ok := m[k]; !ok { go work(k); m[k] = … }
//	v, ok := m[k]; if !ok { m[k] = … }; …; if !ok { go work(k) }
func (r rarity) oncePerKey(s *sites.Spawn, f number.Factor) bool {
	for c := f.Site; c.Node() != f.Region.Node(); c = c.Parent() {
		if c.Node() == nil {
			return false
		}
		if c.ParentEdgeKind() != edge.IfStmt_Body {
			continue
		}
		if st := c.Parent().Node().(*ast.IfStmt); r.isNew(st.Cond, st.Body, f.Region) {
			return true
		}
	}
	return false
}

// isNew reports whether a condition says that a map lacks a key, and its body puts one in, or another body in the same
// region under the same condition.
func (r rarity) isNew(cond ast.Expr, body *ast.BlockStmt, region inspector.Cursor) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LOR:
			return r.isNew(e.X, body, region) // || it has ended
		case token.LAND:
			return r.isNew(e.X, body, region) || r.isNew(e.Y, body, region)
		}
	case *ast.UnaryExpr:
		v := r.Variable(e.X)
		if e.Op != token.NOT || v == nil {
			return false
		}
		return slices.ContainsFunc(r.Var(v).Defs, func(d syntax.Def) bool {
			ix, ok := ast.Unparen(d.Expr).(*ast.IndexExpr)
			return ok && d.Result == 1 && (r.puts(body, ix.X) || r.putsUnder(v, ix.X, region))
		})
	}
	return false
}

// putsUnder reports whether a map is put into where a variable is false.
func (r rarity) putsUnder(v *types.Var, m ast.Expr, region inspector.Cursor) bool {
	for c := range region.Preorder((*ast.IfStmt)(nil)) {
		st := c.Node().(*ast.IfStmt)
		if not, ok := ast.Unparen(st.Cond).(*ast.UnaryExpr); ok && not.Op == token.NOT && r.Variable(not.X) == v && r.puts(st.Body, m) {
			return true
		}
	}
	return false
}

// puts reports whether a body assigns to an element of a map.
func (r rarity) puts(body *ast.BlockStmt, m ast.Expr) bool {
	return slices.ContainsFunc(body.List, func(st ast.Stmt) bool {
		as, ok := st.(*ast.AssignStmt)
		return ok && slices.ContainsFunc(as.Lhs, func(lhs ast.Expr) bool {
			ix, ok := ast.Unparen(lhs).(*ast.IndexExpr)
			return ok && types.ExprString(ix.X) == types.ExprString(m)
		})
	})
}

// ofOneKind reports whether a place is reached in one case of a switch with many between a loop and it, of which few
// start anything: how many elements are of that kind the loop does not tell. The function that it is in may be called
// from such a case, through as many calls as there are up to the loop.
func (r rarity) ofOneKind(at inspector.Cursor, f number.Factor, far int) bool {
	for c := at; c.Node() != nil && c.Node() != f.Region.Node(); c = c.Parent() {
		if clause, ok := c.Node().(*ast.CaseClause); ok && clause.List != nil && r.fewStart(c.Parent()) {
			return true
		}
	}
	in := r.FuncAt(at)
	if far == 0 || in == nil || in.Decl == nil || len(in.Callers) == 0 {
		return false
	}
	return !slices.ContainsFunc(in.Callers, func(c *syntax.Call) bool { return !r.ofOneKind(c.Cur, f, far-1) })
}

// fewStart reports whether of many cases of a switch one in four at most starts a task.
func (r rarity) fewStart(cases inspector.Cursor) bool {
	all, start := 0, 0
	for c := range cases.Children() {
		all++
		for call := range c.Preorder((*ast.CallExpr)(nil)) {
			if k := r.Call(call.Node().(*ast.CallExpr)); k != nil && r.SpawnAt(k) != nil {
				start++
				break
			}
		}
	}
	return all >= 4 && 4*start <= all
}
