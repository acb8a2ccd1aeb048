package bench

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"github.com/poollint/poollint/pool"
	"github.com/sourcegraph/conc"
	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

// ends reports whether f returns in time. What does not is left behind, blocked.
func ends(f func()) bool {
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
		return true
	case <-time.After(500 * time.Millisecond):
		return false
	}
}

// A task that submits to its own pool and waits for the result: with one worker
// the others hang, and ours does not.
func TestNestedWait(t *testing.T) {
	for name, nested := range map[string]func(){
		"errgroup": func() {
			var g errgroup.Group
			g.SetLimit(1)
			g.Go(func() error {
				inner := make(chan int, 1)
				g.Go(func() error { inner <- 1; return nil })
				<-inner
				return nil
			})
			g.Wait()
		},
		"ants": func() {
			p, _ := ants.NewPool(1)
			done := make(chan int, 1)
			p.Submit(func() {
				inner := make(chan int, 1)
				p.Submit(func() { inner <- 1 })
				done <- <-inner
			})
			<-done
		},
		"conc": func() {
			p := concpool.New().WithMaxGoroutines(1)
			done := make(chan int, 1)
			p.Go(func() {
				inner := make(chan int, 1)
				p.Go(func() { inner <- 1 })
				done <- <-inner
			})
			<-done // p.Wait instead would make the inner Go panic
		},
		"pond": func() {
			p := pond.NewResultPool[int](1)
			p.Submit(func() int {
				v, _ := p.Submit(func() int { return 1 }).Wait()
				return v
			}).Wait()
		},
		"workerpool": func() {
			p := workerpool.New(1)
			p.SubmitWait(func() { p.SubmitWait(func() {}) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			if ends(nested) {
				t.Error("ends, so it no longer shows anything")
			}
		})
	}
	t.Run("pool", func(t *testing.T) {
		p := pool.NewIO(1)
		var v int
		if !ends(func() {
			v, _ = pool.Submit(context.Background(), p, func(ctx context.Context) (int, error) {
				return pool.Submit(ctx, p, func(context.Context) (int, error) { return 1, nil }).Await(ctx)
			}).Await(context.Background())
		}) || v != 1 {
			t.Error("hangs")
		}
	})
}

// Two tasks that wait for each other: no pool can help, but ours says so. conc's
// wait group stands for all that offer a handle.
func TestMutualWait(t *testing.T) {
	if ends(func() {
		var a, b conc.WaitGroup
		a.Go(func() { b.Go(func() { a.Wait() }); b.Wait() })
		a.Wait()
	}) {
		t.Error("conc ends, so it no longer shows anything")
	}
	p := pool.NewIO(2)
	var err error
	if !ends(func() {
		var a, b *pool.Future[int]
		ready := make(chan struct{})
		a = pool.Submit(context.Background(), p, func(ctx context.Context) (int, error) { <-ready; return b.Await(ctx) })
		b = pool.Submit(context.Background(), p, func(ctx context.Context) (int, error) { <-ready; return a.Await(ctx) })
		close(ready)
		_, err = a.Await(context.Background())
	}) || !errors.Is(err, pool.ErrDeadlock) {
		t.Error("hangs, or does not say why:", err)
	}
}
