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
		return &fault{at: goes[0].at.Node().Pos(), also: goes[0].in, edits: edits, note: "no " + f.oneLine(waits[0].at.Node())}
	}
	return nil
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

// dropsFuture takes away what asks a future for its result.
func dropsFuture(f *function) *fault {
	if f.cancels() {
		return nil
	}
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		sel, ok := c.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains(awaitsOf(f.TypesInfo.TypeOf(sel.X)), sel.Sel.Name) {
			continue
		}
		if _, ok := ast.Unparen(sel.X).(*ast.CallExpr); !ok {
			continue
		}
		if edits, ok := f.keepOnly(sel.X, c); ok {
			return &fault{at: sel.X.Pos(), edits: edits, note: "no " + sel.Sel.Name}
		}
	}
	for _, v := range f.locals(isFuture) {
		us := f.uses(v)
		waits := us.called(awaitsOf(v.Type())...)
		if !us.known() || len(waits) == 0 || !us.within(f) {
			continue
		}
		if m := f.drops(v, us, waits); m != nil {
			return m
		}
	}
	return nil
}

// drops takes away what waits for a variable that is made by a call, and the variable if nothing is left of it.
func (f *function) drops(v *types.Var, us, waits uses) *fault {
	a, ok := us.of(made)[0].at.Node().(*ast.AssignStmt)
	if !ok || len(a.Rhs) != 1 {
		return nil
	}
	edits, ok := f.withoutResults(waits)
	if !ok {
		return nil
	}
	if len(waits)+1 == len(us) {
		i := slices.IndexFunc(a.Lhs, func(e ast.Expr) bool {
			id, ok := e.(*ast.Ident)
			return ok && f.TypesInfo.Defs[id] == v
		})
		edits = append(edits, replace(a.Lhs[i], "_"))
		if len(a.Lhs) == 1 {
			edits = append(edits, edit{a.TokPos, a.TokPos + token.Pos(len(":=")), "="})
		}
	}
	return &fault{at: a.Rhs[0].Pos(), edits: edits, note: "no " + f.oneLine(waits[0].at.Node())}
}

func dropsBuffered(f *function) *fault { return f.dropsChannel(true) }

func dropsUnbuffered(f *function) *fault { return f.dropsChannel(false) }

// dropsChannel takes away the receive from a channel on which a function of the package returns a result.
func (f *function) dropsChannel(buffered bool) *fault {
	for c := range f.cur.Preorder((*ast.UnaryExpr)(nil)) {
		call, ok := c.Node().(*ast.UnaryExpr).X.(*ast.CallExpr)
		if !ok || c.Node().(*ast.UnaryExpr).Op != token.ARROW || clauseOf(c).Valid() {
			continue
		}
		giver := f.givesResult(call, buffered)
		if giver == nil {
			continue
		}
		if edits, ok := f.keepOnly(call, c); ok {
			return &fault{at: call.Pos(), also: giver, edits: edits, note: "no " + f.oneLine(c.Node())}
		}
	}
	for _, v := range f.locals(isChan) {
		us := f.uses(v)
		received := us.of(receives)
		if !us.known() || len(us) != 2 || len(received) != 1 || !us.within(f) || received[0].clause.Valid() || received[0].task.Valid() || received[0].lost {
			continue
		}
		a, ok := us.of(made)[0].at.Node().(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			continue
		}
		call, ok := a.Rhs[0].(*ast.CallExpr)
		if !ok {
			continue
		}
		giver := f.givesResult(call, buffered)
		if giver == nil {
			continue
		}
		if m := f.drops(v, us, received); m != nil {
			m.also = giver
			return m
		}
	}
	return nil
}

// givesResult is the function of the package that is called, if it returns a channel that it makes, with room
// for a value or without, and on which only a goroutine sends that has nothing else to do.
func (f *function) givesResult(call *ast.CallExpr, buffered bool) *function {
	callee := typeutil.StaticCallee(f.TypesInfo, call)
	if callee == nil {
		return nil
	}
	g := f.decls[callee.Origin()]
	if g == nil {
		return nil
	}
	for _, ch := range g.locals(isChan) {
		us := g.uses(ch)
		sent := us.of(sends)
		if len(us.of(made)) != 1 || len(sent) == 0 || len(sent)+2 != len(us) ||
			slices.ContainsFunc(sent, func(u use) bool { return !u.task.Valid() || u.lost || u.clause.Valid() }) {
			continue
		}
		returned := us.of(escapes)
		if len(returned) != 1 || returned[0].at.ParentEdgeKind() != edge.ReturnStmt_Results || body(returned[0].at) != g.cur {
			continue
		}
		if call := g.makes(us.of(made)[0].at, ch); call != nil && (len(call.Args) == 1 && !buffered || g.hasRoom(call) && buffered) {
			return g
		}
	}
	return nil
}

// keepOnly leaves of the statement around a call only a part of the call, whose value is dropped.
func (f *function) keepOnly(part ast.Expr, call inspector.Cursor) ([]edit, bool) {
	whole, after := call.Parent(), ""
	if s, ok := statement(call); ok {
		if _, ok := s.Node().(*ast.DeferStmt); ok {
			return nil, false
		}
	} else if t := f.TypesInfo.TypeOf(call.Node().(ast.Expr)); t == nil || t.String() != "error" {
		return nil, false
	} else {
		switch call.ParentEdgeKind() {
		case edge.ReturnStmt_Results:
			if len(whole.Node().(*ast.ReturnStmt).Results) != 1 {
				return nil, false
			}
			after = "; return nil"
		case edge.AssignStmt_Rhs:
			a := whole.Node().(*ast.AssignStmt)
			switch {
			case len(a.Lhs) != 1:
				return nil, false
			case whole.ParentEdgeKind() == edge.IfStmt_Init:
				if whole = whole.Parent(); a.Tok != token.DEFINE || !lone(whole) {
					return nil, false
				}
			case a.Tok == token.DEFINE:
				after = "; var " + f.sourceOf(a.Lhs[0]) + " error"
			default:
				after = "; " + f.sourceOf(a.Lhs[0]) + " = nil"
			}
		case edge.BinaryExpr_X:
			if whole.ParentEdgeKind() != edge.IfStmt_Cond || !lone(whole.Parent()) {
				return nil, false
			}
			whole = whole.Parent()
		default:
			return nil, false
		}
	}
	if !listed(whole).Valid() || listed(whole) != whole {
		return nil, false
	}
	return []edit{{whole.Node().Pos(), part.Pos(), "_ = "}, {part.End(), whole.Node().End(), after}}, true
}
