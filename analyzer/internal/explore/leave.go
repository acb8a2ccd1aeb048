package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// end takes the goroutine away. Of one that was there before it is not known why it has gone, and who
// does its work then: strangers may.
func (r *run) end(i int) {
	if r.t.native {
		for _, v := range r.x.mentions(r.t.spawn.Body) {
			for _, w := range r.s.held(v) {
				r.blur(w)
			}
		}
	}
	if r.t.spawn != nil {
		if r.s.ended == nil {
			r.s.ended = map[*sites.Spawn]int{}
		}
		r.s.ended[r.t.spawn]++
	}
	for _, g := range r.t.groups {
		r.s.things[g].count--
	}
	r.s.threads = slices.Delete(r.s.threads, i, i+1)
}

// unwind leaves the function at the top: its deferred calls first.
func (r *run) unwind() bool {
	f := r.top()
	if n := len(f.defers); n > 0 {
		d := f.defers[n-1]
		f.defers = slices.Clip(f.defers[:n-1])
		return r.call(d.call, d.fn, d.args, nil) != dead
	}
	if len(r.t.frames) == 1 {
		switch {
		case r.t.spawn == nil && r.s.left == nil:
			r.s.left = f.exit
			r.handOver(f.result)
		case r.t.spawn == nil:
			for _, v := range f.result {
				r.blur(v)
			}
			r.leaveIn(f.code.fn, func(v *types.Var) bool {
				u := r.x.uses[v]
				return u != nil && contains(r.x.reach(f.code.fn, false), u.made)
			})
		case len(f.result) > 0 && f.result[len(f.result)-1].kind != null:
			r.fail()
		}
	}
	r.leave(f)
	r.t.frames = r.t.frames[:len(r.t.frames)-1]
	if len(r.t.frames) > 0 && f.call != nil {
		r.keep(r.top(), f.call, f.result)
	}
	return true
}

// fail notes that a task may have ended with an error: that ends the context of its group.
func (r *run) fail() {
	for _, g := range r.t.groups {
		if ctx := r.s.things[g].parent; ctx != none {
			r.s.things[ctx].expires = true
		}
	}
}

// handOver gives strangers what the function that is explored returns. What it leaves in fields is for
// those to use whom they may call: they are called, one after the other.
func (r *run) handOver(result []value) {
	for _, v := range result {
		if r.object(v) == none {
			r.blur(v)
		}
		r.keepAll(v)
	}
	for _, b := range r.s.fields {
		r.keepAll(b.w)
	}
	natives := slices.ContainsFunc(r.s.threads, func(t *thread) bool { return t.native })
	f := r.top()
	ret, ok := f.exit.(*ast.ReturnStmt)
	failed := ok && f.code.graph.Fails(f.facts, ret)
	r.s.over = r.x.exits.After(f.code.fn) || failed && r.x.exits.WithError(f.code.fn)
	if !failed { // else what it owns was not made
		r.t.then = r.x.callers(f.code.fn, r.s)
	}
	if len(r.t.then) > 0 || natives {
		return
	}
	r.leaveIn(r.top().code.fn, func(*types.Var) bool { return true })
}

// leaveIn gives strangers what a function leaves in fields that live on, but for what they set anew before they
// do anything with it.
func (r *run) leaveIn(f *syntax.Func, which func(*types.Var) bool) {
	for _, v := range r.s.holders() {
		if which(v) && r.x.keeps(f, v) && !r.x.forgets(f, v) {
			for _, w := range r.s.held(v) {
				r.blur(w)
			}
		}
	}
}

// keepAll notes that an object lives on, with those in its fields.
func (r *run) keepAll(v value) {
	if v.kind == several {
		for _, w := range v.list.items {
			r.keepAll(w)
		}
	}
	n := r.object(v)
	if n == none || r.s.things[n].kept {
		return
	}
	r.s.things[n].kept = true
	for _, b := range r.s.things[n].fields {
		r.keepAll(b.w)
	}
	if st, ok := r.s.things[n].typ.Underlying().(*types.Struct); ok {
		for f := range st.Fields() { // what has been called before, nobody knows
			if r.x.counts[f.Origin()] {
				r.setField(n, f, value{})
			}
		}
	}
}
