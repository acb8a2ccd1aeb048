package throttle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Throttle is what keeps the tasks of a loop from all existing at once.
type Throttle struct {
	Kind  Kind
	Node  ast.Node // the token taken, the wait
	Why   string
	Token ast.Expr // what the token is taken of, if that is seen where it is taken
}

// Kind is the kind of a Throttle.
type Kind uint8

const (
	NoThrottle Kind = iota
	Throttled       // a token before the spawn, a wait in the iteration, a budget, or what may be one
	Inside          // a token, but taken by the task itself: all tasks exist at once
	TooWide         // a semaphore with as many tokens as there are tasks
)

// At looks for what throttles a spawn in what multiplies it: in each turn of a loop, in each call of a
// function.
func (b *Throttles) At(s *sites.Spawn, f number.Factor) Throttle {
	t := b.around(s, f.Region, f.Site, true)
	if t.Kind != NoThrottle {
		return t
	}
	if _, loop := f.Region.Node().(ast.Stmt); loop && b.leavesAfter(f.Site, f.Region) {
		return Throttle{Kind: Throttled, Node: f.Site.Node(), Why: "the loop exits after it"}
	}
	if at := b.endsCalls(s, f); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "it is called until there is no room"}
	}
	if at := b.room(s, f.Region, f.Site); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "it starts only while there is room"}
	}
	if in := s.Call.In; in != nil && b.sameReceiver(f, in) { // the loop is that of a caller
		if at := b.room(s, body(in.Cur), s.Cur); at != nil {
			return Throttle{Kind: Throttled, Node: at, Why: "it starts only while there is room"}
		}
	}
	if at := b.piped(s, f); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "what it writes is read in the same iteration"}
	}
	return Throttle{}
}

// sameReceiver reports whether a loop calls a method of one value at each turn.
func (b *Throttles) sameReceiver(f number.Factor, method *syntax.Func) bool {
	call, ok := f.Site.Node().(*ast.CallExpr)
	if !ok || method.Decl == nil || method.Sig.Recv() == nil {
		return false
	}
	c := b.Call(call)
	return c != nil && b.Decl(c.Callee) == method && c.Recv() != nil && !b.ofTurn(c.Recv(), f.Region)
}

// Inside is where a task takes a token before it does anything else, nil if it does not.
func (b *Throttles) Inside(s *sites.Spawn) ast.Node {
	if in := b.acquiresFirst(s.Body, 0); in != nil {
		return in
	}
	if sum := b.Summary(s.Callee); sum != nil && sum.Limiter {
		return s.Call.Expr
	}
	return nil
}

// Before reports whether a token is taken before a spawn, in a function around it.
func (b *Throttles) Before(s *sites.Spawn, f *syntax.Func) bool {
	return b.around(s, f.Cur, s.Cur, false).Kind == Throttled
}

// Waited reports whether a function around a spawn waits after it, so that what it starts is gone when
// it returns.
func (b *Throttles) Waited(s *sites.Spawn, f *syntax.Func) bool {
	for _, c := range f.Calls {
		if row := b.Catalog.Func(c.Callee); c.Defer != nil && row != nil && row.Role == catalog.Wait {
			return true
		}
	}
	return b.around(s, f.Cur, s.Cur, true).Kind == Throttled
}

// around looks at what is done in a region before a site and, if asked, what is waited for after it.
func (b *Throttles) around(s *sites.Spawn, region, site inspector.Cursor, after bool) Throttle {
	var wide Throttle
	in := b.FuncAt(site)
	call := site.Node()
	for c := range body(region).Preorder(
		(*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil), (*ast.RangeStmt)(nil)) {
		n := c.Node()
		before := n.Pos() < call.Pos()
		if !before && !after || syntax.Within(n, call) && n != call || n == call || b.FuncAt(c) != in || leavesBeside(c, region, call) {
			continue
		}
		switch t := b.throttles(s, c, region, site, before); t.Kind {
		case Throttled:
			return t
		case TooWide:
			wide = t
		}
	}
	if f := b.FuncAt(region); after && f != nil && f.Cur.Node() == region.Node() { // at the end of the function
		for _, c := range f.Calls {
			if row := b.Catalog.Func(c.Callee); c.Defer != nil && row != nil && row.Role == catalog.Wait {
				return Throttle{Kind: Throttled, Node: c.Expr, Why: "it is waited for when the function returns"}
			}
		}
	}
	return wide
}

