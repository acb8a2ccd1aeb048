package analyzer

import (
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

var only = flag.String("only", "", "the rules whose testdata is checked, comma-separated; empty: all, and what is of no rule alone")

// What all tests share, the checked packages with their facts, stays to the end: looking through it as often
// as usual takes a fifth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(300)
	os.Exit(m.Run())
}

// The packages of testdata import real libraries, and say in want comments what is found there, as
// for analysistest, and in silent comments where a rule is silent, and why. In folders named strict, it
// is what is found with -strict.
func TestRules(t *testing.T) {
	for _, strict := range []bool{false, true} {
		var dirs []string
		var found []linttest.Finding
		var concluded []linttest.Conclusion
		all := checkedOnce(t, strict)
		for _, pkg := range own(t) {
			if isStrict(pkg.Dir) != strict || !wanted(pkg.Path) {
				continue
			}
			dirs = append(dirs, pkg.Dir)
			for _, diag := range all.found[pkg] {
				found = append(found, pkg.Finding(diag))
			}
			for _, v := range all.verdicts[pkg] {
				concluded = append(concluded, pkg.Conclusion(v))
			}
		}
		linttest.Expect(t, dirs, found)
		linttest.ExpectSilence(t, dirs, concluded)
	}
}

// With -strict the rules conclude the same; only what is shown differs.
func TestStrict(t *testing.T) {
	plain, strict := checkedOnce(t, false), checkedOnce(t, true)
	asked := 0
	for _, pkg := range own(t) {
		if !reflect.DeepEqual(plain.verdicts[pkg], strict.verdicts[pkg]) {
			t.Errorf("%s: the verdicts are not the same:\n%+v\n%+v", pkg.Path, plain.verdicts[pkg], strict.verdicts[pkg])
		}
		for _, v := range plain.verdicts[pkg] {
			if v.Level == verdict.Ask {
				asked++
			}
			if v.Level == verdict.Silent && len(v.Reasons) == 0 {
				t.Errorf("%s: %s: silent for no reason", pkg.Fset.Position(v.Pos), v.Rule)
			}
		}
		for _, d := range plain.found[pkg] {
			same := func(e analysis.Diagnostic) bool { return reflect.DeepEqual(d, e) }
			if !slices.ContainsFunc(strict.found[pkg], same) {
				t.Errorf("%s: -strict hides %s", pkg.Fset.Position(d.Pos), d.Message)
			}
		}
	}
	if asked == 0 {
		t.Error("nothing is asked with -strict alone")
	}
}

// own is the packages of testdata itself.
func own(t testing.TB) []*linttest.Package {
	t.Helper()
	return slices.DeleteFunc(slices.Clone(linttest.Testdata(t).Packages), func(p *linttest.Package) bool { return !p.Own() })
}

func isStrict(dir string) bool { return filepath.Base(dir) == "strict" }

// wanted reports whether a package is of the testdata that is to be checked.
func wanted(path string) bool {
	return *only == "" || slices.ContainsFunc(strings.Split(*only, ","), func(id string) bool {
		return strings.HasPrefix(path+"/", linttest.Module+"/analyzer/rules/"+id+"/")
	})
}

// driver runs the rules in this process. A panic of theirs is one.
func driver(t testing.TB, s Settings) *linttest.Driver {
	t.Helper()
	return linttest.New(crashing(t, s).analyzer())
}

// after is a driver that has the facts of all that testdata imports: they are the same whatever the
// settings and whether rules run, as TestFacts sees.
func after(t testing.TB, s Settings) *linttest.Driver {
	t.Helper()
	checkImports.Do(func() {
		imported = driver(t, Settings{FactsOnly: true})
		for _, pkg := range linttest.Testdata(t).Packages {
			if !pkg.Own() {
				imported.Check(t, pkg)
			}
		}
	})
	return imported.Fork(crashing(t, s).analyzer())
}

var (
	checkImports sync.Once
	imported     *linttest.Driver
)

