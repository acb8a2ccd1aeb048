package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/types/typeutil"
)

// A place is where a report stands, in the runtime's names of functions.
type place struct {
	started   string   // what the go statement that begins here runs
	enclosing []string // from the inside out
}

func (p place) within(is func(function string) bool) bool {
	return slices.ContainsFunc(p.enclosing, is)
}

func locate(p *packages.Package, pos token.Pos) place {
	i := slices.IndexFunc(p.Syntax, func(f *ast.File) bool { return f.FileStart <= pos && pos < f.FileEnd })
	if i < 0 {
		return place{}
	}
	path, _ := astutil.PathEnclosingInterval(p.Syntax[i], pos, pos)
	names := literals(p, path[len(path)-2])
	var at place
	for _, n := range path {
		switch n := n.(type) {
		case *ast.GoStmt:
			if n.Pos() != pos {
				continue
			}
			if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
				at.started = names[lit]
			} else if fn, ok := typeutil.Callee(p.TypesInfo, n.Call).(*types.Func); ok {
				at.started = funcName(fn)
			}
		case *ast.FuncLit:
			at.enclosing = append(at.enclosing, names[n])
		case *ast.FuncDecl:
			at.enclosing = append(at.enclosing, funcName(p.TypesInfo.Defs[n.Name].(*types.Func)))
		}
	}
	return at
}

// literals names the function literals in a declaration as the compiler does: f.func1 and f.func2
// in f, f.func1.1 in the first of these.
func literals(p *packages.Package, decl ast.Node) map[*ast.FuncLit]string {
	names := map[*ast.FuncLit]string{}
	var name func(outer, prefix string, body ast.Node)
	name = func(outer, prefix string, body ast.Node) {
		n := 0
		ast.Inspect(body, func(node ast.Node) bool {
			lit, ok := node.(*ast.FuncLit)
			if !ok {
				return true
			}
			n++
			names[lit] = fmt.Sprintf("%s.%s%d", outer, prefix, n)
			name(names[lit], "", lit.Body)
			return false
		})
	}
	if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
		name(funcName(p.TypesInfo.Defs[f.Name].(*types.Func)), "func", f.Body)
	}
	return names
}

// funcName is f, T.m or (*T).m.
func funcName(f *types.Func) string {
	recv := f.Signature().Recv()
	if recv == nil {
		return f.Name()
	}
	t := types.TypeString(recv.Type(), func(*types.Package) string { return "" })
	if _, ok := recv.Type().(*types.Pointer); ok {
		t = "(" + t + ")"
	}
	return t + "." + f.Name()
}
