package number

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// values says how much an expression holds.
type values struct{ *Numbers }

// A path leads from a value to a part of it: fields, and methods that get one.
type path []types.Object

func (p path) key() string {
	var b strings.Builder
	for _, o := range p {
		b.WriteByte('.')
		b.WriteString(o.Name())
	}
	return b.String()
}

// question is what is asked of an expression.
type question struct {
	e    ast.Expr
	path string
	i    int
	fr   *frame
}

// of is how much is held by the part of a value that a path leads to.
func (n values) of(e ast.Expr, p path, fr *frame) Number {
	if e == nil {
		return Number{}
	}
	e = ast.Unparen(e)
	tv := n.Info.Types[e]
	if tv.Value != nil && len(p) == 0 {
		return ofConstant(e, tv.Value)
	}
	if tv.IsNil() {
		return Number{}
	}
	if t := n.partType(n.Info.TypeOf(e), p); t != nil && few(t) {
		return bounded(e.Pos(), "an array")
	}
	return n.once(question{e, p.key(), 0, fr}, fr, func() Number {
		x := n.typed(e, p, n.value(e, p, fr))
		if t := n.partType(n.Info.TypeOf(e), p); t == nil || !isInteger(t) {
			x.Of = nil
		}
		return x
	})
}

func ofConstant(e ast.Expr, v constant.Value) Number {
	x := bounded(e.Pos(), "a constant")
	if i, ok := constant.Int64Val(constant.ToInt(v)); ok && v.Kind() != constant.String {
		x.Exact, x.Max = true, i
	}
	if v.Kind() == constant.String {
		x = x.named(constant.StringVal(v))
	}
	return x
}

// partType is the type of the part that a path leads to, or nil.
func (n values) partType(t types.Type, p path) types.Type {
	if len(p) == 0 {
		return t
	}
	switch o := p[len(p)-1].(type) {
	case *types.Var:
		return o.Type()
	case *types.Func:
		if o.Signature().Results().Len() > 0 {
			return o.Signature().Results().At(0).Type()
		}
	}
	return nil
}

// few reports whether a type holds few by its nature: an array, a map by a byte or a bool.
func few(t types.Type) bool {
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Array:
		return true
	case *types.Map:
		k, ok := t.Key().Underlying().(*types.Basic)
		return ok && (k.Kind() == types.Bool || k.Kind() == types.Uint8 || k.Kind() == types.Int8)
	case *types.Basic:
		return t.Kind() == types.Int8 || t.Kind() == types.Uint8 || t.Kind() == types.Bool
	}
	return false
}

// typed adds what the type of a value says of where it comes from: a request is a client's, wherever
// it was found.
func (n values) typed(e ast.Expr, p path, x Number) Number {
	if x.Kind == Bounded || x.Kind == Grows {
		return x
	}
	if t := n.base.Type(n.Info.TypeOf(e)); t != nil && t.Origin >= knowledge.Messages {
		y := grows(e.Pos(), t.Origin, t.Text)
		return y.named(x.Names...).named(names(p)...)
	}
	return x
}

func names(p path) []string {
	var all []string
	for _, o := range p {
		all = append(all, o.Name())
	}
	return all
}

// value is of without what the type says.
func (n values) value(e ast.Expr, p path, fr *frame) Number {
	switch e := e.(type) {
	case *ast.Ident:
		if v, ok := n.Info.ObjectOf(e).(*types.Var); ok {
			return n.orField(n.places.read(v.Origin(), p, e, fr), p).named(e.Name)
		}
	case *ast.SelectorExpr:
		return n.selected(e, p, fr)
	case *ast.StarExpr:
		return n.of(e.X, p, fr)
	case *ast.TypeAssertExpr:
		return n.of(e.X, p, fr)
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			return n.of(e.X, p, fr)
		case token.ARROW:
			return n.loops.received(e.X, p, fr)
		case token.NOT:
			return bounded(e.Pos(), "a condition")
		}
		return n.of(e.X, p, fr)
	case *ast.IndexExpr:
		if tv := n.Info.Types[e.X]; tv.Type != nil {
			if _, isFunc := tv.Type.Underlying().(*types.Signature); isFunc {
				return Number{}
			}
		}
		return n.element(e.X, p, fr)
	case *ast.SliceExpr:
		return n.slice(e, p, fr)
	case *ast.BinaryExpr:
		return n.binary(e, fr)
	case *ast.CompositeLit:
		return n.literal(e, p, fr)
	case *ast.CallExpr:
		return n.calls.call(e, 0, p, fr)
	case *ast.FuncLit:
		if f := n.Lit(e); f != nil {
			return n.frequency.yields(f, fr)
		}
	}
	return unknown(e.Pos(), knowledge.Unsaid, "")
}

