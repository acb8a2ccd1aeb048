package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Throttle is what keeps the tasks of a loop from all existing at once.
type Throttle struct {
	Kind ThrottleKind
	Node ast.Node // the token taken, the wait
	Why  string
}

// ThrottleKind is the kind of a Throttle.
type ThrottleKind uint8

const (
	NoThrottle ThrottleKind = iota
	Throttled               // a token before the spawn, a wait in the iteration, a budget, or what may be one
	Inside                  // a token, but taken by the task itself: all tasks exist at once
	TooWide                 // a semaphore with as many tokens as there are tasks
)

// Throttle looks for what throttles a spawn in a loop around it.
func (b *Bounds) Throttle(s *sites.Spawn, loop inspector.Cursor) Throttle {
	t := b.around(s, loop, true)
	if t.Kind == Throttled {
		return t
	}
	if b.leavesAfter(s, loop) {
		return Throttle{Kind: Throttled, Node: s.Call.Expr, Why: "leaves the loop"}
	}
	if t.Kind != NoThrottle {
		return t
	}
	if in := b.acquiresFirst(s.Body, 0); in != nil {
		return Throttle{Kind: Inside, Node: in}
	}
	if sum := b.Summary(s.Callee); sum != nil && sum.Limiter {
		return Throttle{Kind: Inside, Node: s.Call.Expr}
	}
	return Throttle{}
}

// Inside reports whether a task takes a token before it does anything else.
func (b *Bounds) Inside(s *sites.Spawn) bool { return b.acquiresFirst(s.Body, 0) != nil }

// Before reports whether a token is taken before a spawn, in a function around it.
func (b *Bounds) Before(s *sites.Spawn, f *syntax.Func) bool {
	return b.around(s, f.Cur, false).Kind == Throttled
}

// Waited reports whether a function around a spawn waits after it, so that what it starts is gone when
// it returns.
func (b *Bounds) Waited(s *sites.Spawn, f *syntax.Func) bool {
	for _, c := range f.Calls {
		if row := b.Catalog.Func(c.Callee); c.Defer != nil && row != nil && row.Role == catalog.Wait {
			return true
		}
	}
	return b.around(s, f.Cur, true).Kind == Throttled
}

// around looks at what is done before the spawn and, if asked, what is waited for after it.
func (b *Bounds) around(s *sites.Spawn, outer inspector.Cursor, after bool) Throttle {
	var wide Throttle
	for c := range outer.Preorder(
		(*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil), (*ast.IfStmt)(nil),
		(*ast.CaseClause)(nil), (*ast.RangeStmt)(nil)) {
		n := c.Node()
		before := n.Pos() < s.Call.Expr.Pos()
		if n == outer.Node() || !before && !after || s.Task != nil && within(n, s.Task) || b.FuncAt(c) != s.Call.In {
			continue
		}
		if b.drives(outer, n) || leavesBeside(c, outer, s.Call.Expr) {
			continue
		}
		for _, branch := range syntax.Branches(c) {
			if branch.Has(s.Call.Expr) && b.room(branch) || before && b.budget(branch) {
				return Throttle{Kind: Throttled, Node: n}
			}
		}
		if call, ok := n.(*ast.CallExpr); ok && (before && b.recycles(b.Call(call), s) || !before && b.tellsEnd(b.Call(call), s, outer)) {
			return Throttle{Kind: Throttled, Node: n}
		}
		switch t := b.throttles(c, before); t.Kind {
		case Throttled:
			return t
		case TooWide:
			wide = t
		}
	}
	return wide
}

func within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// drives reports whether a receive is the one that an endless loop goes over: it takes an element,
// no token.
func (b *Bounds) drives(loop inspector.Cursor, n ast.Node) bool {
	f, ok := loop.Node().(*ast.ForStmt)
	if _, receive := n.(*ast.UnaryExpr); !ok || !receive {
		return false
	}
	as, _ := b.receives(f)
	return as != nil && within(n, as)
}

