// Package strict has what abandoned asks about with -strict.
package strict

import (
	"bufio"
	"context"
	"sync"
	"time"
)

// A pump is started once, and serves until it is told to end: what stays then, stays once.
type pump struct {
	quit chan struct{}
	in   chan string
}

func pumping(r *bufio.Reader) *pump {
	p := &pump{quit: make(chan struct{}), in: make(chan string)}
	go p.read(r) // want `abandoned: the goroutine blocks forever sending on in`
	go p.run()
	return p
}

func (p *pump) read(r *bufio.Reader) {
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		p.in <- line
	}
}

func (p *pump) run() {
	for {
		select {
		case line := <-p.in:
			println(line)
		case <-p.quit:
			return
		}
	}
}

func (p *pump) Close() { close(p.quit) }

// The same in one function, whose context is all that ends it.
func serve(ctx context.Context, r *bufio.Reader, show func(string)) error {
	lines := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on lines when serve returns at line \d+`
		for {
			line, _ := r.ReadString('\n')
			lines <- line
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case line := <-lines:
			show(line)
		}
	}
}

// Whoever sends to one that was started once stays when that has been told to end.
type scaler struct {
	ctx   context.Context
	once  sync.Once
	queue chan int
}

func (s *scaler) add(n int) {
	s.once.Do(func() {
		s.queue = make(chan int)
		go func() { // want `abandoned: add blocks forever sending on queue at line \d+ once this goroutine has stopped receiving`
			for {
				select {
				case <-s.ctx.Done():
					return
				default:
				}
				after := time.After(time.Second)
			batch:
				for {
					select {
					case <-after:
						break batch
					case n := <-s.queue:
						println(n)
					}
				}
			}
		}()
	})
	s.queue <- n
}

// A server that only the function has which starts it, and whose loop is left by its label.
type control struct{ messages chan string }

func controlled(ctx context.Context, jobs []func(chan<- string)) {
	c := &control{messages: make(chan string)}
	go c.loop(ctx)
	for _, job := range jobs {
		go func() { // want `abandoned: the goroutine blocks forever sending on messages`
			job(nil)
			c.messages <- "done"
		}()
	}
}

func (c *control) loop(ctx context.Context) {
outer:
	for {
		select {
		case <-ctx.Done():
			break outer
		case m := <-c.messages:
			println(m)
		}
	}
	println("ended")
}
