package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

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
			sel, on := f.method(n)
			if path, _ := named(on); path != "golang.org/x/sync/semaphore" {
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
	sel, on := f.method(n)
	if on == nil {
		return true
	}
	if isWaitGroup(on) {
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
