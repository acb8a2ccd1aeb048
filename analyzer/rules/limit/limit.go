// Package limit is the rule on limits that break.
package limit

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed limit.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "limit",
	Title:   "a limit that hangs, panics, or silently means unlimited",
	Default: true,
	InTests: true,
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
			r.checkEdge(u)
		}
		if u.Row.Role == catalog.SetBound {
			r.checkLate(u)
		}
	}
}

// checkEdge judges a constant size at or below zero by what the library makes of it.
func (r *reviewer) checkEdge(u *sites.Use) {
	b := u.Row.Bound
	arg := u.Call.Arg(b.Arg.Index())
	if b.From != catalog.FromArg || arg == nil {
		return
	}
	silent := func(why string) {
		r.Silent(u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun), verdict.Against(arg.Pos(), "%s", why))
	}
	size := r.Numbers.Int(arg)
	switch {
	case r.Numbers.CalledUnbounded(arg):
		silent("the name says that there is no limit")
		return
	case !size.Exact:
		silent("the size is not a constant")
		for _, c := range r.chosenBy(u.Call.In, arg) {
			if size := r.Numbers.Int(c.arg); size.Exact && size.Max <= 0 {
				r.checkSize(u, c.call, c.arg, size.Max, fmt.Sprintf("%s(%d), called by %s,", u.Call.Callee.Name(), size.Max, c.call.Name()))
			}
		}
		return
	case size.Max > 0:
		silent(fmt.Sprintf("the size is %d", size.Max))
		return
	}
	name := fmt.Sprintf("%s(%s)", u.Call.Callee.Name(), syntax.Short(arg))
	if _, literal := ast.Unparen(arg).(*ast.BasicLit); !literal && syntax.Short(arg) != fmt.Sprint(size.Max) {
		name += fmt.Sprintf(", with %s = %d,", syntax.Short(arg), size.Max)
	}
	r.checkSize(u, u.Call, arg, size.Max, name)
}

// A choice is a call of a function that sets a limit to what it is given.
type choice struct {
	call *syntax.Call
	arg  ast.Expr
}

// chosenBy are the calls that choose a size which is a parameter of the function around it, and looked at nowhere
// there: if n > 0 { g.SetLimit(n) } would be.
func (r *reviewer) chosenBy(in *syntax.Func, arg ast.Expr) []choice {
	v := r.Variable(arg)
	if in == nil || in.Decl == nil || v == nil {
		return nil
	}
	i, given := number.Index(in, v)
	if _, only := r.Only(v); !given || !only || slices.ContainsFunc(r.Var(v).Uses, func(u inspector.Cursor) bool {
		return u.ParentEdgeKind() != edge.CallExpr_Args && u.ParentEdgeKind() != edge.Field_Names
	}) {
		return nil
	}
	var all []choice
	for _, c := range in.Callers {
		if a := c.Arg(i); a != nil {
			all = append(all, choice{c, a})
		}
	}
	return all
}

// checkSize judges what a library makes of a size at or below zero that a call gives it, be it through a function.
func (r *reviewer) checkSize(u *sites.Use, c *syntax.Call, arg ast.Expr, size int64, name string) {
	b := u.Row.Bound
	at, end := c.NamePos(), syntax.NameEnd(c.Expr.Fun)
	silent := func(why string) { r.Silent(at, end, verdict.Against(arg.Pos(), "%s", why)) }
	// What it counts, who waits for one, and what to do.
	task, give := "submit", "use at least one worker"
	switch {
	case u.Type != nil && u.Type.Kind == catalog.Limiter:
		task, give = "Acquire", "use at least one token"
	case b.Over != catalog.NoArg:
		give = "pass a budget and the cost of one worker, in bytes"
	}
	var says string
	strict := false
	switch b.Edge(size) {
	case catalog.EdgeUnlimited:
		says = fmt.Sprintf("%s means no limit: %s; pass a number of workers", name, model.Hold(model.Thousands, r.FootprintOn(u.Call)))
		strict = u.Row.Role == catalog.SetBound && size < 0 // the documented way to say so
	case catalog.EdgePanics:
		if r.Test(c.Expr.Pos()) {
			silent("the test would fail, unless this is what it tests")
			return
		}
		says = name + " panics; " + give
	case catalog.EdgeHangs:
		says = name + " makes every later " + task + " wait forever; " + give
	case catalog.EdgeNothing:
		says = name + " runs nothing, without an error; " + give
	case catalog.EdgeError:
		says = name + " always fails; " + give
	default:
		silent("the library replaces the size with one that works, or it is not known what it does with it")
		return
	}
	r.Report(verdict.Verdict{
		Pos: at, End: end, Message: says, Level: verdict.AskIf(strict),
		Reasons: []verdict.Reason{verdict.For(arg.Pos(), "the size is %d", size)},
	})
}

// checkLate judges a limit that comes after a task of the same group.
func (r *reviewer) checkLate(u *sites.Use) {
	v := r.Variable(u.Call.Recv())
	if !u.Row.Early || v == nil || v.IsField() || u.Call.In == nil {
		return
	}
	for _, s := range r.SpawnsIn(u.Call.In) {
		if s.Row == nil || s.Pool == nil || r.Variable(s.Pool) != v {
			continue
		}
		if s.Call.Expr.Pos() > u.Call.Expr.Pos() && !r.nextTurn(v, u.Call, s.Call) || r.settled(v, s.Call, u.Call) {
			continue
		}
		r.Report(verdict.Verdict{
			Pos: u.Call.NamePos(), End: syntax.NameEnd(u.Call.Expr.Fun),
			Message: fmt.Sprintf("%s comes after %s.%s and panics if that task is already running; set the limit before the first task",
				u.Call.Callee.Name(), v.Name(), s.Call.Callee.Name()),
			Related: []analysis.RelatedInformation{verdict.Related(s.Pos(), "the first task is started here")},
		})
		return
	}
}

// nextTurn reports whether a limit that stands before a task in a loop comes after it in the next
// turn: the group is made outside of the loop, and nobody waits for it inside.
func (r *reviewer) nextTurn(v *types.Var, limit, task *syntax.Call) bool {
	for _, loop := range syntax.Loops(limit.Cur) {
		n := loop.Node()
		inside := func(pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }
		if !inside(task.Expr.Pos()) {
			continue
		}
		for _, d := range r.Var(v).Defs {
			if inside(d.Cur.Node().Pos()) {
				return false
			}
		}
		for _, c := range limit.In.Calls {
			row := r.Catalog.Func(c.Callee)
			if row != nil && row.Role == catalog.Wait && inside(c.Expr.Pos()) && r.Variable(c.Recv()) == v {
				return false
			}
		}
		return true
	}
	return false
}

// settled reports whether a group is waited for, or made anew, between two calls.
func (r *reviewer) settled(v *types.Var, from, to *syntax.Call) bool {
	between := func(pos token.Pos) bool { return from.Expr.Pos() < pos && pos < to.Expr.Pos() }
	for _, c := range to.In.Calls {
		row := r.Catalog.Func(c.Callee)
		if row != nil && row.Role == catalog.Wait && between(c.Expr.Pos()) && r.Variable(c.Recv()) == v {
			return true
		}
	}
	for _, d := range r.Var(v).Defs {
		if between(d.Cur.Node().Pos()) {
			return true
		}
	}
	return false
}
