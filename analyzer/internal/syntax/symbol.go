package syntax

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Symbols are the names by which stacks of the running program know the functions of the package:
//
//	example.com/p.F    example.com/p.(*T).M    example.com/p.F.func1    example.com/p.F.func1.2
//
// Package main goes by its import path here, and what is generic has [...] behind its name. A literal in
// the initial value of a variable, and one that the compiler leaves out as dead, has no name.
func (p *Package) Symbols() map[*Func]string {
	names := map[*Func]string{}
	inits := 0
	var literals func(f *Func, prefix string)
	literals = func(f *Func, prefix string) {
		n := 0
		for _, lit := range f.Lits {
			if p.Dead(lit.Cur) {
				continue
			}
			n++
			names[lit] = fmt.Sprintf("%s.%s%d", names[f], prefix, n)
			literals(lit, "")
		}
	}
	for _, f := range p.Funcs {
		if f.Decl == nil {
			continue
		}
		names[f] = Symbol(f.Decl)
		if f.Decl.Name() == "init" && f.Sig.Recv() == nil {
			names[f] = fmt.Sprintf("%s.%d", names[f], inits)
			inits++
		}
		literals(f, "func")
	}
	return names
}

// Symbol is the name of a declared function or method in stacks, as in Symbols.
func Symbol(f *types.Func) string {
	if f.Pkg() == nil {
		return f.Name()
	}
	prefix := f.Pkg().Path() + "."
	recv := f.Signature().Recv()
	if recv == nil {
		if f.Signature().TypeParams() != nil {
			return prefix + f.Name() + "[...]"
		}
		return prefix + f.Name()
	}
	n := Named(recv.Type())
	if n == nil {
		return prefix + f.Name()
	}
	name := n.Obj().Name()
	if n.TypeParams() != nil {
		name += "[...]"
	}
	if _, pointer := types.Unalias(recv.Type()).(*types.Pointer); pointer {
		name = "(*" + name + ")"
	}
	return prefix + name + "." + f.Name()
}

// Dead reports whether a node stands in the branch of an if that a constant rules out, which the compiler
// does not read.
func (p *Package) Dead(c inspector.Cursor) bool {
	for ; c.Parent().Node() != nil; c = c.Parent() {
		kind := c.ParentEdgeKind()
		if kind != edge.IfStmt_Body && kind != edge.IfStmt_Else {
			continue
		}
		cond := p.Info.Types[c.Parent().Node().(*ast.IfStmt).Cond].Value
		if cond != nil && constant.BoolVal(cond) != (kind == edge.IfStmt_Body) {
			return true
		}
	}
	return false
}
