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
	"github.com/poollint/poollint/analyzer/internal/sites"
)

// A finding is one report of a rule.
type finding struct {
	Pos, End token.Pos
	Message  string // without the rule's id
	Related  []analysis.RelatedInformation
	Fixes    []analysis.SuggestedFix
	Strict   bool // only what a careful reviewer would ask about

	rule *Rule
}

// A reporter collects the findings of all rules over one package and decides which are shown.
type reporter struct {
	pass       *analysis.Pass
	pkg        *sites.Package
	bounds     *bounds.Bounds
	effects    *effects.Effects
	directives *directive.Set
	settings   Settings

	rule     *Rule // at work
	findings []finding
}

func (r *reporter) report(f finding) {
	f.rule = r.rule
	r.findings = append(r.findings, f)
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
	var kept []finding
	for _, f := range r.findings {
		if r.pkg.Generated(f.Pos) || r.pkg.Test(f.Pos) && !slices.Contains(inTests, f.rule.ID) {
			continue
		}
		if d := r.directives.At(f.Pos, "ignore", f.rule.ID); d != nil {
			d.Used = true
			continue
		}
		kept = append(kept, f)
	}
	r.findings = kept
	r.rule = &directiveRule
	reportDirectives(r)

	kept = nil
	for _, f := range r.findings {
		if r.settings.enabled(f.rule) && (r.settings.Strict || !f.Strict) {
			kept = append(kept, f)
		}
	}
	kept = slices.DeleteFunc(kept, func(f finding) bool { return outranked(f, kept) })
	slices.SortStableFunc(kept, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.rule.ID, b.rule.ID), cmp.Compare(a.Message, b.Message))
	})
	kept = slices.CompactFunc(kept, func(a, b finding) bool {
		return a.Pos == b.Pos && a.rule == b.rule
	})
	for _, f := range kept {
		r.pass.Report(analysis.Diagnostic{
			Pos: f.Pos, End: f.End,
			Category:       f.rule.ID,
			Message:        f.rule.ID + ": " + f.Message,
			URL:            f.rule.URL(),
			Related:        f.Related,
			SuggestedFixes: f.Fixes,
		})
	}
}

// outranked reports whether another finding at the same place says what f says, and better: a
// finding by default better than one that only strict asks about.
func outranked(f finding, all []finding) bool {
	for _, group := range oneOf {
		rank := slices.Index(group, f.rule.ID)
		if rank < 0 {
			continue
		}
		for _, g := range all {
			i := slices.Index(group, g.rule.ID)
			if g.Pos == f.Pos && i >= 0 && i != rank && (g.Strict == f.Strict && i < rank || !g.Strict && f.Strict) {
				return true
			}
		}
	}
	return false
}