// selected is a field of a value, or a variable of another package.
func (n values) selected(e *ast.SelectorExpr, p path, fr *frame) Number {
	v, ok := n.Info.ObjectOf(e.Sel).(*types.Var)
	if !ok {
		return unknown(e.Pos(), knowledge.Unsaid, "")
	}
	if !v.IsField() {
		return n.places.read(v, p, e, fr).named(e.Sel.Name)
	}
	v = v.Origin()
	if n.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if n.tagged(e) && len(p) == 0 {
		return bounded(v.Pos(), "its tag bounds it")
	}
	if row := n.base.Field(n.Info.TypeOf(e.X), v.Name()); row != nil {
		return grows(e.Pos(), row.Origin, row.Text).named(v.Name())
	}
	x := n.of(e.X, append(path{v}, p...), fr).named(e.Sel.Name)
	if t := syntax.Named(n.Info.TypeOf(e.X)); t != nil {
		x = x.named(t.Obj().Name())
	}
	if x.Kind == Unknown && len(p) == 0 && knowledge.SaysRequestTag(n.tag(e)) {
		return grows(e.Pos(), knowledge.Request, "filled from the request by the tag of "+v.Name()).named(x.Names...)
	}
	return x
}

// tagged reports whether a field has a tag by which those who decode it check its length:
// `binding:"required,max=100"`.
func (n values) tagged(e *ast.SelectorExpr) bool {
	tag := n.tag(e)
	return limits(tag.Get("validate")) || limits(tag.Get("binding"))
}

// tag is the tag of a field, if it has one.
func (n values) tag(e *ast.SelectorExpr) reflect.StructTag {
	t := n.Info.TypeOf(e.X)
	if t == nil {
		return ""
	}
	t = t.Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	st, ok := t.(*types.Struct)
	if !ok {
		return ""
	}
	for i := range st.NumFields() {
		if st.Field(i).Name() == e.Sel.Name {
			return reflect.StructTag(st.Tag(i))
		}
	}
	return ""
}

// limits reports whether a rule has an upper end. What follows dive is about the elements.
func limits(rule string) bool {
	rule, _, _ = strings.Cut(rule, "dive")
	for part := range strings.SplitSeq(rule, ",") {
		switch key, _, _ := strings.Cut(part, "="); key {
		case "max", "lt", "lte", "len", "eq", "oneof":
			return true
		}
	}
	return false
}

// orField asks, of a part of a value that nobody can tell, what is ever put into the field.
func (n values) orField(x Number, p path) Number {
	if len(p) == 0 || x.Kind == Bounded || x.Kind == Grows {
		return x
	}
	v, ok := p[len(p)-1].(*types.Var)
	if !ok {
		return x
	}
	y := n.sources.field(v)
	switch {
	case y.Kind == Grows:
		return y.named(x.Names...)
	case y.Kind == Bounded && !v.Exported() && v.Pkg() == n.Types:
		return y
	case y.Kind == Unknown && x.Kind == None:
		return y.named(x.Names...)
	}
	return x.named(y.Names...)
}

// element is how much is held by a part of an element of a collection: as much as by the whole, unless
// the elements are known to be pieces.
func (n values) element(e ast.Expr, p path, fr *frame) Number {
	if x, ok := n.piece(e, fr); ok && len(p) == 0 {
		return x
	}
	t := n.Info.TypeOf(e)
	if t != nil && len(p) == 0 {
		if el := elem(t); el != nil && few(el) {
			return bounded(e.Pos(), "an array")
		}
	}
	if t != nil && few(t) && !holdsMany(elem(t)) {
		if el := elem(t); el == nil || !isInteger(el) {
			return bounded(e.Pos(), "an array")
		}
		if v := n.Variable(e); v != nil { // few numbers may be large
			if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil {
				e = d.Expr
			}
		}
		return n.held(e, p, fr)
	}
	if t != nil && few(t) {
		return n.orField(n.value(ast.Unparen(e), p, fr), p)
	}
	x := n.of(e, nil, fr)
	if x.Kind == Bounded { // few, of which each may hold many
		if el := elem(t); el == nil || holdsMany(el) {
			return n.orField(n.held(e, p, fr), p)
		}
		return x
	}
	x.Of = nil
	if x.Kind != Grows {
		return n.orField(x, p)
	}
	return x
}

