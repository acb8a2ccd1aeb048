// Package cli is the command for people: it plans what to check, has it checked, and reports the
// findings.
package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/baseline"
	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/config"
	"github.com/poollint/poollint/cmd/poollint/internal/docs"
	"github.com/poollint/poollint/cmd/poollint/internal/driver"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/govet"
	"github.com/poollint/poollint/cmd/poollint/internal/heap"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/report"
	"github.com/poollint/poollint/cmd/poollint/internal/revision"
	"github.com/poollint/poollint/internal/suggest"
)

// The exit codes are a contract.
const (
	clean  = 0
	found  = 1
	failed = 2 // wins over found
)

// Main runs the command and returns its exit code.
func Main(args []string) int {
	out := bufio.NewWriter(os.Stdout)
	c := &command{out: out, code: clean}
	c.run(args)
	if err := out.Flush(); err != nil && !errors.Is(err, syscall.EPIPE) {
		c.fail(fmt.Errorf("cannot write the findings: %v", err))
	}
	return c.code
}

type command struct {
	*options
	out      *bufio.Writer
	cwd      string
	code     int
	warned   []string
	progress progress
}

// fail prints an error and remembers that there was one.
func (c *command) fail(err error) {
	first, rest, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	fmt.Fprintf(os.Stderr, "poollint: %s\n", first)
	for line := range strings.Lines(rest) {
		fmt.Fprintf(os.Stderr, "\t%s\n", strings.Trim(line, "\t\n"))
	}
	c.code = failed
}

// tell prints what a result says besides findings.
func (c *command) tell(res check.Result) {
	for _, err := range res.Failures {
		c.fail(err)
	}
	for _, err := range res.Warnings {
		if !slices.Contains(c.warned, err.Error()) {
			c.warned = append(c.warned, err.Error())
			fmt.Fprintf(os.Stderr, "poollint: %v\n", err)
		}
	}
}

func (c *command) run(args []string) {
	var err error
	if c.options, err = parse(args); err != nil {
		c.fail(err)
		return
	}
	switch {
	case c.help:
		fmt.Fprint(c.out, usage)
	case c.version:
		c.printVersion()
	case c.cache == "clean":
		c.clean()
	case c.rules:
		fmt.Fprint(c.out, docs.List())
	case c.explain != "":
		c.explainRule()
	default:
		c.lint()
	}
}

func (c *command) explainRule() {
	var ids []string
	for _, r := range analyzer.Rules() {
		if r.ID == c.explain {
			fmt.Fprint(c.out, docs.Explain(r))
			return
		}
		ids = append(ids, r.ID)
	}
	if c.explain == finding.Profile {
		fmt.Fprintf(c.out, "%s: %s\n\n%s\n\n%s\n", finding.Profile, docs.ProfileTitle, docs.ProfileHelp, docs.Profiles)
		return
	}
	c.fail(fmt.Errorf("unknown rule %q; %s", c.explain, suggest.Among(c.explain, ids)))
}

