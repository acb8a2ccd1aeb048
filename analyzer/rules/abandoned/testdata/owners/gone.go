package owners

import (
	"io"
	"sync"
)

// A robot is in a map, and is deleted from it: nobody can close its channel then.
type robot struct {
	orders chan string
	do     func(string)
}

type fleet struct {
	mu     sync.Mutex
	robots map[string]*robot
}

func (f *fleet) add(id string, do func(string)) {
	r := &robot{orders: make(chan string, 4), do: do}
	f.mu.Lock()
	f.robots[id] = r
	f.mu.Unlock()
	go r.work() // want `abandoned: the goroutine waits forever on orders once remove has deleted what it is part of at line \d+, because nothing closes it; close orders there`
}

func (r *robot) work() {
	for o := range r.orders {
		r.do(o)
	}
}

func (f *fleet) tell(id, order string) bool {
	f.mu.Lock()
	r := f.robots[id]
	f.mu.Unlock()
	if r == nil {
		return false
	}
	select {
	case r.orders <- order:
		return true
	default:
		return false
	}
}

func (f *fleet) remove(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.robots, id)
}

// A cart is told by an order of its own.
type cart struct {
	orders chan string
	do     func(string)
}

type yard struct {
	mu    sync.Mutex
	carts map[string]*cart
}

func (y *yard) add(id string, do func(string)) {
	c := &cart{orders: make(chan string, 4), do: do}
	y.mu.Lock()
	y.carts[id] = c
	y.mu.Unlock()
	go c.work()
}

func (c *cart) work() {
	for o := range c.orders {
		if o == "" {
			return
		}
		c.do(o)
	}
}

func (y *yard) tell(id, order string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if c := y.carts[id]; c != nil {
		c.orders <- order
	}
}

func (y *yard) remove(id string) {
	y.tell(id, "")
	y.mu.Lock()
	defer y.mu.Unlock()
	delete(y.carts, id)
}

// The workers of a part end when the whole does.
type backlog struct{ frames chan int }

func (b backlog) add(n int) { b.frames <- n }

type Farm struct {
	backlog
	stopped bool
}

func NewFarm(paint func(int)) *Farm {
	f := &Farm{backlog: backlog{make(chan int, 8)}}
	go func() { // want `abandoned: the goroutine waits forever on frames once add no longer sends on it`
		for n := range f.frames {
			paint(n)
		}
	}()
	return f
}

func (f *Farm) Add(n int) { f.add(n) }
func (f *Farm) Stop()     { f.stopped = true }

// A part may be there twice.
type queue struct{ jobs chan int }

type Plant struct {
	fast, slow queue
	stopped    bool
}

func NewPlant(do func(int)) *Plant {
	p := &Plant{fast: queue{make(chan int, 8)}, slow: queue{make(chan int, 8)}}
	go func() { // want `abandoned: the goroutine waits forever on jobs once Add no longer sends on it`
		for n := range p.fast.jobs {
			do(n)
		}
	}()
	return p
}

func (p *Plant) Add(n int) { p.fast.jobs <- n }
func (p *Plant) Stop()     { p.stopped = true }

type reel struct{ frames chan int }

func (r reel) add(n int) { r.frames <- n }

type Studio struct {
	reel
	stopped bool
}

func NewStudio(paint func(int)) *Studio {
	s := &Studio{reel: reel{make(chan int, 8)}}
	go func() {
		for n := range s.frames {
			paint(n)
		}
	}()
	return s
}

func (s *Studio) Add(n int) { s.add(n) }
func (s *Studio) Stop()     { close(s.frames) }

// A recorder leaves at the first error, and the next packet is taken by nobody.
type Recorder struct {
	packets chan []byte
	failed  error
	ended   chan struct{}
}

func Record(w io.Writer) *Recorder {
	r := &Recorder{packets: make(chan []byte), ended: make(chan struct{})}
	go func() { // want `abandoned: Put blocks forever sending on packets at line \d+ once this goroutine has stopped receiving; select on a done channel in the send`
		defer close(r.ended)
		for p := range r.packets {
			if _, r.failed = w.Write(p); r.failed != nil {
				return
			}
		}
	}()
	return r
}

func (r *Recorder) Put(p []byte) { r.packets <- p }

func (r *Recorder) Close() error {
	close(r.packets)
	<-r.ended
	return r.failed
}

// A tape takes what comes, also after an error.
type Tape struct {
	packets chan []byte
	failed  error
	ended   chan struct{}
}

func NewTape(w io.Writer) *Tape {
	t := &Tape{packets: make(chan []byte), ended: make(chan struct{})}
	go func() {
		defer close(t.ended)
		for p := range t.packets {
			if t.failed == nil {
				_, t.failed = w.Write(p)
			}
		}
	}()
	return t
}

func (t *Tape) Put(p []byte) { t.packets <- p }

func (t *Tape) Close() error {
	close(t.packets)
	<-t.ended
	return t.failed
}

// A log says that its writer has left.
type Log struct {
	packets chan []byte
	ended   chan struct{}
}

func NewLog(w io.Writer) *Log {
	l := &Log{packets: make(chan []byte), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		for p := range l.packets {
			if _, err := w.Write(p); err != nil {
				return
			}
		}
	}()
	return l
}

func (l *Log) Put(p []byte) {
	select {
	case l.packets <- p:
	case <-l.ended:
	}
}

func (l *Log) Close() { close(l.packets) }
