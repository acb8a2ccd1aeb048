package abandoned

// Goroutines that count together: the last one closes.

import "sync/atomic"

func lastCloses(n int) (sum int) {
	out := make(chan int)
	var alive atomic.Int32
	alive.Store(int32(n))
	work := func() {
		defer func() {
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
		out <- 1
	}
	for i := 0; i < n; i++ {
		go work()
	}
	for i := range out {
		sum += i
	}
	return
}

func lastOfEight(n int) (sum int) {
	if n > 8 {
		n = 8
	}
	out := make(chan int)
	var alive atomic.Int64
	alive.Store(int64(n))
	for i := 0; i < n; i++ {
		go func() {
			out <- 1
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

func lastOfMany(n int32) (sum int) {
	if n == 0 {
		return
	}
	out := make(chan int)
	var alive atomic.Int32
	alive.Store(n)
	for i := int32(0); i < n; i++ {
		go func() {
			out <- 1
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

func lastOfFour() (sum int) {
	out := make(chan int)
	var alive atomic.Int32
	alive.Store(int32(4))
	for i := 0; i < 4; i++ {
		go func() {
			out <- 1
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

func lastByAddress(n int) (sum int) {
	out := make(chan int)
	alive := int32(n)
	for i := 0; i < n; i++ {
		go func() {
			out <- 1
			if atomic.AddInt32(&alive, -1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

func oneTooMany() (sum int) {
	out := make(chan int)
	var alive atomic.Int32
	alive.Store(4)
	for range 3 {
		go func() { // want `oneTooMany ranges over out at line \d+ and never returns, because nothing closes it; close out once all senders are done`
			out <- 1
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

// The first to fail says so, the last one, too, in a field whose count nobody here knows.
type gangOfMany struct {
	alive atomic.Int32
	done  chan struct{}
}

func (c *gangOfMany) work(jobs []func()) {
	c.done = make(chan struct{})
	for _, job := range jobs {
		go func() {
			job()
			if last := c.alive.Add(-1) == 0; last {
				close(c.done)
			}
		}()
	}
	<-c.done
}

// How many there are is capped, and the same wherever it is asked.
func lastOfMin(n int) (sum int) {
	n = min(n, 8)
	out := make(chan int)
	var alive atomic.Int64
	alive.Store(int64(n))
	for i := 0; i < n; i++ {
		go func() {
			out <- 1
			if alive.Add(-1) == 0 {
				close(out)
			}
		}()
	}
	for i := range out {
		sum += i
	}
	return
}

func ofEight(n int) (sum int) {
	if n > 8 {
		n = 8
	}
	out := make(chan int)
	for i := 0; i < n; i++ {
		go func() {
			out <- 1
		}()
	}
	for i := 0; i < n; i++ {
		sum += <-out
	}
	return
}
