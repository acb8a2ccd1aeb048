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
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// tokens says what takes a token, and whether it is given back.
type tokens struct{ *Throttles }

// token judges an operation on a channel: it takes a token if the task gives it back, by the opposite
// operation on the same channel, or a channel that may be the same. What nobody can follow may be one, and
// what a helper waits for that nothing is sent to.
func (b tokens) token(s *sites.Spawn, ch ast.Expr, take resource.OpKind, at ast.Node, region inspector.Cursor, waits bool) Throttle {
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

// capacity is how many a channel is made for, or nil.
func (b tokens) capacity(m *resource.Op) ast.Expr {
	call, ok := m.Cur.Node().(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	return call.Args[1]
}

// gives reports whether a task does the opposite of an operation on a channel, and whether all that it
// does is known.
func (b tokens) gives(s *sites.Spawn, class *resource.Class, take resource.OpKind) (back, known bool) {
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
func (b tokens) taskOf(s *sites.Spawn) *syntax.Func { return s.Body }

// inTask reports whether a function runs in a task: it is its literal, or one that the spawn is given,
// or is called by it.
func (b tokens) inTask(s *sites.Spawn, task, f *syntax.Func) bool {
	if syntax.Within(f.Node, s.Call.Expr) {
		return true
	}
	return task != nil && b.numbers.MayLead(task, f)
}

// graph is the picture of the package's channels, with the operations of each function.
func (b tokens) graph() *resource.Graph {
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

// gate reports whether a function that a call may run takes a token with no channel.
func (b tokens) gate(f *syntax.Func) bool {
	sum := b.Summary(f.Decl)
	return sum != nil && sum.Acquires && b.gated(f)
}

// gated reports whether a function of this package waits for a condition, with no channel: takes does
// not see that.
func (b tokens) gated(f *syntax.Func) bool {
	return slices.ContainsFunc(b.Package.Calls(f), func(w *syntax.Call) bool {
		return w.Callee != nil && (w.Callee.FullName() == "(*sync.Cond).Wait" || b.Catalog.Func(w.Callee) != nil)
	})
}

// takes reports whether a function of this package, called before a spawn, takes a token that the task
// gives back; of several that a call may run, any.
func (b tokens) takes(s *sites.Spawn, c *syntax.Call, region inspector.Cursor, depth int) Throttle {
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

func (b tokens) takesIn(s *sites.Spawn, f *syntax.Func, c *syntax.Call, region inspector.Cursor, depth int) Throttle {
	if s.Body == f {
		return Throttle{}
	}
	for _, op := range b.takings(f) {
		if op.Kind == resource.Use {
			return taken(c.Expr)
		}
		ch := op.Channel()
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
func (b tokens) receives(s *sites.Spawn, c *syntax.Call) bool {
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

// takings are the operations by which a function may take something that it does not give back before it returns.
func (b tokens) takings(f *syntax.Func) []operation {
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
func (b tokens) balanced(f *syntax.Func, take operation) bool {
	for _, fn := range append([]*syntax.Func{f}, f.Lits...) {
		for _, op := range b.opsIn[fn] {
			if op.class == take.class && opposite(take, op) && (fn != f || op.Deferred() || Undoes(op.Cur, take.Cur)) {
				return true
			}
		}
	}
	return false
}

// sameHolder reports whether the task gives back to the value that a call takes from, as far as that can
// be told: l.get() and l.put(b), not m.put(b).
func (b tokens) sameHolder(s *sites.Spawn, c *syntax.Call, take operation) bool {
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
func (b tokens) mayTake(c *syntax.Call) bool {
	return c.Recv() != nil && types.IsInterface(c.Callee.Signature().Recv().Type()) &&
		permits(c.Callee.Signature()) && knowledge.TakesToken(c.Callee.Name())
}

// lends reports whether a call takes something that the function which it returns gives back, as the
// name of either says: release := acquire().
func (b tokens) lends(c *syntax.Call) bool {
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
func (b tokens) flushes(c *syntax.Call) bool {
	f := b.Target(c.Expr.Fun)
	return f != nil && f.Decl == nil && slices.ContainsFunc(b.Package.Calls(f), func(w *syntax.Call) bool {
		row := b.Catalog.Func(w.Callee)
		return row != nil && row.Role == catalog.Wait
	})
}

// acquiresFirst returns where a task takes a token of a limiter from outside before it does
// anything else; nil if it does not.
func (b tokens) acquiresFirst(f *syntax.Func, depth int) ast.Node {
	if f == nil || depth > 2 {
		return nil
	}
	for _, s := range b.Inline(f.Body.List) {
		switch s := s.(type) {
		case *ast.DeferStmt, *ast.DeclStmt:
			continue
		case *ast.SendStmt:
			if b.waits.outside(s.Chan, f) && eventOrToken(b.Info.TypeOf(s.Chan)) && b.givenBack(s.Chan, f) {
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
			if row := b.Catalog.Func(c.Callee); row != nil && row.Role == catalog.Acquire && c.Recv() != nil && b.waits.outside(c.Recv(), f) {
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
func (b tokens) selectsToken(s *ast.SelectStmt, f *syntax.Func) ast.Node {
	for _, cl := range s.Body.List {
		if send, ok := cl.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
			if b.waits.outside(send.Chan, f) && eventOrToken(b.Info.TypeOf(send.Chan)) && b.givenBack(send.Chan, f) {
				return s
			}
		}
	}
	return nil
}

// givenBack reports whether a task receives from the channel that it sends to, or hands it on: what
// is only sent is an event, no token.
func (b tokens) givenBack(ch ast.Expr, f *syntax.Func) bool {
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
		call, given := u.Parent().Node().(*ast.CallExpr)
		return given && u.ParentEdgeKind() == edge.CallExpr_Args && !b.Info.Types[call.Fun].IsBuiltin()
	})
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
