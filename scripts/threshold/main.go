// Threshold shows what unbounded would find, and what it would report falsely, with other thresholds for the
// sum of its evidence:
//
//	go run ./scripts/threshold [-labels places.tsv] [-step n] DIR...
//
// Each DIR is the root of a module whose dependencies are available. The right answers come from comments in
// the source, // want unbounded and // ok unbounded, and from a table of places: a header line, then lines of
// values, separated by tabs. Its columns are label (bug, fine or grey), path and line or line_from, and
// optionally rule and repo (owner/name, for a DIR called owner+name or owner__name).
//
// A place for which the rule has no evidence, or where something throttles the loop, has a sum of 0.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer"
)

const rule = "unbounded"

func main() {
	labels := flag.String("labels", "", "table of `places` with their labels")
	step := flag.Int("step", 10, "step between thresholds")
	flag.Parse()
	if flag.NArg() == 0 || *step <= 0 {
		fmt.Fprintln(os.Stderr, "usage: threshold [-labels places.tsv] [-step n] DIR...")
		os.Exit(2)
	}
	if err := run(*labels, *step, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "threshold:", err)
		os.Exit(2)
	}
}

// A place is a line of a file in a checkout.
type place struct {
	path string
	line int
}

// A judged is what is right at a place.
type judged struct {
	place
	repo  string // empty: any
	label string // bug, fine or grey
}

func run(labels string, step int, dirs []string) error {
	var listed []judged
	if labels != "" {
		var err error
		if listed, err = readLabels(labels); err != nil {
			return err
		}
	}
	var all tally
	for _, dir := range dirs {
		sums, right, err := evidence(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		for _, l := range listed {
			if l.repo == "" || l.repo == repo(dir) {
				right[l.place] = l.label
			}
		}
		all.add(sums, right)
	}
	all.print(os.Stdout, step)
	return nil
}

// repo is the repository that a directory is called after.
func repo(dir string) string {
	return strings.NewReplacer("+", "/", "__", "/").Replace(filepath.Base(dir))
}

func readLabels(name string) ([]judged, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []judged
	column := map[string]int{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(lines.Text(), "\t")
		if n == 1 {
			for i, c := range cells {
				column[c] = i
			}
			continue
		}
		cell := func(names ...string) string {
			for _, c := range names {
				if i, ok := column[c]; ok && i < len(cells) {
					return cells[i]
				}
			}
			return ""
		}
		if r := cell("rule"); r != "" && r != rule {
			continue
		}
		l := judged{repo: cell("repo"), label: cell("label"), place: place{path: cell("path")}}
		if _, err := fmt.Sscan(cell("line", "line_from"), &l.line); err != nil || l.path == "" {
			return nil, fmt.Errorf("%s:%d: want columns label, path and line", name, n)
		}
		all = append(all, l)
	}
	return all, lines.Err()
}

// evidence is the sum at each place that the rule looked at, and what comments say is right there.
func evidence(dir string) (sums map[place]int, right map[place]string, err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, nil, err
	}
	cfg := &packages.Config{
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
			packages.NeedDeps | packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax |
			packages.NeedTypesInfo | packages.NeedModule,
		Dir:  dir,
		Fset: token.NewFileSet(),
	}
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		return nil, nil, err
	}
	for _, p := range pkgs {
		if p.IllTyped {
			fmt.Fprintf(os.Stderr, "threshold: %s does not type-check, and is left out: %v\n", p.ID, p.Errors)
		}
	}
	knows, err := analyzer.New(analyzer.Settings{})
	if err != nil {
		return nil, nil, err
	}
	if err := errors.Join(knows.Flags.Set("sites", "true"), knows.Flags.Set("checks", rule)); err != nil {
		return nil, nil, err
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{knows}, pkgs, nil)
	if err != nil {
		return nil, nil, err
	}
	sums, right = map[place]int{}, map[place]string{}
	for _, act := range graph.Roots {
		for _, d := range act.Diagnostics {
			if sum, ok := sumOf(d); ok {
				at := in(dir, cfg.Fset.Position(d.Pos))
				sums[at] = max(sums[at], sum)
			}
		}
	}
	for _, p := range pkgs {
		for _, f := range p.Syntax {
			for _, group := range f.Comments {
				for _, c := range group.List {
					if m := says.FindStringSubmatch(c.Text); m != nil {
						right[in(dir, cfg.Fset.Position(c.Pos()))] = map[string]string{"want": "bug", "ok": "fine"}[m[1]]
					}
				}
			}
		}
	}
	return sums, right, nil
}

var says = regexp.MustCompile(`^// (want|ok) (?:[a-z]+,? )?` + rule + `\b`)

func in(dir string, p token.Position) place {
	if rel, err := filepath.Rel(dir, p.Filename); err == nil {
		p.Filename = rel
	}
	return place{filepath.ToSlash(p.Filename), p.Line}
}

// sumOf is the sum of the evidence of a verdict. One that hangs on no threshold, such as that of a size which is
// no bound, is beyond all of them.
func sumOf(d analysis.Diagnostic) (int, bool) {
	text, ok := strings.CutPrefix(d.Message, "verdict: ")
	if !ok {
		return 0, false
	}
	var v struct {
		Rule, Level string
		Sum         int
	}
	if json.Unmarshal([]byte(text), &v) != nil || v.Rule != rule {
		return 0, false
	}
	if v.Sum == 0 && v.Level == "report" {
		return most, true
	}
	return v.Sum, true
}

// A tally counts the places of each label, and those of none, by their sum.
type tally struct {
	labels map[string]int
	sums   map[string][]int
}

func (t *tally) add(sums map[place]int, right map[place]string) {
	if t.labels == nil {
		t.labels, t.sums = map[string]int{}, map[string][]int{}
	}
	for _, label := range right {
		t.labels[label]++
	}
	for at, sum := range sums {
		label := right[at]
		t.sums[label] = append(t.sums[label], sum)
	}
}

// most is the highest threshold that is shown: no sum of one origin and its names exceeds it.
const most = 200

func (t *tally) print(w io.Writer, step int) {
	fmt.Fprintf(w, "%9s  %-14s %-14s %-14s %s\n", "threshold", "bugs found", "fine reported", "grey reported", "others reported")
	for at := step; at <= most; at += step {
		share := func(label string) string {
			if t.labels[label] == 0 {
				return "0/0"
			}
			n := t.from(label, at)
			return fmt.Sprintf("%d/%d (%d%%)", n, t.labels[label], 100*n/t.labels[label])
		}
		fmt.Fprintf(w, "%9d  %-14s %-14s %-14s %d\n", at, share("bug"), share("fine"), share("grey"), t.from("", at))
	}
}

// from counts the places of a label whose sum is at least a threshold.
func (t *tally) from(label string, threshold int) int {
	n := 0
	for _, sum := range t.sums[label] {
		if sum >= threshold {
			n++
		}
	}
	return n
}
