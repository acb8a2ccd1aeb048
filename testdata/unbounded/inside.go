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

// What it calls has a loop, but it holds the token for one name only.
func InsideWithALoop(dir string) {
	names, _ := filepath.Glob(dir + "/*")
	sem := make(chan struct{}, 4)
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names .* waits for its token only after it has started`
			sem <- struct{}{}
			read(name)
			<-sem
		}()
	}
}

func read(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	var b [512]byte
	for {
		if _, err := f.Read(b[:]); err != nil {
			return
		}
	}
}
