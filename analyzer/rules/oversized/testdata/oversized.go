// Package oversized builds pools that no memory can bear.
package oversized

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"

	"github.com/panjf2000/ants/v2"
	"github.com/poollint/poollint/pool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

const million = 1_000_000

var huge = pool.NewIO(8_000_000) // want `oversized: NewIO\(8_000_000\) allows 8000000 workers`

func Sizes() {
	p, _ := ants.NewPool(million) // want `oversized: NewPool\(million\) allows 1000000 workers, which hold at least 2.4 GiB while they wait, more than the budget of 1 GiB; choose a size that fits in memory`
	defer p.Release()
	q, _ := ants.NewPool(100_000) // silent: oversized "100000 workers hold at least 250 MiB, which fits into the budget"
	defer q.Release()
	m, _ := ants.NewMultiPool(100, 10_000, ants.RoundRobin) // want `oversized: NewMultiPool allows 1000000 workers, which hold at least 2.4 GiB`
	_ = m.ReleaseContext(context.Background())

	pool.NewIO(10_000_000)                                  // want `oversized: NewIO\(10_000_000\) allows 10000000 workers, which hold at least 24 GiB`
	pool.NewIO(10_000_000, pool.WithMemory(64<<20, 64<<10)) // silent: oversized "an option bounds it further"
	pool.NewIO(64)
	pool.NewCPU(pool.WithWorkers(50_000_000)) // want `oversized: WithWorkers\(50_000_000\) allows 50000000 workers`
	pool.NewCPU(pool.WithWorkers(16))

	var g errgroup.Group
	g.SetLimit(5_000_000) // want `oversized: SetLimit\(5_000_000\) allows 5000000 workers`

	// The weight of a semaphore is bytes as often as it is tasks.
	semaphore.NewWeighted(1 << 30)
}

// What the tasks hold counts, as far as it is known.
func Tasks(urls []string, files []io.Writer, data []byte) error {
	var g errgroup.Group
	g.SetLimit(100_000) // want `oversized: SetLimit\(100_000\) allows 100000 workers, which hold about 2.7 GiB \(http.Client.Do 25 KiB each\) while they wait, more than the budget of 1 GiB`
	for _, url := range urls {
		g.Go(func() error {
			resp, err := http.Get(url)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}

	var few errgroup.Group
	few.SetLimit(5_000) // want `oversized: SetLimit\(5_000\) allows 5000 workers, which hold about 3.8 GiB \(gzip.Writer.Write 800 KiB each\)`
	for _, f := range files {
		few.Go(func() error {
			w := gzip.NewWriter(f)
			if _, err := w.Write(data); err != nil {
				return err
			}
			return w.Close()
		})
	}
	if err := few.Wait(); err != nil {
		return err
	}

	// The figures are right within a factor of two: 1.3 GiB may be less than 1 GiB.
	var perhaps errgroup.Group
	perhaps.SetLimit(50_000)
	for _, url := range urls {
		perhaps.Go(func() error {
			resp, err := http.Get(url)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	return perhaps.Wait()
}

// A token for each goroutine is a bound, too.
func Gate(names <-chan string, open func(string)) {
	gate := make(chan struct{}, 4_000_000) // want `oversized: make\(.*\) lets 4000000 goroutines in, which hold at least .* while they wait, more than the budget of 1 GiB; choose a size that fits in memory`
	for name := range names {
		gate <- struct{}{}
		go func() {
			defer func() { <-gate }()
			open(name)
		}()
	}
}

func NarrowGate(names <-chan string, open func(string)) {
	gate := make(chan struct{}, 40) // silent: oversized "40 holders of tokens hold at least .*, which fits into the budget"
	for name := range names {
		gate <- struct{}{}
		go func() {
			defer func() { <-gate }()
			open(name)
		}()
	}
}

func Weights(ctx context.Context, names <-chan string, open func(string), size func(string) int64) error {
	heads, bytes := semaphore.NewWeighted(3_000_000), semaphore.NewWeighted(1<<30) // want `oversized: semaphore.NewWeighted\(3_000_000\) lets 3000000 goroutines in`
	for name := range names {
		if err := heads.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() {
			defer heads.Release(1)
			open(name)
		}()
	}
	for name := range names {
		n := size(name)
		if err := bytes.Acquire(ctx, n); err != nil { // as many bytes as it has
			return err
		}
		go func() {
			defer bytes.Release(n)
			open(name)
		}()
	}
	return nil
}
