package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// outsiders are functions whose source is not here: of the language, of the standard library, and those of which nothing is known.
type outsiders struct{ *run }

// outside is a call of which the source is not here. What it is given is its own from here on, unless
// its summary says better.
func (r outsiders) outside(c *syntax.Call, args []value, into *ast.CallExpr) doing {
	callee := r.x.pkg.Callee(c)
	sum := r.x.pkg.Summary(callee)
	if s := r.x.pkg.SpawnAt(c); s != nil && s.Via != nil && int(s.Via.Index) < len(args) && args[s.Via.Index].kind == function {
		for i, a := range args {
			if i != int(s.Via.Index) { // such as what ends the task
				r.objects.blur(a)
			}
		}
		return r.executors.start(s, args[s.Via.Index], nil, nil, nil)
	}
	if recv := c.Recv(); recv != nil {
		if v := r.values.eval(recv); v.kind == function { // an http.HandlerFunc, whose method calls it
			r.objects.blur(v)
		}
	}
	for i, a := range args {
		switch a.kind {
		case function:
			if !r.x.pkg.CallsArg(callee, i) {
				r.objects.blur(a)
				if c.Callee == nil {
					r.runs(a)
				}
				continue
			}
			if body := a.fn.fn; body != nil && r.x.codes.busy(body) {
				var yield []value
				if iterates(body.Sig) {
					yield = []value{{kind: goOn}}
				}
				times := 1
				if r.x.codes.perEntry(callee, i) {
					times = 2
				}
				for range times {
					if d := r.invocations.invoke(body, a, yield, nil, nil); d != goesOn {
						return d
					}
					r.top().each = times > 1
				}
			}
		case aThing:
			if isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) || r.looks(sum, i) && r.s.thing(a).kind != ticker { // it may set it again
				continue
			}
			if t := r.s.thing(a); t.kind == channel && c.Callee == nil && r.x.usage.sendsAs(r.x.pkg.Info.TypeOf(c.Expr.Args[i]), r.param(c, i)) {
				t.fed = true // see runs
				continue
			}
			r.objects.blur(a)
		case doneOf, cancels:
			r.objects.blur(a)
		}
	}
	r.invocations.derive(c, args, into)
	return goesOn
}

// runs notes that a function is given to a function's value: that is there to be run, and what it is given with it, where
// a library may keep what it is given.
func (r outsiders) runs(fn value) {
	for _, b := range fn.fn.env {
		if t := r.s.thing(b.w); t != nil {
			t.lasting = false
		}
	}
}

// param is the type that a call's function has for an argument; nil if it is one of several, or the function returns
// more than an error: what that is may have the argument.
func (r outsiders) param(c *syntax.Call, i int) types.Type {
	sig, ok := r.x.pkg.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if !ok || i >= sig.Params().Len() || sig.Variadic() && i >= sig.Params().Len()-1 {
		return nil
	}
	if n := sig.Results().Len(); n > 1 || n == 1 && !isError(sig.Results().At(0).Type()) {
		return nil
	}
	return sig.Params().At(i).Type()
}

// used reports whether the result of a call is.
func used(c *syntax.Call) bool {
	k := syntax.Outer(c.Cur).ParentEdgeKind()
	return k != edge.ExprStmt_X && k != edge.DeferStmt_Call && k != edge.GoStmt_Call
}

// iterates reports whether a function is an iterator: it is given what takes its elements.
func iterates(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Results().Len() != 0 {
		return false
	}
	yield, ok := sig.Params().At(0).Type().Underlying().(*types.Signature)
	return ok && yield.Results().Len() == 1 && types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool])
}

// looks reports whether a function only looks at an argument, or has used it when it returns.
func (r outsiders) looks(sum *summary.Func, i int) bool {
	p := sum.Param(i)
	return p != nil && (p.Use == summary.Reads || p.Use == summary.Sends || p.Use&^summary.Drains == summary.Receives)
}

// close closes a channel.
func (r outsiders) close(v value) doing {
	if t := r.s.thing(v); t != nil && v.kind == aThing {
		if t.closed {
			return dead // it panics
		}
		t.closed = true
	} else if v.kind == null {
		return dead
	}
	return goesOn
}

