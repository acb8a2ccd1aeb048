package discharge

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// An Abandonment is a goroutine that blocks for ever on a channel: its send finds no receiver, or
// the function waits for a value that no goroutine sends.
type Abandonment struct {
	Spawn  *sites.Spawn // what starts the first sender
	Chan   *types.Var   // the channel
	Send   token.Pos    // the first send
	Leaves ast.Node     // the return that leaves without receiving; for Hangs the receive
	Many   bool         // there are, or may be, several values to send
	Stream bool         // one goroutine sends them
	Some   bool         // the path receives, but fewer than are sent
	Hangs  bool         // it is the receiver that waits for ever
	Chans  []Unbuffered // what would free the senders: a buffer for each of these
}

// An Unbuffered is a channel and the buffer with which its senders never wait; empty if that is
// not known.
type Unbuffered struct {
	Var    *types.Var
	Made   *ast.CallExpr
	Buffer string
}

// many stands for a number that is large or unknown.
const many = 7

// Abandoned finds the goroutines of a package that are left behind at a channel.
//
// It counts. A path from the start of the senders to the function's end must receive as many values
// as they send, up to the buffer. Senders that choose between channels are taken together: one
// receive from any of them lets the sender go.
func Abandoned(p *sites.Package) []Abandonment {
	var found []Abandonment
	for _, group := range together(channels(p)) {
		if main(p, group[0].in) {
			continue // the process ends with it
		}
		if a, ok := leaves(p, group); ok {
			found = append(found, a)
			continue
		}
		for _, ch := range group {
			if a, ok := hangs(p, ch); ok {
				found = append(found, a)
				break
			}
		}
	}
	return found
}

func main(p *sites.Package, f *syntax.Func) bool {
	return p.Types.Name() == "main" && f.Decl != nil && f.Decl.Name() == "main" && f.Sig.Recv() == nil
}

// together groups the channels that share a sender, directly or through others.
func together(chans []*channel) [][]*channel {
	var groups [][]*channel
	for _, ch := range chans {
		joined := []*channel{ch}
		groups = slices.DeleteFunc(groups, func(g []*channel) bool {
			if slices.ContainsFunc(g, func(other *channel) bool { return shares(ch, other) }) {
				joined = append(slices.Clone(g), joined...)
				return true
			}
			return false
		})
		groups = append(groups, joined)
	}
	return groups
}

func shares(a, b *channel) bool {
	for _, s := range a.sends {
		for _, t := range b.sends {
			if s.by == t.by {
				return true
			}
		}
	}
	return false
}

// A sender is a goroutine, or a row of them, and how much it sends: least and most.
type sender struct {
	spawn       *sites.Spawn
	step        ast.Node
	least, most int
}

// tally is the state of a walk: what must be sent, what may be, what was received, and whether a
// receive was in a loop that ends when its body says so.
type tally struct {
	must, may, got int
	loose          bool
}

func (t tally) encode() int {
	n := min(t.must, many)<<6 | min(t.may, many)<<3 | min(t.got, many)
	if t.loose {
		n |= 1 << 9
	}
	return n
}

func decode(n int) tally {
	return tally{n >> 6 & many, n >> 3 & many, n & many, n>>9&1 == 1}
}

