// Package lint asks poollint, in this process, about goroutines that stay.
package lint

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer"
)

// Rules are those that speak of goroutines and functions that wait forever.
var Rules = []string{"abandoned", "selfwait"}

// A Report is one diagnostic of these rules.
type Report struct {
	Pos     token.Position
	At      token.Pos // the same in the loaded packages' file set
	Rule    string
	Message string
}

// Load type-checks the packages from their source, dependencies included.
func Load(dir string, patterns ...string) ([]*packages.Package, error) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir}, patterns...)
	if err != nil {
		return nil, err
	}
	for _, p := range pkgs {
		for _, e := range p.Errors {
			return nil, fmt.Errorf("%s: %w", p.PkgPath, e)
		}
	}
	return pkgs, nil
}

// Ask returns what poollint reports in the packages, by place.
func Ask(pkgs []*packages.Package) ([]Report, error) {
	a, err := analyzer.New(analyzer.Settings{Checks: Rules})
	if err != nil {
		return nil, err
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		return nil, err
	}
	var reports []Report
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, act.Err
		}
		for _, d := range act.Diagnostics {
			reports = append(reports, Report{act.Package.Fset.Position(d.Pos), d.Pos, d.Category, d.Message})
		}
	}
	slices.SortFunc(reports, func(a, b Report) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Message, b.Message))
	})
	return reports, nil
}
