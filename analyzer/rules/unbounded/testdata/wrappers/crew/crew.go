// Package crew has types of which one value has a limit and another one none: how it was made says which.
package crew

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A Group has a limit if it was made by Limited, or given one. The zero Group has none.
type Group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
	sem  chan struct{}
}

// Limited returns a group with n places.
func Limited(n int) *Group { return &Group{sem: make(chan struct{}, n)} }

// SetLimit gives a group n places.
func (g *Group) SetLimit(n int) { g.sem = make(chan struct{}, n) }

// Go runs f once there is a place, if there are places.
func (g *Group) Go(f func() error) {
	if g.sem != nil {
		g.sem <- struct{}{}
	}
	g.wg.Add(1)
	go func() {
		defer g.done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

func (g *Group) done() {
	if g.sem != nil {
		<-g.sem
	}
	g.wg.Done()
}

// Wait waits for all.
func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}

// A Runner runs functions with a context.
type Runner struct {
	ctx context.Context
	g   *errgroup.Group
}

// New returns a runner that runs n at a time.
func New(ctx context.Context, n int) *Runner {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	return &Runner{ctx, g}
}

// Loose returns one that runs all at once.
func Loose(ctx context.Context) *Runner {
	r := new(Runner)
	r.g, r.ctx = errgroup.WithContext(ctx)
	return r
}

// Run runs f.
func (r *Runner) Run(f func(context.Context) error) { r.g.Go(func() error { return f(r.ctx) }) }

// Wait waits for all.
func (r *Runner) Wait() error { return r.g.Wait() }

// A Gate lets some pass, or all.
type Gate struct {
	places *semaphore.Weighted
	wg     sync.WaitGroup
}

// Open returns a gate that lets all pass.
func Open() *Gate { return &Gate{} }

// Narrow returns one that lets n pass.
func Narrow(n int64) *Gate { return &Gate{places: semaphore.NewWeighted(n)} }

// Start runs f.
func (g *Gate) Start(ctx context.Context, f func()) error {
	if g.places != nil {
		if err := g.places.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	g.wg.Go(func() {
		if g.places != nil {
			defer g.places.Release(1)
		}
		f()
	})
	return nil
}

// Wait waits for all.
func (g *Gate) Wait() { g.wg.Wait() }

func each(lines []string, f func(string)) {
	tight, loose := Narrow(4), Open()
	for _, line := range lines {
		_ = tight.Start(context.Background(), func() { f(line) })
		_ = loose.Start(context.Background(), func() { f(line) })
	}
	tight.Wait()
	loose.Wait()
}

var seats = make(chan struct{}, 8)

// An Errand says when one is done, if somebody has asked for that. There are as many as there are seats.
type Errand struct {
	wg   sync.WaitGroup
	done chan struct{}
}

// Do runs f once there is a seat.
func (e *Errand) Do(f func()) {
	seats <- struct{}{}
	e.wg.Add(1)
	go func() {
		defer func() { <-seats; e.wg.Done() }()
		f()
		if e.done != nil {
			e.done <- struct{}{}
		}
	}()
}

// Wait waits for all.
func (e *Errand) Wait() { e.wg.Wait() }
