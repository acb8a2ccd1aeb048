package catalog_test

import (
	"fmt"
	"go/types"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// check type-checks a package of one file.
func check(t testing.TB, path, src string) *types.Package {
	t.Helper()
	return linttest.Standard().Source(t, path, src).Types
}

// A row with a gate holds for the versions that its gate is about, and for no others.
func TestGates(t *testing.T) {
	const (
		old     = "package p; type Pool struct{}; func (*Pool) Wait() {}"
		current = old + "; type ContextPool struct{}; func (*ContextPool) WithFailFast() {}"
	)
	cat := catalog.Load(catalog.Library{Path: "example.com/p", Funcs: []catalog.Func{
		{Name: "Pool.Wait", Role: catalog.Wait},
		{Name: "Pool.Wait", Role: catalog.Wait, Once: true, Unless: "ContextPool.WithFailFast"},
		{Name: "Pool.Wait", Role: catalog.Wait, Waits: true, If: "ContextPool.WithFailFast"},
	}})
	wait := func(src string) *types.Func {
		return catalog.Lookup(check(t, "example.com/p", src), "Pool.Wait").(*types.Func)
	}

	if row := cat.Func(wait(old)); !row.Once {
		t.Errorf("old version: %+v", row)
	}
	if row := cat.Func(wait(current)); !row.Waits || row.Once {
		t.Errorf("current version: %+v", row)
	}

	part := types.NewPackage("example.com/p", "p")
	pool := types.NewNamed(types.NewTypeName(0, part, "Pool", nil), types.NewStruct(nil, nil), nil)
	recv := types.NewVar(0, part, "", pool)
	f := types.NewFunc(0, part, "Wait", types.NewSignatureType(recv, nil, nil, nil, nil, false))
	if row := cat.Func(f); row == nil || row.Once || row.Waits {
		t.Errorf("a package seen in part: %+v", row)
	}
}

// Versions of a library in which the same name means something else, by what their sources have.
func TestVersions(t *testing.T) {
	const (
		ants = "github.com/panjf2000/ants/v2"
		conc = "github.com/sourcegraph/conc/pool"

		ants23 = "package ants; type Pool struct{}; func NewPool(int) (*Pool, error) { return nil, nil }; func (*Pool) Release() {}; " +
			"type PoolWithFunc struct{}; func NewPoolWithFunc(int, func(any)) (*PoolWithFunc, error) { return nil, nil }; func (*PoolWithFunc) Release() {}"
		ants24 = ants23 + "; var ErrInvalidPreAllocSize error"
		ants27 = ants24 + "; func WithDisablePurge(bool) {}"
		ants12 = "package ants; var ErrInvalidPreAllocSize error; func WithDisablePurge(bool) {}; func NewPoolWithFuncGeneric() {}; " +
			"type poolCommon struct{}; func (*poolCommon) Release() {}; " +
			"type Pool struct{ *poolCommon }; func NewPool(int) (*Pool, error) { return nil, nil }; " +
			"type PoolWithFunc struct{ *poolCommon }; func NewPoolWithFunc(int, func(any)) (*PoolWithFunc, error) { return nil, nil }"

		conc03   = "package pool; type Pool struct{}; func (*Pool) Wait() {}; type ContextPool struct{}"
		concMain = conc03 + "; func (*ContextPool) WithFailFast() *ContextPool { return nil }"

		pond1      = "package pond; type WorkerPool struct{}; func New(workers, capacity int) *WorkerPool { return nil }"
		pond2      = "package pond; type Pool interface{}; func NewPool(workers int) Pool { return nil }"
		workerpool = "package workerpool; type WorkerPool struct{}; func New(int) *WorkerPool { return nil }; func (*WorkerPool) Submit(func()) {}; func (*WorkerPool) StopWait() {}"
		workers13  = workerpool + "; func (*WorkerPool) Do(func()) error { return nil }"
	)
	edge := func(f *catalog.Func) string { return f.Role.String() + " " + f.Bound.Edge(0).String() }
	once := func(f *catalog.Func) string { return fmt.Sprintf("%s once=%t", f.Role, f.Once) }
	for _, test := range []struct {
		path, src, name string
		says            func(*catalog.Func) string
		want            string
	}{
		{ants, ants23, "NewPool", edge, "new unsaid"},
		{ants, ants24, "NewPool", edge, "new unlimited"},
		{ants, ants12, "NewPool", edge, "new unlimited"},
		{ants, ants23, "NewPoolWithFunc", edge, "new unsaid"},
		{ants, ants24, "NewPoolWithFunc", edge, "new unsaid"},
		{ants, ants27, "NewPoolWithFunc", edge, "new unlimited"},
		{ants, ants12, "NewPoolWithFunc", edge, "new unlimited"},
		{ants, ants24, "Pool.Release", edge, "close unsaid"},
		{ants, ants27, "PoolWithFunc.Release", edge, "close unsaid"},
		{ants, ants12, "poolCommon.Release", edge, "close unsaid"},
		{conc, conc03, "Pool.Wait", once, "wait once=true"},
		{conc, concMain, "Pool.Wait", once, "wait once=false"},
		{conc, concMain, "ContextPool.WithFailFast", once, "convert once=false"},
		{"github.com/alitto/pond", pond1, "New", edge, "new default"},
		{"github.com/alitto/pond/v2", pond2, "NewPool", edge, "new unlimited"},
		{"github.com/gammazero/workerpool", workerpool, "New", edge, "new default"},
		{"github.com/gammazero/workerpool", workerpool, "WorkerPool.StopWait", once, "close once=false"},
		{"github.com/gammazero/workerpool", workers13, "WorkerPool.Do", once, "submit once=false"},
	} {
		f, ok := catalog.Lookup(check(t, test.path, test.src), test.name).(*types.Func)
		if !ok {
			t.Errorf("no %s in %s", test.name, test.src)
		} else if row := catalog.Load().Func(f); row == nil || test.says(row) != test.want {
			t.Errorf("%s.%s: got %+v, want %s, in %s", test.path, test.name, row, test.want, test.src)
		}
	}
}

// Vendored copies, pointers, aliases, instances and fields find their rows.
func TestLookup(t *testing.T) {
	const src = `package p
type Pool[T any] struct{ Max int }
func (*Pool[T]) Submit(func() T) {}
type Alias = Pool[int]
var V *Alias
`
	cat := catalog.Load(catalog.Library{
		Path:   "example.com/p",
		Types:  []catalog.Type{{Name: "Pool", Kind: catalog.Executor}},
		Funcs:  []catalog.Func{{Name: "Pool.Submit", Role: catalog.Submit, Task: catalog.First}},
		Fields: []catalog.Field{{Name: "Pool.Max", Role: catalog.SetBound}},
	})
	pkg := check(t, "example.com/main/vendor/example.com/p", src)
	v := pkg.Scope().Lookup("V").Type()
	if !cat.Knows(pkg.Path()) || cat.Type(v) == nil || cat.Field(v, "Max") == nil {
		t.Error("no row for *Alias, an instance in a vendored package")
	}
	submit, _, _ := types.LookupFieldOrMethod(v, true, pkg, "Submit")
	if cat.Func(submit.(*types.Func)) == nil {
		t.Error("no row for the method of an instance")
	}
	if cat.Field(v, "Min") != nil || cat.Func(nil) != nil || cat.Type(types.Typ[types.Int]) != nil {
		t.Error("a row for nothing")
	}
}

func TestEdge(t *testing.T) {
	b := catalog.Bound{Zero: catalog.EdgeHangs, Negative: catalog.EdgePanics, MinusOne: catalog.EdgeUnlimited}
	for n, want := range map[int64]catalog.Edge{
		-2: catalog.EdgePanics, -1: catalog.EdgeUnlimited, 0: catalog.EdgeHangs, 1: catalog.EdgeUnsaid,
	} {
		if got := b.Edge(n); got != want {
			t.Errorf("Edge(%d) = %s, want %s", n, got, want)
		}
	}
	b.MinusOne = catalog.EdgeUnsaid
	if got := b.Edge(-1); got != catalog.EdgePanics {
		t.Errorf("Edge(-1) = %s, want that of every negative", got)
	}
}

// Rows are given once, each gate apart, and say where their meaning comes from when they are not
// resolved against a module.
func TestRows(t *testing.T) {
	seen := map[string]bool{}
	once := func(key string) {
		if seen[key] {
			t.Errorf("%s is given twice", key)
		}
		seen[key] = true
	}
	for _, lib := range catalog.Libraries() {
		once(lib.Path)
		if lib.Version == "" && lib.Module != "github.com/poollint/poollint" {
			t.Errorf("%s has no version", lib.Path)
		}
		for _, row := range lib.Types {
			once("type " + lib.Path + " " + row.Name)
		}
		for _, row := range lib.Funcs {
			once("func " + lib.Path + " " + row.Name + " " + row.If + "!" + row.Unless)
		}
		for _, row := range lib.Fields {
			once("field " + lib.Path + " " + row.Name)
		}
	}
}

// Every constant has a word, and every word a constant.
func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		catalog.Limiter.String():           "limiter",
		catalog.CPU.String():               "cpu",
		catalog.UnboundedQueue.String():    "unbounded",
		catalog.Run.String():               "run",
		catalog.Ignored.String():           "ignored",
		catalog.EdgeError.String():         "error",
		catalog.ReturnsSelf.String():       "self",
		catalog.WhenFullRare.String():      "whenfullrare",
		(catalog.Run + 1).String():         "32",
		(catalog.Ignored + 1).String():     "8",
		(catalog.EdgeError + 1).String():   "7",
		(catalog.ReturnsSelf + 1).String(): "8",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
