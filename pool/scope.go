package pool

import (
	"context"
	"errors"
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

// ended stands for the derived context of a task that ended before anybody
// asked for it. It is never written to.
var ended = func() *derived {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(nil)
	return &derived{Context: ctx, cancel: cancel, detach: func() bool { return false }}
}()

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

// derive returns the derived context, and makes it first if need be.
func (s *scope) derive() *derived {
	if d := s.derived.Load(); d != nil {
		return d
	}
	d := &derived{}
	d.Context, d.cancel = context.WithCancelCause(s.parent)
	end := s.e.root.derived.Load()
	d.detach = context.AfterFunc(end, func() { d.cancel(context.Cause(end)) })
	if !s.derived.CompareAndSwap(nil, d) {
		d.detach()
		d.cancel(nil)
	}
	return s.derived.Load()
}

// close ends the context with its task.
func (s *scope) close() {
	if d := s.derived.Swap(ended); d != nil {
		d.detach()
		d.cancel(nil)
		s.derived.Store(d) // keeps the cause
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
