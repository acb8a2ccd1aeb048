package pool

import "context"

// Shutdown closes the pool. Once it is called, every submit fails with
// [ErrClosed], including those that are blocked. Accepted tasks are still run. If
// ctx ends first, queued tasks are dropped and the contexts of running ones are
// cancelled.
//
// It blocks until every task has ended and no worker is left, even after ctx has
// ended. It returns nil, or the cause of ctx if that cut it short. It may be
// called again, also concurrently; once the pool has shut down, it returns nil
// immediately. Inside a task of the same pool it deadlocks.
func (e *executor) Shutdown(ctx context.Context) error {
	e.close()
	defer e.forgotten.release()
	if e.in.finished == nil {
		return nil
	}
	select {
	case <-e.in.finished:
		return nil
	default:
	}
	select {
	case <-e.in.finished:
		return nil
	case <-ctx.Done():
		e.dropped.Store(true)
		e.root.derived.Load().cancel(errDropped)
		<-e.in.finished
		return context.Cause(ctx)
	}
}

// Close is Shutdown without a time limit: it blocks until all accepted tasks
// have run. It returns nil, and may be called again.
func (e *executor) Close() error { return e.Shutdown(context.Background()) }

func (e *executor) close() {
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	e.in.mu.Lock()
	e.in.closed = true
	e.out.closed = true
	e.makeRoom()
	e.unblockAll()
	idle := 0
	if e.in.tail == e.out.head {
		idle = len(e.out.idle)
	}
	e.finish()
	e.in.mu.Unlock()
	e.dismiss(idle)
	if e.out.retire.timer != nil && len(e.out.idle) == 0 {
		e.out.retire.timer.Stop()
	}
}

// finish lets Shutdown return once nothing is left. The caller holds in.mu.
func (e *executor) finish() {
	if !e.in.closed || e.in.workers > 0 || e.in.inline > 0 || e.in.finished == nil {
		return
	}
	select {
	case <-e.in.finished:
	default:
		close(e.in.finished)
	}
}
