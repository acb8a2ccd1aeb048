package measure

import (
	"go/types"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint"
)

// Resolve holds the rows of a package against the package: each function is there, and finds its row.
func Resolve(t *testing.T, pkg *types.Package) {
	t.Helper()
	for _, r := range footprint.Rows() {
		if r.Package != pkg.Path() {
			continue
		}
		for _, name := range append([]string{r.Func}, r.Also...) {
			f, ok := function(pkg, name)
			switch {
			case !ok:
				t.Errorf("there is no %s.%s", r.Package, name)
			case f == nil: // a method of any name
			case r.Variant != "": // only shown
			case footprint.Of(f) == nil:
				t.Errorf("%s.%s finds no row", r.Package, name)
			case footprint.Of(f).Func != r.Func:
				t.Errorf("%s.%s has the row of %s, and of %s too", r.Package, name, r.Func, footprint.Of(f).Func)
			}
		}
	}
}

// function looks up "Get", "Client.Do" or "Client.*".
func function(pkg *types.Package, name string) (*types.Func, bool) {
	first, method, ok := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(first)
	if !ok || obj == nil {
		f, ok := obj.(*types.Func)
		return f, ok
	}
	if method == "*" {
		return nil, true
	}
	m, _, _ := types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
	f, ok := m.(*types.Func)
	return f, ok
}
