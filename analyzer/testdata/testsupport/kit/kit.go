// Package kit has what looks like test support by its names: nothing in it is given a test.
package kit

import (
	"bufio"
	"io"
	"testing"
)

// A TestingT tests the engine of a car.
type TestingT interface {
	Errorf(format string, args ...any)
	Ignite(string)
}

// A logger has some methods of a test.
type logger interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func TestEngines(t TestingT, r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		go t.Ignite(lines.Text()) // want `unbounded: `
	}
}

func logged(l logger, r io.Reader, f func(string)) {
	if testing.Testing() {
		return
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		go f(lines.Text()) // want `unbounded: `
	}
	if err := lines.Err(); err != nil {
		l.Fatalf("%v", err)
	}
}
