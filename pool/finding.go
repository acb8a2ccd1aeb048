package pool

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// A Finding is what an audit has seen of a misuse of the pool.
type Finding struct {
	// Rule is the id of the poollint rule that predicts it: cpubound,
	// blocking, unawaited, rejected, selfwait, unbounded or oversized. It is
	// empty when the audit tells of itself.
	Rule string `json:"rule"`
	Pool string `json:"pool"`           // the pool's name
	Site string `json:"site,omitempty"` // file:line of the submit or wait, or empty
	Func string `json:"func,omitempty"` // the function there, as in a stack

	Message string `json:"message"` // what happened, and what to do

	CPU        time.Duration `json:"cpu,omitempty"`        // of the task
	Wall       time.Duration `json:"wall,omitempty"`       // of the task
	Workers    int           `json:"workers,omitempty"`    // of the pool, at its peak
	StackBytes uint64        `json:"stackBytes,omitempty"` // of the whole process, at that time
}

// AuditLog returns a function for [WithAudit] that writes each finding to w as a
// line of JSON, with the time. poollint -profile reads such a file, and shows what
// was seen beside the source. Writes are one at a time; what w does not take is
// lost.
func AuditLog(w io.Writer) func(Finding) {
	var mu sync.Mutex
	lines := json.NewEncoder(w)
	return func(f Finding) {
		mu.Lock()
		defer mu.Unlock()
		_ = lines.Encode(struct {
			Finding
			Time time.Time `json:"time"`
		}{f, time.Now()})
	}
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
