package abandoned

import (
	"errors"
	"fmt"
	"log"
	"time"
)

// A worker hands on an error, as an interface, and leaves: who hears of it leaves, too.

type checkError struct{ part int }

func (e checkError) Error() string { return fmt.Sprint("part ", e.part) }

type checker struct {
	parts   chan int
	results chan error
	quit    chan struct{}
}

func (c *checker) say(err error) {
	select {
	case c.results <- err:
	case <-c.quit:
	}
}

func (c *checker) work(good func(int) bool) {
	for {
		select {
		case p := <-c.parts:
			if !good(p) {
				err := checkError{p}
				c.say(err)
				return
			}
			c.say(nil)
		case <-c.quit:
			return
		}
	}
}

func checkAll(parts []int, good func(int) bool) error {
	c := &checker{parts: make(chan int), results: make(chan error), quit: make(chan struct{})}
	for range 3 {
		go c.work(good)
	}
	next := 0
	for done := 0; done < len(parts); {
		var to chan int
		part := 0
		if next < len(parts) {
			to, part = c.parts, parts[next]
		}
		select {
		case to <- part:
			next++
		case err := <-c.results:
			done++
			if err != nil {
				close(c.quit)
				return err
			}
		}
	}
	close(c.quit)
	return nil
}

// Strangers have what a method returns to them.

type loader struct{ lines chan string }

func newLoader() *loader { return &loader{lines: make(chan string)} }

func (l *loader) Load(read func() string) <-chan int {
	sizes := make(chan int)
	go func() { sizes <- len(read()) }()
	return sizes
}

func (l *loader) Line(s string) {
	select {
	case l.lines <- s:
	default:
	}
}

// The room of a channel is what it was made with.

func eachFamily(addresses []string, one func([]string) []string, dial func(string) error) (err error) {
	addresses = one(addresses)
	answers := make(chan error, len(addresses))
	for _, a := range addresses {
		go func() { answers <- dial(a) }()
	}
	for range cap(answers) {
		err = errors.Join(err, <-answers)
	}
	return err
}

// A field counts those who run: there may be some from before.

type crew struct {
	size int
	want int
}

func (c *crew) resize(leave chan struct{}, work func()) {
	for c.size != c.want {
		if c.want < c.size {
			leave <- struct{}{}
			c.size--
		} else {
			go func() {
				for {
					select {
					case <-leave:
						return
					default:
						work()
					}
				}
			}()
			c.size++
		}
	}
}

func (c *crew) run(work func(), again <-chan time.Time) {
	leave := make(chan struct{})
	for range again {
		c.resize(leave, work)
	}
}

// Somebody waits for nothing, on purpose.

type daemon struct{ never chan struct{} }

func (d *daemon) serve(listen func() error) {
	go func() {
		if err := listen(); err != nil && d.never != nil {
			log.Print(err)
		}
	}()
	d.never = make(chan struct{})
	<-d.never
}

func serveForever(listen func() error) {
	forever := make(chan bool)
	go func() { log.Print(listen()) }()
	<-forever
}

// A method that is handed on as a value is called when that has been done.

type wire struct {
	settings chan string
	set      string
}

func newWire() *wire { return &wire{settings: make(chan string)} }

func (w *wire) onSetting(s string) { w.settings <- s }

func (w *wire) Connect(listen func(func(string))) {
	go func() {
		for s := range w.settings {
			w.set = s
		}
	}()
	listen(w.onSetting)
}

func (w *wire) Close() { close(w.settings) }

// What a package variable calls is in no function.

var opened = openFirst()

func openFirst() int {
	seats := make(chan int, 1)
	go func() { seats <- 1 }()
	return <-seats
}

type stall struct{ places chan struct{} }

var only = &stall{places: make(chan struct{}, 2)}

var entered = only.enter()

func (s *stall) enter() bool {
	s.places <- struct{}{}
	return true
}

func (s *stall) visit() {
	s.enter()
	defer func() { <-s.places }()
}
