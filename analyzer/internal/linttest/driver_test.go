package linttest

import (
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
)

type seen struct{ By string }

func (*seen) AFact() {}

// marker tells of each function and method in a package, and of the package, and reports those of
// which it was told.
func marker(by string) *analysis.Analyzer {
	return &analysis.Analyzer{Name: "marker", FactTypes: []analysis.Fact{new(seen)}, Run: func(pass *analysis.Pass) (any, error) {
		for _, obj := range pass.TypesInfo.Uses {
			var fact seen
			if f, ok := obj.(*types.Func); ok && f.Pkg() != pass.Pkg && pass.ImportObjectFact(f, &fact) {
				pass.Report(analysis.Diagnostic{Message: f.Name() + " by " + fact.By})
			}
			if p, ok := obj.(*types.PkgName); ok && pass.ImportPackageFact(p.Imported(), &fact) {
				pass.Report(analysis.Diagnostic{Message: "package " + p.Name() + " by " + fact.By})
			}
		}
		for _, p := range pass.Pkg.Imports() {
			for _, indirect := range p.Imports() {
				var fact seen
				if f := indirect.Scope().Lookup("Func"); f != nil && pass.ImportObjectFact(f, &fact) {
					pass.Report(analysis.Diagnostic{Message: "indirectly, Func by " + fact.By})
				}
				if pass.ImportPackageFact(indirect, &fact) {
					pass.Report(analysis.Diagnostic{Message: "indirectly, the package by " + fact.By})
				}
			}
		}
		for _, obj := range pass.TypesInfo.Defs {
			if f, ok := obj.(*types.Func); ok {
				pass.ExportObjectFact(f, &seen{by})
			}
		}
		pass.ExportPackageFact(&seen{by})
		return nil, nil
	}}
}

// What a package is told is what the go command would tell it.
func TestFacts(t *testing.T) {
	program := Standard()
	a := program.Source(t, "example.com/a", `package a
type T struct{}
func (T) Method() {}
func Func() {}
func Make() struct{ F func(); T } { hidden := struct{ T }{}; return struct{ F func(); T }{Func, hidden.T} }
`)
	b := program.Source(t, "example.com/b", "package b\nimport \"example.com/a\"\nvar Made = a.Make()\nfunc init() { a.Func() }\n")
	c := program.Source(t, "example.com/c", "package c\nimport \"example.com/b\"\nfunc init() { b.Made.Method() }\n")

	d := New(marker("d"))
	told := func(d *Driver, pkg *Package) (messages []string) {
		for _, diag := range d.Check(t, pkg) {
			messages = append(messages, diag.Message)
		}
		slices.Sort(messages)
		return slices.Compact(messages)
	}
	expect := func(what string, got []string, want ...string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s is told %q, want %q", what, got, want)
		}
	}
	expect("who imports nothing", told(d, a))
	expect("a direct importer", told(d, b), "Func by d", "Make by d", "package a by d")
	expect("an indirect one", told(d, c), "Method by d", "package b by d")

	fork := d.Fork(marker("fork"))
	expect("a fork", told(fork, b), "Func by d", "Make by d", "package a by d")
	expect("what follows in the fork", told(fork, c), "Method by d", "package b by fork")
	expect("what follows elsewhere", told(d.Fork(marker("other")), c), "Method by d", "package b by d")

	fork.Drop = func(analysis.Fact) bool { return true }
	expect("who hears nothing", told(fork, c))
}

// An extension replaces a package for those that are added to it, and for nobody else.
func TestExtend(t *testing.T) {
	program := Standard()
	program.Source(t, "example.com/a", "package a\nconst N = 1\n")
	other := program.Extend()
	other.Source(t, "example.com/a", "package a\nconst N = 2\n")
	for p, want := range map[*Program]string{program: "1", program.Extend(): "1", other: "2", other.Extend(): "2"} {
		b := p.Source(t, "example.com/b", "package b\nimport \"example.com/a\"\nconst N = a.N\n")
		if got := b.Types.Scope().Lookup("N").(*types.Const).Val().String(); got != want {
			t.Errorf("N is %s, want %s", got, want)
		}
	}
}
