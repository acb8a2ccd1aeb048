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

// few are words for what there are few of, by nature or by configuration: no limit is needed for them. Each was
// seen in code whose limit could go without harm.
var few = []string{"config", "service", "shard", "index", "replica", "container", "worker", "test", "reader", "range", "unit"}

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

// longLoop is a loop around c, in the same function or literal, that runs as often as some input is long.
func (f *function) longLoop(c inspector.Cursor) inspector.Cursor {
	in := body(c)
	for l := range c.Parent().Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		if body(l) != in {
			break
		}
		if f.isLong(l) && !slices.ContainsFunc(few, func(w string) bool { return strings.Contains(strings.ToLower(f.over(l)), w) }) {
			return l
		}
	}
	return inspector.Cursor{}
}

func (f *function) isLong(l inspector.Cursor) bool {
	switch n := l.Node().(type) {
	case *ast.ForStmt:
		if n.Cond == nil {
			return true
		}
		for c := range l.ChildAt(edge.ForStmt_Cond, -1).Preorder((*ast.CallExpr)(nil)) {
			call := c.Node().(*ast.CallExpr)
			if s, ok := call.Fun.(*ast.SelectorExpr); ok && (s.Sel.Name == "Next" || s.Sel.Name == "Scan") || f.isBuiltin(call, "len") {
				return true
			}
		}
	case *ast.RangeStmt:
		switch f.TypesInfo.TypeOf(n.X).Underlying().(type) {
		case *types.Slice, *types.Map, *types.Chan, *types.Signature:
		default:
			return false
		}
		switch x := ast.Unparen(n.X).(type) {
		case *ast.CompositeLit:
			return false
		case *ast.Ident:
			return !f.isLiteral(f.TypesInfo.Uses[x])
		}
		return true
	}
	return false
}

// isLiteral reports whether a variable of this package is made as a literal with elements.
func (f *function) isLiteral(o types.Object) bool {
	if o == nil {
		return false
	}
	for _, file := range f.Syntax {
		if o.Pos() < file.FileStart || file.FileEnd < o.Pos() {
			continue
		}
		id, ok := f.cur.Inspector().Root().FindByPos(o.Pos(), o.Pos()+token.Pos(len(o.Name())))
		if !ok {
			return false
		}
		var values []ast.Expr
		switch n := id.Parent().Node().(type) {
		case *ast.AssignStmt:
			values = n.Rhs
		case *ast.ValueSpec:
			values = n.Values
		}
		if i := id.ParentEdgeIndex(); i >= 0 && i < len(values) {
			c, ok := values[i].(*ast.CompositeLit)
			return ok && len(c.Elts) > 0
		}
	}
	return false
}

// over says over what a loop goes.
func (f *function) over(l inspector.Cursor) string {
	switch n := l.Node().(type) {
	case *ast.RangeStmt:
		return f.oneLine(n.X) + " " + types.TypeString(f.TypesInfo.TypeOf(n.X), (*types.Package).Name)
	case *ast.ForStmt:
		if n.Cond != nil {
			return f.oneLine(n.Cond)
		}
	}
	return "a loop without condition"
}

// throttles reports whether a loop sends, receives or waits itself, other than in except: that may hold it back.
func (f *function) throttles(l inspector.Cursor, except ast.Node) bool {
	var block inspector.Cursor
	switch l.Node().(type) {
	case *ast.ForStmt:
		block = l.ChildAt(edge.ForStmt_Body, -1)
	case *ast.RangeStmt:
		block = l.ChildAt(edge.RangeStmt_Body, -1)
	}
	return inBody(block, func(c inspector.Cursor) bool {
		switch n := c.Node().(type) {
		case *ast.SendStmt:
			return n != except
		case *ast.UnaryExpr:
			return n.Op == token.ARROW && !(clauseOf(c).Valid() && strings.HasSuffix(f.sourceOf(n.X), "Done()"))
		case *ast.CallExpr:
			s, ok := n.Fun.(*ast.SelectorExpr)
			return ok && n != except && (s.Sel.Name == "Wait" || s.Sel.Name == "Acquire")
		}
		return false
	})
}

// A semaphore is where tokens are taken and given back.
type semaphore struct {
	of          types.Object
	takes       []inspector.Cursor
	gives       []inspector.Cursor
	conditional bool // TryAcquire
}

