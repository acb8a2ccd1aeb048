package explore

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// values says what an expression is.
type values struct{ *run }

// frameOf is the frame that holds a variable: of the function that declares it, if that called, through
// whatever others, the one that runs; else the one that runs, which holds what it captured.
func (r values) frameOf(v *types.Var) *frame {
	if f := r.home(v); f != nil {
		return f
	}
	return r.top()
}

// home is the frame of the function that declares a variable, if that has called the one that runs; else nil.
func (r values) home(v *types.Var) *frame {
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

// variable is what a variable or field holds.
func (r values) variable(v *types.Var) value {
	v = v.Origin()
	switch {
	case r.x.kinds.global(v):
		return r.shared(v)
	case r.x.kinds.atomic(v):
		return r.s.fields.get(v)
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

// shared is what a package variable holds, or a field of a struct that nobody here has made.
func (r values) shared(v *types.Var) value {
	if w, ok := r.s.fields.lookup(v); ok {
		return w
	}
	return r.stranger(v)
}

// stranger is what a field or package variable holds that nobody here has set: a thing that others may
// have as well, the same each time.
func (r values) stranger(v *types.Var) value {
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
	case r.x.kinds.isGroup(u):
		t.kind = group
		if r.x.usage.countsAlone(r.x.exploring, v) {
			t.open, t.own = false, true
		}
	case r.x.kinds.limiter(v):
		t.kind, t.open, t.token, t.size = limiter, false, true, 1
		r.x.selfish = true
	case r.x.usage.tokens(v):
		t.kind, t.open, t.token, t.size = channel, false, true, 1
		r.x.selfish = true
	case r.x.usage.lends(v):
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
func (r values) set(v *types.Var, w value) {
	v = v.Origin()
	if r.x.kinds.global(v) {
		if old, ok := r.s.fields.lookup(v); ok && v.IsField() && old != w && r.s.thing(w) != nil && (old.kind == anything || r.s.thing(old) != nil) {
			// Two structs: from here on nobody knows which.
			r.objects.blur(old)
			r.objects.blur(w)
			w = value{}
		}
		if w.kind == function || r.objects.object(w) != none && v.IsField() { // whoever finds it there may call it, also through an interface
			r.objects.blur(w)
		}
		if v.IsField() && r.x.counts[v] {
			return // which struct's it is, nobody knows
		}
		r.s.fields = r.s.fields.with(v, w)
		return
	}
	if r.x.kinds.atomic(v) {
		r.s.fields = r.s.fields.with(v, w)
		return
	}
	if w.kind == several && r.x.kinds.volatile(v) { // others put in what nobody here sees
		r.objects.blur(w)
		w = value{}
	}
	if (w.kind == several || w.kind == aThing) && r.x.keepers.givenAway(v) {
		r.objects.blur(w)
	}
	f := r.frameOf(v)
	if _, basic := v.Type().Underlying().(*types.Basic); w.kind == anything || basic && r.x.kinds.volatile(v) && r.given(v) {
		if r.x.lone { // nor is it what it was in a call before this one
			f.env = f.env.with(v, value{})
			return
		}
		f.env = f.env.without(v)
		return
	}
	f.env = f.env.with(v, w)
}

// given reports whether a function that assigns to a variable of another one may have been given away: it is not
// before the place, in no loop, where it is written.
func (r values) given(v *types.Var) bool {
	home, top := r.home(v), r.top()
	if home == nil || home != top || top.exit != nil || top.step >= len(top.block.Steps) {
		return true
	}
	at := top.block.Steps[top.step]
	for _, d := range r.x.pkg.Var(v).Defs {
		if d.In == nil || d.In == top.code.fn {
			continue
		}
		lit := d.In
		for lit.Outer != nil && lit.Outer != top.code.fn {
			lit = lit.Outer
		}
		if lit.Node.Pos() <= at.Pos() || slices.ContainsFunc(syntax.Loops(lit.Cur.Parent()), func(l inspector.Cursor) bool { return syntax.Within(at, l.Node()) }) {
			return true
		}
	}
	for _, u := range r.x.pkg.Var(v).Uses {
		if p, ok := u.Parent().Node().(*ast.UnaryExpr); ok && p.Op == token.AND && p.Pos() <= at.Pos() {
			return true
		}
	}
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// literal is a function literal with what it captures. What it assigns to, it may from then on.
func (r values) literal(f *syntax.Func) value {
	if f == nil {
		return value{}
	}
	c := &closure{fn: f}
	for _, v := range r.x.codes.code(f).free {
		if _, basic := v.Type().Underlying().(*types.Basic); basic && r.x.kinds.volatile(v) && assigns(r.x.pkg.Var(v), f) {
			if home := r.home(v); home != nil {
				home.env = home.env.without(v)
			}
		}
		if r.x.kinds.global(v) {
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
func (r values) eval(e ast.Expr) value {
	e = ast.Unparen(e)
	info := r.x.pkg.Info
	if tv := info.Types[e]; tv.Value != nil {
		switch tv.Value.Kind() {
		case constant.Int:
			if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.ADD || b.Op == token.SUB) {
				break // what counts as as many: one more is one more then, too
			}
			n, _ := constant.Int64Val(tv.Value)
			if b, ok := types.Unalias(tv.Type).(*types.Basic); !ok || b.Info()&types.IsInteger == 0 { // such as a time.Duration
				return num(min(int(n), r.x.few))
			}
			return num(r.x.quantities.clamp(n))
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
				return r.numbered(e, r.objects.field(r.objects.base(e), o))
			}
			return r.numbered(e, r.variable(o))
		case *types.Func:
			if sel := info.Selections[e]; sel != nil && sel.Kind() == types.MethodVal {
				of := r.objects.base(e)
				if effectOf(o) == stops && r.s.thing(of) != nil {
					return value{kind: cancels, n: of.n}
				}
				return r.objects.method(of, o)
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
			if v := r.eval(e.X); v.kind != anything && v.kind != number && v.kind != record {
				return v
			}
			return value{kind: present}
		case token.ARROW:
			return r.first(e)
		}
	case *ast.FuncLit:
		return r.literal(r.x.pkg.Lit(e))
	case *ast.CompositeLit:
		if r.x.kinds.says(info.TypeOf(e)) {
			return r.record(e)
		}
		return r.first(e)
	case *ast.CallExpr:
		return r.result(e)
	case *ast.IndexExpr:
		if tv := info.Types[e.Index]; tv.IsType() { // f[T]
			return r.eval(e.X)
		}
		if r.x.kinds.element(info.TypeOf(e)) {
			all := r.eval(e.X)
			if all.kind != several {
				return all
			}
			if i := r.eval(e.Index); i.kind == number {
				return r.nth(all, i.n)
			}
			r.objects.blur(all) // any of them
			return value{}
		}
	case *ast.IndexListExpr:
		return r.eval(e.X)
	case *ast.BinaryExpr:
		a, b := r.eval(e.X), r.eval(e.Y)
		if a.kind == number && b.kind == number {
			switch e.Op {
			case token.ADD:
				return num(min(a.n+b.n, most)) // what is larger is as many as anything, wherever it is asked
			case token.SUB:
				if a.n == b.n && r.x.tests.unrelated(e.X, e.Y) { // both are only taken for as many
					return r.x.quantities.unknown()
				}
				return num(a.n - b.n)
			case token.MUL:
				return num(min(a.n*b.n, most))
			}
		}
	}
	return value{}
}

// record is what a struct says that a literal makes: the fields that are errors and flags, as far as they are known.
func (r values) record(lit *ast.CompositeLit) value {
	st := r.x.pkg.Info.TypeOf(lit).Underlying().(*types.Struct)
	var says env
	for i := range st.NumFields() {
		f, w := st.Field(i), value{kind: null}
		if isFlag(f) {
			w = num(0)
		} else if !isError(f.Type()) {
			continue
		}
		for k, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); !ok {
				if k == i {
					w = r.eval(elt)
				}
			} else if r.x.pkg.Variable(kv.Key) == f.Origin() {
				w = r.eval(kv.Value)
			}
		}
		switch w.kind {
		case null, number, present: // it holds nothing that is met at
			says = says.with(f.Origin(), w)
		}
	}
	if says == nil {
		return value{}
	}
	return value{kind: record, fn: &closure{env: says}}
}

// asserted is a value if it can be of a type.
func (r values) asserted(v value, t ast.Expr) value {
	n := r.objects.object(v)
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
func (r values) first(e ast.Expr) value {
	if vs := r.top().temps.get(e); len(vs) > 0 {
		return vs[0]
	}
	return value{}
}

func (r values) declared(f *types.Func) value {
	if d := r.x.pkg.Decl(f); d != nil {
		return value{kind: function, fn: &closure{fn: d}}
	}
	return value{}
}

// nth is an element of a slice.
func (r values) nth(all value, i int) value {
	if i < 0 || i >= len(all.list.items) {
		return value{}
	}
	return all.list.items[i]
}

// result is what a call was worth, or what a call is worth that changes nothing.
func (r values) result(e *ast.CallExpr) value {
	if vs, ok := r.top().temps.lookup(e); ok {
		if len(vs) > 0 {
			return vs[0]
		}
		return value{}
	}
	if tv := r.x.pkg.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return r.eval(e.Args[0])
	}
	switch r.x.codes.builtin(e) {
	case "len":
		return r.length(e.Args[0])
	case "recover":
		return value{kind: null} // nothing panics here
	case "cap":
		if t := r.s.thing(r.eval(e.Args[0])); t != nil && t.kind == channel {
			if t.guess && t.size == roomy {
				return r.x.quantities.unknown()
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
			if (v.n < best.n) == (r.x.codes.builtin(e) == "min") {
				best = v
			}
		}
		return best
	}
	return value{}
}

// chosenBy is the function that is tried where nobody knows which one runs; nothing if a call may not run it.
func (r values) chosenBy(c *syntax.Call) value {
	f := r.x.dispatch
	if f.Decl != nil {
		if r.x.selves.mayRun(c, f) {
			return value{kind: function, fn: &closure{fn: f}}
		}
		return value{}
	}
	called := r.x.pkg.Variable(syntax.Callable(c.Expr.Fun))
	if called == nil || c.Callee != nil {
		return value{}
	}
	h := r.x.handings[f]
	for _, d := range r.x.pkg.Var(called).Defs {
		from := d.Expr // of a range
		if recv, ok := from.(*ast.UnaryExpr); ok {
			from = recv.X
		}
		if sel, ok := ast.Unparen(from).(*ast.SelectorExpr); ok && r.x.pkg.Variable(sel) == h.field {
			return value{kind: function, fn: &closure{fn: f, env: env{}.with(h.owner.Origin(), r.objects.base(sel))}}
		}
	}
	return value{}
}

// own gives the variables of a function that are not known what they may hold: each a struct, channel or group of
// its own.
func (r values) own(f *syntax.Func) {
	top := r.top()
	for cur := range f.Cur.Preorder((*ast.Ident)(nil)) {
		v, ok := r.x.pkg.Info.Uses[cur.Node().(*ast.Ident)].(*types.Var)
		if !ok || r.x.kinds.global(v) || !r.x.kinds.interesting(v.Type()) || r.x.kinds.volatile(v) {
			continue
		}
		if w := r.variable(v); w.kind == anything {
			top.env = top.env.with(v.Origin(), r.others(v, 0))
		}
	}
}

// others is what a variable or field holds that strangers have, too: of a struct all fields are known, so that
// those of another one are told from them.
func (r values) others(v *types.Var, depth int) value {
	const deepest = 2
	t := thing{kind: channel, name: v.Name(), open: true, parent: none}
	switch u := types.Unalias(v.Type()); {
	case isChan(u):
		if !r.x.selves.unbuffered(v) {
			t.size = most
		}
	case r.x.kinds.isGroup(u):
		t.kind = group
	case r.x.kinds.structure(u) != nil && depth <= deepest:
		o := r.objects.makeObject(u, nil)
		r.s.things[o.n].open = true
		for f := range r.x.kinds.structure(u).Fields() {
			r.objects.setField(o.n, f, r.others(f.Origin(), depth+1))
		}
		return o
	default:
		return value{}
	}
	return r.s.make(t)
}

// assigns reports whether a variable is assigned to in a function, or in a literal in it.
func assigns(v *syntax.Var, f *syntax.Func) bool {
	return slices.ContainsFunc(v.Defs, func(d syntax.Def) bool { return d.In.Within(f) })
}
