package selfwait

import (
	"context"
	"errors"
	"io"
)

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

type front interface {
	serve(w io.Writer, n int) error
}

type behind interface{ copy(w io.Writer) error }

type relay struct{ to behind }

func (r relay) serve(w io.Writer, n int) error {
	if n > most() {
		return errors.New("too many")
	}
	return r.to.copy(w)
}

var most = func() int { return 64 }
