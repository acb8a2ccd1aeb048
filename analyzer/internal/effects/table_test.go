package effects

import (
	"fmt"
	"go/types"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// Every row names something that is there, and says why.
func TestStdRowsResolve(t *testing.T) {
	src := "package p\n"
	for _, l := range std {
		src += fmt.Sprintf("import _ %q\n", l.path)
	}
	program := linttest.Standard()
	program.Source(t, "p", src)
	for _, l := range std {
		pkg, err := program.Import(l.path)
		if err != nil {
			t.Fatal(err)
		}
		resolve(t, l, pkg)
	}
}

// Of the third-party rows, those are resolved whose modules are at hand: the catalogue's.
func TestThirdPartyRowsResolve(t *testing.T) {
	if testing.Short() {
		t.Skip("loads packages")
	}
	rows := map[string]library{}
	for _, l := range thirdParty {
		rows[l.path] = l
	}
	program, err := linttest.Signatures("../../../testdata/catalog", slices.Collect(maps.Keys(rows))...)
	if err != nil {
		t.Fatal(err)
	}
	resolved := 0
	for _, pkg := range program.Packages {
		if l, ok := rows[pkg.Path]; ok {
			resolved++
			resolve(t, l, pkg.Types)
			delete(rows, pkg.Path)
		}
	}
	if resolved < 20 {
		t.Errorf("only %d of %d packages are at hand: run go mod download in testdata/catalog first", resolved, len(thirdParty))
	}
	t.Logf("%d of %d resolved; not at hand: %s", resolved, len(thirdParty), strings.Join(slices.Sorted(maps.Keys(rows)), ", "))
}

func resolve(t *testing.T, l library, pkg *types.Package) {
	t.Helper()
	seen := map[string]bool{}
	if l.does != blind && l.why == "" {
		t.Errorf("%s: no reason", l.path)
	}
	for _, r := range l.rows {
		name := l.path + "." + r.name
		if seen[r.name] {
			t.Errorf("%s: twice", name)
		}
		seen[r.name] = true
		if r.why == "" {
			t.Errorf("%s: no reason", name)
		}
		first, method, isMethod := strings.Cut(r.name, ".")
		obj := pkg.Scope().Lookup(first)
		if obj == nil {
			t.Errorf("%s: there is no %s", name, first)
			continue
		}
		var sig *types.Signature
		if !isMethod {
			f, ok := obj.(*types.Func)
			if !ok {
				t.Errorf("%s is no function", name)
				continue
			}
			sig = f.Signature()
		} else if method != "*" {
			m, _, _ := types.LookupFieldOrMethod(types.NewPointer(obj.Type()), true, pkg, method)
			if types.IsInterface(obj.Type()) {
				m, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
			}
			f, ok := m.(*types.Func)
			if !ok {
				t.Errorf("%s: there is no such method", name)
				continue
			}
			sig = f.Signature()
		}
		for _, a := range []arg{r.of, r.calls} {
			if a > none && (sig == nil || int(a) > sig.Params().Len()) {
				t.Errorf("%s has no parameter %d", name, a)
			}
		}
		if r.calls != none && sig != nil {
			if _, ok := sig.Params().At(int(r.calls) - 1).Type().Underlying().(*types.Signature); !ok {
				t.Errorf("%s: parameter %d is no function", name, r.calls)
			}
		}
	}
}

// Every measured cost belongs to a row, and is what the row's argument makes of it.
func TestMeasuredRows(t *testing.T) {
	for _, m := range measured {
		found := false
		for _, l := range std {
			for _, r := range l.rows {
				if l.path+"."+r.name == m.name {
					found = true
					if m.per != 0 && r.of == none {
						t.Errorf("%s: measured for each unit, but its row names no argument", m.name)
					}
				}
			}
		}
		if !found {
			t.Errorf("%s: there is no such row", m.name)
		}
	}
	if !slices.IsSortedFunc(measured, func(a, b cost) int { return strings.Compare(a.name, b.name) }) {
		t.Error("measured.go is not sorted")
	}
}

func TestStdPackages(t *testing.T) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		t.Skip(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(path, "vendor/") && !Std(path) {
			t.Errorf("%s is in the standard library, and not in the list", path)
		}
	}
	for _, path := range []string{"a", "example.com/a", "strings2", "net/httpx", "golang.org/x/net/http2", "internalthing"} {
		if Std(path) {
			t.Errorf("%s is not of the standard library", path)
		}
	}
}
