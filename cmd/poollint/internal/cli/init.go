package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/cmd/poollint/internal/baseline"
	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/cmd/poollint/internal/setup"
)

// setUp writes the files that the module or workspace around this folder lacks, and says of each whether it
// was written or left. The workflow comes last: without a baseline it would fail, or record one each time.
func (c *command) setUp(ctx context.Context, tool check.Checker) {
	var err error
	if c.cwd, err = filepath.EvalSymlinks(c.cwd); err != nil { // git knows folders by the names without links
		c.fail(err)
		return
	}
	root := config.Root(c.cwd)
	if root == "" {
		c.fail(fmt.Errorf("%s is not in a module: change to a folder with a go.mod in it or above it, or create one with \"go mod init\"", c.cwd))
		return
	}
	repository := report.Repository(c.cwd)
	if _, err := os.Stat(filepath.Join(repository, ".git")); err != nil {
		repository = root // for the one that will be
	}
	workflow, err := setup.Action(repository, root, Version())
	if err != nil {
		c.fail(err)
		return
	}
	known, err := c.known(ctx, tool, root)
	if err != nil {
		c.fail(err)
		return
	}
	for _, f := range []setup.File{setup.Settings(root), known, workflow} {
		wrote, err := f.Write()
		name := finding.Short(f.Path, c.cwd)
		switch {
		case err != nil:
			c.fail(fmt.Errorf("cannot write %s: %v", name, err))
			return
		case wrote:
			fmt.Fprintf(c.out, "wrote %s: %s\n", name, f.What)
		default:
			fmt.Fprintf(c.out, "left %s unchanged\n", name)
		}
	}
}

// known is the baseline of all that is found below root. If there is one already, nothing is checked for it.
func (c *command) known(ctx context.Context, tool check.Checker, root string) (setup.File, error) {
	f := setup.Baseline(root)
	if _, err := os.Lstat(f.Path); err == nil {
		return f, nil
	}
	runs, errs := plan.Arguments(root, []string{"./..."})
	for _, err := range errs {
		c.fail(err)
	}
	var all []finding.Finding
	for _, run := range c.configured(runs) {
		res := tool.Check(ctx, run)
		all = append(all, res.Findings...)
		c.tell(res)
	}
	if ctx.Err() != nil {
		return f, errors.New("nothing was written: interrupted before everything was checked")
	}
	if c.code == failed {
		return f, errors.New("nothing was written: a baseline requires that all packages can be checked; fix the errors above and run it again")
	}
	all = finding.Sort(all)
	f.What = finding.Count(len(all)) + " to ignore"
	var err error
	f.Data, err = baseline.Encode(f.Path, all, new(finding.Sources))
	return f, err
}