// makeCall makes a channel.
func (r outsiders) makeCall(c *syntax.Call, args []value) {
	if r.x.lone {
		return
	}
	t := r.x.pkg.Info.TypeOf(c.Expr)
	if _, ok := t.Underlying().(*types.Chan); !ok {
		if r.x.kinds.holder(t) {
			empty := value{kind: null}
			if _, ok := t.Underlying().(*types.Slice); ok && args[1].kind == number {
				empty = listOf(slices.Repeat([]value{{kind: null}}, max(args[1].n, 0)))
			}
			r.keep(r.top(), c.Expr, []value{empty})
		}
		return
	}
	ch := thing{kind: channel, site: c.Expr, name: r.nameOf(c.Cur), own: true, parent: none}
	if len(args) > 1 {
		switch {
		case args[1].kind != number:
			ch.size = roomy // whatever it is, nobody says that it is too small
		default:
			ch.size = max(args[1].n, 0)
		}
		n, told := r.x.quantities.constant(c.Expr.Args[1])
		if told {
			r.x.quantities.buffer(n)
		}
		ch.large, ch.guess = told && ch.size > 1, !told
	}
	if n, ok := r.x.sizes[c.Expr]; ok {
		if n == AsMany {
			ch.size = r.x.quantities.unknown().n
		} else {
			ch.size = r.x.quantities.buffer(n)
		}
	}
	if to := syntax.Assigned(c.Cur); len(to) == 1 && ch.size > 0 {
		if v := r.x.pkg.Variable(to[0]); v != nil && r.x.slots.nested(v) {
			ch.token, ch.size = true, 1
		}
	}
	r.keep(r.top(), c.Expr, []value{r.s.make(ch)})
}

// nameOf is what a message calls that which an expression makes.
func (r outsiders) nameOf(cur inspector.Cursor) string {
	if u, ok := cur.Parent().Node().(*ast.UnaryExpr); ok && u.Op == token.AND {
		cur = cur.Parent()
	}
	if to := syntax.Assigned(cur); len(to) > 0 {
		if v := r.x.pkg.Variable(to[0]); v != nil {
			return v.Name()
		}
	}
	switch n := cur.Parent().Node().(type) {
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			return id.Name
		}
	case *ast.CompositeLit:
		if st, ok := r.x.pkg.Info.TypeOf(n).Underlying().(*types.Struct); ok {
			if i := slices.Index(n.Elts, cur.Node().(ast.Expr)); i >= 0 && i < st.NumFields() {
				return st.Field(i).Name()
			}
		}
	}
	if g := r.x.pkg.Catalog.Type(r.x.pkg.Info.TypeOf(cur.Node().(ast.Expr))); g != nil {
		return "its group"
	}
	return "its channel"
}

// appendTo adds to a slice of things.
func (r outsiders) appendTo(c *syntax.Call) {
	old := r.values.eval(c.Expr.Args[0])
	if old.kind == several && !c.Expr.Ellipsis.IsValid() && len(old.list.items) < most {
		items := slices.Clone(old.list.items)
		for _, a := range c.Expr.Args[1:] {
			items = append(items, r.values.eval(a))
		}
		r.keep(r.top(), c.Expr, []value{listOf(items)})
		return
	}
	r.objects.blur(old)
	for _, a := range c.Expr.Args[1:] {
		r.objects.blur(r.values.eval(a))
	}
}

