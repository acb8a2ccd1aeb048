// Package driver runs the analyzer over a program in this process: types are read once, and what was
// found out is kept on disk until something changes that it hangs on.
package driver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/gocmd"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
	"github.com/poollint/poollint/cmd/poollint/internal/toolchain"
)

// A Driver checks packages in this process.
type Driver struct {
	Flags    []string // the analyzer's
	Build    []string // the go command's: -tags
	Cwd      string   // paths in messages are given as seen from here
	Cache    string   // the folder; empty: none
	Progress check.Progress
	Vet      check.Checker // applies fixes

	tool    sum
	folders []string
	trace   func(work string) // for tests: what is done, and not known from before
}

func (d *Driver) did(work string) {
	if d.trace != nil {
		d.trace(work)
	}
}

// New returns a driver of this program, whose file is exe.
func New(exe string) (*Driver, error) {
	f, err := os.Open(exe)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, err
	}
	return &Driver{tool: summed(h)}, nil
}

// Check returns the findings of a run.
func (d *Driver) Check(ctx context.Context, run plan.Run, flags ...string) check.Result {
	d.Progress.Start()
	defer d.Progress.Stop()
	// Whoever interrupts does not wait for the package at hand. What it still writes is whole or absent.
	done := make(chan check.Result, 1)
	go func() { done <- d.check(ctx, run, slices.Concat(d.Flags, flags)) }()
	select {
	case res := <-done:
		return res
	case <-ctx.Done():
		return check.Result{}
	}
}

// Folders are those whose files the last run has looked at.
func (d *Driver) Folders() []string { return d.folders }

func (d *Driver) check(ctx context.Context, run plan.Run, flags []string) check.Result {
	store := open(d.Cache)
	res, stale := d.once(ctx, run, flags, store, false)
	if stale {
		// Somebody has cleaned a cache under way: the go command's, or ours.
		if res, stale = d.once(ctx, run, flags, store, true); stale {
			res.Fail("%s was not checked, since what the go command has compiled disappears meanwhile: run it again", strings.Join(run.Patterns, " "))
		}
	}
	store.trim()
	if store.failed != nil {
		res.Warnings = append(res.Warnings, fmt.Errorf("the cache cannot be written (%v), so the next run starts from scratch: set %s to a writable folder, or use -cache=off", store.failed, Variable))
	}
	return res
}

// once looks at the program once. If anew, nothing is believed of what may have disappeared.
func (d *Driver) once(ctx context.Context, run plan.Run, flags []string, store *store, anew bool) (res check.Result, stale bool) {
	voice := gocmd.Voice{Run: run, Cwd: d.Cwd}
	g, over, errs := d.program(ctx, run, store, voice, anew)
	res.Failures = append(res.Failures, errs...)
	if g == nil {
		return res, false
	}
	for _, f := range g.Failures {
		if f.Msg == "" {
			res.Fail("%s cannot be loaded", f.Pkg)
		} else {
			res.Failures = append(res.Failures, voice.Load(f.Pkg, f.Dir, f.Pos, f.Msg))
		}
	}
	d.folders = slices.Sorted(maps.Keys(g.Stamps.Folders))
	s, err := newSession(ctx, g, store, over, d.tool, flags)
	if err != nil {
		res.Failures = append(res.Failures, err)
		return res, false
	}
	s.anew, s.did = anew, d.did
	units := s.asked()
	d.Progress.Expect(len(units))
	var mu sync.Mutex
	errors := make([]error, len(units))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	memory := semaphore.NewWeighted(inFlight)
	for i, u := range units {
		size := min(s.size(u), inFlight)
		if memory.Acquire(ctx, size) != nil {
			break
		}
		group.Go(func() error {
			defer memory.Release(size)
			found, err := s.look(u, voice)
			d.Progress.Step()
			mu.Lock()
			defer mu.Unlock()
			res.Findings = append(res.Findings, found...)
			errors[i] = err
			return nil
		})
	}
	_ = group.Wait()
	said := map[string]bool{}
	for _, err := range errors {
		if err != nil && !said[err.Error()] {
			said[err.Error()] = true
			res.Failures = append(res.Failures, err)
		}
	}
	return res, s.stale.Load()
}

// inFlight is how many bytes of source may be looked at at once: a package with its types takes about a
// hundred times the memory of its source. What is larger is looked at alone.
const inFlight = 4 << 20

// size is that of a unit's sources.
func (s *session) size(u *unit) (bytes int64) {
	for _, name := range u.files() {
		bytes += s.graph.Stamps.Files[name].Size
	}
	return bytes
}

// asked are the units that the run is for, those first whose types others need.
func (s *session) asked() []*unit {
	var units, last []*unit
	for _, p := range s.graph.Packages {
		if !p.Named {
			continue
		}
		if len(p.Tests) > 0 {
			if s.imported[p.Path] && p.Source {
				units = append(units, s.unit(p, plain))
			}
			units = append(units, s.unit(p, tested))
		} else if len(p.Files) > 0 {
			units = append(units, s.unit(p, plain))
		}
		if len(p.Externals) > 0 {
			last = append(last, s.unit(p, external))
		}
	}
	return slices.Concat(units, last)
}

