// Package unawaited is the rule on futures and groups whose result nobody observes.
package unawaited

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed unawaited.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "unawaited",
	Title:   "a future or group whose result or error nobody observes",
	Default: true,
	InTests: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, f := range obligation.Futures(p.Package) {
		v := verdict.Verdict{Pos: f.Call.NamePos(), End: syntax.NameEnd(f.Call.Expr.Fun), Reasons: f.Doubts}
		switch {
		case f.How == 0:
		case r.Detached(f.Call):
			v.Reasons = []verdict.Reason{verdict.Against(f.Call.NamePos(), "a directive says that nobody needs to await it")}
		case f.Channel && r.fails(f.Loss):
			v.Reasons = []verdict.Reason{verdict.Against(f.Call.NamePos(), "the function that drops it returns an error: its one value may stay in the channel; if its sender is stuck, abandoned reports it")}
		default:
			v.Level = verdict.AskIf(f.Minor || f.Kept || f.Flushed || f.Rest || p.Test(f.Call.NamePos()) && r.excusedInTest(f) || r.endsAll(f.Loss, f.Call) ||
				f.Receipt && f.Many && r.fails(f.Loss)) // who sends a batch, and fails, is heard of for all of it
			v.Message = r.unawaitedFuture(f)
			v.Related = r.whereLost(f.Loss)
			if why := unseen(f); why != "" {
				v.Reasons = append(slices.Clip(v.Reasons), verdict.For(v.Pos, "%s", why))
			}
		}
		r.Conclude(v)
	}
	for _, g := range obligation.Groups(p.Package) {
		if r.Detached(g.First) || g.Idle && p.Test(g.First.NamePos()) {
			continue // a test hears of its helpers in other ways
		}
		pos, end := g.First.Place()
		if g.Idle && g.Never && g.Doubt == nil {
			why := verdict.Against(pos, "its tasks leave nothing that is read afterwards")
			g.Doubt = &why
		}
		if g.Doubt != nil {
			r.Silent(pos, end, *g.Doubt)
			continue
		}
		var why []verdict.Reason
		if g.Never {
			why = []verdict.Reason{verdict.For(pos, "it is given work here, and nothing waits for it")}
		}
		r.Report(verdict.Verdict{
			Pos: pos, End: end, Reasons: why,
			Message: r.unawaitedGroup(g),
			Related: r.whereLost(g.Loss),
			// A test may end before its helpers, and fail before all of its tasks have ended.
			Level: verdict.AskIf(p.Test(g.First.NamePos()) && (g.Type.Lost == "" || !g.Never) ||
				g.Rest || g.Kept || g.Serve && r.fails(g.Loss) || r.endsAll(g.Loss, g.First) || g.Idle),
		})
	}
}

// unseen says why nobody sees a future, where no other place shows it.
func unseen(f obligation.Future) string {
	switch f.How {
	case obligation.Dropped:
		return "its result is not used"
	case obligation.Blank:
		return "its result is assigned to _"
	case obligation.Early:
		return "its result is read before it is awaited"
	case obligation.Ignored:
		return "the function that gets its result does not await it"
	case obligation.Left, obligation.Overwritten:
		return ""
	}
	return "nothing awaits its result"
}

// endsAll reports whether a path that leaves with an error ends what was started, too: a workflow
// that fails, or a program that ends with the error.
func (r *reviewer) endsAll(l obligation.Loss, c *syntax.Call) bool {
	return r.fails(l) && (r.workflow(c) || r.Exits.WithError(c.In))
}

// fails reports whether every path that leaves does so with an error.
func (r *reviewer) fails(l obligation.Loss) bool {
	return l.How == obligation.Left && r.withError(l.At) && !slices.ContainsFunc(l.Also, func(n ast.Node) bool { return !r.withError(n) })
}

// withError reports whether a step returns an error.
func (r *reviewer) withError(step ast.Node) bool {
	ret, ok := step.(*ast.ReturnStmt)
	return ok && r.ReturnsError(ret)
}

// workflow reports whether a call is of a workflow engine's package.
func (r *reviewer) workflow(c *syntax.Call) bool {
	return r.Catalog.Func(c.Callee) != nil && c.Callee.Pkg() != nil && strings.HasSuffix(c.Callee.Pkg().Path(), "/workflow")
}

// excusedInTest reports whether a test loses little: what it cleans up with, all but the last of a
// row of futures, or what was done, when it goes on to check the outcome, or only the error.
func (r *reviewer) excusedInTest(f obligation.Future) bool {
	switch {
	case f.How == obligation.Overwritten, f.Call.Defer != nil:
		return true
	case f.How == obligation.Blank && slices.ContainsFunc(syntax.Assigned(f.Call.Cur), func(e ast.Expr) bool {
		v := r.Variable(e)
		return v != nil && slices.ContainsFunc(r.Var(v).Uses, func(u inspector.Cursor) bool { return u.Node().Pos() > f.Call.Expr.End() })
	}):
		return true
	case f.How == obligation.Dropped, f.How == obligation.Blank:
		return slices.ContainsFunc(f.Call.In.Calls, func(later *syntax.Call) bool {
			return later.Expr.Pos() > f.Call.Expr.End() && r.tells(later)
		})
	}
	return false
}

