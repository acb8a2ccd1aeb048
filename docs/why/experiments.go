package main

import (
	"context"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/poollint/poollint/pool"
)

var pictures = []picture{
	{
		name: "memory", title: "Memory of a worker that waits", unit: "bytes per worker",
		workers: []int{100, 300, 1000, 3000, 10_000, 30_000}, python: 3000, best: math.Min,
		series: []experiment{
			{"goroutines", func(n int) float64 { return memory(n, nil, shallow) }},
			{"pool.IO", func(n int) float64 { return memory(n, pool.NewIO(n), shallow) }},
			{"pool.IO, 16 KiB of stack used", func(n int) float64 { return memory(n, pool.NewIO(n), func() { deep(15) }) }},
		},
	},
	{
		name: "waiting", title: "Tasks that wait for 5 ms", unit: "tasks/s",
		workers: []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}, python: 1024, best: math.Max,
		series: throughputs(wallTime, func() { time.Sleep(5 * time.Millisecond) }),
	},
	{
		// By CPU time, so that what else the machine does is left out.
		name: "computing", title: "Tasks that compute for about 100 µs", unit: "tasks per second of CPU",
		workers: []int{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}, python: 64, linear: true, best: math.Max,
		series: throughputs(cpuTime, compute),
	},
	{
		name: "switching", title: "Handing a token from one worker to the next", unit: "ns",
		workers: []int{2, 4, 16, 64, 256, 1024, 4096, 16_384}, python: 1024, best: math.Min,
		series: []experiment{
			{"goroutines", func(n int) float64 { return switching(n, nil) }},
			{"pool.IO", func(n int) float64 { return switching(n, pool.NewIO(n)) }},
		},
	},
}

func shallow() {}

//go:noinline
func deep(n int) byte {
	var frame [1024]byte
	frame[n] = byte(n)
	if n > 0 {
		return deep(n-1) + frame[n/2]
	}
	return frame[0]
}

// start runs f on a worker of p, or on a goroutine if p is nil.
func start(p pool.Executor, f func()) {
	if p == nil {
		go f()
		return
	}
	if err := p.Go(context.Background(), func(context.Context) error { f(); return nil }); err != nil {
		panic(err)
	}
}

// memory returns what n workers add to the process's resident memory.
func memory(n int, p pool.Executor, task func()) float64 {
	before := resident()
	var up sync.WaitGroup
	up.Add(n)
	gate := make(chan struct{})
	for range n {
		start(p, func() { task(); up.Done(); <-gate })
	}
	up.Wait()
	return (resident() - before) / float64(n)
}

// resident is what the system says on Linux, and elsewhere the runtime.
func resident() float64 {
	if statm, err := os.ReadFile("/proc/self/statm"); err == nil {
		pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
		if err == nil {
			return float64(pages * os.Getpagesize())
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}

var sink atomic.Uint64

func compute() {
	x := uint64(1)
	for range 100_000 {
		x = x*6364136223846793005 + 1442695040888963407
	}
	sink.Store(x)
}

// throughputs returns the experiment for each way to run a task.
func throughputs(clock func() time.Duration, task func()) []experiment {
	on := func(p pool.Executor) float64 {
		return throughput(clock, func(stop *atomic.Bool) {
			for !stop.Load() {
				start(p, func() { task(); done.Add(1) })
			}
		})
	}
	return []experiment{
		{"goroutines", func(n int) float64 {
			return throughput(clock, func(stop *atomic.Bool) {
				limit := make(chan struct{}, n)
				for !stop.Load() {
					limit <- struct{}{}
					go func() { task(); done.Add(1); <-limit }()
				}
			})
		}},
		{"pool.IO", func(n int) float64 { return on(pool.NewIO(n)) }},
		{"pool.CPU", func(n int) float64 { return on(pool.NewCPU(pool.WithWorkers(n))) }},
	}
}

var done atomic.Int64

// throughput returns how many tasks have ended in a second of that clock while
// produce ran.
func throughput(clock func() time.Duration, produce func(stop *atomic.Bool)) float64 {
	const duration = 300 * time.Millisecond
	var stop atomic.Bool
	began := clock()
	go produce(&stop)
	time.Sleep(duration)
	n, took := done.Load(), clock()-began
	stop.Store(true)
	return float64(n) / took.Seconds()
}

// switching returns how long it takes to hand a token on, in a ring of n.
func switching(n int, p pool.Executor) float64 {
	hops := max(200_000, 4*n)
	ring := make([]chan int, n)
	for i := range ring {
		ring[i] = make(chan int)
	}
	end := make(chan struct{})
	for i := range ring {
		start(p, func() {
			for token := range ring[i] {
				if token == 0 {
					close(end)
					return
				}
				ring[(i+1)%n] <- token - 1
			}
		})
	}
	began := time.Now()
	ring[0] <- hops
	<-end
	return float64(time.Since(began).Nanoseconds()) / float64(hops)
}

var started = time.Now()

func wallTime() time.Duration { return time.Since(started) }

// cpuTime is what the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
