// Package strict has what a careful reviewer would ask about.
package strict

import (
	"context"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

func work(context.Context) (int, error) { return 0, nil }

func check() error { return nil }

// The rest is left at the first error.
func firstErrorOfMany(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: the rest of fs, from Submit, is not awaited on the path that exits at line \d+`
	}
	for _, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	return nil
}

func allOfMany(ctx context.Context, io *pool.IO, xs []int) (failed error) {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work))
	}
	for i := range fs {
		if _, err := fs[i].Await(ctx); err != nil {
			failed = err
		}
	}
	return failed
}

func restCancelled(ctx context.Context, io *pool.IO, xs []int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work))
	}
	for _, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	return nil
}

// As they come, the rest is left, too.
func firstErrorToCome(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: the rest of fs, from Submit, is not awaited on the path that exits at line \d+`
	}
	for _, err := range pool.AsCompleted(ctx, fs...) {
		if err != nil {
			return err
		}
	}
	return nil
}

func allToCome(ctx context.Context, io *pool.IO, xs []int) (failed error) {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // silent: unawaited "awaited, cancelled or handed on"
	}
	for _, err := range pool.AsCompleted(ctx, fs...) {
		if err != nil {
			failed = err
		}
	}
	return failed
}

// Groups are left as futures are.
func firstErrorOfGroups(wards []string) error {
	var rounds []*errgroup.Group
	for range wards {
		round := new(errgroup.Group)
		round.Go(check) // want `unawaited: the rest of rounds is not waited for on the path that exits at line \d+`
		rounds = append(rounds, round)
	}
	for _, round := range rounds {
		if err := round.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func allGroups(wards []string) (failed error) {
	var rounds []*errgroup.Group
	for range wards {
		round := new(errgroup.Group)
		round.Go(check) // silent: unawaited "it is handed on, and may be waited for there"
		rounds = append(rounds, round)
	}
	for _, round := range rounds {
		if err := round.Wait(); err != nil {
			failed = err
		}
	}
	return failed
}

func round() *errgroup.Group {
	g := new(errgroup.Group)
	g.Go(check)
	return g
}

func firstErrorOfRounds() error {
	rounds := []*errgroup.Group{}
	for range 3 {
		rounds = append(rounds, round()) // want `unawaited: the rest of rounds is not waited for`
	}
	for _, r := range rounds {
		if err := r.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// What a defer cancels is left to nobody; what it only counts is.
func restCancelledEach(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	defer func() {
		for _, f := range fs {
			f.Cancel()
		}
	}()
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // silent: unawaited "awaited, cancelled or handed on"
	}
	for _, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	return nil
}

func restCounted(ctx context.Context, io *pool.IO, xs []int, count func(int)) error {
	var fs []*pool.Future[int]
	defer func() { count(len(fs)) }()
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: the rest of fs, from Submit, is not awaited on the path that exits at line \d+`
	}
	for _, f := range fs {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Who takes one at each turn may leave out what was taken, from either end.
func drained(ctx context.Context, io *pool.IO, xs []int) (failed error) {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // silent: unawaited "awaited, cancelled or handed on"
	}
	for len(fs) > 0 {
		if _, err := fs[0].Await(ctx); err != nil {
			failed = err
		}
		fs = fs[1:]
	}
	return failed
}

func drainedUntil(ctx context.Context, io *pool.IO, xs []int) error {
	var fs []*pool.Future[int]
	for range xs {
		fs = append(fs, pool.Submit(ctx, io, work)) // want `unawaited: the rest of fs, from Submit, is not awaited on the path that exits at line \d+`
	}
	for len(fs) > 0 {
		if _, err := fs[0].Await(ctx); err != nil {
			return err
		}
		fs = fs[1:]
	}
	return nil
}

// Flush hears that all was answered, and not what.
type buffered struct{ js jetstream.JetStream }

func (b *buffered) add(data []byte) error {
	_, err := b.js.PublishAsync("subject", data) // want `unawaited: the future of PublishAsync is assigned to _`
	return err
}

func (b *buffered) flush() { <-b.js.PublishAsyncComplete() }

func (b *buffered) flushed(all [][]byte) error {
	for _, data := range all {
		if _, err := b.js.PublishAsync("subject", data); err != nil {
			return err
		}
	}
	<-b.js.PublishAsyncComplete()
	return nil
}

// What was sent is known at once, and is not the answer.
func (b *buffered) named(data []byte) (string, error) {
	ack, err := b.js.PublishAsync("subject", data) // want `unawaited: ack holds the future of PublishAsync and is never awaited`
	if err != nil {
		return "", err
	}
	return ack.Msg().Subject, nil
}

func (b *buffered) answered(data []byte) (string, error) {
	ack, err := b.js.PublishAsync("subject", data)
	if err != nil {
		return "", err
	}
	<-ack.Ok()
	return ack.Msg().Subject, nil
}

// Nothing in the package reads a field.
type holder struct{ unread, read *pool.Future[int] }

func (h *holder) start(ctx context.Context, io *pool.IO) {
	h.unread = pool.Submit(ctx, io, work) // want `unawaited: unread keeps the future of Submit and nothing in the package reads it`
	h.read = pool.Submit(ctx, io, work)
}

func (h *holder) wait(ctx context.Context) (int, error) { return h.read.Await(ctx) }

// Nor an element of one, nor anybody waits for a group in one.
type ward struct {
	unread, read    []*pool.Future[int]
	unwaited, night errgroup.Group
}

func (w *ward) start(ctx context.Context, io *pool.IO) {
	w.unread = append(w.unread, pool.Submit(ctx, io, work)) // want `unawaited: unread keeps the future of Submit and nothing in the package reads it`
	w.read = append(w.read, pool.Submit(ctx, io, work))     // silent: unawaited "awaited, cancelled or handed on"
	w.unwaited.Go(check)                                    // want `unawaited: unwaited is given work, and nothing in the package waits for it, losing the first error; wait for it where its owner is closed`
	w.unwaited.Go(check)
	w.night.Go(check)
}

func (w *ward) wait(ctx context.Context) error {
	for _, f := range w.read {
		if _, err := f.Await(ctx); err != nil {
			return err
		}
	}
	night := &w.night
	return night.Wait()
}

// Who made it waits for it by its first name; who is given one leaves that to who gives it.
type shift struct{ nurses, visitors *errgroup.Group }

func begin(visitors *errgroup.Group, done chan<- error) *shift {
	nurses := new(errgroup.Group)
	go func() { done <- nurses.Wait() }()
	return &shift{nurses, visitors}
}

func (s *shift) call() {
	s.nurses.Go(check)
	s.visitors.Go(check)
}

// Goroutines that are counted go on when the function has left, and nobody misses what they do.
func countedAndLeft(n int) error {
	var wg sync.WaitGroup
	for range n {
		wg.Add(1)
		go func() { // want `unawaited: wg is not waited for on the path that exits at line \d+`
			defer wg.Done()
			_ = check()
		}()
		if err := check(); err != nil {
			return err
		}
	}
	wg.Wait()
	return nil
}
