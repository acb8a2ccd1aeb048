package explore

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A run is one goroutine at work in a state, which it changes.
type run struct {
	x *Explorer
	s *state
	t *thread
}

func (r *run) top() *frame { return r.t.top() }

// frameOf is the frame that holds a variable: of the function that declares it, if that called, through
// whatever others, the one that runs; else the one that runs, which holds what it captured.
func (r *run) frameOf(v *types.Var) *frame {
	if f := r.home(v); f != nil {
		return f
	}
	return r.top()
}

// home is the frame of the function that declares a variable, if that has called the one that runs; else nil.
func (r *run) home(v *types.Var) *frame {
	for i := len(r.t.frames) - 1; i >= 0; i-- {
		f := r.t.frames[i]
		if n := f.code.fn.Node; n.Pos() <= v.Pos() && v.Pos() < n.End() && !inner(f.code.fn, v) {
			return f
		}
	}
	return nil
}

// inner reports whether a variable is declared in a literal inside a function.
func inner(f *syntax.Func, v *types.Var) bool {
	for _, l := range f.Lits {
		if l.Node.Pos() <= v.Pos() && v.Pos() < l.Node.End() {
			return true
		}
	}
	return false
}

func (x *Explorer) global(v *types.Var) bool {
	return v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// variable is what a variable or field holds.
func (r *run) variable(v *types.Var) value {
	v = v.Origin()
	if r.x.global(v) {
		return r.shared(v)
	}
	f := r.frameOf(v)
	if w, ok := f.env.lookup(v); ok {
		return w
	}
	for i := len(r.t.frames) - 1; i >= 0; i-- { // captured by who called
		if w, ok := r.t.frames[i].env.lookup(v); ok {
			return w
		}
	}
	if _, ok := v.Type().Underlying().(*types.Signature); ok {
		if d, ok := r.x.pkg.Only(v); ok && d.Kind == syntax.Assign {
			if lit, ok := ast.Unparen(d.Expr).(*ast.FuncLit); ok {
				return r.literal(r.x.pkg.Lit(lit))
			}
		}
	}
	return value{}
}

// givenAway reports whether a variable that is assigned to more than once is seen by a literal that strangers get: they
// may have what it holds later.
func (x *Explorer) givenAway(v *types.Var) bool {
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
func (x *Explorer) toStrangers(l *syntax.Func) bool {
	cur := syntax.Outer(l.Cur)
	switch cur.ParentEdgeKind() {
	case edge.CallExpr_Args:
		c := x.pkg.Call(cur.Parent().Node().(*ast.CallExpr))
		return !x.startedLit(l) && (c == nil || x.callee(c) == nil)
	case edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
		return true
	}
	return false
}

// shared is what a package variable holds, or a field of a struct that nobody here has made.
func (r *run) shared(v *types.Var) value {
	if w, ok := r.s.fields.lookup(v); ok {
		return w
	}
	return r.stranger(v)
}

// stranger is what a field or package variable holds that nobody here has set: a thing that others may
// have as well, the same each time.
func (r *run) stranger(v *types.Var) value {
	if r.x.lone {
		if v.IsField() {
			return value{} // of which struct, nobody knows
		}
		w := r.others(v, 0)
		r.s.fields = r.s.fields.with(v, w)
		return w
	}
	t := thing{site: nil, name: v.Name(), open: true, parent: none}
	switch u := types.Unalias(v.Type()); {
	case syntax.Is(u, "sync", "Once"):
		t.kind, t.open = once, false
	case isContext(u):
		t.kind = context
	case isLock(u):
		t.kind, t.open, t.own, t.size = lock, false, true, 1
		if syntax.Is(u, "sync", "RWMutex") {
			t.size = most
		}
	case r.x.isGroup(u):
		t.kind = group
	case r.x.limiter(v):
		t.kind, t.open, t.token, t.size = limiter, false, true, 1
		r.x.selfish = true
	case r.x.tokens(v):
		t.kind, t.open, t.token, t.size = channel, false, true, 1
		r.x.selfish = true
	case r.x.lends(v):
		t.kind, t.open, t.token, t.lent, t.size, t.queue = channel, false, true, true, most, make([]value, 1)
		r.x.selfish = true
	default:
		return value{}
	}
	w := r.s.make(t)
	r.s.fields = r.s.fields.with(v, w)
	return w
}

// set gives a variable or field a value.
func (r *run) set(v *types.Var, w value) {
	v = v.Origin()
	if r.x.global(v) {
		if old, ok := r.s.fields.lookup(v); ok && v.IsField() && old != w && r.s.thing(w) != nil && (old.kind == anything || r.s.thing(old) != nil) {
			// Two structs: from here on nobody knows which.
			r.blur(old)
			r.blur(w)
			w = value{}
		}
		if w.kind == function || r.object(w) != none && v.IsField() { // whoever finds it there may call it, also through an interface
			r.blur(w)
		}
		if v.IsField() && r.x.counts[v] {
			return // which struct's it is, nobody knows
		}
		r.s.fields = r.s.fields.with(v, w)
		return
	}
	if w.kind == several && r.x.volatile(v) { // others put in what nobody here sees
		r.blur(w)
		w = value{}
	}
	if (w.kind == several || w.kind == aThing) && r.x.givenAway(v) {
		r.blur(w)
	}
	f := r.frameOf(v)
	if _, basic := v.Type().Underlying().(*types.Basic); w.kind == anything || basic && r.x.volatile(v) {
		if r.x.lone { // nor is it what it was in a call before this one
			f.env = f.env.with(v, value{})
			return
		}
		f.env = f.env.without(v)
		return
	}
	f.env = f.env.with(v, w)
}

// literal is a function literal with what it captures.
func (r *run) literal(f *syntax.Func) value {
	if f == nil {
		return value{}
	}
	c := &closure{fn: f}
	for _, v := range r.x.code(f).free {
		if r.x.global(v) {
			continue
		}
		for i := len(r.t.frames) - 1; i >= 0; i-- {
			if w, ok := r.t.frames[i].env.lookup(v); ok {
				c.env = c.env.with(v, w)
				break
			}
		}
		if l := r.x.lengths[v]; l != nil {
			if w, ok := r.frameOf(l).env.lookup(l); ok {
				c.env = c.env.with(l, w)
			}
		}
	}
	return value{kind: function, fn: c}
}

// eval is what an expression is worth. It changes nothing: calls and receives have been made before.
func (r *run) eval(e ast.Expr) value {
	e = ast.Unparen(e)
	info := r.x.pkg.Info
	if tv := info.Types[e]; tv.Value != nil {
		switch tv.Value.Kind() {
		case constant.Int:
			if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.ADD || b.Op == token.SUB) {
				break // what counts as as many: one more is one more then, too
			}
			n, _ := constant.Int64Val(tv.Value)
			return num(r.x.clamp(n))
		case constant.Bool:
			return truth(constant.BoolVal(tv.Value))
		default:
			return value{}
		}
	} else if tv.IsNil() {
		return value{kind: null}
	}
	switch e := e.(type) {
	case *ast.Ident:
		switch o := info.ObjectOf(e).(type) {
		case *types.Var:
			return r.numbered(e, r.variable(o))
		case *types.Func:
			return r.declared(o)
		}
	case *ast.SelectorExpr:
		switch o := info.ObjectOf(e.Sel).(type) {
		case *types.Var:
			if ticks(o) {
				if w := r.eval(e.X); w.kind == aThing {
					return value{kind: ticksOf, n: w.n}
				}
				return value{}
			}
			if o.IsField() {
				return r.numbered(e, r.field(r.base(e), o))
			}
			return r.numbered(e, r.variable(o))
		case *types.Func:
			if sel := info.Selections[e]; sel != nil && sel.Kind() == types.MethodVal {
				return r.method(r.base(e), o)
			}
			return r.declared(o)
		}
	case *ast.TypeAssertExpr:
		return r.asserted(r.eval(e.X), e.Type)
	case *ast.StarExpr:
		return r.eval(e.X)
	case *ast.UnaryExpr:
		switch e.Op {
		case token.AND:
			if v := r.eval(e.X); v.kind != anything && v.kind != number {
				return v
			}
			return value{kind: present}
		case token.ARROW:
			return r.first(e)
		}
	case *ast.FuncLit:
		return r.literal(r.x.pkg.Lit(e))
	case *ast.CompositeLit:
		return r.first(e)
	case *ast.CallExpr:
		return r.result(e)
	case *ast.IndexExpr:
		if tv := info.Types[e.Index]; tv.IsType() { // f[T]
			return r.eval(e.X)
		}
		if r.x.interesting(info.TypeOf(e)) {
			all := r.eval(e.X)
			if all.kind != several {
				return all
			}
			if i := r.eval(e.Index); i.kind == number {
				return r.nth(all, i.n)
			}
			r.blur(all) // any of them
			return value{}
		}
	case *ast.IndexListExpr:
		return r.eval(e.X)
	case *ast.BinaryExpr:
		a, b := r.eval(e.X), r.eval(e.Y)
		if a.kind == number && b.kind == number {
			switch e.Op {
			case token.ADD:
				return num(a.n + b.n)
			case token.SUB:
				return num(a.n - b.n)
			case token.MUL:
				return num(a.n * b.n)
			}
		}
	}
	return value{}
}

// asserted is a value if it can be of a type.
func (r *run) asserted(v value, t ast.Expr) value {
	n := r.object(v)
	if n == none || t == nil || r.x.is(r.s.things[n].typ, r.x.pkg.Info.TypeOf(t)) {
		return v
	}
	return value{}
}

// is reports whether a struct of a type, or a pointer to it, is of another one.
func (x *Explorer) is(have, want types.Type) bool {
	if want == nil {
		return false
	}
	if i, ok := want.Underlying().(*types.Interface); ok {
		return types.Implements(types.NewPointer(have), i)
	}
	if p, ok := types.Unalias(want).Underlying().(*types.Pointer); ok {
		want = p.Elem()
	}
	return sameOrigin(have, types.Unalias(want))
}

// first is the first result of what the step has done.
func (r *run) first(e ast.Expr) value {
	if vs := r.top().temps.get(e); len(vs) > 0 {
		return vs[0]
	}
	return value{}
}

func (r *run) declared(f *types.Func) value {
	if d := r.x.pkg.Decl(f); d != nil {
		return value{kind: function, fn: &closure{fn: d}}
	}
	return value{}
}

func truth(is bool) value {
	if is {
		return num(1)
	}
	return num(0)
}

// lengthOf stands for the length of a slice variable, as a variable of its own.
func (x *Explorer) lengthOf(v *types.Var) *types.Var {
	l := x.lengths[v]
	if l == nil {
		l = types.NewVar(v.Pos()+1, v.Pkg(), v.Name(), types.Typ[types.Int])
		x.lengths[v] = l
	}
	return l
}

// numbered is a number for a variable that has one value which nobody knows: any will do, as long as
// it is the same each time.
func (r *run) numbered(e ast.Expr, v value) value {
	if v.kind != anything || r.x.lone {
		return v
	}
	if t, ok := r.x.pkg.Info.TypeOf(e).Underlying().(*types.Basic); ok && t.Info()&types.IsInteger != 0 && r.x.steady(e) {
		v := r.x.pkg.Variable(e)
		if r.x.chosenNumbers()[v] {
			if r.x.choose {
				return num(1)
			}
			r.x.choices = true
		}
		if r.x.scalar(v) {
			return value{}
		}
		return r.x.unknown()
	}
	return v
}

// chosenNumbers are the numbers on which the function that is run, or what it calls, hangs and that say nothing
// of how many there are of anything: parameters of its own and fields that no one here gives a length, and what
// is compared with a count in a loop.
func (x *Explorer) chosenNumbers() map[*types.Var]bool {
	f := x.exploring
	chosen, ok := x.chosen[f]
	if ok {
		return chosen
	}
	chosen = map[*types.Var]bool{}
	x.chosen[f] = chosen
	for i := range f.Sig.Params().Len() {
		v := f.Sig.Params().At(i).Origin()
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 && !slices.ContainsFunc(f.Callers, func(c *syntax.Call) bool {
			return i >= len(c.Expr.Args) || !x.independent(c.Expr.Args[i])
		}) {
			chosen[v] = true
		}
	}
	for g := range x.reach(f, false) {
		for cur := range g.Cur.Preorder((*ast.RangeStmt)(nil)) {
			if v := x.pkg.Variable(cur.Node().(*ast.RangeStmt).X); v != nil && x.global(v) && !x.measured(v) {
				chosen[v] = true
			}
		}
		for cur := range g.Cur.Preorder((*ast.BinaryExpr)(nil)) {
			n := cur.Node().(*ast.BinaryExpr)
			if !compares(n.Op) || x.pkg.Info.Types[n.X].Value != nil || x.pkg.Info.Types[n.Y].Value != nil || len(syntax.Loops(cur)) == 0 {
				continue
			}
			for _, e := range []ast.Expr{n.X, n.Y} {
				if v := x.pkg.Variable(e); v != nil && x.global(v) {
					chosen[v] = true
				}
			}
		}
	}
	return chosen
}

// measured reports whether a field is, somewhere, how many there are of something.
func (x *Explorer) measured(v *types.Var) bool {
	return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
		length := false
		if d.Expr != nil {
			ast.Inspect(d.Expr, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				length = length || ok && x.builtin(call) == "len"
				return !length
			})
		}
		return length
	})
}

