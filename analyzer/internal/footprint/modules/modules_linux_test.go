// Package modules measures what goroutines hold that wait inside functions of popular modules. It is a
// module of its own, so that poollint requires none of them.
package modules

import (
	"os/exec"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"flag"
	"os"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/footprint/measure"
)

var remeasure = flag.Bool("measure", false, "measure, and write the figures of ../table.go")

func TestMain(m *testing.M) {
	measure.Child(samples)
	os.Exit(m.Run())
}

func TestCovered(t *testing.T) { measure.Covered(t, samples, true) }

func TestMeasure(t *testing.T) {
	if *remeasure {
		measure.Update(t, samples, "../table.go")
		return
	}
	measure.Compare(t, samples)
}

// The rows resolve against the versions that they name.
func TestRowsResolve(t *testing.T) {
	var paths []string
	for _, r := range footprint.Rows() {
		if strings.Contains(r.Package, ".") && !slices.Contains(paths, r.Package) {
			paths = append(paths, r.Package)
		}
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedExportFile | packages.NeedImports | packages.NeedDeps}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		if len(p.Errors) > 0 {
			t.Error(p.Errors)
			continue
		}
		measure.Resolve(t, p.Types)
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}} {{.Version}}", "all").Output()
	if err != nil {
		t.Fatal(err)
	}
	used := strings.Split(string(out), "\n")
	for _, r := range footprint.Rows() {
		if strings.Contains(r.With, " ") && !slices.Contains(used, r.With) {
			t.Errorf("the row of %s.%s is of %s, which is not what go.mod requires", r.Package, r.Func, r.With)
		}
	}
}
