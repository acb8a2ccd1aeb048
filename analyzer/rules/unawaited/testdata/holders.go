package unawaited

import (
	"context"
	"errors"
	"log"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/poollint/poollint/pool"
	"poollint.test/analyzer/rules/unawaited/testdata/help"
)

// Whatever is behind an interface, a closure or a field hands out a future.

type weigher interface {
	weigh(ctx context.Context) *pool.Future[int]
}

type scales struct {
	io    *pool.IO
	start func(context.Context) *pool.Future[int]
	last  *pool.Future[int]
}

func (s *scales) weigh(ctx context.Context) *pool.Future[int] { return pool.Submit(ctx, s.io, one) }

func behindAnInterface(ctx context.Context, w weigher) (int, error) {
	w.weigh(ctx) // want `unawaited: the future of weigh is dropped`
	return w.weigh(ctx).Await(ctx)
}

// One of the implementations keeps its future.

type keeper interface {
	keep(ctx context.Context) *pool.Future[int]
}

func (s *scales) keep(ctx context.Context) *pool.Future[int] {
	s.last = pool.Submit(ctx, s.io, one)
	return s.last
}

func (s *scales) lastKept(ctx context.Context) (int, error) { return s.last.Await(ctx) }

func keptBehindAnInterface(ctx context.Context, s *scales) {
	var k keeper = s
	k.keep(ctx)
}

func inAClosure(ctx context.Context, io *pool.IO) error {
	start := func() *pool.Future[int] { return pool.Submit(ctx, io, one) }
	start() // want `unawaited: the future of start is dropped`
	_, err := start().Await(ctx)
	return err
}

func inAField(ctx context.Context, io *pool.IO) {
	s := scales{start: func(ctx context.Context) *pool.Future[int] { return pool.Submit(ctx, io, one) }}
	s.start(ctx) // want `unawaited: the future of s.start is dropped`
}

func inAFieldAwaited(ctx context.Context, s *scales) (int, error) { return s.start(ctx).Await(ctx) }

// A channel that delivers once is a future.

func channelDropped(g *singleflight.Group) {
	g.DoChan("key", func() (any, error) { return nil, nil }) // want `unawaited: the future of DoChan is dropped, losing the result and the error`
}

func channelReceived(g *singleflight.Group) any {
	return (<-g.DoChan("key", func() (any, error) { return nil, nil })).Val
}

