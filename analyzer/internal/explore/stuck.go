package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Stuck is a goroutine that stays blocked, or a function that does.
type Stuck struct {
	Root   *syntax.Func   // the function that was run
	Spawn  *sites.Spawn   // where the goroutine was started; nil: the function itself waits
	On     string         // what it waits at, as the source calls it
	Made   ast.Node       // where that was made; nil if it is declared
	At     ast.Node       // the operation at which it waits
	Kind   Operation      // sends, receives or waits
	Range  bool           // it waits for the channel to be closed
	Left   ast.Node       // where the function had returned; nil if it had not
	Peers  []*sites.Spawn // who could have served it: goroutines that have ended, or were not started
	Counts bool           // it waits for a group that counts it
	Field  *types.Var     // that holds what it waits at, if one does
	Large  bool           // only more than a buffer of a constant above one holds
	Guess  bool           // it waits at a buffer of a size that nobody knows
	Late   bool           // it may be let go by something that others close, some time
	Self   bool           // it waits for what only itself could give
	Token  bool           // that is a place of a semaphore
	Lent   bool           // which is what it receives
	Shared bool           // it waits for itself at what others use in the same way, at the same time
	By     *syntax.Func   // the function that does, or calls, what waits
	Lead   ast.Node       // where it does
	While  ast.Node       // where the function stands meanwhile; nil if it has returned
	Away   bool           // the function that was run, and what it calls, does nothing on the other side
	Across ast.Node       // what another function does there; nil if that cannot be told
	Loop   bool           // it does so again and again
	Each   bool           // it does so for each of what a library goes through
	Ticks  bool           // what it waits at is the channel of a ticker or timer
	Timer  bool           // of a timer
	Owned  bool           // what it waits at is in a field of a struct whose methods end it, and none has been called
	lives  bool           // the struct with the field lives on
	more   bool           // it has sent there before
	rough  bool           // it was found roughly
}

// stuck lists who waits for what nobody can do any more. If late, what others may close some time is no
// way out.
func (x *Explorer) stuck(f *syntax.Func, s *state, moves []move, offered [][]offer, late bool) []Stuck {
	live := make([]bool, len(s.threads))
	for _, m := range moves {
		if late && m.free && len(offered[m.i]) > 1 {
			if v := x.signal(m.a); v != nil && !s.rung(v) {
				continue
			}
		}
		if m.vain {
			continue
		}
		live[m.i] = true
		if m.j != none {
			live[m.j] = true
		}
	}
	if !slices.Contains(live, false) || !live[0] && s.left == nil && len(offered[0]) > 0 && x.underWay(offered[0][0].node) {
		return nil
	}
	for i := range s.threads {
		for _, o := range offered[i] {
			if t := s.thing(o.at); t != nil && o.kind == Sends && t.closed {
				live[i] = true // it panics
			}
			if t := s.thing(o.at); t != nil && t.filed && (o.kind == Receives || t.size > 0) {
				live[i] = true // who finds it may serve it; how many answers come, the buffer's size says
			}
			if t := s.thing(o.at); t != nil && !t.own && !t.token && x.below(s, s.threads[i], o) == none {
				live[i] = true // who is not here may come
			}
		}
		if len(offered[i]) == 0 || len(offered[i]) == 1 && s.threads[i].spawn == nil && x.onPurpose(offered[i][0]) {
			live[i] = true // such as select {}
		}
	}
	holds := make([]map[int]bool, len(s.threads))
	for changed := true; changed; {
		changed = false
		for i := range s.threads {
			if live[i] {
				continue
			}
			for j := range s.threads {
				if !live[j] {
					continue
				}
				if holds[j] == nil {
					holds[j] = x.holds(s, s.threads[j])
				}
				if slices.ContainsFunc(offered[i], func(o offer) bool {
					if o.kind == enters { // only who holds it can give it back
						return slices.Contains(s.threads[j].has, o.at.n)
					}
					return s.thing(o.at) != nil && holds[j][o.at.n]
				}) {
					live[i], changed = true, true
					break
				}
			}
		}
	}
	var all []Stuck
	var who []int // the goroutines
	var stands ast.Node
	if s.left == nil && len(offered[0]) > 0 {
		stands = offered[0][0].node
	}
	short := false   // a semaphore has no place left
	waiting := false // a caller waits for another one, who would call meanwhile
	for i, t := range s.threads {
		if !live[i] && t.spawn == nil && s.left != nil {
			waiting = s.told || slices.ContainsFunc(offered[i], func(o offer) bool { return x.othersServe(s, o) })
		}
	}
	for i, t := range s.threads {
		if live[i] {
			continue
		}
		at := slices.IndexFunc(offered[i], func(o offer) bool { return s.thing(o.at) != nil && (!s.free(o) || s.fed(o)) })
		if at < 0 || offered[i][at].kind == enters || t.spared || x.apart(t) { // whom it waits for is told
			continue
		}
		if k := offered[i][at].kind; k == submits || k == acquires && !s.things[offered[i][at].at.n].token {
			return nil // whether the limit is one is not told from the size that it counts as here
		}
		st := x.describe(f, s, t, offered[i][at])
		st.Late, st.While = late, stands
		st.Owned = slices.ContainsFunc(offered[i], func(o offer) bool { return x.ends(s, o) })
		if st.Spawn == nil && s.left != nil && x.startsIfNeeded(t.frames[0].code.fn, st.Peers, map[*syntax.Func]bool{}) {
			continue // an earlier call may have started them
		}
		if st.Spawn == nil && s.thing(offered[i][at].at).kind == context {
			continue // who gave it the context may cancel that
		}
		short = short || st.Token && !st.Self
		if st.Self || !waiting {
			all, who = append(all, st), append(who, i)
		}
	}
	all = x.first(s, offered, all, who)
	if short { // who else waits, waits for who has taken a place too many
		all = slices.DeleteFunc(all, func(st Stuck) bool { return !st.Self })
	}
	return all
}

