package pool

// Resize changes the number of workers that the pool may have, within the bound
// of [WithMemory]; the queue keeps its size. Additional workers start when there
// are tasks for them; excess workers exit after their current task.
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