// leaves looks for a path that leaves senders behind.
func leaves(p *sites.Package, group []*channel) (Abandonment, bool) {
	f := group[0].in
	g := p.Graph(f)
	senders := sendersOf(p, g, group)
	if len(senders) == 0 {
		return Abandonment{}, false
	}
	room := 0
	for _, ch := range group {
		room += ch.cap
	}
	first := senders[0]
	at := map[ast.Node]sender{}
	for _, s := range senders {
		at[s.step] = s
	}
	recvs, loops := receives(g, group)
	// A single sender that is not started again has sent all that it will.
	single := len(senders) == 1 && !g.Again(first.step)
	others := foreign(p, group, senders)
	made := g.Step(group[0].made)

	// end is what it means that the function ends, or goes on with another channel.
	end := func(state int) paths.Effect {
		t := decode(state)
		switch {
		case t.got == 0 && t.may > room && (room == 0 || t.must > room), t.got > 0 && t.must > t.got+room && t.got < many:
			if t.got > 0 && t.loose {
				return paths.Clouds
			}
			return paths.Loses
		}
		return paths.Meets
	}
	from := first.step
	if len(senders) == 1 {
		if feed, fed := input(p, group, first); fed {
			// Until its input is closed it waits for that, and no buffer helps.
			switch closes := closing(p, g, f, feed); {
			case closes != nil:
				from = closes
			case !passedOn(p, feed, first.spawn):
				return Abandonment{}, false
			}
		}
	}
	answer := g.Ask(paths.Query{
		From:   from,
		State:  tally{must: first.least, may: first.most}.encode(),
		Unsure: g.Bookkeeping(first.step),
		Step: func(step ast.Node, state int) (int, paths.Effect) {
			t := decode(state)
			if s, ok := at[step]; ok {
				if s.step == first.step && first.least < many && first.most < many && !repeated(first, group[0]) {
					t = tally{must: t.must + s.least, may: t.may + s.most, got: t.got, loose: t.loose}
				} else if s.step != first.step {
					t.must, t.may = t.must+s.least, t.may+s.most
				}
				return t.encode(), paths.Nothing
			}
			if step == made {
				return state, end(state) // the next turn of a loop has its own channel
			}
			if others[step] {
				return state, paths.Meets
			}
			if loose, ok := recvs[step]; ok {
				t.got++
				t.loose = t.loose || loose
				if t.may < many && t.got >= t.may {
					if single {
						return state, paths.Meets
					}
					t = tally{}
				}
				return t.encode(), paths.Nothing
			}
			return state, paths.Nothing
		},
		Done: func(loop ast.Stmt, state int) (int, paths.Effect) {
			if loops[loop] && !within(first.step, loop) {
				return state, paths.Meets
			}
			return state, paths.Nothing
		},
		Exit: end,
	})
	if answer.Verdict != paths.Violated {
		return Abandonment{}, false
	}
	a := Abandonment{Spawn: first.spawn, Chan: group[0].v, Send: group[0].sends[0].at.Node().Pos(), Leaves: answer.At}
	a.Many = len(senders) > 1 || first.most > 1
	a.Stream = len(senders) == 1 && !repeated(first, group[0])
	a.Some = len(recvs) > 0 && a.Many && afterReceive(g, recvs, answer.At)
	for _, ch := range group {
		a.Chans = append(a.Chans, Unbuffered{ch.v, ch.made, ch.buffer(p, senders)})
	}
	return a, true
}

// input is the channel that a sender reads to its end before it sends, as the function calls it; nil if
// the function has no name for it.
func input(p *sites.Package, group []*channel, s sender) (ch *types.Var, fed bool) {
	var body *syntax.Func
	var sends []send
	for _, ch := range group {
		for _, x := range ch.sends {
			if x.by == s.spawn {
				body, sends = x.body, append(sends, x)
			}
		}
	}
	if body == nil {
		return nil, false
	}
	var at []inspector.Cursor
	for _, x := range sends {
		at = append(at, x.at)
	}
	v, fed := drained(p, body, at, true)
	return outside(p, body, s.spawn.Call, v), fed
}

