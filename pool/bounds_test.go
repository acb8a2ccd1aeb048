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

func TestWorkersAreBounded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(3, pool.WithQueue(100))
		var running, most atomic.Int64
		for range 50 {
			p.Go(t.Context(), func(context.Context) error {
				if n := running.Add(1); n > most.Load() {
					most.Store(n)
				}
				time.Sleep(time.Second)
				running.Add(-1)
				return nil
			})
		}
		start := time.Now()
		p.Close()
		check(t, "at once", most.Load(), 3)
		check(t, "peak", p.Stats().Peak, 3)
		check(t, "time", time.Since(start), 17*time.Second)
	})
}

func TestWorkersStartBeforeTasksQueue(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(8)
		release := hold(t, p, 5)
		s := p.Stats()
		check(t, "workers", s.Workers, 5)
		check(t, "queued", s.Queued, 0)
		release()
		p.Close()
	})
}

func TestIdleWorkersAreReused(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(8)
		for range 100 {
			pool.Submit(t.Context(), p, value(1)).Await(t.Context())
			synctest.Wait()
		}
		check(t, "peak", p.Stats().Peak, 1)
		p.Close()
	})
}

func TestSizes(t *testing.T) {
	limit := func(p pool.Executor) int { return p.Stats().Limit }
	check(t, "io", limit(pool.NewIO(7)), 7)
	check(t, "unbounded", limit(pool.NewIO(pool.Unbounded)), math.MaxInt)
	check(t, "memory", limit(pool.NewIO(pool.Unbounded, pool.WithMemory(64<<20, 32<<10))), 2048)
	check(t, "memory is smaller", limit(pool.NewIO(100, pool.WithMemory(10, 1))), 10)
	check(t, "memory is larger", limit(pool.NewIO(100, pool.WithMemory(1000, 1))), 100)
	check(t, "memory for none", limit(pool.NewIO(100, pool.WithMemory(1, 1000))), 1)
	check(t, "cpu", limit(pool.NewCPU()), runtime.GOMAXPROCS(0))
	check(t, "cpu with workers", limit(pool.NewCPU(pool.WithWorkers(3))), 3)
	check(t, "cpu with memory", limit(pool.NewCPU(pool.WithWorkers(30), pool.WithMemory(4, 2))), 2)
}

func TestMisusePanics(t *testing.T) {
	for name, misuse := range map[string]func(){
		"no workers":       func() { pool.NewIO(0) },
		"negative workers": func() { pool.NewIO(-2) },
		"workers twice":    func() { pool.NewIO(1, pool.WithWorkers(2)) },
		"no cpu workers":   func() { pool.NewCPU(pool.WithWorkers(0)) },
		"negative queue":   func() { pool.NewIO(1, pool.WithQueue(-1)) },
		"no budget":        func() { pool.NewIO(1, pool.WithMemory(0, 1)) },
		"no cost":          func() { pool.NewIO(1, pool.WithMemory(1, 0)) },
		"no policy":        func() { pool.NewIO(1, pool.WithPolicy(9)) },
		"no sampling":      func() { pool.NewIO(1, pool.WithSampling(0)) },
		"resize to none":   func() { pool.NewIO(1).Resize(0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			misuse()
		})
	}
}

func TestUnboundedNeverQueues(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(pool.Unbounded)
		release := hold(t, p, 1000)
		check(t, "workers", p.Stats().Workers, 1000)
		release()
		p.Close()
	})
}

func TestResize(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(10))
		release := hold(t, p, 6)
		check(t, "before", p.Stats().Workers, 1)
		p.Resize(4)
		synctest.Wait()
		check(t, "grown", p.Stats().Workers, 4)
		check(t, "queued", p.Stats().Queued, 2)
		p.Resize(2)
		synctest.Wait()
		check(t, "still busy", p.Stats().Workers, 4)
		release()
		synctest.Wait()
		check(t, "shrunk", p.Stats().Workers, 2)
		p.Resize(1)
		check(t, "idle ones leave at once", p.Stats().Workers, 1)
		p.Close()
	})
}

func TestResizeAdmitsBlockedSubmitters(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		release := hold(t, p, 1)
		for range 3 {
			go p.Go(t.Context(), func(context.Context) error { return nil })
		}
		synctest.Wait()
		check(t, "blocked", p.Stats().Blocked, 3)
		p.Resize(4)
		synctest.Wait()
		check(t, "blocked", p.Stats().Blocked, 0)
		check(t, "taken", p.Stats().Taken, 4)
		release()
		p.Close()
	})
}

func TestResizeStaysWithinMemory(t *testing.T) {
	p := pool.NewIO(1, pool.WithMemory(100, 10))
	p.Resize(pool.Unbounded)
	check(t, "limit", p.Stats().Limit, 10)
}

func TestIdleWorkersLeaveTogetherWithinASecond(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1000)
		hold(t, p, 1000)()
		synctest.Wait()
		check(t, "idle", p.Stats().Idle, 1000)
		time.Sleep(time.Second)
		synctest.Wait()
		check(t, "workers after a second", p.Stats().Workers, 0)
		// The bubble would not end if a goroutine or a timer were left.
	})
}

func TestBusyWorkersStay(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(10)
		hold(t, p, 10)()
		synctest.Wait()
		for range 20 { // two of them are in use all the time
			release := hold(t, p, 2)
			time.Sleep(100 * time.Millisecond)
			release()
			synctest.Wait()
		}
		check(t, "workers", p.Stats().Workers, 2)
		p.Close()
	})
}
