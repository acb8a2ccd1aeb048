package pool

import (
	"context"
	"iter"
)

// AsCompleted yields the results of the tasks in the order in which they end.
// Breaking out of the loop cancels nothing: the rest can still be awaited. When
// ctx ends, its cause is yielded once, and the loop ends.
//
// The loop blocks until the next task ends. Like Await, it is safe in a task of
// the same pool with that task's context; if every remaining future waits for
// the waiter, [ErrDeadlock] is yielded last.
func AsCompleted[T any](ctx context.Context, fs ...*Future[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		r := start(fs)
		defer r.stop()
		for r.left > 0 {
			i, err := r.next(ctx)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			if !yield(fs[i].Await(ctx)) {
				return
			}
		}
	}
}