// body is the part of a region that runs each time.
func body(region inspector.Cursor) inspector.Cursor {
	switch region.Node().(type) {
	case *ast.RangeStmt:
		return region.ChildAt(edge.RangeStmt_Body, -1)
	case *ast.FuncDecl:
		return region.ChildAt(edge.FuncDecl_Body, -1)
	case *ast.FuncLit:
		return region.ChildAt(edge.FuncLit_Body, -1)
	}
	return region
}

// leavesBeside reports whether a node stands on a path that leaves the loop, or this turn of it, before it
// comes to the spawn, or leaves the loop after: what is waited for there is waited for once.
//
//	if err != nil { return errors.Join(err, g.Wait()) }
func leavesBeside(c, loop inspector.Cursor, site ast.Node) bool {
	entered := false // from the body of a case, not from its condition
	for ; c.Node() != loop.Node(); c = c.Parent() {
		if syntax.Within(site, c.Node()) {
			return false
		}
		var body []ast.Stmt
		switch n := c.Node().(type) {
		case *ast.BlockStmt:
			if k := c.ParentEdgeKind(); k == edge.IfStmt_Body || k == edge.IfStmt_Else {
				body = n.List
			}
		case *ast.CaseClause:
			if entered {
				body = n.Body
			}
		}
		entered = c.ParentEdgeKind() == edge.CaseClause_Body
		if len(body) > 0 {
			switch last := body[len(body)-1].(type) {
			case *ast.ReturnStmt:
				return true
			case *ast.BranchStmt: // results <- nil; continue
				if last.Tok == token.CONTINUE && c.Node().Pos() < site.Pos() {
					return true
				}
			}
		}
	}
	return false
}

// throttles judges one node of a region, before or after the site.
func (b *Throttles) throttles(s *sites.Spawn, c, region, site inspector.Cursor, before bool) Throttle {
	switch n := c.Node().(type) {
	case *ast.SendStmt:
		if !before || b.passedBy(c, site) {
			return Throttle{}
		}
		return b.token(s, n.Chan, resource.Send, n, region, false)
	case *ast.UnaryExpr:
		// A receive before the spawn takes a token, one after it waits for the task; a select
		// with a default does neither.
		if n.Op != token.ARROW || b.passedBy(c, site) || asksForEnd(c) {
			return Throttle{}
		}
		return b.token(s, n.X, resource.Receive, n, region, false)
	case *ast.RangeStmt:
		if _, ok := typeUnder(b.Info.TypeOf(n.X)).(*types.Chan); ok && !before {
			return b.token(s, n.X, resource.Receive, n, region, false)
		}
	case *ast.CallExpr:
		if call := b.Call(n); !before && b.tellsEnd(call, s, region) {
			return Throttle{Kind: Throttled, Node: n, Why: "it is told to end in the same iteration"}
		}
		return b.throttlesCall(s, b.Call(n), region, before)
	}
	return Throttle{}
}

// passedBy reports whether an operation is a case of a select that has a default, and the site comes
// also where it was not chosen.
func (b *Throttles) passedBy(op, site inspector.Cursor) bool {
	if !Polled(op) {
		return false
	}
	for c := op; ; c = c.Parent() {
		if clause, ok := c.Node().(*ast.CommClause); ok {
			return !syntax.Within(site.Node(), clause)
		}
	}
}

// token judges an operation on a channel: it takes a token if the task gives it back, by the opposite
// operation on the same channel, or a channel that may be the same. What nobody can follow may be one, and
// what a helper waits for that nothing is sent to.
func (b *Throttles) token(s *sites.Spawn, ch ast.Expr, take resource.OpKind, at ast.Node, region inspector.Cursor, waits bool) Throttle {
	class := b.graph().Class(ch)
	if class == nil || class.Kind != resource.Channel {
		return Throttle{}
	}
	back, known := b.gives(s, class, take)
	if !back && (known || take == resource.Receive) && !(waits && take == resource.Receive && unfed(class)) {
		return Throttle{}
	}
	wide := false
	for _, m := range class.Makers() {
		if m.Cur.Node() != nil && syntax.Within(m.Cur.Node(), region.Node()) && take == resource.Send {
			return Throttle{} // made anew in each turn
		}
		if size := b.capacity(m); size != nil {
			// A number in settings, or that somebody has passed, is a limit; the length of what was passed is none.
			if x := b.numbers.Int(size); x.Kind == number.Grows && !slices.ContainsFunc(x.Names, knowledge.SaysSetting) ||
				x.Kind == number.Unknown && x.Of != nil && !isNumber(b.Info.TypeOf(x.Of)) {
				wide = true
			}
		}
	}
	if wide && take == resource.Send {
		return Throttle{Kind: TooWide, Node: at}
	}
	t := taken(at)
	if at != nil && at.Pos() <= ch.Pos() && ch.End() <= at.End() { // in no helper
		t.Token = ch
	}
	return t
}

