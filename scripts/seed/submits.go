package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

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
	sel, ok := call.Fun.(*ast.SelectorExpr)
	e := executorOf(f.typeOf(sel, ok))
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
			sel, ok := c.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr)
			if !isWaitGroup(f.typeOf(sel, ok)) || sel.Sel.Name != "Done" || r.call.Contains(c) || around(c, (*ast.FuncLit)(nil)) != around(r.check, (*ast.FuncLit)(nil)) {
				continue
			}
			if stmt, ok := statement(c); ok {
				return &fault{at: r.call.Node().Pos(), note: "no " + f.oneLine(c.Node()) + " if refused", edits: []edit{remove(stmt.Node())}}
			}
		}
	}
	return nil
}

// A pooled is a pool that a function makes, closes and keeps to itself.
type pooled struct {
	of   *types.Var
	made inspector.Cursor // the statement
	uses uses
	ends uses // what closes it
}

// pools are those of a function.
func (f *function) pools() []pooled {
	if f.isMain() {
		return nil
	}
	var all []pooled
	for _, v := range f.locals(isPool) {
		us := f.uses(v)
		ends := us.called(executorOf(v.Type()).closes...)
		if us.known() && len(ends) > 0 && ends.within(f) {
			all = append(all, pooled{v, us.of(made)[0].at, us, ends})
		}
	}
	return all
}

// noRelease takes away what closes a pool.
func noRelease(f *function) *fault {
	for _, p := range f.pools() {
		m := &fault{at: p.made.Node().Pos(), note: "no " + f.oneLine(p.ends[0].at.Node())}
		ok := true
		for _, u := range p.ends {
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

// releasesEarly takes the defer from what closes a pool to which a task is submitted after it.
func releasesEarly(f *function) *fault {
	for _, p := range f.pools() {
		end := p.ends[0].at
		if len(p.ends) != 1 || end.ParentEdgeKind() != edge.DeferStmt_Call || body(end) != f.cur {
			continue
		}
		for _, u := range p.uses.called(executorOf(p.of.Type()).submits...) {
			if u.in == f && body(u.at) == f.cur && u.at.Node().Pos() > end.Node().End() {
				return &fault{at: u.at.Node().Pos(), note: f.oneLine(end.Node()) + " before it",
					edits: []edit{{end.Parent().Node().Pos(), end.Node().Pos(), ""}}}
			}
		}
	}
	return nil
}

// poolPerIteration makes a pool anew in each iteration of the loop that uses it, and closes it there.
func poolPerIteration(f *function) *fault {
	for _, p := range f.pools() {
		a, ok := p.made.Node().(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			continue
		}
		var names []string
		for _, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok && f.TypesInfo.Defs[id] == p.of {
				names = append(names, p.of.Name())
			} else {
				names = append(names, "_")
			}
		}
		for _, u := range p.uses.called(executorOf(p.of.Type()).submits...) {
			loop := around(u.at, (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil))
			if u.in != f || !loop.Valid() || body(loop) != f.cur || body(u.at) != f.cur || loop.Node().Pos() < p.made.Node().End() {
				continue
			}
			block := loopBody(loop)
			if slices.ContainsFunc(p.ends, func(u use) bool { return loop.Contains(u.at) }) || leaves(block) {
				continue
			}
			return &fault{at: block.Lbrace, note: "another " + p.of.Name() + " in each iteration", edits: []edit{
				insert(block.Lbrace+1, fmt.Sprintf(" %s := %s;", strings.Join(names, ", "), f.oneLine(a.Rhs[0]))),
				insert(block.Rbrace, "; "+f.oneLine(p.ends[0].at.Node())+" "),
			}}
		}
	}
	return nil
}

// poolPerRequest makes in a handler the pool that the package makes once.
func poolPerRequest(f *function) *fault {
	if !f.handles() {
		return nil
	}
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		sel, ok := c.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr)
		t := f.typeOf(sel, ok)
		if t == nil || !isPool(t) || !f.submits(c.Node().(*ast.CallExpr)) {
			continue
		}
		shared, ok := f.object(sel.X).(*types.Var)
		if !ok || !shared.IsField() && shared.Parent() != f.Types.Scope() {
			continue
		}
		made, failing := f.constructor(shared)
		if made == "" {
			continue
		}
		names := "own"
		if failing {
			names += ", _"
		}
		at := f.decl.Body.Lbrace
		return &fault{at: at, note: "a pool for each request", edits: []edit{
			insert(at+1, fmt.Sprintf(" %s := %s; defer own.%s();", names, made, executorOf(t).closes[0])),
			replace(sel.X, "own"),
		}}
	}
	return nil
}

