package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// withoutResults are the edits that take away calls and what is done with their results.
func (f *function) withoutResults(us uses) ([]edit, bool) {
	var edits []edit
	for _, u := range us {
		e, ok := f.withoutResult(u.at)
		if !ok {
			return nil, false
		}
		edits = append(edits, e)
	}
	return edits, true
}

// withoutResult takes away a call or a receive, and what is done if it gives an error. Other results become
// zero.
func (f *function) withoutResult(call inspector.Cursor) (edit, bool) {
	n := call.Node()
	if s, ok := statement(call); ok {
		return remove(s.Node()), true
	}
	if t := f.TypesInfo.TypeOf(n.(ast.Expr)); t == nil || t.String() != "error" {
		return f.zeroResults(call)
	}
	up := call.Parent()
	switch call.ParentEdgeKind() {
	case edge.ReturnStmt_Results:
		return replace(n, "nil"), true
	case edge.AssignStmt_Rhs:
		a := up.Node().(*ast.AssignStmt)
		if len(a.Lhs) != 1 {
			return edit{}, false
		}
		if a.Tok == token.ASSIGN {
			return replace(n, "nil"), true
		}
		if up.ParentEdgeKind() != edge.IfStmt_Init {
			return replace(a, "var "+f.sourceOf(a.Lhs[0])+" error"), true
		}
		if lone(up.Parent()) {
			return remove(up.Parent().Node()), true
		}
	case edge.BinaryExpr_X:
		if up.ParentEdgeKind() == edge.IfStmt_Cond && lone(up.Parent()) {
			return remove(up.Parent().Node()), true
		}
	}
	return replace(n, "error(nil)"), true
}

// lone reports whether an if statement has no else, and is none.
func lone(c inspector.Cursor) bool {
	return c.Node().(*ast.IfStmt).Else == nil && c.ParentEdgeKind() != edge.IfStmt_Else
}

// zeroResults puts zero values in the place of results that are assigned or returned.
func (f *function) zeroResults(call inspector.Cursor) (edit, bool) {
	if call.ParentEdgeKind() != edge.AssignStmt_Rhs && call.ParentEdgeKind() != edge.ReturnStmt_Results {
		return edit{}, false
	}
	all := []types.Type{f.TypesInfo.TypeOf(call.Node().(ast.Expr))}
	if results, ok := all[0].(*types.Tuple); ok {
		all = nil
		for v := range results.Variables() {
			all = append(all, v.Type())
		}
	}
	var zeros []string
	for _, t := range all {
		text := types.TypeString(t, f.qualify)
		if strings.Contains(text, "/") {
			return edit{}, false
		}
		zeros = append(zeros, "*new("+text+")")
	}
	return replace(call.Node(), strings.Join(zeros, ", ")), true
}

// qualify is the name of a package in the function's file; its path if it is not imported there.
func (f *function) qualify(p *types.Package) string {
	if p == f.Types {
		return ""
	}
	for _, i := range f.file.Imports {
		if o := f.TypesInfo.PkgNameOf(i); o != nil && o.Imported() == p {
			return o.Name()
		}
	}
	return "/" + p.Path()
}

// keepOnly leaves of the statement around a call only a part of the call, whose value is dropped.
func (f *function) keepOnly(part ast.Expr, call inspector.Cursor) ([]edit, bool) {
	whole, after, ok := f.wholeOf(call)
	if !ok || listed(whole) != whole {
		return nil, false
	}
	return []edit{{whole.Node().Pos(), part.Pos(), "_ = "}, {part.End(), whole.Node().End(), after}}, true
}

// wholeOf is the statement that makes a call and looks at its error, and what must come after the call if that
// statement goes.
func (f *function) wholeOf(call inspector.Cursor) (whole inspector.Cursor, after string, ok bool) {
	if s, ok := statement(call); ok {
		_, deferred := s.Node().(*ast.DeferStmt)
		return s, "", !deferred
	}
	if t := f.TypesInfo.TypeOf(call.Node().(ast.Expr)); t == nil || t.String() != "error" {
		return whole, "", false
	}
	up := call.Parent()
	switch call.ParentEdgeKind() {
	case edge.ReturnStmt_Results:
		return up, "; return nil", len(up.Node().(*ast.ReturnStmt).Results) == 1
	case edge.BinaryExpr_X:
		if up.ParentEdgeKind() == edge.IfStmt_Cond {
			return up.Parent(), "", lone(up.Parent())
		}
	case edge.AssignStmt_Rhs:
		a := up.Node().(*ast.AssignStmt)
		switch {
		case len(a.Lhs) != 1:
			return whole, "", false
		case up.ParentEdgeKind() == edge.IfStmt_Init:
			return up.Parent(), "", a.Tok == token.DEFINE && lone(up.Parent())
		case a.Tok == token.DEFINE:
			return up, "; var " + f.sourceOf(a.Lhs[0]) + " error", true
		}
		return up, "; " + f.sourceOf(a.Lhs[0]) + " = nil", true
	}
	return whole, "", false
}
