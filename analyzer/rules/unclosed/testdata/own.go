package unclosed

import (
	"net"
	"sync"

	"github.com/gammazero/workerpool"
)

// A pool of one's own has workers that range over a channel, or ask one in a loop, until a method closes it.

type crew struct {
	jobs chan func()
	wg   sync.WaitGroup
}

func newCrew(n int) *crew {
	c := &crew{jobs: make(chan func())}
	for range n {
		c.wg.Go(c.work)
	}
	return c
}

func (c *crew) work() {
	for job := range c.jobs {
		job()
	}
}

func (c *crew) do(job func()) { c.jobs <- job }

func (c *crew) Close() {
	close(c.jobs)
	c.wg.Wait()
}

func crewLeft(tasks []func()) {
	c := newCrew(2) // want `unclosed: c is never closed: its goroutines leak when crewLeft returns; defer c\.Close\(\) here`
	for _, t := range tasks {
		c.do(t)
	}
}

func crewClosed(tasks []func()) {
	c := newCrew(2)
	defer c.Close()
	for _, t := range tasks {
		c.do(t)
	}
}

func crewHandedOn() *crew {
	c := newCrew(2)
	c.do(func() {})
	return c
}

func crewLeftByAHelper() {
	c := crewHandedOn() // want `unclosed: c is never closed`
	c.do(func() {})
}

type asking struct {
	jobs chan func()
	quit chan struct{}
}

func newAsking() *asking {
	a := &asking{jobs: make(chan func()), quit: make(chan struct{})}
	go func() {
		for {
			select {
			case job := <-a.jobs:
				job()
			case <-a.quit:
				return
			}
		}
	}()
	return a
}

func (a *asking) stop() { close(a.quit) }

func askingLeft() {
	a := newAsking() // want `unclosed: a is never closed`
	a.jobs <- func() {}
}

func askingStopped() {
	a := newAsking()
	a.jobs <- func() {}
	a.stop()
}

// Workers only if they are asked for: who closes it ends them if there are any.

type lazy struct {
	jobs chan func()
	wg   sync.WaitGroup
}

func newLazy(n int) *lazy {
	l := &lazy{}
	if n == 0 {
		return l
	}
	l.jobs = make(chan func())
	for range n {
		l.wg.Go(l.work)
	}
	return l
}

func (l *lazy) work() {
	for job := range l.jobs {
		job()
	}
}

func (l *lazy) Close() {} // gives back what is no goroutine

func (l *lazy) Finish() {
	if l.jobs != nil {
		close(l.jobs)
	}
	l.wg.Wait()
}

func lazyLeft(n int) {
	l := newLazy(n) // want `unclosed: l is never closed: its goroutines leak when lazyLeft returns; defer l\.Finish\(\) here`
	defer l.Close()
	if l.jobs != nil {
		l.jobs <- func() {}
	}
}

func lazyFinished(n int) {
	l := newLazy(n) // silent: unclosed "closed on every path"
	defer l.Close()
	l.Finish()
}

// How this one is closed depends on more than can be said here.

type patient struct{ jobs chan func() }

func newPatient() *patient {
	p := &patient{jobs: make(chan func())}
	go func() {
		for job := range p.jobs {
			job()
		}
	}()
	return p
}

func (p *patient) end(now bool) {
	if !now {
		p.jobs <- func() {}
	}
	close(p.jobs)
}

func patientLeft() {
	p := newPatient() // want `unclosed: p is never closed: its goroutines leak when patientLeft returns; close it here`
	p.jobs <- func() {}
}

// No workers come with this one.

type queue struct{ jobs chan func() }

func newQueue() *queue { return &queue{jobs: make(chan func(), 8)} }

func (q *queue) run() {
	for job := range q.jobs {
		job()
	}
}

func (q *queue) close() { close(q.jobs) }

func queueLeft() {
	q := newQueue()
	q.jobs <- func() {}
	q.close()
	q.run()
	newQueue()
}

// A constructor that fails leaves what it has made to nobody.

type link struct {
	pool *workerpool.WorkerPool
	conn net.Conn
}

func (l *link) Close() { l.pool.StopWait() }

func dial(address string) (*link, error) {
	p := workerpool.New(2) // want `unclosed: p is not closed on the path that exits at line \d+, and nobody else has it: its goroutines leak; call p\.StopWait\(\) before that return`
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &link{p, conn}, nil
}

func dialAndStop(address string) (*link, error) {
	p := workerpool.New(2)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		p.Stop()
		return nil, err
	}
	return &link{p, conn}, nil
}

func dialAndKeep(address string) (*link, error) {
	l := &link{pool: workerpool.New(2)}
	var err error
	if l.conn, err = net.Dial("tcp", address); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Workers that ask whether the channel is closed end as those that range over it.

type asked struct{ jobs chan func() }

func newAsked() *asked {
	a := &asked{jobs: make(chan func())}
	go func() {
		for {
			job, ok := <-a.jobs
			if !ok {
				return
			}
			job()
		}
	}()
	return a
}

func (a *asked) stop() { close(a.jobs) }

func askedLeft() {
	a := newAsked() // want `unclosed: a is never closed`
	a.jobs <- func() {}
}

func askedStopped() {
	a := newAsked()
	a.jobs <- func() {}
	a.stop()
}
