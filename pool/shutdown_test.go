package pool_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func TestCloseDrains(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2, pool.WithQueue(100))
		var n atomic.Int64
		for range 100 {
			p.Go(t.Context(), func(context.Context) error { time.Sleep(time.Second); n.Add(1); return nil })
		}
		check(t, "Close", p.Close(), nil)
		check(t, "ran", n.Load(), 100)
		check(t, "again", p.Close(), nil)
		check(t, "workers", p.Stats().Workers, 0)
	})
}

func TestCloseOfAnUnusedPool(t *testing.T) {
	check(t, "io", pool.NewIO(1).Close(), nil)
	check(t, "cpu", pool.NewCPU().Close(), nil)
	var io pool.IO
	check(t, "zero", io.Close(), nil)
	checkIs(t, "zero", io.Go(context.Background(), nothing), pool.ErrClosed)
}

func TestSubmitAfterCloseFails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, policy := range []pool.Policy{pool.Block, pool.Reject, pool.CallerRuns} {
			p := pool.NewIO(1, pool.WithPolicy(policy))
			p.Close()
			checkIs(t, "Go", p.Go(t.Context(), nothing), pool.ErrClosed)
			checkIs(t, "TryGo", p.TryGo(t.Context(), nothing), pool.ErrClosed)
			f := pool.Submit(t.Context(), p, value(1))
			<-f.Done()
			_, err := f.Await(t.Context())
			checkIs(t, "Submit", err, pool.ErrClosed)
			for _, err := range pool.Map(t.Context(), p, one, func(context.Context, int) (int, error) { return 0, nil }) {
				checkIs(t, "Map", err, pool.ErrClosed)
			}
			p.Resize(5)
			check(t, "workers", p.Stats().Workers, 0)
		}
	})
}

func one(yield func(int) bool) { yield(1) }

func TestCloseReleasesBlockedSubmitters(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		release := hold(t, p, 1)
		got := make(chan error)
		for range 3 {
			go func() { got <- p.Go(t.Context(), nothing) }()
		}
		synctest.Wait()
		go p.Close()
		for range 3 {
			checkIs(t, "blocked", <-got, pool.ErrClosed)
		}
		release()
		p.Close()
	})
}

func TestShutdownThatRunsOutCancels(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var seen errorsOf
		p := pool.NewIO(2, pool.WithQueue(10), pool.WithErrorHandler(seen.add))
		var ended atomic.Int64
		stubborn := func(ctx context.Context) error {
			<-ctx.Done()
			checkIs(t, "Cause", context.Cause(ctx), pool.ErrClosed)
			time.Sleep(time.Minute)
			ended.Add(1)
			return ctx.Err()
		}
		p.Go(context.Background(), stubborn)
		running := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { return 1, stubborn(ctx) })
		synctest.Wait()
		queued := pool.Submit(t.Context(), p, func(context.Context) (int, error) { t.Error("ran"); return 0, nil })
		p.Go(context.Background(), func(context.Context) error { t.Error("ran"); return nil })

		cause := errors.New("no more patience")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancel()
		start := time.Now()
		checkIs(t, "Shutdown", p.Shutdown(ctx), cause)
		check(t, "time", time.Since(start), time.Second+time.Minute)
		check(t, "ended", ended.Load(), 2)
		_, err := running.Await(t.Context())
		checkIs(t, "running", err, context.Canceled)
		_, err = queued.Await(t.Context())
		checkIs(t, "queued", err, context.Canceled)
		checkIs(t, "queued", err, pool.ErrClosed)
		check(t, "again", p.Shutdown(ctx), nil)
		check(t, "failures", len(seen.all()), 0)
	})
}

func TestShutdownsAtTheSameTime(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		p.Go(t.Context(), func(ctx context.Context) error { <-ctx.Done(); return nil })
		closed := make(chan error)
		go func() { closed <- p.Close() }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		checkIs(t, "Shutdown", p.Shutdown(ctx), context.DeadlineExceeded)
		check(t, "Close", <-closed, nil)
	})
}
