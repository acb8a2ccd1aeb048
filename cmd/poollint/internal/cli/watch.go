package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/driver"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/fingerprint"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/cmd/poollint/internal/watch"
)

// watch prints the findings, and then after each save those that have come or gone, until it is
// interrupted.
func (c *command) watch(ctx context.Context, d *driver.Driver, runs []plan.Run) {
	w, err := watch.New()
	if err != nil {
		c.fail(err)
		return
	}
	defer w.Close()
	before := map[fingerprint.Key]finding.Finding{}
	said := ""
	for {
		var res check.Result
		var folders []string
		for _, run := range runs {
			one := d.Check(ctx, run)
			res.Findings = append(res.Findings, one.Findings...)
			res.Failures = append(res.Failures, one.Failures...)
			res.Warnings = append(res.Warnings, one.Warnings...)
			folders = append(folders, run.Dir)
			folders = append(folders, d.Folders()...)
		}
		if ctx.Err() != nil {
			return
		}
		c.code = clean
		if text := fmt.Sprint(res.Failures); text != said {
			said = text
			c.tell(res)
		} else if len(res.Failures) > 0 {
			c.code = failed
		}
		before = c.changed(ctx, d, res.Findings, before)
		added, err := w.Add(folders)
		if err != nil {
			c.fail(err)
			return
		}
		if added {
			continue // a save may have come before the watch of its folder
		}
		if !w.Wait(ctx) {
			return
		}
	}
}

// changed prints what is new among the findings, and what has gone. A finding on another line is the same.
func (c *command) changed(ctx context.Context, d check.Checker, all []finding.Finding, before map[fingerprint.Key]finding.Finding) map[fingerprint.Key]finding.Finding {
	src := &finding.Sources{}
	all = c.fresh(ctx, d, finding.Sort(all), src)
	root := report.Repository(c.cwd)
	now := map[fingerprint.Key]finding.Finding{}
	var fresh []finding.Finding
	for i, key := range fingerprint.Of(all, root, src) {
		if now[key] = all[i]; before[key].Rule == "" {
			fresh = append(fresh, all[i])
		}
	}
	var gone []string
	for key, f := range before {
		if now[key].Rule == "" {
			gone = append(gone, fmt.Sprintf("gone: %s:%d:%d: %s\n", finding.Short(f.Pos.File, c.cwd), f.Pos.Line, f.Pos.Column, f.Message))
		}
	}
	slices.Sort(gone)
	fmt.Fprint(c.out, strings.Join(gone, ""))
	r := &report.Report{Findings: fresh, Cwd: c.cwd, Root: root, Version: Version(), Sources: src, Terminal: colourful(os.Stdout)}
	if err := errors.Join(r.Write(c.out, c.format), c.out.Flush()); err != nil && !errors.Is(err, syscall.EPIPE) {
		c.fail(fmt.Errorf("cannot write the findings: %v", err))
	}
	if len(all) > 0 {
		c.code = max(c.code, found)
	}
	return now
}
