package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// few are words for what there are few of, by nature or by configuration: no limit is needed for them. Each was
// seen in code whose limit could go without harm.
var few = []string{"config", "service", "shard", "index", "replica", "container", "worker", "test", "reader", "range", "unit"}

// longLoop is a loop around c, in the same function or literal, that runs as often as some input is long.
func (f *function) longLoop(c inspector.Cursor) inspector.Cursor {
	in := body(c)
	for l := range c.Parent().Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if body(l) != in {
			break
		}
		if f.isLong(l) && !slices.ContainsFunc(few, func(w string) bool { return strings.Contains(strings.ToLower(f.over(l)), w) }) {
			return l
		}
	}
	return inspector.Cursor{}
}

func (f *function) isLong(l inspector.Cursor) bool {
	switch n := l.Node().(type) {
	case *ast.ForStmt:
		if n.Cond == nil {
			return true
		}
		for c := range l.ChildAt(edge.ForStmt_Cond, -1).Preorder((*ast.CallExpr)(nil)) {
			call := c.Node().(*ast.CallExpr)
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Next" || s.Sel.Name == "Scan") || f.isBuiltin(call, "len") {
				return true
			}
		}
	case *ast.RangeStmt:
		switch f.TypesInfo.TypeOf(n.X).Underlying().(type) {
		case *types.Slice, *types.Map, *types.Chan, *types.Signature:
		default:
			return false
		}
		switch x := ast.Unparen(n.X).(type) {
		case *ast.CompositeLit:
			return false
		case *ast.Ident:
			return !f.isLiteral(f.TypesInfo.Uses[x])
		}
		return true
	}
	return false
}

// isLiteral reports whether a variable of this package is made as a literal with elements.
func (f *function) isLiteral(o types.Object) bool {
	if o == nil {
		return false
	}
	for _, file := range f.Syntax {
		if o.Pos() < file.FileStart || file.FileEnd < o.Pos() {
			continue
		}
		id, ok := f.cur.Inspector().Root().FindByPos(o.Pos(), o.Pos()+token.Pos(len(o.Name())))
		if !ok {
			return false
		}
		var values []ast.Expr
		switch n := id.Parent().Node().(type) {
		case *ast.AssignStmt:
			values = n.Rhs
		case *ast.ValueSpec:
			values = n.Values
		}
		if i := id.ParentEdgeIndex(); i >= 0 && i < len(values) {
			c, ok := values[i].(*ast.CompositeLit)
			return ok && len(c.Elts) > 0
		}
	}
	return false
}

// over says over what a loop goes.
func (f *function) over(l inspector.Cursor) string {
	switch n := l.Node().(type) {
	case *ast.RangeStmt:
		return f.oneLine(n.X) + " " + types.TypeString(f.TypesInfo.TypeOf(n.X), (*types.Package).Name)
	case *ast.ForStmt:
		if n.Cond != nil {
			return f.oneLine(n.Cond)
		}
	}
	return "a loop without condition"
}

// throttles reports whether a loop sends, receives or waits itself, other than in except: that may hold it back.
func (f *function) throttles(l inspector.Cursor, except ast.Node) bool {
	return inBody(l.Child(blockOf(l)), func(c inspector.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.SendStmt:
			return n != except
		case *ast.UnaryExpr:
			return n.Op == token.ARROW && !(clauseOf(c).Valid() && strings.HasSuffix(f.sourceOf(n.X), "Done()"))
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			return ok && n != except && (s.Sel.Name == "Wait" || s.Sel.Name == "Acquire")
		}
		return false
	})
}

// blockOf is the body of a loop or function.
func blockOf(c inspector.Cursor) *ast.BlockStmt {
	switch n := c.Node().(type) {
	case *ast.ForStmt:
		return n.Body
	case *ast.RangeStmt:
		return n.Body
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}
