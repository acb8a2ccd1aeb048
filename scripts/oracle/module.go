package main

import (
	_ "embed"
	"errors"
	"go/ast"
	"os"
	"path/filepath"
	"slices"

	"github.com/poollint/poollint/scripts/internal/lint"
)

//go:embed driver/driver.go
var driverSource []byte

// A module holds packages twice: in lint as they are read, in run as they are built.
type module struct{ dir string }

func newModule() (module, error) {
	dir, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return module{}, err
	}
	m := module{dir}
	return m, errors.Join(
		m.write("go.mod", []byte("module oracle\n\ngo 1.26\n")),
		m.write("driver/driver.go", driverSource))
}

func (m module) remove() { os.RemoveAll(m.dir) }

func (m module) write(name string, data []byte) error {
	path := filepath.Join(m.dir, filepath.FromSlash(name))
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, data, 0o666))
}

// add puts a file into package pkg.
func (m module) add(pkg, name string, src []byte) error {
	run, err := instrument(pkg, name, src)
	if err != nil {
		return err
	}
	return errors.Join(m.write("lint/"+pkg+"/"+name, src), m.write("run/"+pkg+"/"+name, run))
}

// judge asks poollint and the runtime about all that was added.
func (m module) judge(rounds int) ([]*entry, error) {
	pkgs, err := lint.Load(m.dir, "./lint/...")
	if err != nil {
		return nil, err
	}
	var entries []*entry
	for _, p := range pkgs {
		entries = append(entries, find(p)...)
	}
	reports, err := lint.Ask(pkgs)
	if err != nil {
		return nil, err
	}
	for _, r := range reports {
		for _, e := range entries {
			if slices.ContainsFunc(e.code, func(d *ast.FuncDecl) bool { return d.Pos() <= r.At && r.At < d.End() }) {
				e.reports = append(e.reports, r)
			}
		}
	}
	err = m.run(entries, rounds)
	for _, e := range entries {
		e.code, e.fset = nil, nil // they keep whole packages in memory
	}
	return entries, err
}
