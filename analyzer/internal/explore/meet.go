package explore

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// meetings are where a goroutine waits for another.
type meetings struct{ *run }

// schedule says which goroutine may move next, and moves it.
type schedule struct{ *Explorer }

// An offer is one thing that a goroutine is ready to do: the operation that it stands at, or one of the
// cases of a select.
type offer struct {
	kind Operation
	at   value      // the channel, group or context
	node ast.Node   // the operation
	edge paths.Edge // of a case, of the body of a range
	how  where
	send ast.Expr // what is sent
}

// An Operation is what a goroutine does where it meets others.
type Operation uint8

const (
	Sends Operation = iota
	Receives
	Waits    // for a group
	acquires // a token
	submits  // to a group with a limit
	enters   // a lock
	resumes  // what it does alone
	defaults
)

// where is what kind of place the goroutine stands at.
type where uint8

const (
	atInstr where = iota
	atCase
	atRange
	atDefer
	atDrain // a call that receives until the channel is closed
)

// blocks reports whether a call may wait for others here.
func (r meetings) blocks(c *syntax.Call) bool {
	_, _, ok := r.waitOf(c)
	return ok
}

// waitOf is what a call waits for.
func (r meetings) waitOf(c *syntax.Call) (value, Operation, bool) {
	if c.Callee == nil {
		return value{}, 0, false
	}
	if o, ok := r.servedOutside(c); ok {
		return o.at, o.kind, true
	}
	if c.Recv() == nil {
		return value{}, 0, false
	}
	if e := effectOf(c.Callee); e == locks || e == locksShared {
		return r.objects.receiver(c), enters, r.holdings.mutex(c) != nil
	}
	if p := r.x.slots.place(r.x.pkg.Callee(c)); p == summary.Takes || p == summary.Holds {
		g := r.group(c)
		return g, acquires, r.s.thing(g) != nil
	}
	row := r.x.pkg.Catalog.Func(r.x.pkg.Callee(c))
	if row == nil {
		return value{}, 0, false
	}
	switch row.Role {
	case catalog.Wait:
	case catalog.Close, catalog.Stop:
		if !row.Waits {
			return value{}, 0, false
		}
	case catalog.Submit:
		g := r.group(c)
		if t := r.s.thing(g); t != nil && t.size > 0 && row.Blocks == catalog.WhenFull {
			return g, submits, true
		}
		return value{}, 0, false
	default:
		return value{}, 0, false
	}
	g := r.group(c)
	t := r.s.thing(g)
	return g, Waits, t != nil && t.kind == group
}

// servedOutside is what a function of another package does with a channel that it is given.
func (r meetings) servedOutside(c *syntax.Call) (offer, bool) {
	if c.Callee == nil || c.Callee.Pkg() == r.x.pkg.Types {
		return offer{}, false
	}
	sum := r.x.pkg.Summary(c.Callee)
	for i, a := range c.Expr.Args {
		p := sum.Param(i)
		if p == nil || r.s.thing(r.values.eval(a)) == nil {
			continue
		}
		o := offer{at: r.values.eval(a), node: c.Expr}
		switch p.Use {
		case summary.Sends:
			o.kind = Sends
		case summary.Receives:
			o.kind = Receives
		case summary.Receives | summary.Drains:
			o.kind, o.how = Receives, atDrain
		default:
			continue
		}
		return o, true
	}
	return offer{}, false
}

// group is the group or pool that a method is called on.
func (r meetings) group(c *syntax.Call) value {
	return r.objects.receiver(c)
}

