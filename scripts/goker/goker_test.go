package main

import (
	"errors"
	"go/ast"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

const program = `package p

type box struct{}

func (b *box) run() {
	func() {}()
	go func() {
		go b.loop()
	}()
}

func (b box) loop() {
	go work[int]()
}

func work[T any]() {}
`

// The names are those of the runtime's stacks.
func TestLocate(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module p\n\ngo 1.26\n", "p.go": program} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: dir}, ".")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ started, innermost, outermost string }{
		{"(*box).run.func2", "(*box).run", "(*box).run"},
		{"box.loop", "(*box).run.func2", "(*box).run"},
		{"work", "box.loop", "box.loop"},
	}
	var starts []token.Pos
	ast.Inspect(pkgs[0].Syntax[0], func(n ast.Node) bool {
		if s, ok := n.(*ast.GoStmt); ok {
			starts = append(starts, s.Pos())
		}
		return true
	})
	if len(starts) != len(want) {
		t.Fatalf("%d go statements, want %d", len(starts), len(want))
	}
	for i, pos := range starts {
		at, w := locate(pkgs[0], pos), want[i]
		if at.started != w.started || at.enclosing[0] != w.innermost || at.enclosing[len(at.enclosing)-1] != w.outermost {
			t.Errorf("go statement %d: started %s in %v, want %+v", i, at.started, at.enclosing, w)
		}
	}
}

// The distribution's table and test are read as they stand: each bug in scope has leaks that its
// file can have.
func TestDistribution(t *testing.T) {
	all, err := newBenchmark()
	if errors.Is(err, fs.ErrNotExist) && os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer all.remove()
	var names []string
	for _, p := range all.pkgs {
		for _, f := range p.Syntax {
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					names = append(names, funcName(p.TypesInfo.Defs[d.Name].(*types.Func)))
					for _, name := range literals(p, d) {
						names = append(names, name)
					}
				}
			}
		}
	}
	n := map[bool]int{}
	for _, b := range all.bugs {
		n[b.inScope()]++
		if b.inScope() && !slices.ContainsFunc(names, b.expects) {
			t.Errorf("%s: no function matches %s", b.name, b.leaks)
		}
	}
	if n[true] != 36 || n[false] < 25 {
		t.Errorf("%d bugs in scope and %d others, want 36 and more than 25", n[true], n[false])
	}
}
