package pool

import "runtime"

// A CPU is a pool for tasks that compute. More of them at a time than there are
// processors only take turns, so its size is that of the machine.
//
// It is made by [NewCPU]; the zero CPU is closed. All methods may be called
// from many goroutines at once.
type CPU struct{ executor }

// NewCPU returns a pool of [runtime.GOMAXPROCS] workers, or as many as
// [WithWorkers] says. No worker starts before there is a task for it.
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
