package answers

import "time"

// Who gets what stops a ticker may call it, which does not end the goroutine that waits for the ticker.
func polledLow(level func() int, low func()) (stop func()) {
	t := time.NewTicker(time.Minute)
	go func() { // want `abandoned: the goroutine waits forever on t.C once that is stopped`
		for range t.C {
			if level() < 10 {
				low()
			}
		}
	}()
	return t.Stop
}

func polledLiteral(level func() int, low func()) (stop func()) {
	t := time.NewTicker(time.Minute)
	go func() { // want `abandoned: the goroutine waits forever on t.C once that is stopped`
		for range t.C {
			if level() < 10 {
				low()
			}
		}
	}()
	return func() { t.Stop() }
}

func polledAnew(level func() int, low func()) (again func()) {
	t := time.NewTicker(time.Minute)
	go func() { // silent: abandoned "in every run of polledAnew"
		for range t.C {
			if level() < 10 {
				low()
			}
		}
	}()
	return func() {
		t.Stop()
		t.Reset(time.Second)
	}
}

func polledUntil(level func() int, low func()) (stop func()) {
	t := time.NewTicker(time.Minute)
	quit := make(chan struct{})
	go func() { // silent: abandoned "in every run of polledUntil"
		for {
			select {
			case <-t.C:
				if level() < 10 {
					low()
				}
			case <-quit:
				return
			}
		}
	}()
	return func() {
		t.Stop()
		close(quit)
	}
}

// Sinks behind an interface, in a list: one forgets its goroutine when it ends.
type sink interface {
	put(string)
	end()
}

type lastSink struct {
	last []string
	in   chan string
}

func newLastSink() *lastSink {
	m := &lastSink{in: make(chan string, 4)}
	go m.keep() // want `abandoned: the goroutine waits forever on in when copied returns at line \d+`
	return m
}

func (m *lastSink) keep() {
	for l := range m.in {
		m.last = append(m.last, l)
	}
}

func (m *lastSink) put(l string) { m.in <- l }
func (m *lastSink) end()         { m.last = nil }

type countSink struct {
	n  int
	in chan string
}

func newCountSink() *countSink {
	c := &countSink{in: make(chan string, 4)}
	go c.count() // silent: abandoned "copied has too many states"
	return c
}

func (c *countSink) count() {
	for range c.in {
		c.n++
	}
}

func (c *countSink) put(l string) { c.in <- l }
func (c *countSink) end()         { close(c.in) }

func copied(lines []string) {
	sinks := []sink{newCountSink(), newLastSink()}
	for _, l := range lines {
		for _, s := range sinks {
			s.put(l)
		}
	}
	for _, s := range sinks {
		s.end()
	}
}
