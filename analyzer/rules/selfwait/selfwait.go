// Package selfwait is the rule on tasks that wait for what only they could supply.
package selfwait

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed selfwait.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "selfwait",
	Title:   "a task on a bounded pool that waits for the same pool",
	Default: true,
	InTests: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, s := range r.Stuck {
		if !s.Self && !s.Counts && (s.Spawn != nil || len(s.Peers) > 0) {
			continue
		}
		if s.Self && s.Kind == explore.Receives && !s.Lent {
			continue // it gives back what it has not taken: rejected speaks of that
		}
		v := verdict.Verdict{Pos: s.Lead.Pos(), End: s.Lead.End()}
		if call, ok := s.Lead.(*ast.CallExpr); ok {
			v.Pos, v.End = syntax.NamePos(call.Fun), syntax.NameEnd(call.Fun)
		}
		switch {
		case s.Counts && s.Kind == explore.Receives:
			v.Message = fmt.Sprintf("the goroutine waits for %s, which it closes itself when it ends, and so forever; return instead, or wait in another goroutine", s.On)
		case s.Counts:
			v.Message = fmt.Sprintf("the goroutine waits for %s, which counts it, and so waits for itself; wait in a goroutine that is not counted", s.On)
		case s.Self && !s.Token:
			v.Message = fmt.Sprintf("the work here was received from %s, and sends to %s and waits: when all its receivers do so, they wait for each other forever; send from outside, or run it inline", s.On, s.On)
		case s.Self:
			v.Message = fmt.Sprintf("%s acquires a token of %s while it holds one: when all tokens are held this way, everyone waits forever; acquire only one, or release the first", s.By.Name(), s.On)
		case s.Kind == explore.Waits:
			v.Message = fmt.Sprintf("%s waits forever for %s, because no goroutine is left that calls Done", s.By.Name(), s.On)
		case s.Kind == explore.Sends:
			v.Message = fmt.Sprintf("%s sends on %s, and no other goroutine receives from it: it waits forever; receive in a goroutine, or give %s a buffer", s.By.Name(), s.On, s.On)
		case s.Range:
			v.Message = fmt.Sprintf("%s ranges over %s, which nothing closes, so it never returns; close %s once everything has been sent", s.By.Name(), s.On, s.On)
		default:
			v.Message = fmt.Sprintf("%s waits on %s, and no other goroutine sends on it or closes it: it waits forever", s.By.Name(), s.On)
		}
		if s.Self && s.Token && r.weighted(s.Lead) {
			r.Silent(v.Pos, v.End, verdict.Against(v.Pos, "whoever calls says how many tokens are acquired at once"))
			continue
		}
		if s.Self && s.Token && r.drains(s.At) {
			r.Silent(v.Pos, v.End, verdict.Against(s.At.Pos(), "the loop acquires as many tokens as there are: it waits until all have been released"))
			continue
		}
		v.Related = s.Shown()
		r.Report(v)
	}
	for _, n := range obligation.Nested(p.Package) {
		pool := types.ExprString(n.Outer.Pool)
		f := verdict.Verdict{Pos: n.Site.NamePos(), End: syntax.NameEnd(n.Site.Expr.Fun)}
		f.Related = []analysis.RelatedInformation{verdict.Related(n.Outer.Pos(), "the task starts here")}
		if n.Site != n.Inner {
			f.Related = append(f.Related, verdict.Related(n.Inner.NamePos(), "waits here"))
		}
		if n.Ends {
			f.Message = fmt.Sprintf("a task of %s waits in %s for all tasks of %s, and so for itself, forever; close it from outside", pool, n.Inner.Name(), pool)
			r.Report(f)
			continue
		}
		if n.Waits {
			f.Message = fmt.Sprintf("a task of %s waits for %s, and so for itself, forever; wait outside the group", pool, pool)
			r.Report(f)
			continue
		}
		limit := r.limit(n)
		if why := r.safe(n, limit); why != "" {
			r.Silent(f.Pos, f.End, verdict.Against(n.Outer.Pos(), "%s", why))
			continue
		}
		if limit.Call != nil {
			f.Related = append(f.Related, verdict.Related(limit.Pos, "the limit"))
		}
		f.Message = fmt.Sprintf("a task of %s submits to %s and waits: when all workers do so, none is left and all wait forever; submit from outside, run it inline, or use another pool", pool, pool)
		r.Report(f)
	}
}

