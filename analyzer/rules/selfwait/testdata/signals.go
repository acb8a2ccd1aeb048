package selfwait

import (
	"sync"

	"github.com/alitto/pond/v2"
	"golang.org/x/sync/errgroup"
)

// A channel of signals is no semaphore: who sends never takes back.
type signals struct{ ready, wake, done chan struct{} }

func newSignals() *signals {
	s := &signals{ready: make(chan struct{}, 2), wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.serve()
	go s.serve()
	go s.loop()
	return s
}

func (s *signals) serve() { <-s.ready }

func (s *signals) start() {
	s.ready <- struct{}{}
	s.ready <- struct{}{}
}

func (s *signals) notify() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *signals) loop() {
	for {
		select {
		case <-s.wake:
		case <-s.done:
			return
		}
	}
}

func startSignals() *signals {
	s := newSignals()
	s.start()
	s.notify()
	return s
}

// A place that is taken by who hands the work on, and given back by who does it.
type share struct {
	places chan struct{}
	work   chan func()
	wg     sync.WaitGroup
}

func newShare(n int) *share {
	s := &share{places: make(chan struct{}, n), work: make(chan func(), n)}
	for range n {
		s.wg.Go(func() {
			for f := range s.work {
				f()
				<-s.places
			}
		})
	}
	return s
}

func (s *share) try(f func()) bool {
	select {
	case s.places <- struct{}{}:
		s.work <- f
		return true
	default:
		return false
	}
}

func (s *share) Close() {
	close(s.work)
	s.wg.Wait()
}

// A mock's function ends what waits.
type uploading interface{ upload() error }

type mocked struct{ uploaded func() error }

func (m *mocked) upload() error { return m.uploaded() }

type uploads struct{ to uploading }

func (u *uploads) start() { go func() { _ = u.to.upload() }() }

func uploadOnce() {
	wg := &sync.WaitGroup{}
	wg.Add(1)
	(&uploads{&mocked{uploaded: func() error { defer wg.Done(); return nil }}}).start()
	wg.Wait()
}

// A second name, and a pool in a struct that an interface holds.
func secondName(names []string, work func() error) error {
	group := new(errgroup.Group)
	group.SetLimit(4)
	again := group
	for range names {
		group.Go(func() error {
			for range names {
				again.Go(work) // want `selfwait: a task of group submits to group and waits`
			}
			return nil
		})
	}
	return group.Wait()
}

func anotherGroup(names []string, work func() error) error {
	group, other := new(errgroup.Group), new(errgroup.Group)
	group.SetLimit(4)
	again := other
	for range names {
		group.Go(func() error {
			again.Go(work)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return other.Wait()
}

type doer interface {
	do(func() error) error
}

type doing struct{ pool pond.Pool }

func (d doing) do(task func() error) error { return d.pool.SubmitErr(task).Wait() }

func throughAnInterface(names []string, work func() error) error {
	p := pond.NewPool(3)
	var d doer = doing{p}
	group := p.NewGroup()
	for range names {
		group.SubmitErr(func() error {
			return d.do(work) // want `selfwait: a task of group submits to `
		})
	}
	return group.Wait()
}