// semaphores are those that the function takes from, in order.
func (f *function) semaphores() []*semaphore {
	var all []*semaphore
	get := func(e ast.Expr) *semaphore {
		o := f.object(e)
		if o == nil {
			return &semaphore{}
		}
		if i := slices.IndexFunc(all, func(s *semaphore) bool { return s.of == o }); i >= 0 {
			return all[i]
		}
		all = append(all, &semaphore{of: o})
		return all[len(all)-1]
	}
	for c := range f.cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
		switch n := c.Node().(type) {
		case *ast.SendStmt:
			if f.sourceOf(n.Value) == "struct{}{}" {
				s := get(n.Chan)
				s.takes = append(s.takes, c)
			}
		case *ast.UnaryExpr:
			if t, ok := f.TypesInfo.TypeOf(n.X).Underlying().(*types.Chan); n.Op == token.ARROW && ok && t.Elem().String() == "struct{}" {
				s := get(n.X)
				s.gives = append(s.gives, c)
			}
		case *ast.CallExpr:
			sel, ok := n.Fun.(*ast.SelectorExpr)
			if path, _ := named(f.typeOf(sel, ok)); path != "golang.org/x/sync/semaphore" {
				continue
			}
			switch s := get(sel.X); sel.Sel.Name {
			case "Acquire":
				s.takes = append(s.takes, c)
			case "Release":
				s.gives = append(s.gives, c)
			default:
				s.conditional = true
			}
		}
	}
	return all
}

// typeOf is the type of what a method is called on.
func (f *function) typeOf(sel *ast.SelectorExpr, ok bool) types.Type {
	if !ok {
		return nil
	}
	return f.TypesInfo.TypeOf(sel.X)
}

// object is the variable or field that an expression names.
func (f *function) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.TypesInfo.Uses[e]
	case *ast.SelectorExpr:
		return f.TypesInfo.Uses[e.Sel]
	}
	return nil
}

// noSemaphore starts a loop's goroutine without the token that was taken before, and given back by it.
func noSemaphore(f *function) *fault {
	for _, s := range f.semaphores() {
		if len(s.takes) != 1 || len(s.gives) == 0 || s.conditional {
			continue
		}
		take := s.takes[0]
		loop := f.longLoop(take)
		if !loop.Valid() || f.throttles(loop, take.Node()) {
			continue
		}
		edits, task := f.withoutGives(s, loop)
		if !task.Valid() || f.mayLimit(task) {
			continue
		}
		e, ok := f.withoutTake(s, take)
		if !ok {
			continue
		}
		return &fault{at: task.Node().Pos(), edits: append(edits, e), note: "no " + f.oneLine(take.Node()) + ", over " + f.over(loop)}
	}
	return nil
}

// withoutGives takes away what gives tokens back in a task that a loop starts once it has one, and finds the
// task.
func (f *function) withoutGives(s *semaphore, loop inspector.Cursor) ([]edit, inspector.Cursor) {
	var edits []edit
	var spawned inspector.Cursor
	take := s.takes[0]
	for _, g := range s.gives {
		task, _ := f.taskOf(g)
		if !task.Valid() || task.Node().Pos() < take.Node().End() || !loop.Contains(task) || body(task) != body(take) {
			return nil, inspector.Cursor{}
		}
		stmt, ok := statement(g)
		if !ok {
			return nil, inspector.Cursor{}
		}
		// Have: defer func() { <-sem }()
		if lit := around(g, (*ast.FuncLit)(nil)); lit != task && len(lit.Node().(*ast.FuncLit).Body.List) == 1 {
			if whole, ok := statement(lit.Parent()); ok && lit.ParentEdgeKind() == edge.CallExpr_Fun {
				stmt = whole
			}
		}
		edits, spawned = append(edits, remove(stmt.Node())), task
	}
	return edits, spawned
}

// mayLimit reports whether a task is given to something that may have a limit of its own.
func (f *function) mayLimit(task inspector.Cursor) bool {
	call := task.Parent()
	if call.ParentEdgeKind() == edge.GoStmt_Call {
		return false
	}
	n, ok := call.Node().(*ast.CallExpr)
	if !ok {
		return true
	}
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	if isWaitGroup(f.TypesInfo.TypeOf(sel.X)) {
		return false
	}
	g, ok := f.object(sel.X).(*types.Var)
	if !ok || !isGroup(g.Type()) || g.IsField() || strings.HasPrefix(g.Type().String(), "*"+conc+"/pool") {
		return true
	}
	us := f.uses(g)
	return !us.known() || len(us.called("SetLimit")) > 0
}

// withoutTake takes away what takes a token.
func (f *function) withoutTake(s *semaphore, take inspector.Cursor) (edit, bool) {
	keep := ""
	if v, ok := s.of.(*types.Var); ok && !v.IsField() {
		keep = "_ = " + v.Name()
	}
	if _, ok := take.Node().(*ast.SendStmt); ok {
		clause := clauseOf(take)
		if !clause.Valid() {
			return replace(take.Node(), keep), true
		}
		for other := range clause.Parent().Children() {
			if other.Node().(*ast.CommClause).Comm == nil {
				return edit{}, false
			}
		}
		return edit{clause.Node().Pos(), clause.Node().(*ast.CommClause).Colon + 1, "default: " + keep + ";"}, true
	}
	e, ok := f.withoutResult(take)
	if e.text != "" {
		keep = "; " + keep
	}
	if listedAt := listed(take); !listedAt.Valid() || e.from != listedAt.Node().Pos() {
		return edit{}, false
	}
	e.text += keep
	return e, ok
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