// leavesBeside reports whether a node stands on a path that leaves the loop before it comes to the
// spawn, or after: what is waited for there is waited for once.
//
//	if err != nil { return errors.Join(err, g.Wait()) }
func leavesBeside(c, loop inspector.Cursor, spawn ast.Node) bool {
	entered := false // from the body of a case, not from its condition
	for ; c.Node() != loop.Node(); c = c.Parent() {
		if within(spawn, c.Node()) {
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
			if _, returns := body[len(body)-1].(*ast.ReturnStmt); returns {
				return true
			}
		}
	}
	return false
}

// throttles judges one node of an iteration, before or after the spawn.
func (b *Bounds) throttles(c inspector.Cursor, before bool) Throttle {
	n := c.Node()
	yes := Throttle{Kind: Throttled, Node: n}
	switch n := n.(type) {
	case *ast.SendStmt:
		if !before {
			return Throttle{}
		}
		if b.capacityOpen(n.Chan) {
			return Throttle{Kind: TooWide, Node: n}
		}
		return yes
	case *ast.UnaryExpr:
		// A receive before the spawn takes a token, one after it waits for the task; a select
		// with a default does neither.
		if n.Op == token.ARROW && !b.stops(n.X) && !polled(c) {
			return yes
		}
	case *ast.RangeStmt:
		if _, ok := typeUnder(b.Info.TypeOf(n.X)).(*types.Chan); ok && !before {
			return yes
		}
	case *ast.CallExpr:
		return b.throttlesCall(b.Call(n), before)
	}
	return Throttle{}
}

func typeUnder(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func (b *Bounds) throttlesCall(c *syntax.Call, before bool) Throttle {
	yes := Throttle{Kind: Throttled, Node: c.Expr}
	if c.Defer != nil || c.Go != nil {
		return Throttle{}
	}
	if before && (b.lends(c) || b.takes(c)) || b.flushes(c) {
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
			}
			return yes
		}
		return Throttle{}
	}
	if b.Unheard(c.Callee) {
		return yes // for all that is known
	}
	if sum := b.Summary(c.Callee); sum != nil {
		if sum.Acquires && before {
			return yes
		}
		for _, p := range sum.Params {
			if p.Use&summary.Awaits != 0 && !before {
				return yes
			}
		}
	}
	if before && b.takesToken(c.Callee) {
		return yes
	}
	return Throttle{}
}

// lends reports whether a call takes something that the function which it returns gives back, by the
// name of either: release := acquire(). What the context package returns gives nothing back.
func (b *Bounds) lends(c *syntax.Call) bool {
	if c.Callee != nil && b.Decl(c.Callee) != nil {
		return false
	}
	for _, lhs := range syntax.Assigned(c.Cur) {
		t, ok := typeUnder(b.Info.TypeOf(lhs)).(*types.Signature)
		if !ok || t.Params().Len() > 0 {
			continue
		}
		for _, w := range syntax.Words(types.ExprString(c.Expr.Fun) + " " + types.ExprString(lhs)) {
			switch w {
			case "acquire", "release", "enter", "leave", "permit", "token", "slot", "unlock":
				return true
			}
		}
	}
	return false
}

// recycles reports whether a call of this package receives what the task gives back to the same value:
// buf := free.get(), and in the task free.put(buf). There are as many tasks as buffers.
func (b *Bounds) recycles(c *syntax.Call, s *sites.Spawn) bool {
	take := b.Decl(c.Callee)
	if take == nil || c.Recv() == nil || s.Body == nil {
		return false
	}
	list := b.Variable(c.Recv())
	receives := false
	for r := range take.Cur.Preorder((*ast.UnaryExpr)(nil)) {
		receives = receives || r.Node().(*ast.UnaryExpr).Op == token.ARROW && !polled(r) && b.FuncAt(r) == take
	}
	return list != nil && receives && slices.ContainsFunc(b.Package.Calls(s.Body), func(back *syntax.Call) bool {
		give := b.Decl(back.Callee)
		if give == nil || back.Recv() == nil || b.Variable(back.Recv()) != list {
			return false
		}
		for range give.Cur.Preorder((*ast.SendStmt)(nil)) {
			return true
		}
		return false
	})
}