func compares(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// independent reports whether an argument has nothing to do with how many there are of anything: it is a
// constant, a parameter or a field.
func (x *Explorer) independent(e ast.Expr) bool {
	if x.pkg.Info.Types[e].Value != nil {
		return true
	}
	v := x.pkg.Variable(e)
	return v != nil && !slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind != syntax.Param && d.Expr == nil || d.Expr != nil && x.pkg.Info.Types[d.Expr].Value == nil
	})
}

// steady reports whether a variable has one value in a function: a parameter, or what is assigned once.
func (x *Explorer) steady(e ast.Expr) bool {
	v := x.pkg.Variable(e)
	if v == nil {
		return false
	}
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && v.IsField() {
		return x.steadyPath(sel.X)
	}
	defs := 0
	for _, d := range x.pkg.Var(v).Defs {
		switch d.Kind {
		case syntax.Zero:
		case syntax.Param, syntax.Assign, syntax.RangeValue:
			defs++
		default:
			return false
		}
	}
	return defs <= 1 && !x.volatile(v)
}

func (x *Explorer) steadyPath(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, pkg := x.pkg.Info.ObjectOf(e).(*types.PkgName)
		return pkg || x.steady(e) || x.pkg.Variable(e) != nil && len(x.pkg.Var(x.pkg.Variable(e)).Defs) <= 1
	case *ast.SelectorExpr:
		return x.steadyPath(e.X)
	case *ast.StarExpr:
		return x.steadyPath(e.X)
	}
	return false
}

