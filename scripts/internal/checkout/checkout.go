// Package checkout runs analyzers over a module that is checked out, in this process. All packages are
// type-checked from source, so that nothing has to be compiled first: over many repositories, that is most of
// the time that go vet would take.
package checkout

import (
	"bytes"
	"cmp"
	"go/token"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// A Module is a module with its tests.
type Module struct {
	Loaded   []*packages.Package // a package, its test variants and its test binary are one each
	Packages int                 // tests not counted
	Lines    int                 // of Go files, tests included
	IllTyped int                 // packages and tests that do not type-check

	fset *token.FileSet
}

// Load loads the module whose root is dir. Its dependencies must be available. The environment is that of
// this process with env added.
func Load(dir string, env []string, buildFlags ...string) (*Module, error) {
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax |
			packages.NeedTypesInfo | packages.NeedModule,
		Dir:        dir,
		Env:        append(os.Environ(), env...),
		BuildFlags: buildFlags,
		Tests:      true,
		Fset:       token.NewFileSet(),
	}
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		return nil, err
	}
	m := &Module{Loaded: pkgs, fset: cfg.Fset}
	files := map[string]bool{}
	for _, p := range pkgs {
		if p.IllTyped {
			m.IllTyped++
		}
		if !strings.Contains(p.ID, " [") && !strings.HasSuffix(p.ID, ".test") {
			m.Packages++
		}
		for _, f := range p.GoFiles {
			files[f] = true
		}
	}
	for f := range files {
		if data, err := os.ReadFile(f); err == nil {
			m.Lines += bytes.Count(data, []byte("\n"))
		}
	}
	return m, nil
}

// A Diagnostic is one of a package.
type Diagnostic struct {
	analysis.Diagnostic
	Package string
	At      token.Position
}

// Diagnostics are those of an analyzer, which takes the packages in turn.
func (m *Module) Diagnostics(a *analysis.Analyzer) ([]Diagnostic, error) {
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, m.Loaded, &checker.Options{Sequential: true})
	if err != nil {
		return nil, err
	}
	var all []Diagnostic
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			all = append(all, Diagnostic{d, act.Package.PkgPath, m.fset.Position(d.Pos)})
		}
	}
	return all, nil
}

// Findings are the diagnostics by place, each once: a package and its test variant find the same.
func (m *Module) Findings(a *analysis.Analyzer) ([]Diagnostic, error) {
	all, err := m.Diagnostics(a)
	if err != nil {
		return nil, err
	}
	type finding struct {
		at            token.Position
		rule, message string
	}
	found := map[finding]bool{}
	all = slices.DeleteFunc(all, func(d Diagnostic) bool {
		f := finding{d.At, d.Category, d.Message}
		again := found[f]
		found[f] = true
		return again
	})
	slices.SortFunc(all, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.At.Filename, b.At.Filename),
			cmp.Compare(a.At.Line, b.At.Line),
			cmp.Compare(a.At.Column, b.At.Column),
			cmp.Compare(a.Message, b.Message))
	})
	return all, nil
}