// tellsEnd reports whether a call after a spawn tells its task to end, by what this iteration made for
// that: close(over), where the task receives from over, or cancel(), where it asks the context.
func (b *Bounds) tellsEnd(c *syntax.Call, s *sites.Spawn, loop inspector.Cursor) bool {
	if s.Body == nil || c.Defer != nil || c.Go != nil {
		return false
	}
	told := b.Variable(c.Expr.Fun)
	if b.Info.Types[c.Expr.Fun].IsBuiltin() && len(c.Expr.Args) == 1 {
		told = b.Variable(c.Expr.Args[0])
	}
	if told == nil || !within(loop.Node(), s.Call.In.Node) || told.Pos() < loop.Node().Pos() || told.Pos() > loop.Node().End() {
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
		if !within(u.Node(), s.Body.Node) {
			return false
		}
		for u.ParentEdgeKind() == edge.SelectorExpr_X || u.ParentEdgeKind() == edge.CallExpr_Fun || u.ParentEdgeKind() == edge.ParenExpr_X {
			u = u.Parent()
		}
		_, receives := u.Parent().Node().(*ast.UnaryExpr)
		return receives || u.ParentEdgeKind() == edge.RangeStmt_X
	})
}

// flushes reports whether a call is of a local closure that waits for a group.
func (b *Bounds) flushes(c *syntax.Call) bool {
	f := b.Target(c.Expr.Fun)
	return f != nil && f.Decl == nil && slices.ContainsFunc(b.Package.Calls(f), func(w *syntax.Call) bool {
		row := b.Catalog.Func(w.Callee)
		return row != nil && row.Role == catalog.Wait
	})
}

// takes reports whether a call is of a local closure that takes a token and keeps it.
func (b *Bounds) takes(c *syntax.Call) bool {
	f := b.Target(c.Expr.Fun)
	if f == nil || f.Decl != nil {
		return false
	}
	took := false
	for u := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
		switch n := u.Node().(type) {
		case *ast.SendStmt:
			took = took || b.inPlace(u, f) && b.Token(n.Chan, f)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && b.Token(n.X, f) {
				return false // gives it back
			}
		case *ast.CallExpr:
			row := b.Catalog.Func(b.Call(n).Callee)
			took = took || row != nil && row.Role == catalog.Acquire && b.inPlace(u, f)
			if row != nil && row.Role == catalog.Release {
				return false
			}
		}
	}
	return took
}

// takesToken recognises a limiter that nobody described, by its name and by what it can be: a method
// that hands out nothing but leave to go on, and whose body, where there is one, can wait for that.
// Enough to be silent, since what it does is unknown. A rate limiter bounds a rate, not what is in
// flight.
func (b *Bounds) takesToken(f *types.Func) bool {
	if f.Pkg() != nil {
		switch f.Pkg().Path() {
		case "golang.org/x/time/rate", "go.uber.org/ratelimit", "github.com/juju/ratelimit":
			return false
		}
	}
	if f.Signature().Recv() == nil || !permits(f.Signature()) || !b.mayWait(b.Decl(f)) {
		return false
	}
	takes, holds := false, false
	ws := split(f.Name())
	for _, w := range ws {
		switch w {
		case "acquire", "reserve", "throttle", "limit":
			return true
		case "take", "get", "claim", "wait", "use":
			takes = true
		case "token", "slot", "permit":
			holds = true
		}
	}
	if len(ws) == 1 {
		return slices.Contains([]string{"take", "allow", "wait"}, ws[0])
	}
	return takes && holds
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

// mayWait reports whether a body communicates or calls anything; one in another package may.
func (b *Bounds) mayWait(f *syntax.Func) bool {
	if f == nil {
		return true
	}
	for range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.SelectStmt)(nil)) {
		return true
	}
	for c := range f.Cur.Preorder((*ast.UnaryExpr)(nil)) {
		if c.Node().(*ast.UnaryExpr).Op == token.ARROW {
			return true
		}
	}
	return slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		tv := b.Info.Types[c.Expr.Fun]
		return !tv.IsBuiltin() && !tv.IsType()
	})
}

