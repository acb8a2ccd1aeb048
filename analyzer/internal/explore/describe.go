package explore

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// reports describes who is stuck: where, at what, and why nobody comes.
type reports struct{ *Explorer }

// below is the frame of the function that is working at what it has received from the channel to which the
// goroutine sends: it sends to itself. Of the function that sends, none if others receive, too; none if it
// does not.
func (x reports) below(s *state, t *thread, o offer) int {
	if o.kind != Sends {
		return none
	}
	for i := len(t.frames) - 1; i >= 0; i-- {
		if slices.Contains(t.frames[i].taken, o.at) && (i < len(t.frames)-1 || x.alone(s, t.frames[i], o.at)) {
			return i
		}
	}
	return none
}

// alone reports whether no other function than that of a frame receives from a channel, which a variable or field
// holds.
func (x reports) alone(s *state, f *frame, ch value) bool {
	found := false
	for _, v := range s.holders() {
		if slices.Contains(s.held(v), ch) {
			u := x.uses[v]
			if u == nil || u.public || !x.usage.receivedIn(v, f.code.fn) {
				return false
			}
			found = true
		}
	}
	for _, b := range f.env {
		if b.w == ch {
			if !x.usage.receivedIn(b.v, f.code.fn) {
				return false
			}
			found = true
		}
	}
	return found && f.again()
}

// lead is the operation, or call, at which a frame stands.
func (x reports) lead(f *frame) ast.Node {
	if f.exit != nil {
		return f.exit
	}
	if f.step >= len(f.block.Steps) {
		return f.code.fn.Node
	}
	list := x.codes.instrs(f.code, f.block.Steps[f.step])
	if len(list) == 0 {
		return f.block.Steps[f.step]
	}
	return list[min(max(f.ins-1, 0), len(list)-1)].node
}

// own is the frame of the function that a reader would ask: the last whose text stands in the one that the
// goroutine was started with, as that of a literal does which others call. Of a function that comes to call
// itself, it is the one that does: a literal that it was given, or itself. Who only runs what others give is not asked.
func (x reports) own(t *thread) int {
	for k, fr := range t.frames {
		again := slices.IndexFunc(t.frames[k+1:], func(f *frame) bool { return f.code.fn == fr.code.fn })
		if again < 0 {
			continue
		}
		return t.lastLit(k, k+again+1)
	}
	first := 0
	for first < len(t.frames)-1 && (x.runsGiven(t.frames[first]) || onlyCalls(t.frames[first].code.fn)) {
		first++
	}
	last := first
	for k, fr := range t.frames {
		for f := fr.code.fn; f != nil; f = f.Outer {
			if f == t.frames[first].code.fn {
				last = k
			}
		}
	}
	return last
}

