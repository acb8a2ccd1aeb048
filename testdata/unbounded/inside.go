package unbounded

import (
	"os"
	"path/filepath"
)

// The task waits for its token, but all tasks exist by then.
func Inside(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	sem := make(chan struct{}, 4)
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names \(the files that match a pattern\) waits for its token only after it has started, so all exist at once; a million would hold at least 2.6 GiB: take the token before the go statement`
			sem <- struct{}{}
			defer func() { <-sem }()
			os.ReadFile(name)
		}()
	}
}
