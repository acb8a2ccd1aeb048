package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// guards reports whether a use of a number or a collection bounds it at a place, because of a
// comparison with what is no length:
//
//	if len(xs) > max { return errTooMany }
//	if n > limit { n = limit }
//	if len(xs) <= max { … the place … }
//	if err := check(xs); err != nil { … }
//
// Without a place it asks what a helper makes of its parameter: whether it leaves, or answers.
func (b *Bounds) guards(c inspector.Cursor, at token.Pos) bool {
	switch parent := c.Parent(); c.ParentEdgeKind() {
	case edge.ParenExpr_X, edge.StarExpr_X, edge.SelectorExpr_Sel:
		return b.guards(parent, at)
	case edge.UnaryExpr_X:
		return parent.Node().(*ast.UnaryExpr).Op == token.AND && b.guards(parent, at)
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return b.compared(c, at)
	case edge.CallExpr_Args:
		call := parent.Node().(*ast.CallExpr)
		if b.measures(call) {
			return b.guards(parent, at)
		}
		return b.vetted(b.Call(call), c.ParentEdgeIndex(), b.checks)
	case edge.SelectorExpr_X:
		if parent.ParentEdgeKind() == edge.CallExpr_Fun { // xs.check()
			return b.vetted(b.Call(parent.Parent().Node().(*ast.CallExpr)), -1, b.checks)
		}
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values: // n := len(xs)
		if t := b.Info.TypeOf(c.Node().(ast.Expr)); t == nil || !isInteger(t) {
			return false // another variable, with checks of its own
		}
		return b.copied(c, func(u inspector.Cursor) bool { return b.guards(u, at) })
	}
	return false
}

