package pool

// inline runs r in the caller, which is in the task of host, or in none. The
// caller has called enter.
func (e *executor) inline(host *scope, r runnable, s *scope) {
	f := r.awaited()
	if f != nil {
		s = &f.scope
	}
	// If r waits for the host, it must know that the host waits for r.
	leave := host.waitFor(node{s, f})
	returned := false
	defer func() {
		if !returned {
			r.fail(e, s, unwound(recover()))
		}
		leave()
		e.exit()
	}()
	r.run(e, s)
	returned = true
}

// enter counts a task that will run in the caller, so that Close waits for it. It
// returns false for a new task if the pool is closed.
func (e *executor) enter(fresh bool) bool {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if fresh && e.in.closed {
		return false
	}
	e.in.inline++
	return true
}

func (e *executor) exit() {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	e.in.inline--
	e.finish()
}
