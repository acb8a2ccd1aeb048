// Package first declares what is used after its use. Package last is the same from the last
// declaration to the first: no finding depends on that.
package first

import (
	"bufio"
	"context"
	"io"
	"log"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

// A guard that never returns, in a function that it may call again.

func fetchOrEnd(ctx context.Context, p *pool.IO) {
	f := pool.Submit(ctx, p, load)
	if ctx.Err() != nil {
		end(ctx, p)
	} else {
		_, err := f.Await(ctx)
		log.Print(err)
	}
}

func end(ctx context.Context, p *pool.IO) {
	if len(os.Args) > 3 {
		fetchOrEnd(context.WithoutCancel(ctx), p)
	}
	os.Exit(1)
}

func load(ctx context.Context) (int, error) { return 0, ctx.Err() }

// One that panics in a helper which calls it back.

func fetchOrFail(ctx context.Context, p *pool.IO, g *errgroup.Group) {
	f := pool.Submit(ctx, p, load)
	if g == nil {
		fail(ctx, p, "no group")
	} else {
		_, err := f.Await(ctx)
		log.Print(err)
	}
}

func fail(ctx context.Context, p *pool.IO, why string) {
	defer fetchOrFail(ctx, p, nil)
	log.Panicf("failed: %s", why)
}

// A wrapper over a group in a field, which a function that only looks at it is given.

type crew struct{ g errgroup.Group }

func (c *crew) start(f func() error) { c.g.Go(f) }

func (c *crew) lines(r io.Reader, f func(string) error) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		c.start(func() error { return f(line) }) // want `unbounded: `
	}
	look(&c.g)
	return c.g.Wait()
}

func look(*errgroup.Group) {}

// A wrapper over a group in a field, which a function limits.

type band struct{ g errgroup.Group }

func (b *band) start(f func() error) { b.g.Go(f) }

func (b *band) lines(r io.Reader, f func(string) error) error {
	lines := bufio.NewScanner(r)
	limit(&b.g)
	for lines.Scan() {
		line := lines.Text()
		b.start(func() error { return f(line) })
	}
	return b.g.Wait()
}

func limit(g *errgroup.Group) { g.SetLimit(8) }

// A wrapper over a group that a parameter brings, made without a limit by a function.

func run(g *errgroup.Group, f func() error) { g.Go(f) }

func team(r io.Reader, f func(string) error) error {
	g := newTeam()
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		run(g, func() error { return f(line) }) // want `unbounded: `
	}
	return g.Wait()
}

func newTeam() *errgroup.Group { return new(errgroup.Group) }

// A task that a function value names, whose helper takes a token.

type gate struct{ tokens chan struct{} }

func (g *gate) each(r io.Reader, group *errgroup.Group) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		g.enter()
		group.Go(g.work)
	}
}

func (g *gate) work() error {
	defer g.leave()
	return nil
}

func (g *gate) enter() { g.take() }

func (g *gate) take() { g.tokens <- struct{}{} }

func (g *gate) leave() { <-g.tokens }

// A literal in a package variable calls wrappers as well.

var handle = func(r io.Reader, f func(string)) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		async(func() { f(line) }) // want `unbounded: `
	}
}

func async(f func()) { go f() }
