package explore

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// decides reports whether something hangs on a number that is counted: a condition, a loop or a size. Of what it is
// assigned to, that is not known.
func (x *Explorer) decides(v *types.Var) bool {
	is, ok := x.numbers[v]
	if !ok {
		is = slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			e := syntax.Outer(u)
			for {
				switch e.ParentEdgeKind() {
				case edge.BinaryExpr_X, edge.BinaryExpr_Y:
					if compares(e.Parent().Node().(*ast.BinaryExpr).Op) {
						return true
					}
					e = syntax.Outer(e.Parent())
				case edge.IncDecStmt_X, edge.SendStmt_Value, edge.ReturnStmt_Results, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.Field_Names:
					return false
				case edge.CallExpr_Args:
					return x.builtin(e.Parent().Node().(*ast.CallExpr)) == "make"
				default:
					return true
				}
			}
		})
		x.numbers[v] = is
	}
	return is
}

// coarseStep reports whether a constant counts as less than it is: what it is added to is not known then.
func (x *Explorer) coarseStep(e ast.Expr) bool {
	c := x.pkg.Info.Types[e].Value
	if c == nil || c.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(c)
	return !exact || n > int64(x.few)
}

func (r *run) keep(f *frame, e ast.Expr, vs []value) {
	f.temps = f.temps.with(e, vs...)
}

// assign gives variables the values of an assignment, a declaration or n++.
func (r *run) assign(n ast.Node) {
	var lhs, rhs []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			if v := r.x.pkg.Variable(n.Lhs[0]); v != nil {
				a, b := r.eval(n.Lhs[0]), r.eval(n.Rhs[0])
				w := value{}
				if a.kind == number && b.kind == number && !r.x.coarseStep(n.Rhs[0]) {
					switch n.Tok {
					case token.ADD_ASSIGN:
						w = num(a.n + b.n)
					case token.SUB_ASSIGN:
						w = num(a.n - b.n)
					}
				}
				r.store(n.Lhs[0], w)
			}
			return
		}
		if r.switched(n) {
			return
		}
		lhs, rhs = n.Lhs, n.Rhs
	case *ast.IncDecStmt:
		if v := r.x.pkg.Variable(n.X); v != nil {
			w := r.eval(n.X)
			if !r.x.decides(v) {
				w = value{} // so that it makes no difference
			}
			if w.kind == number && n.Tok == token.INC {
				w = num(w.n + 1)
			} else if w.kind == number {
				w = num(w.n - 1)
			}
			r.store(n.X, w)
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
			vals[i] = r.eval(e)
			if v := r.x.pkg.Variable(lhs[i]); v != nil && r.sliceLength(v, e) {
				if !r.x.holder(v.Type()) {
					vals[i] = value{}
				}
			}
		}
	} else if ta, ok := ast.Unparen(rhs[0]).(*ast.TypeAssertExpr); ok {
		vals[0] = r.eval(ta)
	} else {
		copy(vals, r.top().temps.get(ast.Unparen(rhs[0])))
	}
	for i, e := range lhs {
		e = ast.Unparen(e)
		if id, ok := e.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		if ix, ok := e.(*ast.IndexExpr); ok {
			if at := r.eval(ix.Index); at.kind == aThing { // the key of a map
				r.blur(at)
			}
			if r.x.pkg.Variable(ix.X) != nil && r.x.interesting(r.x.pkg.Info.TypeOf(ix)) {
				r.put(ix.X, r.eval(ix.Index), vals[i])
			} else {
				r.blur(vals[i])
			}
			continue
		}
		r.store(e, vals[i])
	}
}

// sliceLength follows the length of a slice variable that is assigned to.
func (r *run) sliceLength(v *types.Var, e ast.Expr) bool {
	if v.IsField() || !r.x.counted(v) {
		return false
	}
	n := value{}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		n = num(r.x.clamp(int64(len(e.Elts))))
	case *ast.Ident:
		n = num(0)
	case *ast.CallExpr:
		switch r.x.builtin(e) {
		case "make":
			n = r.eval(e.Args[1])
		case "append":
			if w := r.variable(r.x.lengthOf(v)); w.kind == number {
				n = num(w.n + len(e.Args) - 1)
			}
		}
	}
	r.set(r.x.lengthOf(v), n)
	return true
}

// zero declares a variable without a value.
func (r *run) zero(v *types.Var) {
	t := types.Unalias(v.Type())
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		r.set(v, value{kind: null})
		return
	case *types.Array:
		if r.x.holder(t) && u.Len() <= most {
			r.set(v, listOf(slices.Repeat([]value{{kind: null}}, int(u.Len()))))
		}
		return
	case *types.Basic:
		r.set(v, num(0))
		return
	case *types.Slice:
		if r.x.counted(v) {
			r.set(r.x.lengthOf(v), num(0))
		}
		if r.x.holder(t) {
			r.set(v, listOf(nil))
		}
		return
	}
	if w, ok := r.fresh(t, v.Name(), nil); ok || r.x.lone {
		r.set(v, w)
	}
}

