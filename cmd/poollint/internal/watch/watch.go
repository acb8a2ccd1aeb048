// Package watch waits for saves.
package watch

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A Watcher sees what is written in folders.
type Watcher struct {
	fs    *fsnotify.Watcher
	known map[string]bool
}

// New returns a watcher of no folders yet.
func New() (*Watcher, error) {
	fs, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("cannot watch files: %v", err)
	}
	return &Watcher{fs, map[string]bool{}}, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.fs.Close() }

// Add watches folders, too, and reports whether any are new. A folder that has gone is no mistake.
func (w *Watcher) Add(folders []string) (added bool, err error) {
	now := map[string]bool{}
	for _, dir := range folders {
		now[dir] = true
		if w.known[dir] {
			continue
		}
		if err := w.fs.Add(dir); err != nil {
			return added, fmt.Errorf("cannot watch %s: %v (on Linux, the limit is fs.inotify.max_user_watches)", dir, err)
		}
		added = true
	}
	w.known = now
	return added, nil
}

// quiet is how long nothing is written when a save is over: editors write several files for one.
const quiet = 30 * time.Millisecond

// Wait waits for a save of something that decides about findings, and for the end of it. It reports false
// when ctx ends.
func (w *Watcher) Wait(ctx context.Context) bool {
	var over <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return false
		case <-over:
			return true
		case event, ok := <-w.fs.Events:
			if !ok {
				return false
			}
			if decides(event) {
				over = time.After(quiet)
			}
		case _, ok := <-w.fs.Errors:
			if !ok {
				return false
			}
			over = time.After(quiet) // events were lost: look at everything
		}
	}
}

// decides reports whether an event is of a file that the go command or the linter reads, or of something
// that may be a folder.
func decides(event fsnotify.Event) bool {
	if event.Op == fsnotify.Chmod {
		return false
	}
	name := filepath.Base(event.Name)
	ext := filepath.Ext(name)
	return ext == "" || slices.Contains([]string{".go", ".mod", ".sum", ".work", ".yaml", ".c", ".h", ".s"}, ext)
}