// A checked is testdata's own packages as all rules see them.
type checked struct {
	driver   *linttest.Driver // has their facts
	found    map[*linttest.Package][]analysis.Diagnostic
	verdicts map[*linttest.Package][]verdict.Verdict
}

// checkedOnce runs all rules over testdata's own packages. Several tests share what comes of it.
func checkedOnce(t testing.TB, strict bool) *checked {
	t.Helper()
	run := &runs[0]
	if strict {
		run = &runs[1]
	}
	run.Do(func() {
		run.driver = after(t, Settings{Checks: Checks{"all"}, Strict: strict})
		run.found = map[*linttest.Package][]analysis.Diagnostic{}
		run.verdicts = map[*linttest.Package][]verdict.Verdict{}
		for _, pkg := range own(t) {
			found, verdicts := run.driver.Run(t, pkg)
			run.found[pkg], run.verdicts[pkg] = found, verdicts.([]verdict.Verdict)
		}
	})
	return &run.checked
}

var runs [2]struct {
	sync.Once
	checked
}

func crashing(t testing.TB, s Settings) *linter {
	t.Helper()
	l, err := newLinter(s)
	if err != nil {
		t.Fatal(err)
	}
	l.crash = true
	return l
}

// The same through the go command, as users run it: facts travel between packages in its files.
// Without POOLLINT_E2E=all, it passes over the one package that imports hundreds of others.
func TestVet(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "poollint")
	if out, err := exec.Command("go", "build", "-o", tool, "../cmd/poollint").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var dirs, strict []string
	for _, pkg := range own(t) {
		heavy := strings.HasSuffix(pkg.Path, "/testdata/libraries") || strings.HasSuffix(pkg.Path, "/unawaited/testdata")
		if !wanted(pkg.Path) || heavy && !linttest.All() {
			continue
		}
		if isStrict(pkg.Dir) {
			strict = append(strict, pkg.Dir)
		} else {
			dirs = append(dirs, pkg.Dir)
		}
	}
	vet(t, tool, dirs)
	vet(t, tool, strict, "-strict")
}

func vet(t *testing.T, tool string, dirs []string, flags ...string) {
	if len(dirs) == 0 {
		return
	}
	args := append([]string{"vet", "-vettool=" + tool, "-json", "-checks=all", "-trouble"}, flags...)
	cmd, err := linttest.Command(append(args, dirs...)...)
	if err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || strings.Contains(stderr.String(), "gave up") {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	linttest.Expect(t, dirs, decode(t, string(out)))
}

// decode reads what go vet -json prints.
func decode(t *testing.T, out string) []linttest.Finding {
	var found []linttest.Finding
	for dec := json.NewDecoder(strings.NewReader(out)); ; {
		var tree map[string]map[string][]struct {
			Category, Posn, Message string
			SuggestedFixes          []struct {
				Edits []struct {
					Filename   string
					Start, End int
					New        string
				}
			} `json:"suggested_fixes"`
		}
		if err := dec.Decode(&tree); err == io.EOF {
			return found
		} else if err != nil {
			t.Fatalf("go vet -json: %v\n%s", err, out)
		}
		for _, byAnalyzer := range tree {
			for _, diagnostics := range byAnalyzer {
				for _, d := range diagnostics {
					f := linttest.Finding{Place: place(t, d.Posn), Rule: d.Category, Message: d.Message}
					if len(d.SuggestedFixes) > 0 {
						for _, e := range d.SuggestedFixes[0].Edits {
							f.Edits = append(f.Edits, linttest.Edit{File: e.Filename, Start: e.Start, End: e.End, New: e.New})
						}
					}
					found = append(found, f)
				}
			}
		}
	}
}

func place(t *testing.T, posn string) linttest.Place {
	parts := strings.Split(posn, ":")
	line, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil {
		t.Fatalf("position %q: %v", posn, err)
	}
	return linttest.Place{File: strings.Join(parts[:len(parts)-2], ":"), Line: line}
}
