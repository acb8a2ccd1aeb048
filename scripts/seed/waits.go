package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// noWait takes away the Waits on a group.
func noWait(f *function) *fault {
	for _, g := range f.locals(isGroup) {
		us := f.uses(g)
		goes, waits := us.called("Go"), us.called("Wait")
		if !us.known() || len(goes) == 0 || len(waits) == 0 || !waits.within(f) || f.cancels() {
			continue
		}
		edits, ok := f.withoutResults(waits)
		if !ok {
			continue
		}
		return &fault{at: goes[0].at.Node().Pos(), also: []*function{goes[0].in}, edits: edits, note: "no " + f.oneLine(waits[0].at.Node())}
	}
	return nil
}

// leavesEarly adds a return before the only Wait on a group.
func leavesEarly(f *function) *fault {
	for _, g := range f.locals(isGroup) {
		us := f.uses(g)
		goes, waits := us.called("Go"), us.called("Wait")
		if !us.known() || len(goes) == 0 || len(waits) != 1 || !us.within(f) || f.cancels() {
			continue
		}
		wait := waits[0].at
		stmt := listed(wait)
		if !stmt.Valid() || body(stmt) != body(wait) || stmt.ParentEdgeKind() != edge.BlockStmt_List {
			continue
		}
		if _, ok := stmt.Node().(*ast.DeferStmt); ok {
			continue
		}
		block := stmt.Parent().Node()
		if slices.ContainsFunc(goes, func(u use) bool {
			return body(u.at) != body(wait) || u.at.Node().Pos() < block.Pos() || u.at.Node().Pos() > stmt.Node().Pos()
		}) {
			continue
		}
		ret, ok := f.returnsZero(body(wait).Node())
		if !ok {
			continue
		}
		return &fault{at: goes[0].at.Node().Pos(), edits: []edit{insert(stmt.Node().Pos(), "if seeded() { "+ret+" }; ")},
			asks: true, note: "a return before " + f.oneLine(wait.Node())}
	}
	return nil
}

// returnsZero is a return statement of a function or literal, with zero values.
func (f *function) returnsZero(fun ast.Node) (string, bool) {
	var t *ast.FuncType
	switch fun := fun.(type) {
	case *ast.FuncLit:
		t = fun.Type
	case *ast.FuncDecl:
		t = fun.Type
	}
	if t.Results == nil {
		return "return", true
	}
	var zeros []string
	for _, r := range t.Results.List {
		zero := "*new(" + f.oneLine(r.Type) + ")"
		typ := f.TypesInfo.TypeOf(r.Type)
		if _, ok := types.Unalias(typ).(*types.TypeParam); !ok && types.IsInterface(typ) {
			zero = "nil"
		} else if _, ok := typ.Underlying().(*types.Pointer); ok {
			zero = "nil"
		}
		for range max(1, len(r.Names)) {
			zeros = append(zeros, zero)
		}
	}
	return "return " + strings.Join(zeros, ", "), true
}

// readsUnwaited takes away the Wait before a variable is read that a task writes.
func readsUnwaited(f *function) *fault {
	for _, wg := range f.locals(isWaitGroup) {
		us := f.uses(wg)
		waits := us.called("Wait")
		if !us.known() || len(waits) != 1 || !waits.within(f) || waits[0].task.Valid() || waits[0].lost {
			continue
		}
		wait := waits[0].at
		if wait.ParentEdgeKind() != edge.ExprStmt_X || body(wait) != f.cur {
			continue
		}
		for _, task := range f.counted(us) {
			v := f.writtenBy(task, wait.Node().End())
			if v == "" {
				continue
			}
			return &fault{at: task.Node().Pos(), edits: []edit{remove(wait.Parent().Node())},
				note: "no " + f.oneLine(wait.Node()) + " before " + v + " is read"}
		}
	}
	return nil
}

// counted are the literals in the function itself that a WaitGroup with these uses counts.
func (f *function) counted(us uses) []inspector.Cursor {
	var tasks []inspector.Cursor
	for _, u := range us {
		task := u.task
		if u.op == calls && u.method == "Go" {
			task = u.at.ChildAt(edge.CallExpr_Args, 0)
		} else if u.op != calls || u.method != "Done" || u.lost || !task.Valid() {
			continue
		}
		if _, ok := task.Node().(*ast.FuncLit); ok && u.in == f && body(task) == f.cur && !slices.Contains(tasks, task) {
			tasks = append(tasks, task)
		}
	}
	return tasks
}

