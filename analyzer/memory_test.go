package analyzer

import (
	"math"
	"runtime"
	"sync"
	"testing"
)

// BenchmarkBlockedGoroutine measures what perGoroutine says: what each of many goroutines holds
// while it waits, in stacks and on the heap.
func BenchmarkBlockedGoroutine(b *testing.B) {
	const n = 10_000
	var per float64
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		var started, ended sync.WaitGroup
		wait := make(chan struct{})
		started.Add(n)
		ended.Add(n)
		for range n {
			go func() {
				started.Done()
				<-wait
				ended.Done()
			}()
		}
		started.Wait()
		runtime.ReadMemStats(&after)
		held := float64(after.StackInuse) - float64(before.StackInuse) + float64(after.HeapAlloc) - float64(before.HeapAlloc)
		if per == 0 { // later, the runtime gives out larger stacks, and uses old goroutines again
			per = held / n
		}
		close(wait)
		ended.Wait()
	}
	b.ReportMetric(per, "B/goroutine")
	if math.Abs(per-perGoroutine) > perGoroutine/5 {
		b.Errorf("a blocked goroutine holds %.0f bytes; messages say %d", per, perGoroutine)
	}
}
