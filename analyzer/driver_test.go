package analyzer

import (
	"bytes"
	"encoding/gob"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
)

// imports reads the standard library's types, for all programs of a test.
var imports library

type library struct {
	sync.Mutex
	types.Importer
	fset *token.FileSet
}

func (l *library) start() {
	if l.Importer == nil {
		l.fset = token.NewFileSet()
		l.Importer = importer.ForCompiler(l.fset, "gc", nil)
	}
}

// A source is a package that was checked from its source.
type source struct {
	types *types.Package
	info  *types.Info
	files []*ast.File
}

// check checks the types of a package, and adds it to those that others can import, beside those of
// testdata once these are loaded.
func check(own map[string]*types.Package, path string, files []*ast.File) (*source, error) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: importFunc(func(path string) (*types.Package, error) {
		if pkg := own[path]; pkg != nil {
			return pkg, nil
		}
		if i := slices.IndexFunc(loaded, func(p *source) bool { return p.types.Path() == path }); i >= 0 {
			return loaded[i].types, nil
		}
		return imports.Import(path)
	})}
	pkg, err := conf.Check(path, imports.fset, files, info)
	own[path] = pkg
	return &source{pkg, info, files}, err
}

type importFunc func(string) (*types.Package, error)

func (f importFunc) Import(path string) (*types.Package, error) { return f(path) }

// A driver runs the linter over packages, in the order of their imports. Facts travel encoded, as
// they do between processes.
type driver struct {
	t      testing.TB
	linter *linter
	drop   func(analysis.Fact) bool // facts that get lost; nil: none
	object map[objectFact][]byte
	whole  map[*types.Package][]byte
}

type objectFact struct {
	obj  types.Object
	kind reflect.Type
}

func newDriver(t testing.TB, s Settings) *driver {
	l, err := newLinter(s)
	if err != nil {
		t.Fatal(err)
	}
	l.crash = true
	return &driver{t, l, nil, map[objectFact][]byte{}, map[*types.Package][]byte{}}
}

func (d *driver) run(pkg *source, report func(analysis.Diagnostic)) {
	pass := &analysis.Pass{
		Fset: imports.fset, Files: pkg.files, Pkg: pkg.types, TypesInfo: pkg.info, TypesSizes: types.SizesFor("gc", "amd64"),
		Module:   &analysis.Module{Path: "example.com"},
		ResultOf: map[*analysis.Analyzer]any{},
		Report:   report,
		ImportObjectFact: func(o types.Object, f analysis.Fact) bool {
			return d.decode(d.object[objectFact{o, reflect.TypeOf(f)}], f)
		},
		ExportObjectFact: func(o types.Object, f analysis.Fact) {
			d.object[objectFact{o, reflect.TypeOf(f)}] = d.encode(f)
		},
		ImportPackageFact: func(p *types.Package, f analysis.Fact) bool { return d.decode(d.whole[p], f) },
		ExportPackageFact: func(f analysis.Fact) { d.whole[pkg.types] = d.encode(f) },
		AllObjectFacts: func() (all []analysis.ObjectFact) {
			for of, text := range d.object {
				if f := reflect.New(of.kind.Elem()).Interface().(analysis.Fact); d.decode(text, f) {
					all = append(all, analysis.ObjectFact{Object: of.obj, Fact: f})
				}
			}
			return all
		},
	}
	var err error
	if pass.ResultOf[inspect.Analyzer], err = inspect.Analyzer.Run(pass); err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.linter.run(pass); err != nil {
		d.t.Fatal(err)
	}
}

func (d *driver) encode(f analysis.Fact) []byte {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

func (d *driver) decode(text []byte, to analysis.Fact) bool {
	if text == nil || d.drop != nil && d.drop(to) {
		return false
	}
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(to); err != nil {
		d.t.Fatal(err)
	}
	return true
}
