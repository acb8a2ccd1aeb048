package pool_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func TestAwaitReturnsWhatTheTaskReturns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Second); return 7, errTask })
		for range 3 {
			v, err := f.Await(t.Context())
			check(t, "value", v, 7)
			check(t, "error", err, errTask)
		}
		p.Close()
	})
}

func TestAwaitEndsWithItsContextAndTheTaskGoesOn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 7, nil })
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := f.Await(ctx)
			checkIs(t, "early", err, context.DeadlineExceeded)
			cancel()
		}
		v, err := f.Await(t.Context())
		check(t, "value", v, 7)
		check(t, "error", err, nil)
		p.Close()
	})
}

func TestManyAwaitOneFuture(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 7, nil })
		got := make(chan int)
		for range 10 {
			go func() { v, _ := f.Await(t.Context()); got <- v }()
			go func() { <-f.Done(); got <- 7 }()
		}
		for range 20 {
			check(t, "value", <-got, 7)
		}
		p.Close()
	})
}

func TestDone(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 7, nil })
		done := f.Done()
		check(t, "same channel", f.Done(), done)
		start := time.Now()
		<-done
		check(t, "time", time.Since(start), time.Hour)
		check(t, "same channel", f.Done(), done)
		late := pool.Submit(t.Context(), p, value(1))
		late.Await(t.Context())
		<-late.Done()
		check(t, "same channel", late.Done(), late.Done())
		p.Close()
	})
}

func TestZeroFutureHasFailed(t *testing.T) {
	var f pool.Future[int]
	_, err := f.Await(t.Context())
	checkIs(t, "Await", err, pool.ErrNoFuture)
	<-f.Done()
	f.Cancel()
	_, err = pool.All(t.Context(), &f)
	checkIs(t, "All", err, pool.ErrNoFuture)
	_, err = pool.Any(t.Context(), &f)
	checkIs(t, "Any", err, pool.ErrNoFuture)
	for _, err := range pool.AsCompleted(t.Context(), &f) {
		checkIs(t, "AsCompleted", err, pool.ErrNoFuture)
	}
}

func TestPanicIsAnErrorWithItsStack(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		_, err := pool.Submit(t.Context(), p, func(context.Context) (int, error) { panicHere(); return 0, nil }).Await(t.Context())
		var pe *pool.PanicError
		if !errors.As(err, &pe) {
			t.Fatalf("got %v", err)
		}
		check(t, "value", pe.Value, any(errTask))
		checkIs(t, "unwraps to the value", err, errTask)
		check(t, "stack shows the place", strings.Contains(string(pe.Stack), "panicHere"), true)
		check(t, "message shows the value", strings.Contains(err.Error(), errTask.Error()), true)
		check(t, "workers", p.Stats().Workers, 1)
		v, err := pool.Submit(t.Context(), p, value(1)).Await(t.Context())
		check(t, "next value", v, 1)
		check(t, "next error", err, nil)
		p.Close()
	})
}

func panicHere() { panic(errTask) }

func TestGoexitCostsNoWorker(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		_, err := pool.Submit(t.Context(), p, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil }).Await(t.Context())
		checkIs(t, "error", err, pool.ErrGoexit)
		_, err = pool.Submit(t.Context(), p, value(1)).Await(t.Context())
		check(t, "next", err, nil)
		check(t, "workers", p.Stats().Workers, 1)
		p.Close()
	})
}

func TestCancelQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		release := hold(t, p, 1)
		f := pool.Submit(t.Context(), p, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
		f.Cancel()
		f.Cancel()
		_, err := f.Await(t.Context())
		checkIs(t, "error", err, context.Canceled)
		release()
		p.Close()
		check(t, "failures", p.Stats().Failed, 0)
	})
}

func TestCancelRunning(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			<-ctx.Done()
			check(t, "Err", ctx.Err(), context.Canceled)
			return 5, nil
		})
		synctest.Wait()
		f.Cancel()
		v, err := f.Await(t.Context())
		check(t, "what the task returns", v, 5)
		check(t, "error", err, nil)
		f.Cancel()
		p.Close()
	})
}

