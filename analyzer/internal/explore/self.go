package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// selves finds goroutines that wait for what only they would do.
type selves struct{ *Explorer }

// That a goroutine waits for itself can be seen without knowing who else is there: it waits for its own end, or
// hands on to a channel that it alone receives from. For that each goroutine is followed by itself, with the struct
// that it belongs to. Whatever else it meets at, others may serve at any time.

// loneSteps is how far one goroutine is followed by itself.
const loneSteps = 600

// themselves lists the goroutines that wait for themselves, one finding for each.
func (x selves) themselves() []Stuck {
	rest := packageSteps / 5
	var all []Stuck
	for _, sp := range x.spawns {
		if sp.Call.In == nil || !x.codes.busy(sp.Call.In) || x.pkg.Generated(sp.Pos()) {
			continue
		}
		found := false
		for _, m := range append([]*syntax.Func{nil}, x.unknowns(sp)...) {
			for _, s := range x.begun(sp, m) {
				if rest <= 0 || found {
					break
				}
				var st Stuck
				if st, found = x.follow(sp, s, min(loneSteps, rest)); found {
					all = append(all, st)
				}
				rest -= x.spent
			}
		}
	}
	return all
}

// unknowns are the functions of this package that may run where what a spawn starts calls a method of an interface,
// or what it has received, and nobody knows which.
func (x selves) unknowns(sp *sites.Spawn) []*syntax.Func {
	body := x.bodyOf(sp)
	if body == nil {
		return nil
	}
	reach := x.surroundings.reach(body, false)
	var open []*syntax.Call
	for g := range reach {
		for _, c := range g.Calls {
			if c.Callee != nil && c.Go == nil && c.Recv() != nil && types.IsInterface(x.pkg.Info.TypeOf(c.Recv())) && x.codes.callee(c) == nil {
				open = append(open, c)
			}
		}
	}
	var all []*syntax.Func
	for _, f := range x.funcs {
		if len(open) > 0 && f.Decl != nil && f.Sig.Recv() != nil && x.codes.busy(f) && slices.ContainsFunc(open, func(c *syntax.Call) bool { return x.mayRun(c, f) }) {
			all = append(all, f)
		}
	}
	for _, f := range x.funcs {
		if h, ok := x.handed()[f]; ok && x.codes.busy(f) && x.uses[h.field] != nil && contains(reach, x.uses[h.field].receives) {
			all = append(all, f)
		}
	}
	const most = 6
	return all[:min(len(all), most)]
}

// mayRun reports whether a call of an interface's method, of which nobody knows what it runs, may run a method.
func (x selves) mayRun(c *syntax.Call, f *syntax.Func) bool {
	if c.Callee == nil || c.Go != nil || c.Callee.Name() != f.Decl.Name() || x.codes.callee(c) != nil {
		return false
	}
	recv := c.Callee.Signature().Recv()
	if recv == nil {
		return false
	}
	face, ok := recv.Type().Underlying().(*types.Interface)
	return ok && types.Implements(f.Sig.Recv().Type(), face)
}

// A handing is where a literal goes to be run: to the channel in a field of what a variable holds.
type handing struct{ owner, field *types.Var }

// handed are the literals that are sent to a channel in a field, or given to a method that sends it.
func (x selves) handed() map[*syntax.Func]handing {
	if x.handings != nil {
		return x.handings
	}
	x.handings = map[*syntax.Func]handing{}
	add := func(task, owner ast.Expr, field *types.Var) {
		lit := x.pkg.Target(task)
		if v := x.pkg.Variable(owner); lit != nil && lit.Decl == nil && v != nil && !x.kinds.global(v) {
			x.handings[lit] = handing{v, field}
		}
	}
	for _, f := range x.funcs {
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil)) {
			send := cur.Node().(*ast.SendStmt)
			sel, ok := ast.Unparen(send.Chan).(*ast.SelectorExpr)
			field := x.pkg.Variable(send.Chan)
			if !ok || field == nil || !field.IsField() || x.pkg.FuncAt(cur) != f {
				continue
			}
			add(send.Value, sel.X, field)
			m := f.Declared()
			if m == nil || m.Sig.Recv() == nil || x.pkg.Variable(sel.X) != m.Sig.Recv().Origin() {
				continue
			}
			for i := range m.Sig.Params().Len() {
				if !x.pkg.Runs(send.Value, m.Sig.Params().At(i)) {
					continue
				}
				for _, c := range m.Callers {
					if c.Recv() != nil && c.Arg(i) != nil {
						add(c.Arg(i), c.Recv(), field)
					}
				}
			}
		}
	}
	return x.handings
}

