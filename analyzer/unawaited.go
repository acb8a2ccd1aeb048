package analyzer

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var unawaited = Rule{
	ID:      "unawaited",
	Title:   "a future or group whose result or error nobody observes",
	Default: true,
	Why: `The error of a task is in its future, and nowhere else. Drop the future, and the work may have
failed, or panicked, or not even begun, while everything goes on as if it were done. A group that is
left with work in it goes on behind the function that has returned: its tasks write to what the
caller has taken back, and their error is lost.`,
	Incident: "https://github.com/temporalio/samples-go/pull/382: a workflow that completed before the activity it had started",
	Wrong: `package store

import (
	"time"

	"github.com/hashicorp/raft"
)

func Set(r *raft.Raft, command []byte) {
	r.Apply(command, time.Second)
}
`,
	Right: `package store

import (
	"time"

	"github.com/hashicorp/raft"
)

func Set(r *raft.Raft, command []byte) error {
	return r.Apply(command, time.Second).Error()
}
`,
	Decides: `A future is owed an await from the call that returns it, be it a library's function, a helper,
a closure, a method behind an interface or a channel that delivers once; a group a wait from its first
Go, or from the helper that returns it with work in it, on every path to the end of the function: also
the early return of an error, of an earlier future's too, the next turn of a loop, and an os.Exit that
ends the function. It is enough to await, to cancel, to end the context it was given, to defer any of
these, to wait for the executor as a whole on the way out (StopAndWait, PublishAsyncComplete), or to
install the library's handler for failures. That another method closes the pool is not enough: it hears
that the task has ended, and not how. A WaitGroup is owed a wait when its goroutines, of wg.Go or of
wg.Add and go, write what the function reads behind them. Panics, log.Fatal and the like are no paths,
and neither is an error made because something that must be there is nil. What is returned, stored in a
field, sent, captured by a function that awaits it, or passed to a function of which nothing is known, is
somebody else's. Functions that await, or do nothing with, what they are given are known, in other
packages too.`,
	Limits: `Paths that depend on conditions which are not repeated literally are not told apart: where a counter
or a collection tells whether something was started, nothing is reported, and neither is a path that the
caller chose with a flag such as wait. With -strict: a future in a field that nothing in the package
reads, a flush in another function, a loop that leaves at the first error of several, who sends a batch
of messages and returns an error, a test that drops a future and may go on to check what it was to bring
about, a group of servers that is left with an error, and a WaitGroup whose goroutines leave nothing to
read. Awaiting a future but dropping its error is errcheck's business.`,
	NotWhen: `Work that is started and left alone on purpose says so: //poollint:detached <reason>, at the call or
above the function that returns the future.`,
	run: runUnawaited,
}

func runUnawaited(r *reporter, p *sites.Package) {
	for _, f := range discharge.Futures(p) {
		v := verdict.Verdict{Pos: f.Call.NamePos(), End: syntax.NameEnd(f.Call.Expr.Fun), Reasons: f.Doubts}
		switch {
		case f.How == 0:
		case r.detached(f.Call):
			v.Reasons = []verdict.Reason{verdict.Against(f.Call.NamePos(), "a directive says that nobody needs to await it")}
		default:
			v.Level = verdict.AskIf(f.Minor || f.Kept || f.Flushed || f.Rest || p.Test(f.Call.NamePos()) && r.excusedInTest(f) || r.endsAll(f.Loss, f.Call) ||
				f.Receipt && f.Many && r.fails(f.Loss)) // who sends a batch, and fails, is heard of for all of it
			v.Message = r.unawaitedFuture(f)
			v.Related = r.whereLost(f.Loss)
		}
		r.conclude(v)
	}
	for _, g := range discharge.Groups(p) {
		if r.detached(g.First) || g.Idle && p.Test(g.First.NamePos()) {
			continue // a test hears of its helpers in other ways
		}
		pos, end := r.callPlace(g.First)
		r.report(verdict.Verdict{
			Pos: pos, End: end,
			Message: r.unawaitedGroup(g),
			Related: r.whereLost(g.Loss),
			// A test may end before its helpers, and fail before all of its tasks have ended.
			Level: verdict.AskIf(p.Test(g.First.NamePos()) && (g.Type.Lost == "" || !g.Never) ||
				g.Serve && r.fails(g.Loss) || r.endsAll(g.Loss, g.First) || g.Idle && (!g.Never || g.First.Go != nil)),
		})
	}
}

