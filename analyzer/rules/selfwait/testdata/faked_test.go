package selfwait

import (
	"context"
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
