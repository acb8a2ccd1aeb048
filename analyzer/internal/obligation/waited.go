package obligation

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A waiting is how an executor waits for tasks whose futures nobody holds.
type waiting uint8

const (
	unwaited  waiting = iota
	elsewhere         // elsewhere: it hears that the tasks have ended, and not how
	flushed           // likewise, by what the library has for that
	observed          // on the way out of the same function, or the wait returns what the tasks return
)

// waits tells how the executor that a call hands its task to waits for it, and where. That another method
// closes the pool of a field tells nobody what became of the task.
func waits(p *sites.Package, c *syntax.Call) (best waiting, at *resource.Op) {
	recv := c.Recv()
	if s := p.SpawnAt(c); s != nil && s.Pool != nil {
		recv = s.Pool
	}
	if recv != nil {
		if best, at = waitsFor(p, c, recv); best != unwaited {
			return best, at
		}
	}
	if d := p.Decl(c.Callee); d != nil && hands(p, c, catalog.Future) { // a helper leaves the future to its callers
		for _, in := range d.Calls {
			if row := p.Catalog.Func(in.Callee); row != nil && row.Role == catalog.Submitted && in.Recv() != nil {
				if how, o := waitsFor(p, c, in.Recv()); how == observed {
					return how, o
				}
			}
		}
	}
	return unwaited, nil
}

// waitsFor is waits for one executor.
func waitsFor(p *sites.Package, c *syntax.Call, executor ast.Expr) (best waiting, at *resource.Op) {
	pool := p.Resources.Class(executor)
	if pool == nil {
		return unwaited, nil
	}
	for _, o := range pool.Ops {
		how := elsewhere
		switch {
		case o.Kind != resource.Use:
			continue
		case o.Role == catalog.AwaitAll:
			if how = flushed; submits(p, o.Call.In) {
				how = unwaited // it waits for its own
			}
		case o.Role == catalog.Wait:
			if pool.Kind == resource.Group {
				how = observed
			}
		case o.Role == catalog.Close:
			if o.Row != nil && !o.Row.Waits {
				continue
			}
		default:
			continue
		}
		if how != observed && onTheWay(p, c, o.Call, maxDepth) {
			how = observed
		}
		if how > best {
			best, at = how, o
		}
	}
	return best, at
}

// submits reports whether a function, or a literal in it, gets futures.
func submits(p *sites.Package, f *syntax.Func) bool {
	if f == nil || f.Declared() == nil {
		return false
	}
	return slices.ContainsFunc(f.Declared().Nested(), func(g *syntax.Func) bool {
		return slices.ContainsFunc(g.Calls, func(c *syntax.Call) bool { return hands(p, c, catalog.Future) })
	})
}

// onTheWay reports whether a call comes on the way out of the function that another stands in, or of all
// that call it, be it in a helper.
func onTheWay(p *sites.Package, from, to *syntax.Call, depth int) bool {
	if depth == 0 || from.In == nil || to.In == nil {
		return false
	}
	if from.In.Declared() == to.In.Declared() {
		if from.In != to.In || to.Defer != nil {
			return true
		}
		g := p.Graph(from.In)
		a, z := g.Step(from.Expr), g.Step(to.Expr)
		return a != nil && z != nil && g.Reaches(a, z)
	}
	if f := to.In.Declared(); f != nil && slices.ContainsFunc(p.Resources.Callers(f), func(r resource.Caller) bool {
		return r.Call != nil && r.In != nil && r.In.Declared() == from.In.Declared() && onTheWay(p, from, r.Call, depth-1)
	}) {
		return true
	}
	f := from.In.Declared()
	if f == nil {
		return false
	}
	callers := p.Resources.Callers(f)
	if _, public := p.Resources.Public(f); public || len(callers) == 0 || len(p.Resources.Starts(f)) > 0 {
		return false
	}
	return !slices.ContainsFunc(callers, func(r resource.Caller) bool { return r.Call == nil || !onTheWay(p, r.Call, to, depth-1) })
}

// handled reports whether a handler hears of what fails unawaited: one that the executor of a call is made
// with or, if that cannot be seen, any of the package.
func handled(p *sites.Package, c *syntax.Call) bool {
	if c.Callee == nil || c.Callee.Pkg() == nil {
		return false
	}
	installed := slices.ContainsFunc(p.Uses, func(u *sites.Use) bool {
		return u.Call.Callee.Pkg() == c.Callee.Pkg() && installs(p, u.Call)
	})
	if !installed {
		return false
	}
	with, seen := madeWith(p, c.Recv(), maxDepth)
	return with || !seen
}

// installs reports whether a call is of an option that sets a handler, and it is not nil.
func installs(p *sites.Package, c *syntax.Call) bool {
	row := p.Catalog.Func(c.Callee)
	if row == nil || row.Role != catalog.Handler {
		return false
	}
	h := c.Arg(row.Callback.Index())
	return h != nil && !p.Info.Types[h].IsNil()
}

// madeWith reports whether what an expression denotes is made with a handler, and whether all calls that
// make it are seen with their options.
func madeWith(p *sites.Package, e ast.Expr, depth int) (with, seen bool) {
	v := p.Variable(e)
	if e == nil || v == nil || depth == 0 {
		return false, false
	}
	seen = len(p.Var(v).Defs) > 0
	for _, d := range p.Var(v).Defs {
		if d.Kind == syntax.Zero {
			continue
		}
		call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if !ok {
			w, s := false, false
			if d.Kind == syntax.Assign || d.Kind == syntax.Literal {
				w, s = madeWith(p, d.Expr, depth-1)
			}
			with, seen = with || w, seen && s
			continue
		}
		seen = seen && !call.Ellipsis.IsValid()
		for _, a := range call.Args {
			if option, ok := ast.Unparen(a).(*ast.CallExpr); ok {
				with = with || installs(p, p.Call(option))
				continue
			}
			switch p.Info.TypeOf(a).Underlying().(type) {
			case *types.Signature, *types.Interface:
				seen = false // an option from elsewhere
			}
		}
	}
	return with, seen
}
