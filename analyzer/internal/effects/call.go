package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// calls says what calls cost and do.
type calls struct{ *walker }

// A target is what a function expression may denote.
type target struct {
	body  *syntax.Func // in this package
	decl  *types.Func  // declared elsewhere, or an interface's method
	param int          // a parameter of the function at hand; else -1
}

// maxTargets bounds the functions that a variable may hold.
const maxTargets = 4

// targets are the functions that an expression may denote; none means that it is not known.
func (w calls) targets(e ast.Expr, depth int) []target {
	e = syntax.Callable(e)
	if lit, ok := e.(*ast.FuncLit); ok {
		if f := w.p.Lit(lit); f != nil {
			return []target{{body: f, param: -1}}
		}
		return nil
	}
	var id *ast.Ident
	switch e := e.(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	case *ast.CallExpr:
		return w.returned(e, depth)
	default:
		return nil
	}
	switch obj := w.p.Info.ObjectOf(id).(type) {
	case *types.Func:
		if f := w.p.Decl(obj); f != nil {
			return []target{{body: f, param: -1}}
		}
		if m := w.implementation(obj, e); m != nil {
			if f := w.p.Decl(m); f != nil {
				return []target{{body: f, param: -1}}
			}
			return []target{{decl: m.Origin(), param: -1}}
		}
		return []target{{decl: obj.Origin(), param: -1}}
	case *types.Var:
		return w.held(obj, depth)
	}
	return nil
}

// held are the functions that a variable or field may hold: all that is ever assigned to it.
func (w calls) held(v *types.Var, depth int) []target {
	if i := w.paramIndex(v); i >= 0 && !w.assigned(v) {
		return []target{{param: i}}
	}
	if depth > 3 || v.Exported() && (v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()) || v.Pkg() != w.p.Types || w.extents.escapes(v) {
		return nil
	}
	var all []target
	for _, d := range w.p.Var(v.Origin()).Defs {
		if d.Kind == syntax.Zero {
			continue
		}
		if d.Kind != syntax.Assign && d.Kind != syntax.Literal || d.Expr == nil || d.Result > 0 {
			return nil
		}
		ts := w.extents.in(d.In).calls.targets(d.Expr, depth+1)
		if len(ts) == 0 || len(all)+len(ts) > maxTargets || slices.ContainsFunc(ts, func(t target) bool { return t.param >= 0 }) {
			return nil
		}
		all = append(all, ts...)
	}
	return all
}

// returned are the functions that a call of a function of this package returns, if each return is
// a function literal or a declared function.
func (w calls) returned(c *ast.CallExpr, depth int) []target {
	if depth > 3 || builtin(w.p.Info, c.Fun) != "" {
		return nil
	}
	if tv := w.p.Info.Types[c.Fun]; tv.IsType() && len(c.Args) == 1 {
		return w.targets(c.Args[0], depth+1) // a conversion to a function type
	}
	f := w.p.Target(c.Fun)
	if f == nil {
		return nil
	}
	var all []target
	for _, r := range f.Returns {
		if len(r.Results) != 1 {
			return nil
		}
		ts := w.extents.in(f).calls.targets(r.Results[0], depth+1)
		if len(ts) == 0 || len(all)+len(ts) > maxTargets || slices.ContainsFunc(ts, func(t target) bool { return t.param >= 0 }) {
			return nil
		}
		all = append(all, ts...)
	}
	return all
}