// nth is an element of a slice.
func (r *run) nth(all value, i int) value {
	if i < 0 || i >= len(all.list.items) {
		return value{}
	}
	return all.list.items[i]
}

// result is what a call was worth, or what a call is worth that changes nothing.
func (r *run) result(e *ast.CallExpr) value {
	if vs, ok := r.top().temps.lookup(e); ok {
		if len(vs) > 0 {
			return vs[0]
		}
		return value{}
	}
	if tv := r.x.pkg.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return r.eval(e.Args[0])
	}
	switch r.x.builtin(e) {
	case "len":
		return r.length(e.Args[0])
	case "recover":
		return value{kind: null} // nothing panics here
	case "cap":
		if t := r.s.thing(r.eval(e.Args[0])); t != nil && t.kind == channel {
			if t.guess && t.size == roomy {
				return r.x.unknown()
			}
			return num(t.size)
		}
	case "min", "max":
		best := r.eval(e.Args[0])
		for _, a := range e.Args[1:] {
			v := r.eval(a)
			if best.kind != number || v.kind != number {
				return value{}
			}
			if (v.n < best.n) == (r.x.builtin(e) == "min") {
				best = v
			}
		}
		return best
	}
	return value{}
}

// length is how many elements a collection has.
func (r *run) length(e ast.Expr) value {
	t := r.x.pkg.Info.TypeOf(e).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Array:
		return num(r.x.clamp(t.Len()))
	case *types.Chan:
		return value{}
	}
	if tv := r.x.pkg.Info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return num(r.x.clamp(int64(len(constant.StringVal(tv.Value)))))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return num(r.x.clamp(int64(len(e.Elts))))
	case *ast.SliceExpr:
		low, high := num(0), value{}
		if e.Low != nil {
			low = r.eval(e.Low)
		}
		if e.High != nil {
			high = r.eval(e.High)
		} else {
			high = r.length(e.X)
		}
		if low.kind == number && high.kind == number {
			return num(max(high.n-low.n, 0))
		}
		return value{}
	}
	if r.x.holder(r.x.pkg.Info.TypeOf(e)) {
		if v := r.eval(e); v.kind == several {
			return num(len(v.list.items))
		}
	}
	if v := r.x.pkg.Variable(e); v != nil && !v.IsField() && r.x.counted(v) {
		if w := r.variable(r.x.lengthOf(v)); w.kind == number {
			if w.open {
				w.open = false
				r.set(r.x.lengthOf(v), w)
			}
			return w
		}
		return value{}
	}
	if v := r.x.pkg.Variable(e); v != nil && !r.x.repeats(v) {
		return value{} // of one length as well as of another
	}
	if r.x.steady(e) || r.x.steadyPath(e) {
		return r.x.unknown()
	}
	return value{}
}

