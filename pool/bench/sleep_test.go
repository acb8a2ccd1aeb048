package bench

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/poollint/poollint/pool"
)

const crowd = 10_000

func sleepers(ctx context.Context) contender {
	return contender{"pool", func(n int) {
		p := pool.NewIO(crowd)
		for range n {
			p.Go(ctx, func(context.Context) error { time.Sleep(time.Millisecond); return nil })
		}
		p.Close()
	}}
}

func goroutines() contender {
	return contender{"goroutines", func(n int) {
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() { time.Sleep(time.Millisecond) })
		}
		wg.Wait()
	}}
}

// TestSleepers: many short waits in a large pool, made anew for each round.
func TestSleepers(t *testing.T) {
	for name, ctx := range contexts(t) {
		t.Run(name, func(t *testing.T) {
			hold(t, func() []result { return compare(rounds, 100_000, sleepers(ctx), goroutines()) }, bar{"goroutines", 0.55})
		})
	}
}
