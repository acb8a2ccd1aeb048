package selfwait

import "context"

// What is behind an interface may be declared by the tests of the package alone.
type pinger interface {
	Ping() error
	Close() error
}

func keepAlive(ctx context.Context, ticks <-chan int, p pinger) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticks:
			}
			if err := p.Ping(); err != nil {
				return
			}
		}
	}()
	return func() {
		_ = p.Close()
		cancel()
		<-done
	}
}
