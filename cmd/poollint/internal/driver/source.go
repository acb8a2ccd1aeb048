package driver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// errStale is that of a run whose cache lost something that it had: it is begun again without.
var errStale = errors.New("the cache has changed")

// A source is a unit that was read and type-checked.
type source struct {
	unit    *unit
	world   *universe
	files   []*ast.File
	types   *types.Package
	info    *types.Info
	changed bool // since the graph was made: what comes out is of no use to another run
}

// maxErrors are shown of a package that does not compile, as by the compiler.
const maxErrors = 10

// fromSource checks a unit from its source, returns its types if they last, and analyzes it unless the cache knows what would come out.
func (u *unit) fromSource() (pkg *types.Package, err error) {
	s := u.session
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	defer func() {
		if errors.Is(err, errStale) {
			s.stale.Store(true)
		}
	}()
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%s was not checked because of a bug in poollint; please report it: %v\n%s", u.path(), v, debug.Stack())
		}
	}()
	if _, err := u.key(); err != nil {
		return nil, err
	}
	cached := u.cached() // this asks other units, and comes before any lock
	world, err := u.world()
	if err != nil {
		return nil, err
	}
	if err := world.read(u.imports()); err != nil {
		return nil, err
	}
	s.did(u.id())
	src := &source{unit: u, world: world}
	defer src.forget()
	if err := src.parse(); err != nil {
		return nil, err
	}
	if err := src.check(); err != nil {
		return nil, err
	}
	if cached == nil {
		if u.fresh, err = src.analyze(); err != nil {
			return nil, err
		}
		if err := s.ctx.Err(); err != nil {
			return nil, err // not all facts may have come
		}
		if u.fresh.Places, err = u.mentioned(u.fresh); err != nil {
			return nil, err
		}
		if key, err := u.key(); err == nil && !src.changed {
			if err := s.store.save(key, u.fresh); err != nil {
				return nil, err
			}
		}
	} else {
		u.fresh = cached
	}
	if !u.lasts() {
		return nil, nil
	}
	return src.types, nil
}

// lasts reports whether types that were made from source are needed any longer: others are read from what
// was written.
func (u *unit) lasts() bool { return u.kind == tested && slices.Contains(u.ExtImps, u.Path) }

// forget lets go of the files of a package that no other refers to.
func (src *source) forget() {
	if src.unit.lasts() {
		return
	}
	for _, f := range src.files {
		if file := src.world.fset.File(f.FileStart); file != nil {
			src.world.fset.RemoveFile(file)
		}
	}
}

func (src *source) parse() error {
	u, s := src.unit, src.unit.session
	var errs scanner.ErrorList
	for _, name := range u.files() {
		data, err := os.ReadFile(s.over.Actual(name))
		if err != nil {
			if !u.Local {
				return errStale
			}
			return fmt.Errorf("%s was not checked: %v", u.path(), err)
		}
		if stamp, ok := s.graph.Stamps.Files[name]; ok && sha256.Sum256(data) != stamp.Sum {
			src.changed = true
		}
		f, err := parser.ParseFile(src.world.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
		if f != nil {
			src.files = append(src.files, f)
		}
		var list scanner.ErrorList
		if errors.As(err, &list) {
			errs = append(errs, list...)
		} else if err != nil {
			return fmt.Errorf("%s was not checked: %v", u.path(), err)
		}
	}
	if len(errs) > 0 {
		errs.RemoveMultiples()
		var lines []string
		for _, e := range errs {
			lines = append(lines, e.Error())
		}
		return &broken{cut(lines)}
	}
	return nil
}

func cut(lines []string) []string {
	if len(lines) > maxErrors {
		lines = append(lines[:maxErrors:maxErrors], "too many errors")
	}
	return lines
}

// check type-checks the unit. If importers are to see its types, they can from here on.
func (src *source) check() error {
	u := src.unit
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}
	src.info = info
	pkg, lines := src.checkWith(info, false)
	if len(lines) > 0 {
		// If the mistakes are inside of functions, importers can be checked all the same.
		info = nil
		var outside []string
		if pkg, outside = src.checkWith(nil, true); len(outside) > 0 {
			return &broken{cut(lines)}
		}
	}
	src.types = pkg
	if u.own {
		if err := src.export(); err != nil {
			return err
		}
	}
	if len(lines) > 0 {
		return &broken{cut(lines)}
	}
	return nil
}

func (src *source) checkWith(info *types.Info, ignoreBodies bool) (*types.Package, []string) {
	u := src.unit
	var lines []string
	conf := types.Config{
		IgnoreFuncBodies: ignoreBodies,
		GoVersion:        u.language(),
		Sizes:            u.session.sizes,
		Importer:         importer(func(path string) (*types.Package, error) { return src.world.Import(u.resolve(path)) }),
		Error: func(err error) {
			if !strings.HasPrefix(err.Error(), "\t") { // else it belongs to the one before
				lines = append(lines, err.Error())
			}
		},
	}
	src.world.lock.RLock()
	defer src.world.lock.RUnlock()
	pkg, _ := conf.Check(u.path(), src.world.fset, src.files, info) // the error is among the lines
	return pkg, lines
}

type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// export writes the types for importers, in this run and in others. All of them read what is written,
// so that it is the same whichever of them are made anew.
func (src *source) export() error {
	u, s := src.unit, src.unit.session
	var b bytes.Buffer
	src.world.lock.RLock()
	defer src.world.lock.RUnlock()
	if err := gcexportdata.Write(&b, src.world.fset, src.types); err != nil {
		return fmt.Errorf("cannot store the types of %s: %v", u.Path, err)
	}
	a, err := apiOf(src.world.fset, src.types, func(path string) (api, error) {
		p := s.graph.byPath[path]
		if p == nil {
			return api{}, &unusable{path, "cannot be found"}
		}
		return s.unit(p, plain).api() // is known, since whatever imports it is
	})
	if err != nil {
		return err
	}
	a.Data = sha256.Sum256(b.Bytes())
	s.store.put(dataKey(a.Data), b.Bytes())
	if key, err := u.typesKey(); err == nil && !src.changed {
		if err := s.store.save(key, a); err != nil {
			return err
		}
	}
	u.exported = &a
	return nil
}

// analyze runs the analyzer.
func (src *source) analyze() (*output, error) {
	u := src.unit
	r := &runner{
		source: src, results: map[*analysis.Analyzer]any{}, out: new(output), asked: map[string]sum{},
		objects: map[objectFact]analysis.Fact{}, whole: map[reflect.Type]analysis.Fact{}, direct: map[string]bool{},
	}
	for _, imp := range src.types.Imports() {
		r.direct[imp.Path()] = true
	}
	src.world.lock.RLock()
	defer src.world.lock.RUnlock()
	if _, err := r.run(u.session.linter(u.pkg).analyzer); err != nil {
		r.out.Trouble, r.out.Findings = err.Error(), nil
	}
	if r.lacks != nil {
		return nil, r.lacks
	}
	data, err := encode(r.objects, r.whole)
	if err != nil {
		return nil, fmt.Errorf("cannot store the results for %s: %v", u.path(), err)
	}
	r.out.Facts, r.out.facts = data, newFacts(data)
	for path, s := range r.asked {
		r.out.Asked = append(r.out.Asked, asked{path, s})
	}
	sortAsked(r.out.Asked)
	return r.out, nil
}

// A runner runs an analyzer, and what it requires, over a source.
type runner struct {
	*source
	out     *output
	results map[*analysis.Analyzer]any
	objects map[objectFact]analysis.Fact // exported
	whole   map[reflect.Type]analysis.Fact
	direct  map[string]bool // imports
	asked   map[string]sum
	lacks   error // why facts were not to be had
}

func (r *runner) run(a *analysis.Analyzer) (any, error) {
	if result, ok := r.results[a]; ok {
		return result, nil
	}
	inputs := map[*analysis.Analyzer]any{}
	for _, req := range a.Requires {
		result, err := r.run(req)
		if err != nil {
			return nil, err
		}
		inputs[req] = result
	}
	u := r.unit
	pass := &analysis.Pass{
		Analyzer: a, Fset: r.world.fset, Files: r.files, Pkg: r.types, TypesInfo: r.info, TypesSizes: u.session.sizes,
		ResultOf:          inputs,
		Report:            r.report,
		ImportObjectFact:  r.objectFact,
		ImportPackageFact: r.packageFact,
		ExportObjectFact: func(o types.Object, f analysis.Fact) {
			r.objects[objectFact{o, reflect.TypeOf(f)}] = f
		},
		ExportPackageFact: func(f analysis.Fact) { r.whole[reflect.TypeOf(f)] = f },
		AllObjectFacts:    r.allObjectFacts,
		AllPackageFacts:   r.allPackageFacts,
		ReadFile:          func(name string) ([]byte, error) { return os.ReadFile(u.session.over.Actual(name)) },
	}
	if m := u.Module; m.Path != "" {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: u.language()}
	}
	result, err := a.Run(pass)
	if err != nil {
		return nil, err
	}
	r.results[a] = result
	return result, nil
}

// known are the facts of an imported package. Those that nobody has asked for yet are made now, with
// the lock let go: nothing here looks at types meanwhile.
func (r *runner) known(pkg *types.Package) *knownFacts {
	if k, ok := r.world.known.Load(pkg); ok {
		r.ask(pkg.Path(), k.(*knownFacts).sum)
		return k.(*knownFacts)
	}
	f := r.unit.session.nothing
	if dep := r.unit.imported(pkg.Path()); dep != nil {
		r.world.lock.RUnlock()
		known, err := dep.known()
		r.world.lock.RLock()
		if err != nil {
			r.lacks = err
			return f.in(pkg)
		}
		f = known
	}
	k := f.in(pkg)
	r.world.known.Store(pkg, k)
	r.ask(pkg.Path(), k.sum)
	return k
}