// repeats reports whether anything is done for each element of what a variable holds, or as often as it is long: of a
// field, by the function that is run.
func (x *Explorer) repeats(v *types.Var) bool {
	k := lengthIn{v, nil}
	if v.IsField() {
		k.in = x.exploring
	}
	is, ok := x.spread[k]
	if !ok {
		x.spread[k] = false // while it is found out
		is = slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			return (k.in == nil || x.reach(k.in, true)[x.pkg.FuncAt(u)]) && x.repeatsUse(u)
		})
		x.spread[k] = is
	}
	return is
}

type lengthIn struct {
	v  *types.Var
	in *syntax.Func
}

func (x *Explorer) repeatsUse(u inspector.Cursor) bool {
	e := syntax.Outer(u)
	if e.ParentEdgeKind() == edge.SelectorExpr_Sel {
		e = syntax.Outer(e.Parent())
	}
	switch k, i := e.ParentEdge(); k {
	case edge.RangeStmt_X, edge.SliceExpr_X, edge.UnaryExpr_X:
		return true
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		lhs := syntax.Assigned(e)
		return len(lhs) != 1 || x.pkg.Variable(lhs[0]) == nil || x.repeats(x.pkg.Variable(lhs[0]))
	case edge.CallExpr_Args:
		n := e.Parent().Node().(*ast.CallExpr)
		if x.builtin(n) == "len" {
			return x.multiplies(e.Parent())
		}
		c := x.pkg.Call(n)
		if c == nil {
			return false
		}
		f := x.callee(c)
		return f != nil && (i >= f.Sig.Params().Len() || f.Sig.Variadic() && i == f.Sig.Params().Len()-1 || x.repeats(f.Sig.Params().At(i).Origin()))
	}
	return false
}

