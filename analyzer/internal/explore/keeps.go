package explore

import (
	"go/ast"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// keepers says who has what, and who keeps what it is given.
type keepers struct{ *Explorer }

// keeps reports whether the struct that has a field may live on when a function has returned: it is
// returned, or stored or given away where others may find it.
func (x keepers) keeps(f *syntax.Func, field *types.Var) bool {
	k := kept{f, field}
	is, ok := x.kept[k]
	if !ok {
		is = x.findKeeps(f, field)
		x.kept[k] = is
	}
	return is
}

type kept struct {
	f     *syntax.Func
	field *types.Var
}

func (x keepers) findKeeps(f *syntax.Func, field *types.Var) bool {
	if !field.IsField() {
		return true
	}
	for v := range f.Sig.Results().Variables() {
		if leadsTo(v.Type(), field, map[types.Type]bool{}) {
			return true
		}
	}
	owns := func(v *types.Var) bool {
		for f := range fieldsOf(v.Type()) {
			if f == field {
				return true
			}
		}
		return false
	}
	if recv := f.Sig.Recv(); recv != nil && owns(recv) {
		return true
	}
	for v := range f.Sig.Params().Variables() {
		if owns(v) {
			return true
		}
	}
	for g := range x.surroundings.reach(f, true) {
		if x.storesIn(g)[field] {
			return true
		}
	}
	return false
}

// leadsTo reports whether who has a value of a type may come to a field by it. From an error nobody takes more than
// what it says.
func leadsTo(t types.Type, field *types.Var, seen map[types.Type]bool) bool {
	if seen[t] || isError(t) {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Struct:
		for f := range u.Fields() {
			if f.Origin() == field || leadsTo(f.Type(), field, seen) {
				return true
			}
		}
		return false
	case *types.Map:
		return leadsTo(u.Key(), field, seen) || leadsTo(u.Elem(), field, seen)
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return leadsTo(u.Elem(), field, seen)
	}
	return true // anything may be in it
}

// storesIn are the fields of all structs that a function stores, or gives away, where others may find them.
func (x keepers) storesIn(f *syntax.Func) map[*types.Var]bool {
	if fields := x.stores[f]; fields != nil {
		return fields
	}
	fields := map[*types.Var]bool{}
	x.stores[f] = fields
	add := func(t types.Type) {
		for v := range fieldsOf(t) {
			fields[v] = true
		}
	}
	for cur := range f.Cur.Preorder((*ast.AssignStmt)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if _, local := ast.Unparen(e).(*ast.Ident); !local {
					add(x.pkg.Info.TypeOf(e))
				} else if v := x.pkg.Variable(e); v != nil && x.kinds.global(v) {
					add(v.Type())
				}
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				add(x.pkg.Info.TypeOf(e))
			}
		case *ast.CallExpr:
			if c := x.pkg.Call(n); c != nil && x.codes.callee(c) == nil {
				for _, a := range n.Args {
					add(x.pkg.Info.TypeOf(a))
				}
			}
		}
	}
	return fields
}

// fieldsOf are the fields of a struct, or of what points to one.
func fieldsOf(t types.Type) iter.Seq[*types.Var] {
	return func(yield func(*types.Var) bool) {
		if t == nil {
			return
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			for v := range st.Fields() {
				if !yield(v.Origin()) {
					return
				}
			}
		}
	}
}

// holds is the set of things that a goroutine can reach: of objects, by the fields that it speaks of.
func (x keepers) holds(s *state, t *thread) map[int]bool {
	h := holding{x: x.Explorer, s: s, set: map[int]bool{}, seen: map[heldBy]bool{}}
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

// mentions are the fields and package variables that a function, or one that it calls, speaks of.
func (x keepers) mentions(f *syntax.Func) []*types.Var {
	c := x.codes.code(f)
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

func (x keepers) mentioned(f *syntax.Func) *mention {
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
			if v = v.Origin(); x.kinds.global(v) && !vars[v] {
				vars[v] = true
				m.vars = append(m.vars, v)
			}
		case *ast.CallExpr:
			call := x.pkg.Call(n)
			if call == nil {
				continue
			}
			if g := x.codes.callee(call); !calls[g] {
				calls[g] = true
				m.calls = append(m.calls, g)
			}
		}
	}
	return m
}

// givenAway reports whether a variable that is assigned to more than once is seen by a literal that strangers get: they
// may have what it holds later.
func (x keepers) givenAway(v *types.Var) bool {
	is, ok := x.lent[v]
	if ok {
		return is
	}
	entry := x.pkg.Var(v)
	if len(entry.Defs) > 1 {
		is = slices.ContainsFunc(entry.Uses, func(u inspector.Cursor) bool {
			for l := x.pkg.FuncAt(u); l != nil && l != entry.Defs[0].In; l = l.Outer {
				if l.Decl == nil && x.toStrangers(l) {
					return true
				}
			}
			return false
		})
	}
	x.lent[v] = is
	return is
}

// toStrangers reports whether a literal is an argument of what is not of this package, or a part of a composite.
func (x keepers) toStrangers(l *syntax.Func) bool {
	cur := syntax.Outer(l.Cur)
	switch cur.ParentEdgeKind() {
	case edge.CallExpr_Args:
		c := x.pkg.Call(cur.Parent().Node().(*ast.CallExpr))
		return !x.surroundings.startedLit(l) && (c == nil || x.codes.callee(c) == nil)
	case edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
		return true
	}
	return false
}
