package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// assignments give variables, fields and elements what they hold from now on.
type assignments struct{ *run }

// assign gives variables the values of an assignment, a declaration or n++.
func (r assignments) assign(n ast.Node) {
	var lhs, rhs []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			if v := r.x.pkg.Variable(n.Lhs[0]); v != nil {
				a, b := r.values.eval(n.Lhs[0]), r.values.eval(n.Rhs[0])
				w := value{}
				if a.kind == number && b.kind == number && !r.x.tests.coarseStep(n.Rhs[0]) {
					switch n.Tok {
					case token.ADD_ASSIGN:
						w = num(a.n + b.n)
					case token.SUB_ASSIGN:
						w = num(a.n - b.n)
					}
				}
				r.objects.store(n.Lhs[0], w)
			}
			return
		}
		if r.switched(n) {
			return
		}
		lhs, rhs = n.Lhs, n.Rhs
	case *ast.IncDecStmt:
		if v := r.x.pkg.Variable(n.X); v != nil {
			w := r.values.eval(n.X)
			if !r.x.tests.decides(v) {
				w = value{} // so that it makes no difference
			}
			if w.kind == number && n.Tok == token.INC {
				w = num(w.n + 1)
			} else if w.kind == number {
				w = num(w.n - 1)
			}
			r.objects.store(n.X, w)
		}
		return
	case *ast.ValueSpec:
		lhs, rhs = syntax.Lhs(n), n.Values
		if len(rhs) == 0 {
			for _, name := range n.Names {
				if v, ok := r.x.pkg.Info.Defs[name].(*types.Var); ok {
					r.zero(v)
				}
			}
			return
		}
	}
	vals := make([]value, len(lhs))
	if len(rhs) == len(lhs) {
		for i, e := range rhs {
			vals[i] = r.values.eval(e)
			if v := r.x.pkg.Variable(lhs[i]); v != nil && r.sliceLength(v, e) {
				if !r.x.kinds.holder(v.Type()) {
					vals[i] = value{}
				}
			}
		}
	} else if ta, ok := ast.Unparen(rhs[0]).(*ast.TypeAssertExpr); ok {
		vals[0] = r.values.eval(ta)
	} else {
		copy(vals, r.top().temps.get(ast.Unparen(rhs[0])))
	}
	for i, e := range lhs {
		e = ast.Unparen(e)
		if id, ok := e.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		if ix, ok := e.(*ast.IndexExpr); ok {
			if at := r.values.eval(ix.Index); at.kind == aThing { // the key of a map
				r.objects.blur(at)
			}
			if r.x.pkg.Variable(ix.X) != nil && r.x.kinds.element(r.x.pkg.Info.TypeOf(ix)) {
				r.put(ix.X, r.values.eval(ix.Index), vals[i])
			} else {
				r.objects.blur(vals[i])
			}
			continue
		}
		if v := r.x.pkg.Variable(e); v != nil && r.x.kinds.atomic(v) {
			if _, ok := v.Type().Underlying().(*types.Pointer); ok {
				r.zero(v)
				continue
			}
		}
		r.objects.store(e, vals[i])
	}
}

// sliceLength follows the length of a slice variable that is assigned to.
func (r assignments) sliceLength(v *types.Var, e ast.Expr) bool {
	if v.IsField() || !r.x.kinds.counted(v) {
		return false
	}
	n := value{}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		n = num(r.x.quantities.clamp(int64(len(e.Elts))))
	case *ast.Ident:
		n = num(0)
	case *ast.CallExpr:
		switch r.x.codes.builtin(e) {
		case "make":
			n = r.values.eval(e.Args[1])
		case "append":
			if w := r.values.variable(r.x.quantities.lengthOf(v)); w.kind == number {
				n = num(w.n + len(e.Args) - 1)
			}
		}
	}
	r.values.set(r.x.quantities.lengthOf(v), n)
	return true
}

// zero declares a variable without a value.
func (r assignments) zero(v *types.Var) {
	t := types.Unalias(v.Type())
	if r.x.kinds.atomic(v) {
		n := num(0)
		if _, known := r.s.fields.lookup(v); known { // there is one of another call, or another turn
			n = value{}
		}
		r.values.set(v, n)
		return
	}
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		r.values.set(v, value{kind: null})
		return
	case *types.Array:
		if r.x.kinds.holder(t) && u.Len() <= most {
			r.values.set(v, listOf(slices.Repeat([]value{{kind: null}}, int(u.Len()))))
		}
		return
	case *types.Basic:
		r.values.set(v, num(0))
		return
	case *types.Slice:
		if r.x.kinds.counted(v) {
			r.values.set(r.x.quantities.lengthOf(v), num(0))
		}
		if r.x.kinds.holder(t) {
			r.values.set(v, listOf(nil))
		}
		return
	}
	if w, ok := r.objects.fresh(t, v.Name(), nil); ok || r.x.lone {
		r.values.set(v, w)
	}
}

