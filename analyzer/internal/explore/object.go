package explore

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// objects are the structs that a run makes, with what their fields hold.
type objects struct{ *run }

// A struct that the program makes is an object: what its fields hold is its own. Of a struct that
// nobody here has made nothing is known but its type: there is one of each, and its fields are kept
// with the package variables.

// object is the number of the object that a value is; none if it is none.
func (r objects) object(v value) int {
	if v.kind == aThing && r.s.things[v.n].kind == object {
		return v.n
	}
	return none
}

// makeObject makes a struct of a type, all of its fields zero.
func (r objects) makeObject(t types.Type, site ast.Node) value {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	return r.s.make(thing{kind: object, typ: t, own: true, parent: none, site: site})
}

// field is what a field of a struct holds.
func (r objects) field(of value, f *types.Var) value {
	f = f.Origin()
	if of.kind == record {
		w, _ := of.fn.env.lookup(f)
		return w
	}
	n := r.object(of)
	if n == none {
		return r.values.shared(f)
	}
	t := r.s.things[n]
	w, ok := t.fields.lookup(f)
	switch {
	case ok && (w.kind != null && w.kind != number || !t.open):
		return w
	case t.open:
		return value{} // strangers may have set it
	case r.x.counts[f]:
		return num(0)
	}
	switch t := types.Unalias(f.Type()); t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return value{kind: null}
	case *types.Slice:
		if r.x.kinds.holder(t) {
			return listOf(nil)
		}
		return value{}
	case *types.Pointer, *types.Interface:
		if r.x.kinds.interesting(t) || r.x.kinds.carries(f) { // else it is not known when it is set
			return value{kind: null}
		}
		return value{}
	default:
		if w, ok = r.fresh(t, f.Name(), r.s.things[n].site); !ok {
			return value{}
		}
	}
	r.setField(n, f, w)
	return w
}

func (r objects) setField(n int, f *types.Var, w value) {
	t := &r.s.things[n]
	if t.open {
		r.blur(w)
		t = &r.s.things[n]
	}
	t.fields = t.fields.with(f.Origin(), w)
}

// within follows a path of embedded fields.
func (r objects) within(of value, t types.Type, path []int) value {
	for _, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return value{}
		}
		f := st.Field(i)
		of, t = r.field(of, f), f.Type()
	}
	return of
}

// base is the struct whose field or method a selector names: of a promoted one, what is embedded.
func (r objects) base(sel *ast.SelectorExpr) value {
	s := r.x.pkg.Info.Selections[sel]
	if s == nil {
		return value{}
	}
	return r.within(r.values.eval(sel.X), s.Recv(), s.Index()[:len(s.Index())-1])
}

// receiver is what a method is called on.
func (r objects) receiver(c *syntax.Call) value {
	if sel, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		return r.base(sel)
	}
	return value{}
}

// method is the method of this package that an object has under a name, bound to it.
func (r objects) method(of value, f *types.Func) value {
	d := r.x.pkg.Decl(f)
	if d == nil {
		n := r.object(of)
		if n == none {
			return value{}
		}
		m, _, _ := types.LookupFieldOrMethod(types.NewPointer(r.s.things[n].typ), true, r.x.pkg.Types, f.Name())
		if f, ok := m.(*types.Func); ok {
			d = r.x.pkg.Decl(f.Origin())
		}
	}
	if d == nil {
		return value{}
	}
	c := &closure{fn: d}
	if recv := d.Sig.Recv(); recv != nil && of.kind != anything {
		c.env = c.env.with(recv.Origin(), of)
	}
	return value{kind: function, fn: c}
}

// store gives what an expression denotes a value.
func (r objects) store(e ast.Expr, w value) {
	v := r.x.pkg.Variable(e)
	if v == nil {
		r.blur(w)
		return
	}
	r.decisions.forget(v)
	e = ast.Unparen(e)
	if star, ok := e.(*ast.StarExpr); ok {
		e = ast.Unparen(star.X)
	}
	if sel, ok := e.(*ast.SelectorExpr); ok && v.IsField() {
		if s := r.x.pkg.Variable(sel.X); s != nil && r.base(sel).kind == record {
			r.values.set(s, value{})
			return
		}
		n := r.object(r.base(sel))
		if r.x.counts[v] && (n == none || n < r.x.known) {
			r.x.set = true
		}
		if n != none {
			r.setField(n, v, w)
			return
		}
		if w.kind == null && r.x.kinds.oneOfMany(sel.X) {
			w = value{} // the others have theirs
		}
	}
	r.values.set(v, w)
}

