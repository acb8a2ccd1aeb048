package obligation

import (
	"fmt"
	"go/ast"
	"go/token"
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
	of    map[*types.Var]held
}

// A held is what a receiver stands for, in the names of who called.
type held struct {
	e  ast.Expr
	in *names
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
			return v.Pkg().Path() + "." + v.Name() // the same in all packages
		}
		if d, ok := p.Only(v); ok && d.Kind == syntax.Assign {
			if s := n.second(p, v, d.Expr); s != "" {
				return s
			}
		}
		return fmt.Sprintf("%s%s@%d", n.call, v.Name(), v.Pos())
	case *ast.SelectorExpr:
		if v, ok := p.Info.ObjectOf(e.Sel).(*types.Var); ok {
			if !v.IsField() {
				return v.Pkg().Path() + "." + v.Name()
			}
			if h, ok := n.of[p.Variable(e.X)]; ok {
				if elt := field(p, h.e, v.Origin()); elt != nil {
					return h.in.name(p, elt)
				}
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

// second is what a variable is another name of: a variable or a field; empty if it is given anything else.
func (n names) second(p *sites.Package, v *types.Var, e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		first := p.Variable(e)
		if first == nil || first.Pos() >= v.Pos() { // what comes later may lead back here
			return ""
		}
		if _, one := p.Only(first); one {
			return n.name(p, e)
		}
	case *ast.SelectorExpr:
		if f := p.Variable(e); f != nil && len(p.Var(f).Defs) <= 1 {
			return n.name(p, e)
		}
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return n.second(p, v, e.X)
		}
	}
	return ""
}

// field is what a field of a struct holds that a variable is given as a literal, and that is set there;
// else nil.
func field(p *sites.Package, e ast.Expr, f *types.Var) ast.Expr {
	v := p.Variable(e)
	if v == nil || len(p.Var(f).Defs) > 1 {
		return nil
	}
	d, ok := p.Only(v)
	if !ok || d.Expr == nil {
		return nil
	}
	lit, ok := composite(d.Expr)
	if !ok {
		return nil
	}
	return inLiteral(p, lit, f)
}

// inLiteral is what a literal sets a field to, or nil.
func inLiteral(p *sites.Package, lit *ast.CompositeLit, f *types.Var) ast.Expr {
	st, ok := p.Info.TypeOf(lit).Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && p.Variable(id) == f {
				return kv.Value
			}
		} else if i < st.NumFields() && st.Field(i).Origin() == f {
			return elt
		}
	}
	return nil
}

// enter returns the names inside a function that a call calls.
func (n names) enter(p *sites.Package, c *syntax.Call, f *syntax.Func) names {
	inner := names{map[*types.Var]string{}, n.call, map[*types.Var]held{}}
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
	if recv := c.Recv(); recv != nil && f.Sig.Recv() != nil {
		inner.of[f.Sig.Recv().Origin()] = held{recv, &n}
	}
	for i := range f.Sig.Params().Len() {
		bind(f.Sig.Params().At(i), c.Arg(i))
	}
	return inner
}