// endsAll reports whether a path that leaves with an error ends what was started, too: a workflow
// that fails, or a program whose main calls the function once, to end with its error.
func (r *reporter) endsAll(l discharge.Loss, c *syntax.Call) bool {
	return r.fails(l) && (r.workflow(c) || r.pass.Pkg.Name() == "main" && r.onceByMain(c.In, 0))
}

// fails reports whether every path that leaves does so with an error.
func (r *reporter) fails(l discharge.Loss) bool {
	return l.How == discharge.Left && r.withError(l.At) && !slices.ContainsFunc(l.Also, func(n ast.Node) bool { return !r.withError(n) })
}

// withError reports whether a step returns an error.
func (r *reporter) withError(step ast.Node) bool {
	ret, ok := step.(*ast.ReturnStmt)
	return ok && r.pkg.ReturnsError(ret)
}

// workflow reports whether a call is of a workflow engine's package.
func (r *reporter) workflow(c *syntax.Call) bool {
	return r.pkg.Catalog.Func(c.Callee) != nil && c.Callee.Pkg() != nil && strings.HasSuffix(c.Callee.Pkg().Path(), "/workflow")
}

// onceByMain reports whether a function is called by main alone, in no loop, goroutine or handler.
func (r *reporter) onceByMain(f *syntax.Func, depth int) bool {
	if r.numbers.HandlesRequest(f) {
		return false
	}
	f = f.Declared()
	if f == nil || depth > 4 {
		return false
	}
	if isMain(f) {
		return true
	}
	for _, c := range f.Callers {
		if c.In == nil || c.Go != nil || len(syntax.Loops(c.Cur)) > 0 || !r.onceByMain(c.In, depth+1) {
			return false
		}
	}
	return len(f.Callers) > 0 && !f.Valued
}

// excusedInTest reports whether a test loses little: what it cleans up with, all but the last of a
// row of futures, or what was done, when it goes on to check the outcome.
func (r *reporter) excusedInTest(f discharge.Future) bool {
	switch {
	case f.How == discharge.Overwritten, f.Call.Defer != nil:
		return true
	case f.How == discharge.Dropped, f.How == discharge.Blank:
		return slices.ContainsFunc(f.Call.In.Calls, func(later *syntax.Call) bool {
			return later.Expr.Pos() > f.Call.Expr.End() && r.tells(later)
		})
	}
	return false
}

// tells reports whether a call speaks to a test: t.Fatal(err), assert.Equal(t, a, b).
func (r *reporter) tells(c *syntax.Call) bool {
	return slices.ContainsFunc(append([]ast.Expr{c.Recv()}, c.Expr.Args...), func(e ast.Expr) bool {
		if e == nil {
			return false
		}
		n := syntax.Named(r.pass.TypesInfo.TypeOf(e))
		return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing"
	})
}

// detached reports whether the source says that a call's result needs no await: at the call, or
// where the function called is declared.
func (r *reporter) detached(c *syntax.Call) bool {
	return r.covered(c.NamePos(), "detached") || c.Callee != nil && r.marked(c.Callee, "detached")
}

func (r *reporter) unawaitedFuture(f discharge.Future) string {
	name := r.calledName(f.Call)
	const onPurpose = "; await it, or say //poollint:detached <reason>"
	switch f.How {
	case discharge.Dropped:
		return fmt.Sprintf("the future of %s is dropped, and with it %s%s", name, f.Lost, onPurpose)
	case discharge.Blank:
		return fmt.Sprintf("the future of %s is assigned to _, losing %s%s", name, f.Lost, onPurpose)
	case discharge.Early:
		return fmt.Sprintf("the future of %s is read without being awaited: what it holds may not be there yet, or never; await it first", name)
	case discharge.Ignored:
		return fmt.Sprintf("the future of %s is passed to a function that does not await it, losing %s%s", name, f.Lost, onPurpose)
	case discharge.Overwritten:
		return fmt.Sprintf("%s, the future of %s, is overwritten at line %d before anybody awaits it, losing %s; await it first, or collect the futures",
			f.Var.Name(), name, r.line(f.At.Pos()), f.Lost)
	case discharge.Left:
		if f.Rest {
			return fmt.Sprintf("the rest of %s, from %s, is not awaited on the path that leaves at line %d, losing %s; await all of them, or cancel their context",
				f.Var.Name(), name, r.line(f.At.Pos()), f.Lost)
		}
		return fmt.Sprintf("%s, from %s, is not awaited on the path that returns at line %d, losing %s; %s it there too",
			f.Var.Name(), name, r.line(f.At.Pos()), f.Lost, r.discharges(f.Call))
	}
	if f.Kept {
		return fmt.Sprintf("%s keeps the future of %s and nothing in the package reads it, losing %s%s", f.Var.Name(), name, f.Lost, onPurpose)
	}
	return fmt.Sprintf("%s holds the future of %s and is never awaited, losing %s%s", f.Var.Name(), name, f.Lost, onPurpose)
}

