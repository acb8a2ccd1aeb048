package purpose

import (
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Workers is what the workers that a spawn starts are for, by a directive above the loop around it, or above
// the channel that they take their work from, and what a message calls them.
func (p *Purposes) Workers(s *sites.Spawn) (Purpose, string) {
	if i := intent(func(name string) bool { return p.covered(s.Pos(), name) }); i != catalog.AnyIntent {
		return Purpose{i, why[byDirective]}, "of these workers"
	}
	for _, o := range p.takes(s.Body) {
		for _, v := range o.Class.Vars {
			if i := p.markedAs(v); i != catalog.AnyIntent {
				return Purpose{i, why[byDirective]}, v.Name()
			}
		}
	}
	return Purpose{}, ""
}

// takes are the operations by which a worker takes its work from a channel, itself or in a function that it
// calls: func() { defer wg.Done(); s.work(jobs) }.
func (p *Purposes) takes(body *syntax.Func) []*resource.Op {
	if body == nil {
		return nil
	}
	if own := p.loops(body); len(own) > 0 {
		return own
	}
	var all []*resource.Op
	for _, c := range p.Calls(body) {
		if f := p.Decl(c.Callee); f != nil && f != body && c.Go == nil {
			all = append(all, p.loops(f)...)
		}
	}
	return all
}

// loops are the operations of a function that receive again and again.
func (p *Purposes) loops(f *syntax.Func) []*resource.Op {
	var all []*resource.Op
	for _, f := range p.Here(f) {
		for _, o := range p.Resources.Ops(f) {
			if o.Kind == resource.Range || o.Kind == resource.Receive && o.InLoop() {
				all = append(all, o)
			}
		}
	}
	return all
}

// Takes reports whether the operation at a position is one by which the worker that a spawn starts takes its
// work.
func (p *Purposes) Takes(s *sites.Spawn, at func(*resource.Op) bool) bool {
	for _, o := range p.takes(s.Body) {
		if at(o) {
			return true
		}
	}
	return false
}

// markedAs is what the directives on the declaration of a variable say.
func (p *Purposes) markedAs(v *types.Var) catalog.Intent {
	return intent(func(name string) bool { return p.marked(v, name) })
}

// intent is what directives say; nothing if both are there.
func intent(has func(directive string) bool) catalog.Intent {
	io, cpu := has("io"), has("cpu")
	switch {
	case io && !cpu:
		return catalog.IO
	case cpu && !io:
		return catalog.CPU
	}
	return catalog.AnyIntent
}
