// Package lines only serves tests: all of it is given what fails one, by whatever name.
package lines

import (
	"bufio"
	"io"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func Each(t failer, r io.Reader, f func(string)) {
	t.Helper()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		go f(lines.Text())
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%v", err)
	}
}
