package pool

import (
	"context"
	"iter"
	"runtime"
)

// Map runs fn on every element of in and yields the results in the order of in.
// An error is yielded like a value, and does not end the loop.
//
// It takes no more from in than it can submit: the number of tasks in flight,
// including those whose results have not been yielded yet, is at most the number
// of workers that the pool may have (2 × GOMAXPROCS if that is unbounded). It
// blocks while the first of them runs and, whatever the pool's [Policy], while
// the queue is full.
//
// Breaking out of the loop cancels the tasks in flight and waits for them. When
// ctx ends, the results in flight are yielded as they end, the next element fails
// with the cause of ctx, and the loop is over.
//
// In a task of the same pool it is safe with that task's context.
func Map[A, B any](ctx context.Context, e Executor, in iter.Seq[A], fn func(context.Context, A) (B, error)) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		x := e.base()
		width := x.width()
		wait := context.WithoutCancel(ctx) // no result is left behind
		var flight []*Future[B]
		defer func() {
			for _, f := range flight {
				f.Cancel()
			}
			for _, f := range flight {
				if f.state.Load()&done == 0 {
					f.await(wait, f)
				}
			}
		}()
		first := func() bool {
			f := flight[0]
			v, err := f.Await(wait)
			flight = flight[1:]
			return yield(v, err)
		}
		for a := range in {
			if ctx.Err() != nil {
				for len(flight) > 0 {
					if !first() {
						return
					}
				}
				var zero B
				yield(zero, context.Cause(ctx))
				return
			}
			f := submit(ctx, x, func(ctx context.Context) (B, error) { return fn(ctx, a) }, Block)
			flight = append(flight, f)
			for len(flight) == width || len(flight) > 0 && flight[0].state.Load()&done != 0 {
				if !first() {
					return
				}
			}
		}
		for len(flight) > 0 {
			if !first() {
				return
			}
		}
	}
}

// width is how many tasks of one Map are in flight.
func (e *executor) width() int {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if e.in.limit == atMost(Unbounded) {
		return 2 * runtime.GOMAXPROCS(0)
	}
	return max(1, e.in.limit)
}
