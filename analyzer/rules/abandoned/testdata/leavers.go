package abandoned

import (
	"context"
	"net/http"
)

// Who has left is the function that has the channel, not the one that has started all.

func startAll(ctx context.Context, servers []*http.Server) {
	ended := make(chan struct{}, len(servers))
	for _, s := range servers {
		go func() {
			serveOnce(ctx, s)
			ended <- struct{}{}
		}()
	}
	if ctx.Err() != nil {
		return
	}
}

func serveOnce(ctx context.Context, s *http.Server) error {
	served := make(chan error)
	go func() { // want `the goroutine blocks forever sending on served when serveOnce returns at line 31 without receiving; give served a buffer of 1`
		served <- s.ListenAndServe()
	}()
	select {
	case <-ctx.Done():
		s.Close()
		return ctx.Err()
	case err := <-served:
		return err
	}
}

// The channel is handed on to who is called with it, and leaves it.
func ask(ctx context.Context, url string) error {
	return first(ctx, func(answer chan<- error) { // want `the goroutine blocks forever sending on answer when first returns at line 52 without receiving; give answer a buffer of 1`
		_, err := http.Get(url)
		answer <- err
	})
}

func first(ctx context.Context, f func(chan<- error)) error {
	answer := make(chan error)
	go f(answer)
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
