// Package tasks finds the tasks of I/O and CPU pools, with what they do. The
// rules on either read the same list.
package tasks

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/purpose"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A Task is a function that a pool of a known kind runs.
type Task struct {
	expr ast.Expr
	in   *syntax.Func
	body *syntax.Func // if it is in this package
	pool ast.Expr
	Name string // of the pool
	For  purpose.Purpose
	call *syntax.Call

	Taken func(*effects.Origin) bool // of a hand-written worker: whether a wait is for its next piece of work
}

// Each calls f with each task of a pool for the given purpose, and its effect. At Tasks of other
// pools the rule at work is silent.
func Each(p *rule.Pass, intent catalog.Intent, f func(Task, *effects.Effect)) {
	run := func(t Task, alone bool) {
		if t.expr == nil {
			return
		}
		if t.For.Intent != intent {
			if t.pool != nil {
				p.Silent(t.call.NamePos(), syntax.NameEnd(t.call.Expr.Fun), verdict.Against(t.pool.Pos(), "%s", isFor(syntax.Short(t.pool), t.For)))
			}
			return
		}
		e := p.Effects.Task(t.expr, t.call.In)
		if !alone && e.Blind == nil {
			e.Blind = &effects.Origin{What: "the rest of the task"}
		}
		t.in, t.body = t.call.In, p.Target(t.expr)
		f(t, &e)
	}
	visit := func(pool, expr ast.Expr, c *syntax.Call, alone bool) {
		if pool != nil {
			run(Task{expr: expr, pool: pool, Name: "pool " + syntax.Short(pool), For: p.Purposes.Of(pool), call: c}, alone)
		}
	}
	for _, s := range p.Spawns {
		if s.Go() || p.Purposes.Of(s.Pool).Intent == catalog.AnyIntent {
			if k, name := p.Purposes.Workers(s); k.Intent != catalog.AnyIntent {
				taken := func(o *effects.Origin) bool {
					return p.Purposes.Takes(s, func(op *resource.Op) bool { return op.Cur.Node().Pos() <= o.Place() && o.Place() <= op.Pos() })
				}
				run(Task{expr: s.Task, Name: "worker " + name, For: k, call: s.Call, Taken: taken}, s.Via == nil || passesOn(p.Package, s))
				continue
			}
		}
		if s.Go() {
			continue
		}
		pool := s.Pool
		if s.Via != nil && p.PoolType(pool) == nil {
			pool = wrapped(p.Package, s)
		}
		tasks := s.Tasks
		if len(tasks) == 0 {
			tasks = []ast.Expr{s.Task}
		}
		for _, t := range tasks {
			visit(pool, t, s.Call, s.Via == nil || passesOn(p.Package, s))
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

// isFor says what a pool is for.
func isFor(pool string, k purpose.Purpose) string {
	switch k.Intent {
	case catalog.IO:
		return fmt.Sprintf("%s is an I/O pool, %s", pool, k.Why)
	case catalog.CPU:
		return fmt.Sprintf("%s is a CPU pool, %s", pool, k.Why)
	}
	return fmt.Sprintf("it is not known whether %s is an I/O or a CPU pool", pool)
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

// From says where in the task, or beyond it, an effect comes from.
func (t Task) From(o *effects.Origin) string {
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

// Report reports a task at the call that submits it, with the way to the effect.
func (t Task) Report(p *rule.Pass, message string, o *effects.Origin, here string) {
	pos, end := t.call.Place()
	f := verdict.Verdict{Pos: pos, End: end, Message: message}
	if pos := o.Pos(); pos.IsValid() && pos != o.Place() {
		f.Related = append(f.Related, verdict.Related(pos, "the task calls %s", callee(o)))
	}
	if pos := o.Place(); pos.IsValid() {
		f.Related = append(f.Related, verdict.Related(pos, "%s: %s", here, o.What))
	}
	what := t.Name
	if t.pool != nil {
		what, pos = syntax.Short(t.pool), t.pool.Pos()
	}
	f.Reasons = []verdict.Reason{
		verdict.For(pos, "%s", isFor(what, t.For)),
		verdict.For(seenAt(o), "%s: %s", here, o.What),
	}
	p.Report(f)
}

// Spare says why a task is not reported.
func (t Task) Spare(p *rule.Pass, at *effects.Origin, why string) {
	p.Silent(t.call.NamePos(), syntax.NameEnd(t.call.Expr.Fun), verdict.Against(seenAt(at), "%s", why))
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