// offers lists what a goroutine that stands still is ready to do.
func (r meetings) offers() []offer {
	if r.t.one != nil {
		return []offer{*r.t.one}
	}
	if r.t.pauses {
		return []offer{{kind: resumes}}
	}
	f := r.top()
	if f.exit != nil {
		d := f.defers[len(f.defers)-1]
		if o, ok := r.servedOutside(d.call); ok && o.how == atDrain {
			return []offer{o}
		}
		g, kind, _ := r.waitOf(d.call)
		return []offer{{kind: kind, at: g, node: d.call.Expr, how: atDefer}}
	}
	if f.step < len(f.block.Steps) {
		in := r.x.codes.instrs(f.code, f.block.Steps[f.step])[f.ins]
		switch n := in.node.(type) {
		case *ast.SendStmt:
			return []offer{{kind: Sends, at: r.values.eval(n.Chan), node: n, send: n.Value}}
		case *ast.UnaryExpr:
			return []offer{{kind: Receives, at: r.values.eval(n.X), node: n}}
		}
		if o, ok := r.servedOutside(in.call); ok {
			return []offer{o}
		}
		g, kind, _ := r.waitOf(in.call)
		return []offer{{kind: kind, at: g, node: in.call.Expr}}
	}
	if rs := r.progress.rangeChan(f); rs != nil {
		return []offer{{kind: Receives, at: r.over(f, rs), node: rs, how: atRange}}
	}
	p := r.x.schedule.choice(f)
	var list []offer
	for _, e := range p.cases {
		o := offer{edge: e, how: atCase, node: e.Case.Comm}
		switch c := e.Case.Comm.(type) {
		case *ast.SendStmt:
			o.kind, o.at, o.send = Sends, r.values.eval(c.Chan), c.Value
		case *ast.ExprStmt:
			o.kind, o.at = Receives, r.channelOf(c.X)
		case *ast.AssignStmt:
			o.kind, o.at = Receives, r.channelOf(c.Rhs[0])
		}
		list = append(list, o)
	}
	if p.other != nil {
		list = append(list, offer{kind: defaults, how: atCase, edge: paths.Edge{To: p.other}})
	}
	return list
}

// channelOf is the channel of a receive that is a case.
func (r meetings) channelOf(e ast.Expr) value {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return r.values.eval(u.X)
	}
	return value{}
}

// over is the channel that a loop runs over.
func (r meetings) over(f *frame, rs *ast.RangeStmt) value {
	if vs, ok := f.over.lookup(rs.X); ok {
		return vs[0]
	}
	return r.values.eval(rs.X)
}

// free reports whether an offer is one that strangers can always take up.
func (s *state) free(o offer) bool {
	switch o.at.kind {
	case anything:
		return o.kind != defaults
	case number, function, cancels:
		return true
	}
	t := s.thing(o.at)
	if t == nil {
		return false // nil: never
	}
	switch {
	case o.at.kind == doneOf:
		return false
	case t.kind == ticker:
		return o.at.kind != ticksOf
	case t.kind == group && o.kind == Waits:
		return t.open
	}
	return t.open || s.fed(o)
}

// fed reports whether an offer is to receive what only strangers' functions of this program send: they do
// not close.
func (s *state) fed(o offer) bool {
	t := s.thing(o.at)
	return t != nil && t.fed && !t.open && !t.closed && o.kind == Receives && o.at.kind == aThing
}

// A move is a step of the whole: one goroutine alone, or two that meet.
type move struct {
	i, j int // j: none
	a, b offer
	ok   bool // what a receive says beside its value
	free bool
	vain bool // it changes nothing
}

