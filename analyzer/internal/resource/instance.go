package resource

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// What a function is given, and what it returns, is another value at each call. So arguments are not
// joined with parameters, nor results with what callers make of them: a link says that one goes where the
// other is. A class is then what can be reached by links: two channels that go to one helper stay two,
// each with what the helper does; a channel that a helper makes is another for each call of the helper.
//
// Only resources have links. What they hold is joined, as functions and containers are.
type link struct {
	from, to *node
	of       *syntax.Func // of a result: the function that returns it
}

// linked reports whether values of a type are told apart by calls.
func (b values) linked(t types.Type) bool {
	k := b.kind(t)
	return k >= Channel && k != Context
}

// argue passes an argument to a parameter.
func (b values) argue(param, arg *node) {
	if param != nil && arg != nil && !b.frozen {
		b.links = append(b.links, link{from: arg, to: param})
	}
}

// returned is a result of a call of a function of the package.
func (b values) returned(n, result *node, f *syntax.Func) {
	if n != nil && result != nil {
		b.links = append(b.links, link{from: result, to: n, of: f})
	}
}

// settle joins what linked values hold, and the results of functions that return the same value again:
// a field, a variable of a function around it, a parameter.
func (b values) settle() {
	for again := true; again; {
		again = false
		for _, l := range b.links {
			from, to := l.from.find(), l.to.find()
			if from == to {
				continue
			}
			if (from.elem != nil || to.elem != nil) && b.elem(from) != b.elem(to) {
				b.join(from.elem, to.elem)
				again = true
			}
			if l.of != nil && shared(from, l.of) {
				b.join(from, to)
				again = true
			}
		}
	}
}

// shared reports whether a function may return the same value at two calls.
func shared(n *node, f *syntax.Func) bool {
	if n.held == nil {
		return false
	}
	return n.held.element || slices.ContainsFunc(n.held.vars, func(v *types.Var) bool {
		own := f.Body.Pos() <= v.Pos() && v.Pos() < f.Body.End()
		for r := range f.Sig.Results().Variables() {
			own = own || r == v
		}
		return v.IsField() || !own
	})
}

// An ends are the links of a class.
type ends struct {
	out, in []link
}

// instances gives each class what its links lead to.
func (b values) instances() {
	at := map[*node]*ends{}
	end := func(n *node) *ends {
		if at[n] == nil {
			at[n] = new(ends)
		}
		return at[n]
	}
	for _, l := range b.links {
		l.from, l.to = l.from.find(), l.to.find()
		if l.from != l.to && !slices.ContainsFunc(end(l.from).out, func(o link) bool { return o.to == l.to }) {
			end(l.from).out = append(end(l.from).out, l)
			end(l.to).in = append(end(l.to).in, l)
		}
	}
	type view struct {
		class     *Class
		of, given []*Class
	}
	var views []view
	for n, e := range at {
		w := &walk{at: at, seen: map[*node]bool{}}
		w.down(n, true)
		w.up(n, map[*node]bool{})
		v := view{class: n.class}
		for m := range w.seen {
			v.of = append(v.of, m.class)
		}
		for _, m := range w.sources {
			v.given = append(v.given, m.class)
		}
		n.class.passing = len(e.in) > 0 && !n.in && slices.ContainsFunc(e.in, func(l link) bool { return l.of == nil }) ||
			slices.ContainsFunc(e.out, func(l link) bool { return l.of != nil })
		views = append(views, v)
	}
	whole := make([]Class, len(views))
	for i, v := range views {
		whole[i] = merged(v.class, v.of, v.given)
	}
	for i, v := range views {
		*v.class = whole[i]
	}
}

// A walk finds the classes that are the same resource as one.
type walk struct {
	at      map[*node]*ends
	seen    map[*node]bool
	sources []*node
}

// down goes to the parameters of what a value is given to and, if asked, to the callers it is returned to.
func (w *walk) down(n *node, results bool) {
	w.seen[n] = true
	if w.at[n] == nil {
		return
	}
	for _, l := range w.at[n].out {
		if (results || l.of == nil) && !w.seen[l.to] {
			w.down(l.to, true)
		}
	}
}

// up goes to where a value comes from. Of what a function returns, what other callers do is left out.
func (w *walk) up(n *node, seen map[*node]bool) {
	if seen[n] || w.at[n] == nil {
		return
	}
	seen[n] = true
	for _, l := range w.at[n].in {
		w.sources = append(w.sources, l.from)
		if l.of == nil || !w.seen[l.from] {
			w.down(l.from, l.of == nil)
		}
		w.up(l.from, seen)
	}
}

// merged is a class with all that is known of others that are the same resource. That something may be
// given from outside counts only where it comes from.
func merged(c *Class, all, sources []*Class) Class {
	m := *c
	m.Ops, m.Vars = slices.Clone(c.Ops), slices.Clone(c.Vars)
	m.Escapes = slices.Clone(c.Escapes)
	for _, o := range all {
		if o == c {
			continue
		}
		m.Kind, m.element = max(m.Kind, o.Kind), m.element || o.element
		m.Ops = append(m.Ops, o.Ops...)
		m.Vars = append(m.Vars, o.Vars...)
		for _, e := range o.Escapes {
			if e.Rights != MayGive || slices.Contains(sources, o) {
				m.Escapes = append(m.Escapes, e)
			}
		}
	}
	slices.SortFunc(m.Ops, compareOps)
	slices.SortFunc(m.Vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	slices.SortFunc(m.Escapes, compareEscapes)
	if m.name == "" {
		m.name = nameFrom(m.Vars)
	}
	m.Ops, m.Vars, m.Escapes = slices.Compact(m.Ops), slices.Compact(m.Vars), slices.Compact(m.Escapes)
	return m
}
