package rejected

import (
	"context"
	"log"
	"sync"

	"golang.org/x/sync/semaphore"
)

// What was never taken must not be given back.

type gate struct {
	slots *semaphore.Weighted
}

func (g *gate) ignored(ctx context.Context) {
	_ = g.slots.Acquire(ctx, 1) // want `rejected: the result of g\.slots\.Acquire is ignored: the code continues without a token`
	defer g.slots.Release(1)
	task()
}

// This context never ends.
func (g *gate) endless() {
	_ = g.slots.Acquire(context.Background(), 1)
	defer g.slots.Release(1)
	task()
}

func (g *gate) deferredBefore(ctx context.Context) error {
	defer g.slots.Release(1)
	if err := g.slots.Acquire(ctx, 1); err != nil { // want `rejected: when g\.slots\.Acquire does not get a token, the release at line \d+ returns one anyway`
		return err
	}
	task()
	return nil
}

func (g *gate) deferredBehind(ctx context.Context) error {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer g.slots.Release(1)
	task()
	return nil
}

func (g *gate) onlyLogged(ctx context.Context) {
	if err := g.slots.Acquire(ctx, 1); err != nil { // want `rejected: when g\.slots\.Acquire does not get a token`
		log.Print(err)
	}
	task()
	g.slots.Release(1)
}

func (g *gate) loggedAndLeft(ctx context.Context) {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		log.Print(err)
		return
	}
	task()
	g.slots.Release(1)
}

func (g *gate) tried() {
	if !g.slots.TryAcquire(1) { // want `rejected: when g\.slots\.TryAcquire does not get a token`
		log.Print("busy")
	}
	defer g.slots.Release(1)
	task()
}

func (g *gate) triedAgain(ctx context.Context) error {
	if !g.slots.TryAcquire(1) {
		if err := g.slots.Acquire(ctx, 1); err != nil {
			return err
		}
	}
	defer g.slots.Release(1)
	task()
	return nil
}

// The release in the defer is that of the first token.
func (g *gate) second(ctx context.Context) error {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer g.slots.Release(1)
	if !g.slots.TryAcquire(1) {
		return nil
	}
	defer g.slots.Release(1)
	task()
	return nil
}

// A helper takes the token, and hands on whether it did.

func (g *gate) acquire(ctx context.Context) error { return g.slots.Acquire(ctx, 1) }

func (g *gate) inAHelper(ctx context.Context) {
	g.acquire(ctx) // want `rejected: the result of g\.acquire is ignored: the code continues without a token`
	defer g.slots.Release(1)
	task()
}

func (g *gate) inAHelperChecked(ctx context.Context) error {
	if err := g.acquire(ctx); err != nil {
		return err
	}
	defer g.slots.Release(1)
	task()
	return nil
}

// What it is given never ends, so that it takes the token in any case.

func (g *gate) inAHelperEndless() {
	_ = g.acquire(context.Background())
	defer g.slots.Release(1)
	task()
}

func (g *gate) try(ctx context.Context) (func(), bool) {
	log.Print(ctx)
	return func() { g.slots.Release(1) }, g.slots.TryAcquire(1)
}

func (g *gate) tryInAHelper() {
	release, _ := g.try(context.Background()) // want `rejected: the result of g\.try is ignored: the code continues without a token`
	defer release()
	task()
}

// The token is given back before the helper returns: its error is one of what it does meanwhile.

func (g *gate) flush(ctx context.Context) error {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer g.slots.Release(1)
	return failing()
}

func (g *gate) flushInAnyCase(ctx context.Context) error {
	err := g.slots.Acquire(context.WithoutCancel(ctx), 1)
	if err != nil {
		return err
	}
	err = failing()
	g.slots.Release(1)
	return err
}

func (g *gate) Close(ctx context.Context) {
	_ = g.flush(ctx)
	g.flushInAnyCase(ctx)
}

// A task that it was given is not run.

func (g *gate) with(ctx context.Context, f func()) error {
	if err := g.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer g.slots.Release(1)
	f()
	return nil
}

func (g *gate) dropped(ctx context.Context) {
	_ = g.with(ctx, task) // want `rejected: g\.with can reject the task, and that is ignored: the task is dropped silently; check the error`
	_ = g.with(context.Background(), task)
}

// A refusal in a condition leaves the task counted.

func (r *refusing) countedInACondition(n int) (refused int) {
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		if r.pool.Submit(func() { defer wg.Done(); task() }) != nil { // want `rejected: when r\.pool\.Submit rejects the task, the path to line \d+ leaves it counted in wg`
			refused++
		}
	}
	wg.Wait()
	return refused
}

func (r *refusing) countedOutInACondition(n int) (refused int) {
	var wg sync.WaitGroup
	wg.Add(n)
	for range n {
		if r.pool.Submit(func() { defer wg.Done(); task() }) != nil {
			wg.Done()
			refused++
		}
	}
	wg.Wait()
	return refused
}

// A helper hands on the answer of its submit.

func (r *refusing) hand(f func()) error { return r.pool.Submit(f) }

func (r *refusing) handOrRun(f func()) {
	if err := r.pool.Submit(f); err != nil {
		f()
	}
}

func (r *refusing) handedOn() error {
	r.handOrRun(task)
	_ = r.hand(task) // want `rejected: r\.hand can reject the task, and that is ignored: the task is dropped silently; check the error`
	return r.hand(task)
}

// The way out waits for a task that was refused.

func (r *refusing) deferredWait(n int) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for range n {
		wg.Add(1)
		if err := r.pool.Submit(func() { defer wg.Done(); task() }); err != nil { // want `rejected: when r\.pool\.Submit rejects the task, the path to line \d+ leaves it counted in wg`
			return err
		}
	}
	return nil
}

func (r *refusing) waitInADefer(n int) (err error) {
	var wg sync.WaitGroup
	defer func() {
		wg.Wait()
		log.Print(err)
	}()
	for range n {
		wg.Add(1)
		if err := r.pool.Submit(func() { defer wg.Done(); task() }); err != nil { // want `rejected: when r\.pool\.Submit rejects the task, the path to line \d+ leaves it counted in wg`
			return err
		}
	}
	return nil
}

func (r *refusing) leftWithoutAWait(n int) error {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		if err := r.pool.Submit(func() { defer wg.Done(); task() }); err != nil {
			return err
		}
	}
	wg.Wait()
	return nil
}
