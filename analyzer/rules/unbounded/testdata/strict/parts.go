package strict

import "context"

// How many parts there are is unknown, but not few in the eyes of whoever took a token.
func Parts(ctx context.Context, parts int) {
	tokens := make(chan struct{}, 8)
	for range parts {
		go func() { // want `unbounded: one goroutine per unit of parts \(the parameter parts of Parts\) waits for its token only after it has started`
			tokens <- struct{}{}
			defer func() { <-tokens }()
			visit(ctx, "part")
		}()
	}
}

// Nor are peers, though they grow with the installation only.
func Probe(ctx context.Context, peers []string) {
	tokens := make(chan struct{}, 8)
	for _, peer := range peers {
		go func() { // want `unbounded: one goroutine per element of peers \(the parameter peers of Probe\) waits for its token only after it has started`
			tokens <- struct{}{}
			defer func() { <-tokens }()
			visit(ctx, peer)
		}()
	}
}
