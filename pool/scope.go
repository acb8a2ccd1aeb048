package pool

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A scope is the context of one task. It knows its pool and, by its identity,
// the task.
//
// Most tasks never ask their context for its Done channel, so the context that
// merges all reasons to stop (the submitter's, the pool's, the future's) is
// derived only when one asks for it.
type scope struct {
	parent  context.Context
	e       *executor
	derived atomic.Pointer[derived]
	edges   *edge // what the task waits for now; guarded by e.waits.mu
}

type derived struct {
	context.Context
	cancel context.CancelCauseFunc
	detach func() bool // from the pool's end
}

type scopeKey struct{}

// current returns the scope of the task that ctx belongs to, or nil.
func current(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

// within reports whether s, or a task it was submitted by, runs on e.
func (s *scope) within(e *executor) bool {
	for ; s != nil; s = current(s.parent) {
		if s.e == e {
			return true
		}
	}
	return false
}

func (e *executor) initRoot() {
	d := &derived{}
	d.Context, d.cancel = context.WithCancelCause(context.Background())
	e.root.parent = context.Background()
	e.root.e = e
	e.root.derived.Store(d)
}

// derive returns the derived context, making it if necessary.
//
// It cannot end with the task: what the task has started with it continues, even
// if that is only a child in the queue. Nor may it stay among the children of a
// parent that lives as long as the program. So it ends some time after the scope
// has become unreachable.
func (s *scope) derive() *derived {
	if d := s.derived.Load(); d != nil {
		return d
	}
	s.e.forgotten.release()
	d := &derived{}
	d.Context, d.cancel = context.WithCancelCause(s.parent)
	end := s.e.root.derived.Load()
	d.detach = context.AfterFunc(end, func() { d.cancel(context.Cause(end)) })
	if !s.derived.CompareAndSwap(nil, d) {
		d.release()
		return s.derived.Load()
	}
	runtime.AddCleanup(s, s.e.forgotten.add, d)
	return d
}

func (d *derived) release() {
	d.detach()
	d.cancel(nil)
}

// forgotten holds contexts whose scopes have been collected. Releasing them is
// left to the pool: the collector's goroutine is not in the testing/synctest
// bubble that the pool may be in, and must not close its channels.
type forgotten struct {
	some atomic.Bool
	mu   sync.Mutex
	all  []*derived
}

func (f *forgotten) add(d *derived) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, d)
	f.some.Store(true)
}

func (f *forgotten) release() {
	if !f.some.Load() {
		return
	}
	f.mu.Lock()
	all := f.all
	f.all = nil
	f.some.Store(false)
	f.mu.Unlock()
	for _, d := range all {
		d.release()
	}
}

// refusal returns why a task that is about to start must not, or nil.
func (s *scope) refusal() error {
	if s.parent.Err() != nil {
		return context.Cause(s.parent)
	}
	if s.e.dropped.Load() {
		return errDropped
	}
	return nil
}

// canceled reports whether err only says that the task was cancelled.
func (s *scope) canceled(err error) bool {
	ctx := s.Err()
	return ctx != nil && errors.Is(ctx, context.Canceled) &&
		(errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(s)))
}

// Deadline implements context.Context.
func (s *scope) Deadline() (time.Time, bool) { return s.parent.Deadline() }

// Done implements context.Context.
func (s *scope) Done() <-chan struct{} { return s.derive().Done() }

// Err implements context.Context.
func (s *scope) Err() error {
	if d := s.derived.Load(); d != nil {
		return d.Err()
	}
	if s.parent.Err() == nil && !s.e.dropped.Load() {
		return nil
	}
	return s.derive().Err() // so that Done and Cause agree from now on
}

// Value implements context.Context.
func (s *scope) Value(key any) any {
	if key == (scopeKey{}) {
		return s
	}
	if d := s.derived.Load(); d != nil {
		return d.Value(key)
	}
	return s.parent.Value(key)
}
