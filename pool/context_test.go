package pool_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

type key struct{}

// odd is a context that cannot be compared.
type odd struct {
	context.Context
	_ []int
}

func TestTaskContextDescendsFromTheSubmits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(10))
		cause := errors.New("cause")
		parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "value"))
		parent, cancel2 := context.WithTimeout(parent, time.Hour)
		defer cancel2()
		task := func(ctx context.Context) error {
			check(t, "value", ctx.Value(key{}), any("value"))
			deadline, ok := ctx.Deadline()
			check(t, "deadline", ok && time.Until(deadline) == time.Hour, true)
			check(t, "Err", ctx.Err(), nil)
			<-ctx.Done()
			check(t, "Err", ctx.Err(), context.Canceled)
			checkIs(t, "Cause", context.Cause(ctx), cause)
			child, stop := context.WithCancel(ctx)
			defer stop()
			checkIs(t, "child's Cause", context.Cause(child), cause)
			return ctx.Err()
		}
		if err := p.Go(odd{Context: parent}, task); err != nil {
			t.Fatal(err)
		}
		if err := p.Go(odd{Context: parent}, func(context.Context) error { t.Error("ran, though its context has ended"); return nil }); err != nil {
			t.Fatal(err)
		}
		f := pool.Submit(parent, p, func(ctx context.Context) (int, error) { return 0, task(ctx) })
		synctest.Wait()
		cancel(cause)
		_, err := f.Await(t.Context())
		checkIs(t, "queued", err, cause)
		p.Close()
		check(t, "failures", p.Stats().Failed, 0)
	})
}

func TestContextOutlivesItsTask(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, ctx := range []context.Context{context.Background(), t.Context()} {
			p := pool.NewIO(1)
			child := make(chan error, 1)
			parent := pool.Submit(ctx, p, func(ctx context.Context) (context.Context, error) {
				ctx.Done()
				return ctx, p.Go(ctx, func(ctx context.Context) error { child <- ctx.Err(); return nil })
			})
			ctx, _ = parent.Await(t.Context())
			check(t, "child", <-child, nil)
			check(t, "Err", ctx.Err(), nil)
			p.Close()
			check(t, "Err after Close", ctx.Err(), nil)
		}
	})
}

func TestContextsDoNotPileUpInTheirParent(t *testing.T) {
	parent, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := pool.NewIO(4)
	defer p.Close()
	heap := func() uint64 {
		var m runtime.MemStats
		for range 4 {
			runtime.GC()
		}
		runtime.ReadMemStats(&m)
		return m.HeapObjects
	}
	submit := func(n int) {
		for range n {
			pool.Submit(parent, p, func(ctx context.Context) (int, error) { ctx.Done(); return 0, nil }).Await(parent)
		}
	}
	submit(1)
	before := heap()
	const tasks = 10_000
	submit(tasks)
	// Each had several objects in parent's children.
	for i := 0; heap() > before+tasks/2; i++ {
		if i == 1000 {
			t.Fatal("contexts of ended tasks are not released")
		}
		runtime.Gosched() // cleanups run in a goroutine of the runtime's
		submit(1)
	}
}

func TestDeadlineOfAQueuedTask(t *testing.T) {
	bubble(t, func(t *testing.T) {
		var seen errorsOf
		p := pool.NewIO(1, pool.WithErrorHandler(seen.add))
		release := hold(t, p, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		p.Go(ctx, func(context.Context) error { t.Error("ran"); return nil })
		time.Sleep(time.Minute)
		release()
		p.Close()
		check(t, "reported", len(seen.all()), 1)
		checkIs(t, "error", seen.all()[0], context.DeadlineExceeded)
	})
}

func TestTasksWithTheSameContextDoNotShareMoreThanThat(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(100))
		a := context.WithValue(t.Context(), key{}, "a")
		b := context.WithValue(t.Context(), key{}, "b")
		for i := range 20 {
			ctx, want := a, "a"
			if i/2%2 == 1 {
				ctx, want = b, "b"
			}
			p.Go(ctx, func(ctx context.Context) error {
				check(t, "value", ctx.Value(key{}), any(want))
				check(t, "Err", ctx.Err(), nil)
				select {
				case <-ctx.Done():
					t.Error("done")
				default:
				}
				return nil
			})
		}
		p.Close()
	})
}
