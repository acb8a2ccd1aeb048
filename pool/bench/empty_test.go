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
	tasks   = 500_000
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

// contexts are those that every bar holds for.
func contexts(t *testing.T) map[string]context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return map[string]context.Context{"background": context.Background(), "cancellable": ctx}
}

// TestOneProducer: submit and wait for empty tasks, into a bounded queue. With a
// context that must be carried, the channel pool carries it, too.
func TestOneProducer(t *testing.T) {
	for name, ctx := range contexts(t) {
		t.Run(name, func(t *testing.T) {
			peer := channel(1)
			if ctx != context.Background() {
				peer = carrying(ctx, 1)
			}
			hold(t, func() []result {
				rs := compare(rounds, tasks, ours(ctx, 1), peer, channel(1), selecting(ctx, 1), pond2(1))
				allocates(t, rs[0], 0.01, 8)
				return rs
			}, bar{peer.name, 1.1})
		})
	}
}

// TestEightProducers: the same from eight goroutines.
func TestEightProducers(t *testing.T) {
	for name, ctx := range contexts(t) {
		t.Run(name, func(t *testing.T) {
			hold(t, func() []result {
				return compare(rounds, tasks, ours(ctx, 8), channel(8), carrying(ctx, 8), selecting(ctx, 8), pond2(8))
			}, bar{"channel+select", 0.9}, bar{"pond v2", 0.9})
		})
	}
}

// TestContextForEveryTask: with a context of its own, a task costs one
// allocation, in the worker.
func TestContextForEveryTask(t *testing.T) {
	each := contender{"pool", func(n int) {
		p := pool.NewIO(workers, pool.WithQueue(queue))
		parents := make([]context.Context, 64)
		for i := range parents {
			parents[i] = context.WithValue(context.Background(), i, i)
		}
		task := func(context.Context) error { return nil }
		i := 0
		spread(1, n, func() {
			p.Go(parents[i%len(parents)], task)
			i++
		})
		p.Close()
	}}
	allocates(t, compare(3, tasks, each)[0], 1.01, 64)
}