// multiplies reports whether anything may be done as often as a number says: it is more than compared with a constant, or
// handed on.
func (x *Explorer) multiplies(n inspector.Cursor) bool {
	e := syntax.Outer(n)
	switch e.ParentEdgeKind() {
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		op := e.Parent().Node().(*ast.BinaryExpr)
		if compares(op.Op) {
			return x.pkg.Info.Types[op.X].Value == nil && x.pkg.Info.Types[op.Y].Value == nil
		}
		return x.multiplies(e.Parent())
	case edge.CallExpr_Args:
		call := e.Parent().Node().(*ast.CallExpr)
		if x.pkg.Info.Types[call.Fun].IsType() {
			return x.multiplies(e.Parent())
		}
		c := x.pkg.Call(call)
		return x.builtin(call) == "make" || c != nil && x.callee(c) != nil
	case edge.SendStmt_Value, edge.IndexExpr_Index:
		return false
	}
	return true
}

// emptiness tells of a condition whether a slice is empty where it is true, and of which slice, if that is one of
// which nobody knows how long it is: len(xs) == 0, 0 < len(xs).
func (r *run) emptiness(e ast.Expr) (v *types.Var, empty bool) {
	if not, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && not.Op == token.NOT {
		v, empty := r.emptiness(not.X)
		return v, v != nil && !empty
	}
	cmp, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok {
		return nil, false
	}
	a, op, b := cmp.X, cmp.Op, cmp.Y
	if r.x.pkg.Info.Types[a].Value != nil {
		a, op, b = b, syntax.Mirrored(op), a
	}
	call, ok := ast.Unparen(a).(*ast.CallExpr)
	if !ok || r.x.builtin(call) != "len" || r.x.pkg.Info.Types[b].Value == nil {
		return nil, false
	}
	v = r.x.pkg.Variable(call.Args[0])
	if v == nil || v.IsField() || !r.x.counted(v) || !r.variable(r.x.lengthOf(v)).open {
		return nil, false
	}
	none, known := compare(op, num(0), r.eval(b))
	one, _ := compare(op, num(1), r.eval(b))
	if !known || none == one {
		return nil, false
	}
	return v, none
}

