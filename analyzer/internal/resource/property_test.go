package resource

import (
	"flag"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

var (
	inputDir = flag.String("dir", "", "the module whose packages are read; empty: testdata")
	inputs   = flag.String("inputs", "./...", "the packages that are read")
	show     = flag.String("show", "", "print the classes of the packages whose path contains this")
)

// inputPackages are those of testdata, or of another module.
func inputPackages(t testing.TB) []*linttest.Package {
	t.Helper()
	if *inputDir == "" {
		return slices.DeleteFunc(slices.Clone(linttest.Testdata(t).Packages), func(p *linttest.Package) bool { return !p.Own() })
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: *inputDir, Fset: fset}, strings.Fields(*inputs)...)
	if err != nil {
		t.Fatal(err)
	}
	var all []*linttest.Package
	for _, p := range pkgs {
		if len(p.Errors) == 0 && len(p.Syntax) > 0 {
			all = append(all, &linttest.Package{Path: p.PkgPath, Fset: fset, Files: p.Syntax, Types: p.Types, Info: p.TypesInfo})
		}
	}
	return all
}

func source(p *types.Package, info *types.Info, files []*ast.File) *syntax.Package {
	return syntax.New(fset, p, info, files, inspector.New(files))
}

// dump is all that a graph says.
func dump(g *Graph) string {
	var s strings.Builder
	for _, c := range g.Classes {
		fmt.Fprintf(&s, "%s %s many=%v %s\n", position(c.first()), c.Name(), c.Many(), describe(c))
		for _, v := range c.Vars {
			fmt.Fprintf(&s, "\theld by %s %s\n", v.Name(), position(v.Pos()))
		}
		for _, e := range c.Escapes {
			fmt.Fprintf(&s, "\t%s %s: %s, because %s\n", position(e.Pos), e.Rights, e.Answer, e)
		}
	}
	for _, sp := range g.Spawns {
		fmt.Fprintf(&s, "%s starts %s\n", position(sp.Pos()), callees(sp.Tasks, sp.Complete))
	}
	funcs := slices.Clone(g.b.src.Funcs)
	slices.SortFunc(funcs, func(a, b *syntax.Func) int { return int(a.Node.Pos() - b.Node.Pos()) })
	for _, f := range funcs {
		for _, c := range f.Calls {
			if c.Callee == nil || g.b.virtual[c] != nil {
				to, all := g.Callees(c)
				fmt.Fprintf(&s, "%s calls %s\n", position(c.NamePos()), callees(to, all))
			}
		}
		for _, c := range g.Callers(f) {
			fmt.Fprintf(&s, "%s is called at %s\n", position(f.Node.Pos()), position(c.Cur.Node().Pos()))
		}
		for _, o := range g.Ops(f) {
			fmt.Fprintf(&s, "%s does %s to %s\n", position(f.Node.Pos()), o.Kind, o.Class.Name())
		}
		for _, e := range g.Entries(f) {
			fmt.Fprintf(&s, "%s runs in %s\n", position(f.Node.Pos()), label(e.Func))
		}
	}
	return s.String()
}

func position(p token.Pos) string {
	at := fset.Position(p)
	return fmt.Sprintf("%s:%d:%d", at.Filename[strings.LastIndex(at.Filename, "/")+1:], at.Line, at.Column)
}

