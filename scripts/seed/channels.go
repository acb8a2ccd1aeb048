package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// noBuffer takes the buffer of a channel on which a task sends its result, and whose receiver can leave.
func noBuffer(f *function) *fault {
	if f.isMain() {
		return nil
	}
	for _, ch := range f.locals(isChan) {
		us := f.uses(ch)
		if !us.known() || len(us.of(ranges))+len(us.of(measures))+len(us.of(compared)) > 0 {
			continue
		}
		call := f.makes(us.of(made)[0].at, ch)
		if call == nil || !f.hasRoom(call) {
			continue
		}
		sent, received := us.of(sends), us.of(receives)
		var task inspector.Cursor
		for _, u := range sent {
			if u.task.Valid() && !u.clause.Valid() {
				task = u.task
			}
		}
		if !task.Valid() || slices.ContainsFunc(sent, func(u use) bool { return u.lost }) || !received.within(f) ||
			slices.ContainsFunc(received, func(u use) bool { return !u.clause.Valid() || u.task.Valid() || u.lost }) ||
			!slices.ContainsFunc(received, func(u use) bool { return f.canLeave(u.clause, task) }) {
			continue
		}
		return &fault{at: task.Node().Pos(), edits: []edit{{call.Args[0].End(), call.Args[1].End(), ""}}, note: "no buffer for " + ch.Name()}
	}
	return nil
}

// makes is the make of a variable, or nil.
func (f *function) makes(c inspector.Cursor, v *types.Var) *ast.CallExpr {
	var lhs, rhs []ast.Expr
	switch n := c.Node().(type) {
	case *ast.AssignStmt:
		lhs, rhs = n.Lhs, n.Rhs
	case *ast.ValueSpec:
		for _, id := range n.Names {
			lhs = append(lhs, id)
		}
		rhs = n.Values
	}
	for i, l := range lhs {
		if id, ok := l.(*ast.Ident); ok && f.TypesInfo.Defs[id] == v && len(lhs) == len(rhs) {
			if call, ok := rhs[i].(*ast.CallExpr); ok && f.isBuiltin(call, "make") {
				return call
			}
		}
	}
	return nil
}

func (f *function) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return false
	}
	b, ok := f.TypesInfo.Uses[id].(*types.Builtin)
	return ok && b.Name() == name
}

// hasRoom reports whether a make gives a channel a buffer: of a number, or of a length.
func (f *function) hasRoom(call *ast.CallExpr) bool {
	if len(call.Args) != 2 {
		return false
	}
	if v := f.TypesInfo.Types[call.Args[1]].Value; v != nil {
		n, ok := constant.Int64Val(v)
		return ok && n > 0
	}
	size, ok := call.Args[1].(*ast.CallExpr)
	return ok && (f.isBuiltin(size, "len") || f.isBuiltin(size, "cap"))
}

// canLeave reports whether another case of the select returns, on a channel that the task does not know.
func (f *function) canLeave(clause, task inspector.Cursor) bool {
	if !clause.Valid() {
		return false
	}
	for other := range clause.Parent().Children() {
		c, ok := other.Node().(*ast.CommClause)
		if !ok || other == clause || c.Comm == nil || len(c.Body) == 0 {
			continue
		}
		if _, ok := c.Body[len(c.Body)-1].(*ast.ReturnStmt); ok && !f.shares(other.ChildAt(edge.CommClause_Comm, -1), task) {
			return true
		}
	}
	return false
}

// shares reports whether a statement and a task name the same channel.
func (f *function) shares(stmt, task inspector.Cursor) bool {
	chans := map[types.Object]bool{}
	for c := range stmt.Preorder((*ast.Ident)(nil)) {
		if v, ok := f.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var); ok && isChan(v.Type()) {
			chans[v] = true
		}
	}
	for c := range task.Preorder((*ast.Ident)(nil)) {
		if chans[f.TypesInfo.Uses[c.Node().(*ast.Ident)]] {
			return true
		}
	}
	return false
}

