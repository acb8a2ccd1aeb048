package unbounded

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/semaphore"

	"poollint.test/analyzer/rules/unbounded/testdata/helpers"
)

// A task that turns pages ends; one that takes the next of what all take is a worker, and so is one that goes on
// until it is stopped.
type api interface {
	Page(ctx context.Context, of, token string) (names []string, next string, err error)
}

func ListEach(ctx context.Context, a api, dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		go func() { // want `unbounded: one goroutine per element of entries \(the entries of a directory\)`
			token := ""
			for {
				names, next, err := a.Page(ctx, e.Name(), token)
				if err != nil || next == "" {
					return
				}
				_ = fetch(ctx, names[0])
				token = next
			}
		}()
	}
}

func ShareOut(ctx context.Context, dir string) {
	entries, _ := os.ReadDir(dir)
	var mu sync.Mutex
	next := 0
	for range entries {
		go func() { // silent: unbounded "the task is a worker loop"
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(entries) {
					return
				}
				_ = fetch(ctx, entries[i].Name())
			}
		}()
	}
}

// Who claims something may go on with that; one lock is for all.
type claims struct{ done map[string]bool }

func (c *claims) Claim(name string) bool { return !c.done[name] }
func (c *claims) Fail(name string)       {}

func ClaimEach(ctx context.Context, c *claims, dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if !c.Claim(e.Name()) {
			continue
		}
		go func() { // want `unbounded: one goroutine per element of entries`
			if fetch(ctx, e.Name()) != nil {
				c.Fail(e.Name())
			}
		}()
	}
}

// What a method is given through an interface, those give it that call the interface's.
type step interface {
	run(ctx context.Context, in *given)
}

type given struct{ paths, kinds []string }

type fetchStep struct{}

func (fetchStep) run(ctx context.Context, in *given) {
	for _, p := range in.paths {
		go fetch(ctx, p) // want `unbounded: one goroutine per element of in.paths \(the entries of a tree\)`
	}
	for _, k := range in.kinds {
		go fetch(ctx, k) // silent: unbounded "a literal"
	}
}

type nothing struct{}

func (nothing) run(context.Context, *given) {}

func runSteps(ctx context.Context, steps []step, in *given) {
	for _, s := range steps {
		s.run(ctx, in)
	}
}

// The function that walks is a variable: its type says what it calls for each entry.
func walker(links bool) func(string, fs.WalkDirFunc) error {
	if links {
		return func(root string, fn fs.WalkDirFunc) error { return fs.WalkDir(os.DirFS(root), ".", fn) }
	}
	return filepath.WalkDir
}

func RunSteps(ctx context.Context, root string) error {
	var found []string
	walk := walker(true)
	err := walk(root, func(path string, d fs.DirEntry, err error) error {
		found = append(found, path)
		return err
	})
	runSteps(ctx, []step{fetchStep{}, nothing{}}, &given{found, []string{"a", "b"}})
	return err
}

// A function of another package calls what it is given for each line, or once.
func EachLine(ctx context.Context, name string) error {
	var all, one []string
	if err := helpers.Lines(name, func(line string) error { all = append(all, line); return nil }); err != nil {
		return err
	}
	if err := helpers.Timed(func(at string) error { one = append(one, at); return nil }); err != nil {
		return err
	}
	for _, line := range all {
		go fetch(ctx, line) // want `unbounded: one goroutine per element of all \(called for each by helpers.Lines\)`
	}
	for _, at := range one {
		go fetch(ctx, at) // silent: unbounded "once"
	}
	return nil
}

// What another package makes of a directory's entries grows with them; what it makes of a text need not.
func ReadWanted(ctx context.Context, dir string) error {
	names, err := filepath.Glob(dir + "/*")
	if err != nil {
		return err
	}
	for _, p := range helpers.Wanted(names) {
		go fetch(ctx, p.URL) // want `unbounded: one goroutine per element of helpers.Wanted`
	}
	text, err := os.ReadFile(dir + "/kinds")
	for _, k := range helpers.Kinds(text) {
		go fetch(ctx, k)
	}
	return err
}

// A message of a protocol holds as much as somebody has put in.
type keeper struct{ doc *helpers.Doc }