// condition is what a condition is, if that is known.
func (r *run) condition(e ast.Expr) (is, known bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			is, known := r.condition(e.X)
			return !is, known
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND, token.LOR:
			a, aKnown := r.condition(e.X)
			b, bKnown := r.condition(e.Y)
			decides := e.Op == token.LOR
			switch {
			case aKnown && a == decides, bKnown && b == decides:
				return decides, true
			case aKnown && bKnown:
				return !decides, true
			}
			return false, false
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			if r.x.grows(e.X, e.Y) || r.x.grows(e.Y, e.X) {
				return false, false
			}
			small, op, large := e.X, e.Op, e.Y
			if r.x.endless(small) {
				small, op, large = large, syntax.Mirrored(op), small
			}
			if r.x.endless(large) && !r.x.endless(small) {
				return op == token.LSS || op == token.LEQ || op == token.NEQ, true
			}
			return compare(e.Op, r.eval(e.X), r.eval(e.Y))
		}
	case *ast.CallExpr:
		if w := r.eval(e); w.kind == number {
			return w.n != 0, true
		}
	case *ast.Ident, *ast.SelectorExpr:
		if v := r.x.pkg.Variable(e); v != nil {
			if w := r.variable(v); w.kind == number && types.Identical(v.Type().Underlying(), types.Typ[types.Bool]) {
				return w.n != 0, true
			}
		}
	}
	return false, false
}

// endless reports whether a number is so large that nobody counts that far: i < math.MaxInt64.
func (x *Explorer) endless(e ast.Expr) bool {
	c := x.pkg.Info.Types[e].Value
	return c != nil && c.Kind() == constant.Int && constant.Compare(c, token.GEQ, constant.MakeInt64(math.MaxInt32))
}

// grows reports whether a is the length of a field that functions assign, and b a constant: how far it
// has grown, nobody knows.
func (x *Explorer) grows(a, b ast.Expr) bool {
	call, ok := ast.Unparen(a).(*ast.CallExpr)
	if !ok || x.builtin(call) != "len" || x.pkg.Info.Types[b].Value == nil {
		return false
	}
	v := x.pkg.Variable(call.Args[0])
	return v != nil && v.IsField() && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind != syntax.Literal })
}

func compare(op token.Token, a, b value) (is, known bool) {
	if a.kind == number && b.kind == number {
		switch op {
		case token.EQL:
			return a.n == b.n, true
		case token.NEQ:
			return a.n != b.n, true
		case token.LSS:
			return a.n < b.n, true
		case token.LEQ:
			return a.n <= b.n, true
		case token.GTR:
			return a.n > b.n, true
		case token.GEQ:
			return a.n >= b.n, true
		}
	}
	if a.kind != null {
		a, b = b, a
	}
	if a.kind == null && b.kind != anything && b.kind != number {
		return (b.kind == null) == (op == token.EQL), op == token.EQL || op == token.NEQ
	}
	return false, false
}

