package bench

import (
	"context"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/poollint/poollint/pool"
	concpool "github.com/sourcegraph/conc/pool"
)

// window is how many results are awaited together.
const window = 1000

func futures(ctx context.Context) contender {
	return contender{"pool", func(n int) {
		p := pool.NewIO(workers, pool.WithQueue(queue))
		fs := make([]*pool.Future[int], window)
		for range n / window {
			for i := range fs {
				fs[i] = pool.Submit(ctx, p, func(context.Context) (int, error) { return i, nil })
			}
			for i, f := range fs {
				if v, err := f.Await(ctx); v != i || err != nil {
					panic("wrong result")
				}
			}
		}
		p.Close()
	}}
}

func concResults(ctx context.Context) contender {
	return contender{"conc", func(n int) {
		for range n / window {
			p := concpool.NewWithResults[int]().WithMaxGoroutines(workers)
			for i := range window {
				p.Go(func() int { return i })
			}
			if rs := p.Wait(); len(rs) != window {
				panic("wrong result")
			}
		}
	}}
}

func pondResults(ctx context.Context) contender {
	return contender{"pond v2", func(n int) {
		p := pond.NewResultPool[int](workers)
		fs := make([]pond.Result[int], window)
		for range n / window {
			for i := range fs {
				fs[i] = p.Submit(func() int { return i })
			}
			for i, f := range fs {
				if v, err := f.Wait(); v != i || err != nil {
					panic("wrong result")
				}
			}
		}
		p.StopAndWait()
	}}
}

// bare is what one writes without a library.
func bare(ctx context.Context) contender {
	return contender{"go and channel", func(n int) {
		cs := make([]chan int, window)
		var wg sync.WaitGroup
		for range n / window {
			for i := range cs {
				cs[i] = make(chan int, 1)
				wg.Go(func() { cs[i] <- i })
			}
			for i, c := range cs {
				if v := <-c; v != i {
					panic("wrong result")
				}
			}
			wg.Wait()
		}
	}}
}

// TestResults: submit and await one typed result. One of the two allocations is
// the caller's closure.
func TestResults(t *testing.T) {
	for name, ctx := range contexts(t) {
		t.Run(name, func(t *testing.T) {
			hold(t, func() []result {
				rs := compare(rounds, 100_000, futures(ctx), concResults(ctx), pondResults(ctx), bare(ctx))
				allocates(t, rs[0], 2.01, 100+16)
				return rs
			}, bar{"conc", 0.6}, bar{"pond v2", 0.4})
		})
	}
}