// first leaves out who waits for what the function itself would send or close if it were not stuck at something
// else, for which it does not need them.
func (x *Explorer) first(s *state, offered [][]offer, all []Stuck, who []int) []Stuck {
	if len(all) < 2 {
		return all
	}
	holds := make([]map[int]bool, len(who))
	for k, i := range who {
		holds[k] = x.holds(s, s.threads[i])
	}
	waits := func(a, b int) bool { // for what the other has
		return a != b && slices.ContainsFunc(offered[who[a]], func(o offer) bool { return s.thing(o.at) != nil && holds[b][o.at.n] })
	}
	var leads func(a, to int, seen map[int]bool) bool
	leads = func(a, to int, seen map[int]bool) bool {
		seen[a] = true
		for b := range who {
			if waits(a, b) && (b == to || !seen[b] && leads(b, to, seen)) {
				return true
			}
		}
		return false
	}
	var left []Stuck
	for k, st := range all {
		victim := false
		for b := range who {
			victim = victim || st.Kind == Receives && all[b].Spawn == nil && waits(k, b) && !leads(b, k, map[int]bool{})
		}
		if !victim {
			left = append(left, st)
		}
	}
	return left
}

// onPurpose reports whether somebody waits at a channel to which nothing at all is sent, and that nothing closes.
func (x *Explorer) onPurpose(o offer) bool {
	recv, ok := o.node.(*ast.UnaryExpr)
	if !ok {
		return false
	}
	v := x.pkg.Variable(recv.X)
	if v == nil {
		return false
	}
	if x.global(v) {
		u := x.uses[v]
		return u != nil && len(u.sends)+len(u.closes) == 0 && !u.public
	}
	return !slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
		k := syntax.Outer(u).ParentEdgeKind()
		return k != edge.UnaryExpr_X && k != edge.AssignStmt_Lhs && k != edge.ValueSpec_Names
	})
}

