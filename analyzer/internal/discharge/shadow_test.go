package discharge

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"testing"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer/internal/bounds"
	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/infer"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Each channel that is followed here is a class of the resource graph that does not escape, with one
// maker, and with all operations that are seen here.
func TestShadow(t *testing.T) {
	fset := token.NewFileSet()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: "../../../testdata", Fset: fset}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	cat := catalog.Load()
	nothing := func(*types.Func) *summary.Func { return nil }
	unmarked := func(types.Object, string) bool { return false }
	seen := 0
	for _, pkg := range pkgs {
		src := syntax.New(fset, pkg.Types, pkg.TypesInfo, pkg.Syntax, inspector.New(pkg.Syntax))
		p := sites.New(src, cat, nothing)
		b := bounds.New(p, unmarked, func(token.Pos, string) bool { return false })
		infer.Summaries(p, infer.Tasks(p, b), Params(p))
		g := resource.New(src, cat, nothing, nil)
		for _, ch := range channels(p) {
			seen++
			shadow(t, fset, g, ch)
		}
	}
	if seen < 50 {
		t.Errorf("%d channels were followed", seen)
	}
}

func shadow(t *testing.T, fset *token.FileSet, g *resource.Graph, ch *channel) {
	at := fset.Position(ch.v.Pos())
	c := g.Var(ch.v)
	if c == nil {
		t.Errorf("%s: %s has no class", at, ch.v.Name())
		return
	}
	for _, e := range c.Escapes {
		t.Errorf("%s: %s escapes: %s at %s", at, ch.v.Name(), e, fset.Position(e.Pos))
	}
	if makers := c.Makers(); !slices.ContainsFunc(makers, func(o *resource.Op) bool { return o.Cur.Node() == ch.made }) {
		t.Errorf("%s: %s is not made where it is made: %d makers", at, ch.v.Name(), len(makers))
	}
	has := func(n ast.Node, kinds ...resource.OpKind) bool {
		return slices.ContainsFunc(c.Ops, func(o *resource.Op) bool { return o.Cur.Node() == n && slices.Contains(kinds, o.Kind) })
	}
	for _, s := range ch.sends {
		if _, argument := s.at.Parent().Node().(*ast.CallExpr); !argument && !has(s.at.Node(), resource.Send) {
			t.Errorf("%s: %s: no send at %s", at, ch.v.Name(), fset.Position(s.at.Node().Pos()))
		}
	}
	for _, r := range ch.recvs {
		if _, argument := r.at.Node().(*ast.Ident); !argument && !has(r.at.Node(), resource.Receive, resource.Range) {
			t.Errorf("%s: %s: no receive at %s", at, ch.v.Name(), fset.Position(r.at.Node().Pos()))
		}
	}
	if closed := slices.ContainsFunc(c.Ops, func(o *resource.Op) bool { return o.Kind == resource.Close }); closed != ch.closed {
		t.Errorf("%s: %s: closed is %v", at, ch.v.Name(), closed)
	}
}
