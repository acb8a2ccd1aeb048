package explore

import (
	"go/ast"
	"go/types"
	"iter"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// blurFields gives what the fields of a struct hold to strangers, who have got the struct.
func (r *run) blurFields(t types.Type) {
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

// keeps reports whether the struct that has a field may live on when a function has returned: it is
// returned, or stored or given away where others may find it.
func (x *Explorer) keeps(f *syntax.Func, field *types.Var) bool {
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

func (x *Explorer) findKeeps(f *syntax.Func, field *types.Var) bool {
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
	for g := range x.reach(f, true) {
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
func (x *Explorer) storesIn(f *syntax.Func) map[*types.Var]bool {
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
				} else if v := x.pkg.Variable(e); v != nil && x.global(v) {
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
			if c := x.pkg.Call(n); c != nil && x.callee(c) == nil {
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
