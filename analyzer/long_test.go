package analyzer

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// BenchmarkLongFunction is what a statement costs in functions that get longer: ns/stmt stays the
// same as long as nothing is quadratic in a function's size.
func BenchmarkLongFunction(b *testing.B) { benchmarkLong(b, function, 5) }

// BenchmarkManyMethods is the same for the methods of one type, all of which submit to its pool.
func BenchmarkManyMethods(b *testing.B) { benchmarkLong(b, methods, 1) }

// BenchmarkOneVariable is the same for one slice that grows and is gone through again and again.
// What is used more than a few hundred times is unknown, and silent.
func BenchmarkOneVariable(b *testing.B) { benchmarkLong(b, appended, math.MaxInt) }

// benchmarkLong measures sources of growing length, in which at least one statement of so many is
// reported.
func benchmarkLong(b *testing.B, src func(n int) string, per int) {
	for _, n := range []int{250, 500, 1000, 2000, 4000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l, err := newLinter(Settings{Checks: Checks{"all"}, Strict: true})
			if err != nil {
				b.Fatal(err)
			}
			l.crash = true
			a := l.analyzer()
			var spent time.Duration // without what it imports
			a.Run = func(pass *analysis.Pass) (any, error) {
				start := time.Now()
				result, err := l.run(pass)
				if pass.Pkg.Name() == "long" {
					spent += time.Since(start)
				}
				return result, err
			}
			pkgs := long(b, src(n))
			for b.Loop() {
				graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
				if err != nil {
					b.Fatal(err)
				}
				if found := len(graph.Roots[0].Diagnostics); found < n/per {
					b.Fatalf("%d findings in %d statements", found, n)
				}
			}
			b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/float64(n), "ns/stmt")
		})
	}
}

// function is a package with one function of n statements, each of which gives the rules to think.
func function(n int) string {
	kinds := []string{
		"for _, u := range urls { wg.Add(1); go func() { defer wg.Done(); http.Get(u) }() }; if n > %[1]d { n++ }",
		"{ var g errgroup.Group; g.Go(func() error { n += %[1]d; return nil }); if err := g.Wait(); err != nil { return err } }",
		"c%[1]d := make(chan int, 1); go func() { c%[1]d <- %[1]d }(); n += <-c%[1]d",
		"if n == %[1]d { n += %[1]d } else { for j := 0; j < n; j++ { n -= j } }",
		"switch n { case %[1]d: n++; case -%[1]d: wg.Wait() }",
	}
	var src strings.Builder
	src.WriteString("package long\nimport (\"net/http\"; \"sync\"; \"golang.org/x/sync/errgroup\")\nfunc F(urls []string) error {\nvar wg sync.WaitGroup\nn := 0\n")
	for i := range n {
		fmt.Fprintf(&src, kinds[i%len(kinds)]+"\n", i)
	}
	src.WriteString("return nil\n}\n")
	return src.String()
}

// methods is a package with one pool, to which n methods submit what calls the next one.
func methods(n int) string {
	var src strings.Builder
	src.WriteString("package long\nimport \"github.com/panjf2000/ants/v2\"\ntype T struct { p *ants.Pool; urls []string }\nfunc New() *T { p, _ := ants.NewPool(8); return &T{p: p} }\n")
	for i := range n {
		fmt.Fprintf(&src, "func (t *T) M%d() { t.p.Submit(func() { t.urls = nil; t.M%d() }) }\n", i, (i+1)%n)
	}
	return src.String()
}

// appended is a package with one function that adds to one slice n times, and starts tasks for all of it.
func appended(n int) string {
	var src strings.Builder
	src.WriteString("package long\nimport \"net/http\"\nfunc F(urls []string, k int) { xs := urls\n")
	for i := range n {
		fmt.Fprintf(&src, "if k == %[1]d { xs = append(xs, urls[%[1]d]) }; for _, u := range xs { go http.Get(u) }\n", i)
	}
	src.WriteString("}\n")
	return src.String()
}

// long loads a package with one file.
func long(tb testing.TB, src string) []*packages.Package {
	tb.Helper()
	cmd, err := linttest.Command()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(cmd.Dir, "analyzer", "testdata", "long", "long.go")
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax, Dir: cmd.Dir, Env: cmd.Env, Overlay: map[string][]byte{file: []byte(src)},
	}, "file="+file)
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		tb.Fatal("the package cannot be loaded: ", err, pkgs[0].Errors)
	}
	return pkgs
}
