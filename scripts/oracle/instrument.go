package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
)

// instrument lets a file run beside others: before each statement stands a call of driver.Step,
// and every function defers driver.Rescue, so that a program which panics or spins ruins its own
// run alone. No line moves.
//
// Variables that are sent or received into are copied with driver.Copy: a goroutine that waits to
// send what lies in its closure keeps the closure reachable, and with it the channel, so that the
// runtime of Go 1.26 does not see that it leaks.
func instrument(pkg, name string, src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	insertions := map[int]string{}
	before := func(pos token.Pos, text string) { insertions[fset.Position(pos).Offset] += text }
	before(f.Name.End(), `; import "oracle/driver"`)
	for _, d := range f.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Body == nil {
			continue
		}
		where := functionID(pkg, d)
		rescue := func(body *ast.BlockStmt) { before(body.Lbrace+1, fmt.Sprintf(" defer driver.Rescue(%q);", where)) }
		steps := func(list []ast.Stmt) {
			for _, s := range list {
				switch s.(type) {
				case *ast.CaseClause, *ast.CommClause: // the body of a switch or select is a list of these
				default:
					before(s.Pos(), fmt.Sprintf("driver.Step(%q); ", where))
				}
			}
		}
		copied := func(e ast.Expr) {
			before(e.Pos(), "driver.Copy(")
			before(e.End(), ")")
		}
		rescue(d.Body)
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				rescue(n.Body)
			case *ast.BlockStmt:
				steps(n.List)
			case *ast.CaseClause:
				steps(n.Body)
			case *ast.CommClause:
				steps(n.Body)
			case *ast.SendStmt:
				if isVariable(n.Value) {
					copied(n.Value)
				}
			case *ast.AssignStmt:
				if n.Tok == token.ASSIGN && len(n.Lhs) == 1 && isReceive(n.Rhs[0]) {
					copied(n.Rhs[0])
				}
			}
			return true
		})
	}
	var out bytes.Buffer
	last := 0
	for _, o := range slices.Sorted(maps.Keys(insertions)) {
		out.Write(src[last:o])
		out.WriteString(insertions[o])
		last = o
	}
	out.Write(src[last:])
	return out.Bytes(), nil
}

func isVariable(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name != "nil" && e.Name != "true" && e.Name != "false"
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.StarExpr:
		return true
	}
	return false
}

func isReceive(e ast.Expr) bool {
	u, ok := e.(*ast.UnaryExpr)
	return ok && u.Op == token.ARROW
}

// functionID names a declaration, to say whose run is ruined. Methods of a name are not told apart.
func functionID(pkg string, d *ast.FuncDecl) string { return pkg + "." + d.Name.Name }
