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
	if u.Type == nil && !r.takesTasks(r.First(u.Call.Expr)) {
		silent("it is the program's own kind of pool, and given no tasks: its workers may belong to what it works on")
		return
	}
	v := r.localOf(u.Call)
	if v == nil {
		r.checkKept(u, u.Call.Expr, syntax.Assigned(u.Call.Cur))
		return
	}
	if !r.stays(v) {
		if put, field := r.keeper(v); field != nil {
			r.checkKept(u, put, field)
			return
		}
		silent(v.Name() + " escapes the function, and may be used again")
		return
	}
	f := verdict.Verdict{Pos: at, End: end}
	pool := v.Name()
	for _, loop := range syntax.Loops(u.Call.Cur) {
		if loop.Node().Pos() <= v.Pos() && r.turns(loop, u.Call) {
			f.Message = fmt.Sprintf("%s is a new pool in each iteration: it bounds only that iteration, and its workers are never reused; make it once, before the loop", pool)
			f.Related = []analysis.RelatedInformation{verdict.Related(loop.Node().Pos(), "the loop around it")}
			r.Report(f)
			return
		}
	}
	again := r.repeated(u.Call.In, nil)
	if again.by != nil && again.loop == nil && again.only {
		f.Message = fmt.Sprintf("%s is a new pool for each request that %s handles: it bounds only that request, and its workers are never reused; make it once, where the server is made", pool, again.by.Name())
		r.Report(f)
		return
	}
	if r.servesStream(v) {
		silent("it is used for as long as messages arrive")
		return
	}
	d := u.Call.In.Declared()
	switch {
	case again.by != nil && again.loop == nil:
		f.Level = verdict.Ask // others call it, too
		f.Message = fmt.Sprintf("%s is a new pool for each call, and %s calls for each request that it handles: it bounds only that call, and its workers are never reused; make it once, and keep it", pool, again.by.Name())
	case again.by != nil:
		f.Level = verdict.AskIf(!again.only)
		f.Message = fmt.Sprintf("%s is a new pool for each call, and %s calls in each iteration: it bounds only that call, and its workers are never reused; make it once, before the loop", pool, again.by.Name())
		f.Related = []analysis.RelatedInformation{verdict.Related(again.loop.Pos(), "the loop that leads to it")}
	case d != nil && u.MustClose() && answers(d):
		f.Level = verdict.Ask
		f.Message = fmt.Sprintf("%s is a new pool for each call of %s: it bounds only that call, and its workers are never reused; make it once, and keep it", pool, d.Name())
	default:
		silent("it is made once, as far as is known: not in a loop of unknown length, and not per request")
		return
	}
	r.Report(f)
}

// takesTasks reports whether a home-made pool has a method that has a function run which it is given.
func (r *reviewer) takesTasks(t types.Type) bool {
	n := syntax.Named(t)
	if n == nil {
		return false
	}
	for m := range n.Origin().Methods() {
		s, params := r.Summary(m), m.Signature().Params()
		if s != nil && slices.ContainsFunc(s.Pools, func(p summary.Pool) bool {
			if p.Runs < 0 {
				return false
			}
			_, task := params.At(int(p.Runs)).Type().Underlying().(*types.Signature)
			return task
		}) {
			return true
		}
	}
	return false
}

// turns reports whether a loop comes again and again to a call that makes the same pool each time: of a known number
// of turns, each may want another size, and two are no habit.
func (r *reviewer) turns(loop inspector.Cursor, c *syntax.Call) bool {
	const pair = 2
	if n := r.Numbers.Trips(loop, c.Expr); n.Kind != number.Bounded {
		return true
	} else if n.Max > 0 && n.Max <= pair {
		return false
	}
	for _, arg := range c.Expr.Args {
		for n := range ast.Preorder(arg) {
			id, ok := n.(*ast.Ident)
			if !ok {
				continue
			}
			if v, ok := r.Info.Uses[id].(*types.Var); ok && loop.Node().Pos() <= v.Pos() && v.Pos() < loop.Node().End() {
				return false
			}
		}
	}
	return true
}

// A repeat is what makes a function run again and again.
type repeat struct {
	by   *syntax.Func // it handles requests, or calls in a loop
	loop ast.Node     // that loop, or nil
	only bool         // the function runs for nothing else
}

// repeated is what makes a function run again and again: what it is itself, or what those are that call it.
func (r *reviewer) repeated(in *syntax.Func, on []*syntax.Func) repeat {
	for ; in != nil; in = in.Outer {
		if r.Numbers.HandlesRequest(in) {
			return repeat{by: in, only: true}
		}
		if in.Decl != nil {
			return r.calledAgain(in, append(on[:len(on):len(on)], in))
		}
	}
	return repeat{}
}