// drained is the channel that a function reads to its end before it sends, itself or, if asked, in a
// function that it only calls: go func() { collect(results, all) }().
func drained(p *sites.Package, f *syntax.Func, sends []inspector.Cursor, deep bool) (ch *types.Var, fed bool) {
	for _, stmt := range p.Inline(f.Body.List) {
		switch stmt := stmt.(type) {
		case *ast.ExprStmt:
			call, ok := stmt.X.(*ast.CallExpr)
			if !ok || !deep || !slices.ContainsFunc(sends, func(at inspector.Cursor) bool { return within(at.Node(), call) }) {
				continue
			}
			c := p.Call(call)
			if called := p.Decl(c.Callee); called != nil {
				v, fed := drained(p, called, slices.Collect(called.Cur.Preorder((*ast.SendStmt)(nil))), false)
				return outside(p, called, c, v), fed
			}
		case *ast.RangeStmt, *ast.ForStmt:
			from := drains(p, stmt)
			if from == nil {
				continue
			}
			early := slices.ContainsFunc(sends, func(at inspector.Cursor) bool {
				for range at.Enclosing((*ast.DeferStmt)(nil)) {
					return false
				}
				return at.Node().Pos() < stmt.End()
			})
			return p.Variable(from), !early
		}
	}
	return nil, false
}

// drains is the channel that a loop reads until it is closed: for range ch, and for { v, ok := <-ch; … }.
func drains(p *sites.Package, loop ast.Stmt) ast.Expr {
	var from ast.Expr
	switch n := loop.(type) {
	case *ast.RangeStmt:
		from = n.X
	case *ast.ForStmt:
		if n.Cond != nil || len(n.Body.List) == 0 {
			return nil
		}
		if first := n.Body.List[0]; len(syntax.Lhs(first)) == 2 {
			from = syntax.Received(first)
		}
	}
	if t := p.Info.TypeOf(from); t != nil {
		if _, ok := chanOf(t); ok {
			return from
		}
	}
	return nil
}

// outside is a variable of a function as the caller has it: the argument for a parameter, or itself.
func outside(p *sites.Package, f *syntax.Func, call *syntax.Call, v *types.Var) *types.Var {
	for i := range f.Sig.Params().Len() {
		if f.Sig.Params().At(i) == v {
			return p.Variable(call.Arg(i))
		}
	}
	return v
}

// closing is the first step of a function, other than a defer, that closes a channel; nil if there is
// none.
func closing(p *sites.Package, g *paths.Graph, f *syntax.Func, ch *types.Var) ast.Node {
	for _, c := range f.Calls {
		if ch != nil && c.Defer == nil && c.Go == nil && closed(p, c.Expr) == ch {
			return g.Step(c.Expr)
		}
	}
	return nil
}

// passedOn reports whether a channel is given to somebody else than a sender, who may close it.
func passedOn(p *sites.Package, ch *types.Var, sender *sites.Spawn) bool {
	return ch != nil && slices.ContainsFunc(p.Var(ch).Uses, func(u inspector.Cursor) bool {
		return u.ParentEdgeKind() == edge.CallExpr_Args && !within(u.Node(), sender.Call.Expr) && track(p, 0).builtin(u.Parent().Node().(*ast.CallExpr)) == ""
	})
}

// afterReceive reports whether a receive can come before a step.
func afterReceive(g *paths.Graph, recvs map[ast.Node]bool, at ast.Node) bool {
	for r := range recvs {
		if g.Reaches(r, at) {
			return true
		}
	}
	return false
}

// repeated reports whether a sender is started in a loop in which its channel is not made.
func repeated(s sender, ch *channel) bool {
	for _, l := range syntax.Loops(s.spawn.Cur) {
		if !within(ch.made, l.Node()) {
			return true
		}
	}
	return false
}

// sendersOf lists the senders of a group of channels, in source order; none if one of them cannot
// be followed.
func sendersOf(p *sites.Package, g *paths.Graph, group []*channel) []sender {
	var senders []sender
	sends := map[*sites.Spawn][]send{}
	var order []*sites.Spawn
	for _, ch := range group {
		for _, s := range ch.sends {
			if sends[s.by] == nil {
				order = append(order, s.by)
			}
			sends[s.by] = append(sends[s.by], s)
		}
	}
	for _, spawn := range order {
		step := g.Step(spawn.Call.Expr)
		if step == nil {
			return nil
		}
		s := sender{spawn: spawn, step: step}
		s.least, s.most = count(p, sends[spawn])
		if repeated(s, group[0]) && !receivesInLoop(s, group) {
			n := turns(p, s, group[0])
			s.least, s.most = min(s.least*n, many), min(s.most*n, many)
		}
		senders = append(senders, s)
	}
	// The first by position begins the walk.
	for i := range senders {
		if senders[i].spawn.Pos() < senders[0].spawn.Pos() {
			senders[0], senders[i] = senders[i], senders[0]
		}
	}
	return senders
}

