package bench

import (
	"context"
	"sync"
	"testing"

	"github.com/alitto/pond/v2"
	"github.com/poollint/poollint/pool"
)

const (
	workers = 8
	queue   = 1024
	rounds  = 15
)

// spread has n calls made by that many producers.
func spread(producers, n int, call func()) {
	var wg sync.WaitGroup
	for range producers {
		wg.Go(func() {
			for range n / producers {
				call()
			}
		})
	}
	wg.Wait()
}

func ours(ctx context.Context, producers int) contender {
	return contender{"pool", func(n int) {
		p := pool.NewIO(workers, pool.WithQueue(queue))
		task := func(context.Context) error { return nil }
		spread(producers, n, func() {
			if err := p.Go(ctx, task); err != nil {
				panic(err)
			}
		})
		p.Close()
	}}
}

// channel is the pool that everyone has written once.
func channel(producers int) contender {
	return contender{"channel", func(n int) {
		tasks := make(chan func(), queue)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for task := range tasks {
					task()
				}
			})
		}
		task := func() {}
		spread(producers, n, func() { tasks <- task })
		close(tasks)
		wg.Wait()
	}}
}

// carrying is the same for tasks that take a context.
func carrying(ctx context.Context, producers int) contender {
	return contender{"channel of ctx", func(n int) {
		type job struct {
			ctx  context.Context
			task func(context.Context) error
		}
		tasks := make(chan job, queue)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for job := range tasks {
					if job.ctx.Err() == nil {
						if err := job.task(job.ctx); err != nil {
							panic(err)
						}
					}
				}
			})
		}
		task := func(context.Context) error { return nil }
		spread(producers, n, func() { tasks <- job{ctx, task} })
		close(tasks)
		wg.Wait()
	}}
}

// selecting is the same with a send that the context can interrupt.
func selecting(ctx context.Context, producers int) contender {
	return contender{"channel+select", func(n int) {
		tasks := make(chan func(), queue)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for task := range tasks {
					task()
				}
			})
		}
		task := func() {}
		spread(producers, n, func() {
			select {
			case tasks <- task:
			case <-ctx.Done():
				panic(ctx.Err())
			}
		})
		close(tasks)
		wg.Wait()
	}}
}

func pond2(producers int) contender {
	return contender{"pond v2", func(n int) {
		p := pond.NewPool(workers, pond.WithQueueSize(queue))
		task := func() {}
		spread(producers, n, func() {
			if err := p.Go(task); err != nil {
				panic(err)
			}
		})
		p.StopAndWait()
	}}
}

func TestEmptyTasks(t *testing.T) {
	cancellable, cancel := context.WithCancel(context.Background())
	defer cancel()
	for name, ctx := range map[string]context.Context{"background": context.Background(), "cancellable": cancellable} {
		t.Run(name, func(t *testing.T) {
			for _, producers := range []int{1, 8} {
				rs := compare(rounds, 1_000_000, ours(ctx, producers), channel(producers), carrying(ctx, producers), selecting(ctx, producers), pond2(producers))
				for _, r := range rs {
					t.Logf("%d producers: %v", producers, r)
				}
			}
		})
	}
}