// moves lists what can happen next, goroutine by goroutine.
func (x schedule) moves(s *state) (list []move, offered [][]offer) {
	offered = make([][]offer, len(s.threads))
	for i, t := range s.threads {
		offered[i] = x.at(s, t).meetings.offers()
	}
	for i, t := range s.threads {
		before := len(list)
		var other *offer
		for _, o := range offered[i] {
			if o.kind == defaults {
				other = &o
				continue
			}
			if o.kind == resumes {
				list = append(list, move{i: i, j: none, a: o})
				continue
			}
			if x.reports.below(s, t, o) != none {
				x.selfish = true
			}
			if s.free(o) {
				list = append(list, move{i: i, j: none, a: o, ok: true, free: true})
				if t := s.thing(o.at); (o.how == atRange || o.how == atDrain) && (t == nil || t.open && !t.signals) { // the system closes no channel
					list = append(list, move{i: i, j: none, a: o, free: true})
				}
				if !s.fed(o) { // else goroutines here send, too
					continue
				}
			}
			th := s.thing(o.at)
			if th == nil {
				continue
			}
			switch {
			case o.kind == Waits:
				if th.count <= 0 {
					list = append(list, move{i: i, j: none, a: o})
				}
			case o.kind == enters:
				if th.count == 0 || effectOf(x.pkg.Call(o.node.(*ast.CallExpr)).Callee) == locksShared && th.count < th.size {
					list = append(list, move{i: i, j: none, a: o})
				}
			case o.kind == submits, o.kind == acquires:
				if th.count < th.size {
					list = append(list, move{i: i, j: none, a: o})
				}
			case o.at.kind == doneOf:
				if s.cancelled(o.at.n) || s.endable(o.at.n) != none {
					list = append(list, move{i: i, j: none, a: o})
				}
			case o.at.kind == ticksOf:
				if !th.closed && th.runs == 0 { // the timer of time.AfterFunc has no channel
					list = append(list, move{i: i, j: none, a: o, ok: true})
				}
			case o.kind == Receives && len(th.queue) > 0:
				list = append(list, move{i: i, j: none, a: o, ok: true})
			case o.kind == Receives && th.closed:
				list = append(list, move{i: i, j: none, a: o})
			case o.kind == Receives && th.size == 0:
				for j := range s.threads {
					if j == i {
						continue
					}
					for _, p := range offered[j] {
						if p.kind == Sends && p.at == o.at {
							list = append(list, move{i: i, j: j, a: o, b: p, ok: true})
						}
					}
				}
			case o.kind == Sends && th.closed: // it panics
			case o.kind == Sends && len(th.queue) < th.size:
				list = append(list, move{i: i, j: none, a: o})
			}
		}
		if other != nil && !slices.ContainsFunc(list[before:], func(m move) bool { return !m.free && x.certainlyReady(s, m) }) {
			list = append(list, move{i: i, j: none, a: *other})
		}
	}
	return list, offered
}

// certainlyReady reports whether a case can be taken whatever others do: its default is not, then. Who
// stands ready at the other side of a channel, or has closed it, may have come later.
func (x schedule) certainlyReady(s *state, m move) bool {
	t := s.thing(m.a.at)
	if t == nil || m.j != none {
		return false
	}
	return m.a.kind == Sends || m.a.kind == Receives && len(t.queue) > 0
}

// make makes a move, and runs on until all stand still.
func (x schedule) make(s *state, m move) []*state {
	s = s.clone()
	for i := range s.things {
		s.things[i].by = 0
	}
	r := x.at(s, s.own(m.i))
	if m.a.kind == resumes {
		r.t.rests, r.t.pauses = false, false
		return x.settle(s, m.i)
	}
	if m.a.how != atRange && m.a.how != atDrain || !m.ok { // a range waits for the end
		x.served[m.a.node] = true
	}
	if m.j != none {
		x.served[m.b.node] = true
	}
	if m.a.kind == Receives && (m.free || m.a.at.kind == doneOf) && r.t.spawn != nil && x.strangers.tell(m) {
		s.told = true
	}
	if v := x.strangers.signal(m.a); v != nil && m.free {
		s.chosen = s.chosen.with(v, value{kind: present})
	}
	var got value
	switch t := s.thing(m.a.at); {
	case m.a.kind == defaults, m.free, m.a.kind == Waits, m.a.kind == submits, m.a.kind == acquires, m.a.kind == enters:
	case m.a.at.kind == doneOf:
		if !s.cancelled(m.a.at.n) {
			s.things[s.endable(m.a.at.n)].closed = true
		}
	case m.a.at.kind == ticksOf:
		if th := &s.things[m.a.at.n]; th.expires && th.own && !th.open { // it fires once
			th.closed = true
		}
	case m.j != none:
		other := x.at(s, s.own(m.j))
		got = other.values.eval(m.b.send)
		other.meetings.pass(m.b, value{}, true)
	case m.a.kind == Receives && len(t.queue) > 0:
		got, t.queue = t.queue[0], slices.Clone(t.queue[1:])
	case m.a.kind == Sends:
		t.queue = append(slices.Clone(t.queue), r.values.eval(m.a.send))
	}
	if t := s.thing(m.a.at); t != nil && t.signals && m.a.kind == Receives {
		r.t.warned = true
	}
	if t := s.thing(m.a.at); t != nil && t.token && (m.a.kind == Sends || m.a.kind == Receives) {
		if (m.a.kind == Receives) == t.lent {
			r.holdings.takes(m.a.at.n)
		} else {
			r.holdings.gives(m.a.at.n)
		}
	}
	if m.free && m.a.kind == Sends {
		r.objects.blur(r.values.eval(m.a.send))
		r.objects.blurFields(x.pkg.Info.TypeOf(m.a.send))
	}
	if !r.meetings.pass(m.a, got, m.ok) {
		return nil
	}
	list := x.settle(s, none)
	const untidy = 24
	for _, s := range list {
		if len(s.things) > untidy {
			s.compact()
		}
	}
	return list
}

