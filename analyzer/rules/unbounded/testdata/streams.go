package unbounded

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

type record struct{ key, url string }

// The long forms of for r := range records.
func Receive(ctx context.Context, records <-chan record) {
	for {
		r, ok := <-records
		if !ok {
			return
		}
		go fetch(ctx, r.url) // want `unbounded: one goroutine per element of records \(a channel\)`
	}
}

func ReceiveSelect(ctx context.Context, records <-chan record) {
	for {
		select {
		case r, ok := <-records:
			if !ok {
				return
			}
			go fetch(ctx, r.url) // want `unbounded: one goroutine per element of records \(a channel\)`
		case <-ctx.Done():
			return
		}
	}
}

// What is waited for on the way out bounds nothing of what comes before.
func ReceiveAndLeave(ctx context.Context, records <-chan record) {
	var wg sync.WaitGroup
	for {
		select {
		case r := <-records:
			wg.Go(func() { _ = fetch(ctx, r.url) }) // want `unbounded: one goroutine per element of records \(a channel\)`
		case <-ctx.Done():
			wg.Wait()
			return
		}
	}
}

// What is waited for at each tick bounds what a tick starts.
func ReceiveOrWait(ctx context.Context, records <-chan record, tick <-chan time.Time) {
	var wg sync.WaitGroup
	for {
		select {
		case r := <-records:
			wg.Go(func() { _ = fetch(ctx, r.url) })
		case <-tick:
			wg.Wait()
		}
	}
}

func ReceiveToken(ctx context.Context, records <-chan record) {
	tokens := make(chan struct{}, 8)
	for {
		select {
		case r := <-records:
			tokens <- struct{}{}
			go func() {
				defer func() { <-tokens }()
				_ = fetch(ctx, r.url)
			}()
		case <-ctx.Done():
			return
		}
	}
}

// One per message, in whichever case of a select; and event loops with a task that is not the message's.
func Events(ctx context.Context, records <-chan record, urls <-chan string) {
	for {
		select {
		case r := <-records:
			go fetch(ctx, r.url) // want `unbounded: one goroutine per element of records \(a channel\)`
		case url := <-urls:
			go fetch(ctx, url) // want `unbounded: one goroutine per element of urls \(a channel\)`
		case <-ctx.Done():
			return
		}
	}
}

func Flush(ctx context.Context, records <-chan record) {
	var last []record
	for {
		select {
		case r := <-records:
			last = append(last, r)
			if len(last) == 100 {
				go fetch(ctx, "https://a.example/flush")
				last = nil
			}
		case <-ctx.Done():
			return
		}
	}
}

func Ticks(ctx context.Context, failed <-chan error, conns <-chan string) {
	for {
		select {
		case err := <-failed:
			go fetch(ctx, err.Error())
		case <-ctx.Done():
			return
		}
	}
}

func Every(ctx context.Context, t *time.Ticker) {
	for {
		now := <-t.C
		go fetch(ctx, now.String())
	}
}

func Conns(ctx context.Context, conns <-chan string) {
	for {
		select {
		case conn := <-conns:
			go fetch(ctx, conn)
		case <-ctx.Done():
			return
		}
	}
}

// A sequence is like a slice.
func Sequence(ctx context.Context, urls iter.Seq[string], records func(yield func(int, record) bool), peers iter.Seq[string]) {
	for url := range urls {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls \(the parameter urls of Sequence\)`
	}
	for _, r := range records {
		go fetch(ctx, r.url) // want `unbounded: one goroutine per element of records \(the parameter records of Sequence\)`
	}
	for peer := range peers {
		go fetch(ctx, peer)
	}
}

type pages interface {
	ListRecords(ctx context.Context, token string) ([]record, string, error)
}

// Waited for where the loop is left: not in an iteration.
func PagesLeft(ctx context.Context, p pages) error {
	var g errgroup.Group
	token := ""
	for {
		records, next, err := p.ListRecords(ctx, token)
		if err != nil {
			return errors.Join(err, g.Wait())
		}
		for _, r := range records {
			g.Go(func() error { return fetch(ctx, r.url) }) // want `unbounded: one goroutine per element of records`
		}
		if next == "" {
			return g.Wait()
		}
		token = next
	}
}

func PagesEach(ctx context.Context, p pages) error {
	token := ""
	for {
		records, next, err := p.ListRecords(ctx, token)
		if err != nil {
			return err
		}
		var g errgroup.Group
		g.SetLimit(8)
		for _, r := range records {
			g.Go(func() error { return fetch(ctx, r.url) })
		}
		if err := g.Wait(); err != nil || next == "" {
			return err
		}
		token = next
	}
}

// One turn at a time, with a page's worth of goroutines.
func PagesWaited(ctx context.Context, p pages) error {
	token := ""
	for {
		records, next, err := p.ListRecords(ctx, token)
		if err != nil {
			return err
		}
		for r := range records {
			done := make(chan error, 1)
			go func() { done <- fetch(ctx, records[r].url) }()
			if err := <-done; err != nil {
				return err
			}
		}
		token = next
	}
}

// Messages of a field.
type hub struct{ messages chan record }

func (h *hub) run(ctx context.Context) {
	for {
		select {
		case message := <-h.messages:
			go fetch(ctx, message.url) // want `unbounded: one goroutine per element of h.messages \(a channel\)`
		case <-ctx.Done():
			return
		}
	}
}

func FlushEvery(ctx context.Context, records <-chan record, t *time.Ticker) {
	for {
		select {
		case r := <-records:
			go fetch(ctx, r.url) // want `unbounded: one goroutine per element of records \(a channel\)`
		case <-t.C:
			_ = fetch(ctx, "https://a.example/flush")
		}
	}
}
