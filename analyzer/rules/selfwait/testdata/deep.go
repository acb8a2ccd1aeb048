package selfwait

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// A folder has others in it. Who holds a place for each on the way down needs as many as it is deep.
type folder struct{ inside []*folder }

func size(ctx context.Context, top *folder, read func(context.Context, *folder) error) error {
	places := make(chan struct{}, 16)
	g, ctx := errgroup.WithContext(ctx)
	var visit func(f *folder) error
	visit = func(f *folder) error {
		places <- struct{}{}
		defer func() { <-places }()
		for _, in := range f.inside {
			if err := visit(in); err != nil { // want "size acquires a token of places while it holds one"
				return err
			}
		}
		return read(ctx, f)
	}
	g.Go(func() error { return visit(top) })
	return g.Wait()
}

func sizeOfLeaves(ctx context.Context, top *folder, read func(context.Context, *folder) error) error {
	places := make(chan struct{}, 16)
	g, ctx := errgroup.WithContext(ctx)
	var visit func(f *folder) error
	visit = func(f *folder) error {
		places <- struct{}{}
		err := read(ctx, f)
		<-places
		for _, in := range f.inside {
			if err == nil {
				err = visit(in)
			}
		}
		return err
	}
	g.Go(func() error { return visit(top) })
	return g.Wait()
}

// A reader asks for each book once, whoever wants it, and has scales for the weight of all that he carries.
type reader[T any] struct {
	mu     sync.Mutex
	books  map[string]T
	asked  map[string]chan struct{}
	fetch  func(context.Context, string) (T, error)
	scales *semaphore.Weighted
}

func newReader[T any](fetch func(context.Context, string) (T, error)) *reader[T] {
	return &reader[T]{books: map[string]T{}, asked: map[string]chan struct{}{}, fetch: fetch, scales: semaphore.NewWeighted(6)}
}

func (r *reader[T]) open(ctx context.Context, name string) (book T, err error) {
	r.mu.Lock()
	if b, ok := r.books[name]; ok {
		r.mu.Unlock()
		return b, nil
	}
	if there, ok := r.asked[name]; ok {
		r.mu.Unlock()
		select {
		case <-there:
			return r.open(ctx, name)
		case <-ctx.Done():
			return book, ctx.Err()
		}
	}
	there := make(chan struct{})
	r.asked[name] = there
	r.mu.Unlock()
	book, err = r.fetch(ctx, name)
	r.mu.Lock()
	if err == nil {
		r.books[name] = book
	}
	delete(r.asked, name)
	r.mu.Unlock()
	close(there)
	return book, err
}

func (r *reader[T]) readWith(ctx context.Context, name, next string) error {
	if err := r.scales.Acquire(ctx, 4); err != nil {
		return err
	}
	defer r.scales.Release(4)
	if _, err := r.open(ctx, name); err != nil {
		return err
	}
	return r.read(next) // want "readWith acquires a token of scales while it holds one"
}

func (r *reader[T]) readThen(ctx context.Context, name, next string) error {
	if err := r.scales.Acquire(ctx, 4); err != nil {
		return err
	}
	_, err := r.open(ctx, name)
	r.scales.Release(4)
	if err != nil {
		return err
	}
	return r.read(next)
}

func (r *reader[T]) read(name string) error {
	if err := r.scales.Acquire(context.Background(), 4); err != nil {
		return err
	}
	defer r.scales.Release(4)
	_, err := r.open(context.Background(), name)
	return err
}