// speaksOfOthers reports whether a condition is about what other goroutines or functions change.
func (x *Explorer) speaksOfOthers(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := x.pkg.Info.Uses[id].(*types.Var); ok && !v.IsField() && x.volatile(v.Origin()) {
				found = true
			}
		}
		return !found
	})
	return found
}

// about is the variable that a condition asks, whether it is true or nil, and which of these makes the
// condition true; nil if it asks anything else.
func (x *Explorer) about(e ast.Expr) (v *types.Var, is bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := x.pkg.Info.ObjectOf(e).(*types.Var)
		return v, true
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			v, is := x.about(e.X)
			return v, !is
		}
	case *ast.BinaryExpr:
		return x.isNil(e)
	}
	return nil, false
}

// isNil is the variable that a comparison compares with nil, and whether it asks for nil.
func (x *Explorer) isNil(e *ast.BinaryExpr) (v *types.Var, is bool) {
	if e.Op != token.EQL && e.Op != token.NEQ {
		return nil, false
	}
	a, b := e.X, e.Y
	if x.pkg.Info.Types[a].IsNil() {
		a, b = b, a
	}
	if id, ok := ast.Unparen(a).(*ast.Ident); ok && x.pkg.Info.Types[b].IsNil() {
		v, _ := x.pkg.Info.ObjectOf(id).(*types.Var)
		return v, e.Op == token.EQL
	}
	return nil, false
}

// choose holds a condition on a variable that several functions see, and that has one value, to what it
// was taken to be before; else it is from now on.
func (r *run) choose(e paths.Edge) bool {
	v, is := r.x.setting(e.Cond)
	if v == nil {
		v, is = r.x.about(e.Cond)
		if v == nil || r.x.global(v) || !r.x.captured(v) {
			return true
		}
	}
	now := truth(is == e.Is)
	if was, ok := r.s.chosen.lookup(v); ok {
		return was == now
	}
	r.s.chosen = r.s.chosen.with(v, now)
	return true
}

// setting stands for a condition that asks only constants and fields that are never assigned, as a
// variable of its own: it is the same wherever it is asked. A flag in a field is until it is assigned, see forget.
func (x *Explorer) setting(e ast.Expr) (v *types.Var, is bool) {
	e, is = ast.Unparen(e), true
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.NOT {
		v, is = x.setting(u.X)
		return v, !is
	}
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 0 { // a method that says so
		c := x.pkg.Call(call)
		if c == nil {
			return nil, false
		}
		f := x.callee(c)
		if f == nil || f.Body == nil {
			return nil, false
		}
		if e := onlyReturns(f.Body.List); e != nil {
			return x.setting(e)
		}
		return nil, false
	}
	key, fields := x.asked(e)
	if fields == 0 {
		return nil, false
	}
	v = x.settings[key]
	if v == nil {
		v = types.NewVar(token.Pos(len(x.settings)+1), x.pkg.Types, key, types.Typ[types.Bool])
		x.settings[key] = v
	}
	return v, is
}

// onlyReturns is what statements return that do nothing else; nil if they do.
func onlyReturns(list []ast.Stmt) (e ast.Expr) {
	for _, stmt := range list {
		switch stmt := stmt.(type) {
		case *ast.ReturnStmt:
			if len(stmt.Results) == 1 {
				return stmt.Results[0]
			}
			return nil
		case *ast.BlockStmt:
			return onlyReturns(stmt.List)
		case *ast.AssignStmt:
			if id, ok := stmt.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
				continue
			}
		}
		return nil
	}
	return nil
}

// asked spells what a condition asks, if that is only constants and fields that are never assigned, and
// says how many fields it asks; none if it asks anything else.
func (x *Explorer) asked(e ast.Expr) (key string, fields int) {
	e = ast.Unparen(e)
	if tv := x.pkg.Info.Types[e]; tv.Value != nil {
		return tv.Value.ExactString(), 0
	} else if tv.IsNil() {
		return "nil", 0
	}
	switch e := e.(type) {
	case *ast.SelectorExpr:
		v := x.pkg.Variable(e)
		if v == nil || !v.IsField() || x.interesting(v.Type()) {
			break
		}
		if !isFlag(v) && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind != syntax.Literal }) {
			break
		}
		return settingKey(v), 1
	case *ast.CallExpr:
		if x.builtin(e) == "len" {
			key, fields := x.asked(e.Args[0])
			return "len" + key, fields
		}
	case *ast.BinaryExpr:
		a, n := x.asked(e.X)
		b, m := x.asked(e.Y)
		if a != "" && b != "" {
			return a + e.Op.String() + b, n + m
		}
	}
	return "", 0
}

