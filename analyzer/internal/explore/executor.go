package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// executors start goroutines, for go statements, groups and pools.
type executors struct{ *run }

// start starts a goroutine that runs a function.
func (r executors) start(s *sites.Spawn, fn value, c *syntax.Call, args []value, groups []int) doing {
	if r.x.lone {
		return goesOn
	}
	body := r.invocations.target(fn, c)
	if body == nil {
		var one *offer
		if c != nil {
			if o, ok := r.meetings.servedOutside(c); ok {
				one = &o
			}
		}
		for _, a := range args {
			if one == nil || a != one.at {
				r.objects.blur(a)
			}
		}
		if one != nil {
			r.s.add(&thread{spawn: s, groups: groups, one: one})
			return goesOn
		}
		for _, g := range groups {
			r.s.things[g].open = true
		}
		return goesOn
	}
	running := 0
	for _, t := range r.s.threads {
		if t.spawn == s {
			running++
		}
	}
	if running > most || len(r.s.threads) > 2*most {
		return dead // more of the same
	}
	if r.x.ran[s] == nil {
		r.x.ran[s] = r.x.exploring
	}
	t := &thread{spawn: s, groups: groups}
	t.frames = []*frame{r.x.codes.frame(body, fn, args, c, r.run)}
	r.s.add(t)
	r.handTo(t, body)
	return goesOn
}

// handTo leaves the places of semaphores to a goroutine that the one which starts it has taken for it: it gives
// them back.
func (r executors) handTo(t *thread, body *syntax.Func) {
	if len(r.t.has) == 0 {
		return
	}
	theirs := r.x.at(r.s, t)
	given := func(v value) {
		if th := r.s.thing(v); th != nil && th.token && slices.Contains(r.t.has, v.n) {
			r.holdings.gives(v.n)
			theirs.holdings.takes(v.n)
		}
	}
	for cur := range body.Cur.Preorder((*ast.CallExpr)(nil), (*ast.UnaryExpr)(nil), (*ast.SendStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			if c := r.x.pkg.Call(n); c != nil && c.Recv() != nil {
				if row := r.x.pkg.Catalog.Func(c.Callee); r.x.slots.place(c.Callee) == summary.Gives || row != nil && row.Role == catalog.Leave {
					given(theirs.objects.receiver(c))
				}
			}
			if c := r.x.pkg.Call(n); c != nil {
				for _, v := range r.x.usage.givesBack(r.x.codes.callee(c)) {
					given(theirs.objects.field(theirs.objects.receiver(c), v))
				}
			}
		case *ast.UnaryExpr:
			if v := theirs.values.eval(n.X); n.Op == token.ARROW && r.s.thing(v) != nil && !r.s.thing(v).lent {
				given(v)
			}
		case *ast.SendStmt:
			if v := theirs.values.eval(n.Chan); r.s.thing(v) != nil && r.s.thing(v).lent {
				given(v)
			}
		}
	}
}

// row is what a function of the catalogue does.
func (r executors) row(row *catalog.Func, c *syntax.Call, args []value, into *ast.CallExpr) doing {
	g := r.objects.receiver(c)
	t := r.s.thing(g)
	switch row.Role {
	case catalog.New:
		r.newGroup(row, c, args, into)
	case catalog.Enter:
		if t == nil {
			break
		}
		n := num(1)
		if len(args) > 0 {
			n = args[0]
		}
		if n.kind != number {
			t.open = true
			break
		}
		if t.count += n.n; t.count < 0 && !t.open {
			return dead // it panics
		}
	case catalog.Leave:
		if t == nil {
			break
		}
		if t.count--; t.count < 0 && !t.open {
			return dead
		}
	case catalog.SetBound:
		if t != nil {
			t.size = 0
			if i := row.Bound.Arg.Index(); row.Bound.From == catalog.FromArg && i < len(args) && args[i].kind == number {
				t.size = max(args[i].n, 0)
			}
		}
	case catalog.Submit, catalog.Submitted:
		return r.submit(row, c, args, g, into)
	case catalog.Wait, catalog.Close, catalog.Stop:
		if t != nil && t.parent != none {
			r.s.things[t.parent].closed = true // a group's context
		}
	case catalog.Acquire:
		if t != nil {
			t.count++
			if t.token {
				r.holdings.takes(g.n)
			}
			if into != nil {
				r.keep(r.top(), into, []value{{kind: null}})
			}
		}
	case catalog.TryAcquire:
		if t != nil && into != nil {
			r.keep(r.top(), into, []value{truth(t.count < t.size)})
			if t.count < t.size {
				t.count++
				if t.token {
					r.holdings.takes(g.n)
				}
			}
		}
	case catalog.Release:
		if t != nil {
			t.count = max(t.count-1, 0)
			r.holdings.gives(g.n)
		}
	default:
		for i, a := range args {
			if a.kind == function {
				if row.Role == catalog.Run || row.Role == catalog.Map {
					if body := a.fn.fn; body != nil && r.x.codes.busy(body) {
						return r.invocations.invoke(body, a, nil, nil, nil)
					}
					continue
				}
				r.objects.blur(a)
			} else if a.kind == aThing && !isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) {
				r.objects.blur(a)
			}
		}
	}
	return goesOn
}

