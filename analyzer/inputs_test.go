package analyzer

import (
	"flag"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

var inputs = flag.String("inputs", "", "packages to check, as they come; std is a large set (default net, or net/http if all is tested)")

// All rules take any package: none makes them panic, and none takes so long that it looks like it
// hangs. The standard library, which the analyzer passes over elsewhere, is a package as any other.
// Without POOLLINT_E2E=all, it is net and what that imports.
func TestInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks real packages")
	}
	l, err := newLinter(Settings{Checks: Checks{"all"}, Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	l.crash, l.std = true, true
	a := l.analyzer()
	var mu sync.Mutex
	var slowest time.Duration
	a.Run = func(pass *analysis.Pass) (any, error) {
		start := time.Now()
		result, err := l.run(pass)
		mu.Lock()
		defer mu.Unlock()
		if d := time.Since(start); d > slowest {
			slowest = d
			t.Logf("%s: %v", pass.Pkg.Path(), d)
		}
		if slowest > time.Minute {
			t.Errorf("%s takes %v", pass.Pkg.Path(), slowest)
		}
		return result, err
	}
	patterns := strings.Fields(*inputs)
	switch {
	case len(patterns) > 0:
	case linttest.All():
		patterns = []string{"net/http"}
	default:
		patterns = []string{"net"}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	checked, findings := 0, 0
	for act := range graph.All() {
		if act.Err != nil {
			t.Errorf("%s: %v", act.Package.PkgPath, act.Err)
		}
		if act.Analyzer == a {
			checked++
			findings += len(act.Diagnostics)
		}
	}
	if checked < len(pkgs) {
		t.Errorf("%d of %d packages were checked", checked, len(pkgs))
	}
	t.Logf("%d packages, %d findings", checked, findings)
}
