package pool_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func nothing(context.Context) error { return nil }

func TestFullQueueBlocksUntilThereIsAPlace(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(2))
		release := hold(t, p, 3)
		time.AfterFunc(time.Minute, release)
		start := time.Now()
		check(t, "error", p.Go(t.Context(), nothing), nil)
		check(t, "waited", time.Since(start), time.Minute)
		p.Close()
	})
}

func TestBlockedSubmitEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		release := hold(t, p, 1)
		cause := errors.New("enough")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, cause)
		defer cancel()
		start := time.Now()
		checkIs(t, "Go", p.Go(ctx, nothing), cause)
		check(t, "waited", time.Since(start), time.Minute)
		_, err := pool.Submit(ctx, p, value(1)).Await(t.Context())
		checkIs(t, "Submit", err, cause)
		release()
		p.Close()
	})
}

// A submitter that leaves when it has just been called must pass the call on.
func TestPlaceIsNotLostWithASubmitter(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		for range 100 {
			release := hold(t, p, 1)
			ctx, cancel := context.WithCancel(t.Context())
			go p.Go(ctx, nothing)
			synctest.Wait()
			done := make(chan error)
			go func() { done <- p.Go(t.Context(), nothing) }()
			synctest.Wait()
			go cancel()
			go release()
			check(t, "second", <-done, nil)
			synctest.Wait()
		}
		p.Close()
	})
}

func TestQueueOfZeroHandsOver(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2, pool.WithQueue(0))
		release := hold(t, p, 2)
		check(t, "queued", p.Stats().Queued, 0)
		checkIs(t, "TryGo", p.TryGo(t.Context(), nothing), pool.ErrFull)
		release()
		synctest.Wait()
		check(t, "TryGo", p.TryGo(t.Context(), nothing), nil)
		p.Close()
	})
}

func TestTryGoNeverBlocks(t *testing.T) {
	for _, policy := range []pool.Policy{pool.Block, pool.Reject, pool.CallerRuns} {
		bubble(t, func(t *testing.T) {
			p := pool.NewIO(1, pool.WithQueue(1), pool.WithPolicy(policy))
			release := hold(t, p, 2)
			checkIs(t, "TryGo", p.TryGo(t.Context(), nothing), pool.ErrFull)
			release()
			p.Close()
		})
	}
}

func TestReject(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(1), pool.WithPolicy(pool.Reject))
		release := hold(t, p, 2)
		checkIs(t, "Go", p.Go(t.Context(), nothing), pool.ErrFull)
		f := pool.Submit(t.Context(), p, value(1))
		<-f.Done()
		_, err := f.Await(t.Context())
		checkIs(t, "Submit", err, pool.ErrFull)
		release()
		p.Close()
	})
}

func TestCallerRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(1), pool.WithPolicy(pool.CallerRuns))
		release := hold(t, p, 2)
		ran := false
		check(t, "Go", p.Go(t.Context(), func(context.Context) error { ran = true; return nil }), nil)
		check(t, "ran", ran, true)
		v, err := pool.Submit(t.Context(), p, value(7)).Await(t.Context())
		check(t, "value", v, 7)
		check(t, "error", err, nil)
		_, err = pool.Submit(t.Context(), p, func(context.Context) (int, error) { panic("ouch") }).Await(t.Context())
		var p1 *pool.PanicError
		check(t, "panic is an error", errors.As(err, &p1), true)
		release()
		p.Close()
	})
}

func TestCloseWaitsForCallers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0), pool.WithPolicy(pool.CallerRuns))
		release := hold(t, p, 1)
		go p.Go(t.Context(), func(context.Context) error { time.Sleep(time.Hour); return nil })
		synctest.Wait()
		release()
		start := time.Now()
		p.Close()
		check(t, "waited", time.Since(start), time.Hour)
	})
}

func TestEndedContextIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		cause := errors.New("gone home")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		checkIs(t, "Go", p.Go(ctx, nothing), cause)
		checkIs(t, "TryGo", p.TryGo(ctx, nothing), cause)
		_, err := pool.Submit(ctx, p, value(1)).Await(t.Context())
		checkIs(t, "Submit", err, cause)
		check(t, "taken", p.Stats().Taken, 0)
		p.Close()
	})
}
