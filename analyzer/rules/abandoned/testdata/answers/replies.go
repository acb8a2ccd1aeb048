package answers

import (
	"context"
	"sync"
	"time"
)

// Whoever asks leaves a channel where those who answer find it, and does not wait for ever.
type desk struct {
	mu   sync.Mutex
	open map[string]chan int
	room map[string]chan int
	wait map[string]chan int
	gone map[string]chan int
	done map[string]chan int
	next []chan int
}

func (d *desk) submit(id string, limit time.Duration) (int, bool) {
	ch := make(chan int)
	d.mu.Lock()
	d.open[id] = ch
	d.mu.Unlock()
	select {
	case n := <-ch:
		return n, true
	case <-time.After(limit):
		return 0, false
	}
}

func (d *desk) decide(id string, n int) {
	d.mu.Lock()
	ch, ok := d.open[id]
	d.mu.Unlock()
	if ok {
		go func() { // want `abandoned: the goroutine blocks forever sending on ch when submit returns at line \d+ without receiving; give ch a buffer of 1`
			ch <- n
		}()
	}
}

// There is room for the answer.
func (d *desk) submitRoom(id string, limit time.Duration) (int, bool) {
	ch := make(chan int, 1)
	d.room[id] = ch
	select {
	case n := <-ch:
		return n, true
	case <-time.After(limit):
		return 0, false
	}
}

func (d *desk) decideRoom(id string, n int) {
	ch := d.room[id]
	go func() { // silent: abandoned "in every run of submitRoom"
		ch <- n
	}()
}

// Whoever asks waits.
func (d *desk) submitWait(id string) int {
	ch := make(chan int)
	d.wait[id] = ch
	return <-ch
}

func (d *desk) decideWait(id string, n int) {
	ch := d.wait[id]
	go func() { // silent: abandoned "it was not followed"
		ch <- n
	}()
}

// Whoever answers does not wait for ever either.
func (d *desk) submitGone(ctx context.Context, id string) (int, error) {
	ch := make(chan int)
	d.gone[id] = ch
	select {
	case n := <-ch:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (d *desk) decideGone(ctx context.Context, id string, n int) {
	ch := d.gone[id]
	go func() { // silent: abandoned "in every run of submitGone"
		select {
		case ch <- n:
		case <-ctx.Done():
		}
	}()
}

// Whoever leaves has the answer taken.
func (d *desk) submitTaken(ctx context.Context, id string) (int, error) {
	ch := make(chan int)
	d.done[id] = ch
	select {
	case n := <-ch:
		return n, nil
	case <-ctx.Done():
		go func() { <-ch }()
		return 0, ctx.Err()
	}
}

func (d *desk) decideTaken(id string, n int) {
	ch := d.done[id]
	go func() { // silent: abandoned "in every run of submitTaken"
		ch <- n
	}()
}

// In a list, the one who has waited longest is served first.
func (d *desk) queue(ctx context.Context) (int, error) {
	turn := make(chan int)
	d.mu.Lock()
	d.next = append(d.next, turn)
	d.mu.Unlock()
	select {
	case n := <-turn:
		return n, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (d *desk) giveBack(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.next) > 0 {
		first := d.next[0]
		d.next = d.next[1:]
		go func() { first <- n }() // want `abandoned: the goroutine blocks forever sending on turn when queue returns at line \d+ without receiving`
	}
}