// tells reports whether a call speaks to a test: t.Fatal(err), assert.Equal(t, a, b).
func (r *reviewer) tells(c *syntax.Call) bool {
	return slices.ContainsFunc(append([]ast.Expr{c.Recv()}, c.Expr.Args...), func(e ast.Expr) bool {
		if e == nil {
			return false
		}
		n := syntax.Named(r.Info.TypeOf(e))
		return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing"
	})
}

func (r *reviewer) unawaitedFuture(f obligation.Future) string {
	name := f.Call.Name()
	const onPurpose = "; await it, or mark it //poollint:detached <reason>"
	switch f.How {
	case obligation.Dropped:
		return fmt.Sprintf("the future of %s is dropped, losing %s%s", name, f.Lost, onPurpose)
	case obligation.Blank:
		return fmt.Sprintf("the future of %s is assigned to _, losing %s%s", name, f.Lost, onPurpose)
	case obligation.Early:
		return fmt.Sprintf("the future of %s is read without being awaited: its value may not be there yet, or ever; await it first", name)
	case obligation.Ignored:
		return fmt.Sprintf("the future of %s is passed to a function that does not await it, losing %s%s", name, f.Lost, onPurpose)
	case obligation.Overwritten:
		return fmt.Sprintf("%s, the future of %s, is overwritten at line %d before anybody awaits it, losing %s; await it first, or collect the futures",
			f.Name(), name, r.Line(f.At.Pos()), f.Lost)
	case obligation.Left:
		if f.Single {
			return fmt.Sprintf("%s, from %s, is only partly awaited on the path that returns at line %d, losing %s of the others; await each of them",
				f.Name(), name, r.Line(f.At.Pos()), f.Lost)
		}
		if f.Rest {
			return fmt.Sprintf("the rest of %s, from %s, is not awaited on the path that exits at line %d, losing %s; await all of them, or cancel their context",
				f.Name(), name, r.Line(f.At.Pos()), f.Lost)
		}
		return fmt.Sprintf("%s, from %s, is not awaited on the path that returns at line %d, losing %s; %s it there too",
			f.Name(), name, r.Line(f.At.Pos()), f.Lost, r.discharges(f.Call))
	}
	if f.Kept {
		return fmt.Sprintf("%s keeps the future of %s and nothing in the package reads it, losing %s%s", f.Name(), name, f.Lost, onPurpose)
	}
	return fmt.Sprintf("%s holds the future of %s and is never awaited, losing %s%s", f.Name(), name, f.Lost, onPurpose)
}

func (r *reviewer) unawaitedGroup(g obligation.Group) string {
	lost := ""
	if g.Type.Lost != "" {
		lost = ", losing " + g.Type.Lost
	}
	if g.Var == nil {
		return fmt.Sprintf("the group of %s is dropped while its tasks run%s; wait for it", g.First.Name(), lost)
	}
	switch {
	case g.Kept:
		return fmt.Sprintf("%s is given work, and nothing in the package waits for it%s; wait for it where its owner is closed", g.Var.Name(), lost)
	case g.Rest:
		return fmt.Sprintf("the rest of %s is not waited for on the path that exits at line %d: its tasks keep running after the return%s; wait for all of them", g.Var.Name(), r.Line(g.At.Pos()), lost)
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
		race = fmt.Sprintf(" and may write to %s while it is being returned", g.Races.Name())
	}
	return fmt.Sprintf("%s is not waited for on the path that exits at line %d: its tasks keep running after the return%s%s; %s",
		g.Var.Name(), r.Line(g.At.Pos()), race, lost, cure)
}

// discharges is what can be done with the future of a call: some cannot be cancelled.
func (r *reviewer) discharges(c *syntax.Call) string {
	t := r.First(c.Expr)
	for m := range types.NewMethodSet(t).Methods() {
		f, ok := m.Obj().(*types.Func)
		if !ok {
			continue
		}
		if row := r.Catalog.Func(f.Origin()); row != nil && row.Role == catalog.Cancel {
			return "await or cancel"
		}
	}
	return "await"
}

// hasContext reports whether a group is made with a context.
func (r *reviewer) hasContext(v *types.Var) bool {
	for _, d := range r.Var(v).Defs {
		call, ok := d.Expr.(*ast.CallExpr)
		if !ok {
			continue
		}
		for _, a := range call.Args {
			if syntax.Is(r.Info.TypeOf(a), "context", "Context") {
				return true
			}
		}
	}
	return false
}

// whereLost points at the return that leaves, or at what overwrites.
func (r *reviewer) whereLost(l obligation.Loss) []analysis.RelatedInformation {
	switch l.How {
	case obligation.Left:
		leaves := []analysis.RelatedInformation{verdict.Related(l.At.Pos(), "exits here")}
		for _, at := range l.Also {
			leaves = append(leaves, verdict.Related(at.Pos(), "also exits here"))
		}
		return leaves
	case obligation.Overwritten:
		return []analysis.RelatedInformation{verdict.Related(l.At.Pos(), "overwritten here")}
	}
	return nil
}