// look returns the findings of a unit.
func (s *session) look(u *unit, voice gocmd.Voice) ([]finding.Finding, error) {
	if u.kind == plain && len(u.Tests) > 0 {
		_, _ = u.api() // for the others: its findings are those that it has with its tests
		return nil, nil
	}
	if u.kind != plain {
		if cycle := s.cycle(u); cycle != "" {
			return nil, fmt.Errorf("%s was not checked: %s imports %s, which imports it; only an external test may do that", u.path(), u.path(), cycle)
		}
	}
	out, err := u.output()
	if err == nil {
		if out.Trouble != "" {
			err = fmt.Errorf("%s was not checked: %s", u.path(), out.Trouble)
		}
		return out.Findings, err
	}
	var mistakes *broken
	var import_ *unusable
	switch {
	case s.ctx.Err() != nil || errors.Is(err, errStale):
		return nil, nil
	case errors.As(err, &mistakes):
		err = voice.Broken(u.path(), mistakes.lines)
	case errors.As(err, &import_):
		err = fmt.Errorf("%s was not checked: %v", u.path(), import_)
	}
	// Without its tests it may be whole.
	if u.kind == tested && len(u.Files) > 0 {
		if out, e := s.unit(u.pkg, plain).output(); e == nil {
			return out.Findings, err
		}
	}
	return nil, err
}

// cycle is an import of a package's own tests that imports the package, or "".
func (s *session) cycle(u *unit) string {
	if u.kind == tested {
		known := map[string]bool{}
		for _, path := range u.TestImps {
			if s.graph.depends(path, u.Path, known) {
				return path
			}
		}
	}
	return ""
}

// program is the graph of a run, as it was kept or as the go command has it now.
func (d *Driver) program(ctx context.Context, run plan.Run, store *store, voice gocmd.Voice, anew bool) (*graph, gocmd.Overlay, []error) {
	key := d.graphKey(run)
	g := new(graph)
	if !anew && store.load(key, g) {
		if over, err := gocmd.ReadOverlay(g.Env.GOFLAGS, run.Dir); err == nil {
			if holds, renewed := g.Stamps.refresh(over); holds && toolchain.Check(g.Env.GOVERSION, runtime.Version()) == nil {
				g.index()
				if renewed {
					_ = store.save(key, g) // or the next run looks again
				}
				return g, over, nil
			}
		}
	}
	d.did("go list")
	since := time.Now()
	l, errs := load(ctx, run, d.Build, voice)
	if l == nil {
		return nil, nil, errs
	}
	g = l.graph
	if err := toolchain.Check(g.Env.GOVERSION, runtime.Version()); err != nil {
		return nil, nil, []error{err}
	}
	over, err := gocmd.ReadOverlay(g.Env.GOFLAGS, run.Dir)
	if err != nil {
		return nil, nil, []error{err}
	}
	fixed := []string{g.Env.GOENV}
	for _, name := range []string{"overlay", "modfile"} {
		if file := gocmd.Flag(g.Env.GOFLAGS, name); file != "" {
			fixed = append(fixed, gocmd.In(run.Dir, file))
		}
	}
	if exe, err := exec.LookPath("go"); err == nil {
		fixed = append(fixed, exe)
	}
	// What does not compile may lack what no stamp sees, such as a header of the system.
	broken := len(g.Failures)+len(errs) > 0 || slices.ContainsFunc(g.Packages, func(p *pkg) bool { return p.NotBuilt != "" })
	if err := l.stamp(since, over, fixed); err == nil && !broken {
		_ = store.save(key, g)
	}
	return g, over, errs
}

// graphKey is the key of everything that decides about a graph and is in no file.
func (d *Driver) graphKey(run plan.Run) sum {
	var h hasher
	h.add("graph %x %q %q %q %v %v", d.tool, run.Dir, run.Patterns, d.Build, run.NoWork, run.Files)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		if slices.Contains([]string{"GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GOTRACEBACK"}, name) {
			return true // a program's, and not the go command's
		}
		return !strings.HasPrefix(name, "GO") && !strings.HasPrefix(name, "CGO_") &&
			!slices.Contains([]string{"PATH", "HOME", "CC", "CXX", "FC", "AR", "PKG_CONFIG", "PKG_CONFIG_PATH", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "PWD"}, name)
	})
	slices.Sort(env)
	h.add("%q", env)
	return h.sum()
}

// Fix applies the first fix of each finding.
func (d *Driver) Fix(ctx context.Context, run plan.Run) check.Result {
	return d.mend(ctx, run, d.Vet.Fix)
}

// Diff returns what Fix would change, as a unified diff.
func (d *Driver) Diff(ctx context.Context, run plan.Run) check.Result {
	return d.mend(ctx, run, d.Vet.Diff)
}

// mend has the go command mend the packages that have something to mend.
func (d *Driver) mend(ctx context.Context, run plan.Run, by func(context.Context, plan.Run) check.Result) check.Result {
	res := d.Check(ctx, run)
	res.Findings = slices.DeleteFunc(res.Findings, func(f finding.Finding) bool { return len(f.Fixes) == 0 })
	run.Patterns = nil
	for _, f := range res.Findings {
		run.Patterns = append(run.Patterns, filepath.Dir(f.Pos.File))
	}
	slices.Sort(run.Patterns)
	run.Patterns = slices.Compact(run.Patterns)
	if len(run.Patterns) == 0 || ctx.Err() != nil {
		return check.Result{Failures: res.Failures}
	}
	mended := by(ctx, run)
	mended.Failures = append(res.Failures, mended.Failures...)
	return mended
}
