package abandoned

import (
	"errors"
	"net"
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

// Who has not been able to open it, does not close it.
type opened struct {
	addr string
	ln   net.Listener
	quit chan struct{}
	done chan struct{}
}

func (o *opened) Open() error {
	o.quit, o.done = make(chan struct{}), make(chan struct{})
	var err error
	if o.ln, err = net.Listen("tcp", o.addr); err != nil {
		return err
	}
	if o.addr == "" {
		return errors.New("no address")
	}
	go o.serve()
	return nil
}

func (o *opened) Close() {
	close(o.quit)
	o.ln.Close()
	<-o.done
}

func (o *opened) serve() {
	defer close(o.done)
	for {
		select {
		case <-o.quit:
			return
		default:
		}
		conn, err := o.ln.Accept()
		if err == nil {
			conn.Close()
		}
	}
}

// If it says that all is well and has not started anything, whoever closes it waits.
type mute struct {
	on   bool
	done chan struct{}
}

func (m *mute) Open() error {
	m.done = make(chan struct{})
	if !m.on {
		return nil
	}
	go func() { // want `abandoned: Close waits forever on done at line \d+ if this goroutine returns without sending or is never started`
		defer close(m.done)
		_ = handle(1)
	}()
	return nil
}

func (m *mute) Close() { <-m.done }