func taken(at ast.Node) Throttle {
	return Throttle{Kind: Throttled, Node: at, Why: "a token is acquired first"}
}

// Renewed reports whether what a token is taken of in a loop is made anew in each turn of another around it, and
// nobody waits there until all tokens are back: it bounds what one turn starts.
func (b *Throttles) Renewed(t Throttle, loop, around inspector.Cursor) bool {
	if t.Token == nil {
		return false
	}
	class := b.graph().Class(t.Token)
	if class == nil {
		return false
	}
	for _, op := range class.Ops { // for range cap(tokens) { tokens <- struct{}{} }
		if takes := op.Kind == resource.Send || op.Kind == resource.Use && op.Role == catalog.Acquire; takes &&
			op.Cur.Node().Pos() > loop.Node().End() && syntax.Within(op.Cur.Node(), around.Node()) {
			return false
		}
	}
	if class.Kind != resource.Channel {
		return b.madeIn(t.Token, around)
	}
	makers := class.Makers()
	return len(makers) > 0 && !slices.ContainsFunc(makers, func(m *resource.Op) bool {
		return m.Cur.Node() == nil || !syntax.Within(m.Cur.Node(), around.Node())
	})
}

func isNumber(t types.Type) bool {
	basic, ok := typeUnder(t).(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0
}

// unfed reports whether nothing that is seen sends to a channel without content, or closes it: a helper that
// receives from it waits for leave.
func unfed(class *resource.Class) bool {
	for _, op := range class.Ops {
		if op.Kind == resource.Send || op.Kind == resource.Close {
			return false
		}
	}
	return true
}

// capacity is how many a channel is made for, or nil.
func (b *Throttles) capacity(m *resource.Op) ast.Expr {
	call, ok := m.Cur.Node().(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	return call.Args[1]
}

// Tokens is the one call that makes what a token is taken of, and how many tasks can have one at a time; nil if that
// is not seen.
func (b *Throttles) Tokens(t Throttle) (made *ast.CallExpr, n number.Number) {
	if t.Kind != Throttled || t.Token == nil {
		return nil, number.Number{}
	}
	class := b.graph().Class(t.Token)
	if class == nil || len(class.Makers()) != 1 {
		return nil, number.Number{}
	}
	m := class.Makers()[0]
	made, ok := m.Cur.Node().(*ast.CallExpr)
	if !ok {
		return nil, number.Number{}
	}
	size := b.capacity(m)
	if c := b.Call(made); c != nil && b.Catalog.Func(c.Callee) != nil {
		bound := b.Catalog.Func(c.Callee).Bound
		if bound.From != catalog.FromArg {
			return nil, number.Number{}
		}
		size = c.Arg(bound.Arg.Index())
	}
	if size == nil {
		return nil, number.Number{}
	}
	n = b.numbers.Int(size)
	if take, ok := t.Node.(*ast.CallExpr); ok { // a task may take several
		for _, a := range take.Args {
			if isNumber(b.Info.TypeOf(a)) {
				each := b.numbers.Int(a)
				if !each.Exact || each.Max <= 0 {
					return nil, number.Number{}
				}
				n.Max /= each.Max
			}
		}
	}
	return made, n
}

// gives reports whether a task does the opposite of an operation on a channel, and whether all that it
// does is known.
func (b *Throttles) gives(s *sites.Spawn, class *resource.Class, take resource.OpKind) (back, known bool) {
	task := b.taskOf(s)
	known = task != nil
	for _, op := range class.Ops {
		opposite := op.Kind == resource.Send || op.Kind == resource.Close
		if take == resource.Send {
			opposite = op.Kind == resource.Receive || op.Kind == resource.Range
		}
		if opposite && op.In != nil && b.inTask(s, task, op.In) {
			return true, true
		}
	}
	if _, e := class.Can(resource.MaySend | resource.MayReceive); e.Pos.IsValid() {
		known = false
	}
	return false, known
}

// taskOf is the source of a task, or nil.
func (b *Throttles) taskOf(s *sites.Spawn) *syntax.Func { return s.Body }

// inTask reports whether a function runs in a task: it is its literal, or one that the spawn is given,
// or is called by it.
func (b *Throttles) inTask(s *sites.Spawn, task, f *syntax.Func) bool {
	if syntax.Within(f.Node, s.Call.Expr) {
		return true
	}
	return task != nil && b.numbers.MayLead(task, f)
}

// graph is the picture of the package's channels, with the operations of each function.
func (b *Throttles) graph() *resource.Graph {
	if b.opsIn == nil {
		b.opsIn = map[*syntax.Func][]operation{}
		for _, c := range b.Resources.Classes {
			for _, op := range c.Ops {
				if op.In != nil {
					b.opsIn[op.In] = append(b.opsIn[op.In], operation{op, c})
				}
			}
		}
	}
	return b.Resources
}

// An operation is one on a class.
type operation struct {
	*resource.Op
	class *resource.Class
}

// polls reports whether an operation goes on where it would have to wait.
func (o operation) polls() bool {
	sel := o.Select()
	return sel != nil && resource.HasDefault(sel)
}

func typeUnder(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (b *Throttles) throttlesCall(s *sites.Spawn, c *syntax.Call, region inspector.Cursor, before bool) Throttle {
	yes := Throttle{Kind: Throttled, Node: c.Expr, Why: "it is waited for"}
	if c.Defer != nil || c.Go != nil {
		return Throttle{}
	}
	if before && b.lends(c) || b.flushes(c) {
		return yes
	}
	if before {
		if t := b.takes(s, c, region, 0); t.Kind != NoThrottle {
			return t
		}
	} else if b.receives(s, c) {
		return yes
	}
	if c.Callee == nil {
		return Throttle{}
	}
	if row := b.Catalog.Func(c.Callee); row != nil {
		switch row.Role {
		case catalog.Wait, catalog.Close, catalog.Await:
			return yes
		case catalog.Acquire, catalog.TryAcquire:
			if !before {
				return Throttle{}
			}
			if r := c.Recv(); r != nil {
				if l := b.Limit(r); l.State == summary.NoLimit {
					return Throttle{Kind: TooWide, Node: c.Expr}
				}
				if b.madeIn(r, region) {
					return Throttle{}
				}
			}
			t := taken(c.Expr)
			t.Token = c.Recv()
			return t
		}
		return Throttle{}
	}
	if b.Unheard(c.Callee) {
		return Throttle{Kind: Throttled, Node: c.Expr, Why: "it is not known what " + c.Callee.Name() + " does"} // for all that is known
	}
	if sum := b.Summary(c.Callee); sum != nil {
		if sum.Acquires && before && (b.Decl(c.Callee) == nil || b.gated(b.Decl(c.Callee))) {
			return Throttle{Kind: Throttled, Node: c.Expr, Why: c.Callee.Name() + " acquires a token"}
		}
		for _, p := range sum.Params {
			if p.Use&summary.Awaits != 0 && !before {
				return yes
			}
		}
		if !sum.Zero() {
			return Throttle{}
		}
	}
	if before && (b.mayTake(c) || slices.ContainsFunc(b.numbers.Runnable(c), b.gate)) {
		return Throttle{Kind: Throttled, Node: c.Expr, Why: c.Callee.Name() + " may acquire a token"}
	}
	return Throttle{}
}

// madeIn reports whether what an expression holds is made anew in each turn of a region, and not only
// called by another name there: sem := p.small.
func (b *Throttles) madeIn(e ast.Expr, region inspector.Cursor) bool {
	if _, function := region.Node().(*ast.FuncDecl); function {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr, *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND && b.madeIn(e.X, region)
	case *ast.SelectorExpr:
		return b.madeIn(e.X, region) // with what has it
	case *ast.Ident:
		v := b.Variable(e)
		return v != nil && slices.ContainsFunc(b.Var(v).Defs, func(d syntax.Def) bool {
			return d.Kind == syntax.Assign && d.Expr != nil && syntax.Within(d.Cur.Node(), region.Node()) && b.madeIn(d.Expr, region)
		})
	}
	return false
}

// gate reports whether a function that a call may run takes a token with no channel.
func (b *Throttles) gate(f *syntax.Func) bool {
	sum := b.Summary(f.Decl)
	return sum != nil && sum.Acquires && b.gated(f)
}

// gated reports whether a function of this package waits for a condition, with no channel: takes does
// not see that.
func (b *Throttles) gated(f *syntax.Func) bool {
	return slices.ContainsFunc(b.Package.Calls(f), func(w *syntax.Call) bool {
		return w.Callee != nil && (w.Callee.FullName() == "(*sync.Cond).Wait" || b.Catalog.Func(w.Callee) != nil)
	})
}

// takes reports whether a function of this package, called before a spawn, takes a token that the task
// gives back; of several that a call may run, any.
func (b *Throttles) takes(s *sites.Spawn, c *syntax.Call, region inspector.Cursor, depth int) Throttle {
	if depth > 2 {
		return Throttle{}
	}
	if f := b.Target(c.Expr.Fun); f != nil {
		return b.takesIn(s, f, c, region, depth)
	}
	for _, f := range b.numbers.Runnable(c) {
		if t := b.takesIn(s, f, c, region, depth); t.Kind != NoThrottle {
			return t
		}
	}
	return Throttle{}
}

func (b *Throttles) takesIn(s *sites.Spawn, f *syntax.Func, c *syntax.Call, region inspector.Cursor, depth int) Throttle {
	if s.Body == f {
		return Throttle{}
	}
	for _, op := range b.takings(f) {
		if op.Kind == resource.Use {
			return taken(c.Expr)
		}
		ch := channelOf(op.Op)
		if ch == nil || !b.sameHolder(s, c, op) {
			continue
		}
		if t := b.token(s, ch, op.Kind, c.Expr, region, !op.polls()); t.Kind != NoThrottle {
			return t
		}
	}
	for _, inner := range f.Calls {
		if inner.Go == nil && inner.Defer == nil {
			if t := b.takes(s, inner, region, depth+1); t.Kind != NoThrottle {
				return t
			}
		}
	}
	return Throttle{}
}

// receives reports whether a function of this package, called after a spawn, is given a channel by which the
// task says that it has ended, and receives from it.
func (b *Throttles) receives(s *sites.Spawn, c *syntax.Call) bool {
	f := b.Target(c.Expr.Fun)
	if f == nil || s.Body == nil {
		return false
	}
	b.graph()
	return slices.ContainsFunc(b.opsIn[f], func(op operation) bool {
		if op.Kind != resource.Receive && op.Kind != resource.Range || op.Deferred() {
			return false
		}
		if op.polls() {
			return false
		}
		back, _ := b.gives(s, op.class, resource.Receive)
		return back && slices.ContainsFunc(c.Expr.Args, func(a ast.Expr) bool { return b.graph().Class(a) == op.class })
	})
}

func channelOf(op *resource.Op) ast.Expr {
	switch n := op.Cur.Node().(type) {
	case *ast.SendStmt:
		return n.Chan
	case *ast.UnaryExpr:
		return n.X
	}
	return nil
}

// Answers reports whether a function says whether something is right.
func Answers(sig *types.Signature) bool {
	n := sig.Results().Len()
	if n == 0 {
		return false
	}
	t := sig.Results().At(n - 1).Type()
	u, ok := t.Underlying().(*types.Basic)
	return ok && u.Kind() == types.Bool || types.Identical(t, types.Universe.Lookup("error").Type())
}

// takings are the operations by which a function may take something that it does not give back before it returns.
func (b *Throttles) takings(f *syntax.Func) []operation {
	b.graph()
	list, ok := b.taking[f]
	if ok {
		return list
	}
	for _, op := range b.opsIn[f] {
		switch {
		case op.Deferred():
			continue
		case op.Kind == resource.Send || op.Kind == resource.Receive:
			if op.polls() && !Answers(f.Sig) {
				continue
			}
		case op.Kind != resource.Use || op.Role != catalog.Acquire && op.Role != catalog.TryAcquire:
			continue
		}
		if !b.balanced(f, op) {
			list = append(list, op)
		}
	}
	b.taking[f] = list
	return list
}

// balanced reports whether a function gives back what it takes before it returns.
func (b *Throttles) balanced(f *syntax.Func, take operation) bool {
	for _, fn := range append([]*syntax.Func{f}, f.Lits...) {
		for _, op := range b.opsIn[fn] {
			if op.class == take.class && opposite(take, op) && (fn != f || op.Deferred() || Undoes(op.Cur, take.Cur)) {
				return true
			}
		}
	}
	return false
}

// opposite reports whether one operation gives what the other takes.
func opposite(take, give operation) bool {
	switch take.Kind {
	case resource.Send:
		return give.Kind == resource.Receive
	case resource.Receive:
		return give.Kind == resource.Send
	case resource.Use:
		return give.Kind == resource.Use && give.Role == catalog.Release
	}
	return false
}

// Undoes reports whether a function may give back at one place what it takes at another. What stands in a loop
// before that of the taking does not: it is the other half of a count that is added, below zero or above.
//
//	for ; n < 0; n++ { <-tokens }
//	for ; n > 0; n-- { tokens <- token{} }
func Undoes(give, take inspector.Cursor) bool {
	if give.Node().Pos() > take.Node().Pos() {
		return true
	}
	gives, takes := syntax.Loops(give), syntax.Loops(take)
	return len(gives) == 0 || len(takes) == 0 || slices.ContainsFunc(takes, func(loop inspector.Cursor) bool { return slices.Contains(gives, loop) })
}

// sameHolder reports whether the task gives back to the value that a call takes from, as far as that can
// be told: l.get() and l.put(b), not m.put(b).
func (b *Throttles) sameHolder(s *sites.Spawn, c *syntax.Call, take operation) bool {
	r := c.Recv()
	if r == nil || s.Body == nil {
		return true
	}
	v := b.Variable(r)
	if v == nil || v.IsField() {
		return true
	}
	other := false
	for _, back := range b.Package.Calls(s.Body) {
		g := b.Target(back.Expr.Fun)
		if g == nil || back.Recv() == nil || !slices.ContainsFunc(b.opsIn[g], func(op operation) bool { return op.class == take.class }) {
			continue
		}
		switch w := b.Variable(back.Recv()); {
		case w == v:
			return true
		case w != nil && !w.IsField():
			other = true
		}
	}
	return !other
}

// mayTake reports whether a method of an interface is called as one that takes a token, and returns nothing
// but leave to go on: enough to be silent, since what it does is unknown.
func (b *Throttles) mayTake(c *syntax.Call) bool {
	return c.Recv() != nil && types.IsInterface(c.Callee.Signature().Recv().Type()) &&
		permits(c.Callee.Signature()) && knowledge.TakesToken(c.Callee.Name())
}

// lends reports whether a call takes something that the function which it returns gives back, as the
// name of either says: release := acquire().
func (b *Throttles) lends(c *syntax.Call) bool {
	if c.Callee != nil && b.Decl(c.Callee) != nil {
		return false
	}
	for _, lhs := range syntax.Assigned(c.Cur) {
		t, ok := typeUnder(b.Info.TypeOf(lhs)).(*types.Signature)
		if !ok || t.Params().Len() > 0 {
			continue
		}
		if knowledge.Lends(types.ExprString(c.Expr.Fun)) || knowledge.Lends(types.ExprString(lhs)) {
			return true
		}
	}
	return false
}

// flushes reports whether a call is of a local closure that waits for a group.
func (b *Throttles) flushes(c *syntax.Call) bool {
	f := b.Target(c.Expr.Fun)
	return f != nil && f.Decl == nil && slices.ContainsFunc(b.Package.Calls(f), func(w *syntax.Call) bool {
		row := b.Catalog.Func(w.Callee)
		return row != nil && row.Role == catalog.Wait
	})
}

// stops reports whether receiving from a channel waits for the end or for time, not for a task.
func (b *Throttles) stops(ch ast.Expr) bool {
	ch = ast.Unparen(ch)
	if b.isTime(ch) {
		return true
	}
	if t, ok := typeUnder(b.Info.TypeOf(ch)).(*types.Chan); ok && !signals(t.Elem()) {
		return false
	}
	switch e := ch.(type) {
	case *ast.CallExpr:
		return true
	case *ast.Ident:
		return knowledge.SaysStop(e.Name)
	case *ast.SelectorExpr:
		return knowledge.SaysStop(e.Sel.Name)
	}
	return false
}

// Polled reports whether a send or receive is a case of a select that has a default.
func Polled(c inspector.Cursor) bool {
	for e := c; ; e = e.Parent() {
		switch e.ParentEdgeKind() {
		case edge.CommClause_Comm:
			sel := e.Parent().Parent().Parent().Node().(*ast.SelectStmt)
			for _, s := range sel.Body.List {
				if s.(*ast.CommClause).Comm == nil {
					return true
				}
			}
			return false
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body, edge.Invalid:
			return false
		}
	}
}

// leavesAfter reports whether the loop is left, on every path, after the spawn.
func (b *Throttles) leavesAfter(site, loop inspector.Cursor) bool {
	stmt, ok := syntax.Stmt(site)
	for ok && syntax.Within(stmt.Node(), loop.Node()) && stmt.Node() != loop.Node() {
		next, more := stmt.NextSibling()
		if !more { // the end of a block: what comes after that
			stmt, ok = syntax.Stmt(stmt.Parent())
			switch stmt.Node().(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return false // a loop in the loop
			}
			continue
		}
		switch n := next.Node().(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			if n.Tok != token.BREAK || n.Label != nil {
				return n.Tok == token.BREAK
			}
			if stmt = broken(next); stmt.Node() == loop.Node() {
				return true
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			return false
		default: // it leaves the loop, or comes to the next
			if goesOn(n) {
				return false
			}
			stmt = next
		}
	}
	return false
}

// broken is the statement that a break without a label leaves.
func broken(at inspector.Cursor) inspector.Cursor {
	for {
		switch at.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return at
		}
		at = at.Parent()
	}
}

// goesOn reports whether a statement may go on with the next turn of the loop around it.
func goesOn(stmt ast.Node) bool {
	on := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			on = on || n.Tok == token.CONTINUE || n.Tok == token.GOTO
		}
		return !on
	})
	return on
}

