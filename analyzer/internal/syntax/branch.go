package syntax

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/inspector"
)

// A Branch is what is done where a condition is true, or false: an arm of an if statement, or a case
// of a switch without a tag.
type Branch struct {
	Cond ast.Expr // without parentheses and negations
	Is   bool     // what Cond is there
	Body []ast.Stmt
}

// Branches lists the branches of an if statement, or that of a case; none for other nodes. A case with
// several conditions has none that must be true.
func Branches(c inspector.Cursor) []Branch {
	switch n := c.Node().(type) {
	case *ast.IfStmt:
		return IfBranches(n)
	case *ast.CaseClause:
		if s, ok := c.Parent().Parent().Node().(*ast.SwitchStmt); ok && s.Tag == nil && len(n.List) == 1 {
			return []Branch{branch(n.List[0], true, n.Body)}
		}
	}
	return nil
}

// IfBranches lists the branches of an if statement.
func IfBranches(n *ast.IfStmt) []Branch {
	all := []Branch{branch(n.Cond, true, n.Body.List)}
	switch other := n.Else.(type) {
	case *ast.BlockStmt:
		all = append(all, branch(n.Cond, false, other.List))
	case *ast.IfStmt:
		all = append(all, branch(n.Cond, false, []ast.Stmt{other}))
	}
	return all
}

func branch(cond ast.Expr, is bool, body []ast.Stmt) Branch {
	cond = ast.Unparen(cond)
	for not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT; not, ok = cond.(*ast.UnaryExpr) {
		cond, is = ast.Unparen(not.X), !is
	}
	return Branch{cond, is, body}
}

// When is the branch for another condition, which is what its own is.
func (b Branch) When(cond ast.Expr) Branch { return branch(cond, b.Is, b.Body) }

// Compares returns the operands of a comparison that is so in the branch, in whichever way it is put:
// x op y, or where it is not so, x of the opposite op and y. What is compared comes first: x in nil != x.
func (b Branch) Compares(op token.Token) (x, y ast.Expr, ok bool) {
	cmp, ok := b.Cond.(*ast.BinaryExpr)
	if !ok {
		return nil, nil, false
	}
	x, is, y := cmp.X, cmp.Op, cmp.Y
	if fixed(x) {
		x, is, y = y, Mirrored(is), x
	}
	if !b.Is {
		is = opposite(is)
	}
	return x, y, is == op
}

// fixed reports whether an expression is nil or a number, as it is written.
func fixed(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name == "nil"
	case *ast.BasicLit:
		return true
	}
	return false
}

// Mirrored is the operator that says the same of y and x as a comparison does of x and y.
func Mirrored(op token.Token) token.Token {
	switch op {
	case token.LSS:
		return token.GTR
	case token.GTR:
		return token.LSS
	case token.LEQ:
		return token.GEQ
	case token.GEQ:
		return token.LEQ
	}
	return op
}

// opposite is the operator of the comparison that is true where another is false.
func opposite(op token.Token) token.Token {
	switch op {
	case token.EQL:
		return token.NEQ
	case token.NEQ:
		return token.EQL
	case token.LSS:
		return token.GEQ
	case token.GEQ:
		return token.LSS
	case token.GTR:
		return token.LEQ
	case token.LEQ:
		return token.GTR
	}
	return token.ILLEGAL // no comparison
}

// Has reports whether a node is in the branch.
func (b Branch) Has(n ast.Node) bool {
	return len(b.Body) > 0 && b.Body[0].Pos() <= n.Pos() && n.End() <= b.Body[len(b.Body)-1].End()
}

// Last is the last statement of the branch, or nil.
func (b Branch) Last() ast.Stmt {
	if len(b.Body) == 0 {
		return nil
	}
	return b.Body[len(b.Body)-1]
}
