package bench

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// A contender does n tasks in its way and returns when all have ended.
type contender struct {
	name string
	run  func(n int)
}

// cpuTime returns the CPU time that the process has used, in all threads.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cost returns the CPU time, allocations and bytes that one task takes,
// collecting the garbage included.
func cost(c contender, n int) (cpu time.Duration, allocs, bytes float64) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := cpuTime()
	c.run(n)
	cpu = cpuTime() - start
	runtime.ReadMemStats(&after)
	return cpu, float64(after.Mallocs-before.Mallocs) / float64(n), float64(after.TotalAlloc-before.TotalAlloc) / float64(n)
}

// A result is what a contender has shown over all rounds.
type result struct {
	name          string
	ns            float64 // CPU time of one task, median
	ratio         float64 // of ours to this one within a round, median
	low, high     float64 // quartiles of the ratio
	allocs, bytes float64 // of one task, medians
}

func (r result) String() string {
	return fmt.Sprintf("%-14s %9.1f cpu-ns/task  ours/this %.3f (%.3f-%.3f)  %.3f allocs %6.1f B",
		r.name, r.ns, r.ratio, r.low, r.high, r.allocs, r.bytes)
}

// compare runs every contender once in a round, in an order that rotates, and
// returns a result for each; ours is the first. Ratios are taken within a
// round, for what disturbs one disturbs its neighbours too.
func compare(rounds, n int, contenders ...contender) []result {
	for _, c := range contenders {
		c.run(n / 10)
	}
	ns := make([][]float64, len(contenders))
	allocs := make([][]float64, len(contenders))
	bytes := make([][]float64, len(contenders))
	for round := range rounds {
		for k := range contenders {
			i := (k + round) % len(contenders)
			cpu, a, b := cost(contenders[i], n)
			ns[i] = append(ns[i], float64(cpu)/float64(n))
			allocs[i] = append(allocs[i], a)
			bytes[i] = append(bytes[i], b)
		}
	}
	results := make([]result, len(contenders))
	for i, c := range contenders {
		ratios := make([]float64, rounds)
		for r := range ratios {
			ratios[r] = ns[0][r] / ns[i][r]
		}
		results[i] = result{c.name, quantile(ns[i], 0.5), quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75),
			quantile(allocs[i], 0.5), quantile(bytes[i], 0.5)}
	}
	return results
}

func quantile(xs []float64, q float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return xs[int(q*float64(len(xs)-1)+0.5)]
}
