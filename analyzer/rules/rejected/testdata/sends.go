package rejected

import (
	"context"
	"errors"
)

// A helper that sends what it is called with takes no token, whatever channel it is given, and whatever it answers.

func trySend[T any](ctx context.Context, msg T, to chan<- T) bool {
	select {
	case <-ctx.Done():
		return false
	case to <- msg:
		return true
	}
}

func trySendAny(ctx context.Context, msg any, to chan<- any) bool {
	select {
	case <-ctx.Done():
		return false
	case to <- msg:
		return true
	}
}

func sendsResults(ctx context.Context, load func(string) ([]byte, error), name string) error {
	results, failures := make(chan []byte, 1), make(chan any, 1)
	go func() {
		b, err := load(name)
		trySendAny(ctx, err, failures)
		trySend(ctx, b, results)
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case b := <-results:
		if len(b) == 0 {
			return errors.New("empty")
		}
		return nil
	}
}

// tryTake does take one.
func (g *turnstile) tryTake(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case g.tokens <- struct{}{}:
		return true
	}
}

func (g *turnstile) drop() { <-g.tokens }

type turnstile struct{ tokens chan struct{} }

func taken(ctx context.Context, g *turnstile, work func()) {
	g.tryTake(ctx) // want `the result of g.tryTake is ignored`
	defer g.drop()
	work()
}
