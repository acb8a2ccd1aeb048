package explore

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A struct that the program makes is an object: what its fields hold is its own. Of a struct that
// nobody here has made nothing is known but its type: there is one of each, and its fields are kept
// with the package variables.

// structure is the struct type that objects of a type have, if such structs hold what decides who waits
// for whom: one of this package, or one without a name; else nil.
func (x *Explorer) structure(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	st, ok := x.structs[t]
	if ok {
		return st
	}
	x.structs[t] = nil // until it is known, for one that points to its like
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != x.pkg.Types || x.meeting(t) {
		return nil
	}
	st, ok = t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if x.interesting(f.Type()) || x.holder(f.Type()) {
			x.structs[t] = st
			return st
		}
	}
	return nil
}

// object is the number of the object that a value is; none if it is none.
func (r *run) object(v value) int {
	if v.kind == aThing && r.s.things[v.n].kind == object {
		return v.n
	}
	return none
}

// makeObject makes a struct of a type, all of its fields zero.
func (r *run) makeObject(t types.Type, site ast.Node) value {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	return r.s.make(thing{kind: object, typ: t, own: true, parent: none, site: site})
}

// field is what a field of a struct holds.
func (r *run) field(of value, f *types.Var) value {
	f = f.Origin()
	n := r.object(of)
	if n == none {
		return r.shared(f)
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
	case *types.Pointer, *types.Interface:
		if r.x.interesting(t) || r.x.carries(f) { // else it is not known when it is set
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

func (r *run) setField(n int, f *types.Var, w value) {
	t := &r.s.things[n]
	if t.open {
		r.blur(w)
		t = &r.s.things[n]
	}
	t.fields = t.fields.with(f.Origin(), w)
}

// within follows a path of embedded fields.
func (r *run) within(of value, t types.Type, path []int) value {
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
func (r *run) base(sel *ast.SelectorExpr) value {
	s := r.x.pkg.Info.Selections[sel]
	if s == nil {
		return value{}
	}
	return r.within(r.eval(sel.X), s.Recv(), s.Index()[:len(s.Index())-1])
}

// receiver is what a method is called on.
func (r *run) receiver(c *syntax.Call) value {
	if sel, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		return r.base(sel)
	}
	return value{}
}

// method is the method of this package that an object has under a name, bound to it.
func (r *run) method(of value, f *types.Func) value {
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
func (r *run) store(e ast.Expr, w value) {
	v := r.x.pkg.Variable(e)
	if v == nil {
		r.blur(w)
		return
	}
	r.forget(v)
	e = ast.Unparen(e)
	if star, ok := e.(*ast.StarExpr); ok {
		e = ast.Unparen(star.X)
	}
	if sel, ok := e.(*ast.SelectorExpr); ok && v.IsField() {
		if n := r.object(r.base(sel)); n != none {
			r.setField(n, v, w)
			return
		}
		if w.kind == null && r.x.oneOfMany(sel.X) {
			w = value{} // the others have theirs
		}
	}
	r.set(v, w)
}

// oneOfMany reports whether an expression is, or is part of, an element of a collection.
func (x *Explorer) oneOfMany(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return true
	case *ast.SelectorExpr:
		return x.oneOfMany(e.X)
	case *ast.StarExpr:
		return x.oneOfMany(e.X)
	case *ast.Ident:
		v := x.pkg.Variable(e)
		return v != nil && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.RangeValue })
	}
	return false
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
func (r *run) only(t types.Type) value {
	st := r.x.structure(t)
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
