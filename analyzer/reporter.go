package analyzer

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/directive"
	"github.com/poollint/poollint/analyzer/internal/model"
	"github.com/poollint/poollint/analyzer/internal/rule"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A reporter collects the verdicts of all rules over one package and decides which are shown.
type reporter struct {
	*model.Model
	pass     *analysis.Pass
	settings Settings
	verdicts []verdict.Verdict
}

// judge runs all rules and settles what they said.
func (r *reporter) judge() {
	r.run(false, nil)
	r.settle()
}

// run runs the rules that run last, or the others.
func (r *reporter) run(last bool, silenced map[*directive.Directive]verdict.Verdict) {
	for _, one := range Rules() {
		if one.Last != last {
			continue
		}
		p := rule.NewPass(r.Model, r.settings.memory(), func(v verdict.Verdict) {
			v.Rule = one.ID
			r.verdicts = append(r.verdicts, v)
		})
		p.Silenced = silenced
		one.Run(p)
	}
}

// settle makes of what the rules said one verdict for each rule and place. What speaks against a report
// beside the code itself makes it silent, whether or not its rule is asked for: the file, a directive,
// which is used then, and a better finding. Whether -strict is set decides nothing here.
func (r *reporter) settle() {
	silenced := map[*directive.Directive]verdict.Verdict{}
	for i := range r.verdicts {
		v := &r.verdicts[i]
		d := r.Directives.At(v.Pos, "ignore", v.Rule)
		switch {
		case v.Level == verdict.Silent:
		case r.Generated(v.Pos):
			v.Silence(verdict.Against(token.NoPos, "the file is generated"))
		case r.Test(v.Pos) && !ruleOf(v.Rule).InTests:
			v.Silence(verdict.Against(token.NoPos, "it is in a test, and a test's goroutines end with it"))
		case d != nil:
			d.Used, v.Ignored = true, true
			silenced[d] = *v
			v.Silence(verdict.Against(d.Comment.Pos(), "//poollint:ignore says %q", d.Reason))
		}
	}
	r.run(true, silenced)

	r.verdicts = verdict.Each(r.verdicts)
	better := make([]*verdict.Verdict, len(r.verdicts))
	for i := range r.verdicts {
		better[i] = r.better(&r.verdicts[i])
	}
	for i, b := range better {
		if b != nil {
			r.verdicts[i].Silence(verdict.Against(b.Pos, "%s reports the same call more precisely", b.Rule))
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
	if y := v.Yields; y != nil {
		for i := range r.verdicts {
			w := &r.verdicts[i]
			if w.Rule == y.Rule && w.Level >= v.Level && y.Pos <= w.Pos && w.Pos < y.End && r.settings.enabled(ruleOf(w.Rule)) {
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
