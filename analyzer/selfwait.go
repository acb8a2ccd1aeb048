package analyzer

import (
	"fmt"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var selfwait = Rule{
	ID:      "selfwait",
	Title:   "a task on a bounded pool waits for that pool",
	Default: true,
	Why: `A task that waits holds a worker. When every worker runs a task that waits for a worker, nobody can
ever run what they wait for: the pool stands still, with no error and no CPU. It needs as many such
tasks at once as there are workers, so it passes every test and happens on a busy day.`,
	Incident: "https://github.com/livepeer/stream-tester/pull/263: a limited errgroup whose tasks called Go",
	Wrong: `package walk

import (
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

type walker struct{ group errgroup.Group }

func newWalker() *walker {
	w := new(walker)
	w.group.SetLimit(8)
	return w
}

func (w *walker) walk(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			w.group.Go(func() error { return w.walk(filepath.Join(dir, e.Name())) })
		}
	}
	return err
}
`,
	Right: `package walk

import (
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

type walker struct{ group errgroup.Group }

func newWalker() *walker {
	w := new(walker)
	w.group.SetLimit(8)
	return w
}

func (w *walker) walk(dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			sub := func() error { return w.walk(filepath.Join(dir, e.Name())) }
			if !w.group.TryGo(sub) {
				err = sub()
			}
		}
	}
	return err
}
`,
	Decides: `The body of a task, or a function of the package that it calls, submits to the same pool: the same
variable, or the same field of the same value. The submit waits for a free worker, or its result is
awaited in the task. The pool has a limit that is known. There can be as many such tasks as workers:
they are started in a loop, by each other, or by a function that anybody may call. A task that calls
the Wait of its own group waits for itself, whatever the limit.`,
	Limits: `Calls through interfaces, function values and into other packages are not followed. On the public
repositories of docs/precision.md the rule found nothing: every nested submit there was safe. The
deadlock of the page's incident is found in its own source.`,
	NotWhen: `TryGo with a fallback, a submit that never blocks and is not awaited, another pool, an unlimited one,
and a limit that leaves room for the one task that submits are not reported. Our own pools are safe
when the task awaits with its own context.`,
	run: runSelfwait,
}

func runSelfwait(r *reporter, p *sites.Package) {
	for _, s := range r.stuck {
		if !s.Self && !s.Counts && (s.Spawn != nil || len(s.Peers) > 0) {
			continue
		}
		v := verdict.Verdict{Pos: s.Lead.Pos(), End: s.Lead.End()}
		if call, ok := s.Lead.(*ast.CallExpr); ok {
			v.Pos, v.End = syntax.NamePos(call.Fun), syntax.NameEnd(call.Fun)
		}
		switch {
		case s.Counts:
			v.Message = fmt.Sprintf("the goroutine waits for %s, which counts it, and so for itself; wait in a goroutine that is not counted", s.On)
		case s.Self && s.Kind == explore.Sends && s.Field != nil && s.Spawn != nil:
			v.Message = fmt.Sprintf("what runs here was taken from %s, and hands on to %s and waits: when all who take from it do so, they wait for each other forever; hand on from outside, or do it inline", s.On, s.On)
		case s.Self:
			v.Message = fmt.Sprintf("%s takes a place of %s while it holds one: when all are held so, everyone waits forever; take one, or give it back first", s.Root.Name(), s.On)
		case s.Kind == explore.Waits:
			v.Message = fmt.Sprintf("%s waits forever for %s, since no goroutine is left that counts itself out", s.Root.Name(), s.On)
		case s.Kind == explore.Sends:
			v.Message = fmt.Sprintf("%s sends on %s, and no other goroutine receives from it: it waits forever; receive in a goroutine, or give %s a buffer", s.Root.Name(), s.On, s.On)
		case s.Range:
			v.Message = fmt.Sprintf("%s ranges over %s, and no one closes it: it waits forever at the end; close %s when all has been sent", s.Root.Name(), s.On, s.On)
		default:
			v.Message = fmt.Sprintf("%s waits on %s, and no other goroutine sends on it or closes it: it waits forever", s.Root.Name(), s.On)
		}
		v.Related = r.abandonedRelated(s)
		r.report(v)
	}
	for _, n := range discharge.Nested(p) {
		pool := r.source(n.Outer.Pool)
		f := verdict.Verdict{Pos: n.Site.NamePos(), End: syntax.NameEnd(n.Site.Expr.Fun)}
		f.Related = []analysis.RelatedInformation{related(n.Outer.Pos(), "the task starts here")}
		if n.Site != n.Inner {
			f.Related = append(f.Related, related(n.Inner.NamePos(), "waits here"))
		}
		if n.Waits {
			f.Message = fmt.Sprintf("a task of %s waits for %s, and so for itself, forever; wait outside of the group", pool, pool)
			r.report(f)
			continue
		}
		limit := r.throttles.Limit(n.Outer.Pool)
		if limit.State != summary.Limited || !r.fills(n, limit) {
			continue
		}
		if limit.Call != nil {
			f.Related = append(f.Related, related(limit.Pos, "the limit"))
		}
		f.Message = fmt.Sprintf("a task of %s submits to %s and waits: when all its workers do so, none is left and all wait forever; submit from outside, run it inline, or use another pool", pool, pool)
		r.report(f)
	}
}

// fills reports whether there can be as many tasks that wait as there are workers.
func (r *reporter) fills(n discharge.Nesting, limit throttle.Limit) bool {
	if n.Again {
		return true
	}
	tasks := int64(1)
	for _, loop := range syntax.Loops(n.Outer.Cur) {
		times, ok := r.numbers.Times(loop)
		if !ok {
			return true
		}
		tasks *= times
	}
	if v, root := r.pkg.PoolVar(n.Outer.Pool); v == nil || root == nil || v.IsField() || root.IsField() || root.Pos() < n.Outer.Call.In.Node.Pos() {
		return true // shared: others submit such tasks at the same time
	}
	return limit.Size.Exact && tasks >= limit.Size.Max
}
