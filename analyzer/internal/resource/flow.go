package resource

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// flows binds what is given to variables, fields and elements.
type flows struct{ *builder }

// pass is every place where a value becomes another: in assignments, arguments, returns, elements,
// sends and ranges, also where go/types converts silently. A node is nil where a type is of no interest.
func (b flows) pass(dst *node, dt types.Type, src *node, st types.Type, at token.Pos) {
	switch {
	case dt == nil || st == nil || st == types.Typ[types.UntypedNil]:
	case isInterface(dt) && !isInterface(st):
		b.box(dst, dt, src, st, at)
	case dst != nil && src != nil:
		b.join(dst, src)
	case src != nil:
		b.exposure.leak(src, st, Escape{Answer: Unknown, Way: Boxed, Pos: at})
	case dst != nil:
		b.exposure.admit(dst, dt, Escape{Answer: Unknown, Way: Unboxed, Pos: at})
	case dt != st:
		b.fields(dt, st)
	}
}

// derive says that a context may be another, or end with it.
func (b flows) derive(child, parent *node) {
	if child == nil || parent == nil || child.find() == parent.find() {
		return
	}
	h := child.find().hold()
	h.parents = append(h.parents, parent)
}

// box is a conversion to an interface. In one that is followed the value stays what it is; of others, such
// as any, it is only known what was ever put into one.
func (b flows) box(dst *node, dt types.Type, src *node, st types.Type, at token.Pos) {
	if dst == nil {
		b.convert(st, at)
		if src != nil {
			b.boxed(src, st)
			b.exposure.leak(src, st, Escape{Answer: Unknown, Way: Boxed, Pos: at})
		}
		return
	}
	if b.values.kind(dt) == Context {
		b.context(dst, dt, src, st, at)
		return
	}
	dst.find().implement(st)
	b.join(dst, src)
}

// context is a conversion of a type to a context: it is the one that it embeds, or nothing is known.
func (b flows) context(dst *node, dt types.Type, src *node, st types.Type, at token.Pos) {
	if src == nil {
		if st, ok := structOf(st); ok {
			for f := range st.Fields() {
				if f.Embedded() && b.values.kind(f.Type()) == Context {
					src = b.values.variable(f)
				}
			}
		}
	}
	if src == nil {
		b.exposure.admit(dst, dt, Escape{Answer: Unknown, Way: Unboxed, Pos: at})
	}
	b.join(dst, src)
}

// boxed joins a value with the others of its type that are put into interfaces.
func (b flows) boxed(n *node, t types.Type) {
	if other, ok := b.boxes.At(t).(*node); ok {
		b.join(other, n)
	} else {
		b.boxes.Set(t, n)
	}
}

// convert records that a type of the package is put into an interface that is not followed.
func (b flows) convert(t types.Type, at token.Pos) {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() != b.src.Types || n.Origin().NumMethods() == 0 {
		return
	}
	if old, ok := b.converted[n.Obj()]; !ok || at < old {
		b.converted[n.Obj()] = at
	}
}

// fields joins the fields of two struct types that are the same and declared twice.
func (b flows) fields(dt, st types.Type) {
	d, ok := structOf(dt)
	if !ok {
		return
	}
	s, ok := structOf(st)
	if !ok || d == s || d.NumFields() != s.NumFields() {
		return
	}
	for i := range d.NumFields() {
		b.join(b.values.variable(d.Field(i)), b.values.variable(s.Field(i)))
	}
}

