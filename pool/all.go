package pool

import (
	"context"
	"errors"
)

// All waits for all futures and returns their values in the same order, with the
// zero value for those that failed, and their errors joined. It blocks until all
// futures have ended, failed or not, or until ctx ends. In that case it also
// returns the cause of ctx, and cancels nothing.
//
// Like Await, it is safe in a task of the same pool with that task's context.
func All[T any](ctx context.Context, fs ...*Future[T]) ([]T, error) {
	values := make([]T, len(fs))
	var errs []error
	for i, f := range fs {
		v, err := f.Await(ctx)
		if err != nil {
			errs = append(errs, err)
			if ctx.Err() != nil && f.state.Load()&done == 0 {
				break
			}
			continue
		}
		values[i] = v
	}
	return values, errors.Join(errs...)
}
