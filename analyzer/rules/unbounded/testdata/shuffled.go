package unbounded

import (
	"context"
	"math/rand"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// What is taken by an index is called what the loop calls it.

type farm struct {
	store interface {
		ListServers(context.Context) ([]host, error)
		ListOrders(context.Context) ([]host, error)
	}
	slots *semaphore.Weighted
}

type host struct{ address string }

func (f *farm) probe(ctx context.Context) {
	servers, _ := f.store.ListServers(ctx)
	for _, i := range rand.Perm(len(servers)) {
		server := servers[i]
		go f.visit(ctx, server.address)
	}
	orders, _ := f.store.ListOrders(ctx)
	for i := range rand.Perm(len(orders)) {
		order := orders[i]
		go f.visit(ctx, order.address) // want `unbounded: one goroutine per`
	}
}

func (f *farm) visit(ctx context.Context, address string) {
	if f.slots.Acquire(ctx, 1) != nil {
		return
	}
	defer f.slots.Release(1)
	if resp, err := http.Get(address); err == nil {
		resp.Body.Close()
	}
}
