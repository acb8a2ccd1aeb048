package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// invocations are the calls of functions of the package.
type invocations struct{ *run }

// target is the function of this package that a value or call stands for, or nil.
func (r invocations) target(fn value, c *syntax.Call) *syntax.Func {
	if fn.kind == function && fn.fn.fn != nil {
		return fn.fn.fn
	}
	if c == nil {
		return nil
	}
	return r.x.codes.callee(c)
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

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// call runs a call: of a library, of a function here, or of a stranger.
func (r invocations) call(c *syntax.Call, fn value, args []value, into *ast.CallExpr) doing {
	switch r.x.codes.builtin(c.Expr) {
	case "close":
		return r.outsiders.close(args[0])
	case "make":
		r.outsiders.makeCall(c, args)
		return goesOn
	case "new":
		if t := r.x.pkg.Info.TypeOf(c.Expr.Args[0]); t != nil {
			if w, ok := r.objects.fresh(types.Unalias(t), "", c.Expr); ok {
				r.keep(r.top(), c.Expr, []value{w})
			}
		}
		return goesOn
	case "append":
		r.outsiders.appendTo(c)
		return goesOn
	case "delete":
		if v := r.x.pkg.Variable(c.Expr.Args[0]); v != nil && r.x.kinds.holder(v.Type()) {
			if t := r.s.thing(r.values.eval(c.Expr.Args[0])); t != nil && !r.x.usage.looksUp(c.In, v) {
				t.filed = nil
			}
			r.objects.store(c.Expr.Args[0], value{kind: null})
		}
		return goesOn
	}
	if c.Callee != nil {
		callee := r.x.pkg.Callee(c)
		if e := effectOf(callee); e != 0 {
			return r.outsiders.library(e, c, args, into)
		}
		if row := r.x.pkg.Catalog.Func(callee); row != nil {
			return r.executors.row(row, c, args, into)
		}
		if r.x.slots.place(callee) != summary.NoPlace {
			return r.holdings.placed(c, args)
		}
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
	if fn.kind != function && r.x.dispatch != nil && r.x.codes.callee(c) == nil {
		fn = r.values.chosenBy(c)
	}
	if body := r.target(fn, c); body != nil {
		r.disguised(body.Sig, args)
		if r.x.rough && r.feeds(args) {
			for _, a := range args {
				r.objects.blur(a)
			}
			r.derive(c, args, into)
			return goesOn
		}
		if r.x.slots.passedOver(body) || !r.concerns(body, fn, args, c) {
			r.derive(c, args, into)
			return goesOn
		}
		return r.invoke(body, fn, args, c, into)
	}
	return r.outsiders.outside(c, args, into)
}

// feeds reports whether all that a function gets of what is explored are functions that send: it may call them at any
// time, and closes nothing.
func (r invocations) feeds(args []value) bool {
	feeds := false
	for _, a := range args {
		switch {
		case a.kind == function:
			for _, b := range a.fn.env {
				if t := r.s.thing(b.w); t != nil && t.own && t.kind != context {
					if t.kind != channel || !r.x.usage.onlySends(a.fn.fn, b.v) {
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

// disguised gives strangers the channels that a function takes as any value: nobody sees what reflection does to them.
func (r invocations) disguised(sig *types.Signature, args []value) {
	for i, a := range args {
		if t := r.s.thing(a); t != nil && t.kind == channel && i < sig.Params().Len() && types.IsInterface(sig.Params().At(i).Type()) {
			r.objects.blur(a)
		}
	}
}

// concerns reports whether a function can do something to what is explored: it is given some of it, has
// captured some, makes some for its caller, or speaks of fields that hold some. A function that does
// nothing of interest may still keep what it is given.
func (r invocations) concerns(body *syntax.Func, fn value, args []value, c *syntax.Call) bool {
	for i, a := range args {
		switch a.kind {
		case aThing:
			if !isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) && (r.x.codes.busy(body) || !r.empty(a, 0)) {
				return true
			}
		case function, cancels, doneOf, ticksOf, several:
			return true
		}
	}
	interesting := func(v *types.Var) bool { return r.x.kinds.interesting(v.Type()) }
	makes := slices.ContainsFunc(slices.Collect(body.Sig.Results().Variables()), interesting)
	if !r.x.codes.busy(body) {
		return makes // a getter gives what it has
	}
	if r.x.rough && body.Decl != nil && !r.has(fn) {
		return makes
	}
	if makes || body.Decl == nil || fn.kind == function && len(fn.fn.env) > 0 {
		return true
	}
	for v := range body.Sig.Results().Variables() {
		if r.x.kinds.holder(v.Type()) {
			return true
		}
	}
	if recv := body.Sig.Recv(); recv != nil && r.x.kinds.meeting(recv.Type()) {
		return true
	}
	for _, v := range r.x.keepers.mentions(body) {
		if slices.ContainsFunc(r.s.held(v), func(w value) bool { return r.s.thing(w) != nil || w.kind == several || w.kind == function }) {
			return true
		}
		if r.x.usage.tokens(v) || r.x.usage.lends(v) || r.x.kinds.limiter(v) || r.x.codes.made(body, v) {
			return true
		}
	}
	return false
}

// empty reports whether a value is an object with nothing in it of what is explored.
func (r invocations) empty(v value, depth int) bool {
	const deepest = 3
	n := r.objects.object(v)
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

// invoke enters a function.
func (r invocations) invoke(body *syntax.Func, fn value, args []value, c *syntax.Call, into *ast.CallExpr) doing {
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
	f := r.x.codes.frame(body, fn, args, c, r.run)
	f.call = into
	r.t.frames = append(r.t.frames, f)
	return goesOn
}

// has reports whether a function is bound to something that was made here.
func (r invocations) has(fn value) bool {
	return fn.kind == function && slices.ContainsFunc(fn.fn.env, func(b binding) bool {
		t := r.s.thing(b.w)
		return t != nil && t.own
	})
}

// derive keeps a context what it is when a function makes another of it.
func (r invocations) derive(c *syntax.Call, args []value, into *ast.CallExpr) {
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
