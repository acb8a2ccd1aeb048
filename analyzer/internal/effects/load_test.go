package effects

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// load computes the effects of one file that imports the standard library only.
func load(t *testing.T, src string) (*syntax.Package, *Effects) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "a.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return check(t, fset, "a", []*ast.File{f})
}

func check(t *testing.T, fset *token.FileSet, path string, files []*ast.File) (*syntax.Package, *Effects) {
	t.Helper()
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{Importer: importer.ForCompiler(fset, "gc", nil)}
	pkg, err := conf.Check(path, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	p := syntax.New(fset, pkg, info, files, inspector.New(files))
	return p, Of(p, catalog.Load(), func(*types.Func) *Fact { return nil })
}

// function returns a declared function by name.
func function(t *testing.T, p *syntax.Package, name string) *syntax.Func {
	t.Helper()
	for _, f := range p.Funcs {
		if f.Decl != nil && f.Decl.Name() == name {
			return f
		}
	}
	t.Fatalf("no function %s", name)
	return nil
}