// turns is how often a sender is started for one channel: as often as its loops say, or many times.
func turns(p *sites.Package, s sender, ch *channel) int {
	n := 1
	for _, l := range syntax.Loops(s.spawn.Cur) {
		if within(ch.made, l.Node()) {
			break
		}
		n *= trips(p, l.Node())
	}
	return min(n, many)
}

// trips is how often a loop runs, if its head says so; else many times.
func trips(p *sites.Package, loop ast.Node) int {
	var of ast.Expr
	switch l := loop.(type) {
	case *ast.RangeStmt:
		t := p.Info.TypeOf(l.X)
		if t == nil {
			return many
		}
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		if arr, ok := t.Underlying().(*types.Array); ok {
			return int(min(arr.Len(), many))
		}
		of = l.X
	case *ast.ForStmt:
		if cond, ok := l.Cond.(*ast.BinaryExpr); ok && cond.Op == token.LSS {
			of = cond.Y
		}
	}
	if of == nil {
		return many
	}
	if n, ok := constantInt(p.Info, of); ok && n >= 0 {
		return min(n, many)
	}
	return elements(p, of)
}

// elements is how many elements a collection has that is written down in the function, or how many
// len says that it has; else many.
func elements(p *sites.Package, e ast.Expr) int {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return min(len(e.Elts), many)
	case *ast.CallExpr:
		if len(e.Args) == 1 && track(p, 0).builtin(e) == "len" {
			return elements(p, e.Args[0])
		}
	case *ast.SliceExpr:
		if n, ok := constantInt(p.Info, e.High); ok && n >= 0 {
			return min(n, many)
		}
	case *ast.Ident:
		v := p.Variable(e)
		if v == nil || global(v) {
			return many
		}
		if d, ok := p.Only(v); ok && d.Kind == syntax.Assign {
			if lit, ok := ast.Unparen(d.Expr).(*ast.CompositeLit); ok {
				return elements(p, lit)
			}
		}
	}
	return many
}

// receivesInLoop reports whether each turn of the innermost loop around a sender receives too.
func receivesInLoop(s sender, group []*channel) bool {
	loops := syntax.Loops(s.spawn.Cur)
	if len(loops) == 0 {
		return false
	}
	for _, ch := range group {
		for _, r := range ch.recvs {
			if within(r.at.Node(), loops[0].Node()) {
				return true
			}
		}
	}
	return false
}

// count is the least and the most that one run of a task sends.
func count(p *sites.Package, sends []send) (least, most int) {
	body := sends[0].body
	if body == nil {
		return 0, 1 // a function elsewhere that sends
	}
	for _, s := range sends {
		if s.body != body {
			return 0, many
		}
	}
	return countIn(p, body, sends)
}

// countIn is count for a function around the sends.
func countIn(p *sites.Package, body *syntax.Func, sends []send) (least, most int) {
	g := p.Graph(body)
	sure, maybe := map[ast.Node]int{}, map[ast.Node]int{} // in a loop the walk counts each turn
	inner := map[*syntax.Func][]send{}
	for _, s := range sends {
		f := p.FuncAt(s.at)
		for f != nil && f != body && f.Outer != body {
			f = f.Outer
		}
		if f == nil {
			return 0, many
		}
		if f != body {
			inner[f] = append(inner[f], s)
		} else if step := g.Step(s.at.Node()); step != nil {
			sure[step]++
			maybe[step]++
		}
	}
	for f, sends := range inner {
		step := g.Step(f.Node)
		switch {
		case step == nil: // unreachable
		case here(f.Cur), once(p, f.Cur):
			lo, hi := countIn(p, f, sends)
			sure[step] += lo
			maybe[step] += hi
		default: // somebody calls it as often as it likes
			maybe[step] = many
		}
	}
	least = many
	answer := g.Ask(paths.Query{
		Step: func(step ast.Node, n int) (int, paths.Effect) {
			lo, hi := n>>3, n&many
			return min(lo+sure[step], many)<<3 | min(hi+maybe[step], many), paths.Nothing
		},
		Exit: func(n int) paths.Effect {
			least, most = min(least, n>>3), max(most, n&many)
			return paths.Meets
		},
	})
	if answer.Verdict != paths.Honoured {
		return 0, many
	}
	if most == 0 { // no way out but to send for ever
		for _, n := range maybe {
			most = max(most, n)
		}
		least = 0
	}
	return min(least, most), most
}

