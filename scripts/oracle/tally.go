package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/poollint/poollint/scripts/internal/leak"
	"github.com/poollint/poollint/scripts/internal/lint"
	"github.com/poollint/poollint/scripts/oracle/driver"
)

// An outcome is how poollint and the runtime agree on a program.
type outcome int

const (
	quiet       outcome = iota // it does not leak, and nothing is reported
	found                      // it leaks, and a goroutine that leaks is reported
	elsewhere                  // it leaks, and something else in it is reported
	missed                     // it leaks, and nothing is reported
	falseReport                // it does not leak, and something is reported
	leftOut
	outcomes
)

func (e *entry) outcome() outcome {
	switch {
	case e.ruined != "" || len(e.leaks) > 0 && !slices.ContainsFunc(e.leaks, e.startsSome):
		return leftOut
	case len(e.leaks) == 0 && len(e.reports) == 0:
		return quiet
	case len(e.leaks) == 0:
		return falseReport
	case len(e.reports) == 0:
		return missed
	case slices.ContainsFunc(e.leaks, e.names):
		return found
	}
	return elsewhere
}

// startsSome tells whether no number is zero in the run that leaks. What happens when there is
// nothing to do is not what the rules are about.
func (e *entry) startsSome(l leaked) bool {
	if l.combination == unknown {
		return true
	}
	rest := l.combination
	for _, p := range e.params {
		n := options[p.typ].n
		if p.typ == "int" && driver.Ints[rest%n] == 0 {
			return false
		}
		rest /= n
	}
	return true
}

// names tells whether a report stands at the goroutine's start, or in what it runs. One of a function
// that waits itself stands at another goroutine's.
func (e *entry) names(l leaked) bool {
	return slices.ContainsFunc(e.reports, func(r lint.Report) bool {
		at := leak.Frame{File: filepath.Base(r.Pos.Filename), Line: r.Pos.Line}
		return l.Created.File != filepath.Base(e.file) || l.Created == at || slices.Contains(l.Frames, at)
	})
}

// A tally counts outcomes, and keeps the shortest programs of each.
type tally struct {
	keep     int
	byIdiom  map[string]*[outcomes]int
	all      [outcomes]int
	examples [outcomes][]*verdict
}

func newTally(keep int) *tally { return &tally{keep: keep, byIdiom: map[string]*[outcomes]int{}} }

func (t *tally) add(v *verdict) {
	o := v.outcome()
	t.all[o]++
	if t.byIdiom[v.program.name] == nil {
		t.byIdiom[v.program.name] = new([outcomes]int)
	}
	t.byIdiom[v.program.name][o]++
	shorter := func(a, b *verdict) int { return cmp.Compare(a.lines(), b.lines()) }
	i, _ := slices.BinarySearchFunc(t.examples[o], v, shorter)
	if i < t.keep {
		t.examples[o] = slices.Insert(t.examples[o], i, v)
		t.examples[o] = t.examples[o][:min(len(t.examples[o]), t.keep)]
	}
}

func percent(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// reported is how many programs are reported.
func reported(n *[outcomes]int) int { return n[found] + n[elsewhere] + n[falseReport] }

func leaking(n *[outcomes]int) int { return n[found] + n[elsewhere] + n[missed] }

func (t *tally) falsePercent() float64 { return percent(t.all[falseReport], reported(&t.all)) }

func (t *tally) foundPercent() float64 {
	return percent(t.all[found]+t.all[elsewhere], leaking(&t.all))
}

func (t *tally) print(w io.Writer) {
	for _, o := range []struct {
		outcome
		title string
	}{{falseReport, "reported, and nothing leaks"}, {elsewhere, "reported is not what leaks"}, {missed, "leaks, and nothing is reported"}} {
		for _, v := range t.examples[o.outcome] {
			fmt.Fprintf(w, "== %s\n", o.title)
			v.print(w)
		}
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "idiom\tleaking\tfound\telsewhere\t%\tsilent\tfalse\tleft out\t")
	row := func(name string, n *[outcomes]int) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%.0f\t%d\t%d\t%d\t\n", name, leaking(n), n[found], n[elsewhere],
			percent(n[found]+n[elsewhere], leaking(n)), n[quiet], n[falseReport], n[leftOut])
	}
	for _, name := range slices.Sorted(maps.Keys(t.byIdiom)) {
		row(name, t.byIdiom[name])
	}
	row("all", &t.all)
	tw.Flush()
	fmt.Fprintf(w, "%.1f %% of the reports are false, %.1f %% of the programs that leak are found\n", t.falsePercent(), t.foundPercent())
}

// print writes the program, the reports, and where its goroutines leak.
func (v *verdict) print(w io.Writer) {
	_, text, _ := strings.Cut(v.text, "\n\n")
	fmt.Fprintf(w, "// program %d\n%s", v.program.id, text)
	for _, r := range v.reports {
		fmt.Fprintf(w, "// line %d: %s\n", r.Pos.Line-2, r.Message)
	}
	said := map[string]bool{}
	for _, l := range v.leaks {
		s := v.describe(l)
		if !said[s] {
			said[s] = true
			fmt.Fprintf(w, "// leaks: %s\n", s)
		}
	}
	fmt.Fprintln(w)
}

// describe says where the goroutine waits, and when.
func (v *verdict) describe(l leaked) string {
	at := 0
	for _, f := range l.Frames {
		if f.File == filepath.Base(v.file) {
			at = f.Line - 2
			break
		}
	}
	return strings.TrimSpace(fmt.Sprintf("line %d, %s; %s", at, l.Waits, v.values(l.combination)))
}