func (r *reviewer) calledAgain(in *syntax.Func, on []*syntax.Func) repeat {
	found := repeat{only: !in.Decl.Exported() && !in.Valued}
	for _, c := range in.Callers {
		if r.Test(c.Expr.Pos()) || c.In != nil && slices.Contains(on, c.In.Declared()) {
			continue
		}
		x := r.repeated(c.In, on)
		for _, loop := range syntax.Loops(c.Cur) {
			if r.turns(loop, c) {
				x = repeat{by: c.In, loop: loop.Node(), only: true}
				break
			}
		}
		if found.by == nil {
			found.by, found.loop = x.by, x.loop
		}
		found.only = found.only && x.by != nil && x.only
	}
	return found
}

// servesStream reports whether a pool is used in a loop that takes messages or records one by one: it lives as
// long as these come, as that of a connection does.
func (r *reviewer) servesStream(v *types.Var) bool {
	return slices.ContainsFunc(r.Var(v).Uses, func(u inspector.Cursor) bool {
		return slices.ContainsFunc(syntax.Loops(u), func(loop inspector.Cursor) bool {
			of := r.Numbers.Trips(loop, u.Node()).Origin
			return loop.Node().Pos() > v.Pos() && (of == knowledge.Messages || of == knowledge.Records)
		})
	})
}

// keeper is where a local variable is put into a field, if that is all by which it leaves the function, and what
// it is put into.
func (r *reviewer) keeper(v *types.Var) (put ast.Node, to []ast.Expr) {
	for _, u := range r.Var(v).Uses {
		if u.ParentEdgeKind() == edge.AssignStmt_Rhs {
			if put != nil {
				return nil, nil
			}
			put, to = u.Parent().Node(), syntax.Assigned(u)
		} else if !r.remains(u) {
			return nil, nil
		}
	}
	return put, to
}

// checkKept judges a pool that is put into a field at each request: the one before is dropped, with its
// workers and all that they had taken.
func (r *reviewer) checkKept(u obligation.Maker, put ast.Node, to []ast.Expr) {
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.Silent(at, end, verdict.Against(at, "%s", why)) }
	if u.Call.In == nil || len(to) == 0 {
		silent("it is handed on, and may be used again")
		return
	}
	if !r.Numbers.HandlesRequest(u.Call.In) {
		silent("it is kept by code that does not run for each request")
		return
	}
	field := r.Variable(to[0])
	if _, ok := ast.Unparen(to[0]).(*ast.SelectorExpr); !ok || field == nil || !field.IsField() {
		silent("it is not kept in a field")
		return
	}
	once, known := r.Graph(u.Call.In).Back(put, func(ast.Node) bool { return false }, func(t paths.Test) bool {
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
			syntax.Short(to[0]), u.Call.In.Name()),
	})
}

// answers reports whether a method is told what is wanted by something that names it, and returns that: it is
// called for each who asks. One that is given a collection or a stream has the pool for all in that.
func answers(f *syntax.Func) bool {
	params, results := f.Sig.Params(), f.Sig.Results()
	if !f.Decl.Exported() || f.Sig.Recv() == nil || params.Len() < 2 || results.Len() < 2 || !syntax.Is(params.At(0).Type(), "context", "Context") {
		return false
	}
	for v := range params.Variables() {
		t := v.Type().Underlying()
		if id, ok := t.(*types.Array); ok {
			t = id.Elem().Underlying()
		}
		if _, names := t.(*types.Basic); v != params.At(0) && !names {
			return false
		}
	}
	return true
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
	return !slices.ContainsFunc(r.Var(v).Uses, func(u inspector.Cursor) bool { return !r.remains(u) })
}

// remains reports whether a mention leaves a pool where it is.
func (r *reviewer) remains(u inspector.Cursor) bool {
	switch u.ParentEdgeKind() {
	case edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		return true
	case edge.SelectorExpr_X:
		return u.Parent().ParentEdgeKind() == edge.CallExpr_Fun
	case edge.CallExpr_Args:
		call := r.Call(u.Parent().Node().(*ast.CallExpr))
		if row := r.Catalog.Func(call.Callee); row != nil {
			return true // pool.Submit(ctx, p, task): a library does not keep its own pool
		}
		p := r.Summary(call.Callee).Param(u.ParentEdgeIndex())
		return p != nil && p.Use != 0 && p.Use&summary.Keeps == 0
	}
	return false
}
