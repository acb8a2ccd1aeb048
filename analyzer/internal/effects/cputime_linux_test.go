package effects

import (
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// threadCPU is the CPU time of this thread. Wall time would measure the neighbours on a shared
// machine too.
func threadCPU(t testing.TB) time.Duration {
	const clockThreadCPU = 3
	var ts syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPU, uintptr(unsafe.Pointer(&ts)), 0); errno != 0 {
		t.Skip("no CPU time of threads here:", errno)
	}
	return time.Duration(ts.Nano())
}

// cpuOf is the least CPU time that f takes in a few rounds, each long enough for the clock. What
// takes so long that a round is one call is averaged: some of it searches at random, as for primes.
func cpuOf(t testing.TB, f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f() // caches, tables, lazy initialisation
	n, least := 1, time.Duration(1<<62)
	for {
		start := threadCPU(t)
		for range n {
			f()
		}
		if d := threadCPU(t) - start; d > 2*time.Millisecond || n > 1<<20 {
			least = min(least, d/time.Duration(n))
			break
		}
		n *= 4
	}
	if n == 1 {
		const rounds = 8
		start := threadCPU(t)
		for range rounds {
			f()
		}
		return (threadCPU(t) - start + least) / (rounds + 1)
	}
	for range 4 {
		start := threadCPU(t)
		for range n {
			f()
		}
		least = min(least, (threadCPU(t)-start)/time.Duration(n))
	}
	return least
}