// library is what a function of the standard library does.
func (r outsiders) library(e effect, c *syntax.Call, args []value, into *ast.CallExpr) doing {
	var res []value
	switch e {
	case makesContext, makesTimeout:
		ctx := thing{kind: context, own: true, parent: none, expires: e == makesTimeout, site: c.Expr, name: "ctx"}
		if len(args) > 0 && args[0].kind == aThing {
			ctx.parent = args[0].n
		} else {
			ctx.expires = true // by what nobody knows
		}
		w := r.s.make(ctx)
		res = []value{w, {kind: cancels, n: w.n}}
	case detaches, background:
		res = []value{r.s.make(thing{kind: context, own: true, parent: none, name: "ctx"})}
	case done:
		if w := r.objects.receiver(c); w.kind == aThing && r.s.things[w.n].kind == context {
			res = []value{{kind: doneOf, n: w.n}}
		}
	case tellsWhy:
		w := r.objects.receiver(c)
		if len(args) > 0 {
			w = args[0]
		}
		if w.kind == aThing && r.s.cancelled(w.n) && !r.s.justNow(w.n, r.t) { // else it may end in this moment
			res = []value{{kind: present}}
		}
	case makesTicker, makesTimer:
		res = []value{r.s.make(thing{kind: ticker, own: true, parent: none, site: c.Expr, expires: e == makesTimer, name: r.nameOf(c.Cur)})}
	case after:
	case stops, restarts:
		if t := r.s.thing(r.objects.receiver(c)); t != nil && (e == restarts || !used(c)) { // who asks whether it was in time goes by that
			t.closed = e == stops
		} else if t != nil && t.runs > 0 && e == stops {
			r.spare(t.runs)
		}
	case onceDo:
		t := r.s.thing(r.objects.receiver(c))
		if t != nil && t.closed {
			return goesOn
		}
		if t != nil {
			t.closed = true
		}
		if body := r.invocations.target(args[0], nil); body != nil {
			return r.invocations.invoke(body, args[0], nil, nil, nil)
		}
		if args[0].kind == cancels {
			r.s.things[args[0].n].closed = true
		}
	case startsLater:
		fn := args[len(args)-1]
		known := fn.kind == function && fn.fn.fn != nil
		if into != nil && isTimer(r.x.pkg.Info.TypeOf(into)) {
			runs := none
			if known {
				runs = r.s.born + 1
			}
			r.keep(r.top(), into, []value{r.s.make(thing{kind: ticker, own: true, parent: none, site: c.Expr, runs: runs, name: r.nameOf(c.Cur)})})
		}
		if known {
			return r.executors.start(r.x.spawnOf(c), fn, nil, nil, nil)
		}
	case notifies, notifiesNoMore:
		if t := r.s.thing(args[0]); t != nil && t.open == t.signals { // nobody else has it
			t.open, t.signals = e == notifies, e == notifies
			r.x.set = r.x.set || e == notifiesNoMore
		}
	case keepsIt:
		for _, a := range args {
			r.objects.blur(a)
		}
	case locks, locksShared, unlocks, unlocksShared:
		r.holdings.locked(e, c)
	case loads, stores, adds, swaps, swapsIf:
		res = []value{r.atomic(e, c, args)}
	}
	if into != nil && res != nil {
		r.keep(r.top(), into, res)
	}
	return goesOn
}

// spare notes that a goroutine has been stopped before it started, or not: who stopped it has asked which.
func (r outsiders) spare(id int) {
	for i, t := range r.s.threads {
		if t.id == id {
			r.s.own(i).spared = true
		}
	}
}

func isTimer(t types.Type) bool { return t != nil && syntax.Is(t, "time", "Timer") }

// atomic does what a function of sync/atomic, or a method, does to a number.
func (r outsiders) atomic(e effect, c *syntax.Call, args []value) value {
	at := c.Recv()
	if at == nil {
		at, args = c.Expr.Args[0], args[1:]
	}
	if u, ok := ast.Unparen(at).(*ast.UnaryExpr); ok && u.Op == token.AND {
		at = u.X
	}
	was := r.values.eval(at)
	switch e {
	case stores, swaps:
		r.objects.store(at, args[0])
	case adds:
		sum := value{}
		if was.kind == number && args[0].kind == number {
			sum = num(was.n + args[0].n)
		}
		r.objects.store(at, sum)
		return sum
	case swapsIf:
		is, known := compare(token.EQL, was, args[0])
		switch {
		case !known:
			r.objects.store(at, value{})
			return value{}
		case is:
			r.objects.store(at, args[1])
		}
		return truth(is)
	}
	return was
}
