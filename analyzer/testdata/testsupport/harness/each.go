package harness

import (
	"bufio"
	"io"

	"golang.org/x/sync/errgroup"
)

// Its goroutines end with the test, although nothing here is given one.
func Each(r io.Reader, f func(string)) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		go f(lines.Text())
	}
}

// What hangs is a bug of the test.
func Nest() error {
	var g errgroup.Group
	g.Go(func() error {
		return g.Wait() // want `selfwait: `
	})
	return g.Wait()
}
