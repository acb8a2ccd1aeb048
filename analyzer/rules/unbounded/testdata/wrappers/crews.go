package wrappers

import (
	"context"
	"encoding/json"
	"net/http"

	"poollint.test/analyzer/rules/unbounded/testdata/wrappers/crew"
)

// A mirror fetches what it is asked for.
type mirror struct {
	few  *crew.Group
	all  *crew.Group
	gate *crew.Gate
}

func newMirror() *mirror {
	return &mirror{few: crew.Limited(6), all: new(crew.Group), gate: crew.Open()}
}

func asked(r *http.Request) (urls []string, err error) {
	return urls, json.NewDecoder(r.Body).Decode(&urls)
}

func Crews(w http.ResponseWriter, r *http.Request) {
	urls, err := asked(r)
	if err != nil {
		return
	}
	ctx := r.Context()
	var free, set crew.Group
	set.SetLimit(8)
	limited, literal := crew.Limited(8), &crew.Group{}
	for _, url := range urls {
		free.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		set.Go(func() error { return fetch(ctx, url) })
		limited.Go(func() error { return fetch(ctx, url) })
		literal.Go(func() error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _, _, _ = free.Wait(), set.Wait(), limited.Wait(), literal.Wait()
}

func Runners(w http.ResponseWriter, r *http.Request) {
	urls, err := asked(r)
	if err != nil {
		return
	}
	tight, loose := crew.New(r.Context(), 8), crew.Loose(r.Context())
	for _, url := range urls {
		tight.Run(func(ctx context.Context) error { return fetch(ctx, url) })
		loose.Run(func(ctx context.Context) error { return fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
	}
	_, _ = tight.Wait(), loose.Wait()
}

func (m *mirror) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	urls, err := asked(r)
	if err != nil {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	narrow := crew.Narrow(3)
	for _, url := range urls {
		m.few.Go(func() error { return fetch(ctx, url) })
		m.all.Go(func() error { return fetch(ctx, url) })     // want `unbounded: one goroutine per element of urls`
		_ = m.gate.Start(ctx, func() { _ = fetch(ctx, url) }) // want `unbounded: one goroutine per element of urls`
		_ = narrow.Start(ctx, func() { _ = fetch(ctx, url) })
	}
	narrow.Wait()
}

// Whoever calls has chosen.
func GivenCrew(g *crew.Group, r *http.Request) {
	urls, err := asked(r)
	if err != nil {
		return
	}
	for _, url := range urls {
		g.Go(func() error { return fetch(r.Context(), url) })
	}
}

// The seats are not the errand's own.
func Errands(w http.ResponseWriter, r *http.Request) {
	urls, err := asked(r)
	if err != nil {
		return
	}
	var e crew.Errand
	for _, url := range urls {
		e.Do(func() { _ = fetch(r.Context(), url) })
	}
	e.Wait()
}
