package unbounded

import (
	"context"
	"errors"
	"math"
	"runtime"

	"github.com/panjf2000/ants/v2"
	"github.com/poollint/poollint/pool"
	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func Constructors(files []string, n int) {
	pool.NewIO(pool.Unbounded) // want `unbounded: NewIO\(pool.Unbounded\) has no bound: .*: pass a number of workers, or a budget with WithMemory`
	pool.NewIO(pool.Unbounded, pool.WithMemory(64<<20, 64<<10))
	opts := []pool.Option{pool.WithMemory(64<<20, 64<<10)}
	pool.NewIO(pool.Unbounded, opts...) // they may bound it
	pool.NewIO(8)
	pool.NewCPU()

	p, _ := ants.NewPool(math.MaxInt32) // want `unbounded: NewPool\(math.MaxInt32\) has no bound`
	defer p.Release()
	q, _ := ants.NewPool(len(files)) // want `unbounded: NewPool\(len\(files\)\) is not a bound: there are as many workers as elements of files`
	defer q.Release()
	r, _ := ants.NewPool(min(len(files), 8))
	defer r.Release()
	s, _ := ants.NewPool(n)
	defer s.Release()
	t, _ := ants.NewPool(runtime.NumCPU() * 2)
	defer t.Release()
}

func WidthOfInput(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.SetLimit(len(urls)) // want `unbounded: SetLimit\(len\(urls\)\) is not a bound`
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	return g.Wait()
}

func Conc(ctx context.Context, urls []string) {
	p := concpool.New()
	for _, url := range urls {
		p.Go(func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with p.WithMaxGoroutines`
	}
	p.Wait()

	limited := concpool.New().WithMaxGoroutines(8).WithErrors()
	for _, url := range urls {
		limited.Go(func() error { return fetch(ctx, url) })
	}
	_ = limited.Wait()
}

// A semaphore has no workers: what it lets through is reported.
func WideSemaphore(ctx context.Context, urls []string) error {
	sem := semaphore.NewWeighted(int64(len(urls)))
	for _, url := range urls {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per element of urls .*; the semaphore has a token for each, so nothing waits`
			defer sem.Release(1)
			_ = fetch(ctx, url)
		}()
	}
	return nil
}

// Its tokens may be bytes, of which there are many in a small machine.
func memoryOf(gigabytes [3]string) (one, all *semaphore.Weighted) {
	return semaphore.NewWeighted(4 << 30), semaphore.NewWeighted(int64(len(gigabytes)) * 4 << 30)
}

func AllOfMemory(ctx context.Context, urls []string) error {
	sem := semaphore.NewWeighted(math.MaxInt64)
	for _, url := range urls {
		if err := sem.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per element of urls .*; the semaphore has a token for each, so nothing waits`
			defer sem.Release(1)
			_ = fetch(ctx, url)
		}()
	}
	return nil
}

type batch struct{ *errgroup.Group }

type smallBatch struct{ *errgroup.Group }

func Embedded(ctx context.Context, urls []string) error {
	free := batch{new(errgroup.Group)}
	limited := smallBatch{new(errgroup.Group)}
	limited.SetLimit(8)
	for _, url := range urls {
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.SetLimit`
		limited.Go(func() error { return fetch(ctx, url) })
	}
	return errors.Join(free.Wait(), limited.Wait())
}
