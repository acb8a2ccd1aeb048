package pool

import "context"

// A race waits for several futures, and returns each as it ends.
type race struct {
	tasks    []runnable
	futures  []*future
	arrivals chan int
	waiters  []waiter // of the futures with the same index
	pending  []bool
	left     int
}

func start[T any](fs []*Future[T]) *race {
	r := &race{
		tasks:    make([]runnable, len(fs)),
		futures:  make([]*future, len(fs)),
		arrivals: make(chan int, len(fs)),
		waiters:  make([]waiter, len(fs)),
		pending:  make([]bool, len(fs)),
		left:     len(fs),
	}
	for i, f := range fs {
		r.tasks[i], r.futures[i] = f, &f.future
		r.waiters[i] = waiter{index: i, ready: r.arrivals}
		r.pending[i] = true
		if f.scope.e == nil || !f.scope.e.waits.add(&f.future, &r.waiters[i]) {
			r.arrivals <- i
		}
	}
	return r
}

// next returns the index of a future that has ended and was not returned before.
// It blocks until there is one or ctx has ended. In a task it runs queued futures
// itself, one at a time, while none has ended.
func (r *race) next(ctx context.Context) (int, error) {
	host := current(ctx)
	for {
		select {
		case i := <-r.arrivals:
			return r.arrived(i), nil
		default:
		}
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		if host == nil || !r.runInline(host) {
			break
		}
	}
	if host != nil {
		defer host.waitFor(r.rest()...)()
		if host.stuck() {
			host.e.auditor().deadlocked()
			return 0, ErrDeadlock
		}
	}
	select {
	case i := <-r.arrivals:
		return r.arrived(i), nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

func (r *race) arrived(i int) int {
	r.pending[i] = false
	r.left--
	return i
}

// runInline runs the first future that is queued on a pool that host is in. It
// reports whether one has ended as a result.
func (r *race) runInline(host *scope) bool {
	for i, f := range r.futures {
		if r.pending[i] && f.state.Load()&claimed == 0 && f.runInline(host, r.tasks[i]) {
			return true
		}
	}
	return false
}

// rest returns what has not ended yet.
func (r *race) rest() []node {
	var rest []node
	for i, f := range r.futures {
		if r.pending[i] {
			rest = append(rest, f.node())
		}
	}
	return rest
}

// stop takes the waiters back.
func (r *race) stop() {
	for i, f := range r.futures {
		if r.pending[i] && f.scope.e != nil {
			f.scope.e.waits.remove(f, &r.waiters[i])
		}
	}
}