// begun are the states in which a spawn has just started its goroutine, and nothing else: one, or, if that runs
// what the function around is given, one for each call that gives it.
func (x selves) begun(sp *sites.Spawn, dispatch *syntax.Func) []*state {
	in, body := sp.Call.In, x.bodyOf(sp)
	if body != nil && (body.Decl != nil || !x.callsGiven(in, body)) {
		if !x.suspect(body, dispatch) {
			return nil
		}
		r := x.lonely(in, dispatch)
		x.start(r, sp, body)
		return []*state{r.s}
	}
	if in.Decl == nil {
		return nil
	}
	var all []*state
	for _, c := range in.Callers {
		r := x.lonely(c.In, dispatch)
		r.t.frames = append(r.t.frames, x.codes.frame(in, value{}, r.progress.args(c), c, r))
		r.values.own(in)
		for _, task := range r.progress.args(c) {
			if task.kind == function && x.suspect(task.fn.fn, body, dispatch) {
				if x.start(r, sp, body) {
					all = append(all, r.s)
				}
				break
			}
		}
	}
	return all
}

// bodyOf is the function that a spawn runs, or nil.
func (x selves) bodyOf(sp *sites.Spawn) *syntax.Func {
	if sp.Body == nil && sp.Go() {
		return x.codes.callee(sp.Call)
	}
	return sp.Body
}

// callsGiven reports whether a literal calls what the function around it is given.
func (x selves) callsGiven(f, lit *syntax.Func) bool {
	return anyCall(lit, func(c *syntax.Call) bool {
		v := x.pkg.Variable(syntax.Callable(c.Expr.Fun))
		return c.Callee == nil && v != nil && x.kinds.isParam(f, v)
	})
}

// anyCall reports whether a call in a function, its literals included, is such.
func anyCall(f *syntax.Func, such func(*syntax.Call) bool) bool {
	return slices.ContainsFunc(f.Nested(), func(g *syntax.Func) bool { return slices.ContainsFunc(g.Calls, such) })
}

// lonely is a goroutine that stands in a function, whose variables hold things that others have, too.
func (x selves) lonely(in, dispatch *syntax.Func) *run {
	s := &state{}
	t := &thread{frames: []*frame{x.codes.frame(in, value{}, nil, nil, nil)}}
	s.add(t)
	x.begin(in, scope{many: 2, few: few, lone: true, dispatch: dispatch}, loneSteps)
	r := x.at(s, t)
	for f := in; f != nil; f = f.Outer {
		r.values.own(f)
	}
	return r
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// unbuffered reports whether what a variable or field holds is made without a buffer.
func (x selves) unbuffered(v *types.Var) bool {
	defs := x.pkg.Var(v).Defs
	return len(defs) > 0 && !slices.ContainsFunc(defs, func(d syntax.Def) bool {
		call, ok := d.Expr.(*ast.CallExpr)
		return !ok || x.codes.builtin(call) != "make" || len(call.Args) != 1
	})
}

// start starts the goroutine of a spawn, which is followed from there on.
func (x selves) start(r *run, sp *sites.Spawn, body *syntax.Func) bool {
	var fn value
	var args []value
	c := sp.Call
	if sp.Go() {
		fn, args = r.values.eval(c.Expr.Fun), r.progress.args(c)
	} else {
		fn, c = r.values.eval(sp.Task), nil
	}
	if fn.kind == function && fn.fn.fn != nil {
		body = fn.fn.fn
	}
	if body == nil {
		return false
	}
	r.t.spawn, r.t.frames = sp, []*frame{x.codes.frame(body, fn, args, c, r)}
	return true
}

// suspect reports whether functions, with what they call, send to what they receive from, or wait for what they end.
func (x selves) suspect(fs ...*syntax.Func) bool {
	gives, takes := map[*types.Var]bool{}, map[*types.Var]bool{}
	note := func(set map[*types.Var]bool, e ast.Expr) {
		if v := x.pkg.Variable(e); v != nil {
			set[v] = true
		}
	}
	for _, f := range fs {
		if f == nil {
			continue
		}
		for g := range x.surroundings.reach(f, false) {
			for cur := range g.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil)) {
				switch n := cur.Node().(type) {
				case *ast.SendStmt:
					note(gives, n.Chan)
				case *ast.UnaryExpr:
					if n.Op == token.ARROW {
						note(takes, n.X)
					}
				case *ast.RangeStmt:
					note(takes, n.X)
				case *ast.CallExpr:
					if x.codes.builtin(n) == "close" {
						note(gives, n.Args[0])
					} else if c := x.pkg.Call(n); c != nil && c.Recv() != nil {
						switch row := x.pkg.Catalog.Func(c.Callee); {
						case row == nil:
						case row.Role == catalog.Wait:
							note(takes, c.Recv())
						case row.Role == catalog.Leave:
							note(gives, c.Recv())
						}
					}
				}
			}
		}
	}
	for v := range gives {
		if takes[v] {
			return true
		}
	}
	return false
}

