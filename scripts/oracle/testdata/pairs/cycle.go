package pairs

import "sync"

// leaks
func CycleOfTwo() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		use(<-ping)
		pong <- 1
	}()
	use(<-pong)
	ping <- 1
}

// fine
func InTurn() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		use(<-ping)
		pong <- 1
	}()
	ping <- 1
	use(<-pong)
}

// leaks
func BothSendFirst() {
	left, right := make(chan int), make(chan int)
	go func() {
		left <- 1
		use(<-right)
	}()
	right <- 1
	use(<-left)
}

// fine
func BothSendFirstBuffer() {
	left, right := make(chan int), make(chan int, 1)
	go func() {
		left <- 1
		use(<-right)
	}()
	right <- 1
	use(<-left)
}

// leaks
func OwnReceiver() {
	ch := make(chan int)
	ch <- 1
	use(<-ch)
}

// fine
func OwnReceiverBuffer() {
	ch := make(chan int, 1)
	ch <- 1
	use(<-ch)
}

// leaks
func OwnInbox() {
	inbox, done := make(chan int), make(chan struct{})
	go func() {
		defer close(done)
		for v := range inbox {
			if v > 1 {
				return
			}
			inbox <- v + 1
		}
	}()
	inbox <- 1
	<-done
}

// fine
func OwnInboxBuffer() {
	inbox, done := make(chan int, 1), make(chan struct{})
	go func() {
		defer close(done)
		for v := range inbox {
			if v > 1 {
				return
			}
			inbox <- v + 1
		}
	}()
	inbox <- 1
	<-done
}

// leaks
func TokenTwice() {
	tokens := make(chan struct{}, 1)
	tokens <- struct{}{}
	defer func() { <-tokens }()
	locked(tokens)
}

// fine
func TokenOnce() {
	tokens := make(chan struct{}, 1)
	locked(tokens)
	locked(tokens)
}

func locked(tokens chan struct{}) {
	tokens <- struct{}{}
	defer func() { <-tokens }()
	use(1)
}

// leaks
func TokenNested(n int) {
	tokens := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			tokens <- struct{}{}
			defer func() { <-tokens }()
			tokens <- struct{}{}
			<-tokens
		})
	}
	wg.Wait()
}

// fine
func TokenPerTask(n int) {
	tokens := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			tokens <- struct{}{}
			defer func() { <-tokens }()
			use(work(false))
		})
	}
	wg.Wait()
}

// leaks
func TokenKept(n int, failed bool) {
	tokens := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			tokens <- struct{}{}
			if failed {
				return
			}
			<-tokens
		})
	}
	wg.Wait()
}

// fine
func TokenGivenBack(n int, failed bool) {
	tokens := make(chan struct{}, 1)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			tokens <- struct{}{}
			defer func() { <-tokens }()
			if failed {
				return
			}
			use(work(false))
		})
	}
	wg.Wait()
}

// leaks
func WaitsForItself() {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() {
		wg.Wait()
		close(done)
	})
	<-done
}

// fine
func WaitsForOthers() {
	var wg sync.WaitGroup
	done := make(chan struct{})
	wg.Go(func() { use(work(false)) })
	go func() {
		wg.Wait()
		close(done)
	}()
	<-done
}

type pool struct{ tasks chan func() }

func newPool(workers int) *pool {
	p := &pool{make(chan func())}
	for range workers {
		go func() {
			for task := range p.tasks {
				task()
			}
		}()
	}
	return p
}

func (p *pool) do(task func()) {
	done := make(chan struct{})
	p.tasks <- func() {
		defer close(done)
		task()
	}
	<-done
}

func (p *pool) close() { close(p.tasks) }

// leaks
func PoolNested() {
	p := newPool(1)
	defer p.close()
	p.do(func() {
		p.do(func() { use(1) })
	})
}

// fine
func PoolInTurn() {
	p := newPool(1)
	defer p.close()
	p.do(func() { use(1) })
	p.do(func() { use(1) })
}