func structOf(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// flow passes an expression on.
func (b flows) flow(dst *node, dt types.Type, src ast.Expr) {
	if dst == nil && !b.matters(dt) {
		return
	}
	b.pass(dst, dt, b.values.value(src), b.src.Info.TypeOf(src), src.Pos())
}

// matters reports whether anything can follow from a value that becomes one of a type.
func (b flows) matters(t types.Type) bool {
	switch t := t.(type) {
	case nil, *types.Basic:
		return false
	case *types.Pointer:
		return b.matters(t.Elem())
	}
	if isInterface(t) {
		return true
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok || b.values.interesting(t)
}

// flows passes on what a statement or expression moves.
func (b flows) flows(c inspector.Cursor, f *syntax.Func) {
	info := b.src.Info
	switch n := c.Node().(type) {
	case *ast.AssignStmt:
		if (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) && c.ParentEdgeKind() != edge.TypeSwitchStmt_Assign {
			b.assign(n.Lhs, n.Rhs)
		}
	case *ast.ValueSpec:
		b.spec(c, n, f)
	case *ast.SendStmt:
		ch := b.values.value(n.Chan)
		if t, ok := info.TypeOf(n.Chan).Underlying().(*types.Chan); ok {
			b.flow(b.content(ch, t.Elem()), t.Elem(), n.Value)
		}
	case *ast.RangeStmt:
		b.ranges(c, n, f)
	case *ast.CompositeLit:
		b.composite(n)
	case *ast.CaseClause:
		b.clause(c, n)
	}
}

// content is an element, if it is of a type of interest.
func (b flows) content(container *node, t types.Type) *node {
	if container == nil || !b.values.interesting(t) {
		return nil
	}
	return b.values.sort(b.elem(container), t)
}

func (b flows) assign(lhs, rhs []ast.Expr) {
	for i, x := range lhs {
		if id, ok := x.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		b.key(x)
		t := b.src.Info.TypeOf(x)
		if len(lhs) == len(rhs) {
			b.flow(b.values.value(x), t, rhs[i])
		} else if n, st := b.nth(rhs[0], i); st != nil {
			b.pass(b.values.value(x), t, n, st, rhs[0].Pos())
		}
	}
}

// key is m[k] = v, where k becomes a key of the map.
func (b flows) key(x ast.Expr) {
	ix, ok := ast.Unparen(x).(*ast.IndexExpr)
	if !ok {
		return
	}
	if m, ok := b.src.Info.TypeOf(ix.X).Underlying().(*types.Map); ok && b.values.interesting(m.Key()) {
		b.flow(b.content(b.values.value(ix.X), m.Key()), m.Key(), ix.Index)
	}
}

// nth is one of the values of an expression that has several.
func (b flows) nth(e ast.Expr, i int) (*node, types.Type) {
	e = ast.Unparen(e)
	tuple, ok := b.src.Info.TypeOf(e).(*types.Tuple)
	if !ok || i >= tuple.Len() {
		return nil, nil
	}
	if call, ok := e.(*ast.CallExpr); ok {
		return b.calls.result(call, i), tuple.At(i).Type()
	}
	if i > 0 {
		return nil, nil // ok
	}
	return b.values.value(e), tuple.At(0).Type()
}

func (b flows) spec(c inspector.Cursor, n *ast.ValueSpec, f *syntax.Func) {
	lhs := make([]ast.Expr, len(n.Names))
	for i, id := range n.Names {
		lhs[i] = id
	}
	if len(n.Values) > 0 {
		b.assign(lhs, n.Values)
		return
	}
	for i, id := range n.Names {
		if v := b.values.object(b.src.Info.Defs[id], id.Pos()); v != nil && b.zero(b.src.Info.TypeOf(id)) {
			b.declare(v, c.ChildAt(edge.ValueSpec_Names, i), f)
		}
	}
}

// zero reports whether the zero value of a type is a resource that can be used.
func (b flows) zero(t types.Type) bool {
	if t == nil || isInterface(t) || b.values.kind(t) <= Timer {
		return false
	}
	_, ptr := t.Underlying().(*types.Pointer)
	return !ptr
}

func (b flows) ranges(c inspector.Cursor, n *ast.RangeStmt, f *syntax.Func) {
	x := b.values.value(n.X)
	if x == nil {
		return
	}
	t := b.src.Info.TypeOf(n.X).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	to := func(dst ast.Expr, src *node, t types.Type) {
		if dst != nil {
			b.pass(b.values.value(dst), b.src.Info.TypeOf(dst), src, t, dst.Pos())
		}
	}
	switch t := t.(type) {
	case *types.Chan:
		to(n.Key, b.content(x, t.Elem()), t.Elem())
	case *types.Slice:
		to(n.Value, b.content(x, t.Elem()), t.Elem())
	case *types.Array:
		to(n.Value, b.content(x, t.Elem()), t.Elem())
	case *types.Map:
		to(n.Key, b.content(x, t.Key()), t.Key())
		to(n.Value, b.content(x, t.Elem()), t.Elem())
	case *types.Signature:
		b.through = append(b.through, through{Caller{Cur: c, In: f}, x})
		b.yields(n, x, t, to)
	}
}

// yields is a range over a function, which calls the body of the loop.
func (b flows) yields(n *ast.RangeStmt, seq *node, sig *types.Signature, to func(ast.Expr, *node, types.Type)) {
	if sig.Params().Len() != 1 {
		return
	}
	t := sig.Params().At(0).Type()
	yield, ok := t.Underlying().(*types.Signature)
	if !ok {
		return
	}
	body := b.paramOf(seq, 0)
	b.exposure.admit(body, t, Escape{Answer: Unknown, Way: Body, Pos: n.For})
	for i, x := range []ast.Expr{n.Key, n.Value} {
		if i < yield.Params().Len() && b.values.interesting(yield.Params().At(i).Type()) {
			to(x, b.paramOf(body, i), yield.Params().At(i).Type())
		}
	}
}

func (b flows) composite(n *ast.CompositeLit) {
	t := b.src.Info.TypeOf(n)
	if t == nil {
		return
	}
	if st, ok := structOf(t); ok {
		for i, x := range n.Elts {
			if kv, ok := x.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					if v, ok := b.src.Info.ObjectOf(id).(*types.Var); ok {
						b.set(v, kv.Value)
					}
				}
			} else if i < st.NumFields() {
				b.set(st.Field(i), x)
			}
		}
		return
	}
	self := b.values.value(n)
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	var key, elem types.Type
	switch u := u.(type) {
	case *types.Slice:
		elem = u.Elem()
	case *types.Array:
		elem = u.Elem()
	case *types.Map:
		key, elem = u.Key(), u.Elem()
	}
	for _, x := range n.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			if key != nil {
				b.flow(b.content(self, key), key, kv.Key)
			}
			x = kv.Value
		}
		b.flow(b.content(self, elem), elem, x)
	}
}

func (b flows) set(field *types.Var, x ast.Expr) {
	b.flow(b.values.variable(field), field.Type(), x)
}

// clause declares the variable of a type switch.
func (b flows) clause(c inspector.Cursor, n *ast.CaseClause) {
	v, ok := b.src.Info.Implicits[n].(*types.Var)
	if !ok {
		return
	}
	as, ok := c.Parent().Parent().Node().(*ast.TypeSwitchStmt).Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	if x, ok := as.Rhs[0].(*ast.TypeAssertExpr); ok {
		b.join(b.values.variable(v), b.values.unbox(v.Type(), x.X, n.Case))
	}
}

func (b flows) returns(f *syntax.Func) {
	res := f.Sig.Results()
	for _, ret := range f.Returns {
		for i := range res.Len() {
			v := res.At(i)
			switch {
			case !b.matters(v.Type()):
			case len(ret.Results) == res.Len():
				b.flow(b.values.variable(v), v.Type(), ret.Results[i])
			case len(ret.Results) == 1:
				if n, t := b.nth(ret.Results[0], i); t != nil {
					b.pass(b.values.variable(v), v.Type(), n, t, ret.Results[0].Pos())
				}
			}
		}
	}
}
