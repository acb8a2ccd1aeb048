package analyzer

import (
	"cmp"
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/bounds"
	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A reporter collects the verdicts of all rules over one package and decides which are shown.
type reporter struct {
	pass       *analysis.Pass
	pkg        *sites.Package
	bounds     *bounds.Bounds
	effects    *effects.Effects
	directives *directive.Set
	settings   Settings
	explorer   *explore.Explorer
	stuck      []explore.Stuck // who stays blocked

	rule     *Rule // at work
	verdicts []verdict.Verdict
}

// report adds a verdict that is shown: by default, unless it only asks.
func (r *reporter) report(v verdict.Verdict) {
	if v.Level == verdict.Silent {
		v.Level = verdict.Report
	}
	r.conclude(v)
}

// conclude adds the verdict of the rule at work, silent ones included.
func (r *reporter) conclude(v verdict.Verdict) {
	v.Rule = r.rule.ID
	r.verdicts = append(r.verdicts, v)
}

// related is a position that shows why.
func related(pos token.Pos, format string, args ...any) analysis.RelatedInformation {
	return analysis.RelatedInformation{Pos: pos, Message: fmt.Sprintf(format, args...)}
}

// place names a position in a message: file.go:12.
func (r *reporter) place(pos token.Pos) string {
	p := r.pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

// marked reports whether a directive is on the declaration of obj, here or, by its fact, in another
// package.
func (r *reporter) marked(obj types.Object, name string) bool {
	if obj.Pkg() == r.pass.Pkg {
		d := r.directives.Of(obj, name)
		if d != nil {
			d.Used = true
		}
		return d != nil
	}
	fact := new(directive.Fact)
	return obj.Pkg() != nil && r.pass.ImportObjectFact(obj, fact) && slices.Contains(fact.Names, name)
}

// covered reports whether a directive without a rule covers a position.
func (r *reporter) covered(pos token.Pos, name string) bool {
	d := r.directives.At(pos, name, "")
	if d != nil {
		d.Used = true
	}
	return d != nil
}

// inTests are the rules that speak of tests too: a test's goroutines end with it, but what hangs
// or is lost there is a bug of the test.
var inTests = []string{"selfwait", "limit", "unawaited", "rejected", "directive"}

// oneOf lists rules that speak of the same call: the first that has a finding there is shown.
var oneOf = [][]string{
	{"unbounded", "limit", "oversized"},
	{"churn", "unclosed"},
	{"abandoned", "unawaited"},
}

// flush shows the findings. Those that a directive silences mark it as used first, whether or not
// their rule is asked for; then unused directives are findings too.
func (r *reporter) flush() {
	var kept []verdict.Verdict
	for _, v := range r.verdicts {
		if v.Level == verdict.Silent || r.pkg.Generated(v.Pos) || r.pkg.Test(v.Pos) && !slices.Contains(inTests, v.Rule) {
			continue
		}
		if d := r.directives.At(v.Pos, "ignore", v.Rule); d != nil {
			d.Used = true
			continue
		}
		kept = append(kept, v)
	}
	r.verdicts = kept
	r.rule = &directiveRule
	reportDirectives(r)

	rules := map[string]*Rule{}
	for _, rule := range Rules() {
		rules[rule.ID] = rule
	}
	kept = nil
	for _, v := range r.verdicts {
		if r.settings.enabled(rules[v.Rule]) && (r.settings.Strict || v.Level == verdict.Report) {
			kept = append(kept, v)
		}
	}
	kept = slices.DeleteFunc(kept, func(v verdict.Verdict) bool { return outranked(v, kept) })
	slices.SortStableFunc(kept, func(a, b verdict.Verdict) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	kept = slices.CompactFunc(kept, func(a, b verdict.Verdict) bool {
		return a.Pos == b.Pos && a.Rule == b.Rule
	})
	for _, v := range kept {
		r.pass.Report(analysis.Diagnostic{
			Pos: v.Pos, End: v.End,
			Category:       v.Rule,
			Message:        v.Rule + ": " + v.Message,
			URL:            rules[v.Rule].URL(),
			Related:        v.Related,
			SuggestedFixes: v.Fixes,
		})
	}
}

// outranked reports whether another finding at the same place says what v says, and better: a
// finding by default better than one that only strict asks about.
func outranked(v verdict.Verdict, all []verdict.Verdict) bool {
	for _, group := range oneOf {
		rank := slices.Index(group, v.Rule)
		if rank < 0 {
			continue
		}
		for _, w := range all {
			i := slices.Index(group, w.Rule)
			if w.Pos == v.Pos && i >= 0 && i != rank && (w.Level > v.Level || w.Level == v.Level && i < rank) {
				return true
			}
		}
	}
	return false
}
