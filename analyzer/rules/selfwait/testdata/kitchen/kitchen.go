// Package kitchen has pools of several kinds behind methods, for those who import it.
package kitchen

import (
	"context"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
)

// Shared cooks for everyone.
var Shared = pond.NewPool(4)

// Bakery is another pool.
var Bakery = pond.NewPool(4)

// Cook cooks in Shared and waits.
func Cook(dish func() error) error { return Shared.SubmitErr(dish).Wait() }

// A Stove hides a library's pool.
type Stove struct{ plates pond.Pool }

// NewStove has n plates.
func NewStove(n int) *Stove { return &Stove{pond.NewPool(n)} }

// Start cooks.
func (s *Stove) Start(dish func()) { s.plates.Submit(dish) }

// Finish cooks and waits.
func (s *Stove) Finish(dish func() error) error { return s.plates.SubmitErr(dish).Wait() }

func (s *Stove) both(dish func() error) {
	s.Start(func() {
		_ = s.Finish(dish) // want `selfwait: a task of s submits to s and waits`
	})
}

// A Grill hides one that blocks when it is full.
type Grill struct{ p *ants.Pool }

// NewGrill has n places.
func NewGrill(n int) (*Grill, error) {
	p, err := ants.NewPool(n)
	if err != nil {
		return nil, err
	}
	return &Grill{p}, nil
}

// Put grills.
func (g *Grill) Put(dish func()) error { return g.p.Submit(dish) }

// All grills all and waits.
func (g *Grill) All(names []string, dish func(string)) error {
	var wg sync.WaitGroup
	for _, name := range names {
		wg.Add(1)
		if err := g.Put(func() { defer wg.Done(); dish(name) }); err != nil {
			wg.Done()
			return err
		}
	}
	wg.Wait()
	return nil
}

// Close ends it.
func (g *Grill) Close() { g.p.Release() }

// Cooks are a pool without a library.
type Cooks struct {
	orders chan order
	gone   chan struct{}
}

type order struct{ cook func() }

// NewCooks hires n.
func NewCooks(n int) *Cooks {
	c := &Cooks{orders: make(chan order), gone: make(chan struct{})}
	for range n {
		go func() {
			for o := range c.orders {
				o.cook()
			}
		}()
	}
	return c
}

// Close sends them home.
func (c *Cooks) Close() {
	close(c.gone)
	close(c.orders)
}

// Order hands on an order.
func (c *Cooks) Order(cook func()) bool {
	select {
	case c.orders <- order{cook: cook}:
		return true
	case <-c.gone:
		return false
	}
}

// Try hands one on if a cook is free, or while the caller waits.
func (c *Cooks) Try(ctx context.Context, cook func()) {
	select {
	case c.orders <- order{cook}:
	case <-ctx.Done():
	}
}

// Sinks are for a few at a time.
type Sinks struct{ free chan struct{} }

// NewSinks has some.
func NewSinks(n int) *Sinks { return &Sinks{free: make(chan struct{}, n)} }

// Occupy waits for a sink.
func (s *Sinks) Occupy() { s.free <- struct{}{} }

// Vacate gives it back.
func (s *Sinks) Vacate() { <-s.free }

// At runs what is to be done at a sink.
func (s *Sinks) At(wash func() error) error {
	s.Occupy()
	defer func() { s.Vacate() }()
	return wash()
}

// After runs what is to be done when a sink was free, but not at it.
func (s *Sinks) After(wash func() error) error {
	s.Occupy()
	s.Vacate()
	return wash()
}

// Ring tells somebody, who may be there.
type Ring struct{ bell chan struct{} }

// NewRing has room for one.
func NewRing() *Ring { return &Ring{bell: make(chan struct{}, 1)} }

// Ring tells him.
func (r *Ring) Ring() { r.bell <- struct{}{} }

// Hear waits until somebody rings.
func (r *Ring) Hear() { <-r.bell }

// Knives lie in a block, from which they are taken.
type Knives struct{ block chan struct{} }

// NewKnives has n, all in the block.
func NewKnives(n int) *Knives {
	k := &Knives{block: make(chan struct{}, n)}
	for range n {
		k.block <- struct{}{}
	}
	return k
}

// Draw waits for a knife.
func (k *Knives) Draw() { <-k.block }

// Sheathe puts it back.
func (k *Knives) Sheathe() { k.block <- struct{}{} }