// underWay reports whether a place is in a loop that goes on as long as a number says, which the loop counts up and
// down: how much is under way. What the number is in a state of the search is not followed so far.
func (x *Explorer) underWay(at ast.Node) bool {
	cur, ok := x.pkg.Root.FindNode(at)
	if !ok {
		return false
	}
	for _, loop := range syntax.Loops(cur) {
		n, ok := loop.Node().(*ast.ForStmt)
		if !ok || n.Cond == nil {
			continue
		}
		up, down := map[*types.Var]bool{}, map[*types.Var]bool{}
		for c := range loop.Preorder((*ast.IncDecStmt)(nil)) {
			step := c.Node().(*ast.IncDecStmt)
			if step.Tok == token.INC {
				up[x.pkg.Variable(step.X)] = true
			} else {
				down[x.pkg.Variable(step.X)] = true
			}
		}
		counted := false
		ast.Inspect(n.Cond, func(m ast.Node) bool {
			if id, ok := m.(*ast.Ident); ok {
				v := x.pkg.Variable(id)
				counted = counted || v != nil && up[v] && down[v]
			}
			return !counted
		})
		if counted {
			return true
		}
	}
	return false
}

// startsIfNeeded reports whether a function starts some goroutines, itself or by what it calls, but not on every path:
// who finds that they are there goes past.
func (x *Explorer) startsIfNeeded(f *syntax.Func, peers []*sites.Spawn, seen map[*syntax.Func]bool) bool {
	leads := func(g *syntax.Func) bool {
		return g != nil && slices.ContainsFunc(peers, func(p *sites.Spawn) bool { return x.reach(g, false)[p.Call.In] })
	}
	if seen[f] || !leads(f) {
		return false
	}
	seen[f] = true
	return x.pkg.Graph(f).BackFromEnd(nil, func(step ast.Node) bool {
		return slices.ContainsFunc(peers, func(p *sites.Spawn) bool { return p.Call.In == f && syntax.Within(p.Call.Expr, step) }) ||
			slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
				g := x.callee(c)
				return c.Go == nil && syntax.Within(c.Expr, step) && leads(g) && !x.startsIfNeeded(g, peers, seen)
			})
	}, func(paths.Test) bool { return false })
}

// certain reports whether who waits at what a field holds is stuck although callers may come: they
// have left without what a goroutine sends once, which may come again for what it sends often; or the owner
// has been ended, and they have called for the last time.
func (x *Explorer) certain(st Stuck) bool {
	if st.Kind == Receives && st.Spawn == nil && st.Left != nil && st.Field != nil && !x.servedAgain(st.Field) {
		return true
	}
	if st.Kind == Receives && st.Left != nil && st.Owned && st.lives {
		return false // who has the owner can end it
	}
	return st.Left == nil || !st.lives || st.Self || x.ownerEnds(st.Field) ||
		st.Kind == Sends && (st.Spawn == nil || !st.Loop && !st.more || x.forgets(st.Root, st.Field))
}

// lives reports whether a struct that lives on, or one of strangers, has a thing in a field.
func (s *state) lives(f *types.Var, th *thing) bool {
	if s.left == nil || s.thing(s.fields.get(f)) == th {
		return true
	}
	return slices.ContainsFunc(s.things, func(o thing) bool { return o.kept && s.thing(o.fields.get(f)) == th })
}

// ends reports whether functions end what is in the field that an offer is at.
func (x *Explorer) ends(s *state, o offer) bool {
	th := s.thing(o.at)
	return th != nil && slices.ContainsFunc(s.holders(), func(f *types.Var) bool {
		return x.endedBy(f) && slices.ContainsFunc(s.held(f), func(w value) bool { return s.thing(w) == th })
	})
}

