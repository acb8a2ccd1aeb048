package unbounded

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

type clade struct {
	left, right *clade
	children    []*clade
	name        string
}

// One half in a goroutine and the other in its own: what is waited for at the end has been started before.
func halves(c *clade, score func(*clade) int) int {
	if c == nil {
		return 0
	}
	left := make(chan int, 1)
	go func() { left <- halves(c.left, score) }() // want `unbounded: one goroutine per call \(one for each that the recursion finds\)`
	right := halves(c.right, score)
	return score(c) + right + <-left
}

// A number says how deep it goes.
func halvesTo(c *clade, depth int, score func(*clade) int) int {
	if c == nil || depth == 0 {
		return 0
	}
	left := make(chan int, 1)
	go func() { left <- halvesTo(c.left, depth-1, score) }()
	right := halvesTo(c.right, depth-1, score)
	return score(c) + right + <-left
}

// A part of a slice is no node: with each turn there is less.
func sum(xs []int) int {
	if len(xs) < 2 {
		return 0
	}
	left := make(chan int, 1)
	go func() { left <- sum(xs[:len(xs)/2]) }()
	return sum(xs[len(xs)/2:]) + <-left
}

// A closure that calls itself.
func annotate(ctx context.Context, root *clade) error {
	var g errgroup.Group
	var visit func(c *clade)
	visit = func(c *clade) {
		g.Go(func() error { fetch(ctx, c.name); return nil }) // want `unbounded: one goroutine per call \(one for each that the recursion finds\)`
		for _, child := range c.children {
			visit(child)
		}
	}
	visit(root)
	return g.Wait()
}

func annotateEight(ctx context.Context, root *clade) error {
	var g errgroup.Group
	g.SetLimit(8)
	var visit func(c *clade)
	visit = func(c *clade) {
		g.Go(func() error { fetch(ctx, c.name); return nil })
		for _, child := range c.children {
			visit(child)
		}
	}
	visit(root)
	return g.Wait()
}

// A token is taken before each start, and given back by what was started.
func annotateByTokens(ctx context.Context, c *clade, tokens *semaphore.Weighted, wg *sync.WaitGroup) {
	if tokens.Acquire(ctx, 1) != nil {
		return
	}
	wg.Go(func() {
		defer tokens.Release(1)
		fetch(ctx, c.name)
	})
	for _, child := range c.children {
		annotateByTokens(ctx, child, tokens, wg)
	}
}

// What a verb says of a method is not what it is done to: this stores messages, and has no stores.
type mailbox struct{ messages chan []byte }

func (b *mailbox) store(ctx context.Context, m []byte) { fetch(ctx, string(m)) }

func (b *mailbox) run(ctx context.Context) {
	for {
		select {
		case m := <-b.messages:
			go b.store(ctx, m) // want `unbounded: one goroutine per element of b\.messages`
		case <-ctx.Done():
			return
		}
	}
}

// Whoever is called for each message and starts a task each time is no other than who does it there.
func (b *mailbox) each(ctx context.Context) {
	for m := range b.messages {
		b.start(ctx, m)
	}
}

func (b *mailbox) start(ctx context.Context, m []byte) {
	go b.store(ctx, m) // want `unbounded: one goroutine per element of b\.messages`
}

func (b *mailbox) some(ctx context.Context) {
	for m := range b.messages {
		b.startLong(ctx, m)
	}
}

func (b *mailbox) startLong(ctx context.Context, m []byte) {
	if len(m) > 1<<20 {
		go b.store(ctx, m)
	}
}
