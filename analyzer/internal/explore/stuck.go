package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// deadlocks finds out of a state who is stuck in it.
type deadlocks struct{ *Explorer }

// Stuck is a goroutine that stays blocked, or a function that does.
type Stuck struct {
	Root   *syntax.Func   // the function that was run
	Spawn  *sites.Spawn   // where the goroutine was started; nil: the function itself waits
	On     string         // what it waits at, as the source calls it
	Made   ast.Node       // where that was made; nil if it is declared
	At     ast.Node       // the operation at which it waits
	Kind   Operation      // sends, receives or waits
	Range  bool           // it waits for the channel to be closed
	Left   ast.Node       // where the function had returned, or after all the last one that had what it waits at; nil if it had not
	From   *syntax.Func   // who had returned there
	Peers  []*sites.Spawn // who could have served it: goroutines that have ended, or were not started
	Counts bool           // it waits for a group that counts it
	Field  *types.Var     // that holds what it waits at, if one does
	Large  bool           // only more than a buffer of a constant above one holds
	Guess  bool           // it waits at a buffer of a size that nobody knows
	Late   bool           // it may be let go by something that others close, some time
	Told   bool           // who has left goes on until it is told to end
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
	Mute   bool           // of one that calls a function, and has no channel
	Owned  bool           // what it waits at is in a field of a struct whose methods end it, and none has been called
	Reply  bool           // it sends an answer to who has left
	Drop   ast.Node       // what deletes the struct that has what it waits at, from the only place where it is found; nil if nothing does
	lives  bool           // the struct with the field lives on
	end    *types.Var     // the field, if it is owned, that those methods end
	more   bool           // it has sent there before
	inARow bool           // the source does one by one what a constant may say elsewhere, see quantities.inARow
	rough  bool           // it was found roughly
}