// servedAgain reports whether a function sends on what a field holds, or closes it, other than the goroutine that is
// started when it is made.
func (x *Explorer) servedAgain(field *types.Var) bool {
	u := x.uses[field]
	if u == nil || u.public || len(u.made) == 0 {
		return true
	}
	return slices.ContainsFunc(slices.Concat(u.sends, u.closes), func(g *syntax.Func) bool {
		for ; g.Decl == nil && g.Outer != nil; g = g.Outer {
			if x.startedLit(g) {
				return !slices.Contains(u.made, g.Outer)
			}
		}
		return g.Valued || g.Decl == nil || g.Decl.Exported() || slices.ContainsFunc(g.Callers, func(c *syntax.Call) bool {
			return c.Go == nil || !slices.Contains(u.made, c.In)
		})
	})
}

// otherSide reports whether the package does the opposite of an operation at what a field holds, of some value.
func (x *Explorer) otherSide(field *types.Var, kind Operation) bool {
	u := x.uses[field]
	switch {
	case u == nil:
		return false
	case kind == Sends:
		return len(u.receives) > 0
	}
	return len(u.sends)+len(u.closes) > 0
}

// endedBy reports whether functions close what a field holds, or cancel it.
func (x *Explorer) endedBy(field *types.Var) bool {
	u := x.uses[field]
	return u != nil && len(u.closes) > 0
}

// othersServe reports whether functions that strangers may call take what is offered at a field.
func (x *Explorer) othersServe(s *state, o offer) bool {
	th := s.thing(o.at)
	if th == nil || !th.own {
		return true
	}
	for _, v := range s.holders() {
		if !slices.ContainsFunc(s.held(v), func(w value) bool { return s.thing(w) == th }) {
			continue
		}
		u := x.uses[v]
		if u == nil {
			return true
		}
		serve := u.receives
		if o.kind != Sends {
			serve = slices.Concat(u.sends, u.closes)
		}
		for _, f := range serve {
			if !x.onlyTask(f) && !x.renews(f, v) {
				return true
			}
		}
	}
	return false
}

// renews reports whether a function sets a field anew, itself or by what it calls, before it does anything with
// the channel in it: what it found there it does not serve.
func (x *Explorer) renews(f *syntax.Func, v *types.Var) bool {
	k := renewal{f, v}
	if known, ok := x.renewals[k]; ok {
		return known
	}
	sets := func(in *syntax.Func, root ast.Node) bool {
		return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
			_, assigned := d.Cur.Node().(*ast.AssignStmt)
			return assigned && d.In == in && syntax.Within(d.Cur.Node(), root)
		})
	}
	renews := func(step ast.Node) bool {
		return sets(f, step) || slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
			g := x.callee(c)
			return g != nil && g != f && c.Go == nil && c.Defer == nil && syntax.Within(c.Expr, step) && sets(g, g.Node)
		})
	}
	found, all := false, true
	for cur := range f.Cur.Preorder((*ast.SelectorExpr)(nil), (*ast.Ident)(nil)) {
		e := cur.Node().(ast.Expr)
		if x.pkg.FuncAt(cur) != f || x.pkg.Variable(e) != v || cur.ParentEdgeKind() == edge.SelectorExpr_Sel || x.mentioningAt(syntax.Outer(cur)) == names {
			continue
		}
		found = true
		entry, known := x.pkg.Graph(f).Back(e, renews, func(paths.Test) bool { return false })
		all = all && known && !entry
	}
	x.renewals[k] = found && all
	return found && all
}

// forgets reports whether no one has the channel in a field when a function that uses it has returned: it, and all
// others that do something with what is in the field, set it anew before, but for the goroutines that they start.
func (x *Explorer) forgets(f *syntax.Func, v *types.Var) bool {
	if x.public(v) || !x.renews(f, v) {
		return false
	}
	for _, u := range x.pkg.Var(v).Uses {
		f, at := x.pkg.FuncAt(u), u
		if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
			at = at.Parent()
		}
		switch m := x.mentioningAt(syntax.Outer(at)); {
		case m == names || f != nil && x.onlyTask(f):
		case m == handsOn || f == nil || !x.renews(f, v):
			return false
		}
	}
	return true
}

// A renewal is what renews remembers.
type renewal struct {
	f *syntax.Func
	v *types.Var
}

