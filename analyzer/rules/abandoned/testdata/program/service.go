package main

import "sync"

// A tally answers main as long as the process lives.
type tally struct {
	adds chan int
	asks chan chan int
}

func newTally() *tally { return &tally{adds: make(chan int), asks: make(chan chan int)} }

func (t *tally) run() {
	sum := 0
	for {
		select {
		case n := <-t.adds:
			sum += n
		case c := <-t.asks:
			c <- sum
		}
	}
}

func (t *tally) sum() int {
	c := make(chan int)
	t.asks <- c
	return <-c
}

func each(all []func() error) error {
	var wg sync.WaitGroup
	errs := make(chan error)
	for _, f := range all {
		wg.Add(1)
		go func() { // want `abandoned: the goroutine blocks forever sending on errs while each waits at line \d+ and does not receive`
			defer wg.Done()
			if err := f(); err != nil {
				errs <- err
			}
		}()
	}
	wg.Wait()
	return <-errs
}

var jobs []func() error

// What each would close if it were not stuck is no other cause: those who wait for it are let go then.
func announce(all []func() error) error {
	var wg sync.WaitGroup
	begun := make(chan struct{})
	errs := make(chan error)
	for _, f := range all {
		wg.Add(1)
		go func() { // want `abandoned: the goroutine blocks forever sending on errs`
			defer wg.Done()
			if err := f(); err != nil {
				errs <- err
			}
		}()
	}
	go func() {
		<-begun
	}()
	wg.Wait()
	close(begun)
	return <-errs
}
