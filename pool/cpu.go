package pool

import "runtime"

// A CPU is a pool for tasks that compute. More of them than there are processors
// would only take turns, so the pool is sized by the machine.
//
// Use [NewCPU] to make one; the zero CPU is closed. All methods may be called
// from many goroutines at once.
type CPU struct{ executor }

// NewCPU returns a pool of up to [runtime.GOMAXPROCS] workers, or the number
// given by [WithWorkers]. A worker starts only when there is a task for it.
//
// It does not block. GOMAXPROCS is read once; call Resize when it changes.
func NewCPU(opts ...Option) *CPU {
	c := configure(opts)
	if c.workers == 0 {
		c.workers = runtime.GOMAXPROCS(0)
	}
	p := new(CPU)
	p.init("cpu", c, c.workers)
	return p
}
