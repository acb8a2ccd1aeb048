package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/page"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// sites asks the analyzer what it knows, in runs of their own: findings and sites never mix.
func (c *command) sites(ctx context.Context, tool check.Checker, runs []plan.Run) (sites []site.Site, failures []error) {
	var fs []finding.Finding
	for _, run := range runs {
		res := tool.Check(ctx, run, "-sites")
		fs = append(fs, res.Findings...)
		failures = append(failures, res.Failures...)
	}
	return site.Of(finding.Sort(fs)), failures
}

// explainPlace prints what is known of the sites on a line.
func (c *command) explainPlace(ctx context.Context, tool check.Checker, runs []plan.Run) {
	file, line, err := place(c.explainSite, c.cwd)
	if err != nil {
		c.fail(err)
		return
	}
	sites, failures := c.sites(ctx, tool, runs)
	for _, err := range failures {
		c.fail(err)
	}
	sites = slices.DeleteFunc(sites, func(s site.Site) bool { return !sameFile(s.Pos.File, file) })
	var near []int
	found := false
	for _, s := range sites {
		if s.Pos.Line != line {
			near = append(near, s.Pos.Line)
			continue
		}
		found = true
		fmt.Fprintf(c.out, "%s:%d:%d: %s\n", finding.Short(file, c.cwd), s.Pos.Line, s.Pos.Column, s.Title())
		for _, d := range s.Details() {
			fmt.Fprintf(c.out, "\t%s\n", d)
		}
		for _, r := range s.Related {
			fmt.Fprintf(c.out, "\t%s:%d:%d: %s\n", finding.Short(r.Pos.File, c.cwd), r.Pos.Line, r.Pos.Column, r.Message)
		}
	}
	if found || c.code == failed || ctx.Err() != nil {
		return // not everything was asked
	}
	if near = slices.Compact(near); len(near) > 0 {
		c.fail(fmt.Errorf("nothing at %s starts a goroutine or uses a pool: in this file, lines %s do", c.explainSite, list(near)))
		return
	}
	c.fail(fmt.Errorf("nothing in %s starts a goroutine or uses a pool that poollint knows", finding.Short(file, c.cwd)))
}

func list(lines []int) string {
	var b bytes.Buffer
	for i, n := range lines {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
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
func (c *command) page(ctx context.Context, tool check.Checker, runs []plan.Run, r *report.Report) {
	sites, failures := c.sites(ctx, tool, runs)
	for _, err := range failures {
		if c.code != failed { // or the same has been said of the findings
			c.fail(err)
		}
	}
	var b bytes.Buffer
	if err := page.Write(&b, r.Findings, sites, r.Cwd, r.Sources, r.Version); err != nil {
		c.fail(fmt.Errorf("cannot make the report: %v", err))
		return
	}
	if err := os.WriteFile(c.options.report, b.Bytes(), 0o644); err != nil {
		c.fail(fmt.Errorf("cannot write the report: %v", err))
	}
}
