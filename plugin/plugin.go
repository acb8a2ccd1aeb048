// Package plugin makes poollint a module plugin for golangci-lint v2.
//
// Its settings are those of .poollint.yaml, inline in .golangci.yml: golangci-lint makes them part of its
// cache key, which it cannot do for a file that it does not know. //nolint is handled by golangci-lint.
package plugin

import (
	"fmt"
	"path/filepath"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer"
)

func init() { register.Plugin("poollint", New) }

// New returns the linter for the settings under linters.settings.custom.poollint.settings.
// Unknown settings and unknown words in them are errors.
func New(conf any) (register.LinterPlugin, error) {
	settings, err := register.DecodeSettings[analyzer.Settings](conf)
	if err != nil {
		return nil, fmt.Errorf("poollint: settings: %w", err)
	}
	a, err := analyzer.New(settings)
	if err != nil {
		return nil, fmt.Errorf("poollint: settings: %w", err)
	}
	return &linter{fold(a)}, nil
}

type linter struct{ analyzer *analysis.Analyzer }

func (l *linter) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{l.analyzer}, nil
}

func (*linter) GetLoadMode() string { return register.LoadModeTypesInfo }

// fold makes related information part of the message. golangci-lint would report each piece as
// an issue of its own, which a //nolint at the finding does not cover and --fix leaves behind.
func fold(a *analysis.Analyzer) *analysis.Analyzer {
	folded := *a
	folded.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			for _, r := range d.Related {
				pos := pass.Fset.Position(r.Pos)
				d.Message += fmt.Sprintf("; %s (%s:%d)", r.Message, filepath.Base(pos.Filename), pos.Line)
			}
			d.Related = nil
			pass.Report(d)
		}
		return a.Run(&inner)
	}
	return &folded
}
