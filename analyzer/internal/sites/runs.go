package sites

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Runs reports whether a value is v, a function that calls it, or a struct with one of these.
func (p *Package) Runs(e ast.Expr, v *types.Var) bool {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	if lit, ok := e.(*ast.CompositeLit); ok {
		return slices.ContainsFunc(lit.Elts, func(elt ast.Expr) bool {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			return p.Runs(elt, v)
		})
	}
	if p.Variable(syntax.Callable(e)) == v {
		return true
	}
	body := p.Target(e)
	return body != nil && body.Decl == nil && p.callsVar(body, v, 0)
}

// CallsVar reports whether a body calls v, itself or by giving it to a function that does.
func (p *Package) CallsVar(f *syntax.Func, v *types.Var) bool { return p.callsVar(f, v, 0) }

func (p *Package) callsVar(f *syntax.Func, v *types.Var, depth int) bool {
	for _, c := range f.Calls {
		if c.Go == nil && (p.Variable(syntax.Callable(c.Expr.Fun)) == v || p.Passes(c, v)) {
			return true
		}
	}
	if depth < 3 {
		for _, l := range f.Lits {
			if p.inline(f, l, depth) && p.callsVar(l, v, depth+1) {
				return true
			}
		}
	}
	return false
}

// inline reports whether a literal in f is called where it stands, deferred calls included, or by a function that it is
// given to, before that returns; or the variable that holds it is.
func (p *Package) inline(f, l *syntax.Func, depth int) bool {
	if to := syntax.Assigned(l.Cur); len(to) == 1 {
		v := p.Variable(to[0])
		return v != nil && p.callsVar(f, v, depth+1)
	}
	return p.CalledAt(l.Cur) != nil
}

// CalledAt is the call, if any, that calls a function where an expression stands, or that is given the function and calls
// it before it returns. It may be deferred.
func (p *Package) CalledAt(e inspector.Cursor) *syntax.Call {
	e = syntax.Outer(e)
	call, ok := e.Parent().Node().(*ast.CallExpr)
	if !ok {
		return nil
	}
	c := p.Call(call)
	if c == nil || c.Go != nil {
		return nil
	}
	if e.ParentEdgeKind() == edge.CallExpr_Fun {
		return c
	}
	i := slices.IndexFunc(call.Args, func(a ast.Expr) bool { return ast.Unparen(a) == ast.Unparen(e.Node().(ast.Expr)) })
	if i < 0 || p.SpawnAt(c) != nil || !p.CallsArg(p.Callee(c), i) {
		return nil
	}
	return c
}

// Passes reports whether a call gives v to a function that calls it before it returns.
func (p *Package) Passes(c *syntax.Call, v *types.Var) bool {
	for i, a := range c.Expr.Args {
		if p.Variable(syntax.Callable(a)) == v && p.CallsArg(p.Callee(c), i) {
			return true
		}
	}
	return false
}

// CallsArg reports whether a function calls the function that it is given before it returns: the standard library does,
// unless it is known for the opposite.
func (p *Package) CallsArg(callee *types.Func, i int) bool {
	if par := p.Summary(callee).Param(i); par != nil {
		return par.Task == summary.Called
	}
	if callee == nil || callee.Pkg() == nil || !effects.Std(callee.Pkg().Path()) {
		return false
	}
	params := callee.Signature().Params()
	if i >= params.Len() {
		return false
	}
	_, function := params.At(i).Type().Underlying().(*types.Signature) // a handler serves
	return function
}
