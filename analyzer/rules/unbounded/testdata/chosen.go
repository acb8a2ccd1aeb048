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
		go func() { // silent: unbounded "a token is taken before"
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
