package unbounded

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Once in so many messages, or in so much time, is not once for each.

type ledger struct {
	entries chan string
	last    time.Time
}

func (l *ledger) tidy() {
	count := 0
	for e := range l.entries {
		now := time.Now()
		elapsed := now.Sub(l.last)
		if elapsed > time.Minute || count > 50_000 {
			go fetchEntry(e)
			l.last = now
			count = 0
		}
		count++
	}
}

func (l *ledger) large(size func(string) int) {
	for e := range l.entries {
		if size(e) > 1000 {
			go fetchEntry(e) // want `unbounded: one goroutine per element of l\.entries`
			l.last = time.Now()
		}
	}
}

func fetchEntry(e string) {
	if resp, err := http.Get(e); err == nil {
		resp.Body.Close()
	}
}

// One at a time, by a flag that is asked for and set by methods.

type replay struct {
	entries chan string
	busy    atomic.Bool
	full    atomic.Bool
}

func (r *replay) isBusy() bool   { return r.busy.Load() }
func (r *replay) isFull() bool   { return r.full.Load() }
func (r *replay) setBusy(b bool) { r.busy.Store(b) }

func (r *replay) oneByOne() {
	for e := range r.entries {
		if !r.isBusy() {
			r.setBusy(true)
			go r.send(e) // silent: unbounded "only while there is room"
		}
	}
}

func (r *replay) byAnotherFlag() {
	for e := range r.entries {
		if !r.isFull() {
			r.setBusy(true)
			go r.send(e) // want `unbounded: one goroutine per element of r\.entries`
		}
	}
}

func (r *replay) send(e string) {
	defer r.setBusy(false)
	fetchEntry(e)
}
