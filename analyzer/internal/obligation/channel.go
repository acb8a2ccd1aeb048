package obligation

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// channelParam is what becomes of a channel that a function is given.
func channelParam(p *sites.Package, f *syntax.Func, v *types.Var, _ *types.Chan) summary.Use {
	var use summary.Use
	received, drains := map[ast.Node]fate{}, true
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
			drains = drains && c.ParentEdgeKind() == edge.RangeStmt_X && runsOut(c.Parent())
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
				drains = drains && par.Use&summary.Drains != 0
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
		if drains {
			return summary.Receives | summary.Drains
		}
		return summary.Receives
	case use != 0:
		return use
	}
	return summary.Reads
}

// runsOut reports whether a loop ends only when what it goes through does.
func runsOut(loop inspector.Cursor) bool {
	for c := range loop.Preorder((*ast.ReturnStmt)(nil), (*ast.BranchStmt)(nil)) {
		if b, ok := c.Node().(*ast.BranchStmt); !ok || b.Tok != token.CONTINUE {
			return false
		}
	}
	return true
}

// reply reports whether an expression is a channel that f has made, on which a goroutine sends one value, and
// which the package gives to nobody but who calls f.
func reply(p *sites.Package, f *syntax.Func, e ast.Expr) bool {
	ch, ok := chanOf(p.Info.TypeOf(e))
	if !ok || syntax.Hollow(ch.Elem()) {
		return false
	}
	class := p.Resources.Class(e)
	if class == nil || class.Kind != resource.Channel {
		return false
	}
	if makers := class.Makers(); len(makers) != 1 || makers[0].In != f {
		return false
	}
	sent := false
	for _, o := range class.Ops {
		if o.Kind == resource.Send {
			send, ok := o.Cur.Node().(*ast.SendStmt)
			if !ok || o.In == f || !eachOnce(p, o, send.Chan) || !startedOnce(p, o, class.Makers()[0]) {
				return false
			}
			sent = true
		}
	}
	return sent && demands(p, f, 0) && unshared(p, f, p.Variable(e), 0)
}

// demands reports whether a function, or what it calls, starts a task or sends a request. One that only enters a channel
// where others find it is told of what happens: nobody works for it.
func demands(p *sites.Package, f *syntax.Func, depth int) bool {
	const deepest = 2
	if len(p.SpawnsIn(f)) > 0 {
		return true
	}
	for range f.Cur.Preorder((*ast.SendStmt)(nil)) {
		return true
	}
	return depth < deepest && slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		g := p.Decl(p.Callee(c))
		return g != nil && g != f && demands(p, g, depth+1)
	})
}

// startedOnce reports whether an operation is done by a goroutine, and by one alone of each channel that is made.
func startedOnce(p *sites.Package, o, made *resource.Op) bool {
	started := false
	for _, e := range p.Resources.Entries(o.In) {
		if e.Spawn == nil {
			continue
		}
		started = true
		if o.In.Decl == nil && !syntax.Within(o.In.Node, e.Func.Node) {
			return false // what it is given to may call it as often as it likes
		}
		if loops := syntax.Loops(e.Spawn.Call.Cur); e.Spawn.Call.In == made.In && len(loops) > 0 && !inNode(made.Cur.Node().Pos(), loops[0].Node()) {
			return false
		}
	}
	return started
}

// eachOnce reports whether an operation is done once on each channel: in no loop, or in one that has another
// channel at each turn.
func eachOnce(p *sites.Package, o *resource.Op, ch ast.Expr) bool {
	loops := syntax.Loops(o.Cur)
	if len(loops) == 0 {
		return true
	}
	for {
		sel, ok := ast.Unparen(ch).(*ast.SelectorExpr)
		if !ok {
			break
		}
		ch = sel.X
	}
	v := p.Variable(ch)
	return v != nil && inNode(v.Pos(), loops[0].Node())
}

// unshared reports whether all that is done with a variable or field that holds a channel is to send on it, to
// close it, to put it into such a field, and to return it from f.
func unshared(p *sites.Package, f *syntax.Func, v *types.Var, depth int) bool {
	if v == nil || v.Pkg() != p.Types || v.IsField() && v.Exported() || depth > 1 {
		return false
	}
	for _, u := range p.Var(v).Uses {
		at := syntax.Whole(u)
		switch at.ParentEdgeKind() {
		case edge.SendStmt_Chan, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.KeyValueExpr_Key, edge.Field_Names:
		case edge.ReturnStmt_Results:
			if p.FuncAt(u) != f {
				return false
			}
		case edge.CallExpr_Args:
			if closed(p, at.Parent().Node().(*ast.CallExpr)) == nil {
				return false
			}
		case edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
			if to := fieldOf(p, at); to == nil || !unshared(p, f, to, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// fieldOf is the field that an element of a composite literal is for, or nil.
func fieldOf(p *sites.Package, elt inspector.Cursor) *types.Var {
	if elt.ParentEdgeKind() == edge.KeyValueExpr_Value {
		if id, ok := elt.Parent().Node().(*ast.KeyValueExpr).Key.(*ast.Ident); ok {
			if v, ok := p.Info.Uses[id].(*types.Var); ok && v.IsField() {
				return v.Origin()
			}
		}
		return nil
	}
	lit := elt.Parent().Node().(*ast.CompositeLit)
	st, ok := p.Info.TypeOf(lit).Underlying().(*types.Struct)
	if _, i := elt.ParentEdge(); ok && i >= 0 && i < st.NumFields() {
		return st.Field(i).Origin()
	}
	return nil
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
