package pool

import "context"

// Go starts a task that nobody will ask for its result. It returns once the
// task was accepted, and an error if it was not: the cause of ctx if that has
// ended, [ErrClosed], or [ErrFull].
//
// While every worker is busy and the queue is full, it does what the pool's
// [Policy] says: unless told, it blocks until there is a place or ctx ends.
//
// If the task fails or panics, the error goes to the handler of
// [WithErrorHandler], unless it is a cancellation. Go allocates nothing, and the
// worker only the context of the task, when it is another one than that of the
// task before and not [context.Background].
func (e *executor) Go(ctx context.Context, task func(context.Context) error) error {
	return e.launch(ctx, task, e.policy)
}

// TryGo is Go for those who cannot wait: it never blocks, and returns [ErrFull]
// if every worker is busy and the queue is full.
func (e *executor) TryGo(ctx context.Context, task func(context.Context) error) error {
	return e.launch(ctx, task, Reject)
}

func (e *executor) launch(ctx context.Context, task func(context.Context) error, full Policy) error {
	if e.probe != nil {
		task = e.probe.wrap(task)
	}
	entry := entry{plain(task), nil}
	if ctx != context.Background() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		entry.parent = ctx
	}
	if e.offer(entry) {
		return nil
	}
	return e.admit(ctx, entry, full)
}

// plain is a task started with Go. A func is a pointer, so that the queue holds
// it without an allocation.
type plain func(context.Context) error

func (f plain) run(e *executor, s *scope) {
	err := s.refusal()
	if err == nil {
		err = f(s)
	}
	if err != nil {
		f.fail(e, s, err)
	}
}

func (f plain) fail(e *executor, s *scope, err error) {
	if !s.canceled(err) {
		e.failures.Add(1)
		e.onError(err)
	}
}

func (f plain) awaited() *future { return nil }