func (c *command) lint() {
	var err error
	if c.cwd, err = os.Getwd(); err != nil {
		c.fail(fmt.Errorf("cannot read the current folder (%v): change to one that exists", err))
		return
	}
	tool, err := c.checker()
	if err != nil {
		c.fail(err)
		return
	}
	if c.explainSite != "" {
		file, _, err := place(c.explainSite, c.cwd)
		if err != nil {
			c.fail(err)
			return
		}
		c.args = []string{file}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.init {
		c.setUp(ctx, tool)
		return
	}
	if len(c.args) == 0 {
		c.args = []string{"."}
	}
	runs, errs := plan.Arguments(c.cwd, c.args)
	for _, err := range errs {
		c.fail(err)
	}
	runs = c.configured(runs)

	switch {
	case c.watches:
		c.watch(ctx, tool.(*driver.Driver), runs)
		return
	case c.explainSite != "":
		c.explainPlace(ctx, tool, runs)
	case c.diff:
		c.printDiff(ctx, tool, runs)
	default:
		c.check(ctx, tool, runs)
	}
	if ctx.Err() != nil {
		c.fail(errors.New("interrupted before everything was checked: run it again; finished work is cached"))
	}
}

// checker is what runs the analyzer: this program's driver, or this program as the go command runs it.
func (c *command) checker() (check.Checker, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return nil, errors.New("the go command is not in PATH: install Go (https://go.dev/dl), or add its bin folder to PATH")
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("cannot find poollint's own executable: %v", err)
	}
	// Reasons come in every format, whether or not it has them: so the formats share what is cached.
	flags := slices.Concat(c.passed, []string{"-reasons"})
	vet := &govet.Tool{Exe: exe, Flags: slices.Concat(flags, c.build), Cwd: c.cwd, Progress: &c.progress}
	if c.through == "vet" {
		return vet, nil
	}
	heap.Start(160, 60) // memory is dearer to most than the tenth of the time that this takes
	d, err := driver.New(exe)
	if err != nil {
		return nil, fmt.Errorf("cannot read poollint's own executable: %v", err)
	}
	d.Flags, d.Build, d.Cwd, d.Progress, d.Vet = flags, c.build, c.cwd, &c.progress, vet
	if c.cache != "off" {
		if d.Cache, err = driver.CacheDir(); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func (c *command) printVersion() {
	fmt.Fprintf(c.out, "poollint %s (%s)\n", Version(), runtime.Version())
	if !c.verbose {
		return
	}
	dir, err := driver.CacheDir()
	if err != nil {
		c.fail(err)
		return
	}
	files, size := driver.Size(dir)
	fmt.Fprintf(c.out, "cache %s, %d files, %.1f MB\n", dir, files, float64(size)/1e6)
}

func (c *command) clean() {
	dir, err := driver.CacheDir()
	if err == nil {
		err = driver.Clean(dir)
	}
	if err != nil {
		c.fail(fmt.Errorf("the cache was not removed: %v", err))
	}
}

// configured drops the runs whose configuration is broken, with one error for each file.
func (c *command) configured(runs []plan.Run) []plan.Run {
	var good []plan.Run
	said := map[string]bool{}
	for _, run := range runs {
		if run.NoWork {
			good = append(good, run)
			continue
		}
		file, err := config.Find(run.Dir)
		if err == nil {
			file.Path = finding.Short(file.Path, c.cwd)
			_, err = file.Settings()
		}
		switch {
		case err == nil:
			good = append(good, run)
		case !said[err.Error()]:
			said[err.Error()] = true
			c.fail(err)
		}
	}
	return good
}

// check is the main job.
func (c *command) check(ctx context.Context, tool check.Checker, runs []plan.Run) {
	var all []finding.Finding
	profiles := c.profiles(ctx, runs)
	for _, run := range runs {
		if c.fix {
			tool.Fix(ctx, run) // what fails there fails again below
		}
		res := tool.Check(ctx, run)
		all = append(all, res.Findings...)
		c.tell(res)
	}
	src := &finding.Sources{}
	all = finding.Sort(all)
	var known knowledge
	if (c.options.report != "" || len(profiles) > 0) && ctx.Err() == nil {
		known = c.knowledge(ctx, tool, runs)
		for _, err := range known.failures {
			if c.code != failed { // or the same has been said of the findings
				c.fail(err)
			}
		}
	}
	if len(profiles) > 0 || c.leaktest {
		all = c.testify(all, known, runs, profiles)
	}
	all = c.fresh(ctx, tool, all, src)
	finding.Rank(all)
	r := &report.Report{
		Findings: all, Cwd: c.cwd, Root: report.Repository(c.cwd), Version: Version(),
		Sources: src, Terminal: colourful(os.Stdout),
	}
	if c.options.report != "" && ctx.Err() == nil {
		c.page(known, r)
	}
	if err := r.Write(c.out, c.format); err != nil && !errors.Is(err, syscall.EPIPE) {
		c.fail(fmt.Errorf("cannot write the findings: %v", err))
	}
	if len(all) > 0 {
		c.code = max(c.code, found)
	}
}

// fresh leaves out what -baseline and -new-from say is old.
func (c *command) fresh(ctx context.Context, tool check.Checker, all []finding.Finding, src *finding.Sources) []finding.Finding {
	if c.newFrom != "" {
		added, err := revision.Added(ctx, tool, c.cwd, c.newFrom, all, src)
		if err != nil {
			c.fail(err)
		}
		all = added
	}
	if c.baseline == "" {
		return all
	}
	_, err := os.Stat(c.baseline)
	if c.update || errors.Is(err, os.ErrNotExist) {
		// A run that failed has not seen everything: its baseline would hold too little.
		if c.code == failed || ctx.Err() != nil {
			c.fail(fmt.Errorf("the baseline %s was not written, because not everything could be checked", c.baseline))
			return all
		}
		if err := baseline.Write(c.baseline, all, src); err != nil {
			c.fail(err)
			return all
		}
		fmt.Fprintf(os.Stderr, "poollint: wrote %s to the baseline %s: from now on only new findings are reported\n", finding.Count(len(all)), c.baseline)
		return nil
	}
	fresh, err := baseline.Filter(c.baseline, all, src)
	if err != nil {
		c.fail(err)
		return all
	}
	return fresh
}

func (c *command) printDiff(ctx context.Context, tool check.Checker, runs []plan.Run) {
	for _, run := range runs {
		res := tool.Diff(ctx, run)
		c.tell(res)
		if len(res.Diff) > 0 {
			c.code = max(c.code, found)
		}
		_, _ = c.out.Write(res.Diff) // an error comes back from Flush
	}
}

// Version is the version that the go command built this program from.
func Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// place splits file:line, behind which a column may stand.
func place(s, cwd string) (file string, line int, err error) {
	pos, err := finding.ParsePosition(s, cwd)
	if err != nil || pos.Line < 1 {
		return "", 0, fmt.Errorf("-explain-site must be file:line, such as main.go:17, not %q", s)
	}
	return filepath.Clean(pos.File), pos.Line, nil
}
