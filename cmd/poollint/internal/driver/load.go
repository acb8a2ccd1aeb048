package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// A listed is a package as go list describes it.
type listed struct {
	ImportPath, Name, Dir, Export      string
	Standard, DepOnly, Incomplete      bool
	GoFiles, CgoFiles, CompiledGoFiles []string
	TestGoFiles, XTestGoFiles          []string
	IgnoredGoFiles, HFiles, CFiles     []string
	Imports, TestImports, XTestImports []string
	ImportMap                          map[string]string
	Module                             *listedModule
	Error                              *listedError
	DepsErrors                         []*listedError
}

type listedModule struct {
	Path, Version, GoVersion, GoMod string
	Main                            bool
}

type listedError struct{ Pos, Err string }

// full is the error of a full disk, if that is what is wrong with a package or with what it imports.
func (p *listed) full() error {
	for _, e := range append(p.DepsErrors, p.Error) {
		if e == nil {
			continue
		}
		if full := gocmd.Full(e.Err); full != nil {
			return full
		}
	}
	return nil
}

// fields are what is asked of go list: some others cost it time.
const fields = "-json=ImportPath,Name,Dir,Export,Standard,DepOnly,Incomplete,GoFiles,CgoFiles,CompiledGoFiles," +
	"TestGoFiles,XTestGoFiles,IgnoredGoFiles,HFiles,CFiles,Imports,TestImports,XTestImports,ImportMap,Module,Error,DepsErrors"

// A loader asks the go command for the graph of a run.
type loader struct {
	run   plan.Run
	build []string // flags: -tags
	voice gocmd.Voice
	graph *graph
	mods  map[string]bool     // go.mod files of local modules
	other map[string][]string // by folder: local files that a package has besides those that are compiled
}

// load asks the go command. Errors of single packages are in the graph.
func load(ctx context.Context, run plan.Run, build []string, voice gocmd.Voice) (*loader, []error) {
	l := &loader{run: run, build: build, voice: voice, graph: &graph{}, mods: map[string]bool{}, other: map[string][]string{}}
	if errs := l.environment(ctx); len(errs) > 0 {
		return nil, errs
	}
	errs := l.program(ctx)
	if l.graph.byPath == nil || ctx.Err() != nil {
		return nil, errs
	}
	if failed := slices.Concat(l.exports(ctx), l.cgo(ctx)); len(failed) > 0 || ctx.Err() != nil {
		return nil, append(errs, failed...)
	}
	return l, errs
}

func (l *loader) environment(ctx context.Context) []error {
	out, errs := l.ask(ctx, "env", "-json", "GOARCH", "GOVERSION", "GOMODCACHE", "GOROOT", "GOFLAGS", "GOENV", "GOWORK")
	if out == nil {
		return errs
	}
	if err := json.Unmarshal(out, &l.graph.Env); err != nil {
		return []error{err}
	}
	return nil
}

// ask runs the go command and returns what it prints, and what it says on standard error. The output
// is nil if it failed.
func (l *loader) ask(ctx context.Context, args ...string) ([]byte, []error) {
	cmd := gocmd.Command(ctx, l.run, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, nil
	}
	lines := strings.FieldsFunc(stderr.String(), func(r rune) bool { return r == '\n' || r == '\r' })
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, []error{errors.New("cannot run the go command: " + err.Error())}
	}
	if err == nil {
		// Warnings; one of them is an error to us.
		lines = slices.DeleteFunc(lines, func(s string) bool { return !strings.Contains(s, "matched no packages") })
	}
	errs, _ := l.voice.Failures(lines)
	if err != nil {
		if len(errs) == 0 {
			errs = []error{errors.New("the go command failed without an error message (" + err.Error() + ") in " + l.run.Dir)}
		}
		return nil, errs
	}
	return append(stdout.Bytes(), '\n'), errs
}