// once reports whether a literal is what a sync.Once runs.
func once(p *sites.Package, lit inspector.Cursor) bool {
	lit = syntax.Outer(lit)
	if lit.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	f := p.FuncObj(lit.Parent().Node().(*ast.CallExpr).Fun)
	return f != nil && f.FullName() == "(*sync.Once).Do"
}

// lent reports whether a send is in a literal that is kept or given away: nobody knows whether it is
// called.
func lent(p *sites.Package, s send) bool {
	for f := p.FuncAt(s.at); f != nil && f != s.body; f = f.Outer {
		if !here(f.Cur) && !once(p, f.Cur) {
			return true
		}
	}
	return false
}

// here reports whether a literal is called, deferred or started where it stands: it runs once each time.
func here(lit inspector.Cursor) bool { return lit.ParentEdgeKind() == edge.CallExpr_Fun }

// receives maps the steps that receive to whether they are in a loop without a condition, and lists
// the loops that end once all was received.
func receives(g *paths.Graph, group []*channel) (map[ast.Node]bool, map[ast.Stmt]bool) {
	steps, loops := map[ast.Node]bool{}, map[ast.Stmt]bool{}
	for _, ch := range group {
		for _, r := range ch.recvs {
			node := r.at.Node()
			if n, ok := node.(*ast.RangeStmt); ok {
				loops[n] = true
			} else if n := g.Step(node); n != nil {
				node = n
			}
			loose := false
			for _, l := range syntax.Loops(r.at) {
				if within(ch.made, l.Node()) {
					break
				}
				switch l := l.Node().(type) {
				case *ast.ForStmt:
					loose = loose || l.Cond == nil
					loops[l] = true
				case *ast.RangeStmt:
					loops[l] = true
				}
			}
			steps[node] = loose
		}
	}
	return steps, loops
}

// foreign lists the steps that receive from channels to which the senders send as well, but whose
// uses are not all seen: the sender may have been let go there.
func foreign(p *sites.Package, group []*channel, senders []sender) map[ast.Node]bool {
	known := map[*types.Var]bool{}
	for _, ch := range group {
		known[ch.v] = true
	}
	other := map[*types.Var]bool{}
	for _, s := range senders {
		if s.spawn.Body == nil {
			continue
		}
		for c := range s.spawn.Body.Cur.Preorder((*ast.SendStmt)(nil), (*ast.CallExpr)(nil)) {
			switch n := c.Node().(type) {
			case *ast.SendStmt:
				if v := p.Variable(n.Chan); v != nil && !known[v] {
					other[v] = true
				}
			case *ast.CallExpr:
				for _, a := range n.Args {
					if v := p.Variable(a); v != nil && !known[v] {
						if _, ok := chanOf(v.Type()); ok {
							other[v] = true
						}
					}
				}
			}
		}
	}
	steps := map[ast.Node]bool{}
	f := group[0].in
	g := p.Graph(f)
	for v := range other {
		for _, u := range p.Var(v).Uses {
			c := u
			if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
				c = c.Parent()
			}
			switch c.ParentEdgeKind() {
			case edge.UnaryExpr_X, edge.RangeStmt_X:
				if p.FuncAt(u) == f {
					if step := g.Step(u.Node()); step != nil {
						steps[step] = true
					}
				}
			}
		}
	}
	return steps
}