// newGroup makes a group or pool, and the context that comes with it.
func (r executors) newGroup(row *catalog.Func, c *syntax.Call, args []value, into *ast.CallExpr) {
	if into == nil || r.x.lone {
		return
	}
	tuple, ok := r.x.pkg.Info.TypeOf(c.Expr).(*types.Tuple)
	given := []types.Type{r.x.pkg.Info.TypeOf(c.Expr)}
	if ok {
		given = nil
		for v := range tuple.Variables() {
			given = append(given, v.Type())
		}
	}
	res := make([]value, len(given))
	at := none
	for i, t := range given {
		if row := r.x.pkg.Catalog.Type(t); row != nil && row.Kind == catalog.Limiter {
			size := most
			if k := places(r.run, c, args); k > 0 {
				size = k
			}
			res[i] = r.s.make(thing{kind: limiter, own: true, parent: none, site: c.Expr, size: size, name: r.outsiders.nameOf(c.Cur)})
		}
		if r.x.kinds.isGroup(t) {
			res[i] = r.s.make(thing{kind: group, own: true, parent: none, site: c.Expr, name: r.outsiders.nameOf(c.Cur)})
			at = res[i].n
		}
	}
	for i, t := range given {
		if !isContext(t) {
			continue
		}
		ctx := thing{kind: context, own: true, parent: none, name: "ctx"}
		if len(args) > 0 && args[0].kind == aThing {
			ctx.parent = args[0].n
		} else {
			ctx.expires = true
		}
		res[i] = r.s.make(ctx)
		if at != none {
			r.s.things[at].parent = res[i].n
		}
	}
	r.keep(r.top(), into, res)
}

// places is the number of tokens that a limiter is made with, or 0.
func places(r *run, c *syntax.Call, args []value) int {
	row := r.x.pkg.Catalog.Func(c.Callee)
	if i := row.Bound.Arg.Index(); row.Bound.From == catalog.FromArg && i < len(args) && args[i].kind == number {
		return args[i].n
	}
	return 0
}

// submit hands a task to a group or pool.
func (r executors) submit(row *catalog.Func, c *syntax.Call, args []value, g value, into *ast.CallExpr) doing {
	if r.x.lone {
		return goesOn
	}
	s := r.x.pkg.SpawnAt(c)
	if res := c.Callee.Signature().Results(); s != nil && into != nil && res.Len() == 1 && isError(res.At(0).Type()) {
		r.keep(r.top(), into, []value{{kind: null}}) // of what a refusal leaves behind, the rule rejected speaks
	}
	var groups []int
	if t := r.s.thing(g); t != nil {
		t.count++
		groups = []int{g.n}
	}
	i := row.Task.Index()
	if s == nil || i < 0 || i >= len(args) || args[i].kind != function {
		if len(groups) > 0 { // a task that is not seen ends by itself
			r.s.things[g.n].count--
		}
		for _, a := range args {
			r.objects.blur(a)
		}
		return goesOn
	}
	for k, a := range args {
		if k != i { // such as what interrupts the task
			r.objects.blur(a)
		}
	}
	return r.start(r.startOf(c, c.Expr.Args[i]), args[i], nil, nil, groups)
}

// startOf is the place that starts a task: of one that the function was given, the call that gave it.
func (r executors) startOf(c *syntax.Call, task ast.Expr) *sites.Spawn {
	if run := r.onlyRuns(task); run != nil {
		task = run
	}
	for i := len(r.t.frames) - 1; i > 0; i-- {
		v := r.x.pkg.Variable(task)
		if v == nil || !r.x.kinds.isParam(r.t.frames[i].code.fn, v) {
			break
		}
		call, ok := r.x.reports.lead(r.t.frames[i-1]).(*ast.CallExpr)
		if !ok {
			break
		}
		outer := r.x.pkg.Call(call)
		at := slices.IndexFunc(slices.Collect(r.t.frames[i].code.fn.Sig.Params().Variables()), func(p *types.Var) bool { return p.Origin() == v })
		if outer == nil || at >= len(call.Args) {
			break
		}
		c, task = outer, call.Args[at]
	}
	if s := r.x.pkg.SpawnAt(c); s != nil {
		return s
	}
	return r.x.spawnOf(c)
}

// onlyRuns is the one parameter of the function around a literal that the literal runs, if nothing that it does itself
// can block; else nil.
func (r executors) onlyRuns(task ast.Expr) (run ast.Expr) {
	lit, ok := ast.Unparen(task).(*ast.FuncLit)
	if !ok {
		return nil
	}
	body := r.x.pkg.Lit(lit)
	if body.Outer == nil {
		return nil
	}
	for cur := range body.Cur.Preorder((*ast.CallExpr)(nil), (*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.SelectStmt)(nil), (*ast.RangeStmt)(nil)) {
		in := r.x.pkg.FuncAt(cur)
		for in != body && r.x.codes.inPlace(in) {
			in = in.Outer
		}
		if in != body {
			continue
		}
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			v := r.x.pkg.Variable(n.Fun)
			if v == nil || !r.x.kinds.isParam(body.Outer, v) {
				continue
			}
			if run != nil {
				return nil
			}
			run = n.Fun
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return nil
			}
		case *ast.RangeStmt:
			if _, ok := r.x.pkg.Info.TypeOf(n.X).Underlying().(*types.Chan); ok {
				return nil
			}
		default:
			return nil
		}
	}
	return run
}