// onlyCalls reports whether all that a literal does is to call something.
func onlyCalls(f *syntax.Func) bool {
	lit, ok := f.Node.(*ast.FuncLit)
	if !ok || len(lit.Body.List) != 1 {
		return false
	}
	stmt, ok := lit.Body.List[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	_, ok = stmt.X.(*ast.CallExpr)
	return ok
}

// runsGiven reports whether a goroutine stands in a call of what the function, or the one around it, was given.
func (x reports) runsGiven(f *frame) bool {
	call, ok := x.lead(f).(*ast.CallExpr)
	if !ok {
		return false
	}
	v := x.pkg.Variable(syntax.Callable(call.Fun))
	for g := f.code.fn; g != nil && v != nil; g = g.Outer {
		if x.kinds.isParam(g, v) {
			return true
		}
	}
	return false
}

// lastLit is the last frame from one on, and before another, that is of a literal; the first if none is.
func (t *thread) lastLit(from, before int) int {
	for k := before - 1; k > from; k-- {
		if _, ok := t.frames[k].code.fn.Node.(*ast.FuncLit); ok {
			return k
		}
	}
	return from
}

// apart reports whether a goroutine stands in a method of another struct than the one whose method runs the
// literal that has called it: two fields hold two.
func (x reports) apart(t *thread) bool {
	if t.one != nil {
		return false
	}
	var runs *types.Var
	for _, fr := range t.frames {
		if lit := syntax.Outer(fr.code.fn.Cur); lit.ParentEdgeKind() == edge.CallExpr_Args {
			if v := x.calledOn(lit.Parent().Node().(*ast.CallExpr)); v != nil {
				runs = v
			}
		}
		if call, ok := x.lead(fr).(*ast.CallExpr); ok && runs != nil {
			if v := x.calledOn(call); v != nil && v != runs && types.Identical(v.Type(), runs.Type()) {
				return true
			}
		}
	}
	return false
}

// calledOn is the field or package variable on whose value a method is called, or nil.
func (x reports) calledOn(call *ast.CallExpr) *types.Var {
	c := x.pkg.Call(call)
	if c == nil || c.Recv() == nil {
		return nil
	}
	if v := x.pkg.Variable(c.Recv()); v != nil && x.kinds.global(v) {
		return v
	}
	return nil
}

// describe says who is stuck, on what.
func (x reports) describe(f *syntax.Func, s *state, t *thread, o offer) Stuck {
	explored := f
	if t.spawn == nil && t.one == nil { // what is called after the function that is explored explains itself
		f = t.frames[0].code.fn
	}
	st := Stuck{Root: f, From: f, By: f, Spawn: t.spawn, At: o.node, Left: s.left, Range: o.how == atRange || o.how == atDrain, Kind: o.kind, rough: x.rough}
	th := s.thing(o.at)
	if th == nil {
		return st
	}
	st.more = slices.Contains(t.sent, th.site)
	st.On, st.Made, st.Loop, st.Ticks = th.name, th.site, t.again(), o.at.kind == ticksOf
	st.Each = slices.ContainsFunc(t.frames, func(f *frame) bool { return f.each })
	st.Timer, st.Mute = st.Ticks && th.expires, st.Ticks && th.runs != 0
	if st.Lead = o.node; t.one != nil {
		st.Peers = nil
		return st
	}
	at := x.own(t)
	if at < len(t.frames)-1 {
		st.Lead = x.lead(t.frames[at])
	}
	if st.By = t.frames[at].code.fn; st.By.Declared() != nil {
		st.By = st.By.Declared()
	}
	st.Token, st.Lent = th.token, th.lent
	// Who only waits for its first, while another one that has some waits for more, is not the cause.
	st.Self = th.token && (slices.Contains(t.has, o.at.n) || !slices.ContainsFunc(s.threads, func(t *thread) bool { return slices.Contains(t.has, o.at.n) }))
	if i := x.below(s, t, o); i != none {
		st.Self, st.Lead = true, o.node
		if own := t.lastLit(i, len(t.frames)); own < len(t.frames)-1 { // the task's own body: what it was given to run, or itself
			st.Lead = x.lead(t.frames[own])
		}
	}
	st.Guess = th.guess && o.kind == Sends
	st.Large = th.large && o.kind == Sends && !st.Loop && s.left != nil && !x.fixed(f, t.spawn)
	st.Counts = x.selves.endsIt(s, t, o)
	vars := map[*types.Var]bool{}
	for _, v := range s.holders() {
		if !slices.ContainsFunc(s.held(v), func(w value) bool { return s.thing(w) == th }) {
			continue
		}
		vars[v] = true
		if st.Field == nil || !x.strangers.endedBy(st.Field) {
			st.Field = v
		}
		st.lives = st.lives || s.lives(v, th)
	}
	if st.Large && !st.Self && st.Field != nil && (x.usage.tokens(st.Field) || x.usage.lends(st.Field)) {
		st.Token = true // who takes a place too many is told of where the function is explored that does
	}
	for _, fr := range t.frames {
		for _, b := range fr.env {
			if s.thing(b.w) == th {
				vars[b.v] = true
			}
		}
		for _, d := range fr.defers {
			if o.kind == Waits && x.leaves(d.call) && d.call.Recv() != nil && vars[x.pkg.Variable(d.call.Recv())] {
				st.Counts = true
			}
		}
	}
	if st.Peers = x.surroundings.spawnsOf(f, vars); len(st.Peers) == 0 {
		st.Peers = x.surroundings.spawnsOf(explored, vars)
	}
	if st.Spawn == nil { // who may leave without a word comes first
		slices.SortStableFunc(st.Peers, func(a, b *sites.Spawn) int {
			switch leaves := x.leavesOut(a, vars); {
			case leaves == x.leavesOut(b, vars):
				return 0
			case leaves:
				return -1
			}
			return 1
		})
	}
	st.Shared = st.Self && (!th.own || st.Field != nil && x.keepers.keeps(f, st.Field))
	var ops []ast.Node
	away := false
	if st.Spawn != nil && s.left != nil || st.Spawn == nil && o.kind == Sends {
		ops, away = x.across(explored, vars, o.kind)
	}
	if st.Spawn != nil && s.left != nil && st.lives {
		if st.Away = away; len(ops) > 0 {
			st.Across = ops[0]
		}
	}
	st.inARow = x.quantities.inARow(vars, th.site)
	told := s.asked
	if st.Left != nil && st.Field == nil && th.gone != nil {
		st.From, st.Left, told = th.gone.from, th.gone.at, th.gone.told
	}
	st.Told = st.Spawn != nil && s.left != nil && !away && told || len(ops) > 0 && s.told && x.deadlocks.allTold(ops)
	return st
}

// fixed reports whether the program says how many goroutines a place in a function starts.
func (x reports) fixed(f *syntax.Func, s *sites.Spawn) bool {
	if s == nil || x.guessed || s.Call.In.Declared() != f.Declared() {
		return false
	}
	return !slices.ContainsFunc(syntax.Loops(s.Cur), func(loop inspector.Cursor) bool {
		n, ok := loop.Node().(*ast.RangeStmt)
		if !ok {
			return true
		}
		t := x.pkg.Info.TypeOf(n.X).Underlying()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem().Underlying()
		}
		_, array := t.(*types.Array)
		_, told := x.quantities.constant(n.X)
		return !array && !told
	})
}

