package discharge

import (
	"go/ast"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Late is a submit to a pool that the same function has closed.
type Late struct {
	Submit *sites.Spawn
	Close  *syntax.Call
}

// Closed finds the submits of a package that a path reaches after the close of their pool. A close
// that is deferred comes last, one in another function may come at any time.
func Closed(p *sites.Package) []Late {
	var found []Late
	for _, u := range p.Uses {
		ends := u.Row.Role == catalog.Close || u.Row.Role == catalog.Stop || u.Row.Role == catalog.Wait && u.Row.Once
		c := u.Call
		if !ends || u.Row.Shared || c.In == nil || c.Go != nil || c.Defer != nil {
			continue
		}
		if s := late(p, c); s != nil {
			found = append(found, Late{s, c})
		}
	}
	return found
}

// late walks from a close to the first submit to the same pool.
func late(p *sites.Package, c *syntax.Call) *sites.Spawn {
	pool := (names{}).name(p, c.Recv())
	if pool == "" {
		return nil
	}
	g := p.Graph(c.In)
	submits := map[ast.Node]*sites.Spawn{}
	for _, s := range p.SpawnsIn(c.In) {
		if s.Pool != nil && s.Row != nil && s.Call.Defer == nil && (names{}).name(p, s.Pool) == pool {
			if step := g.Step(s.Call.Expr); step != nil {
				submits[step] = s
			}
		}
	}
	if len(submits) == 0 {
		return nil
	}
	// Anything else that is done to the pool, or to what holds it, may open it again.
	other := map[ast.Node]bool{}
	for _, call := range c.In.Calls {
		if p.Catalog.Func(call.Callee) != nil || call == c {
			continue
		}
		if r := call.Recv(); r != nil && holds((names{}).name(p, r), pool) {
			other[g.Step(call.Expr)] = true
		}
		for _, a := range call.Expr.Args {
			if holds((names{}).name(p, a), pool) {
				other[g.Step(call.Expr)] = true
			}
		}
	}
	assigns := func(step ast.Node) bool {
		return slices.ContainsFunc(syntax.Lhs(step), func(lhs ast.Expr) bool { return holds((names{}).name(p, lhs), pool) })
	}
	each := ranged(p, c.Recv())
	answer := g.Ask(paths.Query{
		From: g.Step(c.Expr),
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			switch {
			case each && step.Pos() < c.Expr.Pos():
				return 0, paths.Meets // the next turn has a pool of its own
			case submits[step] != nil:
				return 0, paths.Loses
			case other[step] || assigns(step):
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
		Exit: func(int) paths.Effect { return paths.Meets },
	})
	if answer.Verdict != paths.Violated {
		return nil
	}
	return submits[answer.At]
}

// ranged reports whether an expression is of the variable of a range statement.
func ranged(p *sites.Package, e ast.Expr) bool {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			break
		}
		e = sel.X
	}
	v := p.Variable(e)
	return v != nil && slices.ContainsFunc(p.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind == syntax.RangeKey || d.Kind == syntax.RangeValue
	})
}

// holds reports whether a name is the pool, or something that the pool is a field of.
func holds(name, pool string) bool {
	return name != "" && (name == pool || len(pool) > len(name) && pool[:len(name)] == name && pool[len(name)] == '.')
}
