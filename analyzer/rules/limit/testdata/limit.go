// Package limit sets limits that break.
package limit

import (
	"context"
	"errors"

	"github.com/alitto/pond/v2"
	"github.com/panjf2000/ants/v2"
	"github.com/poollint/poollint/pool"
	concpool "github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

func Edges(n int) {
	var g errgroup.Group
	g.SetLimit(0) // want `limit: SetLimit\(0\) makes every later submit wait forever; use at least one worker`
	g.SetLimit(-1)
	g.SetLimit(n) // silent: limit "the size is not a constant"
	g.SetLimit(1) // silent: limit "the size is 1"

	p, _ := ants.NewPool(0) // want `limit: NewPool\(0\) means no limit`
	defer p.Release()
	q, _ := ants.NewPool(-1) // want `limit: NewPool\(-1\) means no limit`
	defer q.Release()
	r, _ := ants.NewPool(1)
	defer r.Release()

	pond.NewPool(0)                     // want `limit: NewPool\(0\) means no limit`
	pond.NewPool(-2)                    // want `limit: NewPool\(-2\) panics`
	concpool.New().WithMaxGoroutines(0) // want `limit: WithMaxGoroutines\(0\) panics`
	pool.NewIO(0)                       // want `limit: NewIO\(0\) panics`
	pool.NewIO(4)
}

const none = 0

var never, _ = ants.NewPool(0) // want `limit: NewPool\(0\) means no limit`

func Named(ctx context.Context) {
	pool.NewIO(none)                                     // want `limit: NewIO\(none\), with none = 0, panics; use at least one worker`
	pool.NewIO(8, pool.WithMemory(0, 64))                // want `limit: WithMemory\(0\) panics; pass a budget and the cost of one worker, in bytes`
	if semaphore.NewWeighted(0).Acquire(ctx, 1) != nil { // want `limit: NewWeighted\(0\) makes every later Acquire wait forever; use at least one token`
		return
	}
}

// The limit of the second turn comes after the task of the first.
func EachTurn(tasks []func() error) error {
	var g errgroup.Group
	for _, task := range tasks[:2] {
		g.SetLimit(2) // want `limit: SetLimit comes after g.Go and panics`
		g.Go(task)
	}
	return g.Wait()
}

func EachItsOwn(tasks []func() error) error {
	for _, task := range tasks[:2] {
		var g errgroup.Group
		g.SetLimit(2)
		g.Go(task)
		if err := g.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func Late(tasks []func() error) error {
	var g errgroup.Group
	g.Go(tasks[0])
	g.SetLimit(4) // want `limit: SetLimit comes after g.Go and panics if that task is already running; set the limit before the first task`
	g.Go(tasks[1])
	return g.Wait()
}

// After a Wait no task is active.
func Again(tasks []func() error) error {
	var g errgroup.Group
	g.Go(tasks[0])
	if err := g.Wait(); err != nil {
		return err
	}
	g.SetLimit(4)
	g.Go(tasks[1])
	return g.Wait()
}

func Anew(tasks []func() error) error {
	g := new(errgroup.Group)
	g.SetLimit(2)
	g.Go(tasks[0])
	first := g
	g = new(errgroup.Group)
	g.SetLimit(4)
	g.Go(tasks[1])
	_ = first.Wait()
	return g.Wait()
}

type limiter struct{ n int }

func (l *limiter) SetLimit(n int) { l.n = n }

// A namesake.
func Other(l *limiter) { l.SetLimit(0) }

// A limit that a function is given is as broken where it is chosen.
func lanes(n int) *errgroup.Group {
	g := new(errgroup.Group)
	g.SetLimit(n) // silent: limit "the size is not a constant"
	return g
}

func LanesOpen() { _ = lanes(3).Wait() }

func LanesClosed(task func() error) error {
	g := lanes(0) // want `limit: SetLimit\(0\), called by lanes, makes every later submit wait forever`
	g.Go(task)
	return g.Wait()
}

// It is looked at first.
func lanesIf(n int) *errgroup.Group {
	g := new(errgroup.Group)
	if n > 0 {
		g.SetLimit(n) // silent: limit "the size is not a constant"
	}
	return g
}

func LanesFree(task func() error) error {
	g := lanesIf(0)
	g.Go(task)
	return errors.Join(g.Wait(), lanesIf(4).Wait())
}
