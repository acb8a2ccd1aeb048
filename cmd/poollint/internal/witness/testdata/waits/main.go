// Waits is a program whose goroutines wait in every way. It writes its profile in the form that its first
// argument says: 0, 1 or 2. What each stack must be matched with stands behind the line: the operation,
// and then where the goroutine began.
package main

import (
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"time"

	"waits/lib"
)

type box[T any] struct{ ch chan T }

func (b *box[T]) put(v T) {
	b.ch <- v // send
}

func (b box[T]) take() T {
	return <-b.ch // receive
}

type server struct {
	sync.Mutex
	jobs chan int
}

func (s *server) loop() {
	for range s.jobs { // range
	}
}

func twice(ch chan int) {
	ch <- 1 // send
	ch <- 2
}

func spin(f func()) { go f() }

func inlined(ch chan int) {
	go func() { ch <- 1 }() // send
}

func forever() {
	select {} // select
}

func several(a, b chan int) {
	select { // select
	case a <- 1:
	case <-b:
	}
}

func lone(a chan int) {
	select {
	case v := <-a: // receive
		_ = v
	}
}

func each(yield func(int) bool) {
	yield(1)
}

func body(ch chan int) {
	for v := range each {
		ch <- v // send
	}
}

func late(wg *sync.WaitGroup) {
	defer wg.Wait() // call
	runtime.Gosched()
}

var literal = func(ch chan int) {
	ch <- 1 // send
}

func none() chan int { return make(chan int) }

const debug = false

func main() {
	if debug { // the compiler does not count the literals here
		go func() {
			<-none()
		}()
	}
	receive := none()
	b := &box[int]{make(chan int)}
	go b.put(1)
	go (&box[string]{make(chan string)}).take()
	s := &server{jobs: none()}
	s.Lock()
	go s.loop()
	go func() {
		s.Lock() // call
	}()
	for range 3 {
		go twice(none())
	}
	spin(func() {
		<-receive // receive
	})
	inlined(none())
	go forever()
	go several(none(), none())
	go lone(none())
	go body(none())
	var wg sync.WaitGroup
	wg.Add(1)
	go late(&wg)
	go wg.Wait() // go
	var group sync.WaitGroup
	group.Go(func() {
		var x chan int
		x <- 1 // send
	})
	go literal(none())
	go time.Sleep(time.Hour) // go
	go func() {
		time.Sleep(time.Hour) // call
	}()
	cond := sync.NewCond(&sync.Mutex{})
	go func() {
		cond.L.Lock()
		defer cond.L.Unlock()
		cond.Wait() // call
	}()
	go func() {
		func() {
			go func() {
				<-receive // receive
			}()
		}()
		v := <-receive // receive
		none() <- v
	}()
	lib.Start(none())
	time.Sleep(50 * time.Millisecond)
	form, _ := strconv.Atoi(os.Args[1])
	_ = pprof.Lookup("goroutine").WriteTo(os.Stdout, form)
}
