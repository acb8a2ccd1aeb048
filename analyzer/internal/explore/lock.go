package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// holdings are the locks and places that a goroutine takes and gives back.
type holdings struct{ *run }

// locking says which locks guard a wait.
type locking struct{ *Explorer }

// Who waits for a lock waits for who holds it, and that one may wait for others. Locks of which
// nobody waits for others meanwhile are always given back: they are not followed.

// guard is the lock that a call takes or gives back, if it is one that is followed; else nil.
func (x locking) guard(c *syntax.Call) *types.Var {
	v := x.lock(c)
	if v == nil || !x.guards[v] {
		return nil
	}
	return v
}

// lock is the variable or field that holds the lock that a call takes or gives back; nil if it does neither.
func (x locking) lock(c *syntax.Call) *types.Var {
	if c.Callee == nil {
		return nil
	}
	if e := effectOf(c.Callee); e < locks || e > unlocksShared {
		return nil
	}
	sel, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	s := x.pkg.Info.Selections[sel]
	if s == nil {
		return nil
	}
	t := s.Recv()
	v := x.pkg.Variable(sel.X)
	for _, i := range s.Index()[:len(s.Index())-1] {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		v = st.Field(i).Origin()
		t = v.Type()
	}
	return v
}

func isLock(t types.Type) bool {
	return syntax.Is(t, "sync", "Mutex") || syntax.Is(t, "sync", "RWMutex")
}

// findGuards finds the locks that are held while a goroutine waits for others.
func (x locking) findGuards() {
	x.guards = map[*types.Var]bool{}
	waits := x.waiting()
	for _, f := range x.funcs {
		type span struct{ from, to token.Pos }
		held := map[*types.Var][]span{}
		for _, c := range f.Calls {
			v := x.lock(c)
			if v == nil {
				continue
			}
			if e := effectOf(c.Callee); e == locks || e == locksShared {
				held[v] = append(held[v], span{c.Expr.End(), f.Node.End()})
			}
		}
		if len(held) == 0 {
			continue
		}
		for _, c := range f.Calls {
			if v := x.lock(c); v != nil && c.Defer == nil && effectOf(c.Callee) >= unlocks {
				for i, s := range held[v] {
					if s.from < c.Expr.Pos() && c.Expr.Pos() < s.to {
						held[v][i].to = c.Expr.Pos()
					}
				}
			}
		}
		for _, at := range x.waitsAt(f, waits) {
			for v, spans := range held {
				if slices.ContainsFunc(spans, func(s span) bool { return s.from <= at && at < s.to }) {
					x.guards[v] = true
				}
			}
		}
	}
}

// waiting is the set of functions that wait for others, themselves or in what they call.
func (x locking) waiting() map[*syntax.Func]bool {
	var todo []*syntax.Func
	for _, f := range x.funcs {
		if len(x.waitsAt(f, nil)) > 0 {
			todo = append(todo, f)
		}
	}
	set := map[*syntax.Func]bool{}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if set[f] {
			continue
		}
		set[f] = true
		for _, c := range f.Callers {
			if c.Go == nil {
				todo = append(todo, c.In)
			}
		}
		if f.Outer != nil && !x.surroundings.startedLit(f) {
			todo = append(todo, f.Outer)
		}
	}
	return set
}

// waitsAt lists where a function waits for others, or calls who does.
func (x locking) waitsAt(f *syntax.Func, waits map[*syntax.Func]bool) (list []token.Pos) {
	for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil)) {
		if x.pkg.FuncAt(cur) != f {
			continue
		}
		switch n := cur.Node().(type) {
		case *ast.SendStmt:
			list = append(list, n.Pos())
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				list = append(list, n.Pos())
			}
		case *ast.RangeStmt:
			if t := x.pkg.Info.TypeOf(n.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					list = append(list, n.Pos())
				}
			}
		case *ast.CallExpr:
			c := x.pkg.Call(n)
			if c == nil || c.Go != nil {
				continue
			}
			if row := x.pkg.Catalog.Func(c.Callee); row != nil && row.Role == catalog.Wait {
				list = append(list, n.Pos())
			} else if g := x.codes.callee(c); g != nil && waits[g] {
				list = append(list, n.Pos())
			}
		}
	}
	return list
}

// mutex is the lock that a call takes or gives back.
func (r holdings) mutex(c *syntax.Call) *thing {
	if r.x.locking.guard(c) == nil {
		return nil
	}
	if t := r.s.thing(r.objects.receiver(c)); t != nil && t.kind == lock {
		return t
	}
	return nil
}

// locked does what a method of a lock does.
func (r holdings) locked(e effect, c *syntax.Call) {
	v := r.objects.receiver(c)
	t := r.mutex(c)
	if t == nil {
		return
	}
	switch e {
	case locks:
		t.count = t.size
		r.takes(v.n)
	case locksShared:
		t.count++
		r.takes(v.n)
	case unlocks, unlocksShared:
		if e == unlocks {
			t.count = 0
		} else {
			t.count = max(t.count-1, 0)
		}
		r.gives(v.n)
	}
}

// takes notes that a goroutine has taken a lock, or a place of a semaphore.
func (r holdings) takes(n int) { r.t.has = append(slices.Clip(r.t.has), n) }

// gives notes that it has given one back: its own, or what another one has left it.
func (r holdings) gives(n int) {
	i := slices.Index(r.s.threads, r.t)
	if !slices.Contains(r.t.has, n) {
		i = slices.IndexFunc(r.s.threads, func(t *thread) bool { return slices.Contains(t.has, n) })
	}
	if i < 0 {
		return
	}
	t := r.t
	if t != r.s.threads[i] {
		t = r.s.own(i)
	}
	k := slices.Index(t.has, n)
	t.has = slices.Concat(t.has[:k], t.has[k+1:])
}

// placed does what a method does with the semaphore that it is called on.
func (r holdings) placed(c *syntax.Call, args []value) doing {
	g := r.objects.receiver(c)
	t := r.s.thing(g)
	if t == nil {
		return goesOn
	}
	switch r.x.slots.place(r.x.pkg.Callee(c)) {
	case summary.Takes:
		t.count++
		r.takes(g.n)
	case summary.Gives:
		t.count = max(t.count-1, 0)
		r.gives(g.n)
	case summary.Holds:
		sum := r.x.pkg.Summary(r.x.pkg.Callee(c))
		for i, a := range args {
			if p := sum.Param(i); p == nil || p.Task != summary.Called || a.kind != function || a.fn.fn == nil || !r.x.codes.busy(a.fn.fn) {
				continue
			}
			if d := r.invocations.invoke(a.fn.fn, a, nil, nil, nil); d != goesOn {
				return d
			}
			t.count++
			r.takes(g.n)
			r.top().within = g
			break
		}
	}
	return goesOn
}

// leave gives back the place in which a function has run.
func (r holdings) leave(f *frame) {
	if t := r.s.thing(f.within); t != nil {
		t.count = max(t.count-1, 0)
		r.gives(f.within.n)
	}
}