// implementation is the method behind an interface's method, where only one is possible: the
// variable only ever holds one type, or the interface is this package's own and one type of the
// package satisfies it.
func (w calls) implementation(m *types.Func, e ast.Expr) *types.Func {
	recv := m.Signature().Recv()
	if recv == nil || !types.IsInterface(recv.Type()) {
		return nil
	}
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if t := w.dynamic(sel.X); t != nil {
		obj, _, _ := types.LookupFieldOrMethod(t, true, m.Pkg(), m.Name())
		f, _ := obj.(*types.Func)
		return f
	}
	t := w.p.Info.TypeOf(sel.X)
	if t == nil {
		return nil
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() != w.p.Types || n.Obj().Exported() || n.TypeArgs().Len() > 0 {
		return nil
	}
	if f, ok := w.only[m]; ok {
		return f
	}
	w.only[m] = nil
	iface, ok := n.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var found *types.Func
	for _, name := range w.p.Types.Scope().Names() {
		tn, ok := w.p.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		ptr := types.NewPointer(tn.Type())
		if named, ok := tn.Type().(*types.Named); ok && named.TypeParams().Len() > 0 || !types.Implements(ptr, iface) {
			continue
		}
		if found != nil {
			return nil
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, m.Pkg(), m.Name())
		found, _ = obj.(*types.Func)
	}
	w.only[m] = found
	return found
}

// dynamic is the one concrete type that a local variable of an interface type holds, or nil.
func (w calls) dynamic(e ast.Expr) types.Type {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := w.p.Info.ObjectOf(id).(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return nil
	}
	d, ok := w.p.Only(v)
	if !ok || d.Kind != syntax.Assign || d.Expr == nil {
		return nil
	}
	t := w.p.Info.TypeOf(d.Expr)
	if tuple, ok := t.(*types.Tuple); ok && d.Result < tuple.Len() {
		t = tuple.At(d.Result).Type()
	}
	if t == nil || types.IsInterface(t) {
		return nil
	}
	return t
}

// function is the effect of calling what an expression denotes, in terms of its own parameters.
func (w calls) function(e ast.Expr) (Effect, bool) {
	var all Effect
	ts := w.targets(e, 0)
	for i, t := range ts {
		one, ok := w.target(t, nil)
		if !ok {
			return Effect{}, false
		}
		if i == 0 {
			all = one
		} else {
			all.or(&one)
		}
	}
	return all, len(ts) > 0
}

// target is the effect of one target; c is its call, if there is one.
func (w calls) target(t target, c *ast.CallExpr) (Effect, bool) {
	switch {
	case t.param >= 0:
		return Effect{Calls: []Apply{{Param: int8(t.param), Times: once}}}, true
	case t.body != nil:
		if n := w.nodes[t.body]; n != nil && !n.done {
			if n.component == w.component && w.component >= 0 {
				if c == nil {
					return Effect{rec: recursion{split: 1, param: -1}}, true
				}
				return Effect{rec: w.descent.recursive(c)}, true
			}
			return Effect{Blind: &Origin{What: "a recursion"}}, true
		}
		return w.Func(t.body), true
	}
	return w.elsewhere(t.decl, c)
}

// elsewhere is the effect of a function declared in another package. What it holds is known of some
// of which nothing else is.
func (w calls) elsewhere(f *types.Func, c *ast.CallExpr) (Effect, bool) {
	e, ok := w.declared(f, c)
	if r := footprint.Of(f); r != nil && !w.given(c, r.Unless) {
		e.calls(r)
	}
	return e, ok
}

// given reports whether a call has a variable of another package, such as io.Discard, as an argument.
func (w calls) given(c *ast.CallExpr, variable string) bool {
	return c != nil && variable != "" && slices.ContainsFunc(c.Args, func(a ast.Expr) bool {
		v := w.p.Variable(a)
		return v != nil && !v.IsField() && v.Pkg() != nil && v.Pkg().Path()+"."+v.Name() == variable
	})
}

func (w calls) declared(f *types.Func, c *ast.CallExpr) (Effect, bool) {
	if f.Pkg() == nil {
		return Effect{Cost: Cost{NS: nsDynamic}}, true // error.Error
	}
	if row := w.catalog.Func(f); row != nil {
		return w.catalogued(f, row), true
	}
	if r := lookup(f); r != nil {
		return w.rows.tabled(f, r, c), true
	}
	if Std(f.Pkg().Path()) {
		return Effect{}, false
	}
	if recv := f.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return Effect{}, false
	}
	if fact := w.imported(f); fact != nil {
		return fact.Effect, true
	}
	return Effect{}, false
}

// catalogued is the effect of a pool library's function on its caller.
func (w calls) catalogued(f *types.Func, row *catalog.Func) Effect {
	e := Effect{Cost: Cost{NS: 300}}
	o := &Origin{What: display(f)}
	switch row.Role {
	case catalog.Wait, catalog.Await, catalog.AwaitAll, catalog.Acquire, catalog.Map:
		e.Waits, e.Clear = o, row.Role != catalog.Acquire
	case catalog.Start, catalog.Stream:
		e.Blind = o
	default:
		if row.Blocks != catalog.Never && row.Blocks != catalog.WhenFullRare {
			e.Waits = o
		}
	}
	return e
}

// display is a function's name as people write it: scrypt.Key, os.File.Read.
func display(f *types.Func) string {
	name := catalog.FuncName(f)
	if f.Pkg() != nil {
		name = f.Pkg().Name() + "." + name
	}
	return name
}