func (l *loader) list(ctx context.Context, flags []string, patterns []string) ([]*listed, []error) {
	// Optimized for the profile of a command, each of its packages would be listed once more, as one of its own.
	args := slices.Concat([]string{"list", "-e", fields}, flags, l.build, []string{"-pgo=off", "--"}, patterns)
	out, errs := l.ask(ctx, args...)
	if out == nil {
		return nil, errs
	}
	var all []*listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return all, errs
		} else if err != nil {
			return nil, append(errs, errors.New("cannot parse the go command's output ("+err.Error()+"); please report this"))
		}
		if full := p.full(); full != nil {
			return nil, []error{full}
		}
		all = append(all, p)
	}
}

// program lists the packages of the run and what they are made from, as far as that is local.
func (l *loader) program(ctx context.Context) []error {
	all, errs := l.list(ctx, []string{"-deps"}, l.run.Patterns)
	if all == nil {
		return errs
	}
	for _, p := range all {
		l.add(p, !p.DepOnly)
	}
	l.graph.settle()
	// What only tests import is in no list yet. Of the main modules, it is part of the program.
	asked := map[string]bool{}
	for {
		missing := slices.DeleteFunc(l.missing(), func(path string) bool { return asked[path] || !l.ours(path) })
		if len(missing) == 0 {
			return errs
		}
		for _, path := range missing {
			asked[path] = true
		}
		more, e := l.list(ctx, []string{"-deps"}, missing)
		errs = append(errs, e...)
		for _, p := range more {
			l.add(p, false)
		}
		l.graph.settle()
	}
}

// ours reports whether an import path is one of a main module.
func (l *loader) ours(path string) bool {
	return slices.ContainsFunc(l.graph.Packages, func(p *pkg) bool {
		return p.Module.Main && (path == p.Module.Path || strings.HasPrefix(path, p.Module.Path+"/"))
	})
}

