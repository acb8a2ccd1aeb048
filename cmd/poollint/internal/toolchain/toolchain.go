// Package toolchain tells whether this program was built with a Go that is new enough for the code
// that it checks.
package toolchain

import (
	"errors"
	"go/version"
	"strings"
)

// Check reports that code for the Go version want is beyond a tool built with have,
// whose type checker does not know that language.
func Check(want, have string) error {
	w, h := language(want), language(have)
	if w == "" || h == "" || version.Compare(w, h) <= 0 {
		return nil
	}
	return errors.New("built with " + have + ", it cannot check code for " + want +
		`: rebuild it with the newer Go, or run it as "go tool poollint", which does so by itself`)
}

// language is the go1.N of a version, also of "devel go1.27-abc" and "go1.26.1 X:experiment".
func language(v string) string {
	for _, f := range strings.Fields(v) {
		f, _, _ = strings.Cut(f, "-")
		if lang := version.Lang(f); lang != "" {
			return lang
		}
	}
	return ""
}
