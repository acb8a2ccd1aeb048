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
	commands map[*syntax.Func]bool // the bodies of a program's commands
}

// New finds the commands of a package.
func New(p *syntax.Package, base *knowledge.Base) *Exits {
	x := &Exits{pkg: p, commands: map[*syntax.Func]bool{}}
	add := func(f *syntax.Func) {
		if f != nil {
			x.commands[f] = true
		}
	}
	for cur := range p.Root.Preorder((*ast.KeyValueExpr)(nil), (*ast.AssignStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && cur.ParentEdgeKind() == edge.CompositeLit_Elts && base.Ends(p.Info.TypeOf(cur.Parent().Node().(ast.Expr)), key.Name) {
				add(p.Target(n.Value))
			}
		case *ast.AssignStmt:
			if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) && base.Ends(p.Info.TypeOf(sel.X), sel.Sel.Name) {
				add(p.Target(n.Rhs[0]))
			}
		}
	}
	return x
}

// After reports whether the process ends when a function returns: it is main, the body of a command, or what one of
// these alone calls, once.
func (x *Exits) After(f *syntax.Func) bool {
	if x.entry(f) {
		return true
	}
	if f.Decl == nil || f.Sig.Recv() != nil || f.Valued {
		return false
	}
	switch calls := x.calls(f); len(calls) {
	case 0:
		return f.Decl.Name() == "Main" && f.Sig.Params().Len() == 0 // of a package that has all of a program but main
	case 1:
		return x.entry(calls[0].In) && len(syntax.Loops(calls[0].Cur)) == 0
	}
	return false
}

// WithError reports whether the process ends when a function returns an error: all who call it, once each, are main
// or the bodies of commands, or are called by these in the same way.
func (x *Exits) WithError(f *syntax.Func) bool { return x.rises(f, 0) }

func (x *Exits) rises(f *syntax.Func, depth int) bool {
	const deepest = 4
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
func (x *Exits) entry(f *syntax.Func) bool { return f != nil && (f.Main() || x.commands[f]) }

// calls are the calls of a function, but for those of tests.
func (x *Exits) calls(f *syntax.Func) []*syntax.Call {
	return slices.DeleteFunc(slices.Clone(f.Callers), func(c *syntax.Call) bool { return x.pkg.Test(c.Expr.Pos()) })
}
