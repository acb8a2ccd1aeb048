package linttest

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"go/types"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/types/objectpath"
)

// A Driver runs an analyzer over packages, each after those that it imports, and passes facts on
// as the go command does: encoded; those of packages, functions and variables to direct importers
// only; and none of what other packages cannot name.
type Driver struct {
	Drop func(analysis.Fact) bool // facts that get lost; nil: none

	analyzer *analysis.Analyzer
	facts    map[factKey]*fact
	before   *Driver // has facts too
}

type factKey struct {
	obj  types.Object // nil: of the package
	pkg  *types.Package
	kind reflect.Type
}

type fact struct {
	text    []byte        // encoded
	value   analysis.Fact // decoded again
	path    objectpath.Path
	private bool // other packages cannot name the object
}

// New returns a driver without facts. It supports analyzers that require inspect.Analyzer only.
func New(a *analysis.Analyzer) *Driver {
	return &Driver{analyzer: a, facts: map[factKey]*fact{}}
}

// Fork returns a driver that starts with the facts of d, which checks nothing more from then on.
// Forks can be used in parallel.
func (d *Driver) Fork(a *analysis.Analyzer) *Driver {
	return &Driver{analyzer: a, facts: map[factKey]*fact{}, before: d}
}

// Check runs the analyzer over a package.
func (d *Driver) Check(t testing.TB, pkg *Package) []analysis.Diagnostic {
	t.Helper()
	found, _ := d.Run(t, pkg)
	return found
}

// Run runs the analyzer over a package, and also gives its result.
func (d *Driver) Run(t testing.TB, pkg *Package) (found []analysis.Diagnostic, result any) {
	t.Helper()
	var paths objectpath.Encoder
	direct := map[*types.Package]bool{pkg.Types: true}
	for _, p := range pkg.Types.Imports() {
		direct[p] = true
	}
	pass := &analysis.Pass{
		Analyzer: d.analyzer, Fset: pkg.Fset, Files: pkg.Files, Pkg: pkg.Types, TypesInfo: pkg.Info,
		TypesSizes: types.SizesFor("gc", runtime.GOARCH), Module: pkg.Module,
		ResultOf: map[*analysis.Analyzer]any{},
		Report:   func(diag analysis.Diagnostic) { found = append(found, diag) },
		ImportObjectFact: func(o types.Object, f analysis.Fact) bool {
			known := d.fact(factKey{o, o.Pkg(), reflect.TypeOf(f)})
			if known == nil || o.Pkg() != pkg.Types && (known.private || !direct[o.Pkg()] && !travels(o)) {
				return false
			}
			return d.give(known, f)
		},
		ImportPackageFact: func(p *types.Package, f analysis.Fact) bool {
			known := d.fact(factKey{nil, p, reflect.TypeOf(f)})
			return known != nil && direct[p] && d.give(known, f)
		},
		ExportObjectFact: func(o types.Object, f analysis.Fact) {
			known := encode(t, f)
			path, err := paths.For(o)
			known.path, known.private = path, err != nil
			d.facts[factKey{o, pkg.Types, reflect.TypeOf(f)}] = known
		},
		ExportPackageFact: func(f analysis.Fact) {
			d.facts[factKey{nil, pkg.Types, reflect.TypeOf(f)}] = encode(t, f)
		},
		AllObjectFacts: func() (all []analysis.ObjectFact) {
			for e := d; e != nil; e = e.before {
				for key, known := range e.facts {
					if key.obj != nil && !known.private && (direct[key.pkg] || travels(key.obj)) && (d.Drop == nil || !d.Drop(known.value)) {
						all = append(all, analysis.ObjectFact{Object: key.obj, Fact: known.value})
					}
				}
			}
			return all
		},
	}
	var err error
	if pass.ResultOf[inspect.Analyzer], err = inspect.Analyzer.Run(pass); err != nil {
		t.Fatal(err)
	}
	if result, err = d.analyzer.Run(pass); err != nil {
		t.Fatalf("%s: %v", pkg.Path, err)
	}
	return found, result
}

// travels reports whether a fact of o gets further than to direct importers: values can get there
// without the names of their types, and have fields and methods.
func travels(o types.Object) bool {
	_, is := o.(*types.TypeName)
	return is || o.Parent() != o.Pkg().Scope()
}

func (d *Driver) fact(key factKey) *fact {
	for e := d; e != nil; e = e.before {
		if known := e.facts[key]; known != nil {
			return known
		}
	}
	return nil
}

// give copies a fact to where it is asked for.
func (d *Driver) give(known *fact, to analysis.Fact) bool {
	if d.Drop != nil && d.Drop(known.value) {
		return false
	}
	reflect.ValueOf(to).Elem().Set(reflect.ValueOf(known.value).Elem())
	return true
}

// encode encodes a fact and decodes it again: what does not survive this is lost here as well.
func encode(t testing.TB, f analysis.Fact) *fact {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		t.Fatal(err)
	}
	known := &fact{text: b.Bytes(), value: reflect.New(reflect.TypeOf(f).Elem()).Interface().(analysis.Fact)}
	if err := gob.NewDecoder(bytes.NewReader(known.text)).Decode(known.value); err != nil {
		t.Fatal(err)
	}
	return known
}

// Told is what a package tells others: its facts, encoded, in the order of what they are about.
func (d *Driver) Told(pkg *Package) []byte {
	var told []string
	for e := d; e != nil && told == nil; e = e.before {
		for key, known := range e.facts {
			if key.pkg == pkg.Types && !known.private {
				told = append(told, fmt.Sprintf("%s %s %s", known.path, key.kind, known.text))
			}
		}
	}
	slices.Sort(told)
	return []byte(strings.Join(told, ""))
}
