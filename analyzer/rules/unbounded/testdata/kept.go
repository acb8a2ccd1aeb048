package unbounded

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"

	"golang.org/x/sync/errgroup"
)

// The last few lines of a log are few, whoever calls the function that keeps them.
func lastLines(ctx context.Context, lines *bufio.Scanner) error {
	var tail, all, odd []string
	add := func(line string) {
		tail = append(tail, line)
		if len(tail) > 20 {
			tail = tail[1:]
		}
		if len(odd) >= 20 {
			copy(odd, odd[1:])
			odd = odd[:len(odd)-1]
		}
		odd = append(odd, line)
		all = append(all, line)
		if len(all) > 20 { // what is cut is another
			tail = tail[1:]
		}
	}
	for lines.Scan() {
		add(lines.Text())
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, url := range tail {
		g.Go(func() error { return fetch(ctx, url) }) // silent: unbounded "it is truncated when it gets too long"
	}
	for _, url := range odd {
		g.Go(func() error { return fetch(ctx, url) }) // silent: unbounded "it is bounded"
	}
	for _, url := range all {
		g.Go(func() error { return fetch(ctx, url) }) // want "unbounded: one goroutine per element of all"
	}
	return g.Wait()
}

// What is counted from the end of a list is as much as it is counted.
func fromTheEnd(r *http.Request) error {
	var urls []string
	if err := json.NewDecoder(r.Body).Decode(&urls); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(r.Context())
	for _, url := range urls[max(len(urls)-5, 0):] {
		g.Go(func() error { return fetch(ctx, url) }) // silent: unbounded "it is bounded: a constant"
	}
	from := len(urls) - 5
	if from < 0 {
		from = 0
	}
	for _, url := range urls[from:] {
		g.Go(func() error { return fetch(ctx, url) }) // silent: unbounded "it is bounded: a constant"
	}
	for _, url := range urls[min(len(urls), 5):] { // all but the first
		g.Go(func() error { return fetch(ctx, url) }) // want "unbounded: one goroutine per element of urls"
	}
	return g.Wait()
}

type nearbyRequest struct{ At, From, To int }

// A client says where, and not how many.
func nearby(r *http.Request, page func(context.Context, int) error) error {
	var w nearbyRequest
	if err := json.NewDecoder(r.Body).Decode(&w); err != nil {
		return err
	}
	g, ctx := errgroup.WithContext(r.Context())
	for i := w.At - 3; i <= w.At+3; i++ {
		g.Go(func() error { return page(ctx, i) }) // silent: unbounded "it is bounded: a constant"
	}
	for i := w.At; i > w.At-4; i-- {
		g.Go(func() error { return page(ctx, i) }) // silent: unbounded "it is bounded: a constant"
	}
	for i := w.From - 3; i <= w.To+3; i++ {
		g.Go(func() error { return page(ctx, i) }) // want "unbounded: one goroutine per unit of "
	}
	return g.Wait()
}
