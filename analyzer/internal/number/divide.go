package number

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Divides reports whether a function makes a collection out of one that it is given, by a call: groups of
// its elements, or pieces of it.
func (n *Numbers) Divides(collection ast.Expr, f *syntax.Func) bool {
	if collection == nil || f == nil {
		return false
	}
	d := division{n, map[part]bool{}}
	return d.partly(collection, false)
}

// A division follows a collection back to where parts of another one are put into it.
type division struct {
	*Numbers
	seen map[part]bool
}

type part struct {
	of     *types.Var
	called bool
}

// partly reports whether something in an expression comes from a parameter that is a collection, through a
// call.
func (d *division) partly(e ast.Expr, called bool) bool {
	found := false
	ast.Inspect(e, func(at ast.Node) bool {
		switch at := at.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			if name := d.calls.builtin(at); name != "" && name != "append" {
				return false
			}
			for _, a := range at.Args {
				found = found || d.partly(a, called || d.calls.builtin(at) == "")
			}
			return false
		case *ast.Ident:
			v, ok := d.Info.Uses[at].(*types.Var)
			found = found || ok && d.variable(v, called)
		}
		return !found
	})
	return found
}

func (d *division) variable(v *types.Var, called bool) bool {
	if v.IsField() || d.seen[part{v, called}] {
		return false
	}
	d.seen[part{v, called}] = true
	if d.calls.isParam(v) {
		e := elem(v.Type())
		return called && e != nil && !types.Identical(e, types.Typ[types.Byte])
	}
	for _, def := range d.Var(v).Defs {
		if def.Expr != nil && d.partly(def.Expr, called) {
			return true
		}
	}
	return false
}