// acquiresFirst returns where a task takes a token of a limiter from outside before it does
// anything else; nil if it does not.
func (b *Throttles) acquiresFirst(f *syntax.Func, depth int) ast.Node {
	if f == nil || depth > 2 {
		return nil
	}
	for _, s := range b.Inline(f.Body.List) {
		switch s := s.(type) {
		case *ast.DeferStmt, *ast.DeclStmt:
			continue
		case *ast.SendStmt:
			if b.outside(s.Chan, f) && eventOrToken(b.Info.TypeOf(s.Chan)) && b.givenBack(s.Chan, f) {
				return s
			}
			return nil
		case *ast.SelectStmt:
			return b.selectsToken(s, f)
		case *ast.ExprStmt, *ast.AssignStmt, *ast.IfStmt, *ast.SwitchStmt:
			call := firstCall(s)
			if call == nil {
				continue
			}
			c := b.Call(call)
			if c == nil || c.Callee == nil {
				return nil
			}
			if row := b.Catalog.Func(c.Callee); row != nil && row.Role == catalog.Acquire && c.Recv() != nil && b.outside(c.Recv(), f) {
				return call
			}
			if sum := b.Summary(c.Callee); sum != nil && sum.Acquires {
				return call
			}
			if c.Callee.Pkg() == nil || knowledge.Quiet(c.Callee.Pkg().Path()) {
				continue
			}
			return nil
		default:
			return nil
		}
	}
	return nil
}

