package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// submitsToOwn adds to a task of a bounded executor a task of the same, and waits for it.
func submitsToOwn(f *function) *fault {
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		sel, on := f.method(call)
		e := executorOf(on)
		if e == nil || e.nested == "" || !slices.Contains(e.submits, sel.Sel.Name) || len(call.Args) == 0 {
			continue
		}
		task, ok := call.Args[0].(*ast.FuncLit)
		if !ok || !f.isBounded(sel.X, e) {
			continue
		}
		own := fmt.Sprintf(e.nested, f.oneLine(sel.X))
		return &fault{at: task.Body.Lbrace, note: own + " in its task", edits: []edit{insert(task.Body.Lbrace+1, " "+own+";")}}
	}
	return nil
}

// isBounded reports whether an executor is one with a limit. Pools have one where they are made.
func (f *function) isBounded(x ast.Expr, e *executor) bool {
	if !e.group {
		return true
	}
	v, ok := f.object(x).(*types.Var)
	if !ok || v.IsField() {
		return false
	}
	us := f.uses(v)
	return us.known() && us.within(f) && f.withoutLimit(us) != nil
}

// waitsForSelf adds to a counted task a Wait for the group that counts it.
func waitsForSelf(f *function) *fault {
	for _, wg := range f.locals(isWaitGroup) {
		us := f.uses(wg)
		if !us.known() || len(us.called("Wait")) == 0 {
			continue
		}
		for _, task := range f.counted(us) {
			return ownWait(task, wg.Name()+".Wait()")
		}
	}
	for _, g := range f.locals(isGroup) {
		us := f.uses(g)
		if path, _ := named(g.Type()); path != "golang.org/x/sync/errgroup" || !us.known() {
			continue
		}
		for _, u := range us.called("Go") {
			task := u.at.ChildAt(edge.CallExpr_Args, 0)
			if _, ok := task.Node().(*ast.FuncLit); ok && u.in == f && body(task) == f.cur {
				return ownWait(task, "_ = "+g.Name()+".Wait()")
			}
		}
	}
	return nil
}

func ownWait(task inspector.Cursor, wait string) *fault {
	brace := task.Node().(*ast.FuncLit).Body.Lbrace
	return &fault{at: brace, note: wait + " in its task", edits: []edit{insert(brace+1, " "+wait+";")}}
}