// inPlace reports whether a node is in f itself, or in literals that are called where they stand.
func (b *Bounds) inPlace(c inspector.Cursor, f *syntax.Func) bool {
	at := b.FuncAt(c)
	for at != nil && at != f && at.Decl == nil && at.Cur.ParentEdgeKind() == edge.CallExpr_Fun {
		at = at.Outer
	}
	return at == f
}

// stops reports whether receiving from a channel waits for the end or for time, not for a task: by the
// name of a channel whose elements are no data.
func (b *Bounds) stops(ch ast.Expr) bool {
	ch = ast.Unparen(ch)
	t, ok := typeUnder(b.Info.TypeOf(ch)).(*types.Chan)
	if ok && syntax.Is(t.Elem(), "time", "Time") {
		return true
	}
	if ok && !signals(t.Elem()) {
		return false
	}
	name := ""
	switch e := ch.(type) {
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok {
			name = s.Sel.Name
		}
	case *ast.Ident:
		name = e.Name
	case *ast.SelectorExpr:
		name = e.Sel.Name
	}
	for _, w := range syntax.Words(name) {
		for _, end := range []string{"stop", "quit", "exit", "clos", "shutdown", "cancel", "abort", "kill", "term"} {
			if strings.HasPrefix(w, end) || strings.HasSuffix(w, end) {
				return true
			}
		}
	}
	_, call := ch.(*ast.CallExpr)
	name = strings.ToLower(name)
	return call && strings.HasPrefix(name, "done") || name == "ctxdone"
}

// signals reports whether values of a type say that something is so, and no more.
func signals(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature, *types.Interface:
		return true // whom to answer; a signal of the operating system, an error, anything
	case *types.Basic:
		return u.Kind() == types.Bool || u.Info()&types.IsInteger != 0
	}
	return hollow(t)
}

// polled reports whether a receive is a case of a select that has a default.
func polled(c inspector.Cursor) bool {
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

// budget recognises a check that leaves or skips when there is enough:
//
//	if inflight >= limit { break }
func (b *Bounds) budget(branch syntax.Branch) bool {
	jump, jumps := branch.Last().(*ast.BranchStmt)
	if _, returns := branch.Last().(*ast.ReturnStmt); !jumps && !returns {
		return false
	}
	found := false
	ast.Inspect(branch.Cond, func(m ast.Node) bool {
		cmp, ok := m.(*ast.BinaryExpr)
		if !ok {
			return true
		}
		x, _, same := branch.When(cmp).Compares(token.EQL)
		switch {
		case cmp.Op == token.GEQ, cmp.Op == token.GTR, cmp.Op == token.LSS, cmp.Op == token.LEQ:
		case same: // if i == max { break }
			if jumps && jump.Tok == token.CONTINUE || !b.counts(x) {
				return true
			}
		default:
			return true
		}
		t := b.Info.TypeOf(cmp.X)
		if t == nil || !isInteger(t) {
			return true
		}
		for _, e := range []ast.Expr{cmp.X, cmp.Y} {
			if s := b.Size(e); s.Kind == Const && s.Value <= 1 {
				return true
			}
		}
		found = true
		return false
	})
	return found
}

// room recognises a check, around a spawn, that there is still room for it:
//
//	if inflight < limit { go … }
func (b *Bounds) room(branch syntax.Branch) bool {
	if both, ok := branch.Cond.(*ast.BinaryExpr); ok && both.Op == token.LAND && branch.Is {
		return b.room(branch.When(both.X)) || b.room(branch.When(both.Y))
	}
	for _, op := range []token.Token{token.LSS, token.LEQ, token.GTR, token.GEQ} {
		small, large, ok := branch.Compares(op)
		if op == token.GTR || op == token.GEQ {
			small, large = large, small
		}
		if ok && b.tallies(small) && b.Size(large).Kind != Length {
			return true
		}
	}
	return false
}

// tallies reports whether an integer is counted up and down: an atomic, or a variable with n++.
func (b *Bounds) tallies(e ast.Expr) bool {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		f := b.FuncObj(call.Fun)
		return f != nil && f.Pkg() != nil && f.Pkg().Path() == "sync/atomic"
	}
	v := b.Variable(e)
	return v != nil && isInteger(v.Type()) && slices.ContainsFunc(b.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Update })
}