// measures recognises len(xs) and conversions of a number.
func (b *Bounds) measures(call *ast.CallExpr) bool {
	if b.Info.Types[call.Fun].IsType() {
		return true
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && b.Info.Uses[id] == types.Universe.Lookup("len")
}

// copied asks about the uses of the new variable that an expression is stored in.
func (b *Bounds) copied(c inspector.Cursor, ask func(inspector.Cursor) bool) bool {
	lhs := syntax.Assigned(c)
	if as, ok := c.Parent().Node().(*ast.AssignStmt); ok && as.Tok != token.DEFINE || len(lhs) != 1 {
		return false
	}
	v := b.Variable(lhs[0])
	return v != nil && b.anyUse(v, ask)
}

func (b *Bounds) anyUse(v *types.Var, ask func(inspector.Cursor) bool) bool {
	type uses struct{ of *types.Var }
	if !b.enter(uses{v}) {
		return false
	}
	defer b.leave(uses{v})
	for _, u := range b.Var(v).Uses {
		if ask(u) {
			return true
		}
	}
	return false
}

// checks reports whether a function leaves, or answers, by the length of its parameter.
func (b *Bounds) checks(p *types.Var) bool { return b.clamped(p, token.NoPos) }

// vetted reports whether a helper is asked about its i'th argument, -1 for the receiver, and checks
// that parameter: it answers with an error or a bool.
func (b *Bounds) vetted(c *syntax.Call, i int, checks func(*types.Var) bool) bool {
	f := b.Target(c.Expr.Fun)
	if f == nil || c.Go != nil || c.Defer != nil || !answers(f.Sig) {
		return false
	}
	if _, dropped := c.Cur.Parent().Node().(*ast.ExprStmt); dropped {
		return false
	}
	p := f.Sig.Recv()
	if i >= 0 {
		if i >= f.Sig.Params().Len() {
			return false
		}
		p = f.Sig.Params().At(i)
	}
	return p != nil && checks(p)
}

// answers reports whether a function says whether something is right.
func answers(sig *types.Signature) bool {
	n := sig.Results().Len()
	if n == 0 {
		return false
	}
	t := sig.Results().At(n - 1).Type()
	u, ok := t.Underlying().(*types.Basic)
	return ok && u.Kind() == types.Bool || types.Identical(t, types.Universe.Lookup("error").Type())
}

// compared judges an operand. A comparison with zero or one asks whether there is work at all, and
// guards nothing.
func (b *Bounds) compared(c inspector.Cursor, at token.Pos) bool {
	cmp := c.Parent().Node().(*ast.BinaryExpr)
	if t := b.Info.TypeOf(c.Node().(ast.Expr)); t == nil || !isInteger(t) {
		return false
	}
	other, left := cmp.Y, true
	if c.ParentEdgeKind() == edge.BinaryExpr_Y {
		other, left = cmp.X, false
	}
	var large bool // if the comparison holds
	switch cmp.Op {
	case token.ADD, token.MUL:
		return b.guards(c.Parent(), at) // len(xs) + len(ys) > max
	case token.GTR, token.GEQ:
		large = left
	case token.LSS, token.LEQ:
		large = !left
	case token.NEQ:
		large = !b.fills(c) // if len(xs) != want { return }
	case token.EQL:
		large = b.fills(c) // a loop that adds one a turn gets no further
	default:
		return false
	}
	if s := b.Size(other); s.Kind == Const && s.Value <= 1 || s.Kind == Length || s.Kind == Requested {
		return false
	}
	return b.decides(c.Parent(), large, true, at)
}

// fills reports whether the loop around len(xs) is the one that adds to xs.
func (b *Bounds) fills(length inspector.Cursor) bool {
	call, ok := length.Node().(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	v := b.Variable(call.Args[0])
	loops := syntax.Loops(length)
	if v == nil || len(loops) == 0 || v.Pos() > loops[0].Node().Pos() {
		return false
	}
	for _, d := range b.Var(v).Defs {
		add, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if ok && within(add, loops[0].Node()) && len(add.Args) == 2 && !add.Ellipsis.IsValid() {
			if id, ok := add.Fun.(*ast.Ident); ok && id.Name == "append" {
				return true
			}
		}
	}
	return false
}

// decides follows a condition to what depends on it. Large says that something is large if the
// condition holds; sure that it is not otherwise, or the other way round.
func (b *Bounds) decides(cond inspector.Cursor, large, sure bool, at token.Pos) bool {
	parent := cond.Parent()
	switch cond.ParentEdgeKind() {
	case edge.ParenExpr_X:
		return b.decides(parent, large, sure, at)
	case edge.UnaryExpr_X:
		return b.decides(parent, !large, sure, at)
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		op := parent.Node().(*ast.BinaryExpr).Op
		return b.decides(parent, large, sure && large == (op == token.LOR), at)
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values: // tooMany := len(xs) > max
		return b.copied(cond, func(u inspector.Cursor) bool { return b.decides(u, large, sure, at) })
	case edge.ReturnStmt_Results:
		return at == token.NoPos
	case edge.IfStmt_Cond:
		n := parent.Node().(*ast.IfStmt)
		var then, other ast.Stmt = n.Body, n.Else
		if !large {
			then, other = other, then
		}
		return sure && contains(other, at) || !contains(then, at) && b.leaves(then)
	case edge.CaseClause_List:
		return b.decidesCase(parent, large, sure, at)
	case edge.CallExpr_Args:
		return b.insists(b.Call(parent.Node().(*ast.CallExpr)), cond.ParentEdgeIndex(), large)
	}
	return false
}

// insists reports whether a helper does not return when it is told that something is large, or, if it
// is told the opposite, not: mustHold(len(xs) <= max).
func (b *Bounds) insists(c *syntax.Call, i int, large bool) bool {
	f := b.Target(c.Expr.Fun)
	if f == nil || c.Go != nil || c.Defer != nil || i >= f.Sig.Params().Len() {
		return false
	}
	return b.Graph(f).Ask(paths.Query{
		Assume: []paths.Fact{{Var: f.Sig.Params().At(i), Is: large}},
		Step:   func(ast.Node, int) (int, paths.Effect) { return 0, paths.Nothing },
	}).Verdict == paths.Honoured
}

// decidesCase is decides for a case of a switch: what comes after it is its else.
func (b *Bounds) decidesCase(clause inspector.Cursor, large, sure bool, at token.Pos) bool {
	n := clause.Node().(*ast.CaseClause)
	sw, ok := clause.Parent().Parent().Node().(*ast.SwitchStmt)
	if !ok || sw.Tag != nil {
		return false
	}
	if large && !contains(n, at) && b.leaves(&ast.BlockStmt{List: n.Body}) {
		return true
	}
	if !large && sure && len(n.List) == 1 && contains(n, at) {
		return true
	}
	for next, ok := clause.NextSibling(); ok; next, ok = next.NextSibling() {
		later := next.Node().(*ast.CaseClause)
		switch {
		case large && sure && contains(later, at):
			return true
		case !large && later.List == nil && !contains(later, at) && b.leaves(&ast.BlockStmt{List: later.Body}):
			return true
		}
	}
	return false
}

func contains(s ast.Stmt, at token.Pos) bool {
	return s != nil && s.Pos() <= at && at < s.End()
}

// leaves reports whether a block ends by leaving, or assigns.
func (b *Bounds) leaves(s ast.Stmt) bool {
	body, ok := s.(*ast.BlockStmt)
	if !ok {
		return false
	}
	for i, s := range body.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return i == len(body.List)-1
		case *ast.BranchStmt:
			return i == len(body.List)-1
		case *ast.AssignStmt:
			if s.Tok == token.ASSIGN && !slices.ContainsFunc(s.Lhs, blank) {
				return true
			}
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && b.Ends(call) {
				return true
			}
		}
	}
	return false
}

func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// clamped reports whether a variable is bounded at a place.
func (b *Bounds) clamped(v *types.Var, at token.Pos) bool {
	return b.anyUse(v, func(u inspector.Cursor) bool { return b.guards(u, at) })
}
