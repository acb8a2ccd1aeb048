package pool

import (
	"context"
	"sync/atomic"
)

// A Future is the present or future result of a task started with [Submit]. It
// may be awaited any number of times and by many goroutines at once.
//
// The zero Future has failed with [ErrNoFuture].
type Future[T any] struct {
	future
	task  func(context.Context) (T, error)
	value T
}

// Submit starts a task and returns its future, which is never nil. If the task
// was not accepted, the future has already failed: with the cause of ctx,
// [ErrClosed], or [ErrFull].
//
// While every worker is busy and the queue is full, Submit follows the pool's
// [Policy]: by default, it blocks until there is room or ctx ends. It may be
// called from many goroutines at once.
//
// A panic in the task becomes a [*PanicError]. Submit allocates nothing but the
// future.
func Submit[T any](ctx context.Context, e Executor, task func(context.Context) (T, error)) *Future[T] {
	x := e.base()
	return submit(ctx, x, task, x.policy)
}

func submit[T any](ctx context.Context, e *executor, task func(context.Context) (T, error), full Policy) *Future[T] {
	f := &Future[T]{task: task}
	f.scope.parent, f.scope.e = ctx, e
	if e.probe != nil {
		watch(e.probe, f)
	}
	var err error
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else if !e.offer(entry{f, nil}) {
		err = e.admit(ctx, entry{f, nil}, full)
	}
	if err != nil { // refused, so that nobody else knows of it
		e.auditor().refused(err)
		f.claim()
		f.complete(err, !f.scope.canceled(err))
	}
	return f
}

// Await returns what the task has returned. It blocks until the task or ctx ends.
// If ctx ends first, Await returns the cause of ctx; the task keeps running and
// may be awaited again.
//
// With the context of a task of the same pool, it never waits for a task that is
// only queued: it runs that task itself, during which ctx does not interrupt it.
// It returns [ErrDeadlock] if the awaited task waits for the waiter.
func (f *Future[T]) Await(ctx context.Context) (T, error) {
	if f.state.Load()&done == 0 {
		if err := f.await(ctx, f); err != nil {
			var zero T
			return zero, err
		}
	}
	return f.result()
}

// result returns the outcome of a task that has ended, and takes note that
// somebody has seen it.
func (f *Future[T]) result() (T, error) {
	if o := f.outcome; o != nil {
		o.seen.Store(true)
		return f.value, o.err
	}
	return f.value, nil
}

// Cancel cancels the task. If it is queued, it will never run, and its future
// fails with [context.Canceled]. If it is running, its context is cancelled, and
// the future gets what the task then returns. Cancel does not block, and has no
// effect on a task that has ended.
func (f *Future[T]) Cancel() {
	switch {
	case f.scope.e == nil || f.state.Load()&done != 0:
	case f.claim():
		f.task = nil
		f.complete(context.Canceled, false)
	default:
		f.scope.derive().cancel(context.Canceled)
	}
}

// run implements runnable.
func (f *Future[T]) run(e *executor, _ *scope) {
	if !f.claim() {
		return
	}
	err := f.scope.refusal()
	if err == nil {
		f.value, err = f.task(&f.scope)
	}
	f.fail(e, nil, err)
}

// fail implements runnable. The error may be nil.
func (f *Future[T]) fail(e *executor, _ *scope, err error) {
	f.task = nil // and what it refers to
	failed := err != nil && !f.scope.canceled(err)
	if failed {
		e.failures.Add(1)
	}
	f.complete(err, failed)
}

// future is what a Future has whatever its type.
type future struct {
	scope   scope
	state   atomic.Uint32
	outcome *outcome // nil after a success
	waiters *waiter  // guarded by e.waits.mu
}

// The bits of a future's state.
const (
	claimed  = 1 << iota // somebody runs it, has run it or never will
	done                 // outcome and value are there to be read
	waited               // there may be waiters
	observed             // somebody will see the outcome, whatever it is
)

// claim makes the caller the one who runs the task, unless there is one.
func (f *future) claim() bool { return f.state.Or(claimed)&claimed == 0 }

// complete ends the future. Only who has claimed it may.
func (f *future) complete(err error, failed bool) {
	e := f.scope.e
	audited := f.outcome != nil
	if err != nil {
		if !audited {
			f.outcome = new(outcome)
		}
		f.outcome.err = err
		f.outcome.failed = failed
	}
	o := f.outcome
	before := f.state.Or(done)
	if before&waited != 0 {
		e.waits.release(f)
	}
	switch {
	case before&observed != 0 && o != nil:
		o.seen.Store(true)
	case failed && !audited:
		e.reportIfLost(f, o)
	}
}

// observe says that the caller takes care of the outcome, now or later.
func (f *future) observe() {
	if f.state.Or(observed)&done != 0 && f.outcome != nil {
		f.outcome.seen.Store(true)
	}
}

func (f *future) awaited() *future { return f }
