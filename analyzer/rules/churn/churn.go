// Package churn is the rule on pools that are built for one use.
package churn

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

//go:embed churn.md
var page string

// Rule is what this package adds to the table of rules.
var Rule = rule.Rule{
	ID:      "churn",
	Title:   "a pool that is created per iteration or request, and dropped or closed there",
	Default: true,
	Page:    page,
	Run:     run,
}

// A reviewer is the rule at work on one package.
type reviewer struct{ *rule.Pass }

func run(p *rule.Pass) {
	r := &reviewer{p}
	for _, u := range obligation.Makers(p.Package) {
		r.checkChurn(u)
	}
}

func (r *reviewer) checkChurn(u obligation.Maker) {
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.Silent(at, end, verdict.Against(at, "%s", why)) }
	if u.Type == nil {
		silent("it is the program's own kind of pool: its workers may belong to what it works on")
		return
	}
	v := r.localOf(u.Call)
	if v == nil {
		r.checkKept(u)
		return
	}
	if !r.stays(v) {
		silent(v.Name() + " escapes the function, and may be used again")
		return
	}
	f := verdict.Verdict{Pos: at, End: end}
	pool := v.Name()
	for _, loop := range syntax.Loops(u.Call.Cur) {
		if loop.Node().Pos() <= v.Pos() && r.Numbers.Trips(loop, u.Call.Expr).Kind != number.Bounded {
			f.Message = fmt.Sprintf("%s is a new pool in each iteration: it bounds only that iteration, and its workers are never reused; make it once, before the loop", pool)
			f.Related = []analysis.RelatedInformation{verdict.Related(loop.Node().Pos(), "the loop around it")}
			r.Report(f)
			return
		}
	}
	if h := r.handler(u.Call.In, nil); h != nil {
		f.Message = fmt.Sprintf("%s is a new pool for each request that %s handles: it bounds only that request, and its workers are never reused; make it once, where the server is made", pool, h.Name())
		r.Report(f)
		return
	}
	if r.servesStream(v) {
		silent("it is used for as long as messages arrive")
		return
	}
	if d := u.Call.In.Declared(); u.Type.Closed && d != nil && d.Decl.Exported() && takesContext(d.Sig) {
		f.Level = verdict.Ask
		f.Message = fmt.Sprintf("%s is a new pool for each call of %s: it bounds only that call, and its workers are never reused; make it once, and keep it", pool, d.Name())
		r.Report(f)
		return
	}
	silent("it is made once, as far as is known: not in a loop of unknown length, and not per request")
}

// handler is the function around a place that handles requests, or one for which alone the function around it is
// called; nil if others may call that, too.
func (r *reviewer) handler(in *syntax.Func, on []*syntax.Func) *syntax.Func {
	for ; in != nil; in = in.Outer {
		if r.Numbers.HandlesRequest(in) {
			return in
		}
		if in.Decl == nil || in.Decl.Exported() || in.Valued {
			continue
		}
		on = append(on[:len(on):len(on)], in)
		var first *syntax.Func
		for _, c := range in.Callers {
			if r.Test(c.Expr.Pos()) || c.In != nil && slices.Contains(on, c.In.Declared()) {
				continue
			}
			h := r.handler(c.In, on)
			if h == nil {
				return nil
			}
			if first == nil {
				first = h
			}
		}
		return first
	}
	return nil
}

// servesStream reports whether a pool is used in a loop that takes messages one by one: it lives as long as
// these come.
func (r *reviewer) servesStream(v *types.Var) bool {
	return slices.ContainsFunc(r.Var(v).Uses, func(u inspector.Cursor) bool {
		return slices.ContainsFunc(syntax.Loops(u), func(loop inspector.Cursor) bool {
			return loop.Node().Pos() > v.Pos() && r.Numbers.Trips(loop, u.Node()).Origin == knowledge.Messages
		})
	})
}

// checkKept judges a pool that is put into a field at each request: the one before is dropped, with its
// workers and all that they had taken.
func (r *reviewer) checkKept(u obligation.Maker) {
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.Silent(at, end, verdict.Against(at, "%s", why)) }
	lhs := syntax.Assigned(u.Call.Cur)
	if u.Call.In == nil || len(lhs) == 0 {
		silent("it is handed on, and may be used again")
		return
	}
	if !r.Numbers.HandlesRequest(u.Call.In) {
		silent("it is kept by code that does not run for each request")
		return
	}
	field := r.Variable(lhs[0])
	if _, ok := ast.Unparen(lhs[0]).(*ast.SelectorExpr); !ok || field == nil || !field.IsField() {
		silent("it is not kept in a field")
		return
	}
	once, known := r.Graph(u.Call.In).Back(u.Call.Expr, func(ast.Node) bool { return false }, func(t paths.Test) bool {
		cond, _ := t.Compared()
		asked := false
		ast.Inspect(cond, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && r.Variable(e) == field {
				asked = true
			}
			return !asked
		})
		return asked // if s.pool == nil { s.pool = … }
	})
	if !known || !once {
		silent("it is made only if there is none yet")
		return
	}
	r.Report(verdict.Verdict{
		Pos: at, End: end,
		Message: fmt.Sprintf("%s gets a new pool for each request that %s handles, and the previous one is dropped: it bounds only that request, and its workers are never reused; make it once, where the server is made",
			syntax.Short(lhs[0]), u.Call.In.Name()),
	})
}

func takesContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && syntax.Is(sig.Params().At(0).Type(), "context", "Context")
}

// localOf returns the local variable that gets the first result of a call.
func (r *reviewer) localOf(c *syntax.Call) *types.Var {
	lhs := syntax.Assigned(c.Cur)
	if c.In == nil || lhs == nil {
		return nil
	}
	id, ok := lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := r.Info.ObjectOf(id).(*types.Var)
	if !ok || v.Parent() == r.Types.Scope() || v.Pos() < c.In.Node.Pos() {
		return nil
	}
	return v
}

// stays reports whether a variable never leaves its function: it is only assigned, its methods are
// called, and who is given it does not keep it.
func (r *reviewer) stays(v *types.Var) bool {
	for _, u := range r.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		case edge.SelectorExpr_X:
			if u.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
				return false
			}
		case edge.CallExpr_Args:
			call := r.Call(u.Parent().Node().(*ast.CallExpr))
			if row := r.Catalog.Func(call.Callee); row != nil {
				continue // pool.Submit(ctx, p, task): a library does not keep its own pool
			}
			if p := r.Summary(call.Callee).Param(u.ParentEdgeIndex()); p == nil || p.Use == 0 || p.Use&summary.Keeps != 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
