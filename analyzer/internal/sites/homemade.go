package sites

import (
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Homemade is a struct of the package that is a pool: it has a channel that its workers range over, or ask
// in a loop beside another, until one of its methods closes it.
type Homemade struct {
	Ends []*types.Var // the fields of the channels that end the workers

	work []*resource.Op // what the workers do that lasts until then
}

// Homemade is the home-made pool that a type of the package is, or points to; nil if it is none.
func (p *Package) Homemade(t types.Type) *Homemade {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() != p.Types {
		return nil
	}
	if p.homes == nil {
		p.homes = homes(p)
	}
	return p.homes[n.Origin().Obj()]
}

func homes(p *Package) map[*types.TypeName]*Homemade {
	all := map[*types.TypeName]*Homemade{}
	for _, class := range p.Resources.Classes {
		if class.Kind != resource.Channel {
			continue
		}
		var work []*resource.Op
		for _, o := range class.Ops {
			if lasts(p, class, o) {
				work = append(work, o)
			}
		}
		if len(work) == 0 {
			continue
		}
		for _, v := range class.Vars {
			owner := ownerOf(p, v)
			if owner == nil || !slices.ContainsFunc(class.Ops, func(o *resource.Op) bool { return o.Kind == resource.Close && methodOf(o.In, owner) }) {
				continue
			}
			h := all[owner]
			if h == nil {
				h = new(Homemade)
				all[owner] = h
			}
			h.Ends = append(h.Ends, v)
			h.work = append(h.work, work...)
		}
	}
	return all
}

// lasts reports whether an operation keeps a goroutine of the package for as long as its channel is open: a
// loop until then, or a receive in a loop that takes work from another channel, too.
func lasts(p *Package, class *resource.Class, o *resource.Op) bool {
	if o.In == nil || !slices.ContainsFunc(p.Resources.Entries(o.In), func(e resource.Entry) bool { return e.Spawn != nil }) {
		return false
	}
	if o.UntilClosed(p.Package) {
		return true
	}
	if o.Kind != resource.Receive || !o.InLoop() {
		return false
	}
	loop := syntax.Loops(o.Cur)[0].Node()
	return slices.ContainsFunc(p.Resources.Ops(o.In), func(other *resource.Op) bool {
		return other.Kind == resource.Receive && other.Class.Kind == resource.Channel && other.Class != class && loop.Pos() <= other.Cur.Node().Pos() && other.Cur.Node().End() <= loop.End()
	})
}

// ownerOf is the struct of the package that a field belongs to, or nil.
func ownerOf(p *Package, v *types.Var) *types.TypeName {
	if !v.IsField() || v.Pkg() != p.Types {
		return nil
	}
	for _, name := range p.Types.Scope().Names() {
		t, ok := p.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok || t.IsAlias() {
			continue
		}
		if st, ok := t.Type().Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				if f.Origin() == v {
					return t
				}
			}
		}
	}
	return nil
}

// methodOf reports whether a function, or one around it, is a method of a type.
func methodOf(f *syntax.Func, t *types.TypeName) bool {
	if f == nil {
		return false
	}
	if f = f.Declared(); f == nil || f.Sig.Recv() == nil {
		return false
	}
	n := syntax.Named(f.Sig.Recv().Type())
	return n != nil && n.Obj() == t
}

// Starts reports whether a function starts the workers, itself or by what it calls.
func (h *Homemade) Starts(p *Package, f *syntax.Func) bool {
	return h.starts(p, f, map[*syntax.Func]bool{})
}

func (h *Homemade) starts(p *Package, f *syntax.Func, seen map[*syntax.Func]bool) bool {
	if seen[f] {
		return false
	}
	seen[f] = true
	for _, o := range h.work {
		for _, e := range p.Resources.Entries(o.In) {
			if e.Spawn != nil && e.Spawn.Call.In != nil && e.Spawn.Call.In.Declared() == f.Declared() {
				return true
			}
		}
	}
	return slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		target := p.Decl(c.Callee)
		return target != nil && h.starts(p, target, seen)
	})
}
