package main

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// ignoresRefusal drops the result of a submit, and what is done if it is refused.
func ignoresRefusal(f *function) *fault {
	for _, r := range f.refusables() {
		call, end, after := r.call.Node(), r.from.Node().End(), ""
		if r.check.Valid() {
			end = r.check.Node().End()
		} else {
			zero := map[string]string{"error": "nil", "bool": "true"}[f.TypesInfo.TypeOf(call.(ast.Expr)).String()]
			after = "; return " + zero
		}
		return &fault{at: call.Pos(), note: "result of " + f.oneLine(call.(*ast.CallExpr).Fun) + " ignored",
			edits: []edit{{r.from.Node().Pos(), call.Pos(), "_ = "}, {call.End(), end, after}}}
	}
	return nil
}

// doesNothing empties what is done if a submit is refused.
func doesNothing(f *function) *fault {
	for _, r := range f.refusables() {
		if !r.check.Valid() {
			continue
		}
		b := r.check.Node().(*ast.IfStmt).Body
		if len(b.List) == 0 {
			continue
		}
		return &fault{at: r.call.Node().Pos(), note: "nothing done if " + f.oneLine(r.call.Node().(*ast.CallExpr).Fun) + " fails",
			edits: []edit{{b.Lbrace + 1, b.Rbrace, ""}}}
	}
	return nil
}

// keepsCount takes away the Done for a task that was counted before its submit was refused.
func keepsCount(f *function) *fault {
	for _, r := range f.refusables() {
		if !r.check.Valid() {
			continue
		}
		for c := range r.check.Preorder((*ast.CallExpr)(nil)) {
			sel, on := f.method(c.Node().(*ast.CallExpr))
			if !isWaitGroup(on) || sel.Sel.Name != "Done" || r.call.Contains(c) || around(c, (*ast.FuncLit)(nil)) != around(r.check, (*ast.FuncLit)(nil)) {
				continue
			}
			if stmt, ok := statement(c); ok {
				return &fault{at: r.call.Node().Pos(), note: "no " + f.oneLine(c.Node()) + " if refused", edits: []edit{remove(stmt.Node())}}
			}
		}
	}
	return nil
}

// A refusable is a submit or Acquire whose result says whether it was refused, and what is done then.
type refusable struct {
	call  inspector.Cursor
	check inspector.Cursor // the if statement on the result; none where it is returned
	from  inspector.Cursor // the first statement of all this
}

// refusables are those of a function.
func (f *function) refusables() []refusable {
	var all []refusable
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		if !f.canRefuse(c.Node().(*ast.CallExpr)) {
			continue
		}
		r := refusable{call: c}
		up := c.Parent()
		switch c.ParentEdgeKind() {
		case edge.ReturnStmt_Results:
			if len(up.Node().(*ast.ReturnStmt).Results) != 1 {
				continue
			}
			r.from = up
		case edge.AssignStmt_Rhs:
			lhs := up.Node().(*ast.AssignStmt).Lhs
			if len(lhs) != 1 || isBlank(lhs[0]) {
				continue
			}
			if r.from = up; up.ParentEdgeKind() == edge.IfStmt_Init {
				r.from, r.check = up.Parent(), up.Parent()
				break
			}
			// Have: err := p.Submit(task); if err != nil { … }
			next, ok := up.NextSibling()
			if !ok {
				continue
			}
			i, ok := next.Node().(*ast.IfStmt)
			if !ok || i.Init != nil || !strings.Contains(f.sourceOf(i.Cond), f.sourceOf(lhs[0])) {
				continue
			}
			r.check = next
		case edge.UnaryExpr_X: // if !sem.TryAcquire(1) { … }
			if up.ParentEdgeKind() != edge.IfStmt_Cond {
				continue
			}
			r.from, r.check = up.Parent(), up.Parent()
		default:
			continue
		}
		if listed(r.from) != r.from || r.check.Valid() && !lone(r.check) {
			continue
		}
		all = append(all, r)
	}
	return all
}

// canRefuse reports whether a call may say that a task or a token is refused.
func (f *function) canRefuse(call *ast.CallExpr) bool {
	sel, on := f.method(call)
	e := executorOf(on)
	if e == nil || !slices.Contains(e.refuses, sel.Sel.Name) {
		return false
	}
	t := f.TypesInfo.TypeOf(call).String()
	return (t == "error" || t == "bool") && (sel.Sel.Name != "Acquire" || len(call.Args) > 0 && !f.neverEnds(call.Args[0]))
}

// neverEnds reports whether a context is Background or TODO, or a variable made as that: an Acquire with it
// cannot fail.
func (f *function) neverEnds(e ast.Expr) bool {
	if text := f.sourceOf(e); text == "context.Background()" || text == "context.TODO()" {
		return true
	}
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	for _, u := range f.uses(f.TypesInfo.Uses[id]).of(made) {
		if a, ok := u.at.Node().(*ast.AssignStmt); ok && len(a.Rhs) == 1 {
			if _, ok := a.Rhs[0].(*ast.CallExpr); ok && f.neverEnds(a.Rhs[0]) {
				return true
			}
		}
	}
	return false
}
