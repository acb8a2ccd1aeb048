// Package leaktest runs the tests of packages with the runtime's leak profile on, and brings back what
// leaked. Into each test binary it puts a function that asks for the profile when the tests have run; the
// source stays as it is, since the go command is told to read these files beside it or in its place.
package leaktest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
)

// A Result is what came of the tests of a run. Failures say which packages could not be asked, and why;
// warnings, of which less is known than they have.
type Result struct {
	Profile  *profile.Profile // of all that were asked; nil: none was
	Failures []error
	Warnings []error
}

func (res *Result) fail(format string, args ...any) {
	res.Failures = append(res.Failures, fmt.Errorf(format, args...))
}

// Run runs the tests of a run's packages. Build are flags for the go command.
func Run(ctx context.Context, run plan.Run, build []string) (res Result) {
	dir, err := os.MkdirTemp("", "poollint-leaks")
	if err != nil {
		res.fail("cannot create a temporary folder: %w", err)
		return res
	}
	defer os.RemoveAll(dir)
	t := &tester{run: run, build: build, dir: dir}
	if err := t.prepare(ctx, &res); err != nil {
		res.fail("%w", err)
		return res
	}
	if len(t.pkgs) == 0 {
		return res
	}
	if err := t.test(ctx); err != nil {
		res.fail("%w", err)
		return res
	}
	if ctx.Err() == nil {
		t.collect(&res)
	}
	return res
}

// A tester runs tests.
type tester struct {
	run     plan.Run
	build   []string
	dir     string // for files of its own
	env     environment
	overlay string // file
	pkgs    []*pkg // those that can be asked
}

// environment is what the go command says of itself.
type environment struct {
	GOVERSION, GOEXPERIMENT, GOFLAGS string
}

const experiment = "goroutineleakprofile"

// set is what GOEXPERIMENT must be for the leak profile, or "" where it is there anyway.
func (e environment) set() (string, error) {
	v, _, _ := strings.Cut(e.GOVERSION, " ")
	switch {
	case version.Compare(v, "go1.26") < 0:
		return "", fmt.Errorf("-leaktest needs Go 1.26 or newer, whose runtime detects leaks, and this is %s: choose another with GOTOOLCHAIN", v)
	case version.Compare(v, "go1.27") >= 0:
		return "", nil
	case e.GOEXPERIMENT == "":
		return experiment, nil
	}
	return e.GOEXPERIMENT + "," + experiment, nil
}

// prepare finds the packages and writes what their test binaries are to have beside their source.
func (t *tester) prepare(ctx context.Context, res *Result) error {
	out, err := gocmd.Command(ctx, t.run, "env", "-json", "GOVERSION", "GOEXPERIMENT", "GOFLAGS").Output()
	if err == nil {
		err = json.Unmarshal(out, &t.env)
	}
	if err != nil {
		return fmt.Errorf("cannot get the version of the go command: %w", err)
	}
	if _, err := t.env.set(); err != nil {
		return err
	}
	overlay, err := gocmd.ReadOverlay(t.env.GOFLAGS, t.run.Dir)
	if err != nil {
		return err
	}
	replace := map[string]string{}
	for from, to := range overlay {
		replace[from] = to
	}
	all, err := t.list(ctx)
	if err != nil {
		return err
	}
	for i, p := range all {
		p.profile = filepath.Join(t.dir, fmt.Sprintf("%d.pb.gz", i))
		files, err := p.instrument(overlay)
		if err != nil {
			res.fail("%w", err)
			continue
		}
		for name, text := range files {
			own := filepath.Join(t.dir, fmt.Sprintf("%d_%s", i, filepath.Base(name)))
			if err := os.WriteFile(own, text, 0o600); err != nil {
				return fmt.Errorf("cannot write a file for the tests: %w", err)
			}
			replace[name] = own
		}
		t.pkgs = append(t.pkgs, p)
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	t.overlay = filepath.Join(t.dir, "overlay.json")
	if err := os.WriteFile(t.overlay, text, 0o600); err != nil {
		return fmt.Errorf("cannot write a file for the tests: %w", err)
	}
	return nil
}

// A pkg is a package with tests.
type pkg struct {
	ImportPath, Dir, Name     string
	TestGoFiles, XTestGoFiles []string

	profile string // the file that its test binary writes
	unbuilt string // why that binary cannot be built
	failed  bool   // a test has
}

// list returns the packages of the run that have tests.
func (t *tester) list(ctx context.Context) ([]*pkg, error) {
	args := slices.Concat([]string{"list", "-e", "-json=ImportPath,Dir,Name,TestGoFiles,XTestGoFiles"}, t.build, []string{"--"}, t.run.Patterns)
	out, err := gocmd.Command(ctx, t.run, args...).Output()
	if err != nil {
		return nil, fmt.Errorf("the go command cannot list the packages: %w", err)
	}
	var all []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := &pkg{}
		if err := dec.Decode(p); err == io.EOF {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("the go command cannot list the packages: %w", err)
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) > 0 {
			all = append(all, p)
		}
	}
}