// held is what the elements of a short list hold, where they are listed: []T{{xs}, {ys}}.
func (n values) held(e ast.Expr, p path, fr *frame) Number {
	if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		var x Number
		for _, el := range lit.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			x = join(x, n.of(el, p, fr))
		}
		return x
	}
	return unknown(e.Pos(), knowledge.Unsaid, "")
}

// holdsMany reports whether a value of a type can hold any number of things.
func holdsMany(t types.Type) bool { return manyIn(t, 0) }

func manyIn(t types.Type, depth int) bool {
	if t == nil || depth > 4 {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Pointer:
		return manyIn(u.Elem(), depth+1)
	case *types.Array:
		return manyIn(u.Elem(), depth+1)
	case *types.Struct:
		for f := range u.Fields() {
			if manyIn(f.Type(), depth+1) {
				return true
			}
		}
		return false
	case *types.Signature:
		return false
	}
	return true
}

// elem is the type of a collection's elements, or nil.
func elem(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	t = t.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	case *types.Chan:
		return t.Elem()
	}
	return nil
}

// piece is how long the elements of a collection are, where they were cut so: by a function that
// cuts, or one by one.
func (n values) piece(e ast.Expr, fr *frame) (Number, bool) {
	e = ast.Unparen(e)
	switch e := e.(type) {
	case *ast.CallExpr:
		c := n.Call(e)
		if c == nil {
			return Number{}, false
		}
		if row := n.base.Func(c.Callee); row != nil && row.Does == knowledge.Piece {
			if x := n.of(c.Arg(row.Few-1), nil, fr); x.Kind != Grows {
				return bounded(e.Pos(), "a piece"), true
			}
		}
		if f := n.Decl(c.Callee); f != nil && !fr.full() {
			return n.pieceOf(f, fr.enter(f, c))
		}
	case *ast.Ident:
		v, ok := n.Info.ObjectOf(e).(*types.Var)
		if !ok || !slicesOfSlices(v.Type()) || !n.enter([2]any{"piece", v}) {
			return Number{}, false
		}
		defer n.leave([2]any{"piece", v})
		var x Number
		for _, d := range n.Var(v.Origin()).Defs {
			if d.Kind != syntax.Assign || d.Expr == nil {
				if d.Kind == syntax.Zero || d.Kind == syntax.Param && n.places.isResult(v, d.In) {
					continue
				}
				return Number{}, false
			}
			call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
			if !ok || n.calls.builtin(call) != "append" || call.Ellipsis.IsValid() {
				if y, ok := n.piece(d.Expr, fr); ok {
					x = join(x, y)
					continue
				}
				if n.of(d.Expr, nil, fr).Kind > Bounded {
					return Number{}, false
				}
				if ok && n.calls.builtin(call) == "make" {
					continue
				}
				if lit, ok := ast.Unparen(d.Expr).(*ast.CompositeLit); ok && len(lit.Elts) == 0 {
					continue
				}
				return Number{}, false
			}
			for _, a := range call.Args[1:] {
				x = join(x, n.of(a, nil, fr))
			}
		}
		if x.Kind == Bounded {
			return x, true
		}
	}
	return Number{}, false
}

func (n values) pieceOf(f *syntax.Func, fr *frame) (Number, bool) {
	if !n.enter([3]any{"pieces", f, fr.call}) {
		return Number{}, false
	}
	defer n.leave([3]any{"pieces", f, fr.call})
	var x Number
	for _, r := range f.Returns {
		if len(r.Results) == 0 {
			return Number{}, false
		}
		if n.Info.Types[r.Results[0]].IsNil() {
			continue
		}
		y, ok := n.piece(r.Results[0], fr)
		if !ok {
			return Number{}, false
		}
		x = join(x, y)
	}
	return x, x.Kind == Bounded
}

