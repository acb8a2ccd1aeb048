package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/page"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// A knowledge is what the analyzer knows and concludes.
type knowledge struct {
	sites      []site.Site
	operations []site.Operation
	verdicts   []site.Verdict
	failures   []error
}

// knowledge asks the analyzer what it knows and concludes, in runs of their own: findings and sites never mix.
func (c *command) knowledge(ctx context.Context, tool check.Checker, runs []plan.Run) knowledge {
	var fs []finding.Finding
	var k knowledge
	for _, run := range runs {
		res := tool.Check(ctx, run, "-sites")
		fs = append(fs, res.Findings...)
		k.failures = append(k.failures, res.Failures...)
	}
	fs = finding.Sort(fs)
	k.sites, k.operations, k.verdicts = site.Of(fs), site.Operations(fs), site.Verdicts(fs)
	return k
}

// explainPlace prints what is known of the places at a line, and what the rules conclude of them.
func (c *command) explainPlace(ctx context.Context, tool check.Checker, runs []plan.Run) {
	file, line, err := place(c.explainSite, c.cwd)
	if err != nil {
		c.fail(err)
		return
	}
	known := c.knowledge(ctx, tool, runs)
	sites, verdicts := known.sites, known.verdicts
	for _, err := range known.failures {
		c.fail(err)
	}
	var places []finding.Position
	for _, s := range sites {
		places = append(places, s.Pos)
	}
	for _, v := range verdicts {
		places = append(places, v.Pos)
	}
	places = slices.DeleteFunc(places, func(p finding.Position) bool { return !sameFile(p.File, file) })
	slices.SortFunc(places, func(a, b finding.Position) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	places = slices.Compact(places)
	near := site.Near(new(finding.Sources).Text(file), line, places)
	for _, p := range near {
		c.printPlace(p, file, sites, verdicts)
	}
	if len(near) > 0 || c.code == failed || ctx.Err() != nil {
		return // or not everything was asked
	}
	if lines := nearest(line, places, sites); lines != "" {
		c.fail(fmt.Errorf("nothing at %s starts a goroutine or uses a pool; nearby, %s", c.explainSite, lines))
		return
	}
	c.fail(fmt.Errorf("nothing in %s starts a goroutine or uses a pool that poollint knows", finding.Short(file, c.cwd)))
}

// printPlace prints what is known of a place, then the verdict of each rule that looked at it.
func (c *command) printPlace(at finding.Position, file string, sites []site.Site, verdicts []site.Verdict) {
	title := "looked at by a rule"
	var lines []string
	for _, s := range sites {
		if s.Pos == at {
			title = s.Title()
			lines = append(lines, s.Details()...)
		}
	}
	for _, v := range verdicts {
		if v.Pos == at {
			lines = append(lines, v.Lines()...)
		}
	}
	fmt.Fprintf(c.out, "%s:%d:%d: %s\n", finding.Short(file, c.cwd), at.Line, at.Column, title)
	for _, l := range lines {
		fmt.Fprintf(c.out, "\t%s\n", l)
	}
}

// nearest names the few lines with a site that are nearest to a line.
func nearest(line int, places []finding.Position, sites []site.Site) string {
	var lines []int
	for _, p := range places {
		if slices.ContainsFunc(sites, func(s site.Site) bool { return s.Pos == p }) {
			lines = append(lines, p.Line)
		}
	}
	lines = slices.Compact(lines)
	slices.SortStableFunc(lines, func(a, b int) int { return cmp.Compare(max(a-line, line-a), max(b-line, line-b)) })
	lines = lines[:min(6, len(lines))]
	slices.Sort(lines)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("line %d does", lines[0])
	}
	return fmt.Sprintf("lines %s do", strings.Trim(strings.ReplaceAll(fmt.Sprint(lines), " ", ", "), "[]"))
}

func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// page writes the report to look at.
func (c *command) page(known knowledge, r *report.Report) {
	var b bytes.Buffer
	if err := page.Write(&b, r.Findings, known.sites, r.Cwd, r.Sources, r.Version); err != nil {
		c.fail(fmt.Errorf("cannot create the report: %v", err))
		return
	}
	if err := os.WriteFile(c.options.report, b.Bytes(), 0o644); err != nil {
		c.fail(fmt.Errorf("cannot write the report: %v", err))
	}
}