// call adds the effect of a call to e.
func (w calls) call(e *Effect, c *ast.CallExpr) {
	if tv := w.p.Info.Types[c.Fun]; tv.IsType() {
		w.convert(e, c)
		return
	}
	if name := builtin(w.p.Info, c.Fun); name != "" {
		w.builtin(e, c, name)
		return
	}
	w.exprs(e, c.Args)
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.SelectorExpr:
		w.expr(e, fun.X)
	case *ast.Ident, *ast.FuncLit:
	case *ast.IndexExpr:
		if tv := w.p.Info.Types[fun.Index]; tv.IsValue() {
			w.expr(e, fun) // an element of a slice of functions
		}
	default:
		w.expr(e, c.Fun)
	}
	ts := w.targets(c.Fun, 0)
	if len(ts) == 0 {
		e.then(&Effect{Blind: w.origin("a call of "+short(c.Fun), c.Pos()), Cost: Cost{NS: nsDynamic}})
		return
	}
	var all Effect
	for i, t := range ts {
		one, ok := w.target(t, c)
		if !ok {
			one.Blind = w.origin("a call of "+short(c.Fun), c.Pos())
		} else if t.param < 0 {
			one = w.instantiate(one, t, c)
		}
		if i == 0 {
			all = one
		} else {
			all.or(&one)
		}
	}
	all.Cost.NS += nsCall
	e.then(&all)
}

// convert adds the cost of a conversion, which copies between strings and bytes.
func (w calls) convert(e *Effect, c *ast.CallExpr) {
	w.exprs(e, c.Args)
	if len(c.Args) != 1 || w.p.Info.Types[c].Value != nil {
		return
	}
	to, from := w.p.Info.TypeOf(c), w.p.Info.TypeOf(c.Args[0])
	if to == nil || from == nil || isString(to) == isString(from) || !isSlice(to) && !isSlice(from) {
		return
	}
	e.Cost.add(&Cost{NS: nsConvert})
	e.Cost.addTerm(w.linear(w.extents.length(c.Args[0], 0), nsByte))
}

func (w calls) linear(t Trip, ns float64) Term {
	return Term{NS: ns * t.N, Factors: t.Factors}
}

func (w calls) builtin(e *Effect, c *ast.CallExpr, name string) {
	switch name {
	case "make", "new":
		w.exprs(e, c.Args[1:])
		e.Cost.NS += nsAlloc
		if t := w.p.Info.TypeOf(c); name == "make" && isSlice(t) && len(c.Args) > 1 {
			size := float64(8)
			if s := syntax.Sizeof(sizes, t.Underlying().(*types.Slice).Elem()); s > 0 {
				size = float64(s)
			}
			e.Cost.addTerm(w.linear(w.extents.value(c.Args[len(c.Args)-1], 0), nsByte/4*size))
		}
		return
	case "panic":
		var ignored Effect // the end of the task, whatever it costs
		w.exprs(&ignored, c.Args)
		return
	}
	w.exprs(e, c.Args)
	switch name {
	case "append":
		e.Cost.NS += nsAppend * float64(max(len(c.Args)-1, 1))
		if c.Ellipsis.IsValid() && len(c.Args) == 2 {
			e.Cost.addTerm(w.linear(w.extents.length(c.Args[1], 0), nsByte))
		}
	case "copy":
		e.Cost.NS += nsCall
		if len(c.Args) == 2 { // else one call gives both
			e.Cost.addTerm(w.linear(w.extents.length(c.Args[1], 0), nsByte))
		}
	case "delete":
		e.Cost.NS += nsMapGet
	case "close":
		e.Cost.NS += nsChan
	case "print", "println":
		e.Cost.NS += 1000
	}
}

// sizes are those of the machine that measured the table.
var sizes = types.SizesFor("gc", "amd64")

// instantiate is a callee's effect at a call: sizes of its parameters become those of the
// arguments, and functions that it calls become the arguments' effects.
func (w calls) instantiate(f Effect, t target, c *ast.CallExpr) Effect {
	var sig *types.Signature
	name := ""
	switch {
	case t.body != nil:
		sig = t.body.Sig
		if t.body.Decl != nil {
			name = t.body.Decl.Name()
		}
	case t.decl != nil:
		sig, name = t.decl.Signature(), t.decl.Name()
	}
	f.Cost = f.Cost.called()
	out := f
	out.Waits = w.hop(f.Waits, name, c)
	if f.Blind != nil && f.Blind.pos != c.Pos() {
		b := *f.Blind
		b.pos = c.Pos()
		out.Blind = &b
	}
	out.Cost = Cost{NS: f.Cost.NS}
	if f.Cost.NS >= light {
		out.Cost.Why = w.hop(f.Cost.Why, name, c)
		if out.Cost.Why == nil {
			out.Cost.Why = w.origin(short(c.Fun), c.Pos())
		}
	}
	for _, term := range f.Cost.Terms {
		term.Why = w.hop(term.Why, name, c)
		out.Cost.addTerm(w.substitute(term, sig, c))
	}
	out.Calls = nil
	calls := f.Calls
	for _, a := range calls {
		w.applied(&out, a, sig, c)
	}
	return out
}