func slicesOfSlices(t types.Type) bool {
	el := elem(t)
	if el == nil {
		return false
	}
	_, ok := el.Underlying().(*types.Slice)
	return ok
}

// slice is xs[low:high]: as many as lie between, if that is known.
func (n values) slice(e *ast.SliceExpr, p path, fr *frame) Number {
	if e.High == nil && e.Low != nil {
		if x, ok := n.last(e.Low, e.X, fr); ok {
			return x
		}
	}
	if e.High != nil && len(p) == 0 {
		if x := n.between(e.Low, e.High, fr); x.Kind == Bounded {
			return x
		}
		if x := n.of(e.High, nil, fr); x.Kind != Grows && !isLen(n.Numbers, e.High, e.X) {
			if whole := n.of(e.X, p, fr); whole.Kind != None { // of nothing there is no part
				return less(x, whole)
			}
			return Number{}
		}
	}
	return n.of(e.X, p, fr)
}

// cut is where a collection is cut to a number that somebody has chosen; nil if it is not: xs[:n].
func (n values) cut(e ast.Expr, fr *frame) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.SliceExpr:
		if e.High != nil && (e.Low == nil || n.zero(e.Low)) && n.chosen(e.High, fr) {
			return e.High
		}
	case *ast.Ident:
		if v := n.Variable(e); v != nil {
			if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil && n.enter([2]any{"cut", v}) {
				defer n.leave([2]any{"cut", v})
				return n.cut(d.Expr, fr)
			}
		}
	}
	return nil
}

// chosen reports whether a number is one that somebody has chosen, or less: no length.
func (n values) chosen(e ast.Expr, fr *frame) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		switch n.calls.builtin(e) {
		case "len":
			return false
		case "min":
			return slices.ContainsFunc(e.Args, func(a ast.Expr) bool { return n.chosen(a, fr) })
		}
	case *ast.Ident:
		if v := n.Variable(e); v != nil {
			if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil && n.enter([2]any{"chosen", v}) {
				defer n.leave([2]any{"chosen", v})
				return n.chosen(d.Expr, fr)
			}
		}
	}
	x := n.of(e, nil, fr)
	return x.Kind == Bounded || x.Kind == Unknown && x.Origin != knowledge.Unsaid && (x.Of == nil || isInteger(n.Info.TypeOf(x.Of)))
}

// last is how many a collection has from low to its end, where low is counted from there: len(xs)-n, or no less
// than that.
func (n values) last(low, of ast.Expr, fr *frame) (Number, bool) {
	switch e := ast.Unparen(low).(type) {
	case *ast.BinaryExpr:
		if e.Op == token.SUB && isLen(n.Numbers, e.X, of) {
			return n.of(e.Y, nil, fr), true
		}
	case *ast.CallExpr:
		if n.calls.builtin(e) == "max" {
			for _, a := range e.Args {
				if x, ok := n.last(a, of, fr); ok {
					return x, true
				}
			}
		}
	case *ast.Ident:
		v := n.Variable(e)
		if v == nil || v.IsField() || !n.enter([3]any{"last", v, of}) {
			return Number{}, false
		}
		defer n.leave([3]any{"last", v, of})
		var x Number
		for _, d := range n.Var(v).Defs {
			if d.Kind != syntax.Assign {
				return Number{}, false
			}
			if n.loops.raises(d, v) {
				continue
			}
			y, ok := n.last(d.Expr, of, fr)
			if !ok {
				return Number{}, false
			}
			x = join(x, y)
		}
		return x, x.Kind != None
	}
	return Number{}, false
}

func isLen(n *Numbers, e, of ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok && n.calls.builtin(call) == "len" && n.values.same(call.Args[0], of)
}