// test runs the tests, and notes what the go command says of each package.
func (t *tester) test(ctx context.Context) error {
	args := slices.Concat([]string{"test", "-json", "-count=1", "-vet=off", "-overlay=" + t.overlay}, t.build)
	byPath := map[string]*pkg{}
	for _, p := range t.pkgs {
		args = append(args, p.ImportPath)
		byPath[p.ImportPath] = p
	}
	cmd := gocmd.Command(ctx, t.run, args...)
	if set, _ := t.env.set(); set != "" {
		cmd.Env = append(cmd.Environ(), "GOEXPERIMENT="+set)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fmt.Errorf("cannot run the go command: %w", err)
	}
	said := map[string]string{} // by what was to be built
	for dec := json.NewDecoder(stdout); ; {
		var e struct{ Action, Package, ImportPath, Output, FailedBuild string }
		if dec.Decode(&e) != nil {
			break
		}
		p := byPath[e.Package]
		switch {
		case e.Action == "build-output":
			said[e.ImportPath] += e.Output
		case e.Action == "fail" && p != nil && e.FailedBuild != "":
			p.unbuilt = strings.TrimSpace(said[e.FailedBuild])
		case e.Action == "fail" && p != nil:
			p.failed = true
		}
	}
	_, _ = io.Copy(io.Discard, stdout)
	if err := cmd.Wait(); err != nil && ctx.Err() == nil && !slices.ContainsFunc(t.pkgs, func(p *pkg) bool { return p.failed || p.unbuilt != "" }) {
		return fmt.Errorf("the go command cannot run the tests: %s", strings.TrimSpace(stderr.String()))
	}
	return nil
}

// collect reads the profiles.
func (t *tester) collect(res *Result) {
	var all []*profile.Profile
	for _, p := range t.pkgs {
		if p.unbuilt != "" {
			res.fail("the tests of %s cannot be built, so nothing is known about what they leak:\n%s", p.ImportPath, p.unbuilt)
			continue
		}
		f, err := os.Open(p.profile)
		if errors.Is(err, os.ErrNotExist) {
			res.fail("the tests of %s exited before their leak profile could be read: a panic, a timeout or os.Exit in a test does that", p.ImportPath)
			continue
		}
		if err == nil {
			var leaks *profile.Profile
			if leaks, err = profile.Read(f); err == nil {
				all = append(all, leaks)
			}
			f.Close()
		}
		if err != nil {
			res.fail("the leak profile of the tests of %s %w", p.ImportPath, err)
			continue
		}
		if p.failed {
			res.Warnings = append(res.Warnings, fmt.Errorf("a test of %s fails, which may be the cause of a leak", p.ImportPath))
		}
	}
	if len(all) > 0 {
		res.Profile = profile.Merge("the tests", all...)
	}
}
