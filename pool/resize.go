package pool

// Resize changes the number of workers that the pool may have, within the bound
// of [WithMemory]; the queue keeps its size. More workers start as there are
// tasks for them; what is too many leaves, each after the task it runs.
//
// It does not block. It panics unless workers is positive or [Unbounded].
func (e *executor) Resize(workers int) {
	limit := e.bounded(atMost(workers))
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	e.in.mu.Lock()
	e.in.limit = limit
	e.in.done = e.out.done
	e.hire()
	e.makeRoom()
	e.unblockAll()
	tooMany := min(max(0, e.in.workers-limit), len(e.out.idle))
	e.in.mu.Unlock()
	e.dismiss(tooMany)
}