// substitute replaces the parameters in a term by the sizes of a call's arguments.
func (w calls) substitute(t Term, sig *types.Signature, c *ast.CallExpr) Term {
	trip := w.instance(Trip{N: t.NS, Factors: t.Factors}, sig, c)
	if t.crossed() && len(t.Factors) > 1 {
		var inner, outer []Factor
		for _, f := range t.Factors {
			if f.Of < 0 {
				inner = append(inner, f)
			} else {
				outer = append(outer, f)
			}
		}
		around := w.instance(Trip{N: t.NS, Factors: outer}, sig, c).damped(inner)
		trip = Trip{N: around.N, Factors: product(inner, around.Factors)}
	}
	t.NS, t.Factors = trip.N, trip.Factors
	return t
}

// instance is a trip in a callee's terms as the caller sees it.
func (w calls) instance(t Trip, sig *types.Signature, c *ast.CallExpr) Trip {
	if !slices.ContainsFunc(t.Factors, func(f Factor) bool { return f.Of >= 0 }) {
		return t
	}
	out := number(t.N)
	for _, f := range t.Factors {
		one := Trip{N: 1, Factors: []Factor{f}}
		if f.Of >= 0 {
			one = factor(Many)
			if sig != nil && int(f.Of) < sig.Params().Len() {
				if a := w.extents.arg(c, sig, int(f.Of)); a != nil && f.Grow == Walk {
					one = w.elementsOf(a)
				} else if a != nil {
					one = w.extents.measure(a)
				} else if sig.Variadic() && int(f.Of) == sig.Params().Len()-1 {
					one = number(float64(len(c.Args) - int(f.Of)))
				}
			}
			one = grown(one, f.Grow)
		}
		out = out.times(one)
	}
	return out
}

// elementsOf is how many elements a function meets that walks a value.
func (w calls) elementsOf(e ast.Expr) Trip {
	t := w.p.Info.TypeOf(e)
	if t == nil {
		return factor(Few)
	}
	if _, ok := t.Underlying().(*types.Basic); ok || unknown(t) == Bytes {
		return once
	}
	return w.extents.length(e, 0)
}

// applied adds the call of a function argument, as often as the callee calls it.
func (w calls) applied(out *Effect, a Apply, sig *types.Signature, c *ast.CallExpr) {
	times := w.instance(a.Times, sig, c)
	var arg ast.Expr
	if sig != nil {
		arg = w.extents.arg(c, sig, int(a.Param))
	}
	if arg == nil || w.p.Info.Types[arg].IsNil() {
		if arg == nil {
			out.then(&Effect{Blind: w.origin("a function given to "+short(c.Fun), c.Pos())})
		}
		return
	}
	g, ok := w.function(arg)
	if !ok {
		g = Effect{Blind: w.origin("a call of "+short(arg), arg.Pos())}
	}
	if len(g.Calls) == 1 && g.Cost.NS == 0 && len(g.Cost.Terms) == 0 && g.Quiet() {
		// The caller's own parameter, handed on.
		out.apply([]Apply{{Param: g.Calls[0].Param, Times: times}})
		return
	}
	s, _ := w.p.Info.TypeOf(arg).Underlying().(*types.Signature)
	g = g.close(s)
	g.rec = recursion{}
	if !g.Quiet() && a.Param < 16 {
		// The loop around the call waits after all: what it burns is not known to pile up.
		out.Cost.Terms = slices.DeleteFunc(slices.Clone(out.Cost.Terms), func(t Term) bool { return t.With&(1<<a.Param) != 0 })
	}
	one := g
	if times.plausible() != 1 {
		one = g.repeat(times, w.origin(short(c.Fun), c.Pos()), false)
	}
	out.then(&one)
}

// hop is an origin seen from a caller.
func (w calls) hop(o *Origin, callee string, c *ast.CallExpr) *Origin {
	if o == nil {
		return nil
	}
	h := *o
	h.pos = c.Pos()
	if h.In == "" && h.At == "" {
		// A row of a table: this is the place.
		here := w.origin(h.What, c.Pos())
		h.In, h.At, h.place = here.In, here.At, here.place
		return &h
	}
	if callee != "" && callee != h.In && len(h.Via) < maxVia && (len(h.Via) == 0 || h.Via[0] != callee) {
		h.Via = append([]string{callee}, h.Via...)
	}
	return &h
}

// maxVia bounds the chain that a message tells.
const maxVia = 3
