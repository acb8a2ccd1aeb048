package e2e

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/poollint/poollint/analyzer"
)

// Bazel's nogo runs an analyzer over one package at a time, as part of its compilation: types come from
// the compiler's files, facts from a file of each direct import, nothing is known of modules, and the
// standard library is not analyzed. It is the same analyzer, and so are its findings.
func TestNogo(t *testing.T) {
	p := project(t, `
-- go.mod --
module example.com/nogo

go 1.26
-- start/start.go --
package start

type Starter struct{}

func New() *Starter { return new(Starter) }

// Go starts f.
func (*Starter) Go(f func()) { go f() }
-- through/through.go --
package through

import "example.com/nogo/start"

// Starter is what others get from here.
func Starter() *start.Starter { return start.New() }

// Each starts f.
func Each(f func()) { Starter().Go(f) }
-- main.go --
package main

import (
	"encoding/json"
	"net/http"

	"example.com/nogo/through"
)

func main() { http.HandleFunc("/", handle) }

func handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	for _, url := range urls {
		through.Each(func() { http.Get(url) })
	}
	for _, url := range urls {
		through.Starter().Go(func() { http.Get(url) })
	}
}
-- crawl/crawl.go --`+crawl)
	want := p.lint(1, "-f=github", "./...").stdout
	if n := strings.Count(want, "\n"); n != 3 {
		t.Fatalf("want three findings, got\n%s", want)
	}

	n := &nogo{t: t, dir: t.TempDir(), export: map[string]string{}}
	var got []string
	for dec := json.NewDecoder(strings.NewReader(p.must("go", "list", "-deps", "-export", "-json=ImportPath,Dir,Export,Standard,GoFiles", "./...").stdout)); dec.More(); {
		var pkg struct {
			ImportPath, Dir, Export string
			Standard                bool
			GoFiles                 []string
		}
		if err := dec.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		n.export[pkg.ImportPath] = pkg.Export
		if !pkg.Standard {
			got = append(got, n.compile(pkg.ImportPath, pkg.Dir, pkg.GoFiles)...)
		}
	}
	if len(got) != 3 {
		t.Errorf("want three findings, got %q", got)
	}
	for _, text := range got {
		contains(t, "poollint", want, text)
	}
}

// A nogo compiles packages, and keeps the facts of each in a file.
type nogo struct {
	t      *testing.T
	dir    string
	export map[string]string // the compiler's files
}

// A nogoFact is what is in the file, in the same terms as x/tools has it.
type nogoFact struct {
	Pkg    string
	Object objectpath.Path
	Fact   analysis.Fact
}

func (n *nogo) file(path string) string {
	return filepath.Join(n.dir, strings.ReplaceAll(path, "/", "!"))
}

// compile checks a package as a process of its own would, and returns its findings.
func (n *nogo) compile(path, dir string, names []string) (found []string) {
	n.t.Helper()
	a, err := analyzer.New(analyzer.Settings{})
	if err != nil {
		n.t.Fatal(err)
	}
	for _, f := range a.FactTypes {
		gob.Register(f)
	}
	fset := token.NewFileSet()
	imports := map[string]*types.Package{}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			n.t.Fatal(err)
		}
		files = append(files, f)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: importFunc(func(path string) (*types.Package, error) {
		if pkg := imports[path]; pkg != nil && pkg.Complete() {
			return pkg, nil
		}
		f, err := os.Open(n.export[path])
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, err := gcexportdata.NewReader(f)
		if err != nil {
			return nil, err
		}
		return gcexportdata.Read(r, fset, imports, path)
	})}
	pkg, err := conf.Check(path, fset, files, info)
	if err != nil {
		n.t.Fatal(err)
	}

	type key struct {
		pkg  *types.Package
		obj  types.Object
		kind reflect.Type
	}
	facts := map[key]analysis.Fact{}
	for _, imp := range pkg.Imports() {
		data, err := os.ReadFile(n.file(imp.Path()))
		if err != nil {
			continue // the standard library
		}
		var list []nogoFact
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&list); err != nil {
			n.t.Fatal(err)
		}
		for _, f := range list {
			of := imports[f.Pkg]
			if of == nil {
				continue
			}
			k := key{pkg: of, kind: reflect.TypeOf(f.Fact)}
			if f.Object != "" {
				if k.obj, err = objectpath.Object(of, f.Object); err != nil {
					continue
				}
			}
			facts[k] = f.Fact
		}
	}
	get := func(k key, to analysis.Fact) bool {
		f, ok := facts[k]
		if ok {
			reflect.ValueOf(to).Elem().Set(reflect.ValueOf(f).Elem())
		}
		return ok
	}
	pass := &analysis.Pass{
		Analyzer: a, Fset: fset, Files: files, Pkg: pkg, TypesInfo: info, TypesSizes: types.SizesFor("gc", "amd64"),
		ResultOf: map[*analysis.Analyzer]any{a.Requires[0]: inspector.New(files)},
		Report: func(d analysis.Diagnostic) {
			found = append(found, fmt.Sprintf("line=%d,col=%d,", fset.Position(d.Pos).Line, fset.Position(d.Pos).Column))
		},
		ImportObjectFact: func(o types.Object, f analysis.Fact) bool { return get(key{o.Pkg(), o, reflect.TypeOf(f)}, f) },
		ExportObjectFact: func(o types.Object, f analysis.Fact) { facts[key{o.Pkg(), o, reflect.TypeOf(f)}] = f },
		ImportPackageFact: func(p *types.Package, f analysis.Fact) bool {
			return get(key{p, nil, reflect.TypeOf(f)}, f)
		},
		ExportPackageFact: func(f analysis.Fact) { facts[key{pkg, nil, reflect.TypeOf(f)}] = f },
		AllObjectFacts: func() (all []analysis.ObjectFact) {
			for k, f := range facts {
				if k.obj != nil {
					all = append(all, analysis.ObjectFact{Object: k.obj, Fact: f})
				}
			}
			return all
		},
	}
	if _, err := a.Run(pass); err != nil {
		n.t.Fatal(err)
	}

	var list []nogoFact
	for k, f := range facts {
		out := nogoFact{Pkg: k.pkg.Path(), Fact: f}
		if k.obj != nil {
			if _, isType := k.obj.(*types.TypeName); k.pkg != pkg && !isType && k.obj.Parent() == k.pkg.Scope() {
				continue // is only for direct imports
			}
			if out.Object, err = objectpath.For(k.obj); err != nil {
				continue
			}
		} else if k.pkg != pkg {
			continue
		}
		list = append(list, out)
	}
	slices.SortFunc(list, func(a, b nogoFact) int {
		return strings.Compare(a.Pkg+string(a.Object)+fmt.Sprintf("%T", a.Fact), b.Pkg+string(b.Object)+fmt.Sprintf("%T", b.Fact))
	})
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(list); err != nil {
		n.t.Fatal(err)
	}
	if err := os.WriteFile(n.file(path), b.Bytes(), 0o666); err != nil {
		n.t.Fatal(err)
	}
	return found
}

type importFunc func(path string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }
