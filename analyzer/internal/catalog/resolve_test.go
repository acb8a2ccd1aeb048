package catalog_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
)

const (
	repoRoot = "../../.."
	ownPath  = "github.com/poollint/poollint"
	realLibs = repoRoot + "/testdata/catalog"
)

// TestRowsResolve finds every row in the real library, and asks whether its arguments and results
// can be what the row says they are.
func TestRowsResolve(t *testing.T) {
	src := newSource(modules(t))
	cat := catalog.Load()

	for _, lib := range catalog.Libraries() {
		t.Run(lib.Path, func(t *testing.T) {
			if lib.Absent != "" {
				t.Skip(lib.Absent)
			}
			pkg, err := src.Import(lib.Path)
			if err != nil {
				t.Fatal(err)
			}
			c := &checker{t: t, cat: cat, pkg: pkg}
			for i := range lib.Types {
				c.typ(&lib.Types[i])
			}
			for i := range lib.Funcs {
				c.fn(&lib.Funcs[i])
			}
			for i := range lib.Fields {
				c.field(&lib.Fields[i])
			}
		})
	}
}

// TestAbsent holds Absent to be said of exactly the libraries that the nested module does not have.
func TestAbsent(t *testing.T) {
	mods := modules(t)
	for _, lib := range catalog.Libraries() {
		if lib.Module == "" { // the standard library
			continue
		}
		mod, had := mods[lib.Module]
		switch {
		case had && lib.Absent != "":
			t.Errorf("%s is marked absent, and testdata/catalog/go.mod has %s", lib.Path, lib.Module)
		case !had && lib.Absent == "":
			t.Errorf("%s is not marked absent, and testdata/catalog/go.mod lacks %s", lib.Path, lib.Module)
		case had && lib.Module != ownPath && lib.Version != mod.Version:
			t.Errorf("%s was read at %s, and testdata/catalog/go.mod has %s", lib.Path, lib.Version, mod.Version)
		}
	}
}

// A checker compares the rows of a library with its package.
type checker struct {
	t   *testing.T
	cat *catalog.Catalog
	pkg *types.Package
	row string
}

func (c *checker) errorf(format string, args ...any) {
	c.t.Helper()
	c.t.Errorf("%s.%s: %s", c.pkg.Path(), c.row, fmt.Sprintf(format, args...))
}

func (c *checker) typ(row *catalog.Type) {
	c.row = row.Name
	obj, ok := c.pkg.Scope().Lookup(row.Name).(*types.TypeName)
	if !ok {
		c.errorf("no such type")
		return
	}
	if c.cat.Type(obj.Type()) != row && *c.cat.Type(obj.Type()) != *row {
		c.errorf("is an alias: rows name the type it stands for")
	}
	if row.Closed && !c.hasMethod(obj.Type(), catalog.Close, catalog.Stop) {
		c.errorf("must be closed, but no method closes it")
	}
	if row.Waited && !c.hasMethod(obj.Type(), catalog.Wait) {
		c.errorf("must be waited for, but no method waits")
	}
	if row.Kind == catalog.Future && row.Lost == "" {
		c.errorf("future without a word on what is lost")
	}
}

// hasMethod reports whether t has a method, its own or promoted, with one of the roles.
func (c *checker) hasMethod(t types.Type, roles ...catalog.Role) bool {
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for sel := range types.NewMethodSet(t).Methods() {
		if f := c.cat.Func(sel.Obj().(*types.Func).Origin()); f != nil && slices.Contains(roles, f.Role) {
			return true
		}
	}
	return false
}

func (c *checker) field(row *catalog.Field) {
	c.row = row.Name
	v, ok := catalog.Lookup(c.pkg, row.Name).(*types.Var)
	if !ok {
		c.errorf("no such field")
		return
	}
	if row.Bound.From == catalog.FromValue && !isInteger(v.Type()) {
		c.errorf("bound of type %s", v.Type())
	}
}

