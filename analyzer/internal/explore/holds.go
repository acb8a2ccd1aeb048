package explore

import (
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

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
	for _, f := range h.x.keepers.mentions(by) {
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
			for _, f := range h.x.keepers.mentions(by) {
				if w, ok := t.fields.lookup(f); ok {
					h.add(w, by)
				}
			}
		}
	}
}

// A mention is what stands in one function, its literals included: fields and package variables, and functions
// that it calls.
type mention struct {
	vars  []*types.Var
	calls []*syntax.Func
}
