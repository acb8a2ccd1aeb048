package infer

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
	"github.com/poollint/poollint/analyzer/internal/throttle"
)

// tasks summarises one function.
type tasks struct {
	*sites.Package
	n *number.Numbers
	b *throttle.Throttles
	f *syntax.Func
	s *summary.Func
}

func (t *tasks) run() {
	t.s.Worker = t.b.WorkerBody(t.f, 1)
	t.s.Acquires = t.acquires()
	for i, v := range params(t.f.Sig) {
		switch v.Type().Underlying().(type) {
		case *types.Signature:
			t.task(i, v)
		case *types.Slice, *types.Map, *types.Chan:
			t.elements(i, v)
		}
		if t.Catalog.Type(v.Type()) != nil || t.Bounds(v.Type()) != nil {
			t.executor(i, v)
		}
		if group := t.GroupField(v.Type()); group != nil && i == summary.Receiver && t.StartsIn(t.f, group) {
			t.param(i).Spawns = true
		}
	}
	t.results()
	t.lengths()
}

// params yields the receiver and the parameters by their summary index.
func params(sig *types.Signature) func(func(int8, *types.Var) bool) {
	return func(yield func(int8, *types.Var) bool) {
		if r := sig.Recv(); r != nil && !yield(summary.Receiver, r) {
			return
		}
		for i := range sig.Params().Len() {
			if !yield(int8(i), sig.Params().At(i)) {
				return
			}
		}
	}
}

func (t *tasks) param(i int8) *summary.Param {
	if p := t.s.Param(int(i)); p != nil {
		return p
	}
	t.s.Params = append(t.s.Params, summary.Param{Index: i, By: summary.NoParam})
	return &t.s.Params[len(t.s.Params)-1]
}

// task tells who runs a parameter that is a function: the spawn that gets it as its task, or whose
// task calls it.
func (t *tasks) task(i int8, v *types.Var) {
	best := summary.NotRun
	why := ""
	for _, s := range t.spawnsWithin(t.f) {
		if !t.runs(s, v) {
			continue
		}
		got, because := t.throttled(s)
		if got > summary.Bounded && s.Call.In == t.f && !(got == summary.ByExecutor && t.ownTokens()) && t.b.Waited(s, t.f) {
			got, because = summary.Bounded, "waits for what it starts"
		}
		if got > best {
			best, why = got, because
		}
	}
	if best == summary.NotRun && slices.ContainsFunc(t.Handed(t.f), func(send inspector.Cursor) bool { return t.Runs(send.Node().(*ast.SendStmt).Value, v) }) {
		best, why = summary.Bounded, "hands it to workers"
	}
	if best == summary.NotRun && t.CallsVar(t.f, v) {
		best = summary.Called
	}
	if best != summary.NotRun {
		p := t.param(i)
		p.Task, p.Why = best, why
		if best == summary.Called {
			if x := t.n.Runs(v, nil); x.Kind == number.Grows {
				p.Each = uint8(x.Origin)
			}
		}
	}
}

// spawnsWithin lists the spawns of a function and of the literals in it.
func (t *tasks) spawnsWithin(f *syntax.Func) []*sites.Spawn {
	all := t.SpawnsIn(f)
	for _, l := range f.Lits {
		all = append(all[:len(all):len(all)], t.spawnsWithin(l)...)
	}
	return all
}

// runs reports whether a spawn's task is v, or calls it.
func (t *tasks) runs(s *sites.Spawn, v *types.Var) bool {
	if s.Task == nil {
		return false
	}
	return t.Runs(s.Task, v) || s.Go() && s.Call.Callee != nil && t.Passes(s.Call, v) // go run(f)
}

// throttled tells whether the tasks of a spawn are bounded, for one call of the function around
// it after another, and why: what the function does, without a place, which would change with each
// edit of the file.
func (t *tasks) throttled(s *sites.Spawn) (got summary.Task, why string) {
	got, why = t.started(s)
	switch {
	case got == summary.Bounded:
	case t.b.Before(s, s.Call.In):
		if t.ownTokens() {
			return summary.ByExecutor, ""
		}
		return summary.Bounded, "acquires a token first"
	case got == summary.Unbounded && t.b.Inside(s) != nil:
		return summary.Undecided, "" // a pool in its author's eyes, though its goroutines all exist
	}
	return got, why
}

