// Package docs renders the rules' pages for -explain and for code scanning, and the README's table.
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
never run again (or, with -strict, a hundred or more that are blocked at one place), and no rule has a finding
there. The finding shows the statement that started them, what could unblock them, and why the rules are silent.
//poollint:ignore profile <reason> accepts it.`
)

// Help is a rule's page without its heading, as code scanning shows it beside a finding.
func Help(r *analyzer.Rule) string {
	_, body, _ := strings.Cut(r.Page, "\n")
	return strings.TrimSpace(body) + "\n"
}

// Explain is a rule's page as plain text for a terminal.
func Explain(r *analyzer.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.ID, r.Title)
	for _, s := range r.Sections() {
		fmt.Fprintf(&b, "\n%s\n\n", strings.ToUpper(s.Title))
		for line := range strings.Lines(s.Text) {
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

// Table is the rules as a Markdown table. Folders is where theirs are.
func Table(folders string) string {
	var b strings.Builder
	b.WriteString("| rule | reports | by default | `-fix` |\n| --- | --- | --- | --- |\n")
	for _, r := range analyzer.Rules() {
		on, fix := "on", ""
		if !r.Default {
			on = "off"
		}
		if r.Fixes {
			fix = "yes"
		}
		fmt.Fprintf(&b, "| [`%s`](%s%s/%s.md) | %s | %s | %s |\n", r.ID, folders, r.ID, r.ID, r.Title, on, fix)
	}
	return b.String()
}
