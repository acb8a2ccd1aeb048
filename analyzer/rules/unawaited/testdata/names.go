package unawaited

import (
	"context"

	"github.com/poollint/poollint/pool"
)

// A flag by which the caller says whether to wait is one by a word of its name, and not by letters.

func leaveIt(ctx context.Context, p *pool.IO, wait bool) error {
	f := pool.Submit(ctx, p, one)
	if !wait {
		return nil
	}
	_, err := f.Await(ctx)
	return err
}

func inTheBackground(ctx context.Context, p *pool.IO, runAsync bool) error {
	f := pool.Submit(ctx, p, one)
	if runAsync {
		return nil
	}
	_, err := f.Await(ctx)
	return err
}

func whatever(ctx context.Context, p *pool.IO, blockchain bool) error {
	f := pool.Submit(ctx, p, one) // want `unawaited: f, from Submit, is not awaited on the path that returns at line 32`
	if blockchain {
		return nil
	}
	_, err := f.Await(ctx)
	return err
}

func one(ctx context.Context) (int, error) { return 1, ctx.Err() }
