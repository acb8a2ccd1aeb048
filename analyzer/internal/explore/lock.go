package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Who waits for a lock waits for who holds it, and that one may wait for others. Locks of which
// nobody waits for others meanwhile are always given back: they are not followed.

// guard is the lock that a call takes or gives back, if it is one that is followed; else nil.
func (x *Explorer) guard(c *syntax.Call) *types.Var {
	v := x.lock(c)
	if v == nil || !x.guards[v] {
		return nil
	}
	return v
}

// lock is the variable or field that holds the lock that a call takes or gives back; nil if it does neither.
func (x *Explorer) lock(c *syntax.Call) *types.Var {
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
func (x *Explorer) findGuards() {
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
func (x *Explorer) waiting() map[*syntax.Func]bool {
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
		if f.Outer != nil && !x.startedLit(f) {
			todo = append(todo, f.Outer)
		}
	}
	return set
}

// waitsAt lists where a function waits for others, or calls who does.
func (x *Explorer) waitsAt(f *syntax.Func, waits map[*syntax.Func]bool) (list []token.Pos) {
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
			} else if g := x.callee(c); g != nil && waits[g] {
				list = append(list, n.Pos())
			}
		}
	}
	return list
}

// mutex is the lock that a call takes or gives back.
func (r *run) mutex(c *syntax.Call) *thing {
	if r.x.guard(c) == nil {
		return nil
	}
	if t := r.s.thing(r.receiver(c)); t != nil && t.kind == lock {
		return t
	}
	return nil
}

// locked does what a method of a lock does.
func (r *run) locked(e effect, c *syntax.Call) {
	v := r.receiver(c)
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
func (r *run) takes(n int) { r.t.has = append(slices.Clip(r.t.has), n) }

// gives notes that it has given one back: its own, or what another one has left it.
func (r *run) gives(n int) {
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
