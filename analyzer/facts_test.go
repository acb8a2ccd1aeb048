package analyzer

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/facts"
	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// Facts are the same bytes each time, whatever the settings and whether rules run, and few: the packages of
// testdata and all that they import are checked twice, each fact encoded. Run with -v for the bytes per package.
// Without POOLLINT_E2E=all, it is every third of the imported packages, after the facts of all.
func TestFacts(t *testing.T) {
	encoded := func(d *linttest.Driver, check, told []*linttest.Package) map[string][]byte {
		for _, p := range check {
			d.Check(t, p)
		}
		text := map[string][]byte{}
		for _, p := range told {
			text[p.Path] = d.Told(p)
		}
		return text
	}
	all := linttest.Testdata(t).Packages
	once := encoded(after(t, Settings{FactsOnly: true}), own(t), all)
	second := Settings{Checks: Checks{"all"}, Strict: true}
	var again map[string][]byte
	if linttest.All() {
		again = encoded(driver(t, second), all, all)
	} else {
		var some []*linttest.Package
		for i, p := range all {
			if !p.Own() && i%3 == 0 {
				some = append(some, p)
			}
		}
		again = encoded(after(t, second), some, some)
		for _, p := range own(t) {
			again[p.Path] = checkedOnce(t, true).driver.Told(p)
		}
	}
	var sizes []int
	largest := ""
	for path, text := range once {
		if second, ok := again[path]; ok && !bytes.Equal(text, second) {
			t.Errorf("the facts of %s differ from one run to the next", path)
		}
		if sizes = append(sizes, len(text)); len(text) > len(once[largest]) {
			largest = path
		}
	}
	slices.Sort(sizes)
	sum := 0
	for _, n := range sizes {
		sum += n
	}
	median, most := sizes[len(sizes)/2], sizes[len(sizes)-1]
	t.Logf("facts of %d packages: median %d bytes, 90%% at most %d, most %d (%s), together %d",
		len(sizes), median, sizes[len(sizes)*9/10], most, largest, sum)
	if median > 4<<10 || most > 1<<20 {
		t.Errorf("facts have grown: median %d bytes, most %d", median, most)
	}
}

// A missing fact takes findings away, and never brings one: what is unknown may be anything. (A
// directive is another matter: it is there to take a finding away.) Without POOLLINT_E2E=all, all are missing.
func TestMissingFacts(t *testing.T) {
	all := Settings{Checks: Checks{"all"}, Strict: true}
	findings := func(of func(*linttest.Package) []analysis.Diagnostic) map[string]string {
		found := map[string]string{}
		for _, p := range own(t) {
			for _, f := range of(p) {
				found[fmt.Sprintf("%s: %s", p.Fset.Position(f.Pos), f.Category)] = f.Message
			}
		}
		return found
	}
	known := findings(func(p *linttest.Package) []analysis.Diagnostic { return checkedOnce(t, true).found[p] })
	for name, drop := range map[string]func(analysis.Fact) bool{
		"all":     func(f analysis.Fact) bool { _, is := f.(*directive.Fact); return !is },
		"package": func(f analysis.Fact) bool { _, is := f.(*facts.Package); return is },
		"method":  func(f analysis.Fact) bool { _, is := f.(*facts.Func); return is },
	} {
		if name != "all" && !linttest.All() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			imports := driver(t, Settings{FactsOnly: true})
			imports.Drop = drop
			for _, p := range linttest.Testdata(t).Packages {
				if !p.Own() {
					imports.Check(t, p)
				}
			}
			d := imports.Fork(crashing(t, all).analyzer())
			d.Drop = drop
			some := findings(func(p *linttest.Package) []analysis.Diagnostic { return d.Check(t, p) })
			for place, message := range some {
				if known[place] == "" {
					t.Errorf("%s: only without facts: %s", place, message)
				}
			}
			t.Logf("%d findings, %d with facts", len(some), len(known))
		})
	}
}
