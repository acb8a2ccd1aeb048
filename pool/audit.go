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

// WithAudit makes the pool look for the misuse that poollint predicts, and report
// it:
//
//   - cpubound: tasks from one submit on an [IO] pool have used 100 µs of CPU or
//     more three times, and a fifth or more of their running time;
//   - blocking: tasks from one submit on a [CPU] pool have been off the CPU three
//     times for 1 ms or more, and for more than half of their running time;
//   - unawaited: a future was garbage-collected although nobody awaited it, or
//     nobody saw its failure;
//   - rejected: a full or closed pool did not accept a task that was not offered
//     with TryGo;
//   - selfwait: a wait in a task returned [ErrDeadlock];
//   - unbounded, oversized: the pool has reached many workers: 1,024 in an
//     unbounded pool, 8,192 in any other, and again at each doubling.
//
// Rejections and deadlocks are always seen. For the others, the audit looks at
// one task in 1,024, unless [WithSampling] says otherwise; such a task is locked
// to its thread while it runs. The CPU time of a thread is available only on
// Linux; elsewhere the audit says so in a first finding, and does not report
// cpubound and blocking.
//
// Each rule reports a submit once. report is called from many goroutines at once
// and must neither block for long nor panic. [AuditLog] returns a report function
// that poollint can read.
func WithAudit(report func(Finding)) Option {
	return func(c *config) { c.report = report }
}

// WithSampling makes the audit look at one task in n. It panics unless n is
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
	repeatedly  = 3                      // a first run faults its pages in, and any run may assist the garbage collector
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
		a.report(Finding{Pool: e.name, Message: "the CPU time of a thread is not available on " + runtime.GOOS + ": cpubound and blocking are not checked"})
	}
	return a
}

// A site is a place in the code that uses the pool. The zero site is none.
type site struct {
	line     string // file:line
	function string
}

// sample returns the submit's place if its task is to be looked at.
func (a *audit) sample() site {
	if a == nil || a.tasks.Add(1)%a.every != 0 {
		return site{}
	}
	return caller()
}

// caller is where the innermost caller outside this package is.
func caller() site {
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	own, more := frames.Next()
	pkg := own.Function[:strings.LastIndexByte(own.Function, '.')+1]
	for more {
		var f runtime.Frame
		if f, more = frames.Next(); !strings.HasPrefix(f.Function, pkg) {
			return site{fmt.Sprintf("%s:%d", f.File, f.Line), f.Function}
		}
	}
	return site{line: "unknown"}
}

// found is a finding at a site.
func (a *audit) found(rule string, at site, format string, args ...any) Finding {
	return Finding{Rule: rule, Pool: a.e.name, Site: at.line, Func: at.function, Message: fmt.Sprintf(format, args...)}
}

// measure starts to measure the task that the caller is about to run, and
// returns the function that ends it.
func (a *audit) measure(at site) func() {
	runtime.LockOSThread()
	cpu, _ := threadCPU()
	start := time.Now()
	return func() {
		wall := time.Since(start)
		now, ok := threadCPU()
		runtime.UnlockOSThread()
		if ok {
			a.judge(at, now-cpu, wall)
		}
	}
}

func (a *audit) judge(at site, cpu, wall time.Duration) {
	off := wall - cpu
	var f Finding
	switch {
	case off < -computes: // a simulated clock, as in testing/synctest
		return
	case a.e.kind == "io" && cpu >= computes && 5*cpu >= wall:
		f = a.found("cpubound", at, "a task on I/O pool %q computed for %v of %v, while others wait for its worker: submit it to a pool.CPU", a.e.name, cpu, wall)
	case a.e.kind == "cpu" && off >= waitsFor && 2*cpu < wall:
		f = a.found("blocking", at, "a task on CPU pool %q waited for %v of %v, and a processor with it: submit it to a pool.IO", a.e.name, off, wall)
	default:
		return
	}
	f.CPU, f.Wall = cpu, wall
	a.reportAt(repeatedly, f)
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

// unawaited is told of a future that nobody asked, and of its failure, if it has failed.
func (a *audit) unawaited(at site, failure error) {
	what := "its result and error are lost"
	if failure != nil {
		what = fmt.Sprintf("and nobody saw that it failed (%v)", failure)
	}
	a.reportAt(1, a.found("unawaited", at, "a future of pool %q was never awaited, %s: Await it, or start the task with Go", a.e.name, what))
}

// refused is told why a task was not taken. A context that ended is no refusal.
func (a *audit) refused(why error) {
	if a == nil || why != ErrFull && why != ErrClosed {
		return
	}
	state := "closed"
	if why == ErrFull {
		state = "full"
	}
	a.reportAt(1, a.found("rejected", caller(), "pool %q was %s and did not take a task: do what must be done when it is lost, or let the submit wait", a.e.name, state))
}

// deadlocked is told of a wait in a task that could never end.
func (a *audit) deadlocked() {
	if a != nil {
		a.reportAt(1, a.found("selfwait", caller(), "a task of pool %q waits for one that waits for it: let neither wait for the other", a.e.name))
	}
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
