package unbounded

import (
	"net/http"
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
