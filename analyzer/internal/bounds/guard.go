package bounds

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// guards reports whether an expression stands on the large side of a comparison, in the condition
// of an if that then leaves, or stores a value:
//
//	if len(xs) > max { return errTooMany }
//	if n > limit { n = limit }
//
// A comparison with zero or one asks whether there is work at all, and guards nothing.
func (b *Bounds) guards(c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.CallExpr_Args { // len(xs)
		call := c.Parent().Node().(*ast.CallExpr)
		if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "len" && id.Name != "uint64" && id.Name != "int64" && id.Name != "int" {
			return false
		}
		return b.guards(c.Parent())
	}
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		return b.guards(c.Parent())
	}
	cmp, ok := c.Parent().Node().(*ast.BinaryExpr)
	if !ok {
		return false
	}
	other, large := cmp.Y, cmp.Op == token.GTR || cmp.Op == token.GEQ
	if c.ParentEdgeKind() == edge.BinaryExpr_Y {
		other, large = cmp.X, cmp.Op == token.LSS || cmp.Op == token.LEQ
	}
	if cmp.Op == token.NEQ {
		large = true // if len(xs) != want { return }
	}
	if s := b.Size(other); !large || s.Kind == Const && s.Value <= 1 || s.Kind == Length {
		return false
	}
	cond := c.Parent()
	for {
		switch cond.ParentEdgeKind() {
		case edge.BinaryExpr_X, edge.BinaryExpr_Y, edge.ParenExpr_X:
			cond = cond.Parent()
			continue
		case edge.IfStmt_Cond:
			return b.leaves(cond.Parent().Node().(*ast.IfStmt).Body)
		}
		return false
	}
}

// leaves reports whether a block ends by leaving, or assigns.
func (b *Bounds) leaves(body *ast.BlockStmt) bool {
	for i, s := range body.List {
		switch s := s.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt:
			return i == len(body.List)-1
		case *ast.AssignStmt:
			if s.Tok == token.ASSIGN {
				return true
			}
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && b.exits(call) {
				return true
			}
		}
	}
	return false
}

// exits reports whether a call does not return: panic, os.Exit, log.Fatal.
func (b *Bounds) exits(call *ast.CallExpr) bool {
	if id, ok := call.Fun.(*ast.Ident); ok {
		bi, ok := b.Info.Uses[id].(*types.Builtin)
		return ok && bi.Name() == "panic"
	}
	f := b.FuncObj(call.Fun)
	if f == nil || f.Pkg() == nil {
		return false
	}
	switch f.Pkg().Path() + "." + f.Name() {
	case "os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln", "runtime.Goexit":
		return true
	}
	return false
}