// put sets an element of a collection. Of a map, or at an index that is not known, only one thing is
// followed: several are nobody's, for which is which is not known.
func (r assignments) put(to ast.Expr, at value, w value) {
	v, old := r.x.pkg.Variable(to), r.values.eval(to)
	if old.kind == several && at.kind == number && at.n >= 0 && at.n < len(old.list.items) {
		items := slices.Clone(old.list.items)
		items[at.n] = w
		r.objects.store(to, listOf(items))
		return
	}
	if t := r.s.thing(w); t != nil && r.x.kinds.global(v) {
		if _, ok := v.Type().Underlying().(*types.Map); ok {
			t.filed = v.Origin()
		}
	}
	_, filled := r.s.fields.lookup(v.Origin())
	switch {
	case old == w:
	case old.kind == null, old.kind == anything && r.x.kinds.global(v) && !filled, old.kind == several && len(old.list.items) == 0:
		r.objects.store(to, w)
	default:
		r.objects.blur(old)
		r.objects.blur(w)
		r.objects.store(to, value{})
	}
}

// next gives the variables of a range their element.
func (r assignments) next(rs *ast.RangeStmt) {
	k, v := value{}, value{}
	left, counted := r.top().trips.lookup(rs)
	switch t := r.x.pkg.Info.TypeOf(rs.X).Underlying().(type) {
	case *types.Basic:
		if n := r.progress.turns(rs); counted && n.kind == number && n.n > left[0].n {
			k = num(n.n - 1 - left[0].n)
		}
	case *types.Chan:
		k = r.values.first(rs.X)
		if k.kind == anything {
			if vs := r.top().temps.get(ast.Unparen(rs.X)); len(vs) > 0 {
				k = vs[0]
			}
		}
	case *types.Slice, *types.Array, *types.Map:
		n := r.progress.turns(rs)
		if r.x.kinds.holder(t) {
			v = r.meetings.over(r.top(), rs)
			if v.kind == several {
				n = num(len(v.list.items))
				v = r.values.nth(v, n.n-1-left[0].n)
			}
		}
		if _, ok := t.(*types.Map); !ok && counted && n.kind == number && n.n > left[0].n {
			k = num(n.n - 1 - left[0].n)
		}
	}
	for i, e := range []ast.Expr{rs.Key, rs.Value} {
		if e == nil {
			continue
		}
		if key := r.x.pkg.Variable(e); key != nil {
			if i == 0 && !r.x.tests.decides(key) {
				k = value{} // else each goroutine that has it were another
			}
			r.objects.store(e, []value{k, v}[i])
		}
	}
}

// composite makes what a literal stands for, and sets the fields in it.
func (r assignments) composite(n *ast.CompositeLit) {
	t := types.Unalias(r.x.pkg.Info.TypeOf(n))
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	name := ""
	if cur, ok := r.top().code.fn.Cur.FindNode(n); ok && r.x.kinds.isGroup(t) {
		name = r.outsiders.nameOf(cur)
	}
	it, fresh := r.objects.fresh(t, name, n)
	if fresh {
		r.keep(r.top(), n, []value{it})
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		if r.x.kinds.holder(t) {
			items := make([]value, 0, len(n.Elts))
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				items = append(items, r.values.eval(e))
			}
			one := listOf(items)
			if _, ok := t.Underlying().(*types.Map); ok {
				r.objects.blur(one)
				one = value{kind: null}
			}
			r.keep(r.top(), n, []value{one})
			return
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Value
			}
			r.objects.blur(r.values.eval(e))
		}
		return
	}
	for i, e := range n.Elts {
		var f *types.Var
		val := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			id, ok := kv.Key.(*ast.Ident)
			if !ok {
				continue
			}
			f, _ = r.x.pkg.Info.ObjectOf(id).(*types.Var)
			val = kv.Value
		} else if i < st.NumFields() {
			f = st.Field(i)
		}
		if f == nil {
			continue
		}
		w := r.values.eval(val)
		if o := r.objects.object(it); o != none && (w.kind != anything || r.x.kinds.interesting(f.Type()) || r.x.kinds.holder(f.Type())) {
			r.objects.setField(o, f, w)
		} else if o == none {
			r.objects.blur(w)
		}
	}
}

// switched gives the variables of a type switch what it switches on.
func (r assignments) switched(n *ast.AssignStmt) bool {
	ta, ok := ast.Unparen(n.Rhs[0]).(*ast.TypeAssertExpr)
	if !ok || ta.Type != nil {
		return false
	}
	v := r.values.eval(ta.X)
	for _, clause := range r.top().code.clauses[n] {
		if to, ok := r.x.pkg.Info.Implicits[clause].(*types.Var); ok {
			r.values.set(to, v)
		}
	}
	return true
}
