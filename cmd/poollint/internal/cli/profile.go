package cli

import (
	"context"
	"slices"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/leaktest"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/witness"
)

// profiles reads what -profile names, and runs the tests for -leaktest.
func (c *command) profiles(ctx context.Context, runs []plan.Run) []*profile.Profile {
	var all []*profile.Profile
	for _, place := range c.profile {
		p, err := profile.Open(ctx, place, c.remote)
		if err != nil {
			if ctx.Err() == nil {
				c.fail(err)
			}
			continue
		}
		all = append(all, p)
	}
	if !c.leaktest {
		return all
	}
	var leaks []*profile.Profile
	for _, run := range runs {
		res := leaktest.Run(ctx, run, c.build)
		c.tell(check.Result{Failures: res.Failures, Warnings: res.Warnings})
		if res.Profile != nil {
			leaks = append(leaks, res.Profile)
		}
	}
	if len(leaks) > 0 {
		all = append(all, profile.Merge("the tests", leaks...))
	}
	return all
}

// testify gives findings the evidence of profiles, and adds those that only profiles give rise to. With
// -leaktest the others are left out.
func (c *command) testify(all []finding.Finding, known knowledge, runs []plan.Run, profiles []*profile.Profile) []finding.Finding {
	res := witness.Testify(witness.Knowledge{Findings: all, Sites: known.sites, Operations: known.operations, Verdicts: known.verdicts}, profiles, c.asksMore(runs))
	c.tell(check.Result{Failures: res.Failures, Warnings: res.Warnings})
	if c.leaktest {
		return slices.DeleteFunc(res.Findings, func(f finding.Finding) bool { return f.Evidence == nil })
	}
	return res.Findings
}

// asksMore reports whether -strict is set, or a project's settings say so.
func (c *command) asksMore(runs []plan.Run) bool {
	return c.strict || slices.ContainsFunc(runs, func(run plan.Run) bool {
		file, err := config.Find(run.Dir)
		if err != nil {
			return false
		}
		settings, err := file.Settings()
		return err == nil && settings.Strict
	})
}
