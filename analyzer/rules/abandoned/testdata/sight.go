package abandoned

import (
	"errors"
	"fmt"
	"log"
	"sync"
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

// A literal starts itself again.

func everyRoom(first string, doors func(string) [2]string, ends func(string) bool) {
	var open sync.WaitGroup
	var enter func(room string)
	enter = func(room string) {
		defer open.Done()
		if ends(room) {
			return
		}
		for _, next := range doors(room) {
			open.Add(1)
			go func() { enter(next) }()
		}
	}
	open.Add(1)
	go enter(first)
	open.Wait()
}

func everyRoomButTheLast(first string, door func(string) string, ends func(string) bool) {
	var open sync.WaitGroup
	var enter func(room string)
	enter = func(room string) {
		if ends(room) {
			return
		}
		open.Add(1)
		go func() { enter(door(room)) }()
		open.Done()
	}
	open.Add(1)
	go enter(first) // want "everyRoomButTheLast waits forever for open at line \\d+"
	open.Wait()
}