func (c *checker) fn(row *catalog.Func) {
	c.row = row.Name
	if row.If != "" && catalog.Lookup(c.pkg, row.If) == nil {
		return // of another version
	}
	f, ok := catalog.Lookup(c.pkg, row.Name).(*types.Func)
	if !ok {
		f, ok = c.promoted(row.Name)
	}
	if !ok {
		c.errorf("no such function or method")
		return
	}
	sig := f.Signature()

	c.arg(sig, "Task", row.Task, isTask)
	c.arg(sig, "Items", row.Items, func(t types.Type) bool { return isItems(t) || sig.Variadic() })
	c.arg(sig, "Bound", row.Bound.Arg, isInteger)
	c.arg(sig, "Times", row.Bound.Times, isInteger)
	c.arg(sig, "Over", row.Bound.Over, isInteger)
	c.arg(sig, "Queue", row.Queue, isInteger)
	c.arg(sig, "Callback", row.Callback, isTask)
	c.arg(sig, "Executor", row.Executor, func(t types.Type) bool { return c.kind(t) != 0 })
	if row.Tasks && !(sig.Variadic() && row.Task.Index() == sig.Params().Len()-1) {
		c.errorf("Tasks, but argument %d does not take many", row.Task)
	}
	if says := row.Bound.From == catalog.FromArg || row.Bound.From == catalog.Ignored; says != (row.Bound.Arg != catalog.NoArg) {
		c.errorf("an argument is named exactly where the bound is FromArg or Ignored")
	}

	c.results(sig, row.Returns)
	c.role(sig, row)
}

// promoted finds a method under the name of a type that only embeds what declares it. A row may
// have that name if the declaration has a row too, for that is the one that calls resolve to.
func (c *checker) promoted(name string) (*types.Func, bool) {
	typ, method, _ := strings.Cut(name, ".")
	obj, ok := c.pkg.Scope().Lookup(typ).(*types.TypeName)
	if !ok {
		return nil, false
	}
	found, _, _ := types.LookupFieldOrMethod(obj.Type(), true, c.pkg, method)
	f, ok := found.(*types.Func)
	return f, ok && c.cat.Func(f) != nil
}

// arg asks ok about the type of an argument, variadic ones by element.
func (c *checker) arg(sig *types.Signature, what string, arg catalog.Arg, ok func(types.Type) bool) {
	i, params := arg.Index(), sig.Params()
	if i < 0 {
		return
	}
	if i >= params.Len() {
		c.errorf("%s is argument %d, of %d", what, arg, params.Len())
		return
	}
	t := params.At(i).Type()
	if sig.Variadic() && i == params.Len()-1 {
		t = t.(*types.Slice).Elem()
	}
	if !ok(t) {
		c.errorf("%s is argument %d, of type %s", what, arg, t)
	}
}

func (c *checker) results(sig *types.Signature, want catalog.Returns) {
	n := sig.Results().Len()
	if want == catalog.ReturnsNothing {
		return
	}
	if n == 0 {
		c.errorf("returns nothing")
		return
	}
	first, last := sig.Results().At(0).Type(), sig.Results().At(n-1).Type()
	var ok bool
	switch want {
	case catalog.ReturnsError:
		ok = isError(last)
	case catalog.ReturnsBool:
		ok = isBool(last)
	case catalog.ReturnsFuture:
		ok = c.kind(first) == catalog.Future
	case catalog.ReturnsFutureError:
		ok = n == 2 && c.kind(first) == catalog.Future && isError(last)
	case catalog.ReturnsFutureBool:
		ok = n == 2 && c.kind(first) == catalog.Future && isBool(last)
	case catalog.ReturnsChan:
		_, ok = first.Underlying().(*types.Chan)
	case catalog.ReturnsSelf:
		ok = sig.Recv() != nil && typeName(first) == typeName(sig.Recv().Type())
	}
	if !ok {
		c.errorf("returns %s", sig.Results())
	}
}

func (c *checker) role(sig *types.Signature, row *catalog.Func) {
	var recv catalog.Kind
	if sig.Recv() != nil {
		recv = c.kind(sig.Recv().Type())
	}
	var ok bool
	switch row.Role {
	case 0:
		ok = false
	case catalog.New, catalog.Convert:
		ok = sig.Results().Len() > 0 && c.kind(sig.Results().At(0).Type()) != 0
	case catalog.Option, catalog.Nonblock, catalog.Handler:
		ok = sig.Results().Len() == 1 || sig.Recv() != nil
	case catalog.SetBound, catalog.Resize:
		ok = recv != 0 || row.Shared
	case catalog.Submit:
		ok = recv != 0 || row.Shared || row.Executor != catalog.NoArg || row.Bound.From == catalog.Unlimited
	case catalog.Submitted:
		ok = row.Returns >= catalog.ReturnsFuture && row.Returns <= catalog.ReturnsChan
	case catalog.Map:
		ok = row.Blocks == catalog.UntilDone
	case catalog.Acquire, catalog.TryAcquire, catalog.Release:
		ok = recv == catalog.Limiter
	case catalog.Await, catalog.AwaitChan, catalog.Combine, catalog.Chain, catalog.Cancel:
		ok = recv != 0 || c.takesFuture(sig)
	default:
		ok = true
	}
	if !ok {
		c.errorf("cannot have role %q: %s", row.Role, sig)
	}
}

