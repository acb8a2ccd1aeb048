package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// target is the function of this package that a value or call stands for, or nil.
func (r *run) target(fn value, c *syntax.Call) *syntax.Func {
	if fn.kind == function && fn.fn.fn != nil {
		return fn.fn.fn
	}
	if c == nil {
		return nil
	}
	return r.x.callee(c)
}

// frame is a call of a function.
func (x *Explorer) frame(body *syntax.Func, fn value, args []value, c *syntax.Call, r *run) *frame {
	code := x.code(body)
	f := &frame{code: code, block: code.graph.Entry(), facts: paths.Facts{}}
	if fn.kind == function {
		f.env = fn.fn.env
		for _, v := range code.free { // it calls itself, by a variable that was not set yet when it was made
			if f.env.get(v).kind == null && x.holdsLit(v, body) {
				f.env = f.env.with(v, fn)
			}
		}
	}
	if r != nil { // what has been assigned since the literal was evaluated
		for _, v := range code.free {
			if home := r.home(v); home != nil && home.sees(v) {
				if w, ok := home.env.lookup(v); ok {
					f.env = f.env.with(v, w)
				} else {
					f.env = f.env.without(v)
				}
			}
		}
	}
	sig := body.Sig
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if _, ok := p.Type().Underlying().(*types.Slice); ok {
			n := x.unknown()
			n.open = true
			f.env = f.env.with(x.lengthOf(p.Origin()), n)
		}
		if i < len(args) && args[i].kind == anything && c != nil && i < len(c.Expr.Args) && x.concrete(c.Expr.Args[i], p.Type()) {
			f.env = f.env.with(p.Origin(), value{kind: present})
		}
		if i < len(args) && args[i].kind != anything && (!sig.Variadic() || i < sig.Params().Len()-1) {
			f.env = f.env.with(p.Origin(), args[i])
		}
		if sig.Variadic() && i == sig.Params().Len()-1 && c != nil && x.holder(p.Type()) {
			switch {
			case c.Expr.Ellipsis.IsValid() && i < len(args):
				f.env = f.env.with(p.Origin(), args[i])
			case len(args) >= i:
				f.env = f.env.with(p.Origin(), listOf(slices.Clone(args[i:])))
			}
		}
	}
	if recv := sig.Recv(); recv != nil && c != nil && r != nil && f.env.get(recv.Origin()).kind == anything {
		if v := r.receiver(c); v.kind != anything {
			f.env = f.env.with(recv.Origin(), v)
		}
	}
	for v := range sig.Results().Variables() {
		if v.Name() != "" {
			switch t := v.Type().Underlying().(type) {
			case *types.Chan, *types.Signature:
				f.env = f.env.with(v.Origin(), value{kind: null})
			case *types.Slice:
				f.env = f.env.with(x.lengthOf(v.Origin()), num(0))
			case *types.Basic:
				if t.Info()&(types.IsInteger|types.IsBoolean) != 0 && !x.volatile(v) {
					f.env = f.env.with(v.Origin(), num(0))
				}
			}
		}
	}
	return f
}

// sees reports whether a frame stands in the scope of a variable: from outside a loop, those of its turns are not seen.
func (f *frame) sees(v *types.Var) bool {
	at := f.block.Start
	switch {
	case f.exit != nil:
		at = f.exit.Pos()
	case f.step < len(f.block.Steps):
		at = f.block.Steps[f.step].Pos()
	}
	return v.Parent() == nil || v.Parent().Contains(at)
}

// holdsLit reports whether a variable is set to a literal.
func (x *Explorer) holdsLit(v *types.Var, lit *syntax.Func) bool {
	return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Expr != nil && ast.Unparen(d.Expr) == lit.Node })
}

