package pool

import (
	"context"
	"iter"
)

// AsCompleted yields what the tasks return in the order in which they end. To
// break out of the loop cancels nothing: the rest may still be awaited. When ctx
// ends, its cause is yielded once, as the last.
//
// The loop blocks between one and the next. Like Await, it is safe in a task of
// the same pool with that task's context; when each future that is left waits
// for the waiter, [ErrDeadlock] is the last that is yielded.
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
