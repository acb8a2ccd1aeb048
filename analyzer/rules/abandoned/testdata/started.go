package abandoned

import (
	"errors"
	"sync"
	"sync/atomic"
)

// Workers that are started when they are needed: whoever finds that there are some does not start them, and
// they serve.
type upTo struct {
	max    int
	active atomic.Int32
	jobs   chan int
}

func NewUpTo(max int) *upTo { return &upTo{max: max, jobs: make(chan int)} }

func (c *upTo) Push(job int) {
	n := c.active.Load()
	for n < int32(c.max) {
		go c.work()
		n++
	}
	c.active.Store(n)
	c.jobs <- job
}

func (c *upTo) work() {
	for job := range c.jobs {
		handle(job)
	}
}

type single struct {
	mu      sync.Mutex
	running bool
	jobs    chan int
}

func NewSingle() *single { return &single{jobs: make(chan int)} }

func (s *single) Push(job int) {
	s.ensure()
	s.jobs <- job
}

func (s *single) ensure() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running {
		return
	}
	s.running = true
	go func() {
		for job := range s.jobs {
			handle(job)
		}
	}()
}

type claimed struct {
	up   atomic.Bool
	jobs chan int
}

func NewClaimed() *claimed { return &claimed{jobs: make(chan int)} }

func (c *claimed) Push(job int) {
	if c.up.CompareAndSwap(false, true) {
		go c.work()
	}
	c.jobs <- job
}

func (c *claimed) work() {
	for job := range c.jobs {
		handle(job)
	}
}

func handle(job int) error {
	if job < 0 {
		return errors.New("negative")
	}
	return nil
}