// fresh makes a thing that is ready as its zero value.
func (r *run) fresh(t types.Type, name string, site ast.Node) (value, bool) {
	switch {
	case r.x.lone && r.x.structure(t) == nil:
		return value{}, false
	case syntax.Is(t, "sync", "Once"):
		return r.s.make(thing{kind: once, name: name, own: true, parent: none}), true
	case syntax.Is(t, "sync", "Mutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: 1}), true
	case syntax.Is(t, "sync", "RWMutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: most}), true
	case r.x.isGroup(t):
		return r.s.make(thing{kind: group, name: name, own: true, parent: none, site: site}), true
	case r.x.structure(t) != nil:
		return r.makeObject(t, site), true
	}
	return value{}, false
}

func (x *Explorer) isGroup(t types.Type) bool {
	row := x.pkg.Catalog.Type(t)
	return row != nil && (row.Kind == catalog.Group || row.Kind == catalog.Executor)
}

// put sets an element of a collection. Of a map, or at an index that is not known, only one thing is
// followed: several are nobody's, for which is which is not known.
func (r *run) put(to ast.Expr, at value, w value) {
	v, old := r.x.pkg.Variable(to), r.eval(to)
	if old.kind == several && at.kind == number && at.n >= 0 && at.n < len(old.list.items) {
		items := slices.Clone(old.list.items)
		items[at.n] = w
		r.store(to, listOf(items))
		return
	}
	if t := r.s.thing(w); t != nil && r.x.global(v) {
		if _, ok := v.Type().Underlying().(*types.Map); ok {
			t.filed = true
		}
	}
	_, filled := r.s.fields.lookup(v.Origin())
	switch {
	case old == w:
	case old.kind == null, old.kind == anything && r.x.global(v) && !filled, old.kind == several && len(old.list.items) == 0:
		r.store(to, w)
	default:
		r.blur(old)
		r.blur(w)
		r.store(to, value{})
	}
}

// blur gives a thing to strangers.
func (r *run) blur(v value) {
	switch v.kind {
	case function:
		for _, b := range v.fn.env {
			if t := r.s.thing(b.w); t != nil && t.kind == channel && r.x.onlySends(v.fn.fn, b.v) {
				t.fed = true
				continue
			}
			r.blur(b.w)
		}
		if v.fn.fn == nil {
			return
		}
		for _, f := range r.x.mentions(v.fn.fn) {
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
		t.open = true
		for _, b := range t.fields {
			r.blur(b.w)
		}
	}
}

// onlySends reports whether a function only sends on a variable.
func (x *Explorer) onlySends(f *syntax.Func, v *types.Var) bool {
	sends := false
	for _, u := range x.pkg.Var(v).Uses {
		if n := u.Node(); f == nil || n.Pos() < f.Node.Pos() || n.Pos() >= f.Node.End() {
			continue
		}
		if syntax.Outer(u).ParentEdgeKind() != edge.SendStmt_Chan {
			return false
		}
		sends = true
	}
	return sends
}

// next gives the variables of a range their element.
func (r *run) next(rs *ast.RangeStmt) {
	k, v := value{}, value{}
	left, counted := r.top().trips.lookup(rs)
	switch t := r.x.pkg.Info.TypeOf(rs.X).Underlying().(type) {
	case *types.Basic:
		if n := r.turns(rs); counted && n.kind == number && n.n > left[0].n {
			k = num(n.n - 1 - left[0].n)
		}
	case *types.Chan:
		k = r.first(rs.X)
		if k.kind == anything {
			if vs := r.top().temps.get(ast.Unparen(rs.X)); len(vs) > 0 {
				k = vs[0]
			}
		}
	case *types.Slice, *types.Array, *types.Map:
		n := r.turns(rs)
		if r.x.holder(t) {
			v = r.over(r.top(), rs)
			if v.kind == several {
				n = num(len(v.list.items))
				v = r.nth(v, n.n-1-left[0].n)
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
			if i == 0 && !r.x.decides(key) {
				k = value{} // else each goroutine that has it were another
			}
			r.store(e, []value{k, v}[i])
		}
	}
}

// composite makes what a literal stands for, and sets the fields in it.
func (r *run) composite(n *ast.CompositeLit) {
	t := types.Unalias(r.x.pkg.Info.TypeOf(n))
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	name := ""
	if cur, ok := r.top().code.fn.Cur.FindNode(n); ok && r.x.isGroup(t) {
		name = r.nameOf(cur)
	}
	it, fresh := r.fresh(t, name, n)
	if fresh {
		r.keep(r.top(), n, []value{it})
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		if r.x.holder(t) {
			items := make([]value, 0, len(n.Elts))
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				items = append(items, r.eval(e))
			}
			one := listOf(items)
			if _, ok := t.Underlying().(*types.Map); ok {
				r.blur(one)
				one = value{kind: null}
			}
			r.keep(r.top(), n, []value{one})
			return
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Value
			}
			r.blur(r.eval(e))
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
		w := r.eval(val)
		if o := r.object(it); o != none && (w.kind != anything || r.x.interesting(f.Type()) || r.x.holder(f.Type())) {
			r.setField(o, f, w)
		} else if o == none {
			r.blur(w)
		}
	}
}

// switched gives the variables of a type switch what it switches on.
func (r *run) switched(n *ast.AssignStmt) bool {
	ta, ok := ast.Unparen(n.Rhs[0]).(*ast.TypeAssertExpr)
	if !ok || ta.Type != nil {
		return false
	}
	v := r.eval(ta.X)
	for _, clause := range r.top().code.clauses[n] {
		if to, ok := r.x.pkg.Info.Implicits[clause].(*types.Var); ok {
			r.set(to, v)
		}
	}
	return true
}