// selectsToken: select { case sem <- struct{}{}: … case <-ctx.Done(): return }.
func (b *Throttles) selectsToken(s *ast.SelectStmt, f *syntax.Func) ast.Node {
	for _, cl := range s.Body.List {
		if send, ok := cl.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
			if b.outside(send.Chan, f) && eventOrToken(b.Info.TypeOf(send.Chan)) && b.givenBack(send.Chan, f) {
				return s
			}
		}
	}
	return nil
}

// givenBack reports whether a task receives from the channel that it sends to, or hands it on: what
// is only sent is an event, no token.
func (b *Throttles) givenBack(ch ast.Expr, f *syntax.Func) bool {
	return slices.ContainsFunc(b.Var(b.Variable(ch)).Uses, func(u inspector.Cursor) bool {
		if !syntax.Within(u.Node(), f.Node) {
			return false
		}
		for u.ParentEdgeKind() == edge.SelectorExpr_Sel || u.ParentEdgeKind() == edge.ParenExpr_X {
			u = u.Parent()
		}
		if u.ParentEdgeKind() == edge.UnaryExpr_X {
			return u.Parent().Node().(*ast.UnaryExpr).Op == token.ARROW
		}
		return u.ParentEdgeKind() == edge.CallExpr_Args
	})
}