// The graph of real packages: every escape says why and where, operations are in source order and in a
// class of the kind that they are of, and asking twice gives the same.
func TestInputs(t *testing.T) {
	ways := map[string]int{}
	largest, where := int32(0), ""
	classes, closed, nodes := 0, 0, 0
	var lines, functions int
	var never []string
	var spent time.Duration
	for _, pkg := range inputPackages(t) {
		src := source(pkg.Types, pkg.Info, pkg.Files)
		start := time.Now()
		g := New(src, cat(), nothing, nil)
		spent += time.Since(start)
		for _, f := range pkg.Files {
			lines += fset.File(f.FileStart).LineCount()
		}
		for _, b := range g.b.nodes {
			nodes += len(b)
			for i := range b {
				if n := &b[i]; n.parent == nil && n.kind > Function && n.size > largest {
					largest, where = n.size, pkg.Path+" "+n.class.Name()
				}
			}
		}
		for _, c := range g.Classes {
			classes++
			if c.Closed() {
				closed++
			}
			for _, e := range c.Escapes {
				ways[fmt.Sprintf("%2d", e.Way)]++
				if e.Way == 0 || e.Answer == No || e.Rights == 0 || !e.Pos.IsValid() || e.String() == "" {
					t.Errorf("%s: %s escapes without a reason or place: %+v", pkg.Path, c.Name(), e)
				}
			}
			if !slices.IsSortedFunc(c.Ops, func(a, b *Op) int { return int(a.Pos() - b.Pos()) }) {
				t.Errorf("%s: %s: operations are not in order", pkg.Path, c.Name())
			}
			for _, o := range c.Ops {
				if e := operand(o); o.Kind != Declare && e != nil && (g.Class(e) != o.Class || !slices.Contains(o.Class.Ops, o)) {
					t.Errorf("%s: %s: %s at %s is of another class", pkg.Path, c.Name(), o.Kind, position(o.Pos()))
				}
			}
		}
		for _, f := range src.Funcs {
			if len(g.Entries(f)) == 0 {
				never = append(never, pkg.Path+" "+position(f.Node.Pos())+" "+label(f))
			}
			functions++
		}
		if *show != "" && strings.Contains(pkg.Path, *show) {
			fmt.Println(dump(g))
		}
	}
	if *show != "" {
		fmt.Println("never run:\n" + strings.Join(never, "\n"))
	}
	t.Logf("%d of %d functions are never run, as far as is seen", len(never), functions)
	if classes == 0 {
		t.Error("there are no classes")
	}
	t.Logf("%d lines, %v, %.2f ms per 1000 lines; %d nodes, %d classes, %d closed; the largest has %d values: %s; escapes by way: %v",
		lines, spent, spent.Seconds()*1e6/float64(lines), nodes, classes, closed, largest, where, ways)
}

// operand is the resource that an operation names, or nil.
func operand(o *Op) ast.Expr {
	if call, ok := o.Cur.Node().(*ast.CallExpr); ok && (o.Kind == Close || o.Kind == Measure) {
		return call.Args[0]
	}
	return o.Channel()
}

// The order of files and declarations changes nothing.
func TestOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, pkg := range inputPackages(t) {
		g := New(source(pkg.Types, pkg.Info, pkg.Files), cat(), nothing, nil)
		want := dump(g)
		if dump(g) != want {
			t.Errorf("%s: asking changes the answer", pkg.Path)
		}
		for _, order := range []func([]ast.Decl){
			slices.Reverse[[]ast.Decl],
			func(d []ast.Decl) { random.Shuffle(len(d), func(i, j int) { d[i], d[j] = d[j], d[i] }) },
		} {
			files := make([]*ast.File, len(pkg.Files))
			for i, f := range pkg.Files {
				moved := *f
				moved.Decls = slices.Clone(f.Decls)
				order(moved.Decls)
				files[len(files)-1-i] = &moved
			}
			if got := dump(New(source(pkg.Types, pkg.Info, files), cat(), nothing, nil)); got != want {
				t.Errorf("%s: another order gives another graph:\n%s", pkg.Path, difference(want, got))
			}
		}
	}
}

// difference is the first line in which two texts differ.
func difference(a, b string) string {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			return fmt.Sprintf("- %s\n+ %s", as[i], bs[i])
		}
	}
	return "one is longer"
}

func BenchmarkNew(b *testing.B) {
	type input struct {
		src   *syntax.Package
		lines int
	}
	var all []input
	lines := 0
	for _, pkg := range inputPackages(b) {
		n := 0
		for _, f := range pkg.Files {
			n += fset.File(f.FileStart).LineCount()
		}
		all = append(all, input{source(pkg.Types, pkg.Info, pkg.Files), n})
		lines += n
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, in := range all {
			New(in.src, cat(), nothing, nil)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(b.N)/float64(lines), "ms/kLOC")
}