// held lists what a field holds, in each struct.
func (s *state) held(f *types.Var) []value {
	var list []value
	if w, ok := s.fields.lookup(f); ok {
		list = append(list, w)
	}
	for i := range s.things {
		if w, ok := s.things[i].fields.lookup(f); ok {
			list = append(list, w)
		}
	}
	return list
}

// holders are the fields and package variables that hold something, in source order.
func (s *state) holders() []*types.Var {
	vars := map[*types.Var]bool{}
	for _, b := range s.fields {
		vars[b.v] = true
	}
	for i := range s.things {
		for _, b := range s.things[i].fields {
			vars[b.v] = true
		}
	}
	return slices.SortedFunc(maps.Keys(vars), byPos)
}

// sameOrigin reports whether two types are one, or instances of one.
func sameOrigin(a, b types.Type) bool {
	an, ok := a.(*types.Named)
	bn, ok2 := b.(*types.Named)
	if ok && ok2 {
		return an.Origin() == bn.Origin()
	}
	return types.Identical(a, b)
}

// only is the one object of a type that strangers have from the program. Of several, nobody knows which is meant:
// strangers have them all.
func (r objects) only(t types.Type) value {
	st := r.x.kinds.structure(t)
	if st == nil {
		return value{}
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	var all []value
	for i := range r.s.things {
		if o := &r.s.things[i]; o.kind == object && o.kept && sameOrigin(o.typ, t) {
			all = append(all, value{kind: aThing, n: i})
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	for _, v := range all {
		r.blur(v)
	}
	return value{}
}

// keepAll notes that an object lives on, with those in its fields.
func (r objects) keepAll(v value) {
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

// blurFields gives what the fields of a struct hold to strangers, who have got the struct.
func (r objects) blurFields(t types.Type) {
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for f := range st.Fields() {
		if w, ok := r.s.fields.lookup(f.Origin()); ok {
			r.blur(w)
		}
	}
}

// fresh makes a thing that is ready as its zero value.
func (r objects) fresh(t types.Type, name string, site ast.Node) (value, bool) {
	switch {
	case r.x.lone && r.x.kinds.structure(t) == nil:
		return value{}, false
	case syntax.Is(t, "sync", "Once"):
		return r.s.make(thing{kind: once, name: name, own: true, parent: none}), true
	case syntax.Is(t, "sync", "Mutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: 1}), true
	case syntax.Is(t, "sync", "RWMutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: most}), true
	case r.x.kinds.isGroup(t):
		return r.s.make(thing{kind: group, name: name, own: true, parent: none, site: site}), true
	case r.x.kinds.structure(t) != nil:
		return r.makeObject(t, site), true
	}
	return value{}, false
}

// blur gives a thing to strangers.
func (r objects) blur(v value) {
	switch v.kind {
	case function:
		for _, b := range v.fn.env {
			if t := r.s.thing(b.w); t != nil && t.kind == channel && r.x.usage.onlySends(v.fn.fn, b.v) {
				t.fed, t.lasting = true, true
				continue
			}
			if t := r.s.thing(b.w); t != nil && t.kind == ticker && r.x.usage.onlyStops(v.fn.fn, b.v) {
				t.closed = true
				continue
			}
			r.blur(b.w)
		}
		if v.fn.fn == nil {
			return
		}
		for _, f := range r.x.keepers.mentions(v.fn.fn) {
			if w := r.s.fields.get(f); w.kind != function && r.object(w) == none {
				r.blur(w)
			}
		}
	case several:
		for _, w := range v.list.items {
			r.blur(w)
		}
	default:
		t := r.s.thing(v)
		if t == nil || t.open || t.kind == context && v.kind != cancels {
			return
		}
		if t.kind == ticker && v.kind == cancels { // who can stop it does so some time
			t.closed = true
			return
		}
		t.open = true
		if t.kind == ticker { // who has it may set it again
			t.closed = false
		}
		for _, b := range t.fields {
			r.blur(b.w)
		}
	}
}
