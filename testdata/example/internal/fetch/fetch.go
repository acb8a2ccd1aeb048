// Package fetch downloads the pictures that a request names.
package fetch

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"
)

type request struct {
	URLs []string `json:"urls"`
}

// Handle fetches every picture at once: a request that names a million of them starts a
// million goroutines and connections.
func Handle(w http.ResponseWriter, r *http.Request) {
	var req request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var wg sync.WaitGroup
	for _, url := range req.URLs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if err := get(r.Context(), url); err != nil {
				http.Error(w, err.Error(), http.StatusBadGateway)
			}
		}()
	}
	wg.Wait()
}

// HandleAlbum does the same with a group that has a limit.
func HandleAlbum(w http.ResponseWriter, r *http.Request) {
	var req request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g, ctx := errgroup.WithContext(r.Context())
	g.SetLimit(16)
	for _, url := range req.URLs {
		g.Go(func() error { return get(ctx, url) })
	}
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// Warm fetches pictures in the background. The group's first error is lost, and nobody knows
// when the work is done: nothing calls Wait.
func Warm(ctx context.Context, urls []string) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, url := range urls {
		g.Go(func() error { return get(ctx, url) })
	}
}

// WarmAndTell waits, and returns what went wrong.
func WarmAndTell(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for _, url := range urls {
		g.Go(func() error { return get(ctx, url) })
	}
	return g.Wait()
}

func get(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}
