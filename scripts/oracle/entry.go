package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/scripts/internal/leak"
	"github.com/poollint/poollint/scripts/internal/lint"
	"github.com/poollint/poollint/scripts/oracle/driver"
)

// An entry is an exported function whose parameters are choices, what the runtime saw of its runs,
// and what poollint says of its code.
type entry struct {
	pkg, name string
	file      string
	fset      *token.FileSet
	params    []param
	code      []*ast.FuncDecl // the function and what it uses of the package

	leaks   []leaked
	ruined  string // why the run says nothing
	reports []lint.Report
}

// A leaked goroutine belongs to the run with a combination of arguments.
type leaked struct {
	leak.Leak
	combination int
}

const unknown = -1 // combination

type param struct{ name, typ string }

// Choices are the types that parameters may have: the driver's method that gives a value, and how
// its values are called.
var choices = map[string]struct {
	method string
	values []string
}{
	"bool":            {"Bool", []string{"false", "true"}},
	"error":           {"Error", []string{"nil", "an error"}},
	"context.Context": {"Context", []string{"live", "ended"}},
	"int":             {"Int", ints()},
	"[]string":        {"Strings", ints()},
}

const nothing = "0" // the value that is a number of nothing

func ints() []string {
	var s []string
	for _, n := range driver.Ints {
		s = append(s, fmt.Sprint(n))
	}
	return s
}

func (e *entry) combinations() int {
	n := 1
	for _, p := range e.params {
		n *= len(choices[p.typ].values)
	}
	return n
}

// values are the arguments of a combination, for each parameter.
func (e *entry) values(combination int) []string {
	var s []string
	for _, p := range e.params {
		values := choices[p.typ].values
		s = append(s, values[combination%len(values)])
		combination /= len(values)
	}
	return s
}

// find returns the entries of a package.
func find(p *packages.Package) []*entry {
	decls := map[types.Object]*ast.FuncDecl{}
	for _, f := range p.Syntax {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				decls[p.TypesInfo.Defs[d.Name]] = d
			}
		}
	}
	var entries []*entry
	for obj, d := range decls {
		sig := obj.(*types.Func).Signature()
		if !obj.Exported() || sig.Recv() != nil {
			continue
		}
		e := &entry{pkg: path.Base(p.PkgPath), name: obj.Name(), file: p.Fset.Position(obj.Pos()).Filename, fset: p.Fset}
		for v := range sig.Params().Variables() {
			e.params = append(e.params, param{v.Name(), types.TypeString(v.Type(), nil)})
		}
		if slices.ContainsFunc(e.params, func(p param) bool { return choices[p.typ].values == nil }) {
			continue
		}
		e.reach(p, d, decls)
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	return entries
}

// reach collects the functions that are used from d.
func (e *entry) reach(p *packages.Package, d *ast.FuncDecl, decls map[types.Object]*ast.FuncDecl) {
	if d == nil || slices.Contains(e.code, d) {
		return
	}
	e.code = append(e.code, d)
	ast.Inspect(d, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			e.reach(p, decls[p.TypesInfo.Uses[id]], decls)
		}
		return true
	})
}

// runs tells whether the goroutine runs the entry's code.
func (e *entry) runs(l leak.Leak) bool {
	return slices.ContainsFunc(e.code, func(d *ast.FuncDecl) bool {
		from, to := e.fset.Position(d.Pos()), e.fset.Position(d.End())
		return slices.ContainsFunc(l.Frames, func(f leak.Frame) bool {
			return f.File == filepath.Base(from.Filename) && from.Line <= f.Line && f.Line <= to.Line
		})
	})
}
