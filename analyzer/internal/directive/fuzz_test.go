package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// FuzzParse reads comments of any shape: none may stop the run, and what is said twice is the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"poollint:ignore unbounded few", "poollint:ignore", "poollint:ignore  ", "poollint:", "poollint:bounded\tfew", "poollint:detached é",
		"poollint:io", "poollint:cpu x", "poollint:ignore unbounded `few", "poollint:ignore \"unbounded\" few", " poollint:ignore x y", "poollint:Ignore x", "\x00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parse := func() (n int, facts int) {
			fset := token.NewFileSet()
			src := "package p\n\n//" + text + "\nvar Pool = 1\n\nfunc f() {\n\t//" + text + "\n\tfor range 3 { //" + text + "\n\t}\n}\n"
			file, err := parser.ParseFile(fset, "p.go", src, parser.ParseComments)
			if err != nil {
				t.Skip()
			}
			info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
			if _, err := (&types.Config{Importer: linttest.Standard()}).Check("p", fset, []*ast.File{file}, info); err != nil {
				t.Skip()
			}
			s := Parse(fset, info, []*ast.File{file}, []string{"unbounded"})
			return len(s.All()), len(s.Facts())
		}
		n, facts := parse()
		if m, again := parse(); m != n || again != facts {
			t.Errorf("%q is %d directives and %d facts, then %d and %d", text, n, facts, m, again)
		}
	})
}
