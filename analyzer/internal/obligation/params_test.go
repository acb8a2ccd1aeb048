package obligation_test

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/obligation"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

const source = `package p

import ("sync"; "os")

var kept chan int

func receives(c chan int) int { return <-c }
func receivesOnOnePath(c chan int, ok bool) { if ok { <-c } }
func drains(c chan int) { for range c { } }
func sends(c chan<- int) { c <- 1 }
func mayLeave(c chan<- int, stop chan int) { select { case c <- 1: case <-stop: } }
func keeps(c chan int) { kept = c }
func returns(c chan int) chan int { return c }
func looks(c chan int) int { return len(c) }
func passes(c chan int) int { return receives(c) }
func spawns(c chan int) { go func() { c <- 1 }() }

func waits(wg *sync.WaitGroup) { wg.Wait() }
func waitsOnOnePath(wg *sync.WaitGroup, ok bool) { if ok { wg.Wait() } }
func waitsDeferred(wg *sync.WaitGroup) { defer wg.Wait(); println() }
func fills(wg *sync.WaitGroup) { wg.Go(func() {}) }
func waitsByHelper(wg *sync.WaitGroup) { waits(wg) }
func waitsByAnother(wg *sync.WaitGroup) { f := func() { wg.Wait() }; kf = f }

var kf func()

func ends(code int) { os.Exit(code) }
func mayEnd(code int) { if code > 0 { ends(code) } }
func serves() { for { println() } }
`

func TestParams(t *testing.T) {
	p := load(t, source)
	params := obligation.Params(p)
	for _, f := range p.Funcs { // callees stand before their callers
		p.Find(f)
		if f.Decl != nil {
			s := new(summary.Func)
			params(f, s)
			p.Summarize(f.Decl, s)
		}
	}
	const unknown = ""
	for name, want := range map[string]string{
		"receives":          "param0{receives}",
		"receivesOnOnePath": unknown,
		"drains":            "param0{receives}",
		"sends":             "param0{sends}",
		"mayLeave":          "param0{reads}",
		"keeps":             unknown,
		"returns":           unknown,
		"looks":             "param0{reads}",
		"passes":            "param0{receives}",
		"spawns":            unknown,
		"waits":             "param0{awaits}",
		"waitsOnOnePath":    unknown,
		"waitsDeferred":     "param0{awaits}",
		"fills":             "param0{reads}",
		"waitsByHelper":     "param0{awaits}",
		"waitsByAnother":    unknown,
		"ends":              "noreturn",
		"mayEnd":            unknown,
		"serves":            unknown,
	} {
		f := p.Types.Scope().Lookup(name).(*types.Func)
		if got := p.Summary(f).String(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// All returns that leave a group behind are known, not only the first.
func TestReturns(t *testing.T) {
	p := load(t, `package p

import "sync"

func f(names []string) int {
	var wg sync.WaitGroup
	for _, n := range names {
		if n == "a" {
			return 1
		}
		wg.Go(func() {})
		if n == "b" {
			return 2
		}
	}
	wg.Wait()
	return 0
}
`)
	for _, f := range p.Funcs {
		p.Find(f)
	}
	p.Collect()
	groups := obligation.Groups(p)
	if len(groups) != 1 {
		t.Fatalf("%d groups left, want 1", len(groups))
	}
	line := func(n ast.Node) int { return p.Fset.Position(n.Pos()).Line }
	lines := []int{line(groups[0].At)}
	for _, at := range groups[0].Also {
		lines = append(lines, line(at))
	}
	slices.Sort(lines)
	if want := []int{9, 13}; !slices.Equal(lines, want) {
		t.Errorf("returns at lines %v, want %v", lines, want)
	}
}

// load is a package with one file.
func load(t *testing.T, source string) *sites.Package {
	t.Helper()
	pkg := linttest.Standard().Source(t, "p", source)
	return sites.New(syntax.New(pkg.Fset, pkg.Types, pkg.Info, pkg.Files, inspector.New(pkg.Files)), catalog.Load(),
		func(*types.Func) *summary.Func { return nil })
}