func (r *runner) ask(path string, s sum) {
	if dep := r.unit.session.graph.byPath[path]; dep != nil && (!dep.Std || dep.Source) {
		r.asked[path] = s
	}
}

func (r *runner) objectFact(o types.Object, to analysis.Fact) bool {
	if o == nil || o.Pkg() == nil {
		return false
	}
	of := objectFact{o, reflect.TypeOf(to)}
	if o.Pkg() == r.types {
		return assign(to, r.objects[of])
	}
	return (r.direct[o.Pkg().Path()] || travels(o)) && assign(to, r.known(o.Pkg()).objects[of])
}

func (r *runner) packageFact(pkg *types.Package, to analysis.Fact) bool {
	if pkg == r.types {
		return assign(to, r.whole[reflect.TypeOf(to)])
	}
	return r.direct[pkg.Path()] && assign(to, r.known(pkg).whole[reflect.TypeOf(to)])
}

// reachable are all packages below this one, with the facts of each: to ask for them all takes the
// analysis of them all.
func (r *runner) reachable(f func(*types.Package, *knownFacts)) {
	seen := map[string]bool{}
	var visit func(paths []string)
	visit = func(paths []string) {
		for _, path := range paths {
			dep := r.unit.imported(path)
			if seen[path] || dep == nil {
				continue
			}
			seen[path] = true
			visit(dep.imports())
			if pkg := r.world.imports[path]; pkg != nil {
				f(pkg, r.known(pkg))
			}
		}
	}
	visit(r.unit.imports())
}

func (r *runner) allObjectFacts() (all []analysis.ObjectFact) {
	for of, f := range r.objects {
		all = append(all, analysis.ObjectFact{Object: of.object, Fact: f})
	}
	r.reachable(func(pkg *types.Package, k *knownFacts) {
		for of, f := range k.objects {
			if r.direct[pkg.Path()] || travels(of.object) {
				all = append(all, analysis.ObjectFact{Object: of.object, Fact: f})
			}
		}
	})
	return all
}

func (r *runner) allPackageFacts() (all []analysis.PackageFact) {
	for _, f := range r.whole {
		all = append(all, analysis.PackageFact{Package: r.types, Fact: f})
	}
	r.reachable(func(pkg *types.Package, k *knownFacts) {
		for _, f := range k.whole {
			if r.direct[pkg.Path()] {
				all = append(all, analysis.PackageFact{Package: pkg, Fact: f})
			}
		}
	})
	return all
}

// report adds a finding, as it would come out of go vet's JSON.
func (r *runner) report(d analysis.Diagnostic) {
	f := finding.Finding{Rule: d.Category, Message: d.Message, Package: r.unit.path()}
	f.Pos, f.End = r.extent(d.Pos, d.End)
	for _, rel := range d.Related {
		pos, end := r.extent(rel.Pos, rel.End)
		if pos.Line == 0 {
			continue // a place that has no file
		}
		f.Relate(finding.Related{Pos: pos, End: end, Message: rel.Message})
	}
	for _, x := range d.SuggestedFixes {
		// Insertions come before deletions at the same place.
		slices.SortStableFunc(x.TextEdits, func(a, b analysis.TextEdit) int {
			return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.End, b.End))
		})
		if !r.valid(x.TextEdits) {
			f.Fixes = nil
			break
		}
		fx := finding.Fix{Message: x.Message}
		for _, e := range x.TextEdits {
			from, to := r.world.fset.Position(e.Pos), r.world.fset.Position(end(e.Pos, e.End))
			fx.Edits = append(fx.Edits, finding.Edit{File: from.Filename, Start: from.Offset, End: to.Offset, New: string(e.NewText)})
		}
		f.Fixes = append(f.Fixes, fx)
	}
	r.out.Findings = append(r.out.Findings, f)
}

func end(pos, end token.Pos) token.Pos {
	if end.IsValid() {
		return end
	}
	return pos
}

func (r *runner) extent(from, to token.Pos) (a, b finding.Position) {
	a, b = r.position(from), r.position(end(from, to))
	if a.File != b.File {
		b = a
	}
	return a, b
}

// position is a place. Of those in other packages the column is not known, since it is not to
// somebody who reads their types from a file.
func (r *runner) position(pos token.Pos) finding.Position {
	p := r.world.fset.Position(pos)
	at := finding.Position{File: p.Filename, Line: p.Line, Column: max(p.Column, 1)} // 0: a //line names none
	own := slices.ContainsFunc(r.files, func(f *ast.File) bool { return f.FileStart <= pos && pos <= f.FileEnd })
	if p.IsValid() && !own {
		at.Column = 1
	}
	return at
}

// valid reports whether sorted edits can be applied: each is inside of one file, and none overlap.
func (r *runner) valid(edits []analysis.TextEdit) bool {
	var last token.Pos
	for _, e := range edits {
		to := end(e.Pos, e.End)
		if r.world.fset.File(e.Pos) == nil || to < e.Pos || r.world.fset.File(to) != r.world.fset.File(e.Pos) || e.Pos < last {
			return false
		}
		last = to
	}
	return true
}