// between is how much high is above low: i and i+n, i-n and i+n, or the smaller of i+n and the end.
func (n values) between(low, high ast.Expr, fr *frame) Number {
	if low == nil || n.zero(low) {
		return n.of(high, nil, fr)
	}
	if l, ok := ast.Unparen(low).(*ast.BinaryExpr); ok && l.Op == token.SUB {
		if x := n.between(l.X, high, fr); x.Kind == Bounded {
			return sum(x, n.of(l.Y, nil, fr))
		}
		if n.same(l.X, high) {
			return n.of(l.Y, nil, fr)
		}
	}
	switch h := ast.Unparen(high).(type) {
	case *ast.BinaryExpr:
		if h.Op == token.ADD {
			if n.same(h.X, low) {
				return n.of(h.Y, nil, fr)
			}
			if n.same(h.Y, low) {
				return n.of(h.X, nil, fr)
			}
		}
	case *ast.CallExpr:
		if n.calls.builtin(h) == "min" {
			var x Number
			for _, a := range h.Args {
				if y := n.between(low, a, fr); y.Kind == Bounded {
					x = y
				}
			}
			return x
		}
		if f := n.Target(h.Fun); f != nil && len(h.Args) == 2 { // a min of their own
			for _, a := range h.Args {
				if y := n.between(low, a, fr); y.Kind == Bounded && n.of(h, nil, fr).Kind != Grows {
					return y
				}
			}
		}
	case *ast.Ident:
		v := n.Variable(h)
		if v == nil || v.IsField() || !n.enter([3]any{"between", low, v}) {
			return Number{}
		}
		defer n.leave([3]any{"between", low, v})
		var x Number
		for _, d := range n.Var(v).Defs {
			switch {
			case d.Kind == syntax.Zero:
				continue
			case d.Kind != syntax.Assign:
				return Number{}
			case n.places.lowers(d.Cur, v, d.Expr):
				continue
			}
			y := n.between(low, d.Expr, fr)
			if y.Kind != Bounded {
				return Number{}
			}
			x = join(x, y)
		}
		return x
	}
	return Number{}
}

func (n values) zero(e ast.Expr) bool {
	v := n.Info.Types[ast.Unparen(e)].Value
	if v == nil {
		return false
	}
	i, ok := constant.Int64Val(constant.ToInt(v))
	return ok && i == 0
}

// same reports whether two expressions are the same variable, or field of one.
func (n values) same(a, b ast.Expr) bool {
	va, pa, ok := n.places.place(a)
	if !ok {
		return false
	}
	vb, pb, ok := n.places.place(b)
	return ok && va == vb && pa.key() == pb.key()
}

func (n values) binary(e *ast.BinaryExpr, fr *frame) Number {
	x, y := n.of(e.X, nil, fr), n.of(e.Y, nil, fr)
	switch e.Op {
	case token.REM, token.AND:
		return less(x, y)
	case token.QUO, token.SHR, token.AND_NOT:
		if n.loops.proportional(e.Y, e.X, fr) {
			return bounded(e.Pos(), "a number of parts")
		}
		x.Exact = false
		return x
	case token.SUB:
		if x.Exact && y.Exact {
			x.Max -= y.Max
			return x
		}
		x.Exact = false
		return x
	case token.ADD, token.OR, token.XOR:
		return sum(x, y)
	case token.MUL, token.SHL:
		z := join(x, y)
		z.Exact = false
		z.Max = 0
		return z
	}
	return bounded(e.Pos(), "a condition")
}

func sum(x, y Number) Number {
	z := join(x, y)
	z.Exact = x.Exact && y.Exact
	z.Max = x.Max + y.Max
	return z
}

// literal is a composite literal, or a part of one.
func (n values) literal(e *ast.CompositeLit, p path, fr *frame) Number {
	t := n.Info.TypeOf(e)
	if t == nil {
		return Number{}
	}
	t = t.Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying()
	}
	st, ok := t.(*types.Struct)
	if !ok {
		if len(p) > 0 {
			return n.held(e, p, fr)
		}
		x := bounded(e.Pos(), "a literal")
		x.Exact, x.Max = true, int64(len(e.Elts))
		return x
	}
	if len(p) == 0 { // as much as its parts
		var x Number
		for _, el := range e.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			x = join(x, n.of(el, nil, fr))
		}
		x.Names = nil
		return x
	}
	for i, el := range e.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == p[0].Name() {
				return n.of(kv.Value, p[1:], fr)
			}
		} else if i < st.NumFields() && st.Field(i).Name() == p[0].Name() {
			return n.of(el, p[1:], fr)
		}
	}
	return Number{}
}
