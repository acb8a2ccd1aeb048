// Package govet runs this program as the vet tool of the go command, which decides what has to
// be checked again and keeps the rest in its cache, and reads what comes back.
package govet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// A Tool is this program, to be run by the go command.
type Tool struct {
	Exe      string
	Flags    []string // for the analyzer and the build: -checks, -strict, -tags, …
	Cwd      string   // paths in messages are given as seen from here
	Progress check.Progress
}

// Check returns the findings of a run.
func (t *Tool) Check(ctx context.Context, run plan.Run, flags ...string) check.Result {
	with := *t
	with.Flags = slices.Concat(t.Flags, flags)
	return with.vet(ctx, run, "-json")
}

// Fix applies the first fix of each finding.
func (t *Tool) Fix(ctx context.Context, run plan.Run) check.Result {
	return t.vet(ctx, run, "-fix")
}

// Diff returns what Fix would change, as a unified diff.
func (t *Tool) Diff(ctx context.Context, run plan.Run) check.Result {
	return t.vet(ctx, run, "-fix", "-diff")
}

// vet runs go vet. The go command checks nothing at all if one package cannot be loaded
// (an import that no module provides, a folder without Go files): then the others are named
// one by one and run again.
func (t *Tool) vet(ctx context.Context, run plan.Run, mode ...string) check.Result {
	res, started := t.once(ctx, run, mode)
	if started || len(res.Failures) == 0 || ctx.Err() != nil {
		return res
	}
	good, failures := t.loadable(ctx, run)
	if len(failures) == 0 && (len(good) > 0 || !run.Files) {
		return res // it was not the packages
	}
	res = check.Result{Failures: failures}
	if len(good) > 0 {
		run.Patterns = good
		again, _ := t.once(ctx, run, mode)
		res.Findings, res.Diff = again.Findings, again.Diff
		res.Failures = append(res.Failures, again.Failures...)
	}
	return res
}

// once runs go vet once. It reports whether any package was reached.
func (t *Tool) once(ctx context.Context, run plan.Run, mode []string) (res check.Result, started bool) {
	args := slices.Concat([]string{"vet", "-vettool=" + t.Exe}, mode, t.Flags, []string{"--"}, run.Patterns)
	cmd := gocmd.Command(ctx, run, args...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		res.Fail("cannot run the go command: %v", err)
		return res, false
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		res.Fail("cannot run the go command: %v", err)
		return res, false
	}
	if err := cmd.Start(); err != nil {
		if ctx.Err() == nil {
			res.Fail("cannot run the go command: %v", err)
		}
		return res, false
	}
	over, _ := gocmd.ReadOverlay(os.Getenv("GOFLAGS"), run.Dir) // what is wrong with it, the go command says
	t.Progress.Start()
	defer t.Progress.Stop()
	var mu sync.Mutex
	object := func(data []byte) {
		mu.Lock()
		defer mu.Unlock()
		started = true
		decode(&res, data, run, over)
		t.Progress.Step()
	}
	var lines []string
	var wg sync.WaitGroup
	wg.Go(func() {
		if slices.Contains(mode, "-diff") {
			res.Diff, _ = io.ReadAll(stdout)
			return
		}
		_ = split(stdout, object, func(string) {})
	})
	wg.Go(func() { _ = split(stderr, object, func(s string) { lines = append(lines, s) }) })
	wg.Wait()
	err = cmd.Wait()

	if slices.Contains(mode, "-diff") && len(res.Diff) > 0 {
		started = true
	}
	if ctx.Err() != nil {
		return res, started
	}
	if err == nil {
		// Standard error then carries warnings only; one of them is an error to us.
		lines = slices.DeleteFunc(lines, func(s string) bool { return !strings.Contains(s, "matched no packages") })
	}
	failures, reached := gocmd.Voice{Run: run, Cwd: t.Cwd}.Failures(lines)
	started = started || reached
	res.Failures = append(res.Failures, failures...)
	if err != nil && len(res.Failures) == 0 && len(res.Diff) == 0 {
		res.Fail("the go command failed without an error message (%v) in %s", err, run.Dir)
	}
	return res, started
}

// loadable asks the go command which packages of a run can be loaded, and why the others
// cannot.
func (t *Tool) loadable(ctx context.Context, run plan.Run) (good []string, failures []error) {
	args := []string{"list", "-e", "-json=ImportPath,Dir,Incomplete,Error,DepsErrors"}
	for _, f := range t.Flags {
		if strings.HasPrefix(f, "-tags=") {
			args = append(args, f)
		}
	}
	cmd := gocmd.Command(ctx, run, slices.Concat(args, []string{"--"}, run.Patterns)...)
	out, err := cmd.Output()
	if err != nil {
		return nil, nil
	}
	voice := gocmd.Voice{Run: run, Cwd: t.Cwd}
	type loadError struct {
		Pos string
		Err string
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath, Dir string
			Incomplete      bool
			Error           *loadError
			DepsErrors      []*loadError
		}
		if dec.Decode(&p) != nil {
			return good, failures
		}
		if !p.Incomplete {
			good = append(good, p.ImportPath)
			continue
		}
		why := p.Error
		if why == nil && len(p.DepsErrors) > 0 {
			why = p.DepsErrors[0]
		}
		switch {
		case why == nil:
			failures = append(failures, fmt.Errorf("%s cannot be loaded", p.ImportPath))
		case run.Files && strings.Contains(why.Err, "build constraints exclude all Go files"):
			// A file for another system is not of this build, and no mistake.
		default:
			failures = append(failures, voice.Load(p.ImportPath, p.Dir, why.Pos, why.Err))
		}
	}
}
