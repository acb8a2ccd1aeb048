package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/scripts/internal/checkout"
)

// look runs the analyzer over a module, by default and with -strict.
func look(f fetcher, e entry) (*ran, error) {
	root, err := f.checkout(e)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(root, e.module)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return nil, fmt.Errorf("no go.mod in %s: name the module's folder in the batch", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, "vendor", "modules.txt")); err != nil {
		if _, err := f.command(dir, "go", "mod", "download"); err != nil {
			// One module that is gone need not matter for all packages.
			fmt.Fprintf(os.Stderr, "%s: not all that it depends on is available: %v\n", e, err)
		}
	}
	var flags []string
	if e.tags != "" {
		flags = []string{"-tags=" + e.tags}
	}
	m, err := checkout.Load(dir, environment(dir), flags...)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be loaded: %w", dir, err)
	}
	if m.IllTyped == len(m.Loaded) {
		return nil, fmt.Errorf("no package in %s type-checks: go vet ./... there says why%s", dir, first(m))
	}
	r := &ran{entry: e, lines: m.Lines, illTyped: m.IllTyped}
	return r, r.find(m, root)
}

// first is the first error in a package.
func first(m *checkout.Module) string {
	for _, p := range m.Loaded {
		for _, e := range p.Errors {
			return ", beginning with " + e.Error()
		}
	}
	return ""
}

// find collects the findings of both levels, each with the first at which it is given.
func (r *ran) find(m *checkout.Module, root string) error {
	seen := map[place]bool{}
	for _, l := range []level{byDefault, onlyStrict} {
		a, err := analyzer.New(analyzer.Settings{Strict: l == onlyStrict})
		if err != nil {
			return err
		}
		found, err := m.Findings(a)
		if err != nil {
			return err
		}
		for _, d := range found {
			name, err := filepath.Rel(root, d.At.Filename)
			if err != nil {
				return err
			}
			p := place{filepath.ToSlash(name), d.At.Line, d.At.Column, d.Category}
			if seen[p] {
				continue
			}
			seen[p] = true
			r.counts[l]++
			r.findings = append(r.findings, finding{
				place:   p,
				level:   l,
				message: strings.TrimPrefix(d.Message, d.Category+": "),
			})
		}
	}
	return nil
}
