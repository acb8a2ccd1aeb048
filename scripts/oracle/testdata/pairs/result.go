package pairs

import (
	"context"
	"time"
)

// leaks
func ResultTimeout(slow bool) error {
	result := make(chan int)
	go func() { result <- work(slow) }()
	select {
	case v := <-result:
		use(v)
		return nil
	case <-time.After(patience):
		return errTimeout
	}
}

// fine
func ResultTimeoutBuffer(slow bool) error {
	result := make(chan int, 1)
	go func() { result <- work(slow) }()
	select {
	case v := <-result:
		use(v)
		return nil
	case <-time.After(patience):
		return errTimeout
	}
}

// leaks
func ResultContext(ctx context.Context, slow bool) error {
	result := make(chan int)
	go func() { result <- work(slow) }()
	select {
	case v := <-result:
		use(v)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// fine
func ResultContextOfBoth(ctx context.Context, slow bool) error {
	result := make(chan int)
	go func() {
		select {
		case result <- work(slow):
		case <-ctx.Done():
		}
	}()
	select {
	case v := <-result:
		use(v)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leaks
func ResultEarlyReturn(err error) error {
	result := make(chan int)
	go func() { result <- work(false) }()
	if err != nil {
		return err
	}
	use(<-result)
	return nil
}

// fine
func ResultDrainedInDefer(err error) error {
	result := make(chan int)
	go func() { result <- work(false) }()
	defer func() { <-result }()
	if err != nil {
		return err
	}
	return nil
}

// leaks
func ResultOfHelper(err error) error {
	result := lookup()
	if err != nil {
		return err
	}
	use(<-result)
	return nil
}

func lookup() <-chan int {
	result := make(chan int)
	go func() { result <- work(false) }()
	return result
}

// fine
func ResultOfHelperBuffer(err error) error {
	result := lookupBuffer()
	if err != nil {
		return err
	}
	use(<-result)
	return nil
}

func lookupBuffer() <-chan int {
	result := make(chan int, 1)
	go func() { result <- work(false) }()
	return result
}

type fetch struct {
	result chan int
	slow   bool
}

func (f *fetch) run() { f.result <- work(f.slow) }

func (f *fetch) wait() error {
	select {
	case v := <-f.result:
		use(v)
		return nil
	case <-time.After(patience):
		return errTimeout
	}
}

// leaks
func ResultInField(slow bool) error {
	f := &fetch{result: make(chan int), slow: slow}
	go f.run()
	return f.wait()
}

type fetchBuffer struct {
	result chan int
	slow   bool
}

func (f *fetchBuffer) run() { f.result <- work(f.slow) }

func (f *fetchBuffer) wait() error {
	select {
	case v := <-f.result:
		use(v)
		return nil
	case <-time.After(patience):
		return errTimeout
	}
}

// fine
func ResultInFieldBuffer(slow bool) error {
	f := &fetchBuffer{result: make(chan int, 1), slow: slow}
	go f.run()
	return f.wait()
}

// leaks
func SecondSend(err error) {
	result := make(chan error)
	go func() {
		if err != nil {
			result <- err
		}
		use(work(false))
		result <- nil
	}()
	<-result
}

// fine
func SecondSendReturns(err error) {
	result := make(chan error)
	go func() {
		if err != nil {
			result <- err
			return
		}
		use(work(false))
		result <- nil
	}()
	<-result
}

// leaks
func OneOfTwoBuffered(err error, slow bool) error {
	result, failure := make(chan int, 1), make(chan error)
	go func() {
		v := work(slow)
		if err != nil {
			failure <- err
			return
		}
		result <- v
	}()
	select {
	case v := <-result:
		use(v)
		return nil
	case err := <-failure:
		return err
	case <-time.After(patience):
		return errTimeout
	}
}

// fine
func BothBuffered(err error, slow bool) error {
	result, failure := make(chan int, 1), make(chan error, 1)
	go func() {
		v := work(slow)
		if err != nil {
			failure <- err
			return
		}
		result <- v
	}()
	select {
	case v := <-result:
		use(v)
		return nil
	case err := <-failure:
		return err
	case <-time.After(patience):
		return errTimeout
	}
}

// leaks
func WrongAlternative(err error) {
	result, failure := make(chan int), make(chan error)
	go func() {
		if err != nil {
			failure <- err
			return
		}
		result <- work(false)
	}()
	use(<-result)
}

// fine
func EitherAlternative(err error) {
	result, failure := make(chan int), make(chan error)
	go func() {
		if err != nil {
			failure <- err
			return
		}
		result <- work(false)
	}()
	select {
	case v := <-result:
		use(v)
	case <-failure:
	}
}

// leaks
func SenderLeaves(err error) {
	result := make(chan int)
	go func() {
		if err != nil {
			return
		}
		result <- work(false)
	}()
	use(<-result)
}

// fine
func SenderCloses(err error) {
	result := make(chan int)
	go func() {
		defer close(result)
		if err != nil {
			return
		}
		result <- work(false)
	}()
	use(<-result)
}

// leaks
func AfterFunc(failed bool) {
	ready := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { ready <- struct{}{} })
	if !failed {
		<-ready
	}
}

// fine
func AfterFuncCloses(failed bool) {
	ready := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() { close(ready) })
	if !failed {
		<-ready
	}
}
