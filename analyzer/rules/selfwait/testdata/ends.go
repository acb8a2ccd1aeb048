package selfwait

import (
	"errors"
	"sync"
	"time"
)

var errEmpty = errors.New("nothing left")

// A pump runs until it is ended, and who ends it waits for that. It cannot be the pump itself.
type pump struct {
	lift  func() error
	every time.Duration
	quit  chan struct{}
	ended chan struct{}
}

func newPump(lift func() error, every time.Duration) *pump {
	p := &pump{lift: lift, every: every, quit: make(chan struct{}), ended: make(chan struct{})}
	go p.work()
	return p
}

func (p *pump) work() {
	defer close(p.ended)
	for {
		select {
		case <-time.After(p.every):
			if errors.Is(p.lift(), errEmpty) {
				p.Halt() // want "the goroutine waits for ended, which it closes itself when it ends"
				return
			}
		case <-p.quit:
			return
		}
	}
}

func (p *pump) Halt() {
	close(p.quit)
	<-p.ended
}

// One that is ended in another goroutine, or only told to end, or not waited for without a limit.
type goodPump struct {
	lift  func() error
	quit  chan struct{}
	once  sync.Once
	ended chan struct{}
}

func newGoodPump(lift func() error) *goodPump {
	p := &goodPump{lift: lift, quit: make(chan struct{}), ended: make(chan struct{})}
	go p.work()
	return p
}

func (p *goodPump) work() {
	defer close(p.ended)
	for {
		select {
		case <-time.After(time.Second):
			switch err := p.lift(); {
			case errors.Is(err, errEmpty):
				go p.Halt()
			case err != nil:
				p.stop(false)
			default:
				p.HaltSoon()
			}
		case <-p.quit:
			return
		}
	}
}

func (p *goodPump) Halt() { p.stop(true) }

func (p *goodPump) stop(wait bool) {
	p.once.Do(func() { close(p.quit) })
	if wait {
		<-p.ended
	}
}

func (p *goodPump) HaltSoon() {
	p.once.Do(func() { close(p.quit) })
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
	}
}

// A crew is counted by a group.
type crew struct {
	orders chan string
	wg     sync.WaitGroup
	last   string
}

func newCrew() *crew {
	c := &crew{orders: make(chan string)}
	c.wg.Add(2)
	go c.row()
	go func() {
		defer func() { c.wg.Done() }()
		for o := range c.orders {
			if o == "land" {
				c.dismiss() // want "the goroutine waits for wg, which counts it"
			}
		}
	}()
	return c
}

func (c *crew) row() {
	defer c.wg.Done()
	for o := range c.orders {
		c.last = o
		if o == "home" {
			c.dismiss() // want "the goroutine waits for wg, which counts it"
			return
		}
	}
}

func (c *crew) Order(o string) { c.orders <- o }

func (c *crew) dismiss() {
	close(c.orders)
	c.wg.Wait()
}

// A mate is counted by a group of its own, and dismisses another one's crew.
type mate struct {
	orders chan string
	other  *mate
	wg     sync.WaitGroup
}

func newMate(other *mate) *mate {
	m := &mate{orders: make(chan string), other: other}
	m.wg.Add(1)
	go m.row()
	return m
}

func (m *mate) row() {
	defer m.wg.Done()
	for o := range m.orders {
		if o == "home" && m.other != nil {
			m.other.dismiss()
			return
		}
	}
}

func (m *mate) Order(o string) { m.orders <- o }

func (m *mate) dismiss() {
	close(m.orders)
	m.wg.Wait()
}

// A helper counts all that a struct runs.
type counted struct {
	wg   sync.WaitGroup
	done chan struct{}
}

func (c *counted) run(f func()) {
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		f()
	}()
}

func (c *counted) end() {
	close(c.done)
	c.wg.Wait()
}

type kettle struct {
	counted
	heat  chan int
	boils bool
}

func newKettle() *kettle {
	k := &kettle{counted: counted{done: make(chan struct{})}, heat: make(chan int)}
	k.run(k.watch)
	k.run(k.listen)
	return k
}

func (k *kettle) watch() {
	for {
		select {
		case h := <-k.heat:
			if k.boils = h >= 100; k.boils {
				k.off() // want "the goroutine waits for wg, which counts it"
				return
			}
		case <-k.done:
			return
		}
	}
}

func (k *kettle) listen() {
	for {
		select {
		case h := <-k.heat:
			if h > 200 {
				close(k.done)
				return
			}
		case <-k.done:
			return
		}
	}
}

func (k *kettle) off()   { k.end() }
func (k *kettle) Close() { k.end() }

func (k *kettle) Heat(h int) {
	select {
	case k.heat <- h:
	case <-k.done:
	}
}

// What is counted out before the wait is no part of it.
func (c *crew) signOff() {
	go func() {
		for o := range c.orders {
			c.last = o
		}
		c.wg.Done()
		c.wg.Wait()
	}()
}

// Here others send what it waits for at the end.
type gate struct{ open chan struct{} }

func newGate(n int) *gate {
	g := &gate{open: make(chan struct{})}
	go func() {
		defer close(g.open)
		for range n {
			<-g.open
		}
	}()
	return g
}

func (g *gate) Arrive() { g.open <- struct{}{} }
