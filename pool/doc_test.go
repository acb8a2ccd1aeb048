package pool_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// TestEveryExportedNameIsExplained: each has a doc comment, and each type,
// function and method of a pool or a future an example. What [CPU] has of [IO]
// is shown once.
func TestEveryExportedNameIsExplained(t *testing.T) {
	fset := token.NewFileSet()
	pkgs, err := parser.ParseDir(fset, ".", func(f fs.FileInfo) bool { return true }, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var files, tests []*ast.File
	for name, f := range pkgs["pool"].Files {
		if !strings.HasSuffix(name, "cputime_other.go") {
			files = append(files, f)
		}
	}
	for _, f := range pkgs["pool_test"].Files {
		tests = append(tests, f)
	}
	p, err := doc.NewFromFiles(fset, files, "github.com/poollint/poollint/pool")
	if err != nil {
		t.Fatal(err)
	}
	examples := map[string]bool{}
	for _, e := range doc.Examples(tests...) {
		examples[e.Name] = true
	}
	need := func(name, comment string, example bool) {
		if comment == "" {
			t.Errorf("%s has no doc comment", name)
		}
		if example && !examples[strings.ReplaceAll(name, ".", "_")] {
			t.Errorf("%s has no example", name)
		}
	}
	for _, f := range p.Funcs {
		need(f.Name, f.Doc, true)
	}
	for _, typ := range p.Types {
		for _, f := range typ.Funcs {
			need(f.Name, f.Doc, true)
		}
		for _, m := range typ.Methods {
			shown := typ.Name == "IO" || typ.Name == "Future"
			need(typ.Name+"."+m.Name, m.Doc, shown)
		}
		isPool := typ.Name == "IO" || typ.Name == "CPU" // shown by their constructors
		need(typ.Name, typ.Doc, !isPool)
	}
}
