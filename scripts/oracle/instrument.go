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
func instrument(name string, src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	insertions := map[int]string{}
	before := func(pos token.Pos, text string) { insertions[fset.Position(pos).Offset] += text }
	before(f.Name.End(), `; import "oracle/driver"`)
	rescue := func(body *ast.BlockStmt) {
		before(body.Lbrace+1, fmt.Sprintf(" defer driver.Rescue(%q);", name))
	}
	steps := func(list []ast.Stmt) {
		for _, s := range list {
			switch s.(type) {
			case *ast.CaseClause, *ast.CommClause: // the body of a switch or select is a list of these
				continue
			}
			before(s.Pos(), fmt.Sprintf("driver.Step(%q); ", name))
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				rescue(n.Body)
			}
		case *ast.FuncLit:
			rescue(n.Body)
		case *ast.BlockStmt:
			steps(n.List)
		case *ast.CaseClause:
			steps(n.Body)
		case *ast.CommClause:
			steps(n.Body)
		}
		return true
	})
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
