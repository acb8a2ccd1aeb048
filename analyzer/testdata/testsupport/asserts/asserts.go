// Package asserts only serves tests: it is made of helpers for testify.
package asserts

import (
	"bufio"
	"io"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type suite struct{ require.TestingT }

func Each(t assert.TestingT, r io.Reader, f func(string)) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		go f(lines.Text()) // silent: unbounded "a test's goroutines end with it"
	}
	assert.NoError(t, lines.Err())
}

func (s *suite) each(r io.Reader, f func(string)) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		go f(lines.Text())
	}
	require.NoError(s, lines.Err())
}
