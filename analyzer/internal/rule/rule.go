// Package rule defines what a rule is and what it works with: the model of a package to query, and a
// receiver for its verdicts.
package rule

import (
	"go/token"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A Rule is one kind of misuse: its identity, its page, and how it is found.
type Rule struct {
	ID      string // the diagnostic's category, and the name for -checks
	Title   string // what it reports, one line, lower case
	Default bool   // on by default
	Fixes   bool   // -fix can fix some of what it reports
	InTests bool   // also applies to tests: what hangs or is lost there is a bug in the test

	// Page is the rule's documentation in Markdown, with a section for each question. It is used for
	// -explain and SARIF, and its examples are tested.
	Page string

	Run  func(*Pass)
	Last bool // runs after the others, and gets to know what directives silence
}

// Profiled is the rule of findings that come only from a profile of the running program. No analysis finds
// them, but directives can name the rule.
const Profiled = "profile"

// URL is the address of the rule's page.
func (r *Rule) URL() string {
	return "https://github.com/poollint/poollint/blob/main/analyzer/rules/" + r.ID + "/" + r.ID + ".md"
}

// A Section is one section of a page.
type Section struct {
	Title string
	Text  string // without code fences
	Code  bool
}

// Sections returns the sections of the page, in order.
func (r *Rule) Sections() []Section {
	var all []Section
	for i, part := range strings.Split(r.Page, "\n## ") {
		title, text, _ := strings.Cut(part, "\n")
		if i == 0 {
			continue // the heading of the page
		}
		s := Section{Title: title, Text: strings.TrimSpace(text)}
		if code, ok := strings.CutPrefix(s.Text, "```go\n"); ok {
			s.Text, s.Code = strings.TrimSuffix(code, "```"), true
		}
		all = append(all, s)
	}
	return all
}

// Section returns the text of one section, or "" if the page has no section with that title.
func (r *Rule) Section(title string) string {
	for _, s := range r.Sections() {
		if s.Title == title {
			return s.Text
		}
	}
	return ""
}

// A Pass is one rule at work on one package.
type Pass struct {
	*model.Model
	Budget footprint.Bytes // memory budget for the workers of one pool

	// Silenced maps directives to what they silence. It is set only for rules that run last.
	Silenced map[*directive.Directive]verdict.Verdict

	conclude func(verdict.Verdict)
}

// NewPass returns a pass that passes its verdicts to conclude.
func NewPass(m *model.Model, budget footprint.Bytes, conclude func(verdict.Verdict)) *Pass {
	return &Pass{Model: m, Budget: budget, conclude: conclude}
}

// Conclude adds a verdict.
func (p *Pass) Conclude(v verdict.Verdict) { p.conclude(v) }

// Report adds a verdict that is shown: by default, unless it only asks.
func (p *Pass) Report(v verdict.Verdict) {
	if v.Level == verdict.Silent {
		v.Level = verdict.Report
	}
	p.conclude(v)
}

// Silent says why a place that was looked at is not reported: the first reason is what decides. The place is
// that of the finding it would be.
func (p *Pass) Silent(pos, end token.Pos, reasons ...verdict.Reason) {
	p.conclude(verdict.Verdict{Pos: pos, End: end, Reasons: reasons})
}
