// Package help has helpers that are given a channel.
package help

import "time"

// Wait receives on every path.
func Wait(done <-chan error) error {
	err := <-done
	return err
}

// Run sends once.
func Run(done chan<- error, task func() error) { done <- task() }

var last <-chan error

// Keep keeps it.
func Keep(done <-chan error) { last = done }

// Len only looks.
func Len(done <-chan error) int { return len(done) }

// Drain receives until it is closed.
func Drain(done <-chan error) {
	for range done {
	}
}

// First receives until there is one.
func First(done <-chan error) error {
	for err := range done {
		if err != nil {
			return err
		}
	}
	return nil
}

// Every calls f again and again until the function that it returns is called.
func Every(d time.Duration, f func()) (stop func()) {
	quit := make(chan struct{})
	go func() {
		t := time.NewTicker(d)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				f()
			case <-quit:
				return
			}
		}
	}()
	return func() { close(quit) }
}

// Again sets a timer anew, whether it has fired or not.
func Again(t *time.Timer, d time.Duration) {
	if !t.Stop() {
		select {
		case <-t.C:
		default:
		}
	}
	t.Reset(d)
}
