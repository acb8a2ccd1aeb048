package pool

import "context"

// Go starts a task whose result nobody needs. It returns once the task has been
// accepted, or with an error if it was not: the cause of ctx if that has ended,
// [ErrClosed], or [ErrFull].
//
// While every worker is busy and the queue is full, it follows the pool's
// [Policy]: by default, it blocks until there is room or ctx ends.
//
// If the task fails or panics, the error goes to the handler set by
// [WithErrorHandler], unless it is a cancellation. Go allocates nothing. The
// worker allocates only the context of the task, unless that is the same as for
// its previous task or [context.Background].
func (e *executor) Go(ctx context.Context, task func(context.Context) error) error {
	// The fast path of launch.
	if e.probe == nil && ctx.Err() == nil && e.offer(entry{plain(task), ctx}) {
		return nil
	}
	err := e.launch(ctx, task, e.policy)
	if err != nil {
		e.auditor().refused(err)
	}
	return err
}

// TryGo is like Go but never blocks: it returns [ErrFull] if every worker is busy
// and the queue is full.
func (e *executor) TryGo(ctx context.Context, task func(context.Context) error) error {
	return e.launch(ctx, task, Reject)
}

func (e *executor) launch(ctx context.Context, task func(context.Context) error, full Policy) error {
	if e.probe != nil {
		task = e.probe.wrap(task)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if entry := (entry{plain(task), ctx}); !e.offer(entry) {
		return e.admit(ctx, entry, full)
	}
	return nil
}

// plain is a task started with Go. A func is a pointer, so that the queue holds
// it without an allocation.
type plain func(context.Context) error

func (f plain) run(e *executor, s *scope) {
	if e.dropped.Load() || s != &e.root && s.parent.Err() != nil {
		f.fail(e, s, s.refusal())
	} else if err := f(s); err != nil {
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
