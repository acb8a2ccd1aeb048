package unbounded

import (
	"bufio"
	"context"
	"net/http"
	"os"

	"golang.org/x/sync/errgroup"

	"poollint.test/analyzer/rules/unbounded/testdata/helpers"
)

func ByHelpers(ctx context.Context, urls []string) {
	limited := helpers.NewGroup(8)
	free := helpers.NewFree()
	given := new(errgroup.Group)
	helpers.Limit(given)
	embedded := helpers.NewEmbedded()
	for _, url := range urls {
		limited.Go(func() error { return fetch(ctx, url) })
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		given.Go(func() error { return fetch(ctx, url) })
		embedded.Go(func() error { return fetch(ctx, url) })
	}
	_, _, _, _ = limited.Wait(), free.Wait(), given.Wait(), embedded.Wait()
}

func ByWrappers(ctx context.Context, urls []string) {
	var free helpers.Free
	bounded := helpers.NewBounded(8)
	for _, url := range urls {
		free.Go(func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		bounded.Go(func() { _ = fetch(ctx, url) })
	}
	free.Wait()
	bounded.Wait()
}

func ByMap(ctx context.Context, dir string, peers []string) {
	entries, _ := os.ReadDir(dir)
	helpers.Each(entries, func(e os.DirEntry) { _ = fetch(ctx, e.Name()) }) // want `unbounded: Each starts one goroutine per element of entries \(the entries of a directory\)`
	helpers.Each(peers, func(p string) { _ = fetch(ctx, p) })
	helpers.Each([]string{"a", "b"}, func(p string) { _ = fetch(ctx, p) })
}

func ByWorkers(jobs chan string, files []string) {
	for range files {
		go helpers.Serve(jobs)
	}
}

type server struct {
	limited errgroup.Group
	free    errgroup.Group
}

func newServer() *server {
	s := new(server)
	s.limited.SetLimit(8)
	return s
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) {
	for _, id := range r.URL.Query()["id"] {
		s.limited.Go(func() error { return fetch(r.Context(), id) })
		s.free.Go(func() error { return fetch(r.Context(), id) }) // want `unbounded: one goroutine per element of .*: set a limit with s.free.SetLimit`
		s.async(func() { _ = fetch(r.Context(), id) })            // want `unbounded: one goroutine per element of`
	}
}

func (s *server) async(task func()) { go task() }

// A limit in the caller, a group in a parameter.
func caller(ctx context.Context, urls []string) error {
	var g errgroup.Group
	g.SetLimit(4)
	spread(ctx, &g, urls)
	return g.Wait()
}

func spread(ctx context.Context, g *errgroup.Group, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
}

// Another package may have set a limit on what it passes.
func Spread(ctx context.Context, g *errgroup.Group, urls []string) {
	for _, url := range urls {
		g.Go(func() error { return fetch(ctx, url) })
	}
}

// Tasks that are listed are few, those that a slice spreads are as many as there are in it.
func together(ctx context.Context, steps ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, step := range steps {
		g.Go(func() error { return step(ctx) }) // silent: unbounded "checked where the function is called"
	}
	return g.Wait()
}

// These run one after the other.
func inOrder(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func spreadTasks(ctx context.Context, lines *bufio.Scanner) error {
	var all []func(context.Context) error
	for lines.Scan() {
		url := lines.Text()
		all = append(all, func(ctx context.Context) error { return fetch(ctx, url) })
	}
	if err := inOrder(ctx, all...); err != nil {
		return err
	}
	if err := together(ctx, all...); err != nil { // want "unbounded: together starts one goroutine per element of all"
		return err
	}
	return together(ctx,
		func(ctx context.Context) error { return fetch(ctx, "https://a.example") },
		func(ctx context.Context) error { return fetch(ctx, "https://b.example") },
	)
}
