// Goker holds poollint against the leaks that the Go distribution carries for its own leak profile:
//
//	go run ./scripts/goker [-v]
//
// These are GoKer, the blocking bugs of GoBench, and six common patterns. The table counts the bugs
// that are found by the type and sub-type that GoKer's README gives; in scope are communication,
// condition variables apart, and mixed. A report finds the bug when it stands at the go statement
// of a goroutine that the runtime's own test expects to leak, or within what such a goroutine runs;
// another report in the bug's file is beside it, and finds nothing. -v prints what is reported.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/scripts/internal/lint"
)

func main() {
	verbose := flag.Bool("v", false, "print the reports")
	flag.Parse()
	if err := run(*verbose); err != nil {
		fmt.Fprintln(os.Stderr, "goker:", err)
		os.Exit(2)
	}
}

func run(verbose bool) error {
	bugs, pkgs, remove, err := benchmark()
	if err != nil {
		return err
	}
	defer remove()
	for _, p := range pkgs {
		reports, err := lint.Ask([]*packages.Package{p})
		if err != nil {
			return err
		}
		for _, r := range reports {
			at := locate(p, r.At)
			for _, b := range bugs {
				if filepath.Base(r.Pos.Filename) == b.file {
					b.judge(at, r)
				}
			}
		}
	}
	show(bugs, verbose)
	return nil
}

// benchmark returns the bugs and the two packages that hold them.
func benchmark() (bugs []*bug, pkgs []*packages.Package, remove func(), err error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	runtime := filepath.Join(strings.TrimSpace(string(goroot)), "src", "runtime")
	programs := filepath.Join(runtime, "testdata", "testgoroutineleakprofile")
	bugs, err = readme(filepath.Join(programs, "goker", "README.md"))
	if err != nil {
		return nil, nil, nil, fmt.Errorf("this distribution of Go does not carry GoKer: %w", err)
	}
	leaks, err := expectations(filepath.Join(runtime, "goroutineleakprofile_test.go"))
	if err != nil {
		return nil, nil, nil, err
	}
	module, err := copied(programs)
	remove = func() { os.RemoveAll(module) }
	if err == nil {
		pkgs, err = lint.Load(module, ".", "./goker")
	}
	if err != nil {
		remove()
		return nil, nil, nil, err
	}
	for _, p := range pkgs {
		bugs = expect(bugs, p, leaks)
	}
	return bugs, pkgs, remove, nil
}

// copied puts the programs into a module of their own: poollint says nothing of what lies in the
// standard library.
func copied(programs string) (string, error) {
	module, err := os.MkdirTemp("", "goker")
	if err != nil {
		return "", err
	}
	return module, errors.Join(
		os.CopyFS(module, os.DirFS(programs)),
		os.WriteFile(filepath.Join(module, "go.mod"), []byte("module goker\n\ngo 1.26\n"), 0o666))
}

// expect gives the bugs in the package the leaks of the programs that stand in the same file, and
// adds the common patterns, which share one.
func expect(bugs []*bug, p *packages.Package, leaks map[string][]*regexp.Regexp) []*bug {
	for _, program := range slices.Sorted(maps.Keys(leaks)) {
		obj := p.Types.Scope().Lookup(program)
		if obj == nil {
			continue
		}
		file := filepath.Base(p.Fset.Position(obj.Pos()).Filename)
		if file == "commonpatterns.go" {
			bugs = append(bugs, &bug{name: program, file: file, typ: commonPattern, leaks: leaks[program]})
			continue
		}
		for _, b := range bugs {
			if b.file == file {
				b.leaks = leaks[program]
			}
		}
	}
	return bugs
}

// judge says where the report stands.
func (b *bug) judge(at place, r lint.Report) {
	where := "beside"
	switch {
	case b.expects(at.started):
		where, b.found = "at", true
	case at.within(b.expects):
		where, b.found = "in", true
	case b.typ == commonPattern:
		return // it is another pattern's
	}
	b.reports = append(b.reports, fmt.Sprintf("%-6s %s:%d: %s", where, b.file, r.Pos.Line, r.Message))
}

func show(bugs []*bug, verbose bool) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer w.Flush()
	kinds := map[string][]*bug{}
	for _, b := range bugs {
		kinds[b.kind()] = append(kinds[b.kind()], b)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		total(w, kind, kinds[kind])
		for _, b := range kinds[kind] {
			b.show(w, verbose)
		}
	}
	total(w, "in scope", slices.DeleteFunc(slices.Clone(bugs), func(b *bug) bool { return !b.inScope() }))
}

func total(w io.Writer, what string, bugs []*bug) {
	found := 0
	for _, b := range bugs {
		if b.found {
			found++
		}
	}
	fmt.Fprintf(w, "%s\t%d of %d\n", what, found, len(bugs))
}

func (b *bug) show(w io.Writer, verbose bool) {
	said := "missed"
	if b.found {
		said = "found"
	} else if len(b.reports) > 0 {
		said = "missed, and something beside it reported"
	}
	fmt.Fprintf(w, "  %s\t%s\n", b.name, said)
	if verbose {
		for _, r := range b.reports {
			fmt.Fprintf(w, "    %s\n", r)
		}
	}
}
