package analyzer

import (
	"slices"

	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/rules/abandoned"
	"github.com/poollint/poollint/analyzer/rules/afterclose"
	"github.com/poollint/poollint/analyzer/rules/blocking"
	"github.com/poollint/poollint/analyzer/rules/churn"
	"github.com/poollint/poollint/analyzer/rules/cpubound"
	"github.com/poollint/poollint/analyzer/rules/directive"
	"github.com/poollint/poollint/analyzer/rules/limit"
	"github.com/poollint/poollint/analyzer/rules/oversized"
	"github.com/poollint/poollint/analyzer/rules/rejected"
	"github.com/poollint/poollint/analyzer/rules/selfwait"
	"github.com/poollint/poollint/analyzer/rules/unawaited"
	"github.com/poollint/poollint/analyzer/rules/unbounded"
	"github.com/poollint/poollint/analyzer/rules/unclosed"
)

// A Rule is one kind of misuse: its identity, its page, and how it is found.
type Rule = rule.Rule

// Rules lists every rule, in the order of the documentation.
func Rules() []*Rule {
	return []*Rule{
		&cpubound.Rule,
		&unbounded.Rule,
		&unawaited.Rule,
		&abandoned.Rule,
		&rejected.Rule,
		&selfwait.Rule,
		&unclosed.Rule,
		&churn.Rule,
		&limit.Rule,
		&oversized.Rule,
		&blocking.Rule,
		&afterclose.Rule,
		&directive.Rule,
	}
}

// oneOf lists rules that report the same call: only the first one that has a finding there is shown.
var oneOf = [][]string{
	{"unbounded", "limit", "oversized"},
	{"unbounded", "churn", "unclosed"},
	{"rejected", "abandoned"},
	{"abandoned", "unawaited"},
}

// ruleOf returns the rule with an ID, which must exist.
func ruleOf(id string) *Rule {
	rules := Rules()
	return rules[slices.IndexFunc(rules, func(r *Rule) bool { return r.ID == id })]
}

func ruleIDs() []string {
	var ids []string
	for _, r := range Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}
