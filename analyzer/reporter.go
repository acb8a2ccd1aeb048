package analyzer

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/explore"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A reporter collects the verdicts of all rules over one package and decides which are shown.
type reporter struct {
	pass       *analysis.Pass
	pkg        *sites.Package
	base       *knowledge.Base
	numbers    *number.Numbers
	throttles  *throttle.Throttles
	effects    *effects.Effects
	directives *directive.Set
	settings   Settings
	explorer   *explore.Explorer
	stuck      []explore.Stuck            // who stays blocked
	owned      map[token.Pos]*syntax.Func // where a goroutine stays that its owner, made in a function, could end

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

// silent says why the rule at work does not report a place that it looked at: the first reason is what
// decides. The place is that of the finding it would be.
func (r *reporter) silent(pos, end token.Pos, reasons ...verdict.Reason) {
	r.conclude(verdict.Verdict{Pos: pos, End: end, Reasons: reasons})
}

// conclude adds the verdict of the rule at work.
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

// settle makes of what the rules said one verdict for each rule and place. What speaks against a report
// beside the code itself makes it silent, whether or not its rule is asked for: the file, a directive,
// which is used then, and a better finding. Whether -strict is set decides nothing here.
func (r *reporter) settle() {
	silences := map[*directive.Directive]verdict.Reason{}
	for i := range r.verdicts {
		v := &r.verdicts[i]
		d := r.directives.At(v.Pos, "ignore", v.Rule)
		switch {
		case v.Level == verdict.Silent:
		case r.pkg.Generated(v.Pos):
			v.Silence(verdict.Against(token.NoPos, "the file is generated"))
		case r.pkg.Test(v.Pos) && !slices.Contains(inTests, v.Rule):
			v.Silence(verdict.Against(token.NoPos, "it stands in a test, and a test's goroutines end with it"))
		case d != nil:
			d.Used, v.Ignored = true, true
			silences[d] = verdict.Against(v.Pos, "it silences %s", v.Rule)
			v.Silence(verdict.Against(d.Comment.Pos(), "//poollint:ignore says %q", d.Reason))
		}
	}
	r.rule = &directiveRule
	judgeDirectives(r, silences)

	r.verdicts = verdict.Each(r.verdicts)
	better := make([]*verdict.Verdict, len(r.verdicts))
	for i := range r.verdicts {
		better[i] = r.better(&r.verdicts[i])
	}
	for i, b := range better {
		if b != nil {
			r.verdicts[i].Silence(verdict.Against(b.Pos, "%s speaks of the same call, and says it better", b.Rule))
			r.verdicts[i].Better = b.Rule
		}
	}
}

// shown reports whether a verdict becomes a finding.
func (r *reporter) shown(v *verdict.Verdict) bool {
	return r.settings.enabled(ruleOf(v.Rule)) && (v.Level == verdict.Report || v.Level == verdict.Ask && r.settings.Strict)
}

// show reports the findings.
func (r *reporter) show() {
	for i := range r.verdicts {
		v := &r.verdicts[i]
		if !r.shown(v) {
			continue
		}
		d := analysis.Diagnostic{
			Pos: v.Pos, End: v.End,
			Category:       v.Rule,
			Message:        v.Rule + ": " + v.Message,
			URL:            ruleOf(v.Rule).URL(),
			Related:        v.Related,
			SuggestedFixes: v.Fixes,
		}
		if r.settings.reasons {
			d.Related = slices.Concat(v.Related, reasons(v))
		}
		r.pass.Report(d)
	}
}

// better is a finding at the same place that says what v says, and says it better, or nil: one by
// default is better than one that only strict asks about.
func (r *reporter) better(v *verdict.Verdict) *verdict.Verdict {
	if v.Level == verdict.Silent {
		return nil
	}
	if f := r.owned[v.Pos]; f != nil && v.Rule == abandoned.ID {
		for i := range r.verdicts {
			if w := &r.verdicts[i]; w.Rule == unclosed.ID && w.Level >= v.Level && f.Node.Pos() <= w.Pos && w.Pos < f.Node.End() && r.settings.enabled(&unclosed) {
				return w
			}
		}
	}
	for _, group := range oneOf {
		rank := slices.Index(group, v.Rule)
		if rank < 0 {
			continue
		}
		for i := range r.verdicts {
			w := &r.verdicts[i]
			of := slices.Index(group, w.Rule)
			if w.Pos == v.Pos && of >= 0 && of != rank && r.settings.enabled(ruleOf(w.Rule)) &&
				(w.Level > v.Level || w.Level == v.Level && of < rank) {
				return w
			}
		}
	}
	return nil
}
