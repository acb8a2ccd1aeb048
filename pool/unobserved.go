package pool

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

// An outcome is how a future ended, if it did not just return a value. It is
// separate from the future so that it can outlive it.
type outcome struct {
	err    error
	failed bool // and not just cancelled
	at     site // of the submit, if audited
	seen   atomic.Bool
}

// reportIfLost makes sure that the outcome is reported if the future is
// garbage-collected before anybody has seen it. This costs ten times as much as a
// submit, so it is done only for failures and audited tasks.
func (e *executor) reportIfLost(f *future, o *outcome) {
	runtime.AddCleanup(f, e.collected, o)
}

// collected is called when the future of an outcome is gone.
func (e *executor) collected(o *outcome) {
	if o.seen.Load() {
		return
	}
	if o.at != (site{}) {
		var failure error
		if o.failed {
			failure = o.err
		}
		e.probe.audit.unawaited(o.at, failure)
	}
	if o.failed {
		e.unobserved.Add(1)
		e.onError(fmt.Errorf("pool: a future was never awaited: %w", o.err))
	}
}
