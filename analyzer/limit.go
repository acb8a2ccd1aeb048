package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var limit = Rule{
	ID:      "limit",
	Title:   "a limit that breaks: it hangs, panics, or silently means unlimited",
	Default: true,
	Why: `Libraries disagree on what a size of zero or less means: errgroup's SetLimit(0) blocks every later
Go forever, ants takes it as no limit at all, tunny's Process waits for a worker that never comes,
others panic. And a limit that comes after the first task is a data race or a panic.`,
	Incident: "https://github.com/alitto/pond/pull/132: what a queue size of 0 means changed between two versions, and programs with it",
	Wrong: `package limit

import "golang.org/x/sync/errgroup"

func run(tasks []func() error) error {
	var g errgroup.Group
	g.SetLimit(0)
	for _, t := range tasks {
		g.Go(t)
	}
	return g.Wait()
}
`,
	Right: `package limit

import "golang.org/x/sync/errgroup"

func run(tasks []func() error) error {
	var g errgroup.Group
	g.SetLimit(8)
	for _, t := range tasks {
		g.Go(t)
	}
	return g.Wait()
}
`,
	Decides: `The size is a constant at or below zero, and the library's source says what that does. For a
limit that comes too late: the same local group, a task before the limit in the same function, and
no wait between them.`,
	Limits:  `A size that is only sometimes zero is not followed.`,
	NotWhen: `SetLimit(-1) is errgroup's documented way to say that there is no limit; it is reported only with -strict.`,
	run:     runLimit,
}

func runLimit(r *reporter, p *sites.Package) {
	for _, u := range p.Uses {
		switch u.Row.Role {
		case catalog.New, catalog.SetBound, catalog.Resize, catalog.Option:
			r.checkEdge(u)
		}
		if u.Row.Role == catalog.SetBound {
			r.checkLate(u)
		}
	}
}

// checkEdge judges a constant size at or below zero by what the library makes of it.
func (r *reporter) checkEdge(u *sites.Use) {
	b := u.Row.Bound
	arg := u.Call.Arg(b.Arg.Index())
	if b.From != catalog.FromArg || arg == nil {
		return
	}
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.silent(at, end, verdict.Against(arg.Pos(), "%s", why)) }
	size := r.numbers.Int(arg)
	switch {
	case r.unboundedConst(arg):
		silent("the name says that there is no limit")
		return
	case !size.Exact:
		silent("the size is no constant")
		return
	case size.Max > 0:
		silent(fmt.Sprintf("the size is %d", size.Max))
		return
	}
	name := fmt.Sprintf("%s(%s)", u.Call.Callee.Name(), short(arg))
	if _, literal := ast.Unparen(arg).(*ast.BasicLit); !literal && short(arg) != fmt.Sprint(size.Max) {
		name += fmt.Sprintf(", with %s = %d,", short(arg), size.Max)
	}
	// What it counts, who waits for one, and what to do.
	task, give := "submit", "give it at least one worker"
	switch {
	case u.Type != nil && u.Type.Kind == catalog.Limiter:
		task, give = "Acquire", "give it at least one token"
	case b.Over != catalog.NoArg:
		give = "give it a budget, and what one worker takes of it, in bytes"
	}
	var says string
	strict := false
	switch b.Edge(size.Max) {
	case catalog.EdgeUnlimited:
		says = fmt.Sprintf("%s means no limit: %s: give it a number of workers", name, hold(thousands, r.footprintOn(u.Call)))
		strict = u.Row.Role == catalog.SetBound && size.Max < 0 // the documented way to say so
	case catalog.EdgePanics:
		if r.pkg.Test(u.Call.Expr.Pos()) {
			silent("the test would fail, unless that is what it tests")
			return
		}
		says = name + " panics: " + give
	case catalog.EdgeHangs:
		says = name + " makes every later " + task + " wait forever: " + give
	case catalog.EdgeNothing:
		says = name + " runs nothing, and nobody is told: " + give
	case catalog.EdgeError:
		says = name + " always fails: " + give
	default:
		silent("the library takes the size for one that works, or it is not known what it takes it for")
		return
	}
	r.report(verdict.Verdict{Pos: at, End: end, Message: says, Level: verdict.AskIf(strict)})
}

// checkLate judges a limit that comes after a task of the same group.
func (r *reporter) checkLate(u *sites.Use) {
	v := r.pkg.Variable(u.Call.Recv())
	if !u.Row.Early || v == nil || v.IsField() || u.Call.In == nil {
		return
	}
	for _, s := range r.pkg.SpawnsIn(u.Call.In) {
		if s.Row == nil || s.Pool == nil || r.pkg.Variable(s.Pool) != v {
			continue
		}
		if s.Call.Expr.Pos() > u.Call.Expr.Pos() && !r.nextTurn(v, u.Call, s.Call) || r.settled(v, s.Call, u.Call) {
			continue
		}
		r.report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s comes after %s.%s: it panics when that task has begun: set the limit before the first task",
				u.Call.Callee.Name(), v.Name(), s.Call.Callee.Name()),
			Related: []analysis.RelatedInformation{related(s.Pos(), "the first task is started here")},
		})
		return
	}
}

// nextTurn reports whether a limit that stands before a task in a loop comes after it in the next
// turn: the group is made outside of the loop, and nobody waits for it inside.
func (r *reporter) nextTurn(v *types.Var, limit, task *syntax.Call) bool {
	for _, loop := range syntax.Loops(limit.Cur) {
		n := loop.Node()
		inside := func(pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }
		if !inside(task.Expr.Pos()) {
			continue
		}
		for _, d := range r.pkg.Var(v).Defs {
			if inside(d.Cur.Node().Pos()) {
				return false
			}
		}
		for _, c := range limit.In.Calls {
			row := r.pkg.Catalog.Func(c.Callee)
			if row != nil && row.Role == catalog.Wait && inside(c.Expr.Pos()) && r.pkg.Variable(c.Recv()) == v {
				return false
			}
		}
		return true
	}
	return false
}

// settled reports whether a group is waited for, or made anew, between two calls.
func (r *reporter) settled(v *types.Var, from, to *syntax.Call) bool {
	between := func(pos token.Pos) bool { return from.Expr.Pos() < pos && pos < to.Expr.Pos() }
	for _, c := range to.In.Calls {
		row := r.pkg.Catalog.Func(c.Callee)
		if row != nil && row.Role == catalog.Wait && between(c.Expr.Pos()) && r.pkg.Variable(c.Recv()) == v {
			return true
		}
	}
	for _, d := range r.pkg.Var(v).Defs {
		if between(d.Cur.Node().Pos()) {
			return true
		}
	}
	return false
}
