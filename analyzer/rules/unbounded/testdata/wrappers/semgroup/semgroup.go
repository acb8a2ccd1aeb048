// Package semgroup holds groups of its own, and what makes groups: each form once with a limit, and
// once without.
package semgroup

import (
	"context"
	"sync"

	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// NewPool returns a pool with a limit, NewFreePool one without.
func NewPool(ctx context.Context, n int) *pool.ContextPool {
	return pool.New().WithContext(ctx).WithMaxGoroutines(n)
}

func NewFreePool(ctx context.Context) *pool.ContextPool { return pool.New().WithContext(ctx) }

// Group takes a token before each task.
type Group struct {
	ctx context.Context
	g   *errgroup.Group
	sem *semaphore.Weighted
}

func New(ctx context.Context, n int64) *Group {
	g, ctx := errgroup.WithContext(ctx)
	return &Group{ctx: ctx, g: g, sem: semaphore.NewWeighted(n)}
}

func (g *Group) Go(task func() error) {
	if g.sem.Acquire(g.ctx, 1) != nil {
		return
	}
	g.g.Go(func() error {
		defer g.sem.Release(1)
		return task()
	})
}

func (g *Group) Wait() error { return g.g.Wait() }

// FreeGroup takes none.
type FreeGroup struct{ g *errgroup.Group }

func NewFree(ctx context.Context) *FreeGroup {
	g, _ := errgroup.WithContext(ctx)
	return &FreeGroup{g: g}
}

func (g *FreeGroup) Go(task func() error) {
	g.g.Go(func() error { return task() })
}

func (g *FreeGroup) Wait() error { return g.g.Wait() }

// Sized has a limit from its constructor.
type Sized struct{ g errgroup.Group }

func NewSized(n int) *Sized {
	s := &Sized{}
	s.g.SetLimit(n)
	return s
}

func (s *Sized) Go(task func() error) { s.g.Go(task) }
func (s *Sized) Wait() error          { return s.g.Wait() }

// Unsized has none.
type Unsized struct{ g errgroup.Group }

func NewUnsized() *Unsized { return &Unsized{} }

func (s *Unsized) Go(task func() error) { s.g.Go(task) }
func (s *Unsized) Wait() error          { return s.g.Wait() }

// Embedded has a Go of its own over that of the group inside, which has a limit.
type Embedded struct {
	*errgroup.Group
	ctx context.Context
}

func NewEmbedded(ctx context.Context, n int) *Embedded {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(n)
	return &Embedded{Group: g, ctx: ctx}
}

func (e *Embedded) Go(task func(context.Context) error) {
	e.Group.Go(func() error { return task(e.ctx) })
}

// FreeEmbedded has none.
type FreeEmbedded struct {
	*errgroup.Group
	ctx context.Context
}

func NewFreeEmbedded(ctx context.Context) *FreeEmbedded {
	g, ctx := errgroup.WithContext(ctx)
	return &FreeEmbedded{Group: g, ctx: ctx}
}

func (e *FreeEmbedded) Go(task func(context.Context) error) {
	e.Group.Go(func() error { return task(e.ctx) })
}

// Gate lets as many in as it has room for. Its names say nothing.
type Gate struct {
	room chan struct{}
	wg   sync.WaitGroup
}

func NewGate(n int) *Gate { return &Gate{room: make(chan struct{}, n)} }

func (g *Gate) Enter() {
	g.room <- struct{}{}
	g.wg.Add(1)
}

func (g *Gate) Leave() {
	g.wg.Done()
	<-g.room
}

// Counter lets everybody in.
type Counter struct{ wg sync.WaitGroup }

func (c *Counter) Enter() { c.wg.Add(1) }
func (c *Counter) Leave() { c.wg.Done() }

// Server runs what it is given beside itself.
type Server struct{ room chan struct{} }

func NewServer(n int) *Server { return &Server{room: make(chan struct{}, n)} }

func (s *Server) Async(task func()) {
	s.room <- struct{}{}
	go func() {
		defer func() { <-s.room }()
		task()
	}()
}

// FreeServer does so at once.
type FreeServer struct{}

func (s *FreeServer) Async(task func()) {
	go func() { task() }()
}

// Background and FreeBackground are groups that anybody can use, and nobody outside can limit.
var background, freeBackground errgroup.Group

func init() { background.SetLimit(8) }

func Background(task func() error)     { background.Go(task) }
func FreeBackground(task func() error) { freeBackground.Go(task) }

// Map runs fn for each element, some at a time.
func Map[T, R any](in []T, n int, fn func(T) R) []R {
	out := make([]R, len(in))
	var g errgroup.Group
	g.SetLimit(n)
	for i, x := range in {
		g.Go(func() error { out[i] = fn(x); return nil })
	}
	_ = g.Wait()
	return out
}

// FreeMap runs it for all at a time.
func FreeMap[T, R any](in []T, fn func(T) R) []R {
	out := make([]R, len(in))
	var wg sync.WaitGroup
	for i, x := range in {
		wg.Go(func() { out[i] = fn(x) })
	}
	wg.Wait()
	return out
}

// Limit limits what it is given, Fill gives it a task, Spread gives it one for each url.
func Limit(g *errgroup.Group, n int) { g.SetLimit(n) }

func Fill(g *errgroup.Group, task func() error) { g.Go(task) }

func Spread(g *errgroup.Group, urls []string, get func(string) error) {
	for _, url := range urls {
		g.Go(func() error { return get(url) })
	}
}

// A Room is a wait group with room for n: Add waits for it, Done gives it back.
type Room struct {
	wg     sync.WaitGroup
	tokens chan struct{}
}

func NewRoom(n int) *Room { return &Room{tokens: make(chan struct{}, n)} }

func (r *Room) Add(delta int) {
	for i := 0; i > delta; i-- {
		<-r.tokens
	}
	for i := 0; i < delta; i++ {
		r.tokens <- struct{}{} // silent: selfwait "whoever calls says how many tokens are acquired at once"
	}
	r.wg.Add(delta)
}

// AddLate takes what it gives back.
func (r *Room) AddLate(delta int) {
	for i := 0; i < delta; i++ {
		r.tokens <- struct{}{} // silent: selfwait "whoever calls says how many tokens are acquired at once"
	}
	for i := 0; i < delta; i++ {
		<-r.tokens
	}
	r.wg.Add(delta)
}

func (r *Room) Done() { r.Add(-1) }
func (r *Room) Wait() { r.wg.Wait() }
