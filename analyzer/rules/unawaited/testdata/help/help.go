// Package help has helpers that await, forget, keep or make what they are given or asked for.
package help

import (
	"context"
	"errors"
	"log"
	"time"

	"github.com/hashicorp/raft"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

// Await awaits on every path.
func Await(f raft.Future) error {
	if f == nil {
		return nil
	}
	return errors.Join(f.Error())
}

// AwaitIf awaits on one path only.
func AwaitIf(f raft.Future, wanted bool) error {
	if wanted {
		return f.Error()
	}
	return nil
}

// Forget does nothing with it.
func Forget(f raft.Future) {
	if f != nil {
		log.Print("started")
	}
}

var kept []raft.Future

// Keep keeps it.
func Keep(f raft.Future) { kept = append(kept, f) }

// AwaitAll awaits all.
func AwaitAll(fs []*pool.Future[int]) error {
	for _, f := range fs {
		if _, err := f.Await(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// Count only counts them.
func Count(fs []*pool.Future[int]) int { return len(fs) }

// Apply makes a future that the caller alone holds.
func Apply(r *raft.Raft, cmd []byte) raft.ApplyFuture {
	f := r.Apply(cmd, time.Second)
	return f
}

// Detach makes a future that nobody needs.
//
//poollint:detached a hint: losing it costs a cache miss
func Detach(r *raft.Raft, cmd []byte) raft.ApplyFuture {
	return r.Apply(cmd, time.Second)
}

// Wait waits for a group.
func Wait(g *errgroup.Group) error { return g.Wait() }

// Fill gives a group work.
func Fill(g *errgroup.Group, task func() error) { g.Go(task) }

// Exit never returns.
func Exit(err error) {
	log.Fatal(err)
}

// Visit ends with its context.
func Visit(ctx context.Context, name string) { <-ctx.Done() }

// A Loaf is bread to come.
type Loaf[T any] struct {
	ready chan struct{}
	bread T
}

// Bake begins one.
func Bake[T any](knead func() T) *Loaf[T] {
	l := &Loaf[T]{ready: make(chan struct{})}
	go func() {
		defer close(l.ready)
		l.bread = knead()
	}()
	return l
}

// Slice waits for it.
func (l *Loaf[T]) Slice() T {
	<-l.ready
	return l.bread
}

// A Ticket is a future with a name.
type Ticket[T any] struct {
	*pool.Future[T]
	Name string
}

// Issue starts one.
func Issue[T any](ctx context.Context, on pool.Executor, name string, work func(context.Context) (T, error)) Ticket[T] {
	return Ticket[T]{Future: pool.Submit(ctx, on, work), Name: name}
}

// Tickets are kept for later.
type Tickets[T any] struct{ all []Ticket[T] }

// Keep adds one.
func (t *Tickets[T]) Keep(one Ticket[T]) { t.all = append(t.all, one) }
