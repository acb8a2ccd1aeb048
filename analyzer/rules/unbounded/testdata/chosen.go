package unbounded

import (
	"context"
	"net/http"
	"os"

	"golang.org/x/sync/semaphore"
)

// A limiter that is chosen in each turn is not made there.

type lanes struct{ fast, slow *semaphore.Weighted }

func (l *lanes) readAll(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		var lane *semaphore.Weighted
		if e.IsDir() {
			lane = l.slow
		} else {
			lane = l.fast
		}
		if err := lane.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // silent: unbounded "a token is acquired first"
			defer lane.Release(1)
			if resp, err := http.Get(e.Name()); err == nil {
				resp.Body.Close()
			}
		}()
	}
	return nil
}

func readAllAnew(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		l := &lanes{fast: semaphore.NewWeighted(4)}
		lane := l.fast
		if err := lane.Acquire(ctx, 1); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per element of entries`
			defer lane.Release(1)
			if resp, err := http.Get(e.Name()); err == nil {
				resp.Body.Close()
			}
		}()
	}
	return nil
}

type pagination struct {
	Size   int      `form:"size"`
	Capped int      `form:"capped" binding:"max=100"`
	Links  []string `form:"link" json:"link"`
	Local  []string `json:"local"`
}

func (p *pagination) size() int {
	if p.Size < 1 {
		return 50
	}
	return p.Size
}

// PageOfRequest has a page as long as a request says, which another package has decoded.
func PageOfRequest(ctx context.Context, db catalogue, by clauses, query *pagination) error {
	var long, short []string
	if err := db.All(&long, by.Limit(query.size())); err != nil {
		return err
	}
	for _, url := range long {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of long \(a page whose length the request sets\)`
	}
	if err := db.All(&short, by.Limit(query.Capped)); err != nil {
		return err
	}
	for _, url := range short {
		go fetch(ctx, url)
	}
	for _, link := range query.Links {
		go fetch(ctx, link) // want `unbounded: one goroutine per element of query.Links \(filled from the request by the tag of Links\)`
	}
	for _, thing := range query.Local {
		go fetch(ctx, thing)
	}
	return nil
}

// A caller that passes a constant which leads past the start does not multiply it.

type letter struct{ to string }

func dispatch(l letter, held bool) {
	if held {
		return
	}
	go post(l)
}

func hold(r *http.Request) {
	for _, to := range r.URL.Query()["to"] {
		dispatch(letter{to}, true)
	}
}

func deliver(l letter, held bool) {
	if held {
		return
	}
	go post(l) // want `unbounded: one goroutine per element of`
}

func release(r *http.Request) {
	for _, to := range r.URL.Query()["to"] {
		deliver(letter{to}, false)
	}
}

func post(l letter) { http.Post(l.to, "text/plain", nil) }
