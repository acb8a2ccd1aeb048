// Package rejected is the rule on submits whose refusal is ignored.
package rejected

import (
	_ "embed"
	"fmt"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed rejected.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "rejected",
	Title:   "a rejected submit that is ignored, so that its task is lost or waited for in vain",
	Default: true,
	InTests: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, x := range obligation.Refusals(p.Package) {
		v := verdict.Verdict{Pos: x.Call.NamePos(), End: syntax.NameEnd(x.Call.Expr.Fun)}
		switch {
		case x.Heard:
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "its result is checked, and nothing afterwards relies on acceptance")}
		case r.Detached(x.Call):
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "a directive says that a rejection does not matter")}
		case x.Takes && x.Ignored && x.Released == nil && r.Test(x.Call.Expr.Pos()):
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "a test may take tokens so that others find none")}
		case x.Private:
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "the pool waits for room, and nothing closes it")}
		default:
			r.refused(&v, x)
		}
		r.Conclude(v)
	}
}

// refused says what is lost with a refusal.
func (r *reviewer) refused(v *verdict.Verdict, x obligation.Refusal) {
	open := x.Open && (x.Row == nil || x.Pool == nil || x.Row.Refuses || r.Throttles.Limit(x.Pool).State != summary.NoLimit)
	name := x.Call.Name()
	if pool := x.Call.Recv(); pool != nil {
		name = syntax.Short(pool) + "." + name
	}
	v.Level = verdict.Report
	if x.Ignored {
		v.Reasons = append(v.Reasons, verdict.For(v.Pos, "its result is not used"))
	}
	if x.Beside { // who awaits the future hears of the refusal
		v.Yields = &verdict.Yield{Rule: "unawaited", Pos: v.Pos, End: v.End}
	}
	switch {
	case x.Released != nil:
		v.Message = fmt.Sprintf("when %s does not get a token, the release at line %d returns one anyway, which admits one task too many, or panics; return before it", name, r.Line(x.Released.Pos()))
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Released.Pos(), "released here")}
	case x.Unserved != nil:
		v.Message = fmt.Sprintf("when %s rejects the task, the path to line %d waits on %s, on which only the task would send or which only it would close, and blocks forever; return before it", name, r.Line(x.Unserved.Pos()), x.On)
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Unserved.Pos(), "waits here")}
		v.Level = verdict.AskIf(!open && x.Steady)
	case !x.Ignored:
		v.Message = fmt.Sprintf("when %s rejects the task, the path to line %d leaves it counted in %s, whose Wait then never returns; call %s.Done() there", name, r.Line(x.Leaves.Pos()), x.Group, x.Group)
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Leaves.Pos(), "continues without Done")}
		v.Level = verdict.AskIf(!open && x.Steady)
	case x.Counted != nil:
		v.Message = fmt.Sprintf("%s can reject the task, and that is ignored: the task is dropped and %s.Wait() waits for it forever; check the %s, and call %s.Done() if it is rejected", name, x.Group, answer(x), x.Group)
		v.Level = verdict.AskIf(!open && x.Steady)
	case x.Takes:
		v.Message = fmt.Sprintf("the result of %s is ignored: the code continues without a token, and later releases one that it does not hold; check the %s", name, answer(x))
	default:
		v.Message = fmt.Sprintf("%s can reject the task, and that is ignored: the task is dropped silently; check the %s", name, answer(x))
		v.Level = verdict.AskIf(!open)
	}
}

// answer is what a refusal comes in.
func answer(x obligation.Refusal) string {
	if x.Row == nil {
		if n := x.Call.Callee.Signature().Results().Len(); types.Identical(x.Call.Callee.Signature().Results().At(n-1).Type().Underlying(), types.Typ[types.Bool]) {
			return "bool"
		}
		return "error"
	}
	switch x.Row.Returns {
	case catalog.ReturnsBool, catalog.ReturnsFutureBool:
		return "bool"
	}
	return "error"
}
