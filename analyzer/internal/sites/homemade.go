package sites

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// homemade knows the executors, groups and futures that the program has made itself, by what their bodies do.
type homemade struct{ *Package }

// A Homemade is a struct of the package that is a pool: its workers range over a channel, ask one in a loop
// beside another, or wait for a condition, until one of its methods closes the channel, ends the context, or
// sets the flag that they look at.
type Homemade struct {
	Ends []*types.Var // the fields that end the workers: channels, functions that end a context, flags

	work  []*syntax.Func    // where the workers wait for work until then
	in    []*resource.Class // the channels from which they take it
	conds []*types.Var      // the conditions that say that there is some
}

// A Taking is how a function hands work to the workers of a home-made pool.
type Taking struct {
	Closed bool // it sends on the channel whose end ends them, which panics then
}

// Takes tells whether a function gives the workers something to do, and how.
func (h *Homemade) Takes(p *Package, f *syntax.Func) (Taking, bool) {
	if f == nil {
		return Taking{}, false
	}
	for _, o := range p.Resources.Ops(f) {
		if o.Kind == resource.Send && slices.Contains(h.in, o.Class) {
			return Taking{Closed: slices.ContainsFunc(h.Ends, func(v *types.Var) bool { return p.Resources.Var(v) == o.Class })}, true
		}
	}
	return Taking{}, f.Sig.Params().Len() > 0 && slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		return c.Callee != nil && c.Callee.FullName() == "(*sync.Cond).Signal" && slices.Contains(h.conds, p.Variable(c.Recv()))
	})
}

// Handed are the sends by which a function, its literals included, gives the workers of home-made pools work.
func (p *Package) Handed(f *syntax.Func) []inspector.Cursor {
	var all []inspector.Cursor
	for _, g := range f.Nested() {
		for _, o := range p.Resources.Ops(g) {
			if _, ok := o.Cur.Node().(*ast.SendStmt); ok && o.Kind == resource.Send && p.homemade.feeds(o.Class) {
				all = append(all, o.Cur)
			}
		}
	}
	return all
}

// feeds reports whether the workers of a home-made pool take their work from a channel.
func (p homemade) feeds(class *resource.Class) bool {
	if p.homes == nil {
		p.homes = homes(p.Package)
	}
	for _, h := range p.homes {
		if slices.Contains(h.in, class) {
			return true
		}
	}
	return false
}

// Homemade is the home-made pool that a type of the package is, or points to, or that alone is behind an
// interface of the package; nil if it is none.
func (p *Package) Homemade(t types.Type) *Homemade {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() != p.Types {
		return nil
	}
	if p.homes == nil {
		p.homes = homes(p)
	}
	if face, ok := n.Underlying().(*types.Interface); ok {
		return p.homemade.behind(face)
	}
	return p.homes[n.Origin().Obj()]
}

// behind is the home-made pool that is the only type of the package with the methods of an interface.
func (p homemade) behind(face *types.Interface) *Homemade {
	if face.NumMethods() == 0 {
		return nil
	}
	var only *Homemade
	for _, name := range p.Types.Scope().Names() {
		t, ok := p.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok || t.IsAlias() || types.IsInterface(t.Type()) || !types.Implements(types.NewPointer(t.Type()), face) || p.Test(t.Pos()) {
			continue
		}
		if only != nil || p.homes[t] == nil {
			return nil
		}
		only = p.homes[t]
	}
	return only
}

// Wrapped is the field of a struct of the package that holds a library's pool whose workers live until it is
// closed, if a method of the struct closes it, and it holds no other; nil if a type is, or points to, none.
func (p *Package) Wrapped(t types.Type) *types.Var {
	return remembered(&p.wraps, p.homemade.own(t), p.homemade.ownWrapped)
}

// own is the name of the type of the package that a type is, or points to; nil if it is none, or one that the
// catalogue knows.
func (p homemade) own(t types.Type) *types.TypeName {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() != p.Types || p.Catalog.Type(t) != nil {
		return nil
	}
	return n.Origin().Obj()
}

// remembered is what is found of a type, which is looked for once; nil of no type.
func remembered[T any](known *map[*types.TypeName]*T, owner *types.TypeName, find func(*types.TypeName) *T) *T {
	if owner == nil {
		return nil
	}
	v, ok := (*known)[owner]
	if !ok {
		if *known == nil {
			*known = map[*types.TypeName]*T{}
		}
		v = find(owner)
		(*known)[owner] = v
	}
	return v
}

func (p homemade) ownWrapped(owner *types.TypeName) *types.Var {
	st, ok := owner.Type().Underlying().(*types.Struct)
	if !ok || p.Homemade(owner.Type()) != nil {
		return nil
	}
	var pool *types.Var
	for v := range st.Fields() {
		if row := p.Catalog.Type(v.Type()); row != nil && row.Kind == catalog.Executor {
			if !row.Closed || pool != nil || v.Exported() {
				return nil
			}
			pool = v.Origin()
		}
	}
	if pool == nil || !slices.ContainsFunc(p.Funcs, func(f *syntax.Func) bool {
		return f.Decl != nil && methodOf(f, owner) && (p.does(f, pool, catalog.Close) || p.does(f, pool, catalog.Stop))
	}) {
		return nil
	}
	return pool
}

