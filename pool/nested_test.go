package pool_test

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

// These would hang on a pool that knows nothing of who waits for whom; see
// bench/hang_test.go for how others do.

func TestNestedAwaitRunsWhatIsQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		var fib func(ctx context.Context, n int) (int, error)
		fib = func(ctx context.Context, n int) (int, error) {
			if n < 2 {
				return n, nil
			}
			a := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return fib(ctx, n-1) })
			b := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return fib(ctx, n-2) })
			vs, err := pool.All(ctx, a, b)
			return vs[0] + vs[1], err
		}
		v, err := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { return fib(ctx, 15) }).Await(t.Context())
		check(t, "fib", v, 610)
		check(t, "error", err, nil)
		check(t, "workers", p.Stats().Peak, 1)
		p.Close()
	})
}

func TestNestedAwaitRunsNothingElse(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(10))
		var order []string
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			pool.Submit(ctx, p, func(context.Context) (int, error) { order = append(order, "other"); return 0, nil })
			g := pool.Submit(ctx, p, func(context.Context) (int, error) { order = append(order, "awaited"); return 0, nil })
			g.Await(ctx)
			order = append(order, "outer")
			return 0, nil
		})
		f.Await(t.Context())
		p.Close()
		if !slices.Equal(order, []string{"awaited", "outer", "other"}) {
			t.Error(order)
		}
	})
}

func TestNestedSubmitIntoAFullQueueRunsInTheCaller(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		n := 0
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			check(t, "Go", p.Go(ctx, func(context.Context) error { n++; return nil }), nil)
			check(t, "ran", n, 1)
			v, err := pool.Submit(ctx, p, value(5)).Await(ctx)
			check(t, "value", v, 5)
			checkIs(t, "TryGo", p.TryGo(ctx, nothing), pool.ErrFull)
			for v, err := range pool.Map(ctx, p, slices.Values([]int{1, 2, 3}), func(_ context.Context, i int) (int, error) { return i, nil }) {
				n += v
				check(t, "error", err, nil)
			}
			return n, err
		})
		v, err := f.Await(t.Context())
		check(t, "value", v, 7)
		check(t, "error", err, nil)
		p.Close()
	})
}

func TestNestedInATaskOfGo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, ctx := range []context.Context{context.Background(), t.Context()} {
			p := pool.NewIO(1)
			p.Go(ctx, func(ctx context.Context) error {
				v, err := pool.Submit(ctx, p, value(5)).Await(ctx)
				check(t, "value", v, 5)
				return err
			})
			synctest.Wait()
			p.Close()
			check(t, "failures", p.Stats().Failed, 0)
		}
	})
}

func TestNestedAcrossTwoPools(t *testing.T) {
	bubble(t, func(t *testing.T) {
		io, cpu := pool.NewIO(1), pool.NewCPU(pool.WithWorkers(1))
		f := pool.Submit(t.Context(), io, func(ctx context.Context) (int, error) {
			return pool.Submit(ctx, cpu, func(ctx context.Context) (int, error) {
				return pool.Submit(ctx, io, value(3)).Await(ctx) // io's worker waits for us
			}).Await(ctx)
		})
		v, err := f.Await(t.Context())
		check(t, "value", v, 3)
		check(t, "error", err, nil)
		io.Close()
		cpu.Close()
	})
}

func TestTaskThatAwaitsItselfIsToldSo(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(2)
		var f *pool.Future[int]
		ready := make(chan struct{})
		f = pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { <-ready; return f.Await(ctx) })
		close(ready)
		_, err := f.Await(t.Context())
		checkIs(t, "error", err, pool.ErrDeadlock)
		p.Close()
	})
}

// ring starts n tasks, each of which awaits the next, in pools taken in turn.
func ring(t *testing.T, n int, await func(ctx context.Context, next *pool.Future[int]) (int, error), ps ...pool.Executor) []error {
	fs := make([]*pool.Future[int], n)
	ready := make(chan struct{})
	for i := range fs {
		fs[i] = pool.Submit(t.Context(), ps[i%len(ps)], func(ctx context.Context) (int, error) {
			<-ready
			time.Sleep(time.Duration(i)) // also together, when i does not matter
			return await(ctx, fs[(i+1)%n])
		})
	}
	synctest.Wait()
	close(ready)
	errs := make([]error, n)
	for i, f := range fs {
		_, errs[i] = f.Await(t.Context())
	}
	return errs
}

