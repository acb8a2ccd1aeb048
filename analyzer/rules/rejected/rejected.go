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
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "its answer is heard, and nothing that follows relies on the acceptance")}
		case r.Detached(x.Call):
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "a directive says that its refusal does not matter")}
		case x.Private:
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "the pool waits for room, and nobody closes it")}
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
		v.Reasons = append(v.Reasons, verdict.For(v.Pos, "nothing takes its answer"))
	}
	if x.Beside { // who awaits the future hears of the refusal
		v.Yields = &verdict.Yield{Rule: "unawaited", Pos: v.Pos, End: v.End}
	}
	switch {
	case x.Released != nil:
		v.Message = fmt.Sprintf("when %s takes no token, the release at line %d gives one back all the same, which lets one more in, or panics; leave before it", name, r.Line(x.Released.Pos()))
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Released.Pos(), "released here")}
	case x.Unserved != nil:
		v.Message = fmt.Sprintf("when %s refuses, the path to line %d waits on %s for what only the task would send or close: it does not return; leave before it", name, r.Line(x.Unserved.Pos()), x.On)
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Unserved.Pos(), "waits here")}
		v.Level = verdict.AskIf(!open && x.Local)
	case !x.Ignored:
		v.Message = fmt.Sprintf("when %s refuses, the path to line %d leaves the task counted in %s: its Wait does not return; call %s.Done() there", name, r.Line(x.Leaves.Pos()), x.Group, x.Group)
		v.Related = []analysis.RelatedInformation{verdict.Related(x.Leaves.Pos(), "goes on without Done")}
		v.Level = verdict.AskIf(!open && x.Local)
	case x.Counted != nil:
		v.Message = fmt.Sprintf("%s can refuse, and the refusal is ignored: the task is dropped and %s.Wait() waits for it forever; check the %s, and call %s.Done() when it is refused", name, x.Group, answer(x), x.Group)
		v.Level = verdict.AskIf(!open && x.Local)
	case x.Takes:
		v.Message = fmt.Sprintf("the answer of %s is ignored: the work goes on without a token, and its release gives back one that it does not have; check the %s", name, answer(x))
	default:
		v.Message = fmt.Sprintf("%s can refuse, and the refusal is ignored: the task is dropped without a trace; check the %s", name, answer(x))
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
