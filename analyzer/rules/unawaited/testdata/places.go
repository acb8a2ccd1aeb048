package unawaited

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/poollint/poollint/pool"
)

// A future is owed an await wherever it is put.

func bake(ctx context.Context, oven *pool.IO) *pool.Future[int] { return pool.Submit(ctx, oven, one) }

// In a field of a literal.

type tray struct {
	shelf int
	loaf  *pool.Future[int]
}

func trayCounted(ctx context.Context, oven *pool.IO) (shelves int) {
	trays := []*tray{}
	for i := range 3 {
		trays = append(trays, &tray{shelf: i, loaf: bake(ctx, oven)}) // want `unawaited: trays holds the future of bake and is never awaited`
	}
	for i := range trays {
		shelves += trays[i].shelf
	}
	return shelves
}

func trayTaken(ctx context.Context, oven *pool.IO) (sum int, err error) {
	trays := []*tray{}
	for i := range 3 {
		trays = append(trays, &tray{shelf: i, loaf: bake(ctx, oven)}) // silent: unawaited "awaited, cancelled or handed on"
	}
	for _, t := range trays {
		n, failed := t.loaf.Await(ctx)
		sum, err = sum+n*t.shelf, errors.Join(err, failed)
	}
	return sum, err
}

func trayLeft(ctx context.Context, oven *pool.IO, hungry bool) (int, error) {
	t := tray{1, bake(ctx, oven)} // want `unawaited: t\.loaf, from bake, is not awaited on the path that returns at line \d+`
	if !hungry {
		return t.shelf, nil
	}
	return t.loaf.Await(ctx)
}

func trayServed(ctx context.Context, oven *pool.IO, hungry bool) (int, error) {
	t := tray{1, bake(ctx, oven)} // silent: unawaited "awaited, cancelled or handed on"
	if !hungry {
		t.loaf.Cancel()
		return t.shelf, nil
	}
	return t.loaf.Await(ctx)
}

func trayHandedOn(ctx context.Context, oven *pool.IO, to func(tray)) {
	t := tray{1, bake(ctx, oven)} // silent: unawaited "awaited, cancelled or handed on"
	to(t)
}

// In a literal of several.

func pairLeft(ctx context.Context, oven *pool.IO) (int, error) {
	both := [...]*pool.Future[int]{bake(ctx, oven), bake(ctx, oven)} // want `unawaited: both holds the future of bake and is never awaited`
	return len(both), nil
}

func pairTaken(ctx context.Context, oven *pool.IO) ([]int, error) {
	both := []*pool.Future[int]{bake(ctx, oven), bake(ctx, oven)} // silent: unawaited "awaited, cancelled or handed on"
	return pool.All(ctx, both...)
}

// At a place of its own in an array.

func crustAndCrumb(ctx context.Context, oven *pool.IO) (int, error) {
	var part [2]*pool.Future[int]
	part[0] = bake(ctx, oven)
	part[1] = bake(ctx, oven) // want `unawaited: part\[1\], from bake, is not awaited on the path that returns at line \d+`
	crust, err := part[0].Await(ctx)
	if err != nil {
		return 0, err
	}
	crumb, err := part[1].Await(ctx)
	return crust + crumb, err
}

func crustOrCrumb(ctx context.Context, oven *pool.IO) (int, error) {
	var part [2]*pool.Future[int]
	part[0] = bake(ctx, oven) // silent: unawaited "awaited, cancelled or handed on"
	part[1] = bake(ctx, oven) // silent: unawaited "awaited, cancelled or handed on"
	crust, err := part[0].Await(ctx)
	crumb, failed := part[1].Await(ctx)
	return crust + crumb, errors.Join(err, failed)
}

// One of those that a loop has made is not all of them, unless there is one.

func firstOfBatch(ctx context.Context, oven *pool.IO) (int, error) {
	var loaves []*pool.Future[int]
	for range 12 {
		loaves = append(loaves, bake(ctx, oven)) // want `unawaited: loaves, from bake, is only partly awaited on the path that returns at line \d+, losing the result, the error and the panic of the others; await each of them`
	}
	return loaves[0].Await(ctx)
}

func onlyOfBatch(ctx context.Context, oven *pool.IO, orders []string) (sum int, err error) {
	var loaves []*pool.Future[int]
	for range orders {
		loaves = append(loaves, bake(ctx, oven)) // silent: unawaited "awaited, cancelled or handed on"
	}
	if len(loaves) == 1 {
		return loaves[0].Await(ctx)
	}
	for _, l := range loaves {
		n, failed := l.Await(ctx)
		sum, err = sum+n, errors.Join(err, failed)
	}
	return sum, err
}

// In a second variable.

func lastOfBatch(ctx context.Context, oven *pool.IO) (int, error) {
	var newest *pool.Future[int]
	for range 12 {
		loaf := bake(ctx, oven) // want `unawaited: newest, the future of bake, is overwritten at line \d+ before anybody awaits it`
		newest = loaf
	}
	return newest.Await(ctx)
}

func onePerTurn(ctx context.Context, oven *pool.IO) (sum int, err error) {
	var before *pool.Future[int]
	for range 12 {
		loaf := bake(ctx, oven) // silent: unawaited "awaited, cancelled or handed on"
		if before != nil {
			n, failed := before.Await(ctx)
			sum, err = sum+n, errors.Join(err, failed)
		}
		before = loaf
	}
	n, failed := before.Await(ctx)
	return sum + n, errors.Join(err, failed)
}

// In a channel.

func shelved(ctx context.Context, oven *pool.IO) int {
	shelf := make(chan *pool.Future[int], 3)
	for range cap(shelf) {
		shelf <- bake(ctx, oven) // want `unawaited: shelf holds the future of bake and is never awaited`
	}
	return len(shelf)
}

func unshelved(ctx context.Context, oven *pool.IO) (sum int) {
	shelf := make(chan *pool.Future[int], 3)
	for range cap(shelf) {
		shelf <- bake(ctx, oven) // silent: unawaited "awaited, cancelled or handed on"
	}
	close(shelf)
	for loaf := range shelf {
		n, _ := loaf.Await(ctx)
		sum += n
	}
	return sum
}

// Who prints it does not await it.

func printed(ctx context.Context, oven *pool.IO) string {
	loaf := bake(ctx, oven) // want `unawaited: loaf holds the future of bake and is never awaited`
	slog.Info("in the oven", "loaf", loaf)
	return fmt.Sprint(loaf)
}

func printedWhenDone(ctx context.Context, oven *pool.IO) string {
	loaf := bake(ctx, oven) // silent: unawaited "awaited, cancelled or handed on"
	<-loaf.Done()
	return fmt.Sprint(loaf)
}

// What an embedded interface returns is a future as any.

type baker interface {
	Bake(ctx context.Context) *pool.Future[int]
}

type bakery struct {
	oven *pool.IO
}

func (b *bakery) Bake(ctx context.Context) *pool.Future[int] { return bake(ctx, b.oven) }

type shop struct{ baker }

func (s *shop) open(ctx context.Context) (int, error) {
	s.Bake(ctx) // want `unawaited: the future of Bake is dropped`
	return s.Bake(ctx).Await(ctx)
}
