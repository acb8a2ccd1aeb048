package unawaited

import (
	"context"
	"time"

	"go.temporal.io/sdk/workflow"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

// A condition that asks a future is how a workflow waits for it.

func timerAsked(ctx workflow.Context, d time.Duration, done *bool) error {
	timer := workflow.NewTimer(ctx, d)
	return workflow.Await(ctx, func() bool { return *done || timer.IsReady() })
}

func timerAskedByAName(ctx workflow.Context, d time.Duration, done *bool) error {
	timer := workflow.NewTimer(ctx, d)
	over := func() bool {
		if *done {
			return true
		}
		return timer.IsReady()
	}
	_, err := workflow.AwaitWithTimeout(ctx, time.Hour, over)
	return err
}

func timerAskedOnce(ctx workflow.Context, d time.Duration) error {
	timer := workflow.NewTimer(ctx, d) // want `unawaited: timer holds the future of NewTimer and is never awaited`
	if timer.IsReady() {
		return nil
	}
	return workflow.Sleep(ctx, d)
}

func timerAskedInACallback(ctx workflow.Context, d time.Duration, each func(func() bool)) error {
	timer := workflow.NewTimer(ctx, d) // want `unawaited: timer holds the future of NewTimer and is never awaited`
	each(func() bool { return timer.IsReady() })
	return workflow.Sleep(ctx, d)
}

// Who cancels the context that a future was given has no need of it.

func activityRecalled(ctx workflow.Context, ready func() bool) (n int, err error) {
	ctx, recall := workflow.WithCancel(ctx)
	defer recall()
	f := workflow.ExecuteActivity(ctx, activity)
	if err := workflow.Await(ctx, ready); err != nil {
		return 0, err
	}
	err = f.Get(ctx, &n)
	return n, err
}

func taskCancelled(ctx context.Context, p *pool.IO, ready func() bool) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	f := pool.Submit(ctx, p, one)
	if !ready() {
		return 0, nil
	}
	return f.Await(ctx)
}

func taskCancelledOnThePath(ctx context.Context, p *pool.IO, ready func() bool) (int, error) {
	sub, cancel := context.WithCancel(ctx)
	f := pool.Submit(sub, p, one)
	if !ready() {
		cancel()
		return 0, nil
	}
	n, err := f.Await(ctx)
	cancel()
	return n, err
}

func taskCancelledWithACause(ctx context.Context, p *pool.IO, ready func() error) (int, error) {
	sub, cancel := context.WithCancelCause(ctx)
	f := pool.Submit(sub, p, one)
	if err := ready(); err != nil {
		cancel(err)
		return 0, err
	}
	return f.Await(ctx)
}

func anotherCancelled(ctx context.Context, p *pool.IO, ready func() bool) (int, error) {
	other, cancel := context.WithCancel(ctx)
	f := pool.Submit(ctx, p, one) // want `unawaited: f, from Submit, is not awaited on the path that returns at line \d+`
	if !ready() {
		cancel()
		return 0, other.Err()
	}
	cancel()
	return f.Await(ctx)
}

func cancelledElsewhere(ctx context.Context, p *pool.IO, ready func() bool) (int, error) {
	sub, cancel := context.WithCancel(ctx)
	f := pool.Submit(sub, p, one) // want `unawaited: f, from Submit, is not awaited on the path that returns at line \d+`
	if !ready() {
		return 0, nil
	}
	n, err := f.Await(ctx)
	cancel()
	return n, err
}

func groupCancelledOnThePath(ctx context.Context, ready func() bool) error {
	sub, cancel := context.WithCancel(ctx)
	g, sub := errgroup.WithContext(sub)
	g.Go(func() error { return use(sub, 1) })
	if !ready() {
		cancel()
		return nil
	}
	defer cancel()
	return g.Wait()
}

func groupThatUsesACancelledContext(ctx context.Context, ready func() bool) error {
	sub, cancel := context.WithCancel(ctx)
	var g errgroup.Group
	g.Go(func() error { return use(sub, 1) })
	if !ready() {
		cancel()
		return nil
	}
	defer cancel()
	return g.Wait()
}

func groupWithoutTheCancelledContext(ctx context.Context, ready func() bool) error {
	_, cancel := context.WithCancel(ctx)
	var g errgroup.Group
	g.Go(func() error { return use(ctx, 1) }) // want `unawaited: g is not waited for on the path that exits at line \d+`
	if !ready() {
		cancel()
		return nil
	}
	defer cancel()
	return g.Wait()
}
