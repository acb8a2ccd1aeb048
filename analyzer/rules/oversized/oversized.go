// Package oversized is the rule on limits that memory cannot bear.
package oversized

import (
	_ "embed"
	"fmt"
	"math"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed oversized.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "oversized",
	Title:   "a constant bound so large that its workers cannot fit in memory",
	Default: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, u := range p.Uses {
		switch u.Row.Role {
		case catalog.New, catalog.SetBound, catalog.Resize, catalog.Option:
			r.checkOversized(u)
		}
	}
}

func (r *reviewer) checkOversized(u *sites.Use) {
	b := u.Row.Bound
	arg := u.Call.Arg(b.Arg.Index())
	if b.From != catalog.FromArg || b.Over != catalog.NoArg || arg == nil || u.Row.Role != catalog.Option && u.Type == nil {
		return // a budget counts bytes
	}
	if u.Type != nil && u.Type.Kind == catalog.Limiter {
		return // the weights of a semaphore are no workers
	}
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(format string, args ...any) { r.Silent(at, end, verdict.Against(arg.Pos(), format, args...)) }
	n := r.Numbers.Int(arg)
	name := fmt.Sprintf("%s(%s)", u.Call.Callee.Name(), syntax.Short(arg))
	if times := u.Call.Arg(b.Times.Index()); times != nil && n.Exact {
		m := r.Numbers.Int(times)
		if !m.Exact || m.Max <= 0 || n.Max > math.MaxInt32/m.Max {
			silent("the number of pools is not a constant that the size can be multiplied by")
			return
		}
		n.Max *= m.Max
		name = u.Call.Callee.Name()
	}
	switch {
	case !n.Exact:
		silent("the size is not a constant")
		return
	case n.Max <= 0 || n.Max >= math.MaxInt32:
		silent("%d is not a bound: limit and unbounded check that", n.Max)
		return
	}
	task, budget := r.FootprintOn(u.Call), int64(r.Budget)
	need := model.Total(n.Max, task)
	if need <= budget {
		silent("%d workers hold %s, which fits into the budget of %s", n.Max, model.Amount(n.Max, task), r.Budget)
		return
	}
	if u.Row.Role == catalog.New {
		if l := r.Throttles.LimitOfCall(u.Call.Expr, 0); l.State == summary.Limited && l.Call != u.Call {
			silent("an option bounds it further")
			return
		}
	}
	r.Report(verdict.Verdict{
		Pos: at, End: end,
		Message: fmt.Sprintf("%s allows %d workers, which hold %s while they wait, more than the budget of %s; choose a size that fits in memory",
			name, n.Max, model.Amount(n.Max, task), r.Budget),
		Level: verdict.AskIf(model.Total(n.Max, nil) <= budget && need/2 <= budget),
	})
}
