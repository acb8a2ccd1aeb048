package selfwait

import (
	"sync"
	"time"
)

// A desk has two seats, which are filled where it is made: who sits down receives one.
type desk struct{ seats chan int }

func newDesk() *desk {
	d := &desk{seats: make(chan int, 2)}
	for i := range 2 {
		d.seats <- i
	}
	return d
}

func (d *desk) sit() int   { return <-d.seats }
func (d *desk) rise(s int) { d.seats <- s }

func (d *desk) read(letter string) int {
	s := d.sit()
	defer d.rise(s)
	return len(letter)
}

func (d *desk) readTwo(a, b string) int {
	s := d.sit()
	defer d.rise(s)
	return len(a) + d.read(b) // want "readTwo acquires a token of seats while it holds one"
}

func (d *desk) readTwoInTurn(a, b string) int {
	s := d.sit()
	n := len(a)
	d.rise(s)
	return n + d.read(b)
}

func (d *desk) readAll(letters [6]string) {
	var wg sync.WaitGroup
	for _, l := range letters {
		wg.Go(func() {
			s := d.sit()
			defer d.rise(s)
			d.read(l) // want "readAll acquires a token of seats while it holds one"
		})
	}
	wg.Wait()
}

func (d *desk) readAllOnce(letters [6]string) {
	var wg sync.WaitGroup
	for _, l := range letters {
		wg.Go(func() { d.read(l) })
	}
	wg.Wait()
}

func (d *desk) readSoon(a, b string) int {
	s := d.sit()
	defer d.rise(s)
	select {
	case t := <-d.seats:
		d.rise(t)
	case <-time.After(time.Second):
	}
	return len(a) + len(b)
}

// An agency has desks of two sorts, and one helper for both.
type room struct{ places chan struct{} }

func newRoom(n int) *room { return &room{places: make(chan struct{}, n)} }

func (r *room) in(do func() int) int {
	r.places <- struct{}{}
	defer func() { <-r.places }()
	return do()
}

type house struct{ halls, cells *room }

func newHouse() *house { return &house{halls: newRoom(2), cells: newRoom(4)} }

func (h *house) again(n int) int {
	return h.halls.in(func() int {
		return n + h.halls.in(func() int { return n }) // want "again acquires a token of places while it holds one"
	})
}

func (h *house) other(n int) int {
	return h.halls.in(func() int {
		return n + h.cells.in(func() int { return n })
	})
}

// A place is taken by a helper, and given back by one.
type lift struct{ cabins chan struct{} }

func newLift(n int) *lift { return &lift{cabins: make(chan struct{}, n)} }

func (l *lift) enter() { l.cabins <- struct{}{} }
func (l *lift) leave() { <-l.cabins }

func (l *lift) ride() {
	l.enter()
	defer l.leave()
}

func (l *lift) rideTogether() {
	l.enter()
	defer l.leave()
	l.ride() // want "rideTogether acquires a token of cabins while it holds one"
}

func (l *lift) rideTwice() {
	l.ride()
	l.ride()
}

// The one spade hangs on a hook, and goes back there on every way: also before anything has been dug.
type shed struct {
	hook chan struct{}
	rows [4]int
}

func newShed() *shed {
	s := &shed{hook: make(chan struct{}, 1)}
	s.hook <- struct{}{}
	return s
}

func (s *shed) dig(row, depth int) {
	<-s.hook
	s.rows[row] += depth
	s.hook <- struct{}{}
}

func (s *shed) digBoth(row, other, depth int) bool {
	<-s.hook
	if s.rows[row] > depth {
		s.hook <- struct{}{}
		return false
	}
	s.rows[row] = depth
	s.dig(other, depth) // want "digBoth acquires a token of hook while it holds one"
	s.hook <- struct{}{}
	return true
}

func (s *shed) digInTurn(row, other, depth int) bool {
	<-s.hook
	if s.rows[row] > depth {
		s.hook <- struct{}{}
		return false
	}
	s.rows[row] = depth
	s.hook <- struct{}{}
	s.dig(other, depth)
	return true
}

func digAll(depth int) bool {
	s := newShed()
	s.dig(0, depth)
	return s.digBoth(1, 2, depth) && s.digInTurn(1, 2, depth)
}
