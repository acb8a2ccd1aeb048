package effects

import (
	"go/types"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// load computes the effects of one file that imports the standard library only.
func load(t *testing.T, src string) (*syntax.Package, *Effects) {
	t.Helper()
	return of(linttest.Standard().Source(t, "a", src))
}

func of(pkg *linttest.Package) (*syntax.Package, *Effects) {
	p := syntax.New(pkg.Fset, pkg.Types, pkg.Info, pkg.Files, inspector.New(pkg.Files))
	return p, Of(p, catalog.Load(), func(*types.Func) *Fact { return nil })
}

// function returns a declared function by name.
func function(t *testing.T, p *syntax.Package, name string) *syntax.Func {
	t.Helper()
	for _, f := range p.Funcs {
		if f.Decl != nil && f.Decl.Name() == name {
			return f
		}
	}
	t.Fatalf("no function %s", name)
	return nil
}
