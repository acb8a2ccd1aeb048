package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/kind"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var cpubound = Rule{
	ID:      "cpubound",
	Title:   "a task on a pool for waiting computes",
	Default: true,
	Why: `A pool for waiting has many workers, since waiting costs nothing. Tasks that compute take the CPUs
from all that wait: more of them at once than there are CPUs make nothing faster, and every answer
from the network is served late. 100 µs of computing between two waits is where that begins to show.`,
	Incident: "https://github.com/milvus-io/milvus/pull/51142: a pool meant for reads also computed, keep-alives starved, and the node killed itself",
	Wrong: `package cpubound

import (
	"context"

	"golang.org/x/crypto/bcrypt"

	"github.com/poollint/poollint/pool"
)

func register(ctx context.Context, io *pool.IO, password string) ([]byte, error) {
	return pool.Submit(ctx, io, func(context.Context) ([]byte, error) {
		return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	}).Await(ctx)
}
`,
	Right: `package cpubound

import (
	"context"

	"golang.org/x/crypto/bcrypt"

	"github.com/poollint/poollint/pool"
)

func register(ctx context.Context, cpu *pool.CPU, password string) ([]byte, error) {
	return pool.Submit(ctx, cpu, func(context.Context) ([]byte, error) {
		return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	}).Await(ctx)
}
`,
	Decides: `The pool is for waiting by its type (pool.IO), by //poollint:io, by what its library says, or by a
name that says so (ioPool, fetchWorkers). The task, or what it calls in this and other packages,
runs a loop, a recursion or a call known to be heavy that plausibly burns 100 µs of CPU or more and
does not wait inside; 400 µs if the task also waits for a network, a disk or the like, since that
takes a millisecond anyway. What the standard library and popular modules cost is measured. What more
than two conditions lead to, or more than one in what the task calls, is not counted, nor a length
that is not known three calls away, nor what rests on three of them; an estimate that rests on one must
be three times as much. What is made once and kept, for whoever comes first, is not the task's. A loop whose length is not known
and whose body is light counts only if the task is known never to wait. Logging and mutexes are not
waiting.`,
	Limits: `What is behind an interface or a function value is unknown unless the package shows the only
candidate, and a loop around something unknown is silent. Sizes are followed through variables,
constructors and calls, but not through fields that other packages may set.`,
	NotWhen: `A pool for waiting whose few heavy tasks are rare: //poollint:ignore cpubound with the reason.`,
	run:     runCPUBound,
}

func runCPUBound(r *reporter, p *sites.Package) {
	r.eachTask(p, catalog.IO, func(t task, e *effects.Effect) {
		c, ok := e.Computes()
		if !ok {
			why, at := e.Spares()
			r.spare(t, at, why)
			return
		}
		var what string
		switch {
		case c.Light:
			what = fmt.Sprintf("computes and never waits: %s", t.from(c.Why))
		case c.Grows:
			what = fmt.Sprintf("plausibly burns %s of CPU, more with a larger input: %s", c.Time(), t.from(c.Why))
		default:
			what = fmt.Sprintf("burns ≈ %s of CPU: %s", c.Time(), t.from(c.Why))
		}
		cure := "submit it to a CPU pool"
		if c.Waits || !e.Quiet() {
			cure = "split it: wait here, and submit the computing to a CPU pool"
		}
		r.reportTask(t, fmt.Sprintf("the task on I/O %s (%s) %s: %s", t.name, t.kind.Why, what, cure), c.Why, "it computes here")
	})
}

// A task is a function that a pool of a known kind runs.
type task struct {
	expr ast.Expr
	in   *syntax.Func
	body *syntax.Func // if it is in this package
	pool ast.Expr
	name string // of the pool
	kind kind.Kind
	call *syntax.Call

	taken func(*effects.Origin) bool // of a hand-written worker: whether a wait is for its next piece of work
}

// aboveLoop reports whether a directive covers a spawn, or a loop around it.
func (r *reporter) aboveLoop(s *sites.Spawn, directive string) bool {
	return r.covered(s.Pos(), directive)
}

// eachTask calls f with each task of a pool for the given purpose, and its effect. At tasks of other
// pools the rule at work is silent.
func (r *reporter) eachTask(p *sites.Package, intent catalog.Intent, f func(task, *effects.Effect)) {
	kinds := kind.New(p, r.marked)
	run := func(t task, alone bool) {
		if t.expr == nil {
			return
		}
		if t.kind.Intent != intent {
			if t.pool != nil {
				r.silent(t.call.NamePos(), syntax.NameEnd(t.call.Expr.Fun), verdict.Against(t.pool.Pos(), "%s", purpose(shortExpr(t.pool), t.kind)))
			}
			return
		}
		e := r.effects.Task(t.expr, t.call.In)
		if !alone && e.Blind == nil {
			e.Blind = &effects.Origin{What: "the rest of the task"}
		}
		t.in, t.body = t.call.In, p.Target(t.expr)
		f(t, &e)
	}
	visit := func(pool, expr ast.Expr, c *syntax.Call, alone bool) {
		if pool != nil {
			run(task{expr: expr, pool: pool, name: "pool " + shortExpr(pool), kind: kinds.Of(pool), call: c}, alone)
		}
	}
	for _, s := range p.Spawns {
		if s.Go() || kinds.Of(s.Pool).Intent == catalog.AnyIntent {
			if k, name := kinds.Workers(s, r.aboveLoop); k.Intent != catalog.AnyIntent {
				taken := func(o *effects.Origin) bool {
					return kinds.Takes(s, func(op *resource.Op) bool { return op.Cur.Node().Pos() <= o.Place() && o.Place() <= op.Pos() })
				}
				run(task{expr: s.Task, name: "worker " + name, kind: k, call: s.Call, taken: taken}, s.Via == nil || passesOn(p, s))
				continue
			}
		}
		if s.Go() {
			continue
		}
		pool := s.Pool
		if s.Via != nil && p.PoolType(pool) == nil {
			pool = wrapped(p, s)
		}
		tasks := s.Tasks
		if len(tasks) == 0 {
			tasks = []ast.Expr{s.Task}
		}
		for _, t := range tasks {
			visit(pool, t, s.Call, s.Via == nil || passesOn(p, s))
		}
	}
	for _, u := range p.Uses {
		expr := u.Call.Arg(u.Row.Task.Index())
		switch u.Row.Role {
		case catalog.New:
			visit(assignedTo(u.Call), expr, u.Call, true)
		case catalog.Map:
			pool := u.Call.Arg(u.Row.Executor.Index())
			if pool == nil {
				pool = u.Call.Recv()
			}
			visit(pool, expr, u.Call, true)
		}
	}
}

