package selfwait

import (
	"context"
	"sync"
	"testing"
)

type fakePinger struct{ started, goOn chan struct{} }

func (f *fakePinger) Close() error { return nil }

func (f *fakePinger) Ping() error {
	if f.started != nil {
		close(f.started)
		<-f.goOn
	}
	return nil
}

func TestKeepAlive(t *testing.T) {
	ticks := make(chan int, 1)
	f := &fakePinger{started: make(chan struct{}), goOn: make(chan struct{})}
	stop := keepAlive(context.Background(), ticks, f)
	ticks <- 1
	<-f.started // Ping has closed it
	close(f.goOn)
	stop()
}

func TestKeepAliveNotStarted(t *testing.T) {
	f := &fakePinger{started: make(chan struct{}), goOn: make(chan struct{})}
	<-f.started // want `selfwait: TestKeepAliveNotStarted waits on started, and no other goroutine sends on it or closes it`
	close(f.goOn)
}

// A fake hands on what is written to it: who writes is behind an interface, and may end before.
type fakeWriter struct{ written chan []byte }

func (w *fakeWriter) Write(data []byte) (int, error) {
	w.written <- data
	return len(data), nil
}

func (w *fakeWriter) next() []byte { return <-w.written }

func testServed(f front) func(t *testing.T) {
	return func(t *testing.T) {
		w := &fakeWriter{make(chan []byte)}
		var wg sync.WaitGroup
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := f.serve(w, 50); err != nil {
				t.Error(err)
			}
		}()
		for range 50 {
			w.next()
		}
		wg.Wait()
	}
}

func TestServed(t *testing.T) {
	t.Run("relay", testServed(relay{}))
}
