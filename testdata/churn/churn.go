// Package churn builds pools for one use.
package churn

import (
	"context"
	"net/http"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"
)

func handle(w http.ResponseWriter, r *http.Request) {
	p := workerpool.New(8) // want `churn: p is a new pool for each request that handle handles`
	defer p.StopWait()
	p.Submit(func() {})
}

func batches(all [][]func()) {
	for _, batch := range all {
		p := workerpool.New(8) // want `churn: p is a new pool in each iteration`
		for _, task := range batch {
			p.Submit(task)
		}
		p.StopWait()
	}
}

// Made once, used for all.
func once(all [][]func()) {
	p := workerpool.New(8)
	defer p.StopWait()
	for _, batch := range all {
		for _, task := range batch {
			p.Submit(task)
		}
	}
}

type tenant struct{ pool *workerpool.WorkerPool }

// A pool that outlives the iteration is not dropped there.
func tenants(names []string) []*tenant {
	var all []*tenant
	for range names {
		p := workerpool.New(8)
		all = append(all, &tenant{pool: p})
	}
	return all
}

// Two pools, not one per element.
func pair() {
	for range 2 {
		p := workerpool.New(8)
		p.StopWait()
	}
}

// A group is made for one use.
func grouped(w http.ResponseWriter, r *http.Request) {
	g, ctx := errgroup.WithContext(r.Context())
	g.SetLimit(4)
	g.Go(func() error { return ctx.Err() })
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Once per call of something that is no handler: a careful reviewer would ask.
func Fetch(ctx context.Context) error {
	p, err := ants.NewPool(4)
	if err != nil {
		return err
	}
	defer p.Release()
	return p.Submit(func() {})
}

func newWorkers() *workerpool.WorkerPool { return workerpool.New(8) }

func handleAnew(w http.ResponseWriter, r *http.Request) {
	p := newWorkers() // want `churn: p is a new pool for each request that handleAnew handles`
	defer p.StopWait()
	p.Submit(func() {})
}
