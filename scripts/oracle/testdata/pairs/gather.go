package pairs

import (
	"sync"
	"time"
)

// leaks
func FirstOfMany() {
	answers := make(chan int)
	for range 3 {
		go func() { answers <- work(false) }()
	}
	use(<-answers)
}

// fine
func FirstOfManyBuffer() {
	answers := make(chan int, 3)
	for range 3 {
		go func() { answers <- work(false) }()
	}
	use(<-answers)
}

// leaks
func AllOrError(n int, err error) error {
	answers := make(chan int)
	for range n {
		go func() { answers <- work(false) }()
	}
	for range n {
		use(<-answers)
		if err != nil {
			return err
		}
	}
	return nil
}

// fine
func AllOrErrorBuffer(n int, err error) error {
	answers := make(chan int, n)
	for range n {
		go func() { answers <- work(false) }()
	}
	for range n {
		use(<-answers)
		if err != nil {
			return err
		}
	}
	return nil
}

// leaks
func OneMoreSender(n int) {
	answers := make(chan int)
	for range n {
		go func() { answers <- work(false) }()
	}
	go func() { answers <- 0 }()
	for range n {
		use(<-answers)
	}
}

// fine
func AsManyReceives(n int) {
	answers := make(chan int)
	for range n {
		go func() { answers <- work(false) }()
	}
	go func() { answers <- 0 }()
	for range n + 1 {
		use(<-answers)
	}
}

// leaks
func OneMoreReceive() {
	answers := make(chan int)
	go func() { answers <- work(false) }()
	use(<-answers)
	use(<-answers)
}

// fine
func AsManySends() {
	answers := make(chan int)
	go func() { answers <- work(false) }()
	go func() { answers <- work(false) }()
	use(<-answers)
	use(<-answers)
}

// leaks
func WaitBeforeReceives(n int) {
	answers := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { answers <- work(false) })
	}
	wg.Wait()
	close(answers)
	for v := range answers {
		use(v)
	}
}

// fine
func WaitAside(n int) {
	answers := make(chan int)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { answers <- work(false) })
	}
	go func() {
		wg.Wait()
		close(answers)
	}()
	for v := range answers {
		use(v)
	}
}

// fine
func WaitBeforeReceivesBuffer(n int) {
	answers := make(chan int, n)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { answers <- work(false) })
	}
	wg.Wait()
	close(answers)
	for v := range answers {
		use(v)
	}
}

// leaks
func DeferredWait(n int, err error) error {
	answers := make(chan int)
	var wg sync.WaitGroup
	defer func() {
		wg.Wait()
		close(answers)
	}()
	for range n {
		wg.Go(func() { answers <- work(false) })
	}
	for range n {
		use(<-answers)
		if err != nil {
			return err
		}
	}
	return nil
}

// fine
func DeferredWaitAndDone(n int, err error) error {
	answers := make(chan int)
	done := make(chan struct{})
	var wg sync.WaitGroup
	defer wg.Wait()
	defer close(done)
	for range n {
		wg.Go(func() {
			select {
			case answers <- work(false):
			case <-done:
			}
		})
	}
	for range n {
		use(<-answers)
		if err != nil {
			return err
		}
	}
	return nil
}

// leaks
func MissedDone(n int, failed bool) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			if failed {
				return
			}
			use(work(false))
			wg.Done()
		}()
	}
	wg.Wait()
}

// fine
func DeferredDone(n int, failed bool) {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if failed {
				return
			}
			use(work(false))
		}()
	}
	wg.Wait()
}

// leaks
func CountedNotStarted(n int, failed bool) {
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		if failed {
			continue
		}
		go func() {
			defer wg.Done()
			use(work(false))
		}()
	}
	wg.Wait()
}

// fine
func CountedAndStarted(n int, failed bool) {
	var wg sync.WaitGroup
	for range n {
		if failed {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			use(work(false))
		}()
	}
	wg.Wait()
}

// leaks
func WaiterTimesOut(slow bool) {
	var wg sync.WaitGroup
	wg.Go(func() { use(work(slow)) })
	done := make(chan struct{})
	go func() {
		wg.Wait()
		done <- struct{}{}
	}()
	within(done)
}

// fine
func WaiterCloses(slow bool) {
	var wg sync.WaitGroup
	wg.Go(func() { use(work(slow)) })
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	within(done)
}

func within(done <-chan struct{}) {
	select {
	case <-done:
	case <-time.After(patience):
	}
}
