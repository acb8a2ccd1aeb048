package unbounded

import (
	"context"

	"golang.org/x/sync/errgroup"
)

type chapter struct {
	url   string
	parts []*chapter
}

// A group that a function hands to itself is the one that it was given.
func (c *chapter) fetch(ctx context.Context, g *errgroup.Group) error {
	for _, part := range c.parts {
		g.Go(func() error { return part.fetch(ctx, g) }) // want "unbounded: one goroutine per element of c.parts .one for each that the recursion finds."
	}
	return fetch(ctx, c.url)
}

func FetchWhole(ctx context.Context, book *chapter) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return book.fetch(ctx, g) })
	return g.Wait()
}

// Who hands it on may have limited it, and so may one of those who get it.
func (c *chapter) some(ctx context.Context, g *errgroup.Group) error {
	for _, part := range c.parts {
		if !g.TryGo(func() error { return part.some(ctx, g) }) {
			if err := part.some(ctx, g); err != nil {
				return err
			}
		}
	}
	return fetch(ctx, c.url)
}

func FetchWithin(ctx context.Context, book *chapter) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(func() error { return book.some(ctx, g) })
	return g.Wait()
}

func (c *chapter) few(ctx context.Context, g *errgroup.Group, deep int) error {
	for _, part := range c.parts {
		g.Go(func() error { return fetch(ctx, part.url) })
		if err := part.few(ctx, g, deep+1); err != nil {
			return err
		}
	}
	if deep == 0 {
		atFirst(g)
	}
	return fetch(ctx, c.url)
}

func atFirst(g *errgroup.Group) { g.SetLimit(4) }

func FetchSlowly(ctx context.Context, book *chapter) error {
	g, ctx := errgroup.WithContext(ctx)
	if err := book.few(ctx, g, 0); err != nil {
		return err
	}
	return g.Wait()
}

// Who keeps it may limit it.
func (c *chapter) kept(ctx context.Context, g *errgroup.Group, keep func(*errgroup.Group)) error {
	keep(g)
	for _, part := range c.parts {
		g.Go(func() error { return part.kept(ctx, g, keep) })
	}
	return fetch(ctx, c.url)
}

func FetchShelved(ctx context.Context, book *chapter, keep func(*errgroup.Group)) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return book.kept(ctx, g, keep) })
	return g.Wait()
}
