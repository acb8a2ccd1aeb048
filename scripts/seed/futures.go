package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/types/typeutil"
)

// dropsFuture takes away what asks a future for its result.
func dropsFuture(f *function) *fault {
	if f.cancels() {
		return nil
	}
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		sel, on := f.method(c.Node().(*ast.CallExpr))
		if !isFuture(on) || !slices.Contains(awaitsOf(on), sel.Sel.Name) {
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
			return &fault{at: call.Pos(), also: []*function{giver}, edits: edits, note: "no " + f.oneLine(c.Node())}
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
			m.also = []*function{giver}
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