func channelGivenUp(ctx context.Context, g *singleflight.Group) (any, error) {
	ch := g.DoChan("key", func() (any, error) { return nil, nil })
	select {
	case r := <-ch:
		return r.Val, r.Err
	case <-time.After(time.Second):
		return nil, errors.New("late")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func channelLeft(g *singleflight.Group, quiet bool) any {
	n := g.DoChan("key", number) // want `unawaited: n, from DoChan, is not awaited on the path that returns at line \d+`
	if quiet {
		return nil
	}
	return (<-n).Val
}

// A channel that a goroutine delivers on is left with its value in it; who never looks loses what came.

func delivered(f func() (int, error)) <-chan error {
	ch := make(chan error, 1)
	go func() {
		_, err := f()
		ch <- err
	}()
	return ch
}

func deliveredDropped(f func() (int, error)) {
	delivered(f) // want `unawaited: the future of delivered is dropped, losing its result`
}

func deliveredLeft(f func() (int, error), quiet bool) error {
	failed := delivered(f) // want `unawaited: failed, from delivered, is not awaited on the path that returns at line \d+`
	if quiet {
		return nil
	}
	return <-failed
}

func deliveredLeftWithError(f func() (int, error)) error {
	failed := delivered(f) // silent: unawaited "its one value may stay in the channel"
	if err := ready(); err != nil {
		return err
	}
	return <-failed
}

func ready() error { return nil }

func number() (any, error) { return 1, nil }

func channelsDrained(g *singleflight.Group, keys []string) (sum int) {
	var all []<-chan singleflight.Result
	for _, key := range keys {
		all = append(all, g.DoChan(key, number))
	}
	for _, ch := range all {
		sum += (<-ch).Val.(int)
	}
	return sum
}

func channelsCounted(g *singleflight.Group, keys []string) int {
	var all []<-chan singleflight.Result
	for _, key := range keys {
		all = append(all, g.DoChan(key, number)) // want `unawaited: all holds the future of DoChan and is never awaited`
	}
	return len(all)
}

func channelFromAHelper(g *singleflight.Group) <-chan singleflight.Result {
	return g.DoChan("key", number)
}

func channelFromAHelperDropped(g *singleflight.Group) {
	channelFromAHelper(g) // want `unawaited: the future of channelFromAHelper is dropped`
}

// A helper's group has work in it.

func begin() *errgroup.Group {
	var g errgroup.Group
	g.Go(check)
	return &g
}

func beginEmpty() *errgroup.Group { return new(errgroup.Group) }

func (s *started) beginKept() *errgroup.Group {
	s.group = new(errgroup.Group)
	s.group.Go(check)
	return s.group
}

func groupFromAHelper() {
	begin() // want `unawaited: the group of begin is dropped while its tasks run, losing the first error; wait for it`
}

func groupFromAHelperLeft() error {
	g := begin() // want `unawaited: g is not waited for on the path that exits at line \d+`
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func groupFromAHelperWaited() error { return begin().Wait() }

func tryBegin() (*errgroup.Group, error) {
	if err := check(); err != nil {
		return nil, err
	}
	var g errgroup.Group
	g.Go(check)
	return &g, nil
}

func groupFromAHelperThatFails() error {
	g, err := tryBegin()
	if err != nil {
		return err
	}
	return g.Wait()
}

func groupFromAHelperThatFailsLeft() error {
	g, err := tryBegin() // want `unawaited: g is not waited for on the path that exits at line \d+`
	if err != nil {
		return err
	}
	if err := check(); err != nil {
		return err
	}
	return g.Wait()
}

func groupFromAHelperEmpty() { log.Print(beginEmpty()) }

func (s *started) groupFromAHelperKept() { s.beginKept() }

// Each of what another package's function begins is waited for in a loop.
func bakeAll(kinds []string, knead func(string) int) (weight int) {
	var loaves []*help.Loaf[int]
	for _, kind := range kinds {
		loaves = append(loaves, help.Bake(func() int { return knead(kind) })) // silent: unawaited "awaited, cancelled or handed on"
	}
	for _, loaf := range loaves {
		weight += loaf.Slice()
	}
	return weight
}

func bakeAndCount(kinds []string, knead func(string) int) (n int) {
	loaves := map[string]*help.Loaf[int]{}
	for _, kind := range kinds {
		loaves[kind] = help.Bake(func() int { return knead(kind) }) // want `unawaited: loaves holds the future of Bake and is never awaited`
	}
	for kind := range loaves {
		n += len(kind)
	}
	return n
}

type desk struct {
	io   *pool.IO
	kept help.Tickets[int]
}

func (d *desk) ticket(ctx context.Context, name string) help.Ticket[int] {
	return help.Issue(ctx, d.io, name, one)
}

// A future with a name is a future.
func (d *desk) dropped(ctx context.Context) {
	d.ticket(ctx, "A") // want `unawaited: the future of ticket is dropped`
}

func (d *desk) some(ctx context.Context, urgent bool) (int, error) {
	t := d.ticket(ctx, "B") // want `unawaited: t, from ticket, is not awaited on the path that returns at line \d+`
	if !urgent {
		return 0, nil
	}
	return t.Await(ctx)
}

func (d *desk) awaited(ctx context.Context) (int, error) {
	t := d.ticket(ctx, "C") // silent: unawaited "awaited, cancelled or handed on"
	log.Print(t.Name)
	return t.Await(ctx)
}

func (d *desk) kepts(ctx context.Context) {
	d.kept.Keep(d.ticket(ctx, "D")) // silent: unawaited "awaited, cancelled or handed on"
}

func (d *desk) each(ctx context.Context, names []string) (sum int) {
	var all []help.Ticket[int]
	for _, name := range names {
		all = append(all, d.ticket(ctx, name)) // silent: unawaited "awaited, cancelled or handed on"
	}
	for _, t := range all {
		if n, err := t.Await(ctx); err == nil {
			sum += n
		}
	}
	return sum
}
