// Package page writes a report to look at: one self-contained HTML file with a picture of the
// program's concurrency, and the findings beside their source.
package page

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/docs"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

//go:embed page.html
var source string

// page is parsed when a report is asked for: the go command starts this program once for each package.
var page = sync.OnceValue(func() *template.Template {
	parts := func(path string) []string { return strings.SplitAfter(path, "/") } // between which a line may break
	return template.Must(template.New("page").Funcs(template.FuncMap{"parts": parts}).Parse(source))
})

// Write writes the page.
func Write(w io.Writer, fs []finding.Finding, sites []site.Site, cwd string, src *finding.Sources, version string) error {
	b := builder{cwd: cwd, src: src}
	title := "Nothing found"
	if len(fs) > 0 {
		title = finding.Count(len(fs))
	}
	bad, quiet := split(lanes(sites, fs))
	return page().Execute(w, document{title, version, b.findings(fs), count(fs), len(fs) <= few, bad, quiet})
}

type document struct {
	Title    string
	Version  string
	Findings []entry
	Tallies  []tally
	Short    bool   // so few findings that all can be listed at once
	Bad      []lane // with findings
	Quiet    []group
}

// A tally is how many findings are of some kind.
type tally struct {
	Kind  string
	N     int
	First string // the ID of the first of them
}

func count(fs []finding.Finding) []tally {
	var out []tally
	add := func(kind string, is func(finding.Finding) bool) {
		t := tally{Kind: kind}
		for i, f := range fs {
			if is(f) {
				t.N++
				t.First = cmp.Or(t.First, id(i))
			}
		}
		if t.N > 0 {
			out = append(out, t)
		}
	}
	add("confirmed by a running program", func(f finding.Finding) bool { return f.Evidence != nil })
	for _, r := range analyzer.Rules() {
		add(r.ID, func(f finding.Finding) bool { return f.Rule == r.ID })
	}
	add(finding.Profile, func(f finding.Finding) bool { return f.Rule == finding.Profile })
	return out
}

func number(fs []finding.Finding, is func(finding.Finding) bool) (n int) {
	for _, f := range fs {
		if is(f) {
			n++
		}
	}
	return n
}

// An entry is a finding beside its source.
type entry struct {
	ID, Rule, Text, Where, Help string
	Confirmed                   []place // what a running program says
	Source                      []line
	Related                     []place
	For, Against                []place // reasons
}

type place struct {
	Where, Text string
	Source      []line
}

// A line of source. The marked part is what a finding points at.
type line struct {
	N                     int
	Before, Marked, After string
	Here                  bool
}

type builder struct {
	cwd string
	src *finding.Sources
}

func (b *builder) where(p finding.Position) string {
	return fmt.Sprintf("%s:%d", filepath.ToSlash(finding.Short(p.File, b.cwd)), p.Line)
}

// evidence is a place that a finding speaks of, with its line of source if that says something and is not
// among the lines that are shown already.
func (b *builder) evidence(f *finding.Finding, text string, from, to finding.Position, shown map[string]bool) place {
	if from.Line == 0 {
		return place{Text: text}
	}
	p := place{Text: text, Where: b.where(from)}
	says := strings.Trim(b.src.Line(from), "\t (){};") != ""
	if key := p.Where; says && !shown[key] {
		shown[key] = true
		p.Source = b.excerpt(from, to, 0)
	}
	if from.File == f.Pos.File {
		p.Where = fmt.Sprint("line ", from.Line)
	}
	return p
}

func (b *builder) findings(fs []finding.Finding) []entry {
	help := map[string]string{}
	for _, r := range analyzer.Rules() {
		help[r.ID] = docs.Explain(r)
	}
	out := make([]entry, len(fs))
	for i, f := range fs {
		out[i] = entry{
			ID: id(i), Rule: f.Rule, Text: f.Text(), Where: b.where(f.Pos), Help: help[f.Rule],
			Source: b.excerpt(f.Pos, f.End, around),
		}
		shown := map[string]bool{}
		for n := f.Pos.Line - around; n <= f.Pos.Line+around; n++ {
			shown[b.where(finding.Position{File: f.Pos.File, Line: n})] = true
		}
		if e := f.Evidence; e != nil && !e.Alone {
			for _, r := range e.Related(&f) {
				out[i].Confirmed = append(out[i].Confirmed, b.evidence(&f, r.Message, r.Pos, r.End, shown))
			}
		}
		for _, r := range f.Related {
			if !repeated(r, f.Reasons) {
				out[i].Related = append(out[i].Related, b.evidence(&f, r.Message, r.Pos, r.End, shown))
			}
		}
		for _, why := range f.Reasons {
			p := b.evidence(&f, why.Text, why.Pos, why.Pos, shown)
			if why.For {
				out[i].For = append(out[i].For, p)
			} else {
				out[i].Against = append(out[i].Against, p)
			}
		}
	}
	return out
}

// repeated reports whether a reason says the same as what is related.
func repeated(r finding.Related, reasons []finding.Reason) bool {
	return slices.ContainsFunc(reasons, func(why finding.Reason) bool {
		return sameLine(why.Pos, r.Pos) && why.Text == r.Message
	})
}

func id(i int) string { return "finding-" + strconv.Itoa(i+1) }

// around is how many lines are shown before a finding, and as many behind it.
const around = 4

// excerpt returns the lines around a place, without what all are indented by.
func (b *builder) excerpt(from, to finding.Position, around int) []line {
	all := b.src.Lines(from.File)
	first, last := max(1, from.Line-around), min(len(all), from.Line+around)
	if last < first {
		return nil
	}
	tabs := indent(all[first-1 : last])
	show := func(s string) string { return strings.ReplaceAll(s, "\t", "    ") }
	var out []line
	for n := first; n <= last; n++ {
		raw := all[n-1]
		skip := min(tabs, len(raw))
		l := line{N: n, Before: show(raw[skip:])}
		if n == from.Line {
			start := min(max(from.Column-1, skip), len(raw))
			end := len(raw)
			if to.Line == from.Line && to.Column > from.Column {
				end = max(start, min(to.Column-1, len(raw)))
			}
			l = line{n, show(raw[skip:start]), show(raw[start:end]), show(raw[end:]), true}
		}
		out = append(out, l)
	}
	return out
}

// indent is how many tabs all lines begin with that are not empty.
func indent(lines []string) int {
	least := -1
	for _, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, "\t")); l != "" && (least < 0 || n < least) {
			least = n
		}
	}
	return max(least, 0)
}
