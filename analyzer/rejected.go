package analyzer

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var rejected = Rule{
	ID:      "rejected",
	Title:   "the refusal of a submit is ignored, so that a task is lost or waited for in vain",
	Default: true,
	Why: `A pool that does not wait for room refuses, and says so in an error or a bool that looks like a
formality. Whoever ignores it loses tasks when the pool is full: messages, writes, events, under load
and without a trace. If a wait group has counted the task before, its Wait does not return.`,
	Incident: "https://github.com/fatih/semgroup/pull/2: Add before a fallible acquire, and no Done when it failed",
	Wrong: `package relay

import "github.com/panjf2000/ants/v2"

type relay struct{ pool *ants.Pool }

func newRelay() (*relay, error) {
	pool, err := ants.NewPool(8, ants.WithNonblocking(true))
	return &relay{pool: pool}, err
}

func (r *relay) deliver(message string, send func(string)) {
	r.pool.Submit(func() { send(message) })
}
`,
	Right: `package relay

import "github.com/panjf2000/ants/v2"

type relay struct{ pool *ants.Pool }

func newRelay() (*relay, error) {
	pool, err := ants.NewPool(8, ants.WithNonblocking(true))
	return &relay{pool: pool}, err
}

func (r *relay) deliver(message string, send func(string)) error {
	return r.pool.Submit(func() { send(message) })
}
`,
	Decides: `The call can refuse while the pool is open: by the library's contract (TryGo, TryAcquire, a bounded
queue, an Acquire whose context can end), or because the pool is made, where its variable or field gets
its value, with an option not to wait. Its error or bool is dropped, or assigned to _; so is that of a
helper that hands it on. Or a token that was not taken is given back, by a Release behind an error that
was only logged, or by one deferred before. Or a wait group counts the task before it is submitted, to a
pool that other functions share, and the refusal is dropped, or read on a path that does not call Done.`,
	Limits: `A pool that refuses only once it is closed is reported with -strict, and not at all if nobody closes
it. A refusal that is logged, counted or returned is handled. On 71 public repositories the rule found 7
places, none of them false.`,
	NotWhen: `A task that may be dropped when the pool is busy says so: //poollint:detached <reason>.`,
	run:     runRejected,
}

func runRejected(r *reporter, p *sites.Package) {
	for _, x := range discharge.Refusals(p) {
		v := verdict.Verdict{Pos: x.Call.NamePos(), End: syntax.NameEnd(x.Call.Expr.Fun)}
		switch {
		case x.Heard:
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "its answer is heard, and nothing that follows relies on the acceptance")}
		case r.detached(x.Call):
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "a directive says that its refusal does not matter")}
		case x.Private:
			v.Reasons = []verdict.Reason{verdict.Against(v.Pos, "the pool waits for room, and nobody closes it")}
		default:
			r.refused(&v, x)
		}
		r.conclude(v)
	}
}

// refused says what is lost with a refusal.
func (r *reporter) refused(v *verdict.Verdict, x discharge.Refusal) {
	open := x.Open && (x.Row == nil || x.Pool == nil || x.Row.Refuses || r.throttles.Limit(x.Pool).State != summary.NoLimit)
	name := r.calledName(x.Call)
	if pool := x.Call.Recv(); pool != nil {
		name = short(pool) + "." + name
	}
	v.Level = verdict.Report
	switch {
	case x.Released != nil:
		v.Message = fmt.Sprintf("when %s takes no token, the release at line %d gives one back all the same, which lets one more in, or panics; leave before it", name, r.line(x.Released.Pos()))
		v.Related = []analysis.RelatedInformation{related(x.Released.Pos(), "released here")}
	case !x.Ignored:
		v.Message = fmt.Sprintf("when %s refuses, the path to line %d leaves the task counted in %s: its Wait does not return; call %s.Done() there", name, r.line(x.Leaves.Pos()), x.Group, x.Group)
		v.Related = []analysis.RelatedInformation{related(x.Leaves.Pos(), "goes on without Done")}
		v.Level = verdict.AskIf(!open && x.Local)
	case x.Counted != nil:
		v.Message = fmt.Sprintf("%s can refuse, and the refusal is ignored: the task is dropped and %s.Wait() waits for it forever; check the %s, and call %s.Done() when it is refused", name, x.Group, answer(x.Row), x.Group)
		v.Level = verdict.AskIf(!open && x.Local)
	case x.Takes:
		v.Message = fmt.Sprintf("the answer of %s is ignored: the work goes on without a token, and its release gives back one that it does not have; check the %s", name, answer(x.Row))
	default:
		v.Message = fmt.Sprintf("%s can refuse, and the refusal is ignored: the task is dropped without a trace; check the %s", name, answer(x.Row))
		v.Level = verdict.AskIf(!open)
	}
}

// answer is what a row's refusal comes in.
func answer(row *catalog.Func) string {
	if row == nil {
		return "answer"
	}
	switch row.Returns {
	case catalog.ReturnsBool, catalog.ReturnsFutureBool:
		return "bool"
	}
	return "error"
}
