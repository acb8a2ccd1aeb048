package pool

import (
	"context"
	"log/slog"
	"runtime/pprof"
	"sync"
	"sync/atomic"
)

// An Executor runs tasks. It is either an [*IO] or a [*CPU]. Its methods may be
// called from many goroutines at once.
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

// An entry of the queue is a task and, if it was started with Go, the context of
// the submit.
type entry struct {
	runnable
	parent context.Context
}

// A runnable is a task. It has its own scope if it has a future; otherwise its
// runner provides one.
type runnable interface {
	// run runs the task, unless it was claimed by someone else, and records
	// its outcome.
	run(e *executor, s *scope)
	// fail records the outcome of a task that did not return.
	fail(e *executor, s *scope, err error)
	// awaited returns its future, or nil.
	awaited() *future
}

// An executor is what IO and CPU have in common.
//
// Its queue is a ring with a lock at each end, so that a submitter and a worker
// do not contend unless one of them needs to know how far the other has got.
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

	root    scope       // the context of tasks without one; its end is the end of all
	dropped atomic.Bool // a Shutdown ran out

	ring     []entry      // a power of two; replaced under both locks
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

	forgotten forgotten
}

// intake is the end of the queue where tasks come in.
type intake struct {
	mu       sync.Mutex
	tail     uint64 // tasks accepted so far
	done     uint64 // tasks ended, as far as known here: outlet.done is ahead
	room     uint64 // tail-done may grow to this without further thought
	workers  int
	starting bool // the last of them has not come to the queue yet
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