// started tells what the executor of a spawn does about the number of its tasks.
func (t *tasks) started(s *sites.Spawn) (got summary.Task, why string) {
	switch {
	case s.Go():
		if sum := t.Summary(s.Call.Callee); t.Unheard(s.Call.Callee) || s.Body == nil && sum != nil && sum.Limiter {
			return summary.Undecided, ""
		}
		return summary.Unbounded, "starts a goroutine each time"
	case s.Via != nil && s.Via.Task != summary.ByExecutor:
		return s.Via.Task, s.Via.Why
	case s.Row != nil && s.Row.Bound.From == catalog.Unlimited:
		return summary.Unbounded, "starts a goroutine each time"
	case s.Pool == nil:
		return summary.Undecided, ""
	}
	if recv := t.f.Sig.Recv(); recv != nil && t.Variable(s.Pool) == t.Bounds(recv.Type()) && t.fieldOf(s.Pool, recv) && t.b.Varies(recv.Type()) {
		return summary.ByExecutor, ""
	}
	switch l := t.b.Limit(s.Pool); {
	case l.State == summary.Limited:
		return summary.Bounded, "has a limit" + by(l)
	case l.State == summary.NoLimit:
		return summary.Unbounded, "has no limit"
	case t.given(s.Pool):
		return summary.ByExecutor, ""
	}
	return summary.Undecided, ""
}

// by names the call that sets a limit, and the function around it.
func by(l throttle.Limit) string {
	if l.Call == nil || l.Call.Callee == nil {
		return ""
	}
	text := " by " + l.Call.Callee.Name()
	if f := l.Call.In.Declared(); f != nil {
		text += " in " + f.Name()
	}
	return text
}

// ownTokens reports whether a method that starts tasks takes its tokens from its receiver, if that has any.
func (t *tasks) ownTokens() bool {
	recv := t.f.Sig.Recv()
	if recv == nil || len(t.spawnsWithin(t.f)) == 0 {
		return false
	}
	field := t.Bounds(recv.Type())
	if field == nil || !t.b.Varies(recv.Type()) {
		return false
	}
	if row := t.Catalog.Type(field.Type()); row != nil && row.Kind != catalog.Limiter {
		return false
	}
	return slices.ContainsFunc(t.Resources.Ops(t.f), func(o *resource.Op) bool {
		takes := o.Kind == resource.Send || o.Kind == resource.Receive || o.Role == catalog.Acquire || o.Role == catalog.TryAcquire
		return takes && !o.Deferred() && t.Resources.Var(field) == o.Class
	})
}

// given reports whether an executor is a parameter of the function, or in one.
func (t *tasks) given(pool ast.Expr) bool {
	for _, v := range params(t.f.Sig) {
		if t.Variable(pool) == v {
			return true
		}
		if f := t.Bounds(v.Type()); f != nil && t.Variable(pool) == f && t.fieldOf(pool, v) {
			return true
		}
	}
	return false
}

// acquires reports whether a function takes a token and returns with it: of a semaphore that is
// not its own, without a release.
func (t *tasks) acquires() bool {
	var takes, gives []inspector.Cursor
	for c := range t.f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
		if t.FuncAt(c) != t.f {
			continue
		}
		switch n := c.Node().(type) {
		case *ast.SendStmt:
			// Values that a loop sends, or that a caller gives, are results: a limiter takes one token a call. What is
			// sent only if there is room, and nobody is told whether there was, wakes somebody.
			if t.b.Token(n.Chan, t.f) && !t.chosen(n.Value) && (!throttle.Polled(c) || throttle.Answers(t.f.Sig)) && (len(syntax.Loops(c)) == 0 || throttle.Empty(t.Info.TypeOf(n.Chan)) && !t.each(c)) {
				takes = append(takes, c)
			}
		case *ast.UnaryExpr:
			if n.Op.String() == "<-" && t.b.Token(n.X, t.f) {
				gives = append(gives, c)
			}
		case *ast.CallExpr:
			call := t.Call(n)
			row := t.Catalog.Func(call.Callee)
			switch {
			case row != nil && (row.Role == catalog.Acquire || row.Role == catalog.TryAcquire):
				takes = append(takes, c)
			case row != nil && row.Role == catalog.Release:
				if call.Defer != nil {
					return false
				}
				gives = append(gives, c)
			case row == nil && call.Go == nil:
				if sum := t.Summary(call.Callee); t.gate(call) || sum != nil && sum.Acquires {
					takes = append(takes, c)
				}
			}
		}
	}
	holds := slices.ContainsFunc(takes, func(take inspector.Cursor) bool {
		return !slices.ContainsFunc(gives, func(give inspector.Cursor) bool { return throttle.Undoes(give, take) })
	})
	return holds && len(t.spawnsWithin(t.f)) == 0
}

