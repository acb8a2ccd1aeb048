// Package linttest type-checks programs in memory and runs an analyzer over them, for tests.
//
// The packages of testdata, and those that they import, are checked from source once per process;
// the standard library's types come from what the compiler wrote. A test that changes a package
// extends that program, so that only what it changes is checked again:
//
//	program := linttest.Testdata(t)
//	run := linttest.New(analyzer)
//	for _, pkg := range program.Packages {
//		for _, d := range run.Check(t, pkg) { ... }
//	}
//
// TestRules of package analyzer compares what is found with the comments in testdata; see Wants.
package linttest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A Package is one that was type-checked from its source.
type Package struct {
	Path   string
	Dir    string // empty if the package is only in memory
	Module *analysis.Module
	Fset   *token.FileSet
	Files  []*ast.File
	Types  *types.Package
	Info   *types.Info
}

// A Program is packages in the order of their imports. What it lacks is looked up in the program
// that it extends, and then in the standard library.
type Program struct {
	Fset     *token.FileSet
	Packages []*Package

	std        *standard
	extends    *Program
	signatures bool // are all that is wanted
}

// Extend returns an empty program above p. Extensions of one program can be used in parallel.
func (p *Program) Extend() *Program {
	return &Program{Fset: p.Fset, std: p.std, extends: p}
}

// Parse parses a file; src is its text, or nil to read it.
func (p *Program) Parse(name string, src any) (*ast.File, error) {
	return parser.ParseFile(p.Fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
}

// Add type-checks the files of pkg and adds it to the program.
func (p *Program) Add(pkg *Package) error {
	pkg.Fset = p.Fset
	pkg.Info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: p, IgnoreFuncBodies: p.signatures, Sizes: types.SizesFor("gc", runtime.GOARCH)}
	if pkg.Module != nil && pkg.Module.GoVersion != "" {
		conf.GoVersion = "go" + pkg.Module.GoVersion
	}
	if err := p.readImports(pkg); err != nil {
		return err
	}
	var err error
	pkg.Types, err = conf.Check(pkg.Path, p.Fset, pkg.Files, pkg.Info)
	if err == nil {
		p.Packages = append(p.Packages, pkg)
	}
	return err
}

// readImports reads what a package imports from the standard library in one go.
func (p *Program) readImports(pkg *Package) error {
	var paths []string
	for _, f := range pkg.Files {
		for _, spec := range f.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err == nil && p.own(path) == nil {
				paths = append(paths, path)
			}
		}
	}
	return p.std.load(paths...)
}

// Source adds a package of one file, p.go.
func (p *Program) Source(t testing.TB, path, src string) *Package {
	t.Helper()
	file, err := p.Parse(path+"/p.go", src)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	pkg := &Package{Path: path, Files: []*ast.File{file}, Module: &analysis.Module{Path: "example.com"}}
	if err := p.Add(pkg); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return pkg
}

// Import makes a program a types.Importer.
func (p *Program) Import(path string) (*types.Package, error) {
	if pkg := p.own(path); pkg != nil {
		return pkg, nil
	}
	return p.std.Import(path)
}

// own returns a package that was checked from its source, or nil.
func (p *Program) own(path string) *types.Package {
	for ; p != nil; p = p.extends {
		for _, pkg := range p.Packages {
			if pkg.Path == path {
				return pkg.Types
			}
		}
	}
	return nil
}
