package pool

import "time"

// Idle workers are kept last in, first out, so that those at the bottom are the
// ones that the pool can do without. While there are any, a timer checks them
// twice a second, and dismisses as many as were idle throughout the period: all
// at once, since one at a time would take hours after a burst.
const period = 400 * time.Millisecond

type retirement struct {
	timer *time.Timer
	armed bool
	low   int // the fewest idle workers since the period began
}

// park makes w idle, unless a task has arrived meanwhile. The caller holds out.mu.
func (e *executor) park(w *worker) bool {
	if w.wake == nil {
		w.wake = make(chan bool, 1)
	}
	e.out.idle = append(e.out.idle, w)
	e.publish()
	// A submitter that saw no idle worker has pushed before this.
	if e.refresh() {
		e.unpark()
		e.publish()
		return false
	}
	if !e.out.retire.armed {
		e.out.retire.armed = true
		e.out.retire.low = 0
		if e.out.retire.timer == nil {
			e.out.retire.timer = time.AfterFunc(period, e.retire)
		} else {
			e.out.retire.timer.Reset(period)
		}
	}
	return true
}

// unpark removes the worker that became idle last. The caller holds out.mu.
func (e *executor) unpark() *worker {
	last := len(e.out.idle) - 1
	w := e.out.idle[last]
	e.out.idle[last] = nil
	e.out.idle = e.out.idle[:last]
	e.out.retire.low = min(e.out.retire.low, last)
	return w
}

// publish tells the submitters whether there is a worker to wake. The caller
// holds out.mu.
func (e *executor) publish() {
	if e.out.waking {
		e.wakeable.Store(0)
	} else {
		e.wakeable.Store(int32(len(e.out.idle)))
	}
}

// wake wakes one idle worker, unless one is being woken: that one wakes the next.
func (e *executor) wake() {
	e.out.mu.Lock()
	if e.out.waking || len(e.out.idle) == 0 {
		e.out.mu.Unlock()
		return
	}
	w := e.unpark()
	e.out.waking = true
	e.publish()
	e.out.mu.Unlock()
	w.wake <- true
}

// retire is called by the timer.
func (e *executor) retire() {
	e.forgotten.release()
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	e.dismiss(e.out.retire.low)
	e.out.retire.low = len(e.out.idle)
	e.out.retire.armed = len(e.out.idle) > 0
	if e.out.retire.armed {
		e.out.retire.timer.Reset(period)
	}
}

// dismiss ends the n workers that have been idle longest, unless a task relies on
// them. The caller holds out.mu.
func (e *executor) dismiss(n int) {
	e.in.mu.Lock()
	if n == 0 || e.in.tail != e.out.head {
		e.in.mu.Unlock()
		return
	}
	e.in.workers -= n
	if e.in.workers == 0 {
		e.ring = nil
	}
	e.makeRoom()
	e.finish()
	e.in.mu.Unlock()

	for _, w := range e.out.idle[:n] {
		w.wake <- false
	}
	e.out.idle = append([]*worker(nil), e.out.idle[n:]...)
	e.out.retire.low = min(e.out.retire.low, len(e.out.idle))
	e.publish()
}