// chosen reports whether a value of any type is one that the function is called with.
func (t *tasks) chosen(e ast.Expr) bool {
	v := t.Variable(e)
	return v != nil && types.IsInterface(v.Type()) && slices.ContainsFunc(t.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Param })
}

// gate reports whether a call waits, in a loop, for a condition under which a function lets its caller
// pass: while there are as many as may be. Then it counts that one, too: who counts nothing, or returns something, has
// only waited for that.
func (t *tasks) gate(c *syntax.Call) bool {
	if c.Callee == nil || c.Callee.FullName() != "(*sync.Cond).Wait" || t.f.Sig.Results().Len() > 0 {
		return false
	}
	loops := syntax.Loops(c.Cur)
	if len(loops) == 0 {
		return false
	}
	for cur := range t.f.Cur.Preorder((*ast.IncDecStmt)(nil), (*ast.AssignStmt)(nil)) {
		if cur.Node().Pos() < loops[0].Node().End() || t.FuncAt(cur) != t.f {
			continue
		}
		to := []ast.Expr{}
		switch n := cur.Node().(type) {
		case *ast.IncDecStmt:
			to = append(to, n.X)
		case *ast.AssignStmt:
			to = n.Lhs
		}
		for _, e := range to {
			if v := t.Variable(e); v != nil && (v.IsField() || v.Pos() < t.f.Body.Pos()) {
				return true
			}
		}
	}
	return false
}

// each reports whether a token is taken for each of the things that a loop without end works on: it is
// theirs, and the call goes on.
func (t *tasks) each(send inspector.Cursor) bool {
	for _, loop := range syntax.Loops(send) {
		switch n := loop.Node().(type) {
		case *ast.ForStmt:
			if n.Cond != nil {
				continue
			}
		case *ast.RangeStmt:
			x := t.Info.TypeOf(n.X)
			if x == nil {
				continue
			}
			if _, ok := x.Underlying().(*types.Chan); !ok {
				continue
			}
		}
		if !leaves(send) {
			return true
		}
	}
	return false
}

// leaves reports whether what follows a statement in its block or clause leads out of the loop.
func leaves(c inspector.Cursor) bool {
	if c.ParentEdgeKind() == edge.CommClause_Comm {
		clause := c.Parent()
		for _, s := range clause.Node().(*ast.CommClause).Body {
			switch s := s.(type) {
			case *ast.ReturnStmt:
				return true
			case *ast.BranchStmt:
				return s.Tok == token.GOTO || s.Tok == token.BREAK && s.Label != nil
			}
		}
		c = clause.Parent().Parent() // what comes after the select
	}
	for next, ok := c.NextSibling(); ok; next, ok = next.NextSibling() {
		switch s := next.Node().(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return s.Tok != token.CONTINUE
		}
	}
	return false
}

// executor tells what becomes of a group or pool that a function is given.
func (t *tasks) executor(i int8, v *types.Var) {
	if field := t.Bounds(v.Type()); i == summary.Receiver && field != nil {
		if t.ownTokens() {
			t.param(i).Spawns = true
		}
		for _, d := range t.Var(field).Defs {
			if d.In == t.f && d.Kind == syntax.Assign && !t.Info.Types[d.Expr].IsNil() {
				t.param(i).Limits = true
			}
		}
	}
	for _, f := range t.f.Nested() {
		for _, c := range f.Calls {
			row := t.Catalog.Func(c.Callee)
			if row == nil {
				for k, a := range c.Expr.Args {
					if t.Variable(a) == v {
						if p := t.Summary(c.Callee).Param(k); p != nil && (p.Limits || p.Spawns) {
							to := t.param(i)
							to.Limits, to.Spawns = to.Limits || p.Limits, to.Spawns || p.Spawns
						}
					}
				}
				continue
			}
			to := c.Recv()
			if to == nil { // pool.Submit(ctx, p, task)
				to = c.Arg(row.Executor.Index())
			}
			if to == nil || t.Variable(to) != v && !t.fieldOf(to, v) {
				continue
			}
			switch row.Role {
			case catalog.SetBound, catalog.Resize:
				t.param(i).Limits = true
			case catalog.Submit, catalog.Submitted:
				t.param(i).Spawns = true
			}
		}
	}
}

