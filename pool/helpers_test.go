package pool_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/poollint/poollint/pool"
)

var errTask = errors.New("task failed")

// bubble runs a test in which time and blocking are simulated: nothing in it
// sleeps for real.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, f)
}

// hold occupies n workers until the returned function is called.
func hold(t *testing.T, p pool.Executor, n int) (release func()) {
	t.Helper()
	gate := make(chan struct{})
	for range n {
		if err := p.Go(context.Background(), func(context.Context) error { <-gate; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Wait()
	return sync.OnceFunc(func() { close(gate) })
}

// errorsOf collects what reaches a pool's error handler.
type errorsOf struct {
	mu   sync.Mutex
	errs []error
}

func (c *errorsOf) add(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.errs = append(c.errs, err)
}

func (c *errorsOf) all() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]error(nil), c.errs...)
}

func value[T any](v T) func(context.Context) (T, error) {
	return func(context.Context) (T, error) { return v, nil }
}

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func checkIs(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", what, got, want)
	}
}