func TestCycleIsADeadlock(t *testing.T) {
	await := func(ctx context.Context, next *pool.Future[int]) (int, error) { return next.Await(ctx) }
	all := func(ctx context.Context, next *pool.Future[int]) (int, error) {
		vs, err := pool.All(ctx, next)
		return vs[0], err
	}
	anyOf := func(ctx context.Context, next *pool.Future[int]) (int, error) { return pool.Any(ctx, next) }
	completed := func(ctx context.Context, next *pool.Future[int]) (int, error) {
		for v, err := range pool.AsCompleted(ctx, next) {
			return v, err
		}
		return 0, nil
	}
	for name, f := range map[string]func(context.Context, *pool.Future[int]) (int, error){"Await": await, "All": all, "Any": anyOf, "AsCompleted": completed} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				a, b := pool.NewIO(5), pool.NewCPU(pool.WithWorkers(5))
				for _, n := range []int{2, 3, 5} {
					for _, ps := range [][]pool.Executor{{a}, {a, b}} {
						for _, err := range ring(t, n, f, ps...) {
							checkIs(t, "error", err, pool.ErrDeadlock)
						}
					}
				}
				a.Close()
				b.Close()
			})
		})
	}
}

func TestInlineTaskThatAwaitsItsHostIsADeadlock(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(0))
		var host *pool.Future[int]
		ready := make(chan struct{})
		host = pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			<-ready
			_, err := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return host.Await(ctx) }).Await(ctx)
			checkIs(t, "Submit", err, pool.ErrDeadlock)
			return 0, p.Go(ctx, func(ctx context.Context) error {
				_, err := host.Await(ctx)
				checkIs(t, "Go", err, pool.ErrDeadlock)
				return nil
			})
		})
		close(ready)
		_, err := host.Await(t.Context())
		check(t, "error", err, nil)
		p.Close()
	})
}

func TestAnyIsADeadlockOnlyWhenEveryBranchIs(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(5)
		slow := pool.Submit(t.Context(), p, func(context.Context) (int, error) { time.Sleep(time.Hour); return 9, nil })
		var waiter *pool.Future[int]
		ready := make(chan struct{})
		back := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { <-ready; return waiter.Await(ctx) })
		waiter = pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { <-ready; time.Sleep(1); return pool.Any(ctx, back, slow) })
		synctest.Wait()
		close(ready)
		v, err := waiter.Await(t.Context())
		check(t, "value", v, 9)
		check(t, "error", err, nil)
		p.Close()
	})
}

func TestNestedAnyAndAsCompletedRunWhatIsQueued(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1, pool.WithQueue(10))
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			v, err := pool.Any(ctx, pool.Submit(ctx, p, func(context.Context) (int, error) { return 0, errTask }), pool.Submit(ctx, p, value(1)))
			check(t, "Any", v, 1)
			for w, err := range pool.AsCompleted(ctx, pool.Submit(ctx, p, value(2)), pool.Submit(ctx, p, value(3))) {
				check(t, "error", err, nil)
				v += w
			}
			return v, err
		})
		v, err := f.Await(t.Context())
		check(t, "value", v, 6)
		check(t, "error", err, nil)
		p.Close()
	})
}

func TestInlinePanicAndGoexitStayWithTheirTask(t *testing.T) {
	bubble(t, func(t *testing.T) {
		p := pool.NewIO(1)
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (error, error) {
			_, err := pool.Submit(ctx, p, func(context.Context) (int, error) { panic(errTask) }).Await(ctx)
			return err, nil
		})
		inner, err := f.Await(t.Context())
		checkIs(t, "inner", inner, errTask)
		check(t, "outer", err, nil)

		var inside *pool.Future[int]
		outside := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) {
			inside = pool.Submit(ctx, p, func(context.Context) (int, error) { runtime.Goexit(); return 0, nil })
			return inside.Await(ctx)
		})
		_, err = outside.Await(t.Context())
		checkIs(t, "the goroutine was the host's, too", err, pool.ErrGoexit)
		_, err = inside.Await(t.Context())
		checkIs(t, "inside", err, pool.ErrGoexit)
		p.Close()
	})
}
