package selfwait

// A queue that nobody has shut takes what it is given, and hands it on.
import "sync"

type queued struct {
	n  int
	cb func(error)
}

type jobQueue struct {
	mu   sync.Mutex
	cond *sync.Cond
	list []queued
	shut bool
}

func newJobQueue() *jobQueue { q := &jobQueue{}; q.cond = sync.NewCond(&q.mu); return q }

func (q *jobQueue) push(j queued) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.shut {
		return false
	}
	q.list = append(q.list, j)
	q.cond.Signal()
	return true
}

func (q *jobQueue) pop() (queued, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.list) == 0 {
		if q.shut {
			return queued{}, false
		}
		q.cond.Wait()
	}
	j := q.list[0]
	q.list = q.list[1:]
	return j, true
}

type queueWriter struct {
	wg   sync.WaitGroup
	jobs *jobQueue
}

func newQueueWriter() *queueWriter {
	w := &queueWriter{jobs: newJobQueue()}
	w.wg.Go(func() {
		for {
			j, ok := w.jobs.pop()
			if !ok {
				return
			}
			if j.cb != nil {
				j.cb(nil)
			}
		}
	})
	return w
}

func (w *queueWriter) add(j queued) error {
	w.jobs.push(j)
	return nil
}

func (w *queueWriter) stop() { w.wg.Wait() }

func queueUsed() {
	w := newQueueWriter()
	defer w.stop()
	done := make(chan struct{})
	w.add(queued{n: 1, cb: func(error) { close(done) }})
	<-done
}