// purpose says what a pool is for.
func purpose(pool string, k kind.Kind) string {
	switch k.Intent {
	case catalog.IO:
		return fmt.Sprintf("%s is for waiting, %s", pool, k.Why)
	case catalog.CPU:
		return fmt.Sprintf("%s is for computing, %s", pool, k.Why)
	}
	return fmt.Sprintf("nothing says whether %s is for waiting or for computing", pool)
}

// wrapped is the pool behind a function of this package that submits what it is given.
func wrapped(p *sites.Package, s *sites.Spawn) ast.Expr {
	body := p.Decl(s.Call.Callee)
	if body == nil {
		return nil
	}
	var pool ast.Expr
	for _, inner := range p.SpawnsIn(body) {
		if inner.Go() || inner.Pool == nil || pool != nil {
			return nil // more than one way: it could be any
		}
		pool = inner.Pool
	}
	return pool
}

// passesOn reports whether a wrapper submits what it is given as it is: no other task is that alone.
func passesOn(p *sites.Package, s *sites.Spawn) bool {
	body := p.Decl(s.Call.Callee)
	if body == nil {
		return false
	}
	given := body.Sig.Params().At(int(s.Via.Index))
	return slices.ContainsFunc(p.SpawnsIn(body), func(inner *sites.Spawn) bool {
		return inner.Task != nil && p.Variable(inner.Task) == given
	})
}

// assignedTo is what gets the first result of a call: a variable or field.
func assignedTo(c *syntax.Call) ast.Expr {
	if lhs := syntax.Assigned(c.Cur); lhs != nil {
		return lhs[0]
	}
	if s, ok := c.Cur.Parent().Node().(*ast.KeyValueExpr); ok {
		if _, ok := s.Key.(*ast.Ident); ok {
			return s.Key
		}
	}
	return c.Expr
}

// from says where in the task, or beyond it, an effect comes from.
func (t task) from(o *effects.Origin) string {
	if t.body != nil && t.body.Node.Pos() <= o.Place() && o.Place() < t.body.Node.End() {
		return fmt.Sprintf("%s (%s)", o.What, o.At)
	}
	s := o.String() + ", called from the task"
	for _, via := range o.Via {
		s += " through " + via
		break
	}
	return s
}

// reportTask reports a task at the call that submits it, with the way to the effect.
func (r *reporter) reportTask(t task, message string, o *effects.Origin, here string) {
	pos, end := r.callPlace(t.call)
	f := verdict.Verdict{Pos: pos, End: end, Message: message}
	if pos := o.Pos(); pos.IsValid() && pos != o.Place() {
		f.Related = append(f.Related, related(pos, "the task calls %s", callee(o)))
	}
	if pos := o.Place(); pos.IsValid() {
		f.Related = append(f.Related, related(pos, "%s: %s", here, o.What))
	}
	what := t.name
	if t.pool != nil {
		what, pos = shortExpr(t.pool), t.pool.Pos()
	}
	f.Reasons = []verdict.Reason{
		verdict.For(pos, "%s", purpose(what, t.kind)),
		verdict.For(seenAt(o), "%s: %s", here, o.What),
	}
	r.report(f)
}

// spare says why a task is not reported.
func (r *reporter) spare(t task, at *effects.Origin, why string) {
	r.silent(t.call.NamePos(), syntax.NameEnd(t.call.Expr.Fun), verdict.Against(seenAt(at), "%s", why))
}

// seenAt is the place of an origin, or the call that leads there, if it has any.
func seenAt(o *effects.Origin) token.Pos {
	switch {
	case o == nil:
		return token.NoPos
	case o.Place().IsValid():
		return o.Place()
	}
	return o.Pos()
}

// callee is the function that the task calls on the way to an effect.
func callee(o *effects.Origin) string {
	if len(o.Via) > 0 {
		return o.Via[0]
	}
	return o.In
}

// shortExpr is a pool's name in a message.
func shortExpr(e ast.Expr) string {
	s := types.ExprString(ast.Unparen(e))
	if len(s) > 40 {
		return s[:37] + "…"
	}
	return s
}
