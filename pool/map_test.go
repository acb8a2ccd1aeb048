package pool_test

import (
	"context"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func count(n int, taken *atomic.Int64) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			taken.Add(1)
			if !yield(i) {
				return
			}
		}
	}
}

func TestMapIsOrderedAndGoesOnAfterErrors(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(4)
		var taken atomic.Int64
		next := 0
		for v, err := range pool.Map(t.Context(), p, count(100, &taken), func(_ context.Context, i int) (int, error) {
			time.Sleep(time.Duration(100 - i))
			if i%10 == 0 {
				return i, errTask
			}
			return i, nil
		}) {
			check(t, "value", v, next)
			check(t, "error", err != nil, next%10 == 0)
			next++
		}
		check(t, "results", next, 100)
		p.Close()
	})
}

func TestMapIsLazyAndBounded(t *testing.T) {
	for workers, want := range map[int]int64{3: 3, 1: 1, pool.Unbounded: int64(2 * runtime.GOMAXPROCS(0))} {
		bubble(t, func(t *testing.T) {
			p := pool.NewIO(workers)
			var taken, flying, most atomic.Int64
			for range pool.Map(t.Context(), p, count(50, &taken), func(context.Context, int) (int, error) {
				if n := flying.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				flying.Add(-1)
				return 0, nil
			}) {
				if taken.Load() == want {
					synctest.Wait()
					check(t, "taken while the first is yielded", taken.Load(), want)
				}
			}
			check(t, "in flight", most.Load(), want)
			p.Close()
		})
	}
}

func TestMapBreakCancelsAndWaits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(4)
		var taken, started, ended atomic.Int64
		start := time.Now()
		for range pool.Map(t.Context(), p, count(math.MaxInt, &taken), func(ctx context.Context, i int) (int, error) {
			if i == 0 {
				return 0, nil
			}
			started.Add(1)
			<-ctx.Done()
			time.Sleep(time.Minute)
			ended.Add(1)
			return 0, nil
		}) {
			synctest.Wait()
			break
		}
		check(t, "time", time.Since(start) <= time.Minute, true)
		check(t, "ended", ended.Load(), started.Load())
		p.Close()
		check(t, "nothing runs later", ended.Load(), started.Load())
	})
}

func TestMapEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		var taken atomic.Int64
		ctx, cancel := context.WithTimeout(t.Context(), 3500*time.Millisecond)
		defer cancel()
		var good, bad int
		for _, err := range pool.Map(ctx, p, count(math.MaxInt, &taken), func(ctx context.Context, i int) (int, error) {
			_, err := sleeping(time.Second, nil)(ctx)
			return i, err
		}) {
			if err == nil {
				good++
			} else {
				checkIs(t, "error", err, context.DeadlineExceeded)
				bad++
			}
		}
		check(t, "good", good, 6)
		check(t, "one result for each that was taken", int64(good+bad), taken.Load())
		p.Close()
	})
}

func TestMapWaitsForAPlaceWhateverThePolicy(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(4, pool.WithQueue(0), pool.WithPolicy(pool.Reject))
		release := hold(t, p, 4)
		time.AfterFunc(time.Minute, release)
		var taken atomic.Int64
		for _, err := range pool.Map(t.Context(), p, count(10, &taken), func(_ context.Context, i int) (int, error) { return i, nil }) {
			check(t, "error", err, nil)
		}
		p.Close()
	})
}