// takesFuture reports whether an argument is a future, a channel, or several of them.
func (c *checker) takesFuture(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		t := p.Type()
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
		if _, isChan := t.Underlying().(*types.Chan); isChan || c.kind(t) == catalog.Future || isTypeParam(t) {
			return true
		}
	}
	return false
}

// kind is the kind of t's row, 0 if it has none.
func (c *checker) kind(t types.Type) catalog.Kind {
	if row := c.cat.Type(t); row != nil {
		return row.Kind
	}
	return 0
}

func isTask(t types.Type) bool {
	switch u := under(t).(type) {
	case *types.Signature, *types.Interface:
		return true
	case *types.Chan:
		return isTask(u.Elem())
	}
	return false
}

func isItems(t types.Type) bool {
	switch under(t).(type) {
	case *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return true
	}
	return isInteger(t)
}

// under is the underlying type of t, or of the one term of the type parameter t.
func under(t types.Type) types.Type {
	u := t.Underlying()
	if i, ok := u.(*types.Interface); ok && isTypeParam(t) && i.NumEmbeddeds() == 1 {
		if union, ok := i.EmbeddedType(0).(*types.Union); ok && union.Len() == 1 {
			return union.Term(0).Type().Underlying()
		}
	}
	return u
}

// typeName is the name of t or *t, or nil.
func typeName(t types.Type) *types.TypeName {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj()
	}
	return nil
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func isBool(t types.Type) bool { return types.Identical(t, types.Typ[types.Bool]) }

func isError(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// A module is what go mod download says of one.
type module struct{ Path, Version, Dir, Error string }

// modules are the requirements of the nested module, with their sources, and this module. The test
// is skipped if they are not here and cannot be downloaded.
func modules(t *testing.T) map[string]module {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json")
	cmd.Dir = realLibs
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()

	mods := map[string]module{ownPath: {Path: ownPath, Dir: repoRoot}}
	problem := stderr.String()
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var m module
		if err := dec.Decode(&m); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		mods[m.Path] = m
		problem += m.Error
	}
	switch {
	case err == nil:
	case strings.Contains(problem, "go.sum"), strings.Contains(problem, "go.mod:"):
		t.Fatalf("testdata/catalog: %s", problem)
	default:
		t.Skipf("the real libraries are not here and cannot be downloaded (cd testdata/catalog && go mod download): %s", problem)
	}
	return mods
}

// A source type-checks packages of the catalogue's modules from their source, and leaves what they
// import from other modules empty: signatures are all that rows are compared with, and the modules
// that large libraries require need not be here.
type source struct {
	mods map[string]module
	std  *linttest.Program
	pkgs map[string]*types.Package
}

func newSource(mods map[string]module) *source {
	libs := map[string]module{}
	for _, lib := range catalog.Libraries() {
		if mod, ok := mods[lib.Module]; ok {
			libs[lib.Module] = mod
		}
	}
	return &source{libs, linttest.Standard(), map[string]*types.Package{}}
}

// Import implements types.Importer.
func (s *source) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if pkg := s.pkgs[path]; pkg != nil {
		return pkg, nil
	}
	pkg, err := s.load(path)
	if err != nil {
		return nil, err
	}
	s.pkgs[path] = pkg
	return pkg, nil
}

func (s *source) load(path string) (*types.Package, error) {
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return s.std.Import(path)
	}
	mod, ok := s.moduleOf(path)
	if !ok {
		empty := types.NewPackage(path, filepath.Base(path))
		empty.MarkComplete()
		return empty, nil
	}
	bp, err := build.ImportDir(filepath.Join(mod.Dir, strings.TrimPrefix(path, mod.Path)), 0)
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range bp.GoFiles {
		f, err := s.std.Parse(filepath.Join(bp.Dir, name), nil)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	conf := types.Config{
		Importer:         s,
		IgnoreFuncBodies: true,
		Error:            func(error) {}, // what is missing shows in the rows that need it
	}
	pkg, _ := conf.Check(path, s.std.Fset, files, nil)
	return pkg, nil
}

// moduleOf is the module with the longest path that holds the package.
func (s *source) moduleOf(path string) (best module, ok bool) {
	for _, m := range s.mods {
		if (path == m.Path || strings.HasPrefix(path, m.Path+"/")) && len(m.Path) > len(best.Path) {
			best, ok = m, true
		}
	}
	return best, ok
}
