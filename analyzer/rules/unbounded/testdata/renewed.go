package unbounded

import (
	"bufio"
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A limit that is made for each shelf holds for that one: there are as many shelves as come.
func shelves(ctx context.Context, lines *bufio.Scanner, urls func(shelf string) []string) {
	var wg sync.WaitGroup
	for lines.Scan() {
		places := make(chan struct{}, 4)
		for _, url := range urls(lines.Text()) {
			places <- struct{}{}
			wg.Go(func() { // want "unbounded: one goroutine per element of lines"
				defer func() { <-places }()
				_ = fetch(ctx, url)
			})
		}
	}
	wg.Wait()
	for lines.Scan() {
		places := semaphore.NewWeighted(4)
		for _, url := range urls(lines.Text()) {
			if places.Acquire(ctx, 1) != nil {
				return
			}
			go func() { // want "unbounded: one goroutine per element of lines"
				defer places.Release(1)
				_ = fetch(ctx, url)
			}()
		}
	}
}

// One for all shelves holds for all, and one for each shelf that is waited for holds, too.
func shelvesInTurn(ctx context.Context, lines *bufio.Scanner, urls func(shelf string) []string) {
	all := make(chan struct{}, 4)
	for lines.Scan() {
		for _, url := range urls(lines.Text()) {
			all <- struct{}{}
			go func() { // silent: unbounded "a token is acquired first"
				defer func() { <-all }()
				_ = fetch(ctx, url)
			}()
		}
	}
	for lines.Scan() {
		var wg sync.WaitGroup
		places := make(chan struct{}, 4)
		for _, url := range urls(lines.Text()) {
			places <- struct{}{}
			wg.Go(func() { // silent: unbounded "a token is acquired first" "it is waited for"
				defer func() { <-places }()
				_ = fetch(ctx, url)
			})
		}
		wg.Wait()
	}
	for lines.Scan() {
		places := make(chan struct{}, 4)
		for _, url := range urls(lines.Text()) {
			places <- struct{}{}
			go func() { // silent: unbounded "a token is acquired first"
				defer func() { <-places }()
				_ = fetch(ctx, url)
			}()
		}
		for range cap(places) {
			places <- struct{}{}
		}
	}
	for lines.Scan() {
		places := semaphore.NewWeighted(4)
		for _, url := range urls(lines.Text()) {
			if places.Acquire(ctx, 1) != nil {
				return
			}
			go func() { // silent: unbounded "a token is acquired first"
				defer places.Release(1)
				_ = fetch(ctx, url)
			}()
		}
		if places.Acquire(ctx, 4) != nil {
			return
		}
	}
}