// hangs looks for a value that the function waits for on every path, and its only sender does not
// send on every path.
func hangs(p *sites.Package, ch *channel) (Abandonment, bool) {
	by := ch.sends[0].by
	for _, s := range ch.sends {
		if s.by != by || s.body == nil {
			return Abandonment{}, false
		}
	}
	if ch.closed || by.Body == nil || !by.Go() || len(syntax.Loops(by.Cur)) > 0 {
		return Abandonment{}, false
	}
	if choosesToSend(p, by.Body, ch.v) || slices.ContainsFunc(ch.sends, func(s send) bool { return lent(p, s) }) {
		return Abandonment{}, false
	}
	g := p.Graph(ch.in)
	waits := map[ast.Node]bool{}
	for _, r := range ch.recvs {
		if _, ok := r.at.Node().(*ast.RangeStmt); ok || r.choice {
			continue
		}
		if step := g.Step(r.at.Node()); step != nil && p.FuncAt(r.at) == ch.in {
			waits[step] = true
		}
	}
	start := g.Step(by.Call.Expr)
	if len(waits) == 0 || start == nil {
		return Abandonment{}, false
	}
	if least, _ := count(p, ch.sends); least > 0 {
		return Abandonment{}, false
	}
	var where ast.Node
	answer := g.Ask(paths.Query{
		From: start,
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			if waits[step] {
				where = step
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
	})
	if answer.Verdict != paths.Honoured || where == nil {
		return Abandonment{}, false
	}
	return Abandonment{Spawn: by, Chan: ch.v, Send: ch.sends[0].at.Node().Pos(), Leaves: where, Hangs: true}, true
}

// choosesToSend reports whether a task also sends on the channel as one case of a select.
func choosesToSend(p *sites.Package, body *syntax.Func, v *types.Var) bool {
	for c := range body.Cur.Preorder((*ast.SendStmt)(nil)) {
		if p.Variable(c.Node().(*ast.SendStmt).Chan) == v && inChoice(c) {
			return true
		}
	}
	return false
}

// buffer is the capacity with which no sender of ch waits: how often they send, or the length of
// the collection that they are started for. Empty if that is not known where the channel is made.
func (ch *channel) buffer(p *sites.Package, senders []sender) string {
	sum := 0
	for _, s := range senders {
		var own []send
		for _, x := range ch.sends {
			if x.by == s.spawn {
				own = append(own, x)
			}
		}
		if len(own) == 0 {
			continue
		}
		_, mine := count(p, own)
		switch {
		case mine >= many:
			return ""
		case s.most < many:
			n := 1
			if !receivesInLoop(s, []*channel{ch}) {
				n = turns(p, s, ch)
			}
			sum += mine * n
			continue
		}
		if len(senders) > 1 || mine > 1 {
			return ""
		}
		return ch.length(p, s)
	}
	if sum <= ch.cap || sum >= many {
		return ""
	}
	return string(rune('0' + sum))
}

// length is len(xs) for senders that are started once for each of xs, if xs is known and final where
// the channel is made.
func (ch *channel) length(p *sites.Package, s sender) string {
	loops := syntax.Loops(s.spawn.Cur)
	if len(loops) != 1 {
		return ""
	}
	n, ok := loops[0].Node().(*ast.RangeStmt)
	if !ok {
		return ""
	}
	id := ident(n.X)
	if id == nil {
		return ""
	}
	v := p.Variable(id)
	if v == nil || v.Pos() > ch.made.Pos() {
		return ""
	}
	if d, ok := p.Only(v); !ok || d.Cur.Node().End() > ch.made.Pos() {
		return ""
	}
	switch u := v.Type().Underlying().(type) {
	case *types.Slice, *types.Map, *types.Array:
		return "len(" + id.Name + ")"
	case *types.Basic:
		if u.Kind() == types.Int {
			return id.Name
		}
	}
	return ""
}
