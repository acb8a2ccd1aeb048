// Package owners has goroutines that serve what a struct owns, in the ways of services: hubs, clerks, recorders.
package owners

import (
	"context"
	"sync"
)

// A hub tells who listens, and a listener leaves when its context ends.
type hub struct {
	mu        sync.Mutex
	listeners map[chan int]bool
	news      chan int
	quit      chan struct{}
}

func newHub() *hub {
	h := &hub{listeners: map[chan int]bool{}, news: make(chan int), quit: make(chan struct{})}
	go h.run() // want `abandoned: the goroutine blocks forever sending on c when Listen returns at line \d+ before receiving everything`
	return h
}

func (h *hub) run() {
	for {
		select {
		case n := <-h.news:
			h.mu.Lock()
			for c := range h.listeners {
				c <- n
			}
			h.mu.Unlock()
		case <-h.quit:
			return
		}
	}
}

func (h *hub) Listen(ctx context.Context, enough int) (int, error) {
	c := make(chan int)
	h.mu.Lock()
	h.listeners[c] = true
	h.mu.Unlock()
	for {
		select {
		case n := <-c:
			if n >= enough {
				return n, nil
			}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (h *hub) Say(n int) {
	select {
	case h.news <- n:
	case <-h.quit:
	}
}

func (h *hub) Close() { close(h.quit) }

// A net passes by who does not listen now.
type net struct {
	mu        sync.Mutex
	listeners map[chan int]bool
	news      chan int
	quit      chan struct{}
}

func newNet() *net {
	h := &net{listeners: map[chan int]bool{}, news: make(chan int), quit: make(chan struct{})}
	go h.run()
	return h
}

func (h *net) run() {
	for {
		select {
		case n := <-h.news:
			h.mu.Lock()
			for c := range h.listeners {
				select {
				case c <- n:
				default:
				}
			}
			h.mu.Unlock()
		case <-h.quit:
			return
		}
	}
}

func (h *net) Listen(ctx context.Context, enough int) (int, error) {
	c := make(chan int)
	h.mu.Lock()
	h.listeners[c] = true
	h.mu.Unlock()
	for {
		select {
		case n := <-c:
			if n >= enough {
				return n, nil
			}
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (h *net) Say(n int) {
	select {
	case h.news <- n:
	case <-h.quit:
	}
}

func (h *net) Close() { close(h.quit) }

// Both have seats, of one type. In the first, who waits may leave; in the second, nobody does.
type seat struct{ free chan string }

type cinema struct {
	asks chan *seat
	quit chan struct{}
}

func newCinema() *cinema {
	c := &cinema{asks: make(chan *seat), quit: make(chan struct{})}
	go c.usher() // want `abandoned: the goroutine blocks forever sending on free when Sit returns at line \d+ `
	return c
}

func (c *cinema) usher() {
	for {
		select {
		case s := <-c.asks:
			s.free <- "row 1"
		case <-c.quit:
			return
		}
	}
}

func (c *cinema) Sit(ctx context.Context) string {
	s := &seat{free: make(chan string)}
	select {
	case c.asks <- s:
	case <-c.quit:
		return ""
	}
	select {
	case row := <-s.free:
		return row
	case <-ctx.Done():
		return ""
	}
}

func (c *cinema) Close() { close(c.quit) }

type theatre struct {
	asks chan *seat
	quit chan struct{}
}

func newTheatre() *theatre {
	t := &theatre{asks: make(chan *seat), quit: make(chan struct{})}
	go t.usher()
	return t
}

func (t *theatre) usher() {
	for {
		select {
		case s := <-t.asks:
			s.free <- "box 1"
		case <-t.quit:
			return
		}
	}
}

func (t *theatre) Sit() string {
	s := &seat{free: make(chan string)}
	select {
	case t.asks <- s:
	case <-t.quit:
		return ""
	}
	return <-s.free
}

func (t *theatre) Close() { close(t.quit) }

// A listener leaves when it has heard enough; another one hears the last word.
type word struct {
	n    int
	last bool
}

type topic struct {
	mu   sync.Mutex
	subs map[int]chan word
	in   chan word
	done chan struct{}
}

func newTopic() *topic {
	t := &topic{subs: map[int]chan word{}, in: make(chan word), done: make(chan struct{})}
	go t.tell() // want `abandoned: the goroutine blocks forever sending on s when until returns at line \d+ before receiving everything`
	return t
}

func (t *topic) tell() {
	for {
		select {
		case w := <-t.in:
			for _, s := range t.all() {
				s <- w
			}
		case <-t.done:
			return
		}
	}
}

func (t *topic) all() (all []chan word) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.subs {
		all = append(all, s)
	}
	return all
}

func (t *topic) until(id int, enough func(word) bool) {
	s := make(chan word)
	t.mu.Lock()
	t.subs[id] = s
	t.mu.Unlock()
	for w := range s {
		if enough(w) {
			break
		}
	}
	t.mu.Lock()
	delete(t.subs, id)
	t.mu.Unlock()
}

func (t *topic) say(w word) {
	select {
	case t.in <- w:
	case <-t.done:
	}
}

func (t *topic) end() { close(t.done) }

type story struct {
	mu   sync.Mutex
	subs map[int]chan word
	in   chan word
}

func newStory() *story {
	t := &story{subs: map[int]chan word{}, in: make(chan word)}
	go t.tell()
	return t
}

func (t *story) tell() {
	for w := range t.in {
		t.mu.Lock()
		for _, s := range t.subs {
			s <- w
		}
		if w.last {
			clear(t.subs)
		}
		t.mu.Unlock()
	}
}

func (t *story) follow(id int, show func(word)) {
	s := make(chan word)
	t.mu.Lock()
	t.subs[id] = s
	t.mu.Unlock()
	for w := range s {
		show(w)
		if w.last {
			break
		}
	}
}

func (t *story) say(w word) { t.in <- w }
func (t *story) end()       { close(t.in) }
