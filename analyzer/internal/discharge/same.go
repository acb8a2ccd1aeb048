package discharge

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// names maps the variables of a called function to what the caller means by them, so that an
// executor keeps its identity through calls: the pool of the receiver s in s.run is s.pool in both.
// What a called function declares itself is another variable at each call, also in a recursion.
type names struct {
	bound map[*types.Var]string
	call  string // the calls on the way
}

// name is the identity of an executor: a variable, or fields of one. Empty if it is neither.
func (n names) name(p *sites.Package, e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := p.Info.ObjectOf(e).(*types.Var)
		if !ok {
			return ""
		}
		if s, ok := n.bound[v.Origin()]; ok {
			return s
		}
		if global(v) {
			return fmt.Sprintf("%s@%d", v.Name(), v.Pos())
		}
		return fmt.Sprintf("%s%s@%d", n.call, v.Name(), v.Pos())
	case *ast.SelectorExpr:
		if v, ok := p.Info.ObjectOf(e.Sel).(*types.Var); ok {
			if !v.IsField() {
				return fmt.Sprintf("%s@%d", v.Name(), v.Pos()) // of another package
			}
			base := n.name(p, e.X)
			if base == "" || p.Embeds(p.Info.TypeOf(e.X)) == v.Origin() {
				return base // g.Group.Go is g.Go
			}
			return base + "." + v.Name()
		}
	case *ast.StarExpr:
		return n.name(p, e.X)
	case *ast.UnaryExpr:
		return n.name(p, e.X)
	}
	return ""
}

// enter returns the names inside a function that a call calls.
func (n names) enter(p *sites.Package, c *syntax.Call, f *syntax.Func) names {
	inner := names{map[*types.Var]string{}, n.call}
	if f.Decl == nil {
		maps.Copy(inner.bound, n.bound) // a literal sees what is around it
	} else {
		inner.call += f.Decl.Name() + "/"
	}
	bind := func(v *types.Var, e ast.Expr) {
		if v == nil || e == nil {
			return
		}
		if s := n.name(p, e); s != "" {
			inner.bound[v.Origin()] = s
		}
	}
	bind(f.Sig.Recv(), c.Recv())
	for i := range f.Sig.Params().Len() {
		bind(f.Sig.Params().At(i), c.Arg(i))
	}
	return inner
}
