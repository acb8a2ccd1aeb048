package abandoned

import (
	"context"
	"time"

	"poollint.test/analyzer/rules/abandoned/testdata/help"
)

// How much is under way the loop counts up and down: it does not wait when that is nothing.
func bake(orders []string, bread func(string) []string) (n int) {
	in, out := make(chan string), make(chan []string)
	for range 2 {
		go func() { // silent: abandoned "in every run"
			for o := range in {
				out <- bread(o)
			}
		}()
	}
	baking := 0
	for len(orders) > 0 || baking > 0 {
		var next chan string
		var order string
		if len(orders) > 0 {
			next, order = in, orders[0]
		}
		select {
		case next <- order:
			orders = orders[1:]
			baking++
		case more := <-out:
			baking--
			n++
			orders = append(orders, more...)
		}
	}
	close(in)
	return n
}

// Whoever has stopped a timer in time need not receive.
func remindedOrNot(ctx context.Context, d time.Duration, remind func()) error {
	done := make(chan struct{})
	t := time.AfterFunc(d, func() {
		remind()
		done <- struct{}{}
	})
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		if !t.Stop() {
			<-done
		}
		return ctx.Err()
	}
}

func remindedAnyway(ctx context.Context, d time.Duration, remind func()) error {
	done := make(chan struct{})
	t := time.AfterFunc(d, func() { // want `abandoned: the goroutine blocks forever sending on done`
		remind()
		done <- struct{}{}
	})
	defer t.Stop()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Another package may call what it is given again.
func chimes(d time.Duration, n int) (heard int) {
	chime := make(chan struct{})
	stop := help.Every(d, func() { // silent: abandoned "in every run"
		select {
		case chime <- struct{}{}:
		default:
		}
	})
	defer stop()
	for range n {
		<-chime
		heard++
	}
	return heard
}

// A fair closes: who has heard it has left, and so can the others.
type fair struct{ closes chan struct{} }

func (f *fair) ride(turn func() int) (int, bool) {
	end := make(chan int)
	go func() { // silent: abandoned "in every run"
		n := turn()
		select {
		case end <- n:
		case <-f.closes:
		}
	}()
	select {
	case n := <-end:
		return n, true
	case <-f.closes:
		return 0, false
	}
}