// noClose takes away the close of a channel that is ranged over.
func noClose(f *function) *fault {
	if f.isMain() {
		return nil
	}
	for _, ch := range f.locals(isChan) {
		us := f.uses(ch)
		closed, ranged := us.of(closes), us.of(ranges)
		if !us.known() || len(closed) == 0 || len(ranged) == 0 || !closed.within(f) {
			continue
		}
		reader := ranged[0]
		if reader.lost || leaves(reader.at.Node().(*ast.RangeStmt).Body) {
			continue
		}
		m := &fault{note: "no close of " + ch.Name(), also: []*function{reader.in}}
		switch {
		case reader.task.Valid():
			m.at = reader.task.Node().Pos()
		case closed[0].task.Valid() && reader.in == f:
			m.at = closed[0].task.Node().Pos() // the function itself waits for it
		default:
			continue
		}
		ok := true
		for _, u := range closed {
			stmt, alone := statement(u.at)
			ok = ok && alone
			m.edits = append(m.edits, remove(stmt.Node()))
		}
		if ok {
			return m
		}
	}
	return nil
}

// leaves reports whether a body can leave its loop on its own.
func leaves(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK || n.Tok == token.GOTO
		}
		return true
	})
	return found
}

// receivesOnce puts one receive in the place of the loop that drains what many sends put into a channel without
// room for it.
func receivesOnce(f *function) *fault {
	if f.isMain() {
		return nil
	}
	for _, ch := range f.locals(isChan) {
		us := f.uses(ch)
		sent, drains := us.of(sends), append(us.of(ranges), us.of(receives)...)
		if !us.known() || len(sent) != 1 || len(drains) != 1 || !drains.within(f) || drains[0].task.Valid() || drains[0].lost {
			continue
		}
		if call := f.makes(us.of(made)[0].at, ch); call == nil || len(call.Args) > 1 {
			continue
		}
		// Each send needs a receive: there is nothing else that its goroutine could do.
		sender := sent[0]
		if !sender.task.Valid() || sender.lost || sender.clause.Valid() || !sender.repeated() || sender.in != f {
			continue
		}
		e, ok := f.once(drains[0])
		if !ok {
			continue
		}
		return &fault{at: sender.task.Node().Pos(), edits: []edit{e}, note: "one receive from " + ch.Name()}
	}
	return nil
}

// repeated reports whether a use stands in a loop, or in a task that a loop starts.
func (u use) repeated() bool {
	for range u.at.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		return true
	}
	return false
}

// once is the edit that turns a loop around a receive into its body.
func (f *function) once(drain use) (edit, bool) {
	loop := drain.at
	receive := ""
	if drain.op == ranges {
		r := loop.Node().(*ast.RangeStmt)
		receive = " <-" + f.sourceOf(r.X) + ";"
		if r.Key != nil && !isBlank(r.Key) {
			receive = " " + f.sourceOf(r.Key) + " " + r.Tok.String() + receive
		}
	} else if loop = around(drain.at, (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)); !loop.Valid() || drain.clause.Valid() {
		return edit{}, false
	}
	if loop.ParentEdgeKind() == edge.LabeledStmt_Stmt {
		return edit{}, false
	}
	var block *ast.BlockStmt
	switch n := loop.Node().(type) {
	case *ast.ForStmt:
		if block = n.Body; n.Cond == nil {
			return edit{}, false
		}
	case *ast.RangeStmt:
		block = n.Body
	}
	if leaves(block) || body(loop) != f.cur {
		return edit{}, false
	}
	return edit{loop.Node().Pos(), block.Lbrace + 1, "{" + receive}, true
}

// missesSend takes away the send before a task's early return, where the function waits for one.
func missesSend(f *function) *fault {
	if f.isMain() {
		return nil
	}
	for _, ch := range f.locals(isChan) {
		us := f.uses(ch)
		sent, received := us.of(sends), us.of(receives)
		if !us.known() || len(sent) < 2 || len(received) != 1 || len(us.of(closes))+len(us.of(ranges)) > 0 ||
			!us.within(f) || received[0].clause.Valid() || received[0].task.Valid() || received[0].lost {
			continue
		}
		task := sent[0].task
		if !task.Valid() || received[0].repeated() || slices.ContainsFunc(sent, func(u use) bool {
			return u.task != task || u.clause.Valid() || u.lost || body(u.at) != task || u.repeated()
		}) {
			continue
		}
		for _, u := range sent {
			next, ok := u.at.NextSibling()
			if !ok {
				continue
			}
			if _, ok := next.Node().(*ast.ReturnStmt); ok && u.at.Parent().ParentEdgeKind() == edge.IfStmt_Body {
				return &fault{at: task.Node().Pos(), edits: []edit{remove(u.at.Node())}, note: "no " + f.oneLine(u.at.Node()) + " before a return"}
			}
		}
	}
	return nil
}
