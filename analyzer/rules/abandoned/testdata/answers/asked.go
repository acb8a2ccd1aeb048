// Package answers has those who answer, and those who wait for them.
package answers

import "sync/atomic"

// A reader that is asked to stop in a flag, which it hears of after its next send.
type reader struct {
	lines  chan string
	closed atomic.Bool
}

func (r *reader) close() { r.closed.Store(true) }

func read(next func() (string, bool)) *reader {
	r := &reader{lines: make(chan string, 16)}
	go func() { // want `abandoned: the goroutine blocks forever sending on lines when lookFor returns at line \d+ before receiving everything`
		defer close(r.lines)
		for !r.closed.Load() {
			line, ok := next()
			if !ok {
				return
			}
			r.lines <- line
		}
	}()
	return r
}

func lookFor(next func() (string, bool), want string) bool {
	r := read(next)
	defer r.close()
	for line := range r.lines {
		if line == want {
			return true
		}
	}
	return false
}

// Who asks it to stop takes what it has read.
type emptied struct {
	lines  chan string
	closed atomic.Bool
}

func (r *emptied) close() {
	r.closed.Store(true)
	for range r.lines {
	}
}

func lookAndEmpty(next func() (string, bool), want string) bool {
	r := &emptied{lines: make(chan string, 16)}
	go func() { // silent: abandoned "in every run of lookAndEmpty"
		defer close(r.lines)
		for !r.closed.Load() {
			line, ok := next()
			if !ok {
				return
			}
			r.lines <- line
		}
	}()
	defer r.close()
	for line := range r.lines {
		if line == want {
			return true
		}
	}
	return false
}
