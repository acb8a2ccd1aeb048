// Package oversized is the rule on limits that memory cannot bear.
package oversized

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"math"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/number"
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
	for _, t := range r.tokens() {
		at, end := syntax.NamePos(t.made.Fun), syntax.NameEnd(t.made.Fun)
		if r.fits(at, end, t.made, t.n.Max, "holders of tokens", t.task) {
			continue
		}
		r.report(at, end, fmt.Sprintf("%s lets %d goroutines in", syntax.Short(t.made), t.n.Max), t.n.Max, t.task)
	}
}

// A semaphore is what goroutines take tokens of before they are started.
type semaphore struct {
	made *ast.CallExpr
	n    number.Number
	task effects.Holding // of the goroutines that take one, the largest
}

// tokens are the semaphores of the package that have a constant number of tokens.
func (r *reviewer) tokens() []*semaphore {
	var all []*semaphore
	for _, s := range r.Spawns {
		for _, way := range r.Numbers.Factors(s.Cur, false) {
			for _, f := range way {
				made, n := r.Throttles.Tokens(r.Throttles.At(s, f))
				if made == nil || !n.Exact || n.Max <= 0 || n.Max >= math.MaxInt32 {
					continue
				}
				i := slices.IndexFunc(all, func(t *semaphore) bool { return t.made == made })
				if i < 0 {
					i, all = len(all), append(all, &semaphore{made: made, n: n})
				}
				if h := r.Footprint(s); h.Bytes() > all[i].task.Bytes() {
					all[i].task = h
				}
			}
		}
	}
	return all
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
	task := r.FootprintOn(u.Call)
	if r.fits(at, end, arg, n.Max, "workers", task) {
		return
	}
	if u.Row.Role == catalog.New {
		if l := r.Throttles.LimitOfCall(u.Call.Expr, 0); l.State == summary.Limited && l.Call != u.Call {
			silent("an option bounds it further")
			return
		}
	}
	r.report(at, end, fmt.Sprintf("%s allows %d workers", name, n.Max), n.Max, task)
}

// fits reports whether so many tasks fit the budget, and is silent then.
func (r *reviewer) fits(at, end token.Pos, size ast.Node, n int64, who string, task effects.Holding) bool {
	if model.Total(n, task) > int64(r.Budget) {
		return false
	}
	r.Silent(at, end, verdict.Against(size.Pos(), "%d %s hold %s, which fits into the budget of %s", n, who, model.Amount(n, task), r.Budget))
	return true
}

func (r *reviewer) report(at, end token.Pos, what string, n int64, task effects.Holding) {
	budget := int64(r.Budget)
	r.Report(verdict.Verdict{
		Pos: at, End: end,
		Message: fmt.Sprintf("%s, which hold %s while they wait, more than the budget of %s; choose a size that fits in memory",
			what, model.Amount(n, task), r.Budget),
		Level: verdict.AskIf(model.Total(n, nil) <= budget && model.Total(n, task)/2 <= budget),
	})
}
