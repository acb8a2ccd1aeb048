// Goker compares poollint with the leaks that the Go distribution includes to test its own leak profile:
//
//	go run ./scripts/goker [-v] [-run 10]
//
// These are GoKer, the blocking bugs of GoBench, and six common patterns. The table counts the bugs that are
// found, by the type and subtype in GoKer's README; in scope are communication (except condition variables)
// and mixed. A report counts as finding the bug if it is at the go statement of a goroutine that the runtime's
// own test expects to leak, or within the code that such a goroutine runs; any other report in the bug's file
// does not count. -v prints the reports.
//
// -run runs each program this many times with GOEXPERIMENT=goroutineleakprofile, and reports which were seen to
// leak, and which reports are at a place where a goroutine leaked. Many leaks need a rare order of events, so a
// leak that was not seen may still exist.
package main

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/scripts/internal/leak"
	"github.com/poollint/poollint/scripts/internal/lint"
)

func main() {
	verbose := flag.Bool("v", false, "print the reports")
	rounds := flag.Int("run", 0, "run each program this many times, and report what leaks")
	flag.Parse()
	if err := run(*verbose, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "goker:", err)
		os.Exit(2)
	}
}

func run(verbose bool, rounds int) error {
	all, err := newBenchmark()
	if err != nil {
		return err
	}
	defer all.remove()
	if rounds > 0 {
		if err := all.run(rounds); err != nil {
			return err
		}
	}
	for _, p := range all.pkgs {
		reports, err := lint.Ask([]*packages.Package{p})
		if err != nil {
			return err
		}
		for _, r := range reports {
			at := locate(p, r.At)
			for _, b := range all.bugs {
				if filepath.Base(r.Pos.Filename) == b.file {
					b.judge(at, r)
				}
			}
		}
	}
	show(all.bugs, verbose)
	return nil
}

// A benchmark is the bugs and the packages that hold them.
type benchmark struct {
	bugs   []*bug
	pkgs   []*packages.Package
	module string
}

func newBenchmark() (*benchmark, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	runtime := filepath.Join(strings.TrimSpace(string(goroot)), "src", "runtime")
	programs := filepath.Join(runtime, "testdata", "testgoroutineleakprofile")
	bugs, err := readme(filepath.Join(programs, "goker", "README.md"))
	if err != nil {
		return nil, fmt.Errorf("this distribution of Go does not carry GoKer: %w", err)
	}
	leaks, err := expectations(filepath.Join(runtime, "goroutineleakprofile_test.go"))
	if err != nil {
		return nil, err
	}
	all := &benchmark{bugs: bugs}
	if all.module, err = copied(programs); err == nil {
		all.pkgs, err = lint.Load(all.module, ".", "./goker")
	}
	if err != nil {
		all.remove()
		return nil, err
	}
	for _, p := range all.pkgs {
		all.expect(p, leaks)
	}
	return all, nil
}

func (all *benchmark) remove() { os.RemoveAll(all.module) }

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
func (all *benchmark) expect(p *packages.Package, leaks map[string][]*regexp.Regexp) {
	for _, program := range slices.Sorted(maps.Keys(leaks)) {
		obj := p.Types.Scope().Lookup(program)
		if obj == nil {
			continue
		}
		file := filepath.Base(p.Fset.Position(obj.Pos()).Filename)
		if file == "commonpatterns.go" {
			all.bugs = append(all.bugs, &bug{name: program, program: program, file: file, typ: commonPattern, leaks: leaks[program]})
			continue
		}
		for _, b := range all.bugs {
			if b.file == file {
				b.program, b.leaks = program, leaks[program]
			}
		}
	}
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
	if line := (leak.Frame{File: b.file, Line: r.Pos.Line}); slices.ContainsFunc(b.seen, func(l leak.Leak) bool {
		return l.Created == line || slices.Contains(l.Frames, line)
	}) {
		where += ", seen"
	}
	b.reports = append(b.reports, fmt.Sprintf("%-10s %s:%d: %s", where, b.file, r.Pos.Line, r.Message))
}

func show(bugs []*bug, verbose bool) {
	kinds := map[string][]*bug{}
	for _, b := range bugs {
		kinds[b.kind()] = append(kinds[b.kind()], b)
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		total(kind, kinds[kind])
		for _, b := range kinds[kind] {
			b.show(verbose)
		}
	}
	total("in scope", slices.DeleteFunc(slices.Clone(bugs), func(b *bug) bool { return !b.inScope() }))
}

func total(what string, bugs []*bug) {
	found := 0
	for _, b := range bugs {
		if b.found {
			found++
		}
	}
	fmt.Printf("%-45s %d of %d\n", what, found, len(bugs))
}

func (b *bug) show(verbose bool) {
	said := "missed"
	if b.found {
		said = "found"
	} else if len(b.reports) > 0 {
		said = "missed, and something beside it reported"
	}
	if len(b.seen) > 0 {
		said += ", and seen to leak"
	}
	fmt.Printf("  %-43s %s\n", b.name, said)
	if verbose {
		for _, r := range b.reports {
			fmt.Printf("    %s\n", r)
		}
	}
}
