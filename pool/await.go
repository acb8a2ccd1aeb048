package pool

import (
	"context"
	"sync"
)

// A waiter is notified when a future has ended: by its index on ready, or by
// closing done if that is set. It is in the list of at most one future.
type waiter struct {
	next  *waiter
	index int
	ready chan int // has room for it
	done  chan struct{}
}

// waits guards the waiters of all futures of a pool, and what its tasks wait
// for. A wait that need not block does not get here.
type waits struct {
	mu    sync.Mutex
	spare *waiter // for Await, so that blocking allocates nothing
	kept  int
}

// await blocks until f has ended or ctx has. f is the future of r.
func (f *future) await(ctx context.Context, r runnable) error {
	e := f.scope.e
	if e == nil {
		return ErrNoFuture
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	host := current(ctx)
	if f.runInline(host, r) {
		return nil
	}
	w := e.waits.take()
	if !e.waits.add(f, w) {
		e.waits.keep(w)
		return nil
	}
	if host != nil {
		defer host.waitFor(f.node())()
		if host.stuck() {
			e.waits.drop(f, w)
			e.auditor().deadlocked()
			return ErrDeadlock
		}
	}
	select {
	case <-w.ready:
		e.waits.keep(w)
		return nil
	case <-ctx.Done():
		e.waits.drop(f, w)
		return context.Cause(ctx)
	}
}

// runInline runs r if it is queued and host is in a task of its pool, and
// reports whether its future f has ended.
func (f *future) runInline(host *scope, r runnable) bool {
	if e := f.scope.e; f.state.Load()&claimed == 0 && host.within(e) {
		e.enter(false)
		e.inline(host, r, &f.scope)
	}
	return f.state.Load()&done != 0
}

// Done returns a channel that is closed when the task has ended, the same one on
// every call. It does not block. Waiting for the channel does not count as
// observing a failure; only Await, [All], [Any] and [AsCompleted] do. Unlike
// Await, it is not safe in a task of the same pool.
func (f *Future[T]) Done() <-chan struct{} {
	if f.scope.e == nil {
		closed := make(chan struct{})
		close(closed)
		return closed
	}
	return f.scope.e.waits.channel(&f.future)
}

// channel returns the done channel of f, making it if necessary.
func (ws *waits) channel(f *future) <-chan struct{} {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for w := f.waiters; w != nil; w = w.next {
		if w.done != nil {
			return w.done
		}
	}
	w := &waiter{done: make(chan struct{}), next: f.waiters}
	f.waiters = w
	if f.state.Or(waited)&done != 0 {
		close(w.done)
	}
	return w.done
}

// add makes w wait for f, unless f has ended.
func (ws *waits) add(f *future, w *waiter) bool {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if f.state.Or(waited)&done != 0 {
		return false
	}
	w.next, f.waiters = f.waiters, w
	return true
}

// release notifies all waiters of f that it has ended. A done channel is kept for
// those who ask later.
func (ws *waits) release(f *future) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := f.waiters
	f.waiters = nil
	for w != nil {
		next := w.next
		if w.done != nil {
			w.next, f.waiters = nil, w
			select {
			case <-w.done: // made after the end, and closed by its maker
			default:
				close(w.done)
			}
		} else {
			w.next = nil
			w.ready <- w.index
		}
		w = next
	}
}

// remove undoes add.
func (ws *waits) remove(f *future, w *waiter) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for p := &f.waiters; *p != nil; p = &(*p).next {
		if *p == w {
			*p, w.next = w.next, nil
			return
		}
	}
}

// drop undoes take and add.
func (ws *waits) drop(f *future, w *waiter) {
	ws.remove(f, w)
	select {
	case <-w.ready: // it has ended just now
	default:
	}
	ws.keep(w)
}

// take returns a waiter for one Await.
func (ws *waits) take() *waiter {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	w := ws.spare
	if w == nil {
		return &waiter{ready: make(chan int, 1)}
	}
	ws.spare, w.next = w.next, nil
	ws.kept--
	return w
}

// keep takes a waiter back.
func (ws *waits) keep(w *waiter) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.kept < 64 {
		w.next, ws.spare = ws.spare, w
		ws.kept++
	}
}