// counts reports whether an expression is a variable that a loop counts with.
func (b *Bounds) counts(e ast.Expr) bool {
	v := b.Variable(e)
	if v == nil || v.IsField() {
		return false
	}
	for _, d := range b.Var(v).Defs {
		if d.Kind == syntax.RangeKey || d.Kind == syntax.Update {
			return true
		}
	}
	return false
}

// leavesAfter reports whether the loop is left right after the spawn.
func (b *Bounds) leavesAfter(s *sites.Spawn, loop inspector.Cursor) bool {
	stmt, ok := syntax.Stmt(s.Cur)
	if !ok {
		return false
	}
	for {
		next, ok := stmt.NextSibling()
		if !ok { // the end of a block: what comes after that
			around, ok := syntax.Stmt(stmt.Parent())
			if !ok || around.Node() == loop.Node() || !within(around.Node(), loop.Node()) {
				return false
			}
			switch around.Node().(type) {
			case *ast.ForStmt, *ast.RangeStmt:
				return false // a loop in the loop
			}
			stmt = around
			continue
		}
		switch n := next.Node().(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return n.Tok == token.BREAK
		case *ast.ExprStmt, *ast.AssignStmt, *ast.IncDecStmt:
			stmt = next
			continue
		}
		break
	}
	return false
}

// capacityOpen reports whether a channel is made with room for all of a collection.
func (b *Bounds) capacityOpen(ch ast.Expr) bool {
	v := b.Variable(ch)
	if v == nil {
		return false
	}
	d, ok := b.Only(v)
	if !ok || d.Expr == nil {
		return false
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return false
	}
	if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "make" {
		return false
	}
	s := b.Size(call.Args[1])
	return s.Kind == Length && b.Open(s.Of)
}

// acquiresFirst returns where a task takes a token of a limiter from outside before it does
// anything else; nil if it does not.
func (b *Bounds) acquiresFirst(f *syntax.Func, depth int) ast.Node {
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
			if quiet(c.Callee) {
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
func (b *Bounds) selectsToken(s *ast.SelectStmt, f *syntax.Func) ast.Node {
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
func (b *Bounds) givenBack(ch ast.Expr, f *syntax.Func) bool {
	return slices.ContainsFunc(b.Var(b.Variable(ch)).Uses, func(u inspector.Cursor) bool {
		if !within(u.Node(), f.Node) {
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
func (b *Bounds) Token(ch ast.Expr, f *syntax.Func) bool {
	return b.outside(ch, f) && eventOrToken(b.Info.TypeOf(ch)) && !b.stops(ch)
}

// Empty reports whether a channel's elements hold nothing.
func Empty(t types.Type) bool {
	ch, ok := typeUnder(t).(*types.Chan)
	return ok && hollow(ch.Elem())
}

// hollow reports whether a value holds nothing: struct{}.
func hollow(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
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
func (b *Bounds) outside(e ast.Expr, f *syntax.Func) bool {
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

// quiet reports whether a call is only bookkeeping: logging, counters, context.
func quiet(f *types.Func) bool {
	if f.Pkg() == nil {
		return true
	}
	switch f.Pkg().Path() {
	case "log", "log/slog", "fmt", "context", "sync/atomic", "time", "sync":
		return true
	}
	return false
}
