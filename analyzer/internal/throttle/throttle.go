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

// waits says what in a region keeps what it starts from piling up.
type waits struct{ *Throttles }

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
	t := b.waits.around(s, f.Region, f.Site, true)
	if t.Kind != NoThrottle {
		return t
	}
	if _, loop := f.Region.Node().(ast.Stmt); loop && b.waits.leavesAfter(f.Site, f.Region) {
		return Throttle{Kind: Throttled, Node: f.Site.Node(), Why: "the loop exits after it"}
	}
	if at := b.rooms.endsCalls(s, f); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "it is called until there is no room"}
	}
	if at := b.rooms.room(s, f.Region, f.Site); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "it starts only while there is room"}
	}
	if in := s.Call.In; in != nil && b.waits.sameReceiver(f, in) { // the loop is that of a caller
		if at := b.rooms.room(s, body(in.Cur), s.Cur); at != nil {
			return Throttle{Kind: Throttled, Node: at, Why: "it starts only while there is room"}
		}
	}
	if at := b.waits.piped(s, f); at != nil {
		return Throttle{Kind: Throttled, Node: at, Why: "what it writes is read in the same iteration"}
	}
	return Throttle{}
}

// sameReceiver reports whether a loop calls a method of one value at each turn.
func (b waits) sameReceiver(f number.Factor, method *syntax.Func) bool {
	call, ok := f.Site.Node().(*ast.CallExpr)
	if !ok || method.Decl == nil || method.Sig.Recv() == nil {
		return false
	}
	c := b.Call(call)
	return c != nil && b.Decl(c.Callee) == method && c.Recv() != nil && !b.rooms.ofTurn(c.Recv(), f.Region)
}

// Inside is where a task takes a token before it does anything else, nil if it does not.
func (b *Throttles) Inside(s *sites.Spawn) ast.Node {
	if in := b.tokens.acquiresFirst(s.Body, 0); in != nil {
		return in
	}
	if sum := b.Summary(s.Callee); sum != nil && sum.Limiter {
		return s.Call.Expr
	}
	return nil
}

// Before reports whether a token is taken before a spawn, in a function around it.
func (b *Throttles) Before(s *sites.Spawn, f *syntax.Func) bool {
	return b.waits.around(s, f.Cur, s.Cur, false).Kind == Throttled
}

// Waited reports whether a function around a spawn waits after it, so that what it starts is gone when
// it returns.
func (b *Throttles) Waited(s *sites.Spawn, f *syntax.Func) bool {
	for _, c := range f.Calls {
		if row := b.Catalog.Func(c.Callee); c.Defer != nil && row != nil && row.Role == catalog.Wait {
			return true
		}
	}
	return b.waits.around(s, f.Cur, s.Cur, true).Kind == Throttled
}

// around looks at what is done in a region before a site and, if asked, what is waited for after it.
func (b waits) around(s *sites.Spawn, region, site inspector.Cursor, after bool) Throttle {
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
		case *ast.CommClause:
			if entered {
				body = n.Body
			}
		}
		entered = c.ParentEdgeKind() == edge.CaseClause_Body || c.ParentEdgeKind() == edge.CommClause_Body
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
func (b waits) throttles(s *sites.Spawn, c, region, site inspector.Cursor, before bool) Throttle {
	switch n := c.Node().(type) {
	case *ast.SendStmt:
		if !before || b.passedBy(c, site) {
			return Throttle{}
		}
		return b.tokens.token(s, n.Chan, resource.Send, n, region, false)
	case *ast.UnaryExpr:
		// A receive before the spawn takes a token, one after it waits for the task; a select
		// with a default does neither.
		if n.Op != token.ARROW || b.passedBy(c, site) || asksForEnd(c) {
			return Throttle{}
		}
		return b.tokens.token(s, n.X, resource.Receive, n, region, false)
	case *ast.RangeStmt:
		if _, ok := typeUnder(b.Info.TypeOf(n.X)).(*types.Chan); ok && !before {
			return b.tokens.token(s, n.X, resource.Receive, n, region, false)
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
func (b waits) passedBy(op, site inspector.Cursor) bool {
	if !Polled(op) {
		return false
	}
	for c := op; ; c = c.Parent() {
		if clause, ok := c.Node().(*ast.CommClause); ok {
			return !syntax.Within(site.Node(), clause)
		}
	}
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
	class := b.tokens.graph().Class(t.Token)
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
		return b.waits.madeIn(t.Token, around)
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

// Tokens is the one call that makes what a token is taken of, and how many tasks can have one at a time; nil if that
// is not seen.
func (b *Throttles) Tokens(t Throttle) (made *ast.CallExpr, n number.Number) {
	if t.Kind != Throttled || t.Token == nil {
		return nil, number.Number{}
	}
	class := b.tokens.graph().Class(t.Token)
	if class == nil || len(class.Makers()) != 1 {
		return nil, number.Number{}
	}
	m := class.Makers()[0]
	made, ok := m.Cur.Node().(*ast.CallExpr)
	if !ok {
		return nil, number.Number{}
	}
	size := b.tokens.capacity(m)
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

func typeUnder(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (b waits) throttlesCall(s *sites.Spawn, c *syntax.Call, region inspector.Cursor, before bool) Throttle {
	yes := Throttle{Kind: Throttled, Node: c.Expr, Why: "it is waited for"}
	if c.Defer != nil || c.Go != nil {
		return Throttle{}
	}
	if before && b.tokens.lends(c) || b.tokens.flushes(c) {
		return yes
	}
	if before {
		if t := b.tokens.takes(s, c, region, 0); t.Kind != NoThrottle {
			return t
		}
	} else if b.tokens.receives(s, c) {
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
		if sum.Acquires && before && (b.Decl(c.Callee) == nil || b.tokens.gated(b.Decl(c.Callee))) {
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
	if before && (b.tokens.mayTake(c) || slices.ContainsFunc(b.numbers.Runnable(c), b.tokens.gate)) {
		return Throttle{Kind: Throttled, Node: c.Expr, Why: c.Callee.Name() + " may acquire a token"}
	}
	return Throttle{}
}

// madeIn reports whether what an expression holds is made anew in each turn of a region, and not only
// called by another name there: sem := p.small.
func (b waits) madeIn(e ast.Expr, region inspector.Cursor) bool {
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

// stops reports whether receiving from a channel waits for the end or for time, not for a task.
func (b waits) stops(ch ast.Expr) bool {
	ch = ast.Unparen(ch)
	if b.workers.isTime(ch) {
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
func (b waits) leavesAfter(site, loop inspector.Cursor) bool {
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

// Token reports whether a channel from outside of a function carries tokens.
func (b *Throttles) Token(ch ast.Expr, f *syntax.Func) bool {
	return b.waits.outside(ch, f) && eventOrToken(b.Info.TypeOf(ch)) && !b.waits.stops(ch)
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
	if _, any := ch.Elem().(*types.TypeParam); any {
		return false // what a caller chooses to send
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
func (b waits) outside(e ast.Expr, f *syntax.Func) bool {
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
func (b waits) tellsEnd(c *syntax.Call, s *sites.Spawn, loop inspector.Cursor) bool {
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
