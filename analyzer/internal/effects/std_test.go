package effects

import (
	"flag"
	"go/types"
	"testing"
	"time"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

var inputs = flag.String("inputs", "net/http", "packages to run the engine over, as input")

// The engine takes any program: the standard library's own sources (-inputs=std) are a large one.
func TestInputs(t *testing.T) {
	if testing.Short() {
		t.Skip("type-checks real packages")
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax}, *inputs)
	if err != nil {
		t.Fatal(err)
	}
	c := catalog.Load()
	functions := 0
	var slowest time.Duration
	for _, pkg := range pkgs {
		p := syntax.New(pkg.Fset, pkg.Types, pkg.TypesInfo, pkg.Syntax, inspector.New(pkg.Syntax))
		x := Of(p, c, func(*types.Func) *Fact { return nil })
		for _, f := range p.Funcs {
			start := time.Now()
			x.Func(f)
			functions++
			if d := time.Since(start); d > slowest {
				slowest = d
				if d > time.Second {
					t.Errorf("%s.%s takes %v", pkg.PkgPath, f.Name(), d)
				}
			}
		}
		for range x.Facts() {
		}
	}
	t.Logf("%d packages, %d functions, the slowest takes %v", len(pkgs), functions, slowest)
}
