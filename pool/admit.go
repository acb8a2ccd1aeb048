package pool

import (
	"context"
	"slices"
)

// admit finds room for a task that the fast path could not queue.
func (e *executor) admit(ctx context.Context, r entry, full Policy) error {
	err := e.insist(r)
	if err != ErrFull || full == Reject {
		return err
	}
	host := current(ctx)
	if full == CallerRuns || host.within(e) {
		if !e.enter(true) {
			return ErrClosed
		}
		e.inline(host, r.runnable, &scope{parent: ctx, e: e})
		return nil
	}
	return e.wait(ctx, r)
}

// wait blocks until there is room for r.
func (e *executor) wait(ctx context.Context, r entry) error {
	place := e.queueUp(nil)
	for {
		// There may be room by now.
		if err := e.insist(r); err != ErrFull {
			e.stepOut(place)
			return err
		}
		select {
		case <-place:
		case <-ctx.Done():
			e.stepOut(place)
			return context.Cause(ctx)
		}
		if err := e.insist(r); err != ErrFull {
			e.recycle(place)
			return err
		}
		e.queueUp(place)
	}
}

// queueUp adds the caller to those who wait for room: a newcomer at the end,
// one who was called and found the place taken at the front.
func (e *executor) queueUp(place chan struct{}) chan struct{} {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if place != nil {
		e.in.waiting = slices.Insert(e.in.waiting, 0, place)
	} else {
		if last := len(e.in.spare) - 1; last >= 0 {
			place, e.in.spare = e.in.spare[last], e.in.spare[:last]
		} else {
			place = make(chan struct{}, 1)
		}
		e.in.waiting = append(e.in.waiting, place)
	}
	e.blocked.Store(int32(len(e.in.waiting)))
	return place
}

// stepOut undoes queueUp. If the caller was called in the meantime, the call goes
// to the next one.
func (e *executor) stepOut(place chan struct{}) {
	e.in.mu.Lock()
	i := slices.Index(e.in.waiting, place)
	if i >= 0 {
		e.in.waiting = slices.Delete(e.in.waiting, i, i+1)
		e.blocked.Store(int32(len(e.in.waiting)))
	}
	e.in.mu.Unlock()
	if i < 0 {
		<-place
		e.unblock()
	}
	e.recycle(place)
}

// recycle keeps a few places for later, so that blocking allocates nothing.
func (e *executor) recycle(place chan struct{}) {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if len(e.in.spare) < 64 {
		e.in.spare = append(e.in.spare, place)
	}
}

// unblock calls the first of those who wait for room. It is called when a task
// has ended.
func (e *executor) unblock() {
	if e.blocked.Load() == 0 {
		return
	}
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if len(e.in.waiting) > 0 {
		e.in.waiting[0] <- struct{}{}
		e.in.waiting[0] = nil
		e.in.waiting = e.in.waiting[1:]
		e.blocked.Store(int32(len(e.in.waiting)))
	}
}

// unblockAll lets all waiters check again: there may be much room now, or none
// ever. The caller holds in.mu.
func (e *executor) unblockAll() {
	for _, place := range e.in.waiting {
		place <- struct{}{}
	}
	e.in.waiting = nil
	e.blocked.Store(0)
}
