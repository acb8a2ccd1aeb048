package site

import (
	"go/ast"
	"go/parser"
	"go/token"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// Near picks the places that stand on a line of a file; if none does, those in the innermost statement
// or loop around the line that has any, without what only a function literal in it does. Src is the
// file's content.
func Near(src string, line int, places []finding.Position) []finding.Position {
	on := within(places, line, line)
	if len(on) > 0 {
		return on
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil // the go command has said so
	}
	lineOf := func(pos token.Pos) int { return fset.Position(pos).Line }
	var around ast.Stmt
	ast.PreorderStack(file, nil, func(n ast.Node, _ []ast.Node) bool {
		if lineOf(n.Pos()) > line || lineOf(n.End()) < line {
			return false
		}
		switch s := n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
		case ast.Stmt:
			if found := within(places, lineOf(s.Pos()), lineOf(s.End())); len(found) > 0 {
				around, on = s, found
			}
		}
		return true
	})
	if around == nil {
		return nil
	}
	inner := map[finding.Position]bool{}
	ast.Inspect(around, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		from, to := fset.Position(lit.Body.Pos()), fset.Position(lit.Body.End())
		for _, p := range on {
			if before(from, p) && !before(to, p) {
				inner[p] = true
			}
		}
		return false
	})
	var outer []finding.Position
	for _, p := range on {
		if !inner[p] {
			outer = append(outer, p)
		}
	}
	if len(outer) == 0 {
		return on
	}
	return outer
}

func before(a token.Position, b finding.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Column < b.Column
}

// within are the places from one line to another.
func within(places []finding.Position, from, to int) []finding.Position {
	var in []finding.Position
	for _, p := range places {
		if from <= p.Line && p.Line <= to {
			in = append(in, p)
		}
	}
	return in
}
