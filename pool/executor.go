package pool

import (
	"context"
	"log/slog"
	"runtime/pprof"
	"sync"
	"sync/atomic"
)

// An Executor runs tasks: an [*IO] or a [*CPU], and nothing else. Its methods
// may be called from many goroutines at once.
type Executor interface {
	Go(ctx context.Context, task func(context.Context) error) error
	TryGo(ctx context.Context, task func(context.Context) error) error
	Resize(workers int)
	Stats() Stats
	String() string
	Shutdown(ctx context.Context) error
	Close() error

	base() *executor
}

// A runnable is what the queue holds: a task and its context in one.
type runnable interface {
	// run runs the task, unless it was claimed by someone else, and records
	// its outcome.
	run(e *executor)
	// fail records the outcome of a task that did not return.
	fail(e *executor, err error)
}

// An executor is what IO and CPU have in common.
//
// Its queue is a ring with a lock at each end, so that a submitter and a worker
// do not meet unless one of them needs to know how far the other has come.
// Locks are taken in the order out, in.
type executor struct {
	kind    string // "io" or "cpu"
	name    string
	queue   int
	policy  Policy
	onError func(error)
	probe   *probe                // nil unless there are hooks or an audit
	labels  context.Context       // the pprof labels of the workers
	bounded func(workers int) int // by memory

	root scope // the context of tasks without one; its end is the end of all

	ring     []runnable   // a power of two; replaced under both locks
	wakeable atomic.Int32 // parked workers, or 0 while one is being woken
	blocked  atomic.Int32 // submitters that wait for a place
	surplus  atomic.Int32 // workers above the limit

	failures   atomic.Uint64
	unobserved atomic.Uint64

	_     [64]byte // submitters and workers write to different cache lines
	in    intake
	_     [64]byte
	out   outlet
	_     [64]byte
	waits waits
}

// intake is the end of the queue where tasks come in.
type intake struct {
	mu       sync.Mutex
	tail     uint64 // tasks accepted so far
	done     uint64 // tasks ended, as far as known here: outlet.done is ahead
	room     uint64 // tail-done may grow to this without further thought
	workers  int
	peak     int
	limit    int
	inline   int             // tasks that run in their submitter or waiter
	waiting  []chan struct{} // submitters that wait for a place, first come first
	spare    []chan struct{}
	closed   bool
	finished chan struct{} // closed when closed and nothing is left
}

// outlet is the end of the queue where workers take tasks out.
type outlet struct {
	mu     sync.Mutex
	head   uint64 // tasks taken so far
	tail   uint64 // tasks accepted, as far as known here: intake.tail is ahead
	done   uint64 // tasks ended
	idle   []*worker
	waking bool // a worker was woken and has not come to the queue yet
	closed bool
	retire retirement
}

func (e *executor) init(kind string, c config, workers int) {
	e.kind = kind
	e.name = c.name
	e.policy = c.policy
	e.bounded = c.limit
	e.in.limit = c.limit(workers)
	e.queue = e.in.limit
	if c.queueSet {
		e.queue = c.queue
	}
	e.onError = c.onError
	if e.onError == nil {
		e.onError = func(err error) {
			slog.Error("pool: task failed", "pool", e.name, "error", err)
		}
	}
	e.labels = context.Background()
	if e.name != "" {
		e.labels = pprof.WithLabels(e.labels, pprof.Labels("pool", e.name))
	}
	e.in.finished = make(chan struct{})
	e.initRoot()
	e.probe = newProbe(e, c)
}

func (e *executor) base() *executor { return e }

// Go starts a task that nobody will ask for its result. It returns once the
// task was accepted, and an error if it was not: the cause of ctx if that has
// ended, [ErrClosed], or [ErrFull].
//
// While every worker is busy and the queue is full, it does what the pool's
// [Policy] says: unless told, it blocks until there is a place or ctx ends.
//
// If the task fails or panics, the error goes to the handler of
// [WithErrorHandler], unless it is a cancellation. With [context.Background]
// Go allocates nothing.
func (e *executor) Go(ctx context.Context, task func(context.Context) error) error {
	return e.launch(ctx, task, e.policy)
}

// TryGo is Go for those who cannot wait: it never blocks, and returns [ErrFull]
// if every worker is busy and the queue is full.
func (e *executor) TryGo(ctx context.Context, task func(context.Context) error) error {
	return e.launch(ctx, task, Reject)
}

func (e *executor) launch(ctx context.Context, task func(context.Context) error, full Policy) error {
	if e.probe != nil {
		task = e.probe.wrap(task)
	}
	if ctx == context.Background() {
		if r := plain(task); !e.offer(r) {
			return e.admit(ctx, r, full)
		}
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r := &bound{task: task, scope: scope{parent: ctx, e: e}}
	if !e.offer(r) {
		return e.admit(ctx, r, full)
	}
	return nil
}