// pass goes on behind an operation that has been done.
func (r meetings) pass(o offer, got value, ok bool) bool {
	r.t.rests = false
	if th := r.s.thing(o.at); o.kind == Sends && th != nil && !slices.Contains(r.t.sent, th.site) {
		r.t.sent = append(slices.Clip(r.t.sent), th.site)
	}
	if o.how == atDrain && ok {
		return true // and stays there
	}
	if r.t.one != nil {
		r.t.one = nil
		return true
	}
	f := r.top()
	said := []value{got, truth(ok)}
	if o.kind == Receives && r.s.thing(o.at) != nil {
		// What it took before is done; in a loop, that of the same channel.
		f.taken = []value{o.at}
	}
	if o.how != atRange && o.how != atDrain && r.s.free(o) && !r.s.fed(o) { // a stranger sends, or closes it
		said[1] = value{}
	}
	how := o.how
	if how == atDrain {
		if how = atInstr; f.exit != nil {
			how = atDefer
		}
	}
	switch how {
	case atCase:
		f.enter(o.edge.To)
		if o.kind == defaults {
			return true
		}
		f.picked = true
		switch c := o.edge.Case.Comm.(type) {
		case *ast.SendStmt:
			f.comm = c
		case *ast.ExprStmt:
			f.comm = ast.Unparen(c.X)
		case *ast.AssignStmt:
			f.comm = ast.Unparen(c.Rhs[0])
		}
		if e, ok := f.comm.(ast.Expr); ok {
			r.keep(f, e, said)
		}
	case atRange:
		for _, e := range f.block.Succs {
			if (e.Done == o.node) == !ok {
				if !r.decisions.take(e) {
					return false
				}
				break
			}
		}
		if ok {
			r.keep(r.top(), ast.Unparen(o.node.(*ast.RangeStmt).X), said)
		}
	case atDefer:
		return r.returns.unwind()
	default:
		in := r.x.codes.instrs(f.code, f.block.Steps[f.step])[f.ins]
		f.ins++
		switch in.op {
		case opRecv:
			r.keep(f, in.node.(ast.Expr), said)
		case opCall:
			return r.invocations.call(in.call, value{}, r.progress.args(in.call), in.call.Expr) != dead
		}
	}
	return true
}

// settle runs all goroutines that do not stand still; who sets a flag that others may ask for meanwhile may also
// pause before it does, but for the one that has just resumed. Of ways that come to the same, such as those of a
// goroutine that has ended, one is followed.
func (x schedule) settle(s *state, resumed int) []*state {
	todo := []*state{s}
	seen := map[[16]byte]bool{}
	var out []*state
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i := slices.IndexFunc(s.threads, func(t *thread) bool { return !t.rests })
		if i < 0 {
			out = append(out, s)
			continue
		}
		var before *state
		if len(s.threads) > 1 && x.flags && i != resumed {
			before = s.clone()
		}
		alone := len(s.threads) == 1
		x.set, x.known = false, len(s.things)
		more := x.advance(s, i)
		x.raised = x.raised || x.set && !alone
		if before != nil && x.set {
			t := before.own(i)
			t.rests, t.pauses = true, true
			todo = append(todo, before)
		}
		for _, s := range more {
			if len(more) > 1 {
				k := s.digest()
				if seen[k] {
					continue
				}
				seen[k] = true
			}
			todo = append(todo, s)
		}
	}
	return out
}
