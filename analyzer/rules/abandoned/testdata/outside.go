package abandoned

import (
	"iter"
	"slices"
	"sync"

	"poollint.test/analyzer/rules/abandoned/testdata/help"
)

// A helper of another package receives until the channel is closed, or not so long.

func drainedAtTheEnd(files []string) error {
	failures := make(chan error)
	go func() {
		defer close(failures)
		for range files {
			failures <- work()
		}
	}()
	defer help.Drain(failures)
	for err := range failures {
		if err != nil {
			return err
		}
	}
	return nil
}

func drainedMeanwhile(files []string) {
	failures := make(chan error)
	go help.Drain(failures)
	for range files {
		failures <- work()
	}
	close(failures)
}

func drainedForever(files []string) {
	failures := make(chan error)
	go help.Drain(failures) // want "the goroutine waits forever on failures when drainedForever returns at line 45, because nobody sends on it or closes it after that"
	for range files {
		failures <- work()
	}
}

func notDrained(files []string) error {
	failures := make(chan error)
	go func() { // want "the goroutine blocks forever sending on failures when notDrained returns at line 55 before receiving everything"
		defer close(failures)
		for range files {
			failures <- work()
		}
	}()
	return help.First(failures)
}

// A function of the standard library takes all that an iterator has.

func received(c <-chan int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for v := range c {
			if !yield(v) {
				return
			}
		}
	}
}

func sortedAll(sizes [6]func() int) []int {
	found := make(chan int)
	var wg sync.WaitGroup
	for _, size := range sizes {
		wg.Go(func() { found <- size() })
	}
	go func() {
		wg.Wait()
		close(found)
	}()
	return slices.Sorted(received(found))
}

func sortedForever(sizes [6]func() int) []int {
	found := make(chan int)
	for _, size := range sizes {
		go func() { found <- size() }() // want "sortedForever ranges over found at line 62 and never returns, because nothing closes it"
	}
	return slices.Sorted(received(found))
}

// The rest is counted from the index.

func firstAndRest(mirrors [3]func() error) error {
	answers := make(chan error)
	for _, m := range mirrors {
		go func() { answers <- m() }()
	}
	for i := range mirrors {
		if err := <-answers; err == nil {
			go func() {
				for range len(mirrors) - 1 - i {
					<-answers
				}
			}()
			return nil
		}
	}
	return errTimeout
}

func firstAndOneLess(mirrors [3]func() error) error {
	answers := make(chan error)
	for _, m := range mirrors {
		go func() { answers <- m() }() // want "the goroutine blocks forever sending on answers when firstAndOneLess returns at line 123 without receiving; give answers a buffer of 1"
	}
	for i := range mirrors {
		if err := <-answers; err == nil {
			go func() {
				for range len(mirrors) - 2 - i {
					<-answers
				}
			}()
			return nil
		}
	}
	return errTimeout
}

// A place for each of more than are told apart, and one more.

func placeForEach(parts [6]func() error, last func() error) (err error) {
	failures := make(chan error, len(parts)+1)
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { failures <- part() })
	}
	wg.Wait()
	failures <- last()
	close(failures)
	for e := range failures {
		err = e
	}
	return err
}
