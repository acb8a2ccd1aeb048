package pool

import (
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// A Finding describes a misuse of the pool that an audit has seen.
type Finding struct {
	// Rule is the ID of the poollint rule that predicts it: cpubound,
	// blocking, unawaited, rejected, selfwait, unbounded or oversized. It is
	// empty if the finding is about the audit itself.
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
// line of JSON, with the time. poollint -profile reads such a file, and shows each
// finding at its place in the source. Writes are serialized; write errors are
// ignored, and the finding is lost.
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

// String formats the finding like those of the linter.
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