// across is what other functions do, in source order, on the other side of an operation on one of some variables, if
// the one that was run, and what it calls, does nothing there.
func (x reports) across(run *syntax.Func, vars map[*types.Var]bool, kind Operation) (ops []ast.Node, away bool) {
	for v := range vars {
		for _, u := range x.pkg.Var(v).Uses {
			in, at := x.pkg.FuncAt(u), syntax.Whole(u)
			switch m := x.usage.mentioningAt(at); {
			case m == names || in == nil || x.pkg.Test(u.Node().Pos()):
			case m == handsOn || (m == receivesFrom) == (kind == Sends):
				if x.surroundings.reach(run, false)[in] {
					return nil, false
				}
				if m != handsOn {
					ops = append(ops, u.Node())
				}
			}
		}
	}
	slices.SortFunc(ops, func(a, b ast.Node) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return ops, true
}

// leavesOut reports whether a literal that a spawn runs may return without having named any of some variables.
func (x reports) leavesOut(s *sites.Spawn, vars map[*types.Var]bool) bool {
	return s.Body != nil && s.Body.Decl == nil && x.passesBy(s.Body, vars)
}

func (x reports) passesBy(f *syntax.Func, vars map[*types.Var]bool) bool {
	return x.pkg.Graph(f).BackFromEnd(nil, func(step ast.Node) bool {
		named := false
		ast.Inspect(step, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok && x.passesBy(x.pkg.Lit(lit), vars) {
					return false
				}
			case *ast.Ident:
				v, ok := x.pkg.Info.Uses[n].(*types.Var)
				named = named || ok && vars[v.Origin()]
			}
			return !named
		})
		return named
	}, func(paths.Test) bool { return false })
}

// leaves reports whether a call counts its goroutine out of a group.
func (x reports) leaves(c *syntax.Call) bool {
	if c.Callee == nil {
		return false
	}
	row := x.pkg.Catalog.Func(c.Callee)
	return row != nil && row.Role == catalog.Leave
}