func settingKey(v *types.Var) string { return fmt.Sprint("#", v.Pos()) }

func isFlag(v *types.Var) bool {
	t, ok := v.Type().Underlying().(*types.Basic)
	return ok && v.IsField() && t.Info()&types.IsBoolean != 0
}

// forget notes that a flag is assigned: what conditions on it were taken to be is no longer so.
func (r *run) forget(v *types.Var) {
	if !isFlag(v) {
		return
	}
	if s := r.x.settings[settingKey(v)]; s != nil {
		r.s.chosen = r.s.chosen.without(s)
	}
}

// captured reports whether a variable with one value is also used in a literal inside its function.
func (x *Explorer) captured(v *types.Var) bool {
	is, ok := x.seen[v]
	if ok {
		return is
	}
	entry := x.pkg.Var(v)
	if len(entry.Defs) == 1 && !x.volatile(v) && entry.Defs[0].Kind == syntax.Param {
		for _, u := range entry.Uses {
			is = is || x.pkg.FuncAt(u) != entry.Defs[0].In
		}
	}
	x.seen[v] = is
	return is
}

// take follows an edge, and reports whether it can be taken.
func (r *run) take(e paths.Edge) bool {
	f := r.top()
	if e.Type != nil && !r.mayBe(e) {
		return false
	}
	if e.Cond != nil && e.Test == nil {
		if v, empty := r.emptiness(e.Cond); v != nil {
			n := r.variable(r.x.lengthOf(v))
			if n.open = false; empty == e.Is {
				n.n = 0
			}
			r.set(r.x.lengthOf(v), n)
		} else if is, known := r.condition(e.Cond); known && is != e.Is {
			return false
		} else if !known && r.x.speaksOfOthers(e.Cond) {
			f.enter(e.To)
			return true
		}
	}
	if e.Test != nil {
		if t, ok := e.Test.(*ast.BinaryExpr); ok {
			if is, known := compare(token.EQL, r.eval(t.X), r.eval(t.Y)); known && is != e.Is {
				return false
			}
		}
	}
	if e.Cond != nil && e.Test == nil && !r.choose(e) {
		return false
	}
	facts, feasible := f.code.graph.Follow(e, f.facts)
	if !feasible {
		return false
	}
	f.facts = facts
	r.learn(e)
	f.enter(e.To)
	return true
}

// mayBe reports whether a case of a type switch can be chosen, or passed over.
func (r *run) mayBe(e paths.Edge) bool {
	v, ok := r.x.pkg.Info.Implicits[e.Type].(*types.Var)
	if !ok {
		return true
	}
	n := r.object(r.variable(v))
	if n == none {
		return true
	}
	is := slices.ContainsFunc(e.Type.List, func(t ast.Expr) bool { return r.x.is(r.s.things[n].typ, r.x.pkg.Info.TypeOf(t)) })
	return is == e.Is || !e.Is && len(e.Type.List) > 1
}

// learn keeps what a condition has said of a variable that nobody knew: whether it is true, or nil.
func (r *run) learn(e paths.Edge) {
	if e.Cond == nil || e.Test != nil {
		return
	}
	v, is := r.x.about(e.Cond)
	if v == nil || r.x.global(v) || !r.x.trackedVar(r.top().code, v) || r.variable(v).kind != anything {
		return
	}
	switch is = is == e.Is; {
	case types.Identical(v.Type().Underlying(), types.Typ[types.Bool]):
		r.set(v, truth(is))
	case is:
		r.set(v, value{kind: null})
	default:
		r.set(v, value{kind: present})
	}
}

func (f *frame) enter(b *paths.Block) {
	f.block, f.step, f.ins, f.temps = b, 0, 0, nil
	if b.Start.IsValid() {
		f.env = f.env.outside(b.Start, f.code.fn.Body.End())
	}
}
