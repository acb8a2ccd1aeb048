package bench

import (
	"context"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/poollint/poollint/pool"
)

func stacks() float64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(s)
	return float64(s[0].Value.Uint64())
}

// deep uses 16 KiB of stack.
//
//go:noinline
func deep(n int) byte {
	var frame [1024]byte
	frame[n] = byte(n)
	if n > 0 {
		return deep(n-1) + frame[n/2]
	}
	return frame[0]
}

// TestBurst: 10,000 workers with grown stacks leave nothing behind.
func TestBurst(t *testing.T) {
	runtime.GC()
	runtime.GC()
	start := stacks()
	p := pool.NewIO(crowd)
	gate := make(chan struct{})
	var up sync.WaitGroup
	for range crowd {
		up.Add(1)
		p.Go(context.Background(), func(context.Context) error { deep(15); up.Done(); <-gate; return nil })
	}
	up.Wait()
	peak := stacks()
	close(gate)
	<-time.After(1100 * time.Millisecond) // for real: the stacks are, too
	if s := p.Stats(); s.Workers != 0 || s.Peak != crowd {
		t.Errorf("after the idle time: %v", s)
	}
	runtime.GC()
	runtime.GC()
	rest := (stacks() - start) / (peak - start)
	t.Logf("start %.1f MiB, peak %.1f MiB, after two collections %.1f %% of the difference", start/(1<<20), peak/(1<<20), 100*rest)
	if rest > 0.05 {
		t.Error("more than 5 % is left")
	}
}
