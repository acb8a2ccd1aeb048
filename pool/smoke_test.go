package pool_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/poollint/poollint/pool"
)

func TestSmoke(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pool.NewIO(10)
		var n atomic.Int64
		for range 1000 {
			if err := p.Go(context.Background(), func(ctx context.Context) error { time.Sleep(time.Millisecond); n.Add(1); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		f := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { return 42, nil })
		if v, err := f.Await(t.Context()); v != 42 || err != nil {
			t.Fatal(v, err)
		}
		g := pool.Submit(t.Context(), p, func(ctx context.Context) (int, error) { panic("boo") })
		_, err := g.Await(t.Context())
		var pe *pool.PanicError
		if !errors.As(err, &pe) {
			t.Fatal(err)
		}
		s := p.Stats()
		time.Sleep(time.Second)
		synctest.Wait()
		t.Log(s, p.Stats())
		p.Close()
		if n.Load() != 1000 {
			t.Fatal(n.Load())
		}
		var z pool.Future[int]
		t.Log(z.Await(t.Context()))
		var zp pool.IO
		t.Log(zp.Go(t.Context(), nil), zp.Close())
	})
}
