package pool

import (
	"fmt"
	"time"
)

// A Finding is what an audit has seen of a misuse of the pool.
type Finding struct {
	// Rule is the id of the poollint rule that predicts it: cpubound,
	// blocking, unawaited, unbounded or oversized. It is empty when the audit
	// tells of itself.
	Rule string
	Pool string // the pool's name
	Site string // file:line of the submit, or empty

	Message string // what happened, and what to do

	CPU, Wall  time.Duration // of the task
	Workers    int           // of the pool, at its peak
	StackBytes uint64        // of the whole process, at that time
}

// String is the finding in the form of the linter's.
func (f Finding) String() string {
	s := f.Message
	if f.Rule != "" {
		s = f.Rule + ": " + s
	}
	if f.Site != "" {
		s = fmt.Sprintf("%s: %s", f.Site, s)
	}
	return s
}
