package pool

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

// An outcome is how a future ended, if there is more to it than a value. It is
// apart from the future so as to outlive it.
type outcome struct {
	err    error
	failed bool // and not just cancelled
	at     site // of the submit, if audited
	seen   atomic.Bool
}

// reportIfLost sees to it that the outcome is reported if the future is
// garbage-collected before anybody has seen it. This costs ten times what a
// submit does, so only failures get it, and what is audited.
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