// Token reports whether a channel from outside of a function carries tokens.
func (b *Throttles) Token(ch ast.Expr, f *syntax.Func) bool {
	return b.outside(ch, f) && eventOrToken(b.Info.TypeOf(ch)) && !b.stops(ch)
}

// Empty reports whether a channel's elements hold nothing.
func Empty(t types.Type) bool {
	ch, ok := typeUnder(t).(*types.Chan)
	return ok && syntax.Hollow(ch.Elem())
}

// eventOrToken reports whether a channel carries tokens.
func eventOrToken(t types.Type) bool {
	ch, ok := typeUnder(t).(*types.Chan)
	if !ok {
		return false
	}
	switch u := ch.Elem().Underlying().(type) {
	case *types.Struct:
		return Empty(t)
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsInteger) != 0
	case *types.Interface:
		return u.Empty()
	}
	return false
}

// outside reports whether an expression's variable is declared outside of a function's body.
func (b *Throttles) outside(e ast.Expr, f *syntax.Func) bool {
	v := b.Variable(e)
	return v != nil && (v.IsField() || v.Pos() < f.Body.Pos() || v.Pos() > f.Body.End())
}

// firstCall is the first call in a simple statement, or in the header of an if or a switch.
func firstCall(s ast.Stmt) *ast.CallExpr {
	var roots []ast.Node
	header := func(init ast.Stmt, cond ast.Expr) {
		if init != nil {
			roots = append(roots, init)
		}
		if cond != nil {
			roots = append(roots, cond)
		}
	}
	switch s := s.(type) {
	case *ast.IfStmt:
		header(s.Init, s.Cond)
	case *ast.SwitchStmt:
		header(s.Init, s.Tag)
	default:
		roots = append(roots, s)
	}
	var call *ast.CallExpr
	for _, r := range roots {
		ast.Inspect(r, func(n ast.Node) bool {
			if _, lit := n.(*ast.FuncLit); lit {
				return false
			}
			if c, ok := n.(*ast.CallExpr); ok && call == nil {
				call = c
			}
			return call == nil
		})
		if call != nil {
			break
		}
	}
	return call
}

