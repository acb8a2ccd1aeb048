package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// noLimit takes the limit of a group that a loop feeds.
func noLimit(f *function) *fault {
	for _, g := range f.locals(isGroup) {
		us := f.uses(g)
		if !us.known() {
			continue
		}
		m := f.withoutLimit(us)
		if m == nil {
			continue
		}
		for _, u := range us.called("Go") {
			if u.in != f {
				continue
			}
			if l := f.longLoop(u.at); l.Valid() && l.Node().Pos() > us.of(made)[0].at.Node().Pos() && !f.throttles(l, nil) {
				m.at = u.at.Node().Pos()
				m.note += ", over " + f.over(l)
				return m
			}
		}
	}
	return nil
}

// withoutLimit takes the only limit of a group: its SetLimit, or WithMaxGoroutines where it is made.
func (f *function) withoutLimit(us uses) *fault {
	where := us.of(made)[0].at
	limits := us.called("SetLimit")
	switch len(limits) {
	case 1:
		call := limits[0].at
		arg := call.ChildAt(edge.CallExpr_Args, 0)
		stmt, ok := statement(call)
		if !ok || limits[0].in != f || strings.Contains(f.sourceOf(arg.Node()), "len(") ||
			stmt.ParentEdgeKind() != edge.BlockStmt_List || stmt.Parent().Node().Pos() > where.Node().Pos() {
			return nil
		}
		text := ""
		if f.namesLocal(arg) {
			text = "_ = " + f.oneLine(arg.Node())
		}
		return &fault{note: "no " + f.oneLine(call.Node()), edits: []edit{replace(stmt.Node(), text)}}
	case 0:
		for c := range where.Preorder((*ast.CallExpr)(nil)) {
			s, ok := c.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr)
			if ok && s.Sel.Name == "WithMaxGoroutines" && isGroup(f.TypesInfo.TypeOf(s.X)) {
				return &fault{note: "no WithMaxGoroutines", edits: []edit{{s.X.End(), c.Node().End(), ""}}}
			}
		}
	}
	return nil
}

// setsLate sets the limit of a group when all its tasks are started.
func setsLate(f *function) *fault {
	for _, g := range f.locals(isGroup) {
		us := f.uses(g)
		limits, waits := us.called("SetLimit"), us.called("Wait")
		if !us.known() || !us.within(f) || len(limits) != 1 || len(waits) != 1 {
			continue
		}
		set, isAlone := statement(limits[0].at)
		wait := listed(waits[0].at)
		if !isAlone || !wait.Valid() || wait.Parent() != set.Parent() || f.namesLocal(limits[0].at.ChildAt(edge.CallExpr_Args, 0)) {
			continue
		}
		if slices.ContainsFunc(us.called("Go"), func(u use) bool {
			return u.at.Node().Pos() < set.Node().Pos() || u.at.Node().Pos() > wait.Node().Pos()
		}) {
			continue
		}
		call := f.oneLine(limits[0].at.Node())
		return &fault{at: wait.Node().Pos(), note: call + " after the tasks are started",
			edits: []edit{remove(set.Node()), insert(wait.Node().Pos(), call+"; ")}}
	}
	return nil
}

// namesLocal reports whether an expression names a variable that would be unused without it.
func (f *function) namesLocal(e inspector.Cursor) bool {
	for c := range e.Preorder((*ast.Ident)(nil)) {
		v, ok := f.TypesInfo.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if ok && f.decl.Body.Pos() < v.Pos() && v.Pos() < f.decl.Body.End() {
			return true
		}
	}
	return false
}

// noMin takes away what keeps a number of workers small that grows with the input.
func noMin(f *function) *fault {
	for c := range f.cur.Preorder((*ast.CallExpr)(nil), (*ast.IfStmt)(nil)) {
		var n ast.Expr // what there is one worker each for
		var e edit
		switch c.Node().(type) {
		case *ast.CallExpr:
			n, e = f.withoutMin(c)
		case *ast.IfStmt:
			n, e = f.withoutClamp(c)
		}
		if n == nil {
			continue
		}
		if start := f.startsAsMany(c, n); start.Valid() {
			return &fault{at: start.Node().Pos(), edits: []edit{e}, note: "as many as " + f.oneLine(n)}
		}
	}
	return nil
}

// withoutMin leaves of a min of a length and another number the length.
func (f *function) withoutMin(c inspector.Cursor) (ast.Expr, edit) {
	call := c.Node().(*ast.CallExpr)
	if !f.isBuiltin(call, "min") || len(call.Args) != 2 {
		return nil, edit{}
	}
	for _, arg := range call.Args {
		if l, ok := arg.(*ast.CallExpr); ok && f.isBuiltin(l, "len") {
			return arg, replace(call, f.oneLine(arg))
		}
	}
	return nil, edit{}
}

// withoutClamp removes: if n > len(xs) { n = len(xs) } is kept, since that keeps n as it is set; but
// if n > most { n = most }, where n is made as a length, is what bounds it.
func (f *function) withoutClamp(c inspector.Cursor) (ast.Expr, edit) {
	s := c.Node().(*ast.IfStmt)
	cond, ok := s.Cond.(*ast.BinaryExpr)
	if !ok || cond.Op != token.GTR || s.Init != nil || !lone(c) || len(s.Body.List) != 1 {
		return nil, edit{}
	}
	id, ok := cond.X.(*ast.Ident)
	a, isAssign := s.Body.List[0].(*ast.AssignStmt)
	if !ok || !isAssign || len(a.Lhs) != 1 || a.Tok != token.ASSIGN || f.sourceOf(a.Lhs[0]) != id.Name || f.sourceOf(a.Rhs[0]) != f.sourceOf(cond.Y) {
		return nil, edit{}
	}
	if v, ok := f.TypesInfo.Uses[id].(*types.Var); !ok || !f.isLength(v) {
		return nil, edit{}
	}
	return id, remove(s)
}

// isLength reports whether a local variable is made as the length of something.
func (f *function) isLength(v *types.Var) bool {
	for _, u := range f.uses(v).of(made) {
		a, ok := u.at.Node().(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			return false
		}
		call, ok := a.Rhs[0].(*ast.CallExpr)
		return ok && f.isBuiltin(call, "len")
	}
	return false
}

// startsAsMany is a go statement in a loop that runs as often as what stands at c says: it counts to that
// itself, or to a variable that is made from it.
func (f *function) startsAsMany(c inspector.Cursor, n ast.Expr) inspector.Cursor {
	var v types.Object
	if id, ok := n.(*ast.Ident); ok {
		v = f.TypesInfo.Uses[id]
	} else if a, ok := c.Parent().Node().(*ast.AssignStmt); ok && len(a.Lhs) == 1 {
		if id, ok := a.Lhs[0].(*ast.Ident); ok {
			if v = f.TypesInfo.Defs[id]; v == nil {
				v = f.TypesInfo.Uses[id]
			}
		}
	}
	for loop := range f.cur.Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		var count ast.Expr
		switch l := loop.Node().(type) {
		case *ast.ForStmt:
			if cond, ok := l.Cond.(*ast.BinaryExpr); ok && cond.Op == token.LSS {
				count = cond.Y
			}
		case *ast.RangeStmt:
			count = l.X
		}
		if count == nil {
			continue
		}
		id, ok := count.(*ast.Ident)
		if count != c.Node() && (!ok || v == nil || f.TypesInfo.Uses[id] != v) {
			continue
		}
		for start := range loop.Preorder((*ast.GoStmt)(nil)) {
			if body(start) == body(loop) {
				return start
			}
		}
	}
	return inspector.Cursor{}
}
