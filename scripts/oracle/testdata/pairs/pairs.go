// Package pairs holds what leaks beside its right twin. The line above each function says what the
// Go runtime found when it was run with all combinations of its arguments, and where poollint says
// otherwise.
package pairs

import (
	"errors"
	"time"
)

var (
	errTimeout = errors.New("timeout")
	errFailed  = errors.New("failed")
)

const patience = 5 * time.Millisecond

// work takes longer than anybody waits, or no time at all.
func work(slow bool) int {
	if slow {
		time.Sleep(4 * patience)
	}
	return 1
}

func use(int) {}
