// Package page writes a report to look at: one self-contained HTML file with a picture of the
// program's concurrency, and the findings beside their source.
package page

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
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
var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(source)) })

// Write writes the page.
func Write(w io.Writer, fs []finding.Finding, sites []site.Site, cwd string, src *finding.Sources, version string) error {
	b := builder{cwd: cwd, src: src}
	title := "Nothing found"
	switch n := len(fs); n {
	case 0:
	case 1:
		title = "1 finding"
	default:
		title = fmt.Sprint(n, " findings")
	}
	bad, quiet := split(b.lanes(sites, fs))
	return page().Execute(w, document{title, version, b.findings(fs), count(fs), bad, quiet})
}

type document struct {
	Title    string
	Version  string
	Findings []entry
	Rules    []tally
	Bad      []lane // with findings
	Quiet    []group
}

// A tally is how often a rule was broken.
type tally struct {
	Rule string
	N    int
	URL  string
}

func count(fs []finding.Finding) []tally {
	var out []tally
	for _, r := range analyzer.Rules() {
		if n := number(fs, func(f finding.Finding) bool { return f.Rule == r.ID }); n > 0 {
			out = append(out, tally{r.ID, n, r.URL()})
		}
	}
	if n := number(fs, func(f finding.Finding) bool { return f.Rule == finding.Profile }); n > 0 {
		out = append(out, tally{finding.Profile, n, docs.Profiles})
	}
	if n := number(fs, func(f finding.Finding) bool { return f.Evidence != nil }); n > 0 {
		out = append([]tally{{"confirmed by a running program", n, docs.Profiles}}, out...)
	}
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
	return fmt.Sprintf("%s:%d", finding.Short(p.File, b.cwd), p.Line)
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
			Source: b.excerpt(f.Pos, f.End, 4),
		}
		if e := f.Evidence; e != nil && !e.Alone {
			for _, r := range e.Related(&f) {
				out[i].Confirmed = append(out[i].Confirmed, place{b.where(r.Pos), r.Message, b.excerpt(r.Pos, r.End, 0)})
			}
		}
		for _, r := range f.Related {
			out[i].Related = append(out[i].Related, place{b.where(r.Pos), r.Message, b.excerpt(r.Pos, r.End, 0)})
		}
		for _, why := range f.Reasons {
			p := place{Text: why.Text}
			if why.Pos.Line > 0 {
				p.Where = b.where(why.Pos)
			}
			if why.For {
				out[i].For = append(out[i].For, p)
			} else {
				out[i].Against = append(out[i].Against, p)
			}
		}
	}
	return out
}

func id(i int) string { return "finding-" + strconv.Itoa(i+1) }

// excerpt returns the lines around a place.
func (b *builder) excerpt(from, to finding.Position, around int) []line {
	all := b.src.Lines(from.File)
	var out []line
	for n := max(1, from.Line-around); n <= min(len(all), from.Line+around); n++ {
		text := strings.ReplaceAll(all[n-1], "\t", "    ")
		l := line{N: n, Before: text}
		if n == from.Line {
			raw := all[n-1]
			start := min(max(from.Column-1, 0), len(raw))
			end := len(raw)
			if to.Line == from.Line && to.Column > from.Column {
				end = min(to.Column-1, len(raw))
			}
			widen := func(s string) string { return strings.ReplaceAll(s, "\t", "    ") }
			l = line{n, widen(raw[:start]), widen(raw[start:end]), widen(raw[end:]), true}
		}
		out = append(out, l)
	}
	return out
}
