package pool_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func TestFailureOfGoGoesToTheHandler(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var seen errorsOf
		p := pool.NewIO(1, pool.WithErrorHandler(seen.add))
		ctx, cancel := context.WithCancel(t.Context())
		p.Go(t.Context(), func(context.Context) error { return errTask })
		p.Go(t.Context(), func(context.Context) error { panic("ouch") })
		p.Go(t.Context(), func(context.Context) error { runtime.Goexit(); return nil })
		p.Go(t.Context(), func(context.Context) error { return context.Canceled }) // not the task's own
		p.Go(ctx, func(ctx context.Context) error { <-ctx.Done(); return fmt.Errorf("stopped: %w", ctx.Err()) })
		synctest.Wait()
		cancel()
		p.Close()
		errs := seen.all()
		if len(errs) != 4 {
			t.Fatal(errs)
		}
		checkIs(t, "error", errs[0], errTask)
		var pe *pool.PanicError
		check(t, "panic", errors.As(errs[1], &pe), true)
		checkIs(t, "Goexit", errs[2], pool.ErrGoexit)
		checkIs(t, "somebody else's cancellation", errs[3], context.Canceled)
		check(t, "counted", p.Stats().Failed, 4)
	})
}

// collect runs the garbage collector until the pool has reported n failures, or
// for long enough to be sure that it does not.
func collect(p pool.Executor, n uint64) uint64 {
	for i := 0; i < 200 && p.Stats().Lost < n; i++ {
		runtime.GC()
		runtime.Gosched()
	}
	return p.Stats().Lost
}

func TestFailureThatNobodyAwaitedIsReportedOnce(t *testing.T) {
	var seen errorsOf
	p := pool.NewIO(4, pool.WithErrorHandler(seen.add))
	fail := func(context.Context) (int, error) { return 0, errTask }
	for range 10 {
		pool.Submit(t.Context(), p, fail)
	}
	pool.Submit(t.Context(), p, value(1))
	p.Close()
	pool.Submit(t.Context(), p, value(1)) // refused is failed, too
	check(t, "lost", collect(p, 11), 11)
	check(t, "and no more", collect(p, 12), 11)
	errs := seen.all()
	check(t, "handed over", len(errs), 11)
	tasks, refused := 0, 0
	for _, err := range errs { // in the order in which they were collected, which is nobody's
		switch {
		case errors.Is(err, errTask):
			tasks++
		case errors.Is(err, pool.ErrClosed):
			refused++
		}
	}
	check(t, "of tasks", tasks, 10)
	check(t, "of the refused", refused, 1)
}

func TestObservedFailureIsNotReported(t *testing.T) {
	p := pool.NewIO(4, pool.WithErrorHandler(func(err error) { t.Error(err) }))
	ctx := t.Context()
	failing := func() *pool.Future[int] {
		return pool.Submit(ctx, p, func(context.Context) (int, error) { return 0, errTask })
	}
	failing().Await(ctx)
	pool.All(ctx, failing(), failing())
	pool.Any(ctx, failing(), failing())
	pool.Any(ctx, failing(), pool.Submit(ctx, p, value(1)), failing())
	for range pool.AsCompleted(ctx, failing(), failing()) {
	}
	canceled := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	canceled.Cancel()
	<-canceled.Done()
	gone, cancel := context.WithCancel(ctx)
	cancel()
	pool.Submit(gone, p, value(1))
	p.Close()
	check(t, "lost", collect(p, 1), 0)
}

// A wait that was cut short has not seen the failure.
func TestFailureAfterAnAwaitThatGaveUpIsReported(t *testing.T) {
	p := pool.NewIO(4, pool.WithErrorHandler(func(error) {}))
	gate := make(chan struct{})
	f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { <-gate; return 0, errTask })
	ctx, cancel := context.WithTimeout(t.Context(), time.Microsecond)
	defer cancel()
	f.Await(ctx)
	close(gate)
	p.Close()
	check(t, "lost", collect(p, 1), 1)
}