// follow looks whether a goroutine comes to wait for itself.
func (x selves) follow(sp *sites.Spawn, s *state, limit int) (Stuck, bool) {
	x.spent, x.budget = 0, limit
	seen := map[[16]byte]bool{}
	todo := x.schedule.settle(s, none)
	for len(todo) > 0 && x.spent <= x.budget {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		k := s.digest()
		if seen[k] || len(s.threads) == 0 {
			continue
		}
		seen[k] = true
		moves, offered := x.schedule.moves(s)
		list := slices.DeleteFunc(slices.Clone(offered[0]), func(o offer) bool { return x.untilTheEnd(s, o) })
		if len(list) == 1 && x.itself(s, s.threads[0], list[0]) {
			return x.reports.describe(sp.Call.In, s, s.threads[0], list[0]), true
		}
		x.spent += 10
		for _, m := range moves {
			todo = append(todo, x.schedule.make(s, m)...)
		}
	}
	return Stuck{}, false
}

// untilTheEnd reports whether an offer is to hear that all comes to its end, which may be never.
func (x selves) untilTheEnd(s *state, o offer) bool {
	if th := s.thing(o.at); x.strangers.signal(o) == nil || th != nil && th.closed {
		return false
	}
	u := x.uses[x.pkg.Variable(received(o.edge.Case.Comm))]
	return u != nil && len(u.closes) > 0 && len(u.sends) == 0
}

// itself reports whether what a goroutine offers only itself could take up.
func (x selves) itself(s *state, t *thread, o offer) bool {
	th := s.thing(o.at)
	if th == nil || o.at.kind != aThing {
		return false
	}
	if o.kind == Sends {
		i := x.reports.below(s, t, o)
		return th.kind == channel && th.size == 0 && i != none && x.reports.alone(s, t.frames[i], o.at) && x.crowded(t.spawn, s, t, o)
	}
	return x.endsIt(s, t, o)
}

// endsIt reports whether a goroutine waits for what it gives itself when it ends: for a group that counts it, or a
// channel that it closes then.
func (x selves) endsIt(s *state, t *thread, o offer) bool {
	th := s.thing(o.at)
	if th == nil || th.closed || o.kind != Waits && (o.kind != Receives || !x.usage.closedBy(s, t, o.at)) {
		return false
	}
	if o.kind == Waits && slices.Contains(t.groups, o.at.n) {
		return true
	}
	for k, f := range t.frames {
		r := x.at(s, &thread{frames: t.frames[:k+1]})
		gives := func(c *syntax.Call) bool {
			switch {
			case o.kind == Waits:
				return x.reports.leaves(c) && r.objects.receiver(c) == o.at
			case x.codes.builtin(c.Expr) == "close":
				return r.values.eval(c.Expr.Args[0]) == o.at
			}
			return false
		}
		for _, d := range f.defers {
			if gives(d.call) || d.fn.kind == function && d.fn.fn.fn != nil && d.fn.fn.fn.Decl == nil && anyCall(d.fn.fn.fn, gives) {
				return true
			}
		}
		if k == 0 && slices.ContainsFunc(f.code.fn.Calls, func(c *syntax.Call) bool {
			return c.Defer == nil && c.Go == nil && len(syntax.Loops(c.Cur)) == 0 && c.Expr.Pos() > x.reports.lead(f).End() && gives(c)
		}) {
			return true
		}
	}
	return false
}

// A mentioning is what a function does with a channel where it names it.
type mentioning uint8

const (
	names mentioning = iota // it declares it, sets it, or asks for its length
	sendsTo
	receivesFrom
	closes
	handsOn // nobody knows
)

// holders are the fields, and the variables of a goroutine, that hold a thing.
func (t *thread) holders(s *state, w value) []*types.Var {
	var vars []*types.Var
	for _, v := range s.holders() {
		if slices.Contains(s.held(v), w) {
			vars = append(vars, v)
		}
	}
	for _, f := range t.frames {
		for _, b := range f.env {
			if b.w == w && !slices.Contains(vars, b.v) {
				vars = append(vars, b.v)
			}
		}
	}
	return vars
}

// crowded reports whether all who run what a spawn starts may have taken something at the same time from a channel
// that each of them hands on to: there is one, or they make more of it than they take, or others do.
func (x selves) crowded(sp *sites.Spawn, s *state, t *thread, o offer) bool {
	body := x.bodyOf(sp)
	if len(syntax.Loops(sp.Cur)) == 0 && !slices.ContainsFunc(x.spawns, func(other *sites.Spawn) bool { return other != sp && body != nil && x.bodyOf(other) == body }) {
		return true
	}
	own := map[*syntax.Func]bool{}
	taken := 1 // by the loop that takes
	for _, f := range t.frames[x.reports.below(s, t, o):] {
		own[f.code.fn] = true
		if cur, ok := f.code.fn.Cur.FindNode(x.reports.lead(f)); ok && len(syntax.Loops(cur)) > taken {
			return true
		}
		taken = 0
	}
	return slices.ContainsFunc(t.holders(s, o.at), func(v *types.Var) bool {
		return slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			in, at := x.pkg.FuncAt(u), syntax.Whole(u)
			return x.usage.mentioningAt(at) == sendsTo && !own[in] && (in != sp.Call.In || len(syntax.Loops(at)) > 0)
		})
	})
}
