package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/scripts/internal/leak"
)

// run builds a program that runs all entries, and gives each what the runtime says.
func (m module) run(entries []*entry, rounds int) error {
	if err := m.write("main.go", mainFile(entries, rounds)); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", "oracle", ".")
	build.Dir = m.dir
	build.Env = append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	run := exec.Command(filepath.Join(m.dir, "oracle"))
	run.Env = append(os.Environ(), "GODEBUG=tracebacklabels=1")
	var stderr bytes.Buffer
	run.Stderr = &stderr
	out, err := run.Output()
	if err != nil {
		return fmt.Errorf("the programs: %w\n%.4000s", err, &stderr)
	}
	ruined, stacks, _ := strings.Cut(string(out), "\n\n")
	markRuined(entries, ruined)
	leaks, err := leak.Parse(stacks)
	if err != nil {
		return err
	}
	return assign(entries, leaks)
}

func mainFile(entries []*entry, rounds int) []byte {
	imports := map[string]bool{}
	var head, list bytes.Buffer
	for _, e := range entries {
		if !imports[e.pkg] {
			imports[e.pkg] = true
			fmt.Fprintf(&head, "import %s \"oracle/run/%s\"\n", e.pkg, e.pkg)
		}
		var args []string
		for _, p := range e.params {
			args = append(args, "c."+choices[p.typ].method+"()")
		}
		fmt.Fprintf(&list, "\t{%q, %d, func(c *driver.Choices) { %s(%s) }},\n", e.id(), e.combinations(), e.id(), strings.Join(args, ", "))
	}
	return fmt.Appendf(nil, "package main\n\nimport \"oracle/driver\"\n%s\nfunc main() {\n\tdriver.Main(%d, programs)\n}\n\nvar programs = []driver.Program{\n%s}\n", &head, rounds, &list)
}

func (e *entry) id() string { return e.pkg + "." + e.name }

// markRuined reads lines of a function and what it did.
func markRuined(entries []*entry, lines string) {
	for line := range strings.Lines(lines) {
		function, why, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, e := range entries {
			if slices.ContainsFunc(e.code, func(d *ast.FuncDecl) bool { return functionID(e.pkg, d) == function }) {
				e.ruined = why
			}
		}
	}
}

// assign gives the entries their leaks.
func assign(entries []*entry, leaks []leak.Leak) error {
	byID := map[string]*entry{}
	for _, e := range entries {
		byID[e.id()] = e
	}
	for _, l := range leaks {
		if l.Label == "" { // a timer started it
			for _, e := range entries {
				if e.runs(l) {
					e.leaks = append(e.leaks, leaked{l, unknown})
				}
			}
			continue
		}
		id, combination, _ := strings.Cut(l.Label, "#")
		n, err := strconv.Atoi(combination)
		if err != nil {
			return err
		}
		byID[id].leaks = append(byID[id].leaks, leaked{l, n})
	}
	return nil
}
