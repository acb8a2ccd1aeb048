package obligation

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// cancels are the places of f that cancel one of several contexts, its defers included: what was
// given that context is told to end.
func cancels(p *sites.Package, f *syntax.Func, ctxs []*types.Var) []ast.Node {
	var at []ast.Node
	for _, ctx := range ctxs {
		for _, d := range p.Var(ctx).Defs {
			cancel := canceler(p, d)
			if cancel == nil || d.In != f {
				continue
			}
			for _, u := range p.Var(cancel).Uses {
				if direct(p, u, f) && u.ParentEdgeKind() == edge.CallExpr_Fun {
					at = append(at, u.Parent().Node())
				}
			}
		}
	}
	return at
}

// canceler is the variable of the function that ends a context, of ctx, cancel := WithCancel(parent):
// whatever makes a context of another, and a function beside it.
func canceler(p *sites.Package, d syntax.Def) *types.Var {
	lhs := syntax.Lhs(d.Cur.Node())
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok || len(lhs) != 2 || d.Result != 0 {
		return nil
	}
	results, ok := p.Info.TypeOf(call).(*types.Tuple)
	if !ok || results.Len() != 2 || !isContext(results.At(0).Type()) {
		return nil
	}
	made := slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return isContext(p.Info.TypeOf(e)) })
	sig, ok := results.At(1).Type().Underlying().(*types.Signature)
	if !made || !ok || sig.Results().Len() > 0 {
		return nil
	}
	return p.Variable(lhs[1])
}

// isContext reports whether a type is a context: the standard library's, or what a library has in its
// place, since coroutines that are replayed need their own.
func isContext(t types.Type) bool {
	n := syntax.Named(t)
	if n == nil || !types.IsInterface(n) {
		return false
	}
	ms := types.NewMethodSet(n)
	return ms.Lookup(nil, "Deadline") != nil && ms.Lookup(nil, "Done") != nil && ms.Lookup(nil, "Err") != nil
}

// given are the contexts that a call is given.
func given(p *sites.Package, c *syntax.Call) []*types.Var {
	var ctxs []*types.Var
	for _, a := range c.Expr.Args {
		if v := p.Variable(a); v != nil && isContext(v.Type()) {
			ctxs = append(ctxs, v)
		}
	}
	return ctxs
}

// asked reports whether an expression is in the condition that a library's function waits for:
// workflow.Await(ctx, func() bool { return timer.IsReady() }).
func (t *tracker) asked(at inspector.Cursor) bool {
	lit := t.FuncAt(at)
	for lit != nil && here(lit.Cur) {
		lit = lit.Outer
	}
	if lit == nil || lit.Decl != nil {
		return false
	}
	place := syntax.Outer(lit.Cur)
	if t.waitsFor(place) {
		return true
	}
	lhs := syntax.Assigned(place)
	if len(lhs) != 1 {
		return false
	}
	v := t.Variable(lhs[0])
	return v != nil && !v.IsField() && slices.ContainsFunc(t.Var(v).Uses, t.waitsFor)
}

// waitsFor reports whether an expression is the condition that a call waits for.
func (t *tracker) waitsFor(arg inspector.Cursor) bool {
	if arg.ParentEdgeKind() != edge.CallExpr_Args {
		return false
	}
	row := t.Catalog.Func(t.Call(arg.Parent().Node().(*ast.CallExpr)).Callee)
	return row != nil && row.Role == catalog.Wait && row.Callback.Index() == arg.ParentEdgeIndex()
}
