// Package churn builds pools for one use.
package churn

import (
	"context"
	"net/http"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
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
	p := workerpool.New(8) // silent: churn "made once, as far as is known"
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
		p := workerpool.New(8) // silent: churn "p escapes the function"
		all = append(all, &tenant{pool: p})
	}
	return all
}

// Two pools, not one per element.
func pair() {
	for range 2 {
		p := workerpool.New(8) // silent: churn "made once, as far as is known"
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

// A pool that is handed to the function which submits to it stays here.
func handleOurs(w http.ResponseWriter, r *http.Request) {
	p := pool.NewIO(8) // want `churn: p is a new pool for each request that handleOurs handles`
	defer p.Close()
	part := pool.Submit(r.Context(), p, func(context.Context) (int, error) { return 0, nil })
	if _, err := part.Await(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func newWorkers() *workerpool.WorkerPool { return workerpool.New(8) }

func handleAnew(w http.ResponseWriter, r *http.Request) {
	p := newWorkers() // want `churn: p is a new pool for each request that handleAnew handles`
	defer p.StopWait()
	p.Submit(func() {})
}

// Who alone calls it handles requests.
func thumbnails(images []string) {
	p := workerpool.New(8) // want `churn: p is a new pool for each request that handleImages handles`
	defer p.StopWait()
	for range images {
		p.Submit(func() {})
	}
}

func handleImages(w http.ResponseWriter, r *http.Request) {
	upload(r.URL.Query()["image"])
}

func upload(images []string) {
	if len(images) > 100 {
		thumbnails(images[:100])
		upload(images[100:])
		return
	}
	thumbnails(images)
}

// Others call this one.
func contactSheet(images []string) {
	p := workerpool.New(8) // silent: churn "it is made once, as far as is known"
	defer p.StopWait()
	for range images {
		p.Submit(func() {})
	}
}

func handleSheet(w http.ResponseWriter, r *http.Request) {
	contactSheet(r.URL.Query()["image"])
}

func printSheet(images []string) {
	contactSheet(images)
}
