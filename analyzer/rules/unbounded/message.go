package unbounded

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// wording says what happens and what to do about it.
type wording struct{ *reviewer }

// computes reports whether a task is known to compute and never to wait.
func (r wording) computes(s *sites.Spawn) bool {
	e := r.Effect(s)
	return e.Quiet() && e.Cost.Plausible() >= 100_000
}

// describe writes the message of a verdict.
func (r wording) describe(v *verdict.Verdict, s *sites.Spawn, f fanOut) {
	what := "one goroutine per iteration of the loop"
	if _, loop := f.factor.Region.Node().(ast.Stmt); !loop {
		what = "one goroutine per call"
	}
	switch x := f.factor.Number; {
	case x.Origin == knowledge.Turns:
		what += ", which never ends and waits for nothing"
	case x.Of != nil:
		unit := "element of "
		if isNumber(r.Info.TypeOf(x.Of)) {
			unit = "unit of "
		}
		what = "one goroutine per " + unit + number.Words(x)
	case x.Why != "":
		what += " (" + x.Why + ")"
	}
	switch f.throttle.Kind {
	case throttle.Inside:
		remedy := "bound the input: the tasks start more tasks of the same kind, and would wait for each other if the token were acquired first"
		if !obligation.Again(r.Package, s) {
			v.Fixes, remedy = r.tokenFix(s, f.throttle.Node), "acquire the token before "+startWord(s)
		}
		v.Message = fmt.Sprintf("%s waits for its token only after it has started, so all of them exist at once; %s: %s", what, model.Hold(model.Plausible(f.factor.Number), r.Footprint(s)), remedy)
		v.Related = append(v.Related, verdict.Related(f.throttle.Node.Pos(), "the token is acquired here, inside the goroutine"))
	case throttle.TooWide:
		v.Message = fmt.Sprintf("%s; the semaphore has a token for each, so nothing waits; %s: use a fixed number of tokens", what, model.Hold(model.Plausible(f.factor.Number), r.Footprint(s)))
		v.Related = append(v.Related, verdict.Related(f.throttle.Node.Pos(), "this semaphore admits every task"))
	default:
		v.Message = fmt.Sprintf("%s; %s: %s", what, model.Hold(model.Plausible(f.factor.Number), r.Footprint(s)), r.remedy(s))
	}
	region := f.factor.Region.Node()
	if _, loop := region.(ast.Stmt); loop {
		v.Related = append(v.Related, verdict.Related(region.Pos(), "the loop that starts them"))
	} else {
		v.Related = append(v.Related, verdict.Related(region.Pos(), "the function that is called each time"))
	}
	if f.factor.Far > 0 {
		v.Related = append(v.Related, verdict.Related(f.factor.Site.Node().Pos(), "the call that leads to the start"))
	}
	if p := f.factor.Pos; p.IsValid() && p != region.Pos() {
		v.Related = append(v.Related, verdict.Related(p, "where the elements come from"))
	}
}

// remedy names the line to write.
func (r wording) remedy(s *sites.Spawn) string {
	if obligation.Again(r.Package, s) {
		return "hold a semaphore only around the work itself, or bound the input: the tasks start more tasks of the same kind, and would wait for each other under a limit"
	}
	n := "what the remote side can handle"
	if r.computes(s) {
		n = "runtime.GOMAXPROCS(0)"
	}
	if s.Pool != nil && (s.Row != nil || s.Via != nil && s.Via.Task == summary.ByExecutor) {
		pool := syntax.Short(s.Pool)
		switch {
		case s.Type != nil && hasMethod(r.Info.TypeOf(s.Pool), "SetLimit"):
			if n == "runtime.GOMAXPROCS(0)" {
				return fmt.Sprintf("set a limit with %s.SetLimit(%s)", pool, n)
			}
			return fmt.Sprintf("set a limit with %s.SetLimit", pool)
		case hasMethod(r.Info.TypeOf(s.Pool), "WithMaxGoroutines"):
			return fmt.Sprintf("set a limit with %s.WithMaxGoroutines", pool)
		}
	}
	if n == "runtime.GOMAXPROCS(0)" {
		return "use an errgroup with SetLimit(runtime.GOMAXPROCS(0)), or a CPU pool such as pool.NewCPU"
	}
	return "use an errgroup with SetLimit, or a bounded pool such as pool.NewIO"
}

// tokenFix moves sem <- struct{}{} or sem.Acquire from the first line of a goroutine to the line
// before it. Only the plain send has no error to handle.
func (r wording) tokenFix(s *sites.Spawn, taken ast.Node) []analysis.SuggestedFix {
	send, ok := taken.(*ast.SendStmt)
	stmt, inBlock := syntax.Stmt(s.Cur)
	if !ok || !inBlock || s.Body == nil || s.Body.Decl != nil || len(s.Body.Body.List) == 0 {
		return nil
	}
	if v := r.Variable(send.Chan); v == nil || v.Pos() > s.Call.Expr.Pos() {
		return nil
	}
	text := types.ExprString(send.Chan) + " <- " + types.ExprString(send.Value)
	line := func(p token.Pos) int { return r.Fset.Position(p).Line }
	from, to := send.Pos(), send.End()
	for _, next := range s.Body.Body.List {
		if next.Pos() > send.End() && line(next.Pos()) > line(send.End()) {
			to = next.Pos()
			break
		}
	}
	return []analysis.SuggestedFix{{
		Message: "acquire the token before the goroutine starts",
		TextEdits: []analysis.TextEdit{
			{Pos: stmt.Node().Pos(), End: stmt.Node().Pos(), NewText: []byte(text + "\n" + indent(r.Fset, stmt.Node().Pos()))},
			{Pos: from, End: to},
		},
	}}
}
