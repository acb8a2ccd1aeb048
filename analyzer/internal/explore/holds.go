package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// holds is the set of things that a goroutine can reach: of objects, by the fields that it speaks of.
func (x *Explorer) holds(s *state, t *thread) map[int]bool {
	h := holding{x: x, s: s, set: map[int]bool{}, seen: map[heldBy]bool{}}
	for _, f := range t.frames {
		fn := f.code.fn
		h.env(f.env, fn)
		for _, d := range f.defers {
			h.add(d.fn, fn)
			for _, v := range d.args {
				h.add(v, fn)
			}
		}
		for _, n := range slices.Concat(f.over, f.temps) {
			for _, v := range n.vs {
				h.add(v, fn)
			}
		}
		h.shared(fn)
	}
	if t.one != nil {
		h.add(t.one.at, nil)
	}
	for _, f := range t.then {
		h.shared(f)
		for i := range s.things {
			if s.things[i].kind == object {
				h.add(value{kind: aThing, n: i}, f)
			}
		}
	}
	for _, g := range t.groups {
		h.set[g] = true
	}
	return h.set
}

type holding struct {
	x    *Explorer
	s    *state
	set  map[int]bool
	seen map[heldBy]bool
}

type heldBy struct {
	thing int
	by    *syntax.Func
}

func (h *holding) env(e env, by *syntax.Func) {
	for _, b := range e {
		h.add(b.w, by)
	}
}

func (h *holding) shared(by *syntax.Func) {
	for _, f := range h.x.mentions(by) {
		if w, ok := h.s.fields.lookup(f); ok && w.kind != function {
			h.add(w, by)
		}
	}
}

func (h *holding) add(v value, by *syntax.Func) {
	switch v.kind {
	case function:
		h.env(v.fn.env, v.fn.fn)
		h.shared(v.fn.fn)
	case several:
		for _, w := range v.list.items {
			h.add(w, by)
		}
	case aThing, cancels, doneOf, ticksOf:
		k := heldBy{v.n, by}
		if h.seen[k] {
			return
		}
		h.seen[k], h.set[v.n] = true, true
		t := &h.s.things[v.n]
		for _, w := range t.queue {
			h.add(w, by)
		}
		if t.kind == object && by != nil {
			for _, f := range h.x.mentions(by) {
				if w, ok := t.fields.lookup(f); ok {
					h.add(w, by)
				}
			}
		}
	}
}

// mentions are the fields and package variables that a function, or one that it calls, speaks of.
func (x *Explorer) mentions(f *syntax.Func) []*types.Var {
	c := x.code(f)
	if c.fields != nil {
		return c.fields
	}
	seen := map[*syntax.Func]bool{}
	vars := map[*types.Var]bool{}
	c.fields = []*types.Var{}
	var visit func(f *syntax.Func)
	visit = func(f *syntax.Func) {
		if seen[f] {
			return
		}
		seen[f] = true
		m := x.mentioned(f)
		for _, v := range m.vars {
			if !vars[v] {
				vars[v] = true
				c.fields = append(c.fields, v)
			}
		}
		for _, g := range m.calls {
			visit(g)
		}
	}
	visit(f)
	return c.fields
}

// A mention is what stands in one function, its literals included: fields and package variables, and functions
// that it calls.
type mention struct {
	vars  []*types.Var
	calls []*syntax.Func
}

func (x *Explorer) mentioned(f *syntax.Func) *mention {
	if m := x.spoken[f]; m != nil {
		return m
	}
	m := &mention{}
	x.spoken[f] = m
	vars, calls := map[*types.Var]bool{}, map[*syntax.Func]bool{nil: true}
	for cur := range f.Cur.Preorder((*ast.Ident)(nil), (*ast.CallExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.Ident:
			v, ok := x.pkg.Info.Uses[n].(*types.Var)
			if !ok {
				continue
			}
			if v = v.Origin(); x.global(v) && !vars[v] {
				vars[v] = true
				m.vars = append(m.vars, v)
			}
		case *ast.CallExpr:
			call := x.pkg.Call(n)
			if call == nil {
				continue
			}
			if g := x.callee(call); !calls[g] {
				calls[g] = true
				m.calls = append(m.calls, g)
			}
		}
	}
	return m
}
