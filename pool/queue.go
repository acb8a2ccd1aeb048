package pool

// offer queues r if the fast path can do it: if all workers are busy and there is
// room, or if one of them is idle.
func (e *executor) offer(r entry) bool {
	e.in.mu.Lock()
	if e.in.tail-e.in.done >= e.in.room {
		e.in.mu.Unlock()
		return false
	}
	e.push(r)
	e.in.mu.Unlock()
	if e.wakeable.Load() > 0 {
		e.wake()
	}
	return true
}

// push appends to the ring; the caller holds in.mu and knows that there is room.
func (e *executor) push(r entry) {
	e.ring[e.in.tail&uint64(len(e.ring)-1)] = r
	e.in.tail++
}

// insist queues r, starting a worker or growing the ring if necessary. It returns
// ErrFull if there is no room and ErrClosed if there will not be any.
func (e *executor) insist(r entry) error {
	for {
		e.out.mu.Lock()
		done := e.out.done
		e.out.mu.Unlock()

		e.in.mu.Lock()
		e.in.done = max(e.in.done, done)
		pending := e.in.tail - e.in.done
		switch {
		case e.in.closed || e.in.finished == nil:
			e.in.mu.Unlock()
			return ErrClosed
		case pending < e.in.room:
			e.push(r)
			e.in.mu.Unlock()
			if e.wakeable.Load() > 0 {
				e.wake()
			}
			return nil
		case pending >= e.places():
			e.in.mu.Unlock()
			return ErrFull
		case pending >= uint64(len(e.ring)):
			e.in.mu.Unlock()
			e.grow()
		default: // each worker has its task already: start another
			e.push(r)
			e.hire()
			e.in.mu.Unlock()
			return nil
		}
	}
}

// places is how many tasks may be queued or running. The caller holds in.mu.
func (e *executor) places() uint64 { return uint64(e.in.limit) + uint64(e.queue) }

// makeRoom recomputes what follows from the number of workers, their limit and
// the size of the ring. The caller holds in.mu.
//
// While the pool may grow, room ends where every worker has a task, so that
// workers start before tasks queue.
func (e *executor) makeRoom() {
	room := e.places()
	if e.in.workers < e.in.limit && !e.in.starting {
		room = uint64(e.in.workers)
	}
	if e.in.closed {
		room = 0
	}
	e.in.room = min(room, uint64(len(e.ring)))
	e.surplus.Store(int32(min(max(0, e.in.workers-e.in.limit), 1<<30)))
}

// grow doubles the ring, unless another goroutine just did.
func (e *executor) grow() {
	e.out.mu.Lock()
	defer e.out.mu.Unlock()
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if e.in.tail-e.out.head < uint64(len(e.ring)) && len(e.ring) > 0 {
		e.in.done = max(e.in.done, e.out.done)
		if e.in.tail-e.in.done < uint64(len(e.ring)) {
			return
		}
	}
	ring := make([]entry, max(8, 2*len(e.ring)))
	for i := e.out.head; i != e.in.tail; i++ {
		ring[i&uint64(len(ring)-1)] = e.ring[i&uint64(len(e.ring)-1)]
	}
	e.ring = ring
	e.makeRoom()
}

// refresh updates the outlet with the state of the intake, and reports whether
// there is a task. The caller holds out.mu.
func (e *executor) refresh() bool {
	e.in.mu.Lock()
	e.out.tail = e.in.tail
	e.in.mu.Unlock()
	return e.out.head != e.out.tail
}

// pop takes the first task; the caller holds out.mu and knows that there is one.
func (e *executor) pop() entry {
	slot := &e.ring[e.out.head&uint64(len(e.ring)-1)]
	r := *slot
	*slot = entry{}
	e.out.head++
	return r
}
