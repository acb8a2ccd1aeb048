// Package exits tells where a program ends: what a function leaves behind there, nobody misses.
package exits

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Exits are the functions of a package after which the process ends.
type Exits struct {
	pkg      *syntax.Package
	base     *knowledge.Base
	commands map[*syntax.Func]bool // see bodies
}

// New returns the exits of a package.
func New(p *syntax.Package, base *knowledge.Base) *Exits { return &Exits{pkg: p, base: base} }

// bodies are the functions that are the bodies of a program's commands. Most packages are never asked.
func (x *Exits) bodies() map[*syntax.Func]bool {
	if x.commands != nil {
		return x.commands
	}
	x.commands = map[*syntax.Func]bool{}
	add := func(of ast.Expr, field string, e ast.Expr) {
		if x.base.Ends(x.pkg.Info.TypeOf(of), field) {
			x.commands[x.pkg.Target(e)] = true
		}
	}
	for cur := range x.pkg.Root.Preorder((*ast.KeyValueExpr)(nil), (*ast.AssignStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && cur.ParentEdgeKind() == edge.CompositeLit_Elts {
				add(cur.Parent().Node().(ast.Expr), key.Name, n.Value)
			}
		case *ast.AssignStmt:
			if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) {
				add(sel.X, sel.Sel.Name, n.Rhs[0])
			}
		}
	}
	return x.commands
}

// After reports whether the process ends when a function returns: it is main, the body of a command, or called once, by
// such a one or by what that calls once.
func (x *Exits) After(f *syntax.Func) bool { return x.once(f, 0) }

// deepest is through how many calls a function is followed up to the command that it is part of.
const deepest = 4

func (x *Exits) once(f *syntax.Func, depth int) bool {
	if x.entry(f) {
		return true
	}
	if f == nil || depth > deepest || f.Decl == nil || f.Sig.Recv() != nil || f.Valued {
		return false
	}
	switch calls := x.calls(f); len(calls) {
	case 0:
		return f.Decl.Name() == "Main" && f.Sig.Params().Len() == 0 // of a package that has all of a program but main
	case 1:
		c := calls[0]
		return len(syntax.Loops(c.Cur)) == 0 && c.Go == nil && x.once(c.In, depth+1)
	}
	return false
}

// WithError reports whether the process ends when a function returns an error: all who call it, once each, are main
// or the bodies of commands, or are called by these in the same way.
func (x *Exits) WithError(f *syntax.Func) bool { return x.rises(f, 0) }

func (x *Exits) rises(f *syntax.Func, depth int) bool {
	if x.entry(f) {
		return true
	}
	if f == nil || depth > deepest {
		return false
	}
	if f.Decl == nil {
		return x.part(f) && x.rises(f.Outer, depth+1)
	}
	calls := x.calls(f)
	return len(calls) > 0 && !f.Valued && !slices.ContainsFunc(calls, func(c *syntax.Call) bool {
		return c.In == nil || c.Go != nil || len(syntax.Loops(c.Cur)) > 0 || !x.rises(c.In, depth+1)
	})
}

// part reports whether a literal is run by the function around it, or is a task of a group there.
func (x *Exits) part(lit *syntax.Func) bool {
	switch lit.Cur.ParentEdgeKind() {
	case edge.CallExpr_Fun:
		return true
	case edge.CallExpr_Args:
		c := x.pkg.Call(lit.Cur.Parent().Node().(*ast.CallExpr))
		return c != nil && c.Callee != nil && c.Callee.Name() == "Go"
	}
	return false
}

// entry reports whether a function is main, or the body of a command.
func (x *Exits) entry(f *syntax.Func) bool { return f != nil && (f.Main() || x.bodies()[f]) }

// calls are the calls of a function, but for those of tests.
func (x *Exits) calls(f *syntax.Func) []*syntax.Call {
	return slices.DeleteFunc(slices.Clone(f.Callers), func(c *syntax.Call) bool { return x.pkg.Test(c.Expr.Pos()) })
}
