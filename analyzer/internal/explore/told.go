package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// toldToEnd reports whether a place is in a loop without end that is left only where it is told to be, by a context or
// a channel without values: what is started once and served until it is shut down.
func (x deadlocks) toldToEnd(at ast.Node) bool {
	cur, ok := x.pkg.Root.FindNode(at)
	if !ok {
		return false
	}
	for c := range cur.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		switch n := c.Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			if n.Cond == nil && x.leftWhenTold(c) {
				return true
			}
		}
	}
	return false
}

// allTold reports whether all who take over the other side of an operation go on until they are told to end.
func (x deadlocks) allTold(ops []ast.Node) bool {
	return !slices.ContainsFunc(ops, func(n ast.Node) bool { return !x.toldToEnd(n) })
}

// leftWhenTold reports whether a loop has a way out, and each stands where it is told to end.
func (x deadlocks) leftWhenTold(loop inspector.Cursor) bool {
	found := false
	for c := range loop.Preorder((*ast.ReturnStmt)(nil), (*ast.BranchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ReturnStmt:
			if x.pkg.FuncAt(c) != x.pkg.FuncAt(loop) {
				continue
			}
		case *ast.BranchStmt:
			if n.Tok == token.CONTINUE || n.Tok == token.FALLTHROUGH || n.Tok == token.BREAK && !breaks(c, loop) {
				continue
			}
		}
		if !x.afterWord(c, loop) {
			return false
		}
		found = true
	}
	return found
}

// breaks reports whether a break leaves a loop.
func breaks(at, loop inspector.Cursor) bool {
	if label := at.Node().(*ast.BranchStmt).Label; label != nil {
		for c := range at.Enclosing((*ast.LabeledStmt)(nil)) {
			if c.Node().(*ast.LabeledStmt).Label.Name == label.Name {
				return !loop.Contains(c)
			}
		}
	}
	for c := range at.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.SelectStmt)(nil)) {
		return c == loop
	}
	return false
}

// afterWord reports whether a place is in a case of a loop that receives from a context, or a channel without values.
func (x deadlocks) afterWord(at, loop inspector.Cursor) bool {
	for c := range at.Enclosing((*ast.CommClause)(nil)) {
		if !loop.Contains(c) {
			return false
		}
		if from := received(c.Node().(*ast.CommClause).Comm); from != nil {
			t, ok := x.pkg.Info.TypeOf(from).Underlying().(*types.Chan)
			if ok && syntax.Hollow(t.Elem()) {
				return true
			}
		}
	}
	return false
}
