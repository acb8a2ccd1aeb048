// Package helpers holds what the packages beside it call: limits, wrappers and loops are known
// from here by facts.
package helpers

import (
	"sync"

	"golang.org/x/sync/errgroup"
)

// NewGroup returns a group with a limit.
func NewGroup(n int) *errgroup.Group {
	g := new(errgroup.Group)
	g.SetLimit(n)
	return g
}

// NewFree returns a group without.
func NewFree() *errgroup.Group { return new(errgroup.Group) }

// Limit sets one on what it is given.
func Limit(g *errgroup.Group) { g.SetLimit(4) }

// Group embeds a limited group.
type Group struct{ *errgroup.Group }

// NewEmbedded limits what it embeds.
func NewEmbedded() *Group {
	g := &Group{Group: new(errgroup.Group)}
	g.SetLimit(4)
	return g
}

// Free runs each task in a goroutine of its own.
type Free struct{ wg sync.WaitGroup }

func (f *Free) Go(task func()) {
	f.wg.Add(1)
	go func() {
		defer f.wg.Done()
		task()
	}()
}

func (f *Free) Wait() { f.wg.Wait() }

// Bounded waits for a token first.
type Bounded struct {
	wg  sync.WaitGroup
	sem chan struct{}
}

func NewBounded(n int) *Bounded { return &Bounded{sem: make(chan struct{}, n)} }

func (b *Bounded) Go(task func()) {
	b.sem <- struct{}{}
	b.wg.Add(1)
	go func() {
		defer func() { <-b.sem; b.wg.Done() }()
		task()
	}()
}

func (b *Bounded) Wait() { b.wg.Wait() }

// Each runs fn for each element, all at once.
func Each[T any](in []T, fn func(T)) {
	var wg sync.WaitGroup
	for _, x := range in {
		wg.Go(func() { fn(x) })
	}
	wg.Wait()
}

// Serve works until jobs is closed.
func Serve(jobs <-chan string) {
	for range jobs {
	}
}
