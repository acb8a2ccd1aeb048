package number

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// exact says how often a loop runs, where its text says that number.
type exact struct{ *Numbers }

// Times is how often a loop runs that nothing leaves, if the program says so: a loop over an array or
// a literal, or one that counts from a constant to another.
func (b *Numbers) Times(loop inspector.Cursor) (int64, bool) {
	switch n := loop.Node().(type) {
	case *ast.RangeStmt:
		if t := b.Info.TypeOf(n.X); t != nil && isInteger(t) {
			return b.exact.number(n.X)
		}
		return b.exact.elements(n.X)
	case *ast.ForStmt:
		return b.exact.countedExactly(n)
	}
	return 0, false
}

// counted is how often a loop runs that changes its variable by one, and only there.
func (b exact) countedExactly(n *ast.ForStmt) (int64, bool) {
	init, ok := n.Init.(*ast.AssignStmt)
	if !ok || n.Cond == nil || len(init.Lhs) != 1 || len(init.Rhs) != 1 {
		return 0, false
	}
	v := b.Variable(init.Lhs[0])
	cond, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr)
	if v == nil || !ok || len(b.Var(v).Defs) != 2 {
		return 0, false
	}
	op, end := cond.Op, cond.Y
	if b.Variable(cond.Y) == v {
		op, end = syntax.Mirrored(op), cond.X
	} else if b.Variable(cond.X) != v {
		return 0, false
	}
	from, ok := b.number(init.Rhs[0])
	to, known := b.number(end)
	if !ok || !known {
		return 0, false
	}
	switch step := b.unit(n.Post, v); {
	case step > 0 && (op == token.LSS || op == token.NEQ):
		return max(0, to-from), true
	case step > 0 && op == token.LEQ:
		return max(0, to-from+1), true
	case step < 0 && (op == token.GTR || op == token.NEQ):
		return max(0, from-to), true
	case step < 0 && op == token.GEQ:
		return max(0, from-to+1), true
	}
	return 0, false
}

// unit is by what a loop changes its variable: 1, -1, or 0 for anything else.
func (b exact) unit(post ast.Stmt, v *types.Var) int {
	switch s := post.(type) {
	case *ast.IncDecStmt:
		switch {
		case b.Variable(s.X) != v:
		case s.Tok == token.INC:
			return 1
		default:
			return -1
		}
	case *ast.AssignStmt:
		if b.Variable(s.Lhs[0]) != v || !b.one(s.Rhs[0]) {
			return 0
		}
		switch s.Tok {
		case token.ADD_ASSIGN:
			return 1
		case token.SUB_ASSIGN:
			return -1
		}
	}
	return 0
}

func (b exact) number(e ast.Expr) (int64, bool) {
	if x := b.Of(e); x.Exact {
		return x.Max, true
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(call.Args) == 1 && b.calls.builtin(call) == "len" {
		return b.elements(call.Args[0])
	}
	return 0, false
}

// elements is how many elements a collection has.
func (b exact) elements(e ast.Expr) (int64, bool) {
	t := under(b.Info.TypeOf(e))
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	if array, ok := t.(*types.Array); ok {
		return array.Len(), true
	}
	if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		return b.written(lit), true
	}
	v := b.Variable(e)
	if v == nil || !b.enter([2]any{"elements", v}) {
		return 0, false
	}
	defer b.leave([2]any{"elements", v})
	d, ok := b.Only(v)
	if !ok || d.Kind != syntax.Assign || d.Expr == nil || slices.ContainsFunc(b.Var(v).Uses, b.resizes) {
		return 0, false
	}
	lit, ok := ast.Unparen(d.Expr).(*ast.CompositeLit)
	if !ok {
		return 0, false
	}
	return b.written(lit), true
}

// written is how many elements a literal has. One of a slice may give an index.
func (b exact) written(lit *ast.CompositeLit) int64 {
	if _, ok := under(b.Info.TypeOf(lit)).(*types.Map); ok {
		return int64(len(lit.Elts))
	}
	var next, most int64
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			next, _ = constant.Int64Val(constant.ToInt(b.Info.Types[kv.Key].Value))
		}
		next++
		most = max(most, next)
	}
	return most
}

// resizes reports whether a use of a variable may change how many elements it has: its address is
// taken, or it is a map that is not only read.
func (b exact) resizes(u inspector.Cursor) bool {
	_, isMap := under(b.Info.TypeOf(u.Node().(ast.Expr))).(*types.Map)
	switch parent := u.Parent(); u.ParentEdgeKind() {
	case edge.UnaryExpr_X, edge.SelectorExpr_X:
		return true
	case edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_X:
		return false
	case edge.IndexExpr_X:
		return isMap && parent.ParentEdgeKind() != edge.AssignStmt_Rhs
	case edge.CallExpr_Args:
		return isMap && b.calls.builtin(parent.Node().(*ast.CallExpr)) != "len"
	}
	return isMap
}

func (b exact) one(e ast.Expr) bool {
	x := b.Of(e)
	return x.Exact && x.Max == 1
}

func under(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}
