package unawaited

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// Of several exits, the one that the fewest conditions lead to is named.
func groupLikeliestExit(names []string, old bool) error {
	var g errgroup.Group
	for i, name := range names {
		if old {
			if name == "" {
				return errors.New("old and without a name")
			}
		}
		if err := check(); err != nil {
			return err
		}
		g.Go(func() error { return use(context.Background(), i) }) // want `g is not waited for on the path that exits at line 23: `
	}
	return g.Wait()
}

// A return sets the named results, also while a task does.
func groupWritesResult(names []string) (found string, err error) {
	var g errgroup.Group
	for _, name := range names {
		if err := check(); err != nil {
			return "", err
		}
		g.Go(func() error { // want `its tasks keep running after the return and may write to found while it is being returned, losing the first error; `
			found = name
			return nil
		})
	}
	return found, g.Wait()
}

// Who sends a batch and fails is heard of for all of it.
func natsBatch(js jetstream.JetStream, messages [][]byte) error {
	var acks []jetstream.PubAckFuture
	for _, m := range messages {
		f, err := js.PublishAsync("subject", m)
		if err != nil {
			return err
		}
		acks = append(acks, f)
	}
	for _, f := range acks {
		select {
		case <-f.Ok():
		case err := <-f.Err():
			return err
		}
	}
	return nil
}

func natsBatchGivenUpInSilence(js jetstream.JetStream, messages [][]byte) error {
	var acks []jetstream.PubAckFuture
	for _, m := range messages {
		f, err := js.PublishAsync("subject", m) // want `acks, from PublishAsync, is not awaited on the path that returns at line 70`
		if err != nil {
			return nil
		}
		acks = append(acks, f)
	}
	for _, f := range acks {
		<-f.Ok()
	}
	return nil
}

// A test's helpers end with it, wherever the test is written.
func TrafficTest(t *testing.T, ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { _ = use(ctx, 1) })
	if check() != nil {
		t.Error("not checked")
	}
}

// Nobody waits, and the tasks are told to end whenever the function does.
func toldAtTheEnd(ctx context.Context, in []string, n int, look func(context.Context, string) error) error {
	work := make(chan string)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() { // silent: unawaited "its tasks leave nothing that is read afterwards"
			for {
				select {
				case <-ctx.Done():
					return
				case s := <-work:
					if err := look(ctx, s); err != nil {
						cancel(err)
						return
					}
				}
			}
		})
	}
	for _, s := range in {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case work <- s:
		}
	}
	return nil
}

// A helper that fails gives no group to wait for.
func openGroup(open func() error) (*errgroup.Group, error) {
	if err := open(); err != nil {
		return nil, err
	}
	g := new(errgroup.Group)
	g.Go(open)
	return g, nil
}

func waitedIfOpened(open func() error) error {
	g, err := openGroup(open) // silent: unawaited "Wait waits for it on every path that is followed"
	if err != nil {
		return err
	}
	return g.Wait()
}

// A loop that is left when the tasks are told to end has not waited for them when it runs to its end.
func fedUntilTold(ctx context.Context, in []string, f func(string) int) ([]int, error) {
	out := make([]int, len(in))
	work := make(chan int)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // want `unawaited: wg is given work and never waited for`
			for {
				select {
				case <-ctx.Done():
					return
				case i, ok := <-work:
					if !ok {
						return
					}
					out[i] = f(in[i])
				}
			}
		})
	}
	for i := range in {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case work <- i:
		}
	}
	close(work)
	return out, nil
}

func fedAndAwaited(ctx context.Context, in []string, f func(string) int) ([]int, error) {
	out := make([]int, len(in))
	work := make(chan int)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // silent: unawaited "its tasks are told to end"
			for {
				select {
				case <-ctx.Done():
					return
				case i, ok := <-work:
					if !ok {
						return
					}
					out[i] = f(in[i])
				}
			}
		})
	}
	for i := range in {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case work <- i:
		}
	}
	close(work)
	wg.Wait()
	return out, nil
}
