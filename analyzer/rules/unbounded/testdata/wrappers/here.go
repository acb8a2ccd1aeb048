// Package wrappers has each form of a wrapper twice: with a limit, and with the limit removed.
package wrappers

import (
	"context"
	"net/http"
	"os"
	"sync"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func fetch(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// A method that starts what it is given.
type server struct{ room chan struct{} }

func (s *server) async(task func()) {
	s.room <- struct{}{}
	go func() {
		defer func() { <-s.room }()
		task()
	}()
}

func (s *server) freeAsync(task func()) {
	go func() { task() }()
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	for _, id := range r.URL.Query()["id"] {
		s.async(func() { _ = fetch(r.Context(), id) })
		s.freeAsync(func() { _ = fetch(r.Context(), id) }) // want `unbounded: one goroutine per element of`
	}
}

// A wrapper of a wrapper, and a method value.
func (s *server) later(task func())     { s.async(task) }
func (s *server) freeLater(task func()) { s.freeAsync(func() { task() }) }

func (s *server) handleLater(w http.ResponseWriter, r *http.Request) {
	for _, id := range r.URL.Query()["id"] {
		s.later(func() { _ = fetch(r.Context(), id) })
		s.freeLater(func() { _ = fetch(r.Context(), id) }) // want `unbounded: one goroutine per element of`
	}
}

// A token taken by a helper before the start.
type gate struct{ sem *semaphore.Weighted }

func (g *gate) enter(ctx context.Context) error { return g.sem.Acquire(ctx, 1) }
func (g *gate) leave()                          { g.sem.Release(1) }
func (g *gate) look(ctx context.Context) error  { return ctx.Err() }

func (g *gate) fetchAll(ctx context.Context, urls []string) error {
	for _, url := range urls {
		if err := g.enter(ctx); err != nil {
			return err
		}
		go func() {
			defer g.leave()
			_ = fetch(ctx, url)
		}()
	}
	for _, url := range urls {
		if err := g.look(ctx); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per element of urls`
			_ = fetch(ctx, url)
		}()
	}
	return nil
}

// An embedded group, limited by the constructor.
type group struct{ errgroup.Group }

func newGroup() *group {
	g := new(group)
	g.SetLimit(8)
	return g
}

func (g *group) Go(task func()) {
	g.Group.Go(func() error { task(); return nil })
}

type freeGroup struct{ errgroup.Group }

func newFreeGroup() *freeGroup { return new(freeGroup) }

func (g *freeGroup) Go(task func()) {
	g.Group.Go(func() error { task(); return nil })
}

func embedded(ctx context.Context, urls []string) {
	limited, free := newGroup(), newFreeGroup()
	for _, url := range urls {
		limited.Go(func() { _ = fetch(ctx, url) })
		free.Go(func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _ = limited.Wait(), free.Wait()
}

// A field limited by another method than the constructor.
type crawler struct {
	workers int
	g, free errgroup.Group
	pool    pond.Pool
	ants    *ants.Pool
	noPool  pond.Pool
	noAnts  *ants.Pool
}

func (c *crawler) Init() (err error) {
	c.g.SetLimit(c.workers)
	c.pool, c.noPool = pond.NewPool(c.workers), pond.NewPool(0) // want `limit: NewPool\(0\)`
	if c.ants, err = ants.NewPool(c.workers); err != nil {
		return err
	}
	c.noAnts, err = ants.NewPool(-1) // want `limit: NewPool\(-1\)`
	return err
}

func (c *crawler) fetchAll(ctx context.Context, urls []string) error {
	for _, url := range urls {
		c.g.Go(func() error { return fetch(ctx, url) })
		c.free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with c.free.SetLimit`
		if err := c.pool.Go(func() { _ = fetch(ctx, url) }); err != nil {
			return err
		}
		if err := c.ants.Submit(func() { _ = fetch(ctx, url) }); err != nil {
			return err
		}
	}
	_ = c.free.Wait()
	return c.g.Wait()
}

// A group that the caller limits.
func callers(ctx context.Context, urls []string) {
	var limited, free errgroup.Group
	limited.SetLimit(8)
	spread(ctx, &limited, urls)
	spreadFree(ctx, &free, urls)
	_, _ = limited.Wait(), free.Wait()
}

func spread(ctx context.Context, g *errgroup.Group, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
}

func spreadFree(ctx context.Context, g *errgroup.Group, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with g.SetLimit`
	}
}

// Another package may have limited it.
func Spread(ctx context.Context, g *errgroup.Group, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
}

// Package variables, limited in init.
var limited, free errgroup.Group

// Reachable can be limited by whoever imports the package.
var Reachable errgroup.Group

func init() { limited.SetLimit(8) }

func packageVariables(ctx context.Context, urls []string) {
	for _, url := range urls {
		limited.Go(func() error { return fetch(ctx, url) })
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.SetLimit`
		Reachable.Go(func() error { return fetch(ctx, url) })
	}
	_, _, _ = limited.Wait(), free.Wait(), Reachable.Wait()
}

// A generic helper.
func parallelMap[T, R any](in []T, fn func(T) R) []R {
	out := make([]R, len(in))
	room := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for i, x := range in {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			out[i] = fn(x)
		})
	}
	wg.Wait()
	return out
}

func freeParallelMap[T, R any](in []T, fn func(T) R) []R {
	out := make([]R, len(in))
	var wg sync.WaitGroup
	for i, x := range in {
		wg.Go(func() { out[i] = fn(x) })
	}
	wg.Wait()
	return out
}

func maps(dir string) {
	entries, _ := os.ReadDir(dir)
	read := func(e os.DirEntry) error { return fetch(context.Background(), e.Name()) }
	parallelMap(entries, read)
	freeParallelMap(entries, read) // want `unbounded: freeParallelMap starts one goroutine per element of entries`
}

// An executor behind an interface.
type executor interface{ run(task func()) }

type service struct{ limited, free executor }

func newService() *service {
	return &service{limited: &server{room: make(chan struct{}, 8)}, free: freeExecutor{}}
}

func (s *server) run(task func()) { s.async(task) }

type freeExecutor struct{}

func (freeExecutor) run(task func()) { go task() }

func (s *service) fetchAll(ctx context.Context, urls []string) {
	for _, url := range urls {
		s.limited.run(func() { _ = fetch(ctx, url) })
		s.free.run(func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
}

// A library's executor behind an interface of one's own.
type submitter interface{ Go(task func() error) }

type indexer struct{ limited, free submitter }

func newIndexer() *indexer {
	g := new(errgroup.Group)
	g.SetLimit(8)
	return &indexer{limited: g, free: new(errgroup.Group)}
}

func (x *indexer) fetchAll(ctx context.Context, urls []string) {
	for _, url := range urls {
		x.limited.Go(func() error { return fetch(ctx, url) })
		x.free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
}

// A limit set by another name of the same group.
type job struct{ g, free *errgroup.Group }

func (j *job) init() { j.g.SetLimit(8) }

func aliases(ctx context.Context, urls []string) {
	g, free := new(errgroup.Group), new(errgroup.Group)
	j := &job{g: g, free: free}
	j.init()
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls .*: set a limit with free.SetLimit`
	}
	_, _ = g.Wait(), free.Wait()
}

// Whoever keeps it may limit it.
var kept = map[string]*errgroup.Group{}

func keep(ctx context.Context, urls []string) {
	g := new(errgroup.Group)
	kept["g"] = g
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
	_ = g.Wait()
}