// concrete reports whether an expression is no interface, nor nil, where one is wanted: as an interface it is
// not nil.
func (x *Explorer) concrete(e ast.Expr, want types.Type) bool {
	tv := x.pkg.Info.Types[e]
	return tv.Type != nil && !tv.IsNil() && types.IsInterface(want) && !types.IsInterface(tv.Type) && !isTypeParam(want)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// call runs a call: of a library, of a function here, or of a stranger.
func (r *run) call(c *syntax.Call, fn value, args []value, into *ast.CallExpr) doing {
	switch r.x.builtin(c.Expr) {
	case "close":
		return r.close(args[0])
	case "make":
		r.makeCall(c, args)
		return goesOn
	case "new":
		if t := r.x.pkg.Info.TypeOf(c.Expr.Args[0]); t != nil {
			if w, ok := r.fresh(types.Unalias(t), "", c.Expr); ok {
				r.keep(r.top(), c.Expr, []value{w})
			}
		}
		return goesOn
	case "append":
		r.appendTo(c)
		return goesOn
	case "delete":
		if v := r.x.pkg.Variable(c.Expr.Args[0]); v != nil && r.x.holder(v.Type()) {
			if t := r.s.thing(r.eval(c.Expr.Args[0])); t != nil && !r.x.looksUp(c.In, v) {
				t.filed = false
			}
			r.store(c.Expr.Args[0], value{kind: null})
		}
		return goesOn
	}
	switch fn.kind {
	case cancels:
		if t := &r.s.things[fn.n]; !t.closed {
			t.closed, t.by = true, r.t.id
		}
		return goesOn
	case goOn:
		if into != nil {
			r.keep(r.top(), into, []value{truth(true)})
		}
		return goesOn
	}
	if c.Callee != nil {
		callee := r.x.pkg.Callee(c)
		if e := effectOf(callee); e != 0 {
			return r.library(e, c, args, into)
		}
		if row := r.x.pkg.Catalog.Func(callee); row != nil {
			return r.row(row, c, args, into)
		}
		if r.x.place(callee) != summary.NoPlace {
			return r.placed(c, args)
		}
	}
	if fn.kind != function && r.x.dispatch != nil && r.x.callee(c) == nil {
		fn = r.chosenBy(c)
	}
	if body := r.target(fn, c); body != nil {
		if r.x.rough && r.feeds(args) {
			for _, a := range args {
				r.blur(a)
			}
			r.derive(c, args, into)
			return goesOn
		}
		if r.x.passedOver(body) || !r.concerns(body, fn, args, c) {
			r.derive(c, args, into)
			return goesOn
		}
		return r.invoke(body, fn, args, c, into)
	}
	return r.outside(c, args, into)
}

// feeds reports whether all that a function gets of what is explored are functions that send: it may call them at any
// time, and closes nothing.
func (r *run) feeds(args []value) bool {
	feeds := false
	for _, a := range args {
		switch {
		case a.kind == function:
			for _, b := range a.fn.env {
				if t := r.s.thing(b.w); t != nil && t.own && t.kind != context {
					if t.kind != channel || !r.x.onlySends(a.fn.fn, b.v) {
						return false
					}
					feeds = true
				}
			}
		case r.s.thing(a) != nil && r.s.thing(a).kind != context, a.kind == several:
			return false
		}
	}
	return feeds
}

// concerns reports whether a function can do something to what is explored: it is given some of it, has
// captured some, makes some for its caller, or speaks of fields that hold some. A function that does
// nothing of interest may still keep what it is given.
func (r *run) concerns(body *syntax.Func, fn value, args []value, c *syntax.Call) bool {
	for i, a := range args {
		switch a.kind {
		case aThing:
			if !isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) && (r.x.busy(body) || !r.empty(a, 0)) {
				return true
			}
		case function, cancels, doneOf, ticksOf, several:
			return true
		}
	}
	if !r.x.busy(body) {
		return false
	}
	interesting := func(v *types.Var) bool { return r.x.interesting(v.Type()) }
	makes := slices.ContainsFunc(slices.Collect(body.Sig.Results().Variables()), interesting)
	if r.x.rough && body.Decl != nil && !r.has(fn) {
		return makes
	}
	if makes || body.Decl == nil || fn.kind == function && len(fn.fn.env) > 0 {
		return true
	}
	for v := range body.Sig.Results().Variables() {
		if r.x.holder(v.Type()) {
			return true
		}
	}
	if recv := body.Sig.Recv(); recv != nil && r.x.meeting(recv.Type()) {
		return true
	}
	for _, v := range r.x.mentions(body) {
		if slices.ContainsFunc(r.s.held(v), func(w value) bool { return r.s.thing(w) != nil || w.kind == several || w.kind == function }) {
			return true
		}
		if r.x.tokens(v) || r.x.lends(v) || r.x.limiter(v) || r.x.made(body, v) {
			return true
		}
	}
	return false
}

// empty reports whether a value is an object with nothing in it of what is explored.
func (r *run) empty(v value, depth int) bool {
	const deepest = 3
	n := r.object(v)
	if n == none || depth > deepest {
		return false
	}
	for _, b := range r.s.things[n].fields {
		switch b.w.kind {
		case anything, null, number, present:
		case aThing:
			if !r.empty(b.w, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// made reports whether a function, or what it calls, makes what a field holds.
func (x *Explorer) made(f *syntax.Func, field *types.Var) bool {
	u := x.uses[field]
	return u != nil && contains(x.reach(f, false), u.made)
}

// invoke enters a function.
func (r *run) invoke(body *syntax.Func, fn value, args []value, c *syntax.Call, into *ast.CallExpr) doing {
	const deepest = 8
	if len(r.t.frames) >= deepest {
		r.x.gaveUp = true
		return dead
	}
	same := 0
	for _, f := range r.t.frames {
		if f.code.fn == body {
			same++
		}
	}
	if same > 2 {
		return dead // deeper and deeper
	}
	f := r.x.frame(body, fn, args, c, r)
	f.call = into
	r.t.frames = append(r.t.frames, f)
	return goesOn
}

// has reports whether a function is bound to something that was made here.
func (r *run) has(fn value) bool {
	return fn.kind == function && slices.ContainsFunc(fn.fn.env, func(b binding) bool {
		t := r.s.thing(b.w)
		return t != nil && t.own
	})
}

// derive keeps a context what it is when a function makes another of it.
func (r *run) derive(c *syntax.Call, args []value, into *ast.CallExpr) {
	if into == nil {
		return
	}
	var ctx value
	for i, a := range c.Expr.Args {
		if isContext(r.x.pkg.Info.TypeOf(a)) {
			ctx = args[i]
		}
	}
	if ctx.kind != aThing {
		return
	}
	sig := c.Callee
	if sig == nil {
		return
	}
	var res []value
	some := false
	for v := range sig.Signature().Results().Variables() {
		if isContext(v.Type()) {
			res, some = append(res, ctx), true
		} else {
			res = append(res, value{})
		}
	}
	if some {
		r.keep(r.top(), into, res)
	}
}
