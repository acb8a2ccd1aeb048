package strict

import (
	"math/rand"
	randv2 "math/rand/v2"
	"net/http"
	"sync"
)

// In random order there are as many as in any other.

type master struct{ address string }

func (f *farm) probe() {
	masters := f.store.ListMasters()
	var wg sync.WaitGroup
	for _, i := range rand.Perm(len(masters)) {
		wg.Go(func() { http.Get(masters[i].address) }) // want `unbounded: one goroutine per`
	}
	for i := range randv2.Perm(len(masters)) {
		wg.Go(func() { http.Get(masters[i].address) }) // want `unbounded: one goroutine per`
	}
	for range randv2.Perm(8) {
		wg.Go(func() { http.Get(masters[0].address) })
	}
	wg.Wait()
}

type farm struct {
	store interface{ ListMasters() []master }
}
