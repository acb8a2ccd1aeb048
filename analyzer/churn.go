package analyzer

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/discharge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var churn = Rule{
	ID:      "churn",
	Title:   "a pool is built per iteration or per request, and dropped or closed there",
	Default: true,
	Why: `The bound of a pool that is made for one request holds for that request only: a thousand requests
have a thousand pools. Its workers are never reused, and if it is not closed they stay.`,
	Incident: "https://github.com/panjf2000/ants/issues/99: a pool of 50 for each query, and goroutines without end",
	Wrong: `package churn

import (
	"net/http"

	"github.com/panjf2000/ants/v2"
)

func handle(w http.ResponseWriter, r *http.Request) {
	p, err := ants.NewPool(50)
	if err != nil {
		return
	}
	defer p.Release()
	if err := p.Submit(func() {}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}
`,
	Right: `package churn

import (
	"net/http"

	"github.com/panjf2000/ants/v2"
)

type server struct{ pool *ants.Pool }

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	if err := s.pool.Submit(func() {}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}
`,
	Decides: `A pool is made inside a loop, or in a function that handles a
request (an http.Request, the context of a web framework, the message of an RPC), is kept in a local
variable there, and does not leave it. Groups that are made for one use (errgroup, conc) are not
pools in this sense.`,
	Limits:  `A function called per request, that is no handler itself, is reported only with -strict.`,
	NotWhen: `A pool per tenant or per connection that lives as long as they do is meant; it escapes, and is silent.`,
	run:     runChurn,
}

func runChurn(r *reporter, p *sites.Package) {
	for _, u := range discharge.Makers(p) {
		r.checkChurn(u)
	}
}

func (r *reporter) checkChurn(u discharge.Maker) {
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.silent(at, end, verdict.Against(at, "%s", why)) }
	if u.Type == nil {
		silent("it is home-made: its workers may belong to what it works on")
		return
	}
	v := r.localOf(u.Call)
	if v == nil {
		r.checkKept(u)
		return
	}
	if !r.stays(v) {
		silent(v.Name() + " leaves the function, and may be used again")
		return
	}
	f := verdict.Verdict{Pos: at, End: end}
	pool := v.Name()
	for _, loop := range syntax.Loops(u.Call.Cur) {
		if loop.Node().Pos() <= v.Pos() && r.numbers.Trips(loop, u.Call.Expr).Kind != number.Bounded {
			f.Message = fmt.Sprintf("%s is a new pool in each iteration: its bound holds for that one only, and its workers are never reused: make it once, before the loop", pool)
			f.Related = []analysis.RelatedInformation{related(loop.Node().Pos(), "the loop around it")}
			r.report(f)
			return
		}
	}
	for in := u.Call.In; in != nil; in = in.Outer {
		if r.numbers.HandlesRequest(in) {
			f.Message = fmt.Sprintf("%s is a new pool for each request that %s handles: its bound holds for that one only, and its workers are never reused: make it once, where the server is made", pool, in.Name())
			r.report(f)
			return
		}
	}
	if d := u.Call.In.Declared(); u.Type.Closed && d != nil && d.Decl.Exported() && takesContext(d.Sig) {
		f.Level = verdict.Ask
		f.Message = fmt.Sprintf("%s is a new pool for each call of %s: its bound holds for that call only, and its workers are never reused: make it once, and keep it", pool, d.Name())
		r.report(f)
		return
	}
	silent("it is made once, for all that is seen: in no loop of unknown length, and for no request")
}

// checkKept judges a pool that is put into a field at each request: the one before is dropped, with its
// workers and all that they had taken.
func (r *reporter) checkKept(u discharge.Maker) {
	at, end := u.Call.NamePos(), syntax.NameEnd(u.Call.Expr.Fun)
	silent := func(why string) { r.silent(at, end, verdict.Against(at, "%s", why)) }
	lhs := syntax.Assigned(u.Call.Cur)
	if u.Call.In == nil || len(lhs) == 0 {
		silent("whoever gets it may use it again")
		return
	}
	if !r.numbers.HandlesRequest(u.Call.In) {
		silent("it is kept, by what is not run for each request")
		return
	}
	field := r.pkg.Variable(lhs[0])
	if _, ok := ast.Unparen(lhs[0]).(*ast.SelectorExpr); !ok || field == nil || !field.IsField() {
		silent("it is kept in no field")
		return
	}
	once, known := r.pkg.Graph(u.Call.In).Back(u.Call.Expr, func(ast.Node) bool { return false }, func(t paths.Test) bool {
		cond, _ := t.Compared()
		asked := false
		ast.Inspect(cond, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && r.pkg.Variable(e) == field {
				asked = true
			}
			return !asked
		})
		return asked // if s.pool == nil { s.pool = … }
	})
	if !known || !once {
		silent("it is made where there is none yet")
		return
	}
	r.report(verdict.Verdict{
		Pos: at, End: end,
		Message: fmt.Sprintf("%s gets a new pool for each request that %s handles, and the one before is dropped: its bound holds for that one only, and its workers are never reused: make it once, where the server is made",
			short(lhs[0]), u.Call.In.Name()),
	})
}

func takesContext(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && syntax.Is(sig.Params().At(0).Type(), "context", "Context")
}

// localOf returns the local variable that gets the first result of a call.
func (r *reporter) localOf(c *syntax.Call) *types.Var {
	lhs := syntax.Assigned(c.Cur)
	if c.In == nil || lhs == nil {
		return nil
	}
	id, ok := lhs[0].(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := r.pass.TypesInfo.ObjectOf(id).(*types.Var)
	if !ok || v.Parent() == r.pass.Pkg.Scope() || v.Pos() < c.In.Node.Pos() {
		return nil
	}
	return v
}

// stays reports whether a variable never leaves its function: it is only assigned, its methods are
// called, and who is given it does not keep it.
func (r *reporter) stays(v *types.Var) bool {
	for _, u := range r.pkg.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		case edge.SelectorExpr_X:
			if u.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
				return false
			}
		case edge.CallExpr_Args:
			call := r.pkg.Call(u.Parent().Node().(*ast.CallExpr))
			if row := r.pkg.Catalog.Func(call.Callee); row != nil {
				continue // pool.Submit(ctx, p, task): a library does not keep its own pool
			}
			if p := r.pkg.Summary(call.Callee).Param(u.ParentEdgeIndex()); p == nil || p.Use == 0 || p.Use&summary.Keeps != 0 {
				return false
			}
		default:
			return false
		}
	}
	return true
}