// writtenBy is a variable made before a task, written by it, and read after pos in the function.
func (f *function) writtenBy(task inspector.Cursor, pos token.Pos) string {
	written := map[types.Object]bool{}
	for c := range task.Preorder((*ast.AssignStmt)(nil)) {
		a := c.Node().(*ast.AssignStmt)
		if a.Tok == token.DEFINE {
			continue
		}
		for _, l := range a.Lhs {
			v, ok := f.TypesInfo.Uses[root(l)].(*types.Var)
			if ok && f.decl.Body.Pos() < v.Pos() && v.Pos() < task.Node().Pos() {
				written[v] = true
			}
		}
	}
	for c := range f.cur.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		if id.Pos() > pos && written[f.TypesInfo.Uses[id]] && c.ParentEdgeKind() != edge.AssignStmt_Lhs {
			return id.Name
		}
	}
	return ""
}

// root is the variable that x and x[i] are of.
func root(e ast.Expr) *ast.Ident {
	for {
		x, ok := e.(*ast.IndexExpr)
		if !ok {
			break
		}
		e = x.X
	}
	id, _ := e.(*ast.Ident)
	return id
}

// missesDone moves a deferred Done to the end of a goroutine that may return before.
func missesDone(f *function) *fault {
	for c := range f.cur.Preorder((*ast.DeferStmt)(nil)) {
		call := c.Node().(*ast.DeferStmt).Call
		sel, on := f.method(call)
		if !isWaitGroup(on) || sel.Sel.Name != "Done" {
			continue
		}
		in := body(c)
		block := blockOf(in)
		if c.Parent().Node() != block || !returnsBefore(in, block) || !f.isWaitedFor(f.object(sel.X)) {
			continue
		}
		m := &fault{note: "a return before " + f.oneLine(call),
			edits: []edit{remove(c.Node()), insert(block.Rbrace, "; "+f.oneLine(call)+" ")}}
		if in == f.cur {
			start, by := f.started()
			if by == nil {
				continue
			}
			m.at, m.also = start.Node().Pos(), []*function{by}
			return m
		}
		if task, lost := f.taskOf(c); task == in && !lost {
			m.at = in.Node().Pos()
			return m
		}
	}
	return nil
}

// returnsBefore reports whether a body returns before its end, which can be reached.
func returnsBefore(in inspector.Cursor, block *ast.BlockStmt) bool {
	switch last := block.List[len(block.List)-1].(type) {
	case *ast.ReturnStmt:
		return false
	case *ast.ForStmt:
		if last.Cond == nil {
			return false
		}
	}
	return inBody(in.Child(block), func(c inspector.Cursor) bool {
		_, ok := c.Node().(*ast.ReturnStmt)
		return ok
	})
}

// isWaitedFor reports whether the package waits for a WaitGroup: a field or variable that it calls Wait on, or
// a parameter, for which the caller does.
func (f *function) isWaitedFor(wg types.Object) bool {
	v, ok := wg.(*types.Var)
	if !ok {
		return false
	}
	if f.decl.Type.Pos() <= v.Pos() && v.Pos() < f.decl.Body.Pos() {
		return true
	}
	for c := range f.cur.Inspector().Root().Preorder((*ast.SelectorExpr)(nil)) {
		sel := c.Node().(*ast.SelectorExpr)
		if sel.Sel.Name == "Wait" && f.object(sel.X) == wg {
			return true
		}
	}
	return false
}

// started is a go statement of the package that starts the function, and the function with that.
func (f *function) started() (inspector.Cursor, *function) {
	self := f.TypesInfo.Defs[f.decl.Name]
	for _, g := range f.order {
		for c := range g.cur.Preorder((*ast.GoStmt)(nil)) {
			if callee := typeutil.StaticCallee(f.TypesInfo, c.Node().(*ast.GoStmt).Call); callee != nil && callee.Origin() == self && g.breakable() {
				return c, g
			}
		}
	}
	return inspector.Cursor{}, nil
}

// cancels reports whether the function cancels a context: what was started with it ends.
func (f *function) cancels() bool {
	for c := range f.cur.Preorder((*ast.Ident)(nil)) {
		v, ok := f.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if !ok {
			continue
		}
		if path, name := named(v.Type()); path == "context" && strings.HasPrefix(name, "Cancel") {
			return true
		}
	}
	return false
}