// tellsEnd reports whether a call after a spawn tells its task to end, by what this iteration made for
// that: close(over), where the task receives from over, or cancel(), where it asks the context.
func (b *Throttles) tellsEnd(c *syntax.Call, s *sites.Spawn, loop inspector.Cursor) bool {
	if s.Body == nil || c.Defer != nil || c.Go != nil {
		return false
	}
	told := b.Variable(c.Expr.Fun)
	if b.Info.Types[c.Expr.Fun].IsBuiltin() && len(c.Expr.Args) == 1 {
		told = b.Variable(c.Expr.Args[0])
	}
	if told == nil || !syntax.Within(loop.Node(), s.Call.In.Node) || told.Pos() < loop.Node().Pos() || told.Pos() > loop.Node().End() {
		return false
	}
	d, ok := b.Only(told)
	if !ok {
		return false
	}
	if _, ch := typeUnder(told.Type()).(*types.Chan); !ch {
		lhs := syntax.Lhs(d.Cur.Node()) // ctx, cancel := context.WithCancel(…)
		if d.Result != 1 || len(lhs) != 2 || !syntax.Is(b.Info.TypeOf(lhs[0]), "context", "Context") {
			return false
		}
		told = b.Variable(lhs[0])
	}
	return told != nil && slices.ContainsFunc(b.Var(told).Uses, func(u inspector.Cursor) bool {
		if !syntax.Within(u.Node(), s.Body.Node) {
			return false
		}
		for u.ParentEdgeKind() == edge.SelectorExpr_X || u.ParentEdgeKind() == edge.CallExpr_Fun || u.ParentEdgeKind() == edge.ParenExpr_X {
			u = u.Parent()
		}
		_, receives := u.Parent().Node().(*ast.UnaryExpr)
		return receives || u.ParentEdgeKind() == edge.RangeStmt_X
	})
}

// permits reports whether all that a function returns is whether its caller may go on, and how to give
// that back.
func permits(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		switch t := v.Type().Underlying().(type) {
		case *types.Signature:
		case *types.Basic:
			if t.Kind() != types.Bool {
				return false
			}
		default:
			if !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
				return false
			}
		}
	}
	return true
}

// signals reports whether values of a type say that something is so, and no more.
func signals(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature, *types.Interface:
		return true // whom to answer; a signal of the operating system, an error, anything
	case *types.Basic:
		return u.Kind() == types.Bool || u.Info()&types.IsInteger != 0
	}
	return syntax.Hollow(t)
}

// asksForEnd reports whether a receive asks whether the channel has been closed: one of tokens is not.
func asksForEnd(receive inspector.Cursor) bool {
	as, ok := syntax.Outer(receive).Parent().Node().(*ast.AssignStmt)
	return ok && len(as.Lhs) == 2 && len(as.Rhs) == 1
}