// missing are the imports of which nothing is known.
func (l *loader) missing() []string {
	var paths []string
	for _, p := range l.graph.Packages {
		for _, list := range [][]string{p.Imports, p.TestImps, p.ExtImps} {
			for _, path := range list {
				if l.graph.byPath[path] == nil && path != "unsafe" && path != "C" {
					paths = append(paths, path)
				}
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// exports has the compiler write the types of what the program is not, and learns where they are.
func (l *loader) exports(ctx context.Context) []error {
	paths := l.missing()
	for _, p := range l.graph.Packages {
		if !p.Source && p.Name != "main" {
			paths = append(paths, p.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	all, errs := l.list(ctx, []string{"-deps", "-export"}, paths)

	for _, p := range all {
		known := l.graph.byPath[p.ImportPath]
		if known == nil {
			l.add(p, false)
			continue
		}
		known.Export = p.Export
		if p.Export == "" && p.Error != nil {
			known.NotBuilt = notCompiled(p)
		}
	}
	l.sort()
	l.graph.settle()
	return errs
}

// cgo has cgo translate the packages that may be read from source.
func (l *loader) cgo(ctx context.Context) []error {
	var paths []string
	for _, p := range l.graph.Packages {
		if p.Cgo && (p.Source || !p.Std) {
			paths = append(paths, p.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	all, errs := l.list(ctx, []string{"-compiled"}, paths)
	for _, p := range all {
		known := l.graph.byPath[p.ImportPath]
		if known == nil {
			continue
		}
		known.Files = absolute(p.Dir, p.CompiledGoFiles)
		if p.Error != nil {
			known.NotBuilt = notCompiled(p)
		}
		if p.Error != nil && known.Named {
			l.graph.Failures = append(l.graph.Failures, failure{p.ImportPath, p.Dir, p.Error.Pos, p.Error.Err})
			known.Named = false
		}
		// What the translation imports besides: runtime/cgo and the like come in with any of cgo.
		known.Imports = union(known.Imports, p.Imports)
	}
	return errs
}

func notCompiled(p *listed) string { return "does not compile:\n" + strings.TrimSpace(p.Error.Err) }

// add adds a package to the graph.
func (l *loader) add(p *listed, named bool) {
	if p.ImportPath == "unsafe" || l.graph.byPath[p.ImportPath] != nil {
		return
	}
	q := &pkg{
		Path: p.ImportPath, Name: p.Name, Dir: p.Dir, Named: named, Std: p.Standard, Export: p.Export,
		Files: absolute(p.Dir, slices.Concat(p.GoFiles, p.CgoFiles)), Cgo: len(p.CgoFiles) > 0,
		Imports: without(p.Imports), ImportMap: p.ImportMap,
	}
	if len(p.CompiledGoFiles) > 0 {
		q.Files = absolute(p.Dir, p.CompiledGoFiles)
	}
	if m := p.Module; m != nil {
		q.Module = module{m.Path, m.Version, m.GoVersion, m.Main}
		if m.GoMod != "" {
			l.mods[m.GoMod] = true
		}
	}
	l.other[p.Dir] = absolute(p.Dir, slices.Concat(p.IgnoredGoFiles, p.CgoFiles, p.HFiles, p.CFiles))
	// A package of tests only is none to go list.
	testsOnly := len(q.Files) == 0 && len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 && p.Error != nil && strings.Contains(p.Error.Err, "no non-test Go files")
	if named {
		q.Tests, q.Externals = absolute(p.Dir, p.TestGoFiles), absolute(p.Dir, p.XTestGoFiles)
		q.TestImps, q.ExtImps = mapped(p.ImportMap, p.TestImports), mapped(p.ImportMap, p.XTestImports)
		if why := p.Error; p.Incomplete && !testsOnly {
			if why == nil && len(p.DepsErrors) > 0 {
				why = p.DepsErrors[0]
			}
			f := failure{Pkg: p.ImportPath, Dir: p.Dir}
			if why != nil {
				f.Pos, f.Msg = why.Pos, why.Err
			}
			q.Named = false
			// A file for another system is not of this build, and no mistake.
			if !l.run.Files || !strings.Contains(f.Msg, "build constraints exclude all Go files") {
				l.graph.Failures = append(l.graph.Failures, f)
			}
		}
	}
	if !q.Named {
		q.Tests, q.Externals, q.TestImps, q.ExtImps = nil, nil, nil, nil
	}
	if p.Incomplete && !testsOnly {
		q.NotBuilt = "cannot be loaded"
		if p.Error != nil {
			q.NotBuilt += ": " + strings.TrimSpace(p.Error.Err)
		}
	}
	l.graph.Packages = append(l.graph.Packages, q)
	if l.graph.byPath == nil {
		l.graph.byPath = map[string]*pkg{}
	}
	l.graph.byPath[q.Path] = q
}

// sort brings the packages of several lists into the order of their imports.
func (l *loader) sort() {
	g := l.graph
	g.index()
	done := map[*pkg]bool{}
	var order []*pkg
	var visit func(*pkg)
	visit = func(p *pkg) {
		if p == nil || done[p] {
			return
		}
		done[p] = true
		for _, path := range p.Imports {
			visit(g.byPath[path])
		}
		order = append(order, p)
	}
	for _, p := range g.Packages {
		visit(p)
	}
	g.Packages = order
}

func absolute(dir string, names []string) []string {
	var files []string
	for _, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		files = append(files, name)
	}
	return files
}

// without leaves out what is no package.
func without(imports []string) []string {
	return slices.DeleteFunc(slices.Clone(imports), func(path string) bool { return path == "C" || path == "unsafe" })
}

func mapped(importMap map[string]string, imports []string) []string {
	var paths []string
	for _, path := range without(imports) {
		if to := importMap[path]; to != "" {
			path = to
		}
		paths = append(paths, path)
	}
	return paths
}

func union(a, b []string) []string {
	all := slices.Concat(a, without(b))
	slices.Sort(all)
	return slices.Compact(all)
}
