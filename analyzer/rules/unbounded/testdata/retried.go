package unbounded

import (
	"net/http"
	"sync"
)

// A request for many keys is one for each region, and again for those of a region that has moved: there are
// never more than there are keys.

type regional struct {
	regions func(keys [][]byte) map[int][][]byte
}

func (s *regional) send(keys [][]byte, addresses map[int]string) {
	groups := s.regions(keys)
	var batches []batchOfKeys
	for region, keys := range groups {
		batches = append(batches, batchOfKeys{region, keys})
	}
	var wg sync.WaitGroup
	for _, b := range batches {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.sendOne(b, addresses)
		}()
	}
	wg.Wait()
}

type batchOfKeys struct {
	region int
	keys   [][]byte
}

func (s *regional) sendOne(b batchOfKeys, addresses map[int]string) {
	resp, err := http.Get(addresses[b.region])
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusGone {
		s.send(b.keys, addresses)
	}
}

// What a node has beneath it is no part of what was passed.

type limb struct {
	address string
	limbs   func() []*limb
}

func climb(limbs []*limb) {
	for _, l := range limbs {
		go func() { // want `unbounded: one goroutine per element of limbs \(one for each that the recursion finds\)`
			if resp, err := http.Get(l.address); err == nil {
				resp.Body.Close()
			}
			climb(l.limbs())
		}()
	}
}
