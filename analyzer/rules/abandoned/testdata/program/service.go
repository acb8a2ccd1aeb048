package main

import "sync"

// A tally answers main as long as the process lives.
type tally struct{ adds chan int }

func (t *tally) run() {
	sum := 0
	for n := range t.adds {
		sum += n
	}
}

func count(all []func() error) error {
	t := &tally{make(chan int)}
	go t.run() // silent: abandoned "in every run"
	t.adds <- 1
	err := each(all)
	t.adds <- 2
	close(t.adds)
	return err
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
