// Package docs renders the rules' documentation: the pages under docs/rules, the help of
// -explain and of code scanning, and the README's table, all from the analyzer's rule table.
package docs

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/analyzer"
)

// Profiles is the page about what running programs say.
const Profiles = "https://github.com/poollint/poollint/blob/main/docs/profiles.md"

// ProfileTitle is what a finding says that only a running program gives rise to, and ProfileHelp more of it.
const (
	ProfileTitle = "goroutines leak, or many are blocked, where no rule reports it"
	ProfileHelp  = `A profile of the running program, given with -profile or taken by -leaktest, shows goroutines that can
never run again, or with -strict a hundred and more that are blocked at one place, and no rule has a finding
there. Beside it stand the statement that started them, who could serve them, and why the rules are silent.
//poollint:ignore profile <reason> says that it may be so.`
)

// A section of a rule's documentation.
type section struct {
	title string
	text  string
	code  bool
}

func sections(r *analyzer.Rule) []section {
	byDefault := "On by default."
	if !r.Default {
		byDefault = "Off by default; turn it on with `-checks=all` or `-checks=" + r.ID + "`."
	}
	return []section{
		{"What it does", "Reports " + strings.TrimSuffix(r.Title, ".") + ".\n\n" + byDefault, false},
		{"Why it is bad", r.Why, false},
		{"Seen in the wild", r.Incident, false},
		{"Wrong", r.Wrong, true},
		{"Right", r.Right, true},
		{"How it decides", r.Decides, false},
		{"Known limits", r.Limits, false},
		{"When not to use it", r.NotWhen, false},
		{"Fix", or(r.Fix, "None: the mend needs a decision that only you can take."), false},
	}
}

func or(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

// Page is a rule's page, as Markdown.
func Page(r *analyzer.Rule) string {
	return "# " + r.ID + "\n" + body(r)
}

// Help is a rule's page without its heading, as code scanning shows it beside a finding.
func Help(r *analyzer.Rule) string {
	return strings.TrimSpace(body(r)) + "\n"
}

func body(r *analyzer.Rule) string {
	var b strings.Builder
	for _, s := range sections(r) {
		text := strings.TrimSpace(s.text)
		if text == "" {
			continue
		}
		if s.code {
			text = "```go\n" + text + "\n```"
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", s.title, text)
	}
	return b.String()
}

// Explain is a rule's page as plain text for a terminal.
func Explain(r *analyzer.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.ID, r.Title)
	for _, s := range sections(r) {
		text := strings.TrimSpace(s.text)
		if text == "" {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n\n", strings.ToUpper(s.title))
		for line := range strings.Lines(text) {
			if strings.TrimSpace(line) == "" {
				b.WriteString("\n")
				continue
			}
			b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
		}
	}
	fmt.Fprintf(&b, "\n%s\n", r.URL())
	return b.String()
}

// List is the rules as plain text, a line each.
func List() string {
	var b strings.Builder
	for _, r := range analyzer.Rules() {
		state := "on "
		if !r.Default {
			state = "off"
		}
		fmt.Fprintf(&b, "%-10s  %s  %s\n", r.ID, state, r.Title)
	}
	return b.String()
}

// Table is the rules as a Markdown table. Pages is where their pages are.
func Table(pages string) string {
	var b strings.Builder
	b.WriteString("| rule | reports | by default | `-fix` |\n| --- | --- | --- | --- |\n")
	for _, r := range analyzer.Rules() {
		on, fix := "on", ""
		if !r.Default {
			on = "off"
		}
		if r.Fix != "" {
			fix = "yes"
		}
		fmt.Fprintf(&b, "| [`%s`](%s%s.md) | %s | %s | %s |\n", r.ID, pages, r.ID, r.Title, on, fix)
	}
	return b.String()
}
