package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A fault is one in one function.
type fault struct {
	kind  kind
	in    *function
	at    token.Pos   // where a finding is expected
	also  []*function // others in which it may be reported: they are given the variable, or start the goroutine
	edits []edit
	note  string
	asks  bool // calls seeded, which is not known before the program runs
}

// asking is a file for packages with faults that depend on what is not known before the program runs.
const asking = `package %s

import "os"

func seeded() bool { return os.Getenv("SEEDED") != "" }
`

// askingName is the name of that file.
const askingName = "zz_seeded.go"

// tree copies the module in dir to out and breaks the copy.
func tree(w io.Writer, dir, out string, chosen []kind) ([]seed, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil { // as the go command names it
		return nil, err
	}
	if err := copyModule(dir, out); err != nil {
		return nil, err
	}
	pkgs, err := load(dir, "./...")
	if err != nil {
		return nil, fmt.Errorf("%s cannot be loaded: %w", dir, err)
	}
	b := &breaker{kinds: chosen, made: map[string]int{}}
	var seeds []seed
	illTyped := 0
	for _, p := range pkgs {
		if len(p.Errors) > 0 || p.Types == nil {
			illTyped++
			continue
		}
		if servesTests(p) {
			continue
		}
		s, err := newSource(p, dir)
		if err != nil {
			return nil, err
		}
		if s == nil {
			continue
		}
		faults := b.faults(s)
		for name, text := range s.broken(faults) {
			if err := os.WriteFile(filepath.Join(out, name), text, 0o666); err != nil {
				return nil, err
			}
		}
		for _, m := range faults {
			seeds = append(seeds, m.seed(filepath.Base(out)))
		}
	}
	if illTyped == len(pkgs) {
		return nil, fmt.Errorf("no package in %s type-checks: go vet ./... there says why", dir)
	}
	fmt.Fprintf(w, "%s: %d faults in %d packages", filepath.Base(out), len(seeds), len(pkgs)-illTyped)
	if illTyped > 0 {
		fmt.Fprintf(w, "; %d do not type-check and are left as they are", illTyped)
	}
	if b.takenBack > 0 {
		fmt.Fprintf(w, "; %d faults taken back, since the code did not type-check with them", b.takenBack)
	}
	fmt.Fprintln(w)
	return seeds, nil
}

// A breaker puts the kinds of faults into functions, evenly.
type breaker struct {
	kinds     []kind
	made      map[string]int
	takenBack int
}

// faults are those of a package, at most one for each function: of the kinds that fit the one that was made
// least, and of these the first.
func (b *breaker) faults(s *source) []*fault {
	var all []*fault
	for _, f := range s.order {
		if !f.breakable() {
			continue
		}
		var best *fault
		for _, k := range b.kinds {
			if best != nil && b.made[k.name] >= b.made[best.kind.name] {
				continue
			}
			if m := k.find(f); m != nil {
				m.kind, m.in = k, f
				best = m
			}
		}
		if best != nil {
			b.made[best.kind.name]++
			all = append(all, best)
		}
	}
	kept := s.settle(slices.Clone(all))
	b.takenBack += len(all) - len(kept)
	return kept
}

// broken is the text of the files that the faults change, by their names in the module.
func (s *source) broken(faults []*fault) map[string][]byte {
	edits := map[*ast.File][]edit{}
	texts := map[string][]byte{}
	for _, m := range faults {
		edits[m.in.file] = append(edits[m.in.file], m.edits...)
		if m.asks {
			name := filepath.Join(filepath.Dir(s.position(m.in.decl.Pos()).Filename), askingName)
			texts[name] = fmt.Appendf(nil, asking, s.Name)
		}
	}
	for f, es := range edits {
		for _, i := range f.Imports {
			if s.blank[i] {
				es = append(es, edit{i.Pos(), i.Path.Pos(), "_ "})
			}
		}
		texts[s.position(f.FileStart).Filename] = s.apply(f, es)
	}
	return texts
}

// settle takes faults back until the package type-checks. An import that they leave without use is kept for
// its effects.
func (s *source) settle(faults []*fault) []*fault {
	for len(faults) > 0 {
		errs := s.check(s.broken(faults))
		if len(errs) == 0 {
			break
		}
		if s.blanks(errs, faults) {
			continue
		}
		n := len(faults)
		for _, near := range []func(*fault, token.Position) bool{inFunction, inFile} {
			faults = slices.DeleteFunc(faults, func(m *fault) bool {
				return slices.ContainsFunc(errs, func(p token.Position) bool { return near(m, p) })
			})
			if len(faults) < n {
				break
			}
		}
		if len(faults) == n {
			return nil
		}
	}
	return faults
}

func inFunction(m *fault, p token.Position) bool {
	from, to := m.in.position(m.in.decl.Pos()), m.in.position(m.in.decl.End())
	return p.Filename == from.Filename && from.Line <= p.Line && p.Line <= to.Line
}

func inFile(m *fault, p token.Position) bool {
	return p.Filename == m.in.position(m.in.decl.Pos()).Filename
}

// blanks renames the imports at which there are errors to _, and reports whether there are new ones.
func (s *source) blanks(errs []token.Position, faults []*fault) bool {
	found := false
	for _, m := range faults {
		for _, i := range m.in.file.Imports {
			at := s.position(i.Pos())
			if !s.blank[i] && slices.ContainsFunc(errs, func(p token.Position) bool { return p.Filename == at.Filename && p.Line == at.Line }) {
				s.blank[i], found = true, true
			}
		}
	}
	return found
}

// check type-checks the package with other texts for some files and returns where the errors are.
func (s *source) check(texts map[string][]byte) []token.Position {
	var errs []token.Position
	var files []*ast.File
	fset := token.NewFileSet()
	parse := func(name string, text []byte) {
		f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			errs = append(errs, token.Position{Filename: name})
			return
		}
		files = append(files, f)
	}
	asks := false
	for _, f := range s.Syntax {
		name := s.position(f.FileStart).Filename
		text, ok := texts[name]
		if !ok {
			text = s.text[f]
		}
		parse(name, text)
	}
	for name := range texts {
		asks = asks || filepath.Base(name) == askingName
	}
	if asks {
		parse(askingName, []byte("package "+s.Name+"\n\nfunc seeded() bool { return false }\n"))
	}
	if len(errs) > 0 {
		return errs
	}
	conf := types.Config{
		Importer: importer(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			if p := s.Imports[path]; p != nil && p.Types != nil {
				return p.Types, nil
			}
			return nil, errors.New("not loaded")
		}),
		Sizes: s.TypesSizes,
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) {
				errs = append(errs, fset.Position(e.Pos))
			}
		},
	}
	if s.Module != nil && s.Module.GoVersion != "" {
		conf.GoVersion = "go" + s.Module.GoVersion
	}
	_, _ = conf.Check(s.PkgPath, fset, files, nil) // its errors are in errs
	return errs
}

type importer func(string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }

// seed is the line of the manifest for a fault.
func (m *fault) seed(tree string) seed {
	at := m.in.position(m.at)
	s := seed{tree: tree, file: at.Filename, line: at.Line, kind: m.kind.name, rule: m.kind.rule, note: strings.TrimSpace(m.note)}
	for _, f := range append([]*function{m.in}, m.also...) {
		if span := f.span(); !slices.Contains(s.functions, span) {
			s.functions = append(s.functions, span)
		}
	}
	return s
}

func (f *function) span() span {
	from, to := f.position(f.decl.Pos()), f.position(f.decl.End())
	return span{from.Filename, from.Line, to.Line}
}