// calledName is what a message calls the function that a call runs.
func (r *reporter) calledName(c *syntax.Call) string {
	if c.Callee != nil {
		return c.Callee.Name()
	}
	return shortExpr(c.Expr.Fun)
}

// callPlace is what a finding about a call points at: the name called, or the keyword go.
func (r *reporter) callPlace(c *syntax.Call) (pos, end token.Pos) {
	if c.Go != nil {
		return c.Go.Go, c.Go.Go + token.Pos(len("go"))
	}
	return c.NamePos(), syntax.NameEnd(c.Expr.Fun)
}

func (r *reporter) unawaitedGroup(g discharge.Group) string {
	lost := ""
	if g.Type.Lost != "" {
		lost = ", losing " + g.Type.Lost
	}
	if g.Var == nil {
		return fmt.Sprintf("the group of %s is dropped with work in it%s; wait for it", r.calledName(g.First), lost)
	}
	first := "" // what has to be done lest the wait is forever
	switch {
	case g.Feed != nil:
		first = fmt.Sprintf("close %s and ", g.Feed.Name())
	case g.Until != nil && !r.hasContext(g.Var):
		first = fmt.Sprintf("cancel %s and ", g.Until.Name())
	}
	if g.Never {
		return fmt.Sprintf("%s is given work and never waited for: its tasks outlive the function%s; %swait for it before every return", g.Var.Name(), lost, first)
	}
	cure := first + "wait for it there too, or in a defer"
	if first == "" && r.hasContext(g.Var) {
		cure = "wait for it there too, or cancel its context and wait in a defer"
	}
	race := ""
	if g.Races != nil {
		race = fmt.Sprintf(" and may write %s while it is returned", g.Races.Name())
	}
	return fmt.Sprintf("%s is not waited for on the path that leaves at line %d: its tasks go on behind the caller's back%s%s; %s",
		g.Var.Name(), r.line(g.At.Pos()), race, lost, cure)
}

// discharges is what can be done with the future of a call: some cannot be cancelled.
func (r *reporter) discharges(c *syntax.Call) string {
	t := r.pkg.First(c.Expr)
	for m := range types.NewMethodSet(t).Methods() {
		f, ok := m.Obj().(*types.Func)
		if !ok {
			continue
		}
		if row := r.pkg.Catalog.Func(f.Origin()); row != nil && row.Role == catalog.Cancel {
			return "await or cancel"
		}
	}
	return "await"
}

// hasContext reports whether a group is made with a context.
func (r *reporter) hasContext(v *types.Var) bool {
	for _, d := range r.pkg.Var(v).Defs {
		call, ok := d.Expr.(*ast.CallExpr)
		if !ok {
			continue
		}
		for _, a := range call.Args {
			if syntax.Is(r.pass.TypesInfo.TypeOf(a), "context", "Context") {
				return true
			}
		}
	}
	return false
}

// whereLost points at the return that leaves, or at what overwrites.
func (r *reporter) whereLost(l discharge.Loss) []analysis.RelatedInformation {
	switch l.How {
	case discharge.Left:
		leaves := []analysis.RelatedInformation{related(l.At.Pos(), "leaves here")}
		for _, at := range l.Also {
			leaves = append(leaves, related(at.Pos(), "leaves here, too"))
		}
		return leaves
	case discharge.Overwritten:
		return []analysis.RelatedInformation{related(l.At.Pos(), "overwritten here")}
	}
	return nil
}

func (r *reporter) line(pos token.Pos) int { return r.pass.Fset.Position(pos).Line }

// source is an expression as the source has it.
func (r *reporter) source(e ast.Expr) string { return types.ExprString(e) }