func (k *keeper) fetchPages(ctx context.Context) {
	for _, p := range k.doc.GetPages() {
		go fetch(ctx, p.URL) // want `unbounded: one goroutine per element of k.doc.GetPages\(\)`
	}
}

// A loop without end that waits for nothing starts as many as it has time for.
type ender struct {
	stop chan struct{}
	over bool
}

func (e *ender) alive() bool {
	select {
	case <-e.stop:
		return false
	default:
		return true
	}
}

func (e *ender) Spin(ctx context.Context) {
	for {
		if !e.alive() {
			return
		}
		go fetch(ctx, "again") // want `unbounded: one goroutine per iteration of the loop`
	}
}

func (e *ender) Paced(ctx context.Context) {
	for {
		if fetch(ctx, "first") != nil {
			return
		}
		go fetch(ctx, "again") // silent: unbounded "it is not known how often the loop runs"
	}
}

// The files to send are files.
func SendAll(ctx context.Context, filesToSend []string) {
	for _, f := range filesToSend {
		go fetch(ctx, f) // want `unbounded: one goroutine per element of filesToSend`
	}
}

// Whichever of two semaphores is taken, it is one that others have, too.
type halls struct{ large, small *semaphore.Weighted }

func (h *halls) FetchAll(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		hall := h.small
		if e.IsDir() {
			hall = h.large
		}
		if err := hall.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // silent: unbounded "a token is acquired first"
			defer hall.Release(1)
			_ = fetch(ctx, e.Name())
		}()
	}
	for _, e := range entries {
		hall := semaphore.NewWeighted(2)
		if err := hall.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per element of entries`
			defer hall.Release(1)
			_ = fetch(ctx, e.Name())
		}()
	}
	return err
}

// A stride begins at the worker's own number; a task that goes through its own work in steps is none.
func Strides(ctx context.Context, dir string, step int) {
	entries, _ := os.ReadDir(dir)
	for id := range entries {
		go func() { // silent: unbounded "the task is a worker loop"
			for i := id; i < len(entries); i += step {
				_ = fetch(ctx, entries[i].Name())
			}
		}()
		go func() { // want `unbounded: one goroutine per element of entries`
			name := entries[id].Name()
			for i := 0; i < len(name); i += step {
				_ = fetch(ctx, name[i:])
			}
		}()
	}
}

// The token of the next page stands in a request that is made for it, all pages are data, whatever they are called.
type pageOf struct{ token string }

type clusterAPI interface {
	Clusters(ctx context.Context, in *pageOf) (names []string, next *pageOf, err error)
}

func ListClusters(ctx context.Context, a clusterAPI) error {
	var clusters []string
	token := ""
	for {
		in := pageOf{token: token}
		names, next, err := a.Clusters(ctx, &in)
		if err != nil || next == nil {
			return err
		}
		clusters = append(clusters, names...)
		if next.token == "" {
			break
		}
		token = next.token
	}
	for _, c := range clusters {
		go fetch(ctx, c) // want `unbounded: one goroutine per element of clusters \(pages from a.Clusters\)`
	}
	return nil
}

// Whether one of them runs says nothing of how many others do.
type unit struct {
	name  string
	state *helpers.State
}

func StartAll(ctx context.Context, dir string) error {
	var units []unit
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		units = append(units, unit{name: path})
		return err
	})
	for _, u := range units {
		if u.state.Running() || u.state.Paused() {
			continue
		}
		go fetch(ctx, u.name) // want `unbounded: one goroutine per element of units \(the entries of a tree\)`
	}
	return err
}

// There is one waiter at a time, though the field is asked by another name.
type follower struct{ waiter chan struct{} }

func (f *follower) wait(ctx context.Context, name string) {
	waiter := f.waiter
	if waiter == nil {
		waiter = make(chan struct{})
		go func() { // silent: unbounded "it starts only while there is room"
			_ = fetch(ctx, name)
			close(waiter)
		}()
		f.waiter = waiter
	}
}

func (f *follower) Follow(ctx context.Context, names chan string) {
	for name := range names {
		f.wait(ctx, name)
	}
}
