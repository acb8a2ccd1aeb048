package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
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

// options is how many values a parameter of a type is given; method is the driver's that gives them.
var options = map[string]struct {
	n      int
	method string
}{
	"bool":            {2, "Bool"},
	"error":           {2, "Error"},
	"context.Context": {2, "Context"},
	"int":             {len(driver.Ints), "Int"},
	"[]string":        {len(driver.Ints), "Strings"},
}

func (e *entry) combinations() int {
	n := 1
	for _, p := range e.params {
		n *= options[p.typ].n
	}
	return n
}

// values are the arguments of a combination.
func (e *entry) values(combination int) string {
	if combination == unknown {
		return ""
	}
	var s []string
	for _, p := range e.params {
		n := options[p.typ].n
		i := combination % n
		combination /= n
		value := map[string]string{
			"bool": fmt.Sprint(i == 1), "error": []string{"nil", "an error"}[i%2],
			"context.Context": []string{"live", "ended"}[i%2], "int": fmt.Sprint(driver.Ints[i%len(driver.Ints)]), "[]string": fmt.Sprint(driver.Ints[i%len(driver.Ints)]),
		}[p.typ]
		s = append(s, p.name+"="+value)
	}
	return strings.Join(s, " ")
}

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
		e := &entry{pkg: p.Name, name: obj.Name(), file: p.Fset.Position(obj.Pos()).Filename, fset: p.Fset}
		for v := range sig.Params().Variables() {
			e.params = append(e.params, param{v.Name(), types.TypeString(v.Type(), nil)})
		}
		if slices.ContainsFunc(e.params, func(p param) bool { return options[p.typ].n == 0 }) {
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

// run builds a program that runs all entries, and gives each what the runtime says.
func (m module) run(entries []*entry, rounds int) error {
	var imports, list bytes.Buffer
	byName := map[string]*entry{}
	for _, e := range entries {
		name := e.pkg + "." + e.name
		byName[name] = e
		if imp := fmt.Sprintf("\t%q\n", "oracle/run/"+e.pkg); !bytes.Contains(imports.Bytes(), []byte(imp)) {
			imports.WriteString(imp)
		}
		var args []string
		for _, p := range e.params {
			args = append(args, "c."+options[p.typ].method+"()")
		}
		fmt.Fprintf(&list, "\t\t{%q, %d, func(c *driver.Choices) { %s(%s) }},\n", name, e.combinations(), name, strings.Join(args, ", "))
	}
	main := fmt.Sprintf("package main\n\nimport (\n\t\"oracle/driver\"\n%s)\n\nfunc main() {\n\tdriver.Main(%d, []driver.Program{\n%s\t})\n}\n", &imports, rounds, &list)
	if err := m.write("main.go", []byte(main)); err != nil {
		return err
	}
	build := exec.Command("go", "build", "-o", "oracle", ".")
	build.Dir = m.dir
	build.Env = append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
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
	for line := range strings.Lines(ruined) {
		function, why, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, e := range entries {
			if slices.ContainsFunc(e.code, func(d *ast.FuncDecl) bool { return functionID(e.pkg, d) == function }) {
				e.ruined = why
			}
		}
	}
	for _, l := range leak.Parse(stacks) {
		if l.Label == "" { // a timer started it
			for _, e := range entries {
				if e.runs(l) {
					e.leaks = append(e.leaks, leaked{l, unknown})
				}
			}
			continue
		}
		name, combination, _ := strings.Cut(l.Label, "#")
		n, err := strconv.Atoi(combination)
		if err != nil {
			return err
		}
		byName[name].leaks = append(byName[name].leaks, leaked{l, n})
	}
	return nil
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
