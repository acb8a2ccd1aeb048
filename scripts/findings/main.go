// Findings runs poollint over checkouts of Go repositories and saves what it finds, for review:
//
//	go run ./scripts/findings [flags] OUT DIR...
//
// Each DIR is the root of a module whose dependencies are available. The findings for each go to OUT, as text
// and as go vet's JSON; the table on standard output counts them by rule. A second table counts, for each
// library, the places where a task is submitted, and for how many the executor's bound is known: a number,
// none, or one that others may set. A third lists the packages that took longest to analyze, an upper bound
// for each of their functions. Flags such as -strict are poollint's; set build tags in GOFLAGS.
//
// All packages are type-checked from source in one process, and not compiled as by go vet. The analyzer is the
// same, and so are its findings.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/scripts/internal/checkout"
)

func main() {
	a := analyzer.Analyzer
	a.Flags.VisitAll(func(f *flag.Flag) { flag.Var(f.Value, f.Name, f.Usage) })
	flag.Parse()
	if flag.NArg() < 2 {
		fmt.Fprintln(os.Stderr, "usage: findings [flags] OUT DIR...")
		os.Exit(2)
	}
	if err := run(a, flag.Arg(0), flag.Args()[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "findings:", err)
		os.Exit(2)
	}
}

func run(a *analysis.Analyzer, out string, dirs []string) error {
	if err := os.MkdirAll(out, 0o777); err != nil {
		return err
	}
	knows, err := analyzer.New(analyzer.Settings{})
	if err != nil {
		return err
	}
	if err := knows.Flags.Set("sites", "true"); err != nil {
		return err
	}
	fmt.Printf("%-40s %9s %8s %8s  %s\n", "module", "packages", "lines", "findings", "by rule")
	var errs []error
	submits := map[string]*submitted{}
	var took []timing
	for _, dir := range dirs {
		start := time.Now()
		r, err := check(a, knows, dir)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", dir, err))
			continue
		}
		if err := r.write(filepath.Join(out, filepath.Base(dir))); err != nil {
			return err
		}
		fmt.Printf("%s  (%.0f s)\n", r, time.Since(start).Seconds())
		took = append(took, r.slowest)
		for _, s := range r.sites {
			if submits[s.Library] == nil {
				submits[s.Library] = &submitted{}
			}
			submits[s.Library].add(s)
		}
	}
	fmt.Printf("\n%-50s %8s %8s %10s %8s %8s\n", "library", "submits", "bounded", "unbounded", "escapes", "unknown")
	for _, lib := range slices.Sorted(maps.Keys(submits)) {
		n := submits[lib]
		fmt.Printf("%-50s %8d %8d %10d %8d %8d\n", lib, n.all, n.bounded, n.unbounded, n.escapes, n.all-n.bounded-n.unbounded-n.escapes)
	}
	fmt.Println("\nslowest packages")
	slices.SortFunc(took, func(a, b timing) int { return cmp.Compare(b.d, a.d) })
	for _, t := range took[:min(len(took), 10)] {
		fmt.Printf("%6d ms  %s\n", t.d.Milliseconds(), t.pkg)
	}
	return errors.Join(errs...)
}

// A timing is how long a package took.
type timing struct {
	pkg string
	d   time.Duration
}

// timed is an analyzer that also tells how long its slowest package took.
func timed(a *analysis.Analyzer) (*analysis.Analyzer, *timing) {
	var mu sync.Mutex
	slowest := &timing{}
	t := *a
	t.Run = func(pass *analysis.Pass) (any, error) {
		start := time.Now()
		result, err := a.Run(pass)
		mu.Lock()
		defer mu.Unlock()
		if d := time.Since(start); d > slowest.d {
			*slowest = timing{pass.Pkg.Path(), d}
		}
		return result, err
	}
	return &t, slowest
}

// A site is what is known of a place where a task is submitted.
type site struct{ Kind, Library, Bound, BoundWhy string }

type submitted struct{ all, bounded, unbounded, escapes int }

func (n *submitted) add(s site) {
	n.all++
	switch {
	case s.Bound == "none":
		n.unbounded++
	case s.Bound != "":
		n.bounded++
	case s.BoundWhy != "":
		n.escapes++ // why it is not known is known
	}
}

// A result is what was found in one checkout.
type result struct {
	*checkout.Module
	name     string
	findings []checkout.Diagnostic
	sites    []site // submits to a library's executors
	slowest  timing
}

func check(a, knows *analysis.Analyzer, dir string) (*result, error) {
	m, err := checkout.Load(dir, nil)
	if err != nil {
		return nil, err
	}
	r := &result{Module: m, name: filepath.Base(dir)}
	a, slowest := timed(a)
	if r.findings, err = m.Findings(a); err != nil {
		return nil, err
	}
	r.slowest = *slowest
	diagnostics, err := m.Diagnostics(knows)
	if err != nil {
		return nil, err
	}
	seen := map[token.Position]bool{}
	for _, d := range diagnostics {
		r.know(d, seen)
	}
	return r, nil
}

// know keeps what a diagnostic says of a submit, once for each place.
func (r *result) know(d checkout.Diagnostic, seen map[token.Position]bool) {
	var s site
	if json.Unmarshal([]byte(strings.TrimPrefix(d.Message, "site: ")), &s) != nil || s.Kind != "submit" || s.Library == "" || seen[d.At] {
		return
	}
	seen[d.At] = true
	r.sites = append(r.sites, s)
}

// A finding has the fields that go vet's JSON gives it.
type finding struct {
	Category string `json:"category"`
	Posn     string `json:"posn"`
	Message  string `json:"message"`
}

// write writes the findings to path.txt and path.json.
func (r *result) write(path string) error {
	var text bytes.Buffer
	byPackage := map[string]map[string][]finding{}
	for _, d := range r.findings {
		f := finding{d.Category, d.At.String(), d.Message}
		fmt.Fprintf(&text, "%s: %s\n", f.Posn, f.Message)
		if byPackage[d.Package] == nil {
			byPackage[d.Package] = map[string][]finding{}
		}
		byPackage[d.Package]["poollint"] = append(byPackage[d.Package]["poollint"], f)
	}
	data, err := json.MarshalIndent(byPackage, "", "\t")
	if err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(path+".txt", text.Bytes(), 0o666),
		os.WriteFile(path+".json", data, 0o666))
}

// String is a row of the table.
func (r *result) String() string {
	count := map[string]int{}
	for _, f := range r.findings {
		count[f.Category]++
	}
	var rules []string
	for _, rule := range slices.Sorted(maps.Keys(count)) {
		rules = append(rules, fmt.Sprintf("%s %d", rule, count[rule]))
	}
	s := fmt.Sprintf("%-40s %9d %8d %8d  %s", r.name, r.Packages, r.Lines, len(r.findings), strings.Join(rules, ", "))
	if r.IllTyped > 0 {
		s += fmt.Sprintf("  (%d packages and tests do not type-check)", r.IllTyped)
	}
	return s
}
