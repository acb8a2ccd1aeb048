package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// returns are the ends of functions and of goroutines, with what they leave behind.
type returns struct{ *run }

// end takes the goroutine away. Of one that was there before it is not known why it has gone, and who
// does its work then: strangers may.
func (r returns) end(i int) {
	if r.t.native {
		for _, v := range r.x.keepers.mentions(r.t.spawn.Body) {
			for _, w := range r.s.held(v) {
				r.objects.blur(w)
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

// An exit is where a function has returned.
type exit struct {
	from *syntax.Func
	at   ast.Node
	told bool // the end of a loop that goes on until it is told to end
}

// depart notes that a function has returned for what it has made and kept to itself, and for what else it had, if it
// was called by the one that is explored. What is in fields others may have.
func (r returns) depart(f *frame) {
	var e *exit
	for i := range r.s.things {
		th := &r.s.things[i]
		if th.kind != channel && th.kind != group || th.gone != nil && r.makes(th.gone.from, th) {
			continue
		}
		is := func(w value) bool { return r.s.thing(w) == th }
		had := r.t.spawn == nil && slices.ContainsFunc(f.env, func(b binding) bool { return is(b.w) })
		if !had && !r.makes(f.code.fn, th) || slices.ContainsFunc(f.result, is) {
			continue
		}
		if e == nil {
			e = &exit{f.code.fn, f.exit, r.x.deadlocks.toldToEnd(f.exit)}
		}
		th.gone = e
	}
}

// makes reports whether a function has made something.
func (r returns) makes(f *syntax.Func, th *thing) bool {
	if th.site == nil || th.site.Pos() < f.Node.Pos() || f.Node.End() <= th.site.Pos() {
		return false
	}
	at, ok := r.x.pkg.Root.FindNode(th.site)
	return ok && r.x.pkg.FuncAt(at) == f
}

// unwind leaves the function at the top: its deferred calls first.
func (r returns) unwind() bool {
	f := r.top()
	if n := len(f.defers); n > 0 {
		d := f.defers[n-1]
		f.defers = slices.Clip(f.defers[:n-1])
		if r.invocations.call(d.call, d.fn, d.args, nil) == dead {
			return false
		}
		if called := r.top(); called != f {
			called.late = true
		}
		return true
	}
	if f.exit != nil {
		r.depart(f)
	}
	if len(r.t.frames) == 1 {
		switch {
		case r.t.spawn == nil && r.s.left == nil:
			r.s.left, r.s.asked = f.exit, r.x.deadlocks.toldToEnd(f.exit)
			r.handOver(f.result)
		case r.t.spawn == nil:
			for _, v := range f.result {
				r.objects.blur(v)
			}
			r.leaveIn(f.code.fn, func(v *types.Var) bool {
				u := r.x.uses[v]
				return u != nil && contains(r.x.surroundings.reach(f.code.fn, false), u.made)
			})
		case len(f.result) > 0 && f.result[len(f.result)-1].kind != null:
			r.fail()
		}
	}
	r.holdings.leave(f)
	r.t.frames = r.t.frames[:len(r.t.frames)-1]
	if len(r.t.frames) > 0 && f.call != nil {
		r.keep(r.top(), f.call, f.result)
	}
	return true
}

// fail notes that a task may have ended with an error: that ends the context of its group.
func (r returns) fail() {
	for _, g := range r.t.groups {
		if ctx := r.s.things[g].parent; ctx != none {
			r.s.things[ctx].expires = true
		}
	}
}

// handOver gives strangers what the function that is explored returns. What it leaves in fields is for
// those to use whom they may call: they are called, one after the other.
func (r returns) handOver(result []value) {
	for _, v := range result {
		if r.objects.object(v) == none {
			r.objects.blur(v)
		}
		r.objects.keepAll(v)
	}
	for _, b := range r.s.fields {
		r.objects.keepAll(b.w)
	}
	natives := slices.ContainsFunc(r.s.threads, func(t *thread) bool { return t.native })
	f := r.top()
	ret, ok := f.exit.(*ast.ReturnStmt)
	failed := ok && f.code.graph.Fails(f.facts, ret)
	r.s.over = r.x.exits.After(f.code.fn) || failed && r.x.exits.WithError(f.code.fn)
	r.x.exited[f.code.fn] = r.x.exited[f.code.fn] || r.s.over
	if !failed { // else what it owns was not made
		r.t.then = r.x.surroundings.callers(f.code.fn, r.s)
	}
	if len(r.t.then) > 0 || natives {
		return
	}
	r.leaveIn(r.top().code.fn, func(*types.Var) bool { return true })
}

// leaveIn gives strangers what a function leaves in fields that live on, but for what they set anew before they
// do anything with it.
func (r returns) leaveIn(f *syntax.Func, which func(*types.Var) bool) {
	for _, v := range r.s.holders() {
		if which(v) && r.x.keepers.keeps(f, v) && !r.x.strangers.forgets(f, v) {
			for _, w := range r.s.held(v) {
				if th := r.s.thing(w); th == nil || r.s.lives(v, th) {
					r.objects.blur(w)
				}
			}
		}
	}
}
