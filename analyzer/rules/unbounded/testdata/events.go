package unbounded

import (
	"os"
	"path/filepath"
)

// What is sent in a loop are results, no tokens.
func InsideResults(dir string, started chan<- bool, found chan bool) {
	names, _ := filepath.Glob(dir + "/*")
	for _, name := range names {
		go func() { // want `unbounded: one goroutine per element of names \(the files that match a pattern\); 10,000 at once`
			if err := newlines(name, found); err != nil {
				started <- false
			}
		}()
	}
}

func newlines(name string, found chan<- bool) error {
	b, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for _, c := range b {
		if c == '\n' {
			found <- true
		}
	}
	return nil
}
