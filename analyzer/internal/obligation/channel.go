package obligation

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// channelParam is what becomes of a channel that a function is given.
func channelParam(p *sites.Package, f *syntax.Func, v *types.Var, _ *types.Chan) summary.Use {
	var use summary.Use
	received := map[ast.Node]fate{}
	g := p.Graph(f)
	for _, u := range p.Var(v).Uses {
		c := u
		for c.ParentEdgeKind() == edge.ParenExpr_X {
			c = c.Parent()
		}
		if p.FuncAt(u) != f && c.ParentEdgeKind() != edge.Field_Names && !deferredLit(u, f) {
			return summary.Keeps
		}
		switch c.ParentEdgeKind() {
		case edge.Field_Names, edge.BinaryExpr_X, edge.BinaryExpr_Y:
		case edge.SendStmt_Chan:
			if !inChoice(c.Parent()) {
				use |= summary.Sends
			}
		case edge.UnaryExpr_X, edge.RangeStmt_X:
			if step := g.Step(u.Node()); step != nil {
				received[step] = met
			}
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			switch track(p, 0).builtin(call) {
			case "len", "cap":
				continue
			}
			par := p.Summary(p.Call(call).Callee).Param(c.ParentEdgeIndex())
			if par == nil || par.Use == 0 || p.SpawnAt(p.Call(call)) != nil {
				return summary.Keeps
			}
			switch {
			case par.Use&summary.Keeps != 0:
				return summary.Keeps
			case par.Use&summary.Receives != 0:
				if step := g.Step(u.Node()); step != nil {
					received[step] = met
				}
			}
			use |= par.Use & summary.Sends
		default:
			return summary.Keeps
		}
	}
	switch {
	case len(received) > 0:
		answer := g.Ask(paths.Query{
			Step: func(step ast.Node, _ int) (int, paths.Effect) {
				if received[step] != idle {
					return 0, paths.Meets
				}
				return 0, paths.Nothing
			},
		})
		if answer.Verdict != paths.Honoured || use != 0 {
			return summary.Keeps
		}
		return summary.Receives
	case use != 0:
		return use
	}
	return summary.Reads
}

// chanOf is the channel type of a variable.
func chanOf(t types.Type) (*types.Chan, bool) {
	ch, ok := t.Underlying().(*types.Chan)
	return ch, ok
}

func ident(e ast.Expr) *ast.Ident {
	id, _ := ast.Unparen(e).(*ast.Ident)
	return id
}

func constantInt(info *types.Info, e ast.Expr) (int, bool) {
	tv := info.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Int {
		return 0, false
	}
	n, exact := constant.Int64Val(tv.Value)
	return int(n), exact
}

// deferredLit reports whether a mention is in a literal that f defers.
func deferredLit(u inspector.Cursor, f *syntax.Func) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil)) {
		if e.Node() == f.Node {
			return false
		}
		call := e.Parent()
		return e.ParentEdgeKind() == edge.CallExpr_Fun && call.ParentEdgeKind() == edge.DeferStmt_Call
	}
	return false
}

// inChoice reports whether a send or receive statement is one of several cases of a select.
func inChoice(stmt inspector.Cursor) bool {
	if stmt.ParentEdgeKind() != edge.CommClause_Comm {
		return false
	}
	sel := stmt.Parent().Parent().Parent().Node().(*ast.SelectStmt)
	return len(sel.Body.List) > 1
}

// once reports whether a literal is what a sync.Once does: it has run when the call returns, now or before.
func once(p *sites.Package, lit inspector.Cursor) bool {
	lit = syntax.Outer(lit)
	if lit.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	c := p.Call(lit.Parent().Node().(*ast.CallExpr))
	return c != nil && c.Callee != nil && c.Callee.FullName() == "(*sync.Once).Do"
}

// here reports whether a literal is called, deferred or started where it stands: it runs once each time.
func here(lit inspector.Cursor) bool { return syntax.Outer(lit).ParentEdgeKind() == edge.CallExpr_Fun }
