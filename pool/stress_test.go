package pool_test

import (
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/poollint/poollint/pool"
)

var stress = flag.Duration("stress", defaultStress(), "how long TestStress runs")

// defaultStress is a minute in CI and a second at the desk; before a release,
// run it with -race -stress 10m -timeout 20m.
func defaultStress() time.Duration {
	if os.Getenv("CI") != "" {
		return time.Minute
	}
	return time.Second
}

// TestStress does everything at once to one pool after the other, and counts:
// what was accepted ran once or was cancelled, and nothing else did.
func TestStress(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	goroutines := runtime.NumGoroutine()
	for end := time.Now().Add(*stress); time.Now().Before(end) && !t.Failed(); {
		onePool(t)
	}
	// A worker that has let Close return is about to end, on a busy machine whenever it gets to run.
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if runtime.NumGoroutine() <= goroutines {
			return
		}
	}
	t.Errorf("goroutines: %d before, %d after", goroutines, runtime.NumGoroutine())
}

// A ledger counts what became of tasks.
type ledger struct{ accepted, ran, refused, canceled atomic.Int64 }

func onePool(t *testing.T) {
	policy := pool.Policy(rand.IntN(3))
	p := pool.NewIO(1+rand.IntN(8), pool.WithQueue(rand.IntN(16)), pool.WithPolicy(policy), pool.WithErrorHandler(func(error) {}))
	var l ledger
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				l.step(t, p)
			}
		})
	}
	wg.Go(func() {
		for range 50 {
			p.Resize(1 + rand.IntN(10))
			p.Stats()
			runtime.Gosched()
		}
	})
	if rand.IntN(2) == 0 { // else it closes when all is over
		wg.Go(func() {
			for range rand.IntN(2000) {
				runtime.Gosched()
			}
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(1000))*time.Microsecond)
			defer cancel()
			if rand.IntN(2) == 0 {
				ctx = context.Background()
			}
			p.Shutdown(ctx)
		})
	}
	wg.Wait()
	p.Close()
	s := p.Stats()
	if s.Workers != 0 || s.Queued != 0 || s.Blocked != 0 {
		t.Errorf("left over: %v", s)
	}
	if l.ran.Load()+l.canceled.Load() != l.accepted.Load() {
		t.Errorf("accepted %d, ran %d, canceled %d (refused %d)", l.accepted.Load(), l.ran.Load(), l.canceled.Load(), l.refused.Load())
	}
}

// step submits one task in one way or another, and keeps the books.
func (l *ledger) step(t *testing.T, p *pool.IO) {
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if rand.IntN(2) == 0 {
		ctx, cancel = context.WithCancel(ctx)
	}
	defer cancel()
	var runs atomic.Int64
	task := func(ctx context.Context) (int, error) {
		if runs.Add(1) > 1 {
			t.Error("ran twice")
		}
		switch rand.IntN(8) {
		case 0:
			panic("on purpose")
		case 1:
			return 0, errTask
		case 2:
			runtime.Gosched()
		case 3:
			_, err := pool.Submit(ctx, p, value(1)).Await(ctx)
			return 1, err
		}
		return 1, nil
	}
	switch rand.IntN(4) {
	case 0, 1:
		f := pool.Submit(ctx, p, task)
		if rand.IntN(4) == 0 {
			f.Cancel()
		}
		if rand.IntN(4) == 0 {
			cancel()
		}
		_, err := f.Await(context.Background())
		switch {
		case runs.Load() == 1:
			l.accepted.Add(1)
			l.ran.Add(1)
		case errors.Is(err, context.Canceled):
			l.accepted.Add(1)
			l.canceled.Add(1)
		case errors.Is(err, pool.ErrClosed), errors.Is(err, pool.ErrFull):
			l.refused.Add(1)
		default:
			t.Errorf("did not run: %v", err)
		}
	case 2: // awaited by several, some of whom give up
		f := pool.Submit(context.WithoutCancel(ctx), p, task)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(50))*time.Microsecond)
				defer cancel()
				pool.Any(ctx, f, f)
			})
		}
		<-f.Done()
		wg.Wait()
	case 3:
		var mine ledger
		n := 0
		for range pool.Map(ctx, p, func(yield func(int) bool) {
			for i := range 10 {
				if !yield(i) {
					return
				}
			}
		}, func(context.Context, int) (int, error) { mine.ran.Add(1); return 1, nil }) {
			if n++; n == 7 && rand.IntN(2) == 0 {
				break
			}
		}
		if mine.ran.Load() > 10 {
			t.Errorf("ran %d of 10", mine.ran.Load())
		}
	}
}
