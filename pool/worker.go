package pool

import (
	"context"
	"reflect"
	"runtime/pprof"
)

// A worker is a goroutine that runs tasks.
type worker struct {
	e       *executor
	wake    chan bool // true: there is a task; false: leave; made when first idle
	current runnable
	ran     uint64 // tasks run and not yet counted: 0 or 1

	scope  *scope // of the last task that was started with Go, or nil
	shared bool   // the next may have it too: to compare its parent is safe
}

// hire starts a worker, if there is a task for one more and none is being
// started: that one starts the next (see arrive). So a burst of short tasks starts
// only as many workers as it takes to keep up with it. The caller holds in.mu.
func (e *executor) hire() {
	if e.in.starting || e.in.workers >= e.in.limit || e.in.tail-e.in.done <= uint64(e.in.workers) {
		return
	}
	e.in.starting = true
	e.in.workers++
	if e.in.workers > e.in.peak {
		e.in.peak = e.in.workers
		if e.probe != nil && e.probe.audit != nil {
			e.probe.audit.peak(e.in.peak, e.in.limit)
		}
	}
	e.makeRoom()
	go (&worker{e: e}).start()
}

func (w *worker) start() {
	w.e.arrive()
	w.main()
}

// arrive is what a new worker does first.
func (e *executor) arrive() {
	e.out.mu.Lock()
	e.in.mu.Lock()
	e.in.starting = false
	e.in.done = e.out.done
	e.hire()
	e.makeRoom()
	e.in.mu.Unlock()
	e.out.mu.Unlock()
}

func (w *worker) main() {
	for !w.work() {
	}
}

// work runs tasks until there is nothing more to do for this worker, and then
// returns true. It returns false after a panic: a single deferred call guards all
// tasks, so that they do not each need one.
func (w *worker) work() (leave bool) {
	defer func() {
		if leave {
			return
		}
		recovered := recover()
		w.current.fail(w.e, w.scope, unwound(recovered))
		if recovered == nil { // Goexit: this goroutine cannot go on
			go w.main()
		}
	}()
	// The labels of the goroutine that happened to start this worker are not its own.
	pprof.SetGoroutineLabels(w.e.labels)
	named := w.e.labels != context.Background()
	for {
		next := w.next()
		if next.runnable == nil {
			return true
		}
		if named {
			pprof.SetGoroutineLabels(w.e.labels)
		}
		w.current = next.runnable
		if next.parent != nil && !(w.shared && w.scope.parent == next.parent) {
			w.enter(next.parent)
		}
		w.ran = 1
		w.current.run(w.e, w.scope)
	}
}

// enter makes the scope of a task that was started with Go and that context.
//
// Nobody can await or cancel such a task, so one that has ended leaves its scope
// to the next with the same context, and only the first pays for it.
func (w *worker) enter(parent context.Context) {
	if parent == context.Background() {
		w.scope, w.shared = &w.e.root, true
		return
	}
	w.scope = &scope{parent: parent, e: w.e}
	w.shared = reflect.TypeOf(parent).Kind() == reflect.Pointer
}

// next counts the task that the worker has just run and returns the next one.
// It waits for one as long as the pool may need the worker, and returns none
// when it no longer does.
func (w *worker) next() entry {
	e, woken := w.e, false
	e.out.mu.Lock()
	e.out.done += w.ran
	w.ran = 0
	for {
		if e.surplus.Load() > 0 && e.shed() {
			break
		}
		if e.out.head != e.out.tail || e.refresh() {
			r := e.pop()
			// Whoever submits while a worker is being woken wakes no other;
			// the woken one does it.
			more := woken && len(e.out.idle) > 0 && (e.out.head != e.out.tail || e.refresh())
			e.out.mu.Unlock()
			if more {
				e.wake()
			}
			if e.blocked.Load() > 0 {
				e.unblock()
			}
			return r
		}
		if e.out.closed {
			e.dismiss(len(e.out.idle))
			e.leave()
			break
		}
		if !e.park(w) {
			continue
		}
		e.out.mu.Unlock()
		e.unblock()
		w.scope, w.shared = nil, false // an idle worker keeps nothing alive
		if woken = <-w.wake; !woken {
			return entry{}
		}
		e.out.mu.Lock()
		e.out.waking = false
		e.publish()
	}
	more := len(e.out.idle) > 0 && e.refresh()
	e.out.mu.Unlock()
	if more {
		e.wake()
	}
	e.unblock()
	return entry{}
}

// shed ends one worker if there are more than the limit. The caller holds out.mu.
func (e *executor) shed() bool {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if e.in.workers <= e.in.limit {
		return false
	}
	e.in.workers--
	e.makeRoom()
	e.finish()
	return true
}

// leave ends one worker. The caller holds out.mu.
func (e *executor) leave() {
	e.in.mu.Lock()
	e.in.workers--
	e.makeRoom()
	e.finish()
	e.in.mu.Unlock()
}
