package unawaited

import "sync"

// A channel that is entered where others find it is a subscription: nobody works for who made it.

type harbour struct {
	mu    sync.Mutex
	wants map[string]*berth
}

type berth struct {
	name string
	free chan int
}

func newHarbour(ships <-chan string) *harbour {
	h := &harbour{wants: map[string]*berth{}}
	go h.watch(ships)
	return h
}

func (h *harbour) watch(ships <-chan string) {
	for name := range ships {
		h.mu.Lock()
		if b := h.wants[name]; b != nil {
			b.tell()
			delete(h.wants, name)
		}
		h.mu.Unlock()
	}
}

func (b *berth) tell() { b.free <- len(b.name) }

func (h *harbour) want(name string) <-chan int {
	free := make(chan int, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wants[name] = &berth{name, free}
	return free
}

func (h *harbour) land(name string, full bool) int {
	free := h.want(name)
	if full {
		return 0
	}
	return <-free
}

// One on which a goroutine works for who made it is a future.

func (h *harbour) count(name string) <-chan int {
	free := make(chan int, 1)
	go func() { free <- len(name) }()
	return free
}

func (h *harbour) landCounted(name string, full bool) int {
	free := h.count(name) // want `unawaited: free, from count, is not awaited on the path that returns at line \d+, losing its result`
	if full {
		return 0
	}
	return <-free
}
