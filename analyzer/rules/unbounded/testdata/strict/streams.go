package strict

import (
	"context"
	"iter"
)

type hub struct{ messages chan string }

// Perhaps an event loop, perhaps not.
func (h *hub) run(ctx context.Context) {
	for {
		select {
		case message := <-h.messages:
			go visit(ctx, message) // want `unbounded: one goroutine per element of h.messages \(a channel\)`
		case <-ctx.Done():
			return
		}
	}
}

// Nothing says what these are.
func Numbers(ctx context.Context, numbers iter.Seq[string]) {
	for n := range numbers {
		go visit(ctx, n) // want `unbounded: one goroutine per element of numbers \(the parameter numbers of Numbers\)`
	}
}
