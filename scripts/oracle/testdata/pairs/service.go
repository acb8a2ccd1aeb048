package pairs

import (
	"sync"
	"time"
)

type queue struct {
	jobs chan int
	wg   sync.WaitGroup
}

func newQueue() *queue {
	q := &queue{jobs: make(chan int)}
	q.wg.Go(q.loop)
	return q
}

func (q *queue) loop() {
	for j := range q.jobs {
		use(j)
	}
}

func (q *queue) put(j int) { q.jobs <- j }

func (q *queue) close() {
	close(q.jobs)
	q.wg.Wait()
}

// leaks
func QueueForgotten(n int) {
	q := newQueue()
	for range n {
		q.put(1)
	}
}

// fine, but reported
func QueueClosed(n int) {
	q := newQueue()
	defer q.close()
	for range n {
		q.put(1)
	}
}

type server struct {
	jobs, quit, stopped chan struct{}
}

func newServer() *server {
	s := &server{make(chan struct{}), make(chan struct{}), make(chan struct{})}
	go s.loop()
	return s
}

func (s *server) loop() {
	defer close(s.stopped)
	for {
		select {
		case <-s.jobs:
		case <-s.quit:
			return
		}
	}
}

func (s *server) stop() {
	close(s.quit)
	<-s.stopped
}

// leaks
func ServerLeftOnError(err error) error {
	s := newServer()
	s.jobs <- struct{}{}
	if err != nil {
		return err
	}
	s.stop()
	return nil
}

// fine, but reported
func ServerStopped(err error) error {
	s := newServer()
	defer s.stop()
	s.jobs <- struct{}{}
	if err != nil {
		return err
	}
	return nil
}

// leaks
func ServerAfterStop() {
	s := newServer()
	s.stop()
	s.jobs <- struct{}{}
}

// fine, but reported
func ServerAfterStopSelects() {
	s := newServer()
	s.stop()
	select {
	case s.jobs <- struct{}{}:
	case <-s.stopped:
	}
}

type query struct {
	key   int
	reply chan int
}

func answer(queries <-chan query, slow bool) {
	for q := range queries {
		q.reply <- work(slow) + q.key
	}
}

// leaks
func ReplyTimeout(slow bool) error {
	queries := make(chan query)
	defer close(queries)
	go answer(queries, slow)
	q := query{1, make(chan int)}
	queries <- q
	return wait(q.reply)
}

func wait(reply <-chan int) error {
	select {
	case v := <-reply:
		use(v)
		return nil
	case <-time.After(patience):
		return errTimeout
	}
}

func answerBuffered(queries <-chan query, slow bool) {
	for q := range queries {
		q.reply <- work(slow) + q.key
	}
}

// fine
func ReplyTimeoutBuffer(slow bool) error {
	queries := make(chan query)
	defer close(queries)
	go answerBuffered(queries, slow)
	q := query{1, make(chan int, 1)}
	queries <- q
	return wait(q.reply)
}

// leaks
func ReplyMissing(failed bool) {
	queries := make(chan query)
	defer close(queries)
	go func() {
		for q := range queries {
			if failed {
				continue
			}
			q.reply <- q.key
		}
	}()
	q := query{1, make(chan int)}
	queries <- q
	use(<-q.reply)
}

// fine
func ReplyAlways(failed bool) {
	queries := make(chan query)
	defer close(queries)
	go func() {
		for q := range queries {
			if failed {
				q.reply <- -1
				continue
			}
			q.reply <- q.key
		}
	}()
	q := query{1, make(chan int)}
	queries <- q
	use(<-q.reply)
}

// leaks
func TickerStopped() {
	tick := time.NewTicker(time.Millisecond)
	go func() {
		for range tick.C {
			use(1)
		}
	}()
	tick.Stop()
}

// fine
func TickerWithDone() {
	tick := time.NewTicker(time.Millisecond)
	done := make(chan struct{})
	go func() {
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				use(1)
			case <-done:
				return
			}
		}
	}()
	close(done)
}

// leaks
func TickerDoneOnOnePath(err error) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-tick.C:
				use(1)
			case <-done:
				return
			}
		}
	}()
	if err != nil {
		return err
	}
	close(done)
	return nil
}

// fine
func TickerDoneInDefer(err error) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case <-tick.C:
				use(1)
			case <-done:
				return
			}
		}
	}()
	if err != nil {
		return err
	}
	return nil
}
