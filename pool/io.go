package pool

import (
	"fmt"
	"math"
)

// Unbounded, as the number of workers of [NewIO], means no limit: a task never
// queues. Combine it with [WithMemory], which then sets the limit.
const Unbounded = -1

// An IO is a pool for tasks that wait: for the network, a disk, a database.
// Such tasks overlap whatever the number of processors, so the right size depends
// on memory and on what the remote side can handle.
//
// Use [NewIO] to make one; the zero IO is closed. All methods may be called from
// many goroutines at once.
type IO struct{ executor }

// NewIO returns a pool of at most that many workers; [Unbounded] means no limit.
// A worker starts only when there is a task for it.
//
// It does not block. It panics unless workers is positive or Unbounded, and on
// [WithWorkers], which is for [NewCPU].
func NewIO(workers int, opts ...Option) *IO {
	c := configure(opts)
	if c.workers != 0 {
		panic("pool: WithWorkers is for NewCPU; NewIO takes the number itself")
	}
	p := new(IO)
	p.init("io", c, atMost(workers))
	return p
}

// atMost returns a given number of workers as a bound.
func atMost(workers int) int {
	if workers == Unbounded {
		return math.MaxInt
	}
	if workers <= 0 {
		panic(fmt.Sprintf("pool: %d workers: must be positive or Unbounded", workers))
	}
	return workers
}