// onlyTask reports whether a function runs in goroutines only that this package starts.
func (x *Explorer) onlyTask(f *syntax.Func) bool {
	for g := f; g != nil; g = g.Outer {
		if x.startedLit(g) && !slices.ContainsFunc(g.Callers, func(c *syntax.Call) bool { return c.Go == nil }) {
			return true
		}
	}
	return false
}

// signal is the field's or package's channel that carries nothing and from which an offer is to receive; nil if it
// is no such offer.
func (x *Explorer) signal(o offer) *types.Var {
	if o.kind != Receives || o.how != atCase {
		return nil
	}
	v := x.pkg.Variable(received(o))
	if v == nil || !x.global(v) || v.Pkg() != x.pkg.Types {
		return nil
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || !syntax.Hollow(ch.Elem()) {
		return nil
	}
	return v
}

// received is the channel from which a case of a select receives, or nil.
func received(o offer) ast.Expr {
	var e ast.Expr
	switch c := o.edge.Case.Comm.(type) {
	case *ast.ExprStmt:
		e = c.X
	case *ast.AssignStmt:
		e = c.Rhs[0]
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		return u.X
	}
	return nil
}

// rung reports whether somebody has received from a signal's channel before, and so can all.
func (s *state) rung(v *types.Var) bool { return s.chosen.get(v).kind == present }

// below is the frame of the function that is working at what it has received from the channel to which the
// goroutine sends: it sends to itself. Of the function that sends, none if others receive, too; none if it
// does not.
func (x *Explorer) below(s *state, t *thread, o offer) int {
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
func (x *Explorer) alone(s *state, f *frame, ch value) bool {
	found := false
	for _, v := range s.holders() {
		if slices.Contains(s.held(v), ch) {
			u := x.uses[v]
			if u == nil || u.public || !x.receivedIn(v, f.code.fn) {
				return false
			}
			found = true
		}
	}
	for _, b := range f.env {
		if b.w == ch {
			if !x.receivedIn(b.v, f.code.fn) {
				return false
			}
			found = true
		}
	}
	return found && f.again()
}

// lead is the operation, or call, at which a frame stands.
func (x *Explorer) lead(f *frame) ast.Node {
	if f.exit != nil {
		return f.exit
	}
	if f.step >= len(f.block.Steps) {
		return f.code.fn.Node
	}
	list := x.instrs(f.code, f.block.Steps[f.step])
	return list[min(max(f.ins-1, 0), len(list)-1)].node
}

// own is the frame of the function that a reader would ask: the last whose text stands in the one that the
// goroutine was started with, as that of a literal does which others call. Of a function that comes to call
// itself, it is the one that does: a literal that it was given, or itself. Who only runs what others give is not asked.
func (x *Explorer) own(t *thread) int {
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
func (x *Explorer) runsGiven(f *frame) bool {
	call, ok := x.lead(f).(*ast.CallExpr)
	if !ok {
		return false
	}
	v := x.pkg.Variable(syntax.Callable(call.Fun))
	for g := f.code.fn; g != nil && v != nil; g = g.Outer {
		if x.isParam(g, v) {
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
func (x *Explorer) apart(t *thread) bool {
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
func (x *Explorer) calledOn(call *ast.CallExpr) *types.Var {
	c := x.pkg.Call(call)
	if c == nil || c.Recv() == nil {
		return nil
	}
	if v := x.pkg.Variable(c.Recv()); v != nil && x.global(v) {
		return v
	}
	return nil
}

// describe says who is stuck, on what.
func (x *Explorer) describe(f *syntax.Func, s *state, t *thread, o offer) Stuck {
	explored := f
	if t.spawn == nil && t.one == nil { // what is called after the function that is explored explains itself
		f = t.frames[0].code.fn
	}
	st := Stuck{Root: f, By: f, Spawn: t.spawn, At: o.node, Left: s.left, Range: o.how == atRange || o.how == atDrain, Kind: o.kind, rough: x.rough}
	th := s.thing(o.at)
	if th == nil {
		return st
	}
	st.more = o.kind == Sends && slices.Contains(t.sent, th.site)
	st.On, st.Made, st.Loop, st.Ticks = th.name, th.site, t.again(), o.at.kind == ticksOf
	st.Each = slices.ContainsFunc(t.frames, func(f *frame) bool { return f.each })
	st.Timer = st.Ticks && th.expires
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
	st.Large = th.large && o.kind == Sends && !st.Loop && s.left != nil
	st.Counts = x.endsIt(s, t, o)
	vars := map[*types.Var]bool{}
	for _, v := range s.holders() {
		if !slices.ContainsFunc(s.held(v), func(w value) bool { return s.thing(w) == th }) {
			continue
		}
		vars[v] = true
		if st.Field == nil || !x.endedBy(st.Field) {
			st.Field = v
		}
		st.lives = st.lives || s.lives(v, th)
	}
	if st.Large && !st.Self && st.Field != nil && (x.tokens(st.Field) || x.lends(st.Field)) {
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
	if st.Peers = x.spawnsOf(f, vars); len(st.Peers) == 0 {
		st.Peers = x.spawnsOf(explored, vars)
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
	st.Shared = st.Self && (!th.own || st.Field != nil && x.keeps(f, st.Field))
	if st.Spawn != nil && s.left != nil && st.lives {
		st.Across, st.Away = x.across(explored, vars, o.kind)
	}
	return st
}

// across is what a function does on the other side of an operation on one of some variables, if the one that was run,
// and what it calls, does nothing there.
func (x *Explorer) across(run *syntax.Func, vars map[*types.Var]bool, kind Operation) (first ast.Node, away bool) {
	for v := range vars {
		for _, u := range x.pkg.Var(v).Uses {
			in, at := x.pkg.FuncAt(u), u
			if at.ParentEdgeKind() == edge.SelectorExpr_Sel {
				at = at.Parent()
			}
			switch m := x.mentioningAt(syntax.Outer(at)); {
			case m == names || in == nil || x.pkg.Test(u.Node().Pos()):
			case m == handsOn || (m == receivesFrom) == (kind == Sends):
				if x.reach(run, false)[in] {
					return nil, false
				}
				if m != handsOn && (first == nil || u.Node().Pos() < first.Pos()) {
					first = u.Node()
				}
			}
		}
	}
	return first, true
}

// leavesOut reports whether a literal that a spawn runs may return without having named any of some variables.
func (x *Explorer) leavesOut(s *sites.Spawn, vars map[*types.Var]bool) bool {
	return s.Body != nil && s.Body.Decl == nil && x.passesBy(s.Body, vars)
}

func (x *Explorer) passesBy(f *syntax.Func, vars map[*types.Var]bool) bool {
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
func (x *Explorer) leaves(c *syntax.Call) bool {
	if c.Callee == nil {
		return false
	}
	row := x.pkg.Catalog.Func(c.Callee)
	return row != nil && row.Role == catalog.Leave
}

// holds is the set of things that a goroutine can reach: of objects, by the fields that it speaks of.
func (x *Explorer) holds(s *state, t *thread) map[int]bool {
	h := holding{x: x, s: s, set: map[int]bool{}, seen: map[heldBy]bool{}}
	for _, f := range t.frames {
		fn := f.code.fn
		h.env(f.env, fn)
		for _, d := range f.defers {
			h.add(d.fn, fn)
			for _, v := range d.args {
				h.add(v, fn)
			}
		}
		for _, n := range slices.Concat(f.over, f.temps) {
			for _, v := range n.vs {
				h.add(v, fn)
			}
		}
		h.shared(fn)
	}
	if t.one != nil {
		h.add(t.one.at, nil)
	}
	for _, f := range t.then {
		h.shared(f)
		for i := range s.things {
			if s.things[i].kind == object {
				h.add(value{kind: aThing, n: i}, f)
			}
		}
	}
	for _, g := range t.groups {
		h.set[g] = true
	}
	return h.set
}

type holding struct {
	x    *Explorer
	s    *state
	set  map[int]bool
	seen map[heldBy]bool
}

type heldBy struct {
	thing int
	by    *syntax.Func
}

func (h *holding) env(e env, by *syntax.Func) {
	for _, b := range e {
		h.add(b.w, by)
	}
}

func (h *holding) shared(by *syntax.Func) {
	for _, f := range h.x.mentions(by) {
		if w, ok := h.s.fields.lookup(f); ok && w.kind != function {
			h.add(w, by)
		}
	}
}

func (h *holding) add(v value, by *syntax.Func) {
	switch v.kind {
	case function:
		h.env(v.fn.env, v.fn.fn)
		h.shared(v.fn.fn)
	case several:
		for _, w := range v.list.items {
			h.add(w, by)
		}
	case aThing, cancels, doneOf, ticksOf:
		k := heldBy{v.n, by}
		if h.seen[k] {
			return
		}
		h.seen[k], h.set[v.n] = true, true
		t := &h.s.things[v.n]
		for _, w := range t.queue {
			h.add(w, by)
		}
		if t.kind == object && by != nil {
			for _, f := range h.x.mentions(by) {
				if w, ok := t.fields.lookup(f); ok {
					h.add(w, by)
				}
			}
		}
	}
}

// mentions are the fields and package variables that a function, or one that it calls, speaks of.
func (x *Explorer) mentions(f *syntax.Func) []*types.Var {
	c := x.code(f)
	if c.fields != nil {
		return c.fields
	}
	seen := map[*syntax.Func]bool{}
	vars := map[*types.Var]bool{}
	c.fields = []*types.Var{}
	var visit func(f *syntax.Func)
	visit = func(f *syntax.Func) {
		if seen[f] {
			return
		}
		seen[f] = true
		m := x.mentioned(f)
		for _, v := range m.vars {
			if !vars[v] {
				vars[v] = true
				c.fields = append(c.fields, v)
			}
		}
		for _, g := range m.calls {
			visit(g)
		}
	}
	visit(f)
	return c.fields
}

// A mention is what stands in one function, its literals included: fields and package variables, and functions
// that it calls.
type mention struct {
	vars  []*types.Var
	calls []*syntax.Func
}

func (x *Explorer) mentioned(f *syntax.Func) *mention {
	if m := x.spoken[f]; m != nil {
		return m
	}
	m := &mention{}
	x.spoken[f] = m
	vars, calls := map[*types.Var]bool{}, map[*syntax.Func]bool{nil: true}
	for cur := range f.Cur.Preorder((*ast.Ident)(nil), (*ast.CallExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.Ident:
			v, ok := x.pkg.Info.Uses[n].(*types.Var)
			if !ok {
				continue
			}
			if v = v.Origin(); x.global(v) && !vars[v] {
				vars[v] = true
				m.vars = append(m.vars, v)
			}
		case *ast.CallExpr:
			call := x.pkg.Call(n)
			if call == nil {
				continue
			}
			if g := x.callee(call); !calls[g] {
				calls[g] = true
				m.calls = append(m.calls, g)
			}
		}
	}
	return m
}

// Shown is where it waits, where what it waits on is made, and who has left.
func (s Stuck) Shown() []analysis.RelatedInformation {
	verb := map[Operation]string{Sends: "sends on", Receives: "receives from", Waits: "waits for", acquires: "takes a place of"}[s.Kind]
	list := []analysis.RelatedInformation{{Pos: s.At.Pos(), Message: verb + " " + s.On + " here"}}
	if s.Made != nil {
		list = append(list, analysis.RelatedInformation{Pos: s.Made.Pos(), Message: s.On + " is made here"})
	}
	if s.Left != nil && s.Spawn != nil {
		list = append(list, analysis.RelatedInformation{Pos: s.Left.Pos(), Message: s.Root.Name() + " has returned here"})
	}
	return list
}