func homes(p *Package) map[*types.TypeName]*Homemade {
	all := map[*types.TypeName]*Homemade{}
	add := func(owner *types.TypeName, end *types.Var, work ...*syntax.Func) *Homemade {
		h := all[owner]
		if h == nil {
			h = new(Homemade)
			all[owner] = h
		}
		h.Ends = append(h.Ends, end)
		h.work = append(h.work, work...)
		for _, f := range work {
			for _, o := range p.Resources.Ops(f) {
				if o.Class.Kind == resource.Channel && (o.Kind == resource.Receive || o.Kind == resource.Range) {
					h.in = append(h.in, o.Class)
				}
			}
		}
		return h
	}
	for _, class := range p.Resources.Classes {
		ended, by := class, resource.Close
		switch class.Kind {
		case resource.Channel:
		case resource.Cancel:
			if ended, by = class.Cancels, resource.Invoke; ended == nil {
				continue
			}
		default:
			continue
		}
		var work []*syntax.Func
		for _, o := range ended.Ops {
			if lasts(p, ended, o) {
				work = append(work, o.In)
			}
		}
		if len(work) == 0 {
			continue
		}
		for _, v := range class.Vars {
			owner := ownerOf(p, v)
			if owner != nil && slices.ContainsFunc(class.Ops, func(o *resource.Op) bool { return o.Kind == by && methodOf(o.In, owner) }) {
				add(owner, v, work...)
			}
		}
	}
	for _, f := range p.Funcs {
		cond := waitsForCondition(p, f)
		if cond == nil {
			continue
		}
		owner := ownerOf(p, cond)
		if owner == nil || !slices.ContainsFunc(p.Resources.Entries(f), func(e resource.Entry) bool { return e.Spawn != nil && again(p, e.Func, f) }) {
			continue
		}
		for _, flag := range flags(p, f, owner) {
			if slices.ContainsFunc(p.Var(flag).Defs, func(d syntax.Def) bool {
				return d.In != nil && d.In != f && methodOf(d.In, owner) && wakes(p, d.In, cond)
			}) {
				h := add(owner, flag, f)
				h.conds = append(h.conds, cond)
			}
		}
	}
	return all
}

// waitsForCondition is the field of the condition variable for which a function waits in a loop, or nil.
func waitsForCondition(p *Package, f *syntax.Func) *types.Var {
	for _, c := range f.Calls {
		if c.Callee != nil && c.Callee.FullName() == "(*sync.Cond).Wait" && len(syntax.Loops(c.Cur)) > 0 {
			if v := p.Variable(c.Recv()); v != nil && v.IsField() {
				return v
			}
		}
	}
	return nil
}

// wakes reports whether a function, or what it calls where it stands, wakes who waits for a condition.
func wakes(p *Package, f *syntax.Func, cond *types.Var) bool {
	return slices.ContainsFunc(p.Calls(f), func(c *syntax.Call) bool {
		return c.Callee != nil && c.Callee.FullName() == "(*sync.Cond).Broadcast" && p.Variable(c.Recv()) == cond
	})
}

// again reports whether a goroutine that starts at one function comes to another in a loop.
func again(p *Package, start, to *syntax.Func) bool {
	if start == to {
		return slices.ContainsFunc(to.Calls, func(c *syntax.Call) bool {
			return c.Callee != nil && c.Callee.FullName() == "(*sync.Cond).Wait" && len(syntax.Loops(c.Cur)) > 1
		})
	}
	return slices.ContainsFunc(start.Calls, func(c *syntax.Call) bool {
		target := p.Decl(c.Callee)
		return target == to && len(syntax.Loops(c.Cur)) > 0 || target != nil && target != start && target != to && len(target.Calls) > 0 && slices.ContainsFunc(target.Calls, func(c *syntax.Call) bool {
			return p.Decl(c.Callee) == to && len(syntax.Loops(c.Cur)) > 0
		})
	})
}

// flags are the flags among the fields of a struct that a function reads.
func flags(p *Package, f *syntax.Func, owner *types.TypeName) []*types.Var {
	var all []*types.Var
	st, ok := owner.Type().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for v := range st.Fields() {
		if basic, ok := v.Type().Underlying().(*types.Basic); ok && basic.Kind() == types.Bool &&
			slices.ContainsFunc(p.Var(v).Uses, func(u inspector.Cursor) bool { return p.FuncAt(u) == f }) {
			all = append(all, v)
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
	for _, work := range h.work {
		for _, e := range p.Resources.Entries(work) {
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
