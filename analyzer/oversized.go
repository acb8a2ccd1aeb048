package analyzer

import (
	"fmt"
	"math"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var oversized = Rule{
	ID:      "oversized",
	Title:   "a constant bound so large that its workers cannot fit a sane budget",
	Default: true,
	Why: `A bound of ten million is no bound: memory runs out long before it is reached. A waiting worker
holds at least 2.5 KiB, one that waits for an HTTP response 25 KiB more, and one that compresses with
gzip 800 KiB: docs/memory.md has a table.`,
	Incident: "https://github.com/divviup/prio-server/pull/321: workers sized without a thought to memory were killed for it",
	Wrong: `package oversized

import "github.com/panjf2000/ants/v2"

func open() (*ants.Pool, error) {
	return ants.NewPool(10_000_000)
}
`,
	Right: `package oversized

import "github.com/panjf2000/ants/v2"

func open() (*ants.Pool, error) {
	return ants.NewPool(1_000)
}
`,
	Decides: `The size is a constant, and that many workers exceed the budget that -memory gives: 1 GiB unless
told, half of a small container. A worker counts as 2.5 KiB, the least that a blocked goroutine holds,
and what the largest of its tasks holds in the functions that it calls, as measured. These figures are
right within a factor of two, so where only they exceed the budget, by less than that, the rule asks
with -strict.`,
	Limits: `What a task allocates itself is counted where its size is a constant, so the true figure may be higher.
Sizes from math.MaxInt32 are unbounded's business.`,
	NotWhen: `The program has the memory and means it: raise -memory.`,
	run:     runOversized,
}

func runOversized(r *reporter, p *sites.Package) {
	for _, u := range p.Uses {
		switch u.Row.Role {
		case catalog.New, catalog.SetBound, catalog.Resize, catalog.Option:
			r.checkOversized(u)
		}
	}
}

func (r *reporter) checkOversized(u *sites.Use) {
	b := u.Row.Bound
	arg := u.Call.Arg(b.Arg.Index())
	if b.From != catalog.FromArg || b.Over != catalog.NoArg || arg == nil || u.Row.Role != catalog.Option && u.Type == nil {
		return // a budget counts bytes
	}
	if u.Type != nil && u.Type.Kind == catalog.Limiter {
		return // the weights of a semaphore are no workers
	}
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(format string, args ...any) { r.silent(at, end, verdict.Against(arg.Pos(), format, args...)) }
	n := r.numbers.Int(arg)
	name := fmt.Sprintf("%s(%s)", u.Call.Callee.Name(), short(arg))
	if times := u.Call.Arg(b.Times.Index()); times != nil && n.Exact {
		m := r.numbers.Int(times)
		if !m.Exact || m.Max <= 0 || n.Max > math.MaxInt32/m.Max {
			silent("the number of pools is no constant, or none that it can be multiplied by")
			return
		}
		n.Max *= m.Max
		name = u.Call.Callee.Name()
	}
	switch {
	case !n.Exact:
		silent("the size is no constant")
		return
	case n.Max <= 0 || n.Max >= math.MaxInt32:
		silent("a size of %d is none: that is the business of limit and unbounded", n.Max)
		return
	}
	task, budget := r.footprintOn(u.Call), int64(r.settings.memory())
	need := total(n.Max, task)
	if need <= budget {
		silent("%d workers hold %s, which fits the budget of %s", n.Max, amount(n.Max, task), r.settings.memory())
		return
	}
	if u.Row.Role == catalog.New {
		if l := r.throttles.LimitOfCall(u.Call.Expr, 0); l.State == summary.Limited && l.Call != u.Call {
			silent("an option bounds it further")
			return
		}
	}
	r.report(verdict.Verdict{
		Pos: at, End: end,
		Message: fmt.Sprintf("%s allows %d workers, which hold %s when they wait, more than the budget of %s: choose a size that memory can bear",
			name, n.Max, amount(n.Max, task), r.settings.memory()),
		Level: verdict.AskIf(total(n.Max, nil) <= budget && need/2 <= budget),
	})
}
