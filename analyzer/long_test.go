package analyzer

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// BenchmarkLongFunction is what a statement costs in functions that get longer: ns/stmt stays the
// same as long as nothing is quadratic in a function's size.
func BenchmarkLongFunction(b *testing.B) {
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
			pkgs := long(b, n)
			for b.Loop() {
				graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
				if err != nil {
					b.Fatal(err)
				}
				if found := len(graph.Roots[0].Diagnostics); found < n/5 {
					b.Fatalf("%d findings in %d statements", found, n)
				}
			}
			b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N)/float64(n), "ns/stmt")
		})
	}
}

// long loads a package with one function of n statements, each of which gives the rules to think.
func long(tb testing.TB, n int) []*packages.Package {
	tb.Helper()
	dir, err := filepath.Abs("../testdata/unbounded")
	if err != nil {
		tb.Fatal(err)
	}
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
	file := filepath.Join(dir, "long", "long.go")
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax, Dir: dir, Overlay: map[string][]byte{file: []byte(src.String())},
	}, "file="+file)
	if err != nil || len(pkgs) != 1 || len(pkgs[0].Errors) > 0 {
		tb.Fatal("the package cannot be loaded: ", err, pkgs[0].Errors)
	}
	return pkgs
}
