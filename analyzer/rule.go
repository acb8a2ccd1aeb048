package analyzer

import (
	"slices"

	"github.com/poollint/poollint/analyzer/internal/sites"
)

// A Rule is one kind of misuse: its identity, its documentation, and how it is found.
// The documentation is the specification: it feeds -explain, the rule's page, SARIF and the README.
type Rule struct {
	ID      string // the diagnostic's category and the word for -checks
	Title   string // what it reports, one line, lower case
	Default bool   // on without being asked for

	Why      string // what happens to the program
	Incident string // a public bug of this kind: a link and a few words
	Wrong    string // a complete file of Go that is reported, package clause included
	Right    string // the same program, mended
	Decides  string // the evidence that is asked for, and what silences it
	Limits   string // what it cannot see
	NotWhen  string // when to turn it off, or to say so in the source
	Fix      string // what -fix does; empty: nothing

	run func(*reporter, *sites.Package)
}

// URL is the rule's page.
func (r *Rule) URL() string {
	return "https://github.com/poollint/poollint/blob/main/docs/rules/" + r.ID + ".md"
}

// Rules lists every rule, in the order of the documentation.
func Rules() []*Rule {
	return []*Rule{
		&cpubound,
		&unbounded,
		&unawaited,
		&abandoned,
		&rejected,
		&selfwait,
		&unclosed,
		&churn,
		&limit,
		&oversized,
		&blocking,
		&afterclose,
		&directiveRule,
	}
}

// ruleOf is the rule of an id that is one.
func ruleOf(id string) *Rule {
	rules := Rules()
	return rules[slices.IndexFunc(rules, func(r *Rule) bool { return r.ID == id })]
}