func TestTaskThatAsksLateSeesItsCancellation(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		gate := make(chan struct{})
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (error, error) {
			<-gate
			return context.Cause(ctx), ctx.Err()
		})
		synctest.Wait()
		f.Cancel()
		close(gate)
		cause, err := f.Await(t.Context())
		checkIs(t, "Err", err, context.Canceled)
		checkIs(t, "Cause", cause, context.Canceled)
		p.Close()
	})
}

func TestAll(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(3)
		other := errors.New("other")
		vs, err := pool.All(t.Context(),
			pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 1, nil }),
			pool.Submit(t.Context(), p, func(context.Context) (int, error) { return 0, errTask }),
			pool.Submit(t.Context(), p, func(context.Context) (int, error) { return 0, other }),
			pool.Submit(t.Context(), p, value(4)))
		checkIs(t, "first", err, errTask)
		checkIs(t, "second", err, other)
		if len(vs) != 4 || vs[0] != 1 || vs[3] != 4 {
			t.Error(vs)
		}
		vs, err = pool.All[int](t.Context())
		check(t, "of none", len(vs), 0)
		check(t, "of none", err, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		slow := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 1, nil })
		_, err = pool.All(ctx, slow, slow)
		checkIs(t, "early", err, context.DeadlineExceeded)
		p.Close()
	})
}

func sleeping(d time.Duration, err error) func(context.Context) (time.Duration, error) {
	return func(ctx context.Context) (time.Duration, error) {
		select {
		case <-time.After(d):
			return d, err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func TestAny(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(3)
		loser := pool.Submit(t.Context(), p, sleeping(time.Hour, nil))
		start := time.Now()
		d, err := pool.Any(t.Context(), loser,
			pool.Submit(t.Context(), p, sleeping(time.Second, errTask)),
			pool.Submit(t.Context(), p, sleeping(time.Minute, nil)))
		check(t, "winner", d, time.Minute)
		check(t, "error", err, nil)
		check(t, "time", time.Since(start), time.Minute)
		_, err = loser.Await(t.Context())
		checkIs(t, "loser", err, context.Canceled)
		check(t, "the loser was cancelled", time.Since(start), time.Minute)

		_, err = pool.Any(t.Context(), pool.Submit(t.Context(), p, sleeping(1, errTask)), pool.Submit(t.Context(), p, sleeping(2, errTask)))
		checkIs(t, "all fail", err, errTask)
		_, err = pool.Any[int](t.Context())
		checkIs(t, "of none", err, pool.ErrNoFuture)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = pool.Any(ctx, pool.Submit(t.Context(), p, sleeping(time.Hour, nil)))
		checkIs(t, "early", err, context.DeadlineExceeded)
		p.Close()
	})
}

func TestAsCompleted(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(3)
		fs := []*pool.Future[time.Duration]{
			pool.Submit(t.Context(), p, sleeping(3, nil)),
			pool.Submit(t.Context(), p, sleeping(1, nil)),
			pool.Submit(t.Context(), p, sleeping(2, nil)),
		}
		var got []time.Duration
		for d, err := range pool.AsCompleted(t.Context(), fs...) {
			check(t, "error", err, nil)
			got = append(got, d)
		}
		if len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != 3 {
			t.Error(got)
		}
		again := 0
		for range pool.AsCompleted(t.Context(), fs...) {
			again++
		}
		check(t, "again", again, 3)
		p.Close()
	})
}

func TestAsCompletedBreakCancelsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(3)
		a, b := pool.Submit(t.Context(), p, sleeping(1, nil)), pool.Submit(t.Context(), p, sleeping(time.Hour, nil))
		for range pool.AsCompleted(t.Context(), a, b) {
			break
		}
		d, err := b.Await(t.Context())
		check(t, "value", d, time.Hour)
		check(t, "error", err, nil)

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var errs []error
		for _, err := range pool.AsCompleted(ctx, b, pool.Submit(t.Context(), p, sleeping(time.Hour, nil))) {
			errs = append(errs, err)
		}
		check(t, "yields", len(errs), 2)
		checkIs(t, "last", errs[1], context.DeadlineExceeded)
		p.Close()
	})
}