// stuck lists who waits for what nobody can do any more. If late, what others may close some time is no
// way out.
func (x deadlocks) stuck(f *syntax.Func, s *state, moves []move, offered [][]offer, late bool) []Stuck {
	live := make([]bool, len(s.threads))
	for _, m := range moves {
		if late && m.free && len(offered[m.i]) > 1 {
			if v := x.strangers.signal(m.a); v != nil && !s.rung(v) {
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
	if !slices.Contains(live, false) || !live[0] && s.left == nil && len(offered[0]) > 0 && offered[0][0].node != nil && x.underWay(offered[0][0].node) {
		return nil
	}
	for i := range s.threads {
		for _, o := range offered[i] {
			if t := s.thing(o.at); t != nil && o.kind == Sends && t.closed {
				live[i] = true // it panics
			}
			if t := s.thing(o.at); t != nil && t.filed != nil && (o.kind == Receives || t.size > 0) && x.strangers.find(s, t.filed) {
				live[i] = true // who finds it may serve it; how many answers come, the buffer's size says
			}
			if t := s.thing(o.at); t != nil && !t.own && !t.token && x.reports.below(s, s.threads[i], o) == none {
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
					holds[j] = x.keepers.holds(s, s.threads[j])
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
			waiting = s.told || slices.ContainsFunc(offered[i], func(o offer) bool { return x.strangers.othersServe(s, o) })
		}
	}
	for i, t := range s.threads {
		if live[i] {
			continue
		}
		at := slices.IndexFunc(offered[i], func(o offer) bool { return x.strangers.ends(s, o) != nil }) // it is that which is missing
		if at < 0 {
			at = slices.IndexFunc(offered[i], func(o offer) bool { return s.thing(o.at) != nil && (!s.free(o) || s.fed(o)) })
		}
		if at < 0 || offered[i][at].kind == enters || t.spared || t.warned || x.reports.apart(t) { // whom it waits for is told
			continue
		}
		if k := offered[i][at].kind; k == submits || k == acquires && !s.things[offered[i][at].at.n].token {
			return nil // whether the limit is one is not told from the size that it counts as here
		}
		st := x.reports.describe(f, s, t, offered[i][at])
		st.Late, st.While = late, stands
		for _, o := range offered[i] {
			if end := x.strangers.ends(s, o); end != nil {
				st.Owned, st.end = true, end
			}
		}
		if st.Spawn == nil && s.left != nil && !x.strangers.servesItself(st) && x.startsIfNeeded(t.frames[0].code.fn, st.Peers, map[*syntax.Func]bool{}) {
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
func (x deadlocks) first(s *state, offered [][]offer, all []Stuck, who []int) []Stuck {
	if len(all) < 2 {
		return all
	}
	holds := make([]map[int]bool, len(who))
	for k, i := range who {
		holds[k] = x.keepers.holds(s, s.threads[i])
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

// heard reports whether a condition in the function that waits asks for a field of the package, other than a channel,
// that a peer sets before it leaves.
func (x deadlocks) heard(s Stuck) bool {
	cur, ok := x.pkg.Root.FindNode(s.At)
	if !ok {
		return false
	}
	f := x.pkg.FuncAt(cur)
	sets := func(v *types.Var) bool {
		return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
			_, assigned := d.Cur.Node().(*ast.AssignStmt)
			return assigned && d.In != nil && d.In != f && slices.ContainsFunc(s.Peers, func(p *sites.Spawn) bool {
				return p.Body != nil && x.surroundings.reach(p.Body, false)[d.In]
			})
		})
	}
	for c := range f.Cur.Preorder((*ast.IfStmt)(nil), (*ast.ForStmt)(nil)) {
		var cond ast.Expr
		switch n := c.Node().(type) {
		case *ast.IfStmt:
			cond = n.Cond
		case *ast.ForStmt:
			cond = n.Cond
		}
		if cond == nil || cond.Pos() > s.At.Pos() {
			continue
		}
		said := false
		ast.Inspect(cond, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				v, isVar := x.pkg.Info.Uses[id].(*types.Var)
				said = said || isVar && v.IsField() && v.Pkg() == x.pkg.Types && !x.kinds.interesting(v.Type()) && sets(v.Origin())
			}
			return !said
		})
		if said {
			return true
		}
	}
	return false
}

// onPurpose reports whether somebody waits at a channel to which nothing at all is sent, and that nothing closes.
func (x deadlocks) onPurpose(o offer) bool {
	recv, ok := o.node.(*ast.UnaryExpr)
	if !ok {
		return false
	}
	v := x.pkg.Variable(recv.X)
	if v == nil {
		return false
	}
	if x.kinds.global(v) {
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
func (x deadlocks) underWay(at ast.Node) bool {
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
func (x deadlocks) startsIfNeeded(f *syntax.Func, peers []*sites.Spawn, seen map[*syntax.Func]bool) bool {
	leads := func(g *syntax.Func) bool {
		return g != nil && slices.ContainsFunc(peers, func(p *sites.Spawn) bool { return x.surroundings.reach(g, false)[p.Call.In] })
	}
	if seen[f] || !leads(f) {
		return false
	}
	seen[f] = true
	return x.pkg.Graph(f).BackFromEnd(nil, func(step ast.Node) bool {
		return slices.ContainsFunc(peers, func(p *sites.Spawn) bool { return p.Call.In == f && syntax.Within(p.Call.Expr, step) }) ||
			slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
				g := x.codes.callee(c)
				return c.Go == nil && syntax.Within(c.Expr, step) && leads(g) && !x.startsIfNeeded(g, peers, seen)
			})
	}, func(paths.Test) bool { return false })
}

// certain reports whether who waits at what a field holds is stuck although callers may come: they
// have left without what a goroutine sends once, which may come again for what it sends often; or the owner
// has been ended, and they have called for the last time.
func (x deadlocks) certain(st Stuck) bool {
	if st.Kind == Receives && st.Spawn == nil && st.Left != nil && st.Field != nil && !x.strangers.servedAgain(st.Field) {
		return true
	}
	if x.strangers.servesItself(st) {
		return true
	}
	if st.Kind == Receives && st.Left != nil && st.Owned && st.lives {
		return false // who has the owner can end it
	}
	if st.Kind == Sends && st.Left != nil && x.strangers.endedByUsers(st.Field, st.end) {
		return false // those who receive end it, on some path
	}
	return st.Left == nil || !st.lives || st.Self || x.surroundings.ownerEnds(st.Field) ||
		st.Kind == Sends && (st.Spawn == nil || !st.Loop && !st.more || x.strangers.forgets(st.Root, st.Field) || x.strangers.ownEach(st.Spawn, st.Field))
}

// lives reports whether a struct that lives on, or one of strangers, has a thing in a field.
func (s *state) lives(f *types.Var, th *thing) bool {
	if s.left == nil || s.thing(s.fields.get(f)) == th {
		return true
	}
	return slices.ContainsFunc(s.things, func(o thing) bool { return o.kept && s.thing(o.fields.get(f)) == th })
}

// Shown is where it waits, where what it waits on is made, and who has left.
func (s Stuck) Shown() []analysis.RelatedInformation {
	verb := map[Operation]string{Sends: "sends on", Receives: "receives from", Waits: "waits for", acquires: "takes a place of"}[s.Kind]
	list := []analysis.RelatedInformation{{Pos: s.At.Pos(), Message: verb + " " + s.On + " here"}}
	if s.Made != nil {
		list = append(list, analysis.RelatedInformation{Pos: s.Made.Pos(), Message: s.On + " is made here"})
	}
	if s.Left != nil && s.Spawn != nil {
		list = append(list, analysis.RelatedInformation{Pos: s.Left.Pos(), Message: s.From.Name() + " has returned here"})
	}
	return list
}