// drains reports whether a token is taken in a loop that takes as many as the channel holds.
func (r *reviewer) drains(at ast.Node) bool {
	c, ok := r.Root.FindNode(at)
	if !ok {
		return false
	}
	var tokens ast.Expr
	switch n := at.(type) {
	case *ast.SendStmt:
		tokens = n.Chan
	case *ast.UnaryExpr:
		tokens = n.X
	default:
		return false
	}
	loops := syntax.Loops(c)
	if len(loops) == 0 {
		return false
	}
	switch l := loops[0].Node().(type) {
	case *ast.RangeStmt:
		return r.holds(tokens, l.X)
	case *ast.ForStmt:
		cond, ok := ast.Unparen(l.Cond).(*ast.BinaryExpr)
		return ok && (r.holds(tokens, cond.X) || r.holds(tokens, cond.Y))
	}
	return false
}

// holds reports whether a number is what a channel holds: its cap, or what it is made with.
func (r *reviewer) holds(ch, n ast.Expr) bool {
	if call, ok := ast.Unparen(n).(*ast.CallExpr); ok && len(call.Args) == 1 && r.Info.Types[call.Fun].IsBuiltin() {
		return types.ExprString(call.Fun) == "cap" && r.Variable(call.Args[0]) == r.Variable(ch)
	}
	class := r.Resources.Class(ch)
	return class != nil && slices.ContainsFunc(class.Makers(), func(m *resource.Op) bool {
		made, ok := m.Cur.Node().(*ast.CallExpr)
		if !ok || len(made.Args) != 2 {
			return false
		}
		if size, is := r.Info.Types[made.Args[1]].Value, r.Info.Types[n].Value; size != nil || is != nil {
			return size != nil && is != nil && constant.Compare(size, token.EQL, is)
		}
		v := r.Variable(n)
		return v != nil && v == r.Variable(made.Args[1])
	})
}

// weighted reports whether a token is taken in a loop that takes as many as a parameter says. Whether there are as many
// is known to the callers, as with any weighted semaphore.
func (r *reviewer) weighted(at ast.Node) bool {
	c, ok := r.Root.FindNode(at)
	if !ok {
		return false
	}
	loops := syntax.Loops(c)
	if len(loops) == 0 {
		return false
	}
	switch l := loops[0].Node().(type) {
	case *ast.RangeStmt:
		return r.given(l.X)
	case *ast.ForStmt:
		cond, ok := ast.Unparen(l.Cond).(*ast.BinaryExpr)
		return ok && (r.given(cond.X) || r.given(cond.Y))
	}
	return false
}

// given reports whether an expression is a number that callers pass.
func (r *reviewer) given(e ast.Expr) bool {
	v := r.Variable(e)
	if v == nil {
		return false
	}
	d, only := r.Only(v)
	number, is := v.Type().Underlying().(*types.Basic)
	return only && d.Kind == syntax.Param && is && number.Info()&types.IsInteger != 0
}

// limit is that of the pool on which a task runs: as far as it is known here, or as a wrapper says by which the
// task gets there, or submits to it again.
func (r *reviewer) limit(n obligation.Nesting) throttle.Limit {
	if l := r.Throttles.Limit(n.Outer.Pool); l.State != summary.UnknownLimit {
		return l
	}
	for _, s := range []*sites.Spawn{n.Outer, r.SpawnAt(n.Inner)} {
		if s != nil && s.Via != nil && s.Via.Task == summary.Bounded {
			return throttle.Limit{State: summary.Limited}
		}
	}
	return throttle.Limit{}
}

// safe is why a task may submit to its own pool and wait, if it may.
func (r *reviewer) safe(n obligation.Nesting, limit throttle.Limit) string {
	switch {
	case limit.State == summary.NoLimit:
		return "its pool has no limit, so there is always a worker for it"
	case limit.State != summary.Limited:
		return "it is not known whether its pool has a limit"
	case !r.fills(n, limit):
		return "there are never as many such tasks as workers"
	}
	return ""
}

// fills reports whether there can be as many tasks that wait as there are workers.
func (r *reviewer) fills(n obligation.Nesting, limit throttle.Limit) bool {
	if n.Again {
		return true
	}
	tasks := int64(1)
	for _, loop := range syntax.Loops(n.Outer.Cur) {
		times, ok := r.Numbers.Times(loop)
		if !ok {
			return true
		}
		tasks *= times
	}
	in := n.Outer.Call.In
	outside := func(v *types.Var) bool { // fields, receivers, and what anybody may pass, too
		if v == nil || v.Pos() < in.Node.Pos() || in.Node.End() < v.Pos() {
			return true
		}
		i, given := number.Index(in, v)
		return given && (i == int(summary.Receiver) || in.Decl != nil && in.Decl.Exported())
	}
	if v, root := r.PoolVar(n.Outer.Pool); outside(v) || outside(root) {
		return true // shared: others submit such tasks at the same time
	}
	return limit.Size.Exact && tasks >= limit.Size.Max
}