// handles reports whether a function is called for each request.
func (f *function) handles() bool {
	o, ok := f.TypesInfo.Defs[f.decl.Name].(*types.Func)
	if !ok {
		return false
	}
	for v := range o.Signature().Params().Variables() {
		if path, name := named(v.Type()); path == "net/http" && name == "Request" {
			return true
		}
	}
	return false
}

// constructor is the text of the only call that makes the value of a field or variable of the package, with
// constants as arguments, and whether it also gives an error.
func (f *function) constructor(v *types.Var) (text string, failing bool) {
	var calls []*ast.CallExpr
	add := func(e ast.Expr) {
		if call, ok := e.(*ast.CallExpr); ok {
			calls = append(calls, call)
		}
	}
	for c := range f.cur.Inspector().Root().Preorder((*ast.AssignStmt)(nil), (*ast.KeyValueExpr)(nil), (*ast.ValueSpec)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			if f.object(n.Lhs[0]) == v && len(n.Rhs) == 1 {
				add(n.Rhs[0])
			}
		case *ast.KeyValueExpr:
			if f.object(n.Key) == v {
				add(n.Value)
			}
		case *ast.ValueSpec:
			if f.TypesInfo.Defs[n.Names[0]] == v && len(n.Values) == 1 {
				add(n.Values[0])
			}
		}
	}
	if len(calls) != 1 {
		return "", false
	}
	var args []string
	for _, a := range calls[0].Args {
		value := f.TypesInfo.Types[a].Value
		if value == nil {
			return "", false
		}
		args = append(args, value.ExactString())
	}
	callee := typeutil.StaticCallee(f.TypesInfo, calls[0])
	if callee == nil || callee.Signature().Recv() != nil || executorOf(callee.Signature().Results().At(0).Type()) == nil {
		return "", false
	}
	name := callee.Name()
	if q := f.qualify(callee.Pkg()); q != "" {
		name = q + "." + name
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", ")), callee.Signature().Results().Len() > 1
}

func loopBody(loop inspector.Cursor) *ast.BlockStmt {
	switch l := loop.Node().(type) {
	case *ast.ForStmt:
		return l.Body
	case *ast.RangeStmt:
		return l.Body
	}
	return nil
}

// submitsToOwn adds to a task of a bounded executor a task of the same, and waits for it.
func submitsToOwn(f *function) *fault {
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		sel, ok := call.Fun.(*ast.SelectorExpr)
		e := executorOf(f.typeOf(sel, ok))
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

// takesTwice adds to a task that holds a token of a channel another take of one.
func takesTwice(f *function) *fault {
	for _, s := range f.semaphores() {
		if len(s.takes) != 1 || len(s.gives) == 0 || s.conditional {
			continue
		}
		take := s.takes[0]
		send, ok := take.Node().(*ast.SendStmt)
		if !ok || clauseOf(take).Valid() {
			continue
		}
		ch := f.oneLine(send.Chan)
		again := fmt.Sprintf(" %s <- struct{}{}; <-%s;", ch, ch)
		own, _ := f.taskOf(take)
		for _, g := range s.gives {
			task, lost := f.taskOf(g)
			if !task.Valid() || lost {
				continue
			}
			lit, ok := task.Node().(*ast.FuncLit)
			if !ok || body(task) != f.cur && body(task) != body(take) {
				continue
			}
			if own == task {
				return &fault{at: send.Pos(), note: "another" + again, edits: []edit{insert(send.End(), ";"+strings.TrimSuffix(again, ";"))}}
			}
			if task.Node().Pos() > send.End() {
				return &fault{at: lit.Body.Lbrace, note: "another" + again, edits: []edit{insert(lit.Body.Lbrace+1, again)}}
			}
		}
	}
	return nil
}
