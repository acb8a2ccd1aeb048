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
)

// A tally counts outcomes, and keeps the shortest program of each kind.
type tally struct {
	byIdiom  map[string]*counts
	all      counts
	shortest map[outcome]map[string]*verdict
}

func newTally() *tally {
	return &tally{byIdiom: map[string]*counts{}, shortest: map[outcome]map[string]*verdict{}}
}

func (t *tally) add(v *verdict) {
	o := v.outcome()
	t.all[o]++
	if t.byIdiom[v.program.name] == nil {
		t.byIdiom[v.program.name] = new(counts)
	}
	t.byIdiom[v.program.name][o]++
	if t.shortest[o] == nil {
		t.shortest[o] = map[string]*verdict{}
	}
	kind := v.program.name + ": " + v.waits()
	if old := t.shortest[o][kind]; old == nil || v.lines() < old.lines() {
		t.shortest[o][kind] = v
	}
}

// Disagreements are what there is to learn from.
var disagreements = []struct {
	outcome
	title string
}{
	{falseReport, "reported, and nothing leaks"},
	{elsewhere, "what is reported is not what leaks"},
	{missed, "leaks, and nothing is reported"},
}

// examples are programs of an outcome, at most one of each kind, the shortest first.
func (t *tally) examples(o outcome, most int) []*verdict {
	all := slices.SortedFunc(maps.Values(t.shortest[o]), func(a, b *verdict) int {
		return cmp.Or(cmp.Compare(a.lines(), b.lines()), cmp.Compare(a.program.id, b.program.id))
	})
	return all[:min(len(all), most)]
}

func (t *tally) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "\tleaking\tfound\telsewhere\t%\tsilent\tfalse\tleft out\t")
	row := func(name string, n *counts) {
		fmt.Fprintf(tw, "%s\t%d\t%d\t%d\t%.0f\t%d\t%d\t%d\t\n", name, n.leaking(), n[found], n[elsewhere],
			n.foundPercent(), n[quiet], n[falseReport], n[leftOut])
	}
	for _, name := range slices.Sorted(maps.Keys(t.byIdiom)) {
		row(name, t.byIdiom[name])
	}
	row("all", &t.all)
	tw.Flush()
	fmt.Fprintf(w, "%.1f %% of the reports are false, %.1f %% of the programs that leak are found\n", t.all.falsePercent(), t.all.foundPercent())
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
	s := fmt.Sprintf("line %d, %s", at, l.Waits)
	if l.combination != unknown {
		for i, value := range v.values(l.combination) {
			s += fmt.Sprintf(", %s=%s", v.params[i].name, value)
		}
	}
	return s
}