// fieldOf reports whether an expression selects from v.
func (t *tasks) fieldOf(e ast.Expr, v *types.Var) bool {
	for {
		s, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return t.Variable(e) == v
		}
		e = s.X
	}
}

// elements tells whether the function starts a task for each element of a parameter, with the
// work or the executor a parameter too: a parallel map, judged where it is called.
func (t *tasks) elements(i int8, v *types.Var) {
	for _, s := range t.spawnsWithin(t.f) {
		loops := syntax.Loops(s.Cur)
		for _, loop := range loops {
			over := t.n.Over(loop)
			if over == nil || t.Variable(over) != v {
				continue
			}
			if t.b.At(s, number.Factor{Region: loop, Site: s.Cur, In: s.Call.In}).Kind == throttle.Throttled {
				continue
			}
			got, _ := t.throttled(s)
			switch got {
			case summary.Unbounded:
			case summary.ByExecutor:
				t.param(i).Elements = got
			default:
				continue
			}
			for k, w := range params(t.f.Sig) {
				if _, ok := w.Type().Underlying().(*types.Signature); ok && t.runs(s, w) {
					p := t.param(i)
					p.Elements, p.By = got, k
				}
			}
			// A slice of tasks: for _, f := range fs { go f() }
			if slices.ContainsFunc(t.elementsOf(v), func(e *types.Var) bool { return t.runs(s, e) }) {
				p := t.param(i)
				p.Elements, p.By = got, i
			}
		}
	}
}

// elementsOf are the variables that hold an element of a collection: for _, x := range xs, x := xs[i].
func (t *tasks) elementsOf(v *types.Var) []*types.Var {
	var all []*types.Var
	for _, u := range t.Var(v).Uses {
		var e ast.Expr
		switch u.ParentEdgeKind() {
		case edge.RangeStmt_X:
			e = u.Parent().Node().(*ast.RangeStmt).Value
		case edge.IndexExpr_X:
			if lhs := syntax.Assigned(u.Parent()); len(lhs) == 1 {
				e = lhs[0]
			}
		}
		if x := t.Variable(e); x != nil {
			all = append(all, x)
		}
	}
	return all
}

// results tells how the executors that the function returns are bounded.
func (t *tasks) results() {
	res := t.f.Sig.Results()
	for i := range res.Len() {
		typ := res.At(i).Type()
		if t.Catalog.Type(typ) == nil && t.Bounds(typ) == nil {
			continue
		}
		if state, why := t.b.LimitOfResult(t.f, i); state != summary.UnknownLimit {
			t.s.Results = append(t.s.Results, summary.Result{Index: int8(i), Limit: state, Why: why})
		}
	}
}

// isBytes reports whether a type is a slice or array of bytes: nobody does something for each.
func isBytes(t types.Type) bool {
	var elem types.Type
	switch t := t.Underlying().(type) {
	case *types.Slice:
		elem = t.Elem()
	case *types.Array:
		elem = t.Elem()
	default:
		return false
	}
	b, ok := elem.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Byte
}

// lengths tells how long the collections are that an exported function returns, whoever calls it. What it calls
// settings or a fleet is left to the names that its caller sees.
func (t *tasks) lengths() {
	if !t.f.Decl.Exported() {
		return
	}
	res := t.f.Sig.Results()
	for i := range res.Len() {
		if !number.Holds(res.At(i).Type()) || isBytes(res.At(i).Type()) {
			continue
		}
		x := t.n.Returned(t.f, i)
		few := x.Kind == number.Bounded
		many := x.Kind == number.Grows && x.Origin >= knowledge.Messages && !slices.ContainsFunc(x.Names, func(name string) bool {
			return knowledge.SaysSetting(name) || knowledge.DomainOf(name) == knowledge.Fleet
		})
		if !few && !many {
			continue
		}
		r := summary.Result{Index: int8(i), Few: few}
		if many {
			r.Many = uint8(x.Origin)
		}
		t.s.Results = append(t.s.Results, r)
	}
}
