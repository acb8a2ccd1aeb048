package pool

import (
	"fmt"
	"math"
	"math/bits"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// WithAudit has the pool look for what poollint predicts, and report it:
//
//   - cpubound: a task on an [IO] pool that burned 100 µs of CPU or more, and a
//     fifth of its time or more;
//   - blocking: a submit whose tasks on a [CPU] pool have three times been off
//     the CPU for 1 ms or more, and for more than half of their time;
//   - unawaited: a future that was collected though nobody awaited it;
//   - unbounded, oversized: the pool has reached many workers: 1,024 in an
//     unbounded one, 8,192 in any other, and again at each doubling.
//
// It looks at one task in 1,024, unless [WithSampling] says otherwise; such a
// task is locked to its thread while it runs. The CPU time of a thread is known
// on Linux only; elsewhere the audit says so in a first finding, and sees no
// cpubound and no blocking.
//
// Each rule reports a submit once. report is called from many goroutines at once
// and must neither block for long nor panic.
func WithAudit(report func(Finding)) Option {
	return func(c *config) { c.report = report }
}

// WithSampling has the audit look at one task in n. It panics unless n is
// positive, and does nothing without [WithAudit].
func WithSampling(n int) Option {
	if n <= 0 {
		panic(fmt.Sprintf("pool: WithSampling(%d): must be positive", n))
	}
	return func(c *config) { c.every = n }
}

const (
	computes    = 100 * time.Microsecond // of CPU, on a pool for waiting
	waitsFor    = time.Millisecond       // off the CPU, on a pool for computing
	repeatedly  = 3
	manyWorkers = 1024
)

type audit struct {
	e      *executor
	report func(Finding)
	every  uint64
	tasks  atomic.Uint64

	mu   sync.Mutex
	seen map[string]int // by rule and site
}

func newAudit(e *executor, c config) *audit {
	a := &audit{e: e, report: c.report, every: uint64(c.every), seen: map[string]int{}}
	if _, ok := threadCPU(); !ok {
		a.report(Finding{Pool: e.name, Message: "the CPU time of a thread is not known on " + runtime.GOOS + ": cpubound and blocking are not looked for"})
	}
	return a
}

// sample returns the submit's place if its task is to be looked at, else "".
func (a *audit) sample() string {
	if a == nil || a.tasks.Add(1)%a.every != 0 {
		return ""
	}
	return site()
}

// site returns file and line of the innermost caller outside this package.
func site() string {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	own, more := frames.Next()
	pkg := own.Function[:strings.LastIndexByte(own.Function, '.')+1]
	for more {
		var f runtime.Frame
		if f, more = frames.Next(); !strings.HasPrefix(f.Function, pkg) {
			return fmt.Sprintf("%s:%d", f.File, f.Line)
		}
	}
	return "unknown"
}

// measure starts to measure the task that the caller is about to run, and
// returns the function that ends it.
func (a *audit) measure(site string) func() {
	runtime.LockOSThread()
	cpu, _ := threadCPU()
	start := time.Now()
	return func() {
		wall := time.Since(start)
		now, ok := threadCPU()
		runtime.UnlockOSThread()
		if ok {
			a.judge(Finding{Pool: a.e.name, Site: site, CPU: now - cpu, Wall: wall})
		}
	}
}

func (a *audit) judge(f Finding) {
	off := f.Wall - f.CPU
	switch {
	case off < -computes: // a simulated clock, as in testing/synctest
	case a.e.kind == "io" && f.CPU >= computes && 5*f.CPU >= f.Wall:
		f.Rule = "cpubound"
		f.Message = fmt.Sprintf("a task on I/O pool %q computed for %v of %v, while others wait for its worker: submit it to a pool.CPU", f.Pool, f.CPU, f.Wall)
		a.reportAt(1, f)
	case a.e.kind == "cpu" && off >= waitsFor && 2*f.CPU < f.Wall:
		f.Rule = "blocking"
		f.Message = fmt.Sprintf("a task on CPU pool %q waited for %v of %v, and a processor with it: submit it to a pool.IO", f.Pool, off, f.Wall)
		a.reportAt(repeatedly, f)
	}
}

// reportAt reports a finding when it is the nth of its rule and place.
func (a *audit) reportAt(nth int, f Finding) {
	a.mu.Lock()
	a.seen[f.Rule+f.Site]++
	n := a.seen[f.Rule+f.Site]
	a.mu.Unlock()
	if n == nth {
		a.report(f)
	}
}

func (a *audit) unawaited(site string) {
	a.reportAt(1, Finding{
		Rule: "unawaited", Pool: a.e.name, Site: site,
		Message: fmt.Sprintf("a future of pool %q was never awaited, its result and error are lost: Await it, or start the task with Go", a.e.name),
	})
}

// peak is told of every new peak of workers. It does not block.
func (a *audit) peak(workers, limit int) {
	rule, from, remedy := "oversized", 8*manyWorkers, "lower the bound, or derive it from memory: WithMemory"
	if limit == math.MaxInt {
		rule, from, remedy = "unbounded", manyWorkers, "bound it, by a number or by WithMemory"
	}
	if workers < from || bits.OnesCount(uint(workers)) != 1 {
		return
	}
	go func() {
		f := Finding{Rule: rule, Pool: a.e.name, Workers: workers, StackBytes: stackBytes()}
		f.Message = fmt.Sprintf("pool %q has %d workers, the stacks of the process hold %d MiB: %s", f.Pool, workers, f.StackBytes>>20, remedy)
		a.report(f)
	}()
}
