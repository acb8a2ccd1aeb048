package pool

import (
	"context"
	"errors"
)

// Any returns the value of the first future that succeeds, and cancels the
// others without waiting for them. If all fail, it returns their errors joined;
// if there are no futures, [ErrNoFuture]. It blocks until then or until ctx ends,
// in which case it returns the cause of ctx and cancels nothing.
//
// Like Await, it is safe in a task of the same pool with that task's context;
// it returns [ErrDeadlock] if every future waits for the waiter.
func Any[T any](ctx context.Context, fs ...*Future[T]) (T, error) {
	var zero T
	if len(fs) == 0 {
		return zero, ErrNoFuture
	}
	r := start(fs)
	defer r.stop()
	errs := make([]error, len(fs))
	for r.left > 0 {
		i, err := r.next(ctx)
		if err != nil {
			return zero, err
		}
		v, err := fs[i].Await(ctx)
		if err == nil {
			for j, f := range fs {
				if j != i {
					f.observe()
					f.Cancel()
				}
			}
			return v, nil
		}
		errs[i] = err
	}
	return zero, errors.Join(errs...)
}
