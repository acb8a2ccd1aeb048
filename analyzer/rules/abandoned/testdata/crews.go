package abandoned

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
)

// What comes back cannot hold the channel: no one receives later.
type parcel struct{ weight int }

type delivery struct{ at chan parcel }

func (d *delivery) within(limit time.Duration) (parcel, bool) {
	select {
	case p := <-d.at:
		return p, true
	case <-time.After(limit):
		return parcel{}, false
	}
}

func send(pack func() parcel) *delivery {
	d := &delivery{at: make(chan parcel)}
	go func() { // want `abandoned: the goroutine blocks forever sending on at when sendSoon returns at line \d+`
		d.at <- pack()
	}()
	return d
}

func sendSoon(pack func() parcel) (parcel, bool) { return send(pack).within(time.Second) }

// How many a pickers is says nothing of how much there is to do.
type pickers struct{ hands int }

func (c *pickers) pick(apples []string, good func(string) error) {
	basket := make(chan string)
	var wg sync.WaitGroup
	wg.Go(func() { // want `abandoned: the goroutine blocks forever sending on basket while pick waits at line \d+`
		defer close(basket)
		for _, a := range apples {
			basket <- a
		}
	})
	for range c.hands {
		wg.Go(func() {
			for a := range basket {
				if good(a) != nil {
					return
				}
			}
		})
	}
	wg.Wait()
}

func (c *pickers) pickAll(apples []string, good func(string) error) {
	basket := make(chan string)
	var wg sync.WaitGroup
	wg.Go(func() { // silent: abandoned "in every run"
		defer close(basket)
		for _, a := range apples {
			basket <- a
		}
	})
	for range c.hands + 1 {
		wg.Go(func() {
			for a := range basket {
				_ = good(a)
			}
		})
	}
	wg.Wait()
}

// Steps of ten.
func climb(step func(int) error, tick <-chan time.Time) error {
	heights := make(chan int)
	failed := make(chan error)
	go func() { // want `abandoned: the goroutine blocks forever sending on failed while climb waits at line \d+`
		for h := range heights {
			if err := step(h); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	}()
	for h := 10; h <= 100; h += 10 {
		<-tick
		heights <- h
	}
	close(heights)
	return <-failed
}

// A larder has a get of many states, which have nothing to do with those who use it.
type larder struct {
	mu    sync.Mutex
	jars  map[string]string
	under map[string]chan struct{}
	limit *semaphore.Weighted
	fill  func(context.Context, string) (string, error)
}

func (l *larder) both(ctx context.Context, a, b string) error {
	var g errgroup.Group
	for _, name := range [2]string{a, b} {
		g.Go(func() error {
			_, err := l.get(ctx, name)
			return err
		})
	}
	return g.Wait()
}

func (l *larder) get(ctx context.Context, name string) (string, error) {
	l.mu.Lock()
	if jar, ok := l.jars[name]; ok {
		l.mu.Unlock()
		return jar, nil
	}
	if f, ok := l.under[name]; ok {
		l.mu.Unlock()
		for try := range 8 {
			select {
			case <-f:
				return l.get(ctx, name)
			case <-time.After(time.Duration(try) * time.Second):
				if err := l.limit.Acquire(ctx, 1); err != nil {
					return "", err
				}
				l.limit.Release(1)
			case <-ctx.Done():
				return "", ctx.Err()
			}
		}
	}
	f := make(chan struct{})
	l.under[name] = f
	l.mu.Unlock()
	jar, err := l.fill(ctx, name)
	l.mu.Lock()
	if err == nil {
		l.jars[name] = jar
	}
	delete(l.under, name)
	l.mu.Unlock()
	close(f)
	return jar, err
}

func (l *larder) soon(name string, patience time.Duration) (string, bool) {
	jar := make(chan string)
	go func() { // want `abandoned: the goroutine blocks forever sending on jar when soon returns at line \d+ without receiving; give jar a buffer of 1`
		j, _ := l.get(context.Background(), name)
		jar <- j
	}()
	select {
	case j := <-jar:
		return j, true
	case <-time.After(patience):
		return "", false
	}
}

func (l *larder) later(name string, patience time.Duration) (string, bool) {
	jar := make(chan string, 1)
	go func() { // silent: abandoned "too many states"
		j, _ := l.get(context.Background(), name)
		jar <- j
	}()
	select {
	case j := <-jar:
		return j, true
	case <-time.After(patience):
		return "", false
	}
}

// The first shelf that is empty ends the count.
func (l *larder) count(shelf func(int) []string) (total int) {
	sizes := make(chan int)
	for i := range 8 {
		go func() { // want `abandoned: the goroutine blocks forever sending on sizes when count returns at line \d+ without receiving; give sizes a buffer of 8`
			n := 0
			for _, name := range shelf(i) {
				if _, err := l.get(context.Background(), name); err == nil {
					n++
				}
			}
			sizes <- n
		}()
	}
	for range 8 {
		n := <-sizes
		if n == 0 {
			break
		}
		total += n
	}
	return total
}

// What is given a function that sends, and lies too deep to be followed, may call it at any time, and closes nothing.
func (l *larder) floors(found func(string))  { l.rooms(found) }
func (l *larder) rooms(found func(string))   { l.walls(found) }
func (l *larder) walls(found func(string))   { l.racks(found) }
func (l *larder) racks(found func(string))   { l.shelves(found) }
func (l *larder) shelves(found func(string)) { l.rows(found) }
func (l *larder) rows(found func(string))    { l.boxes(found) }
func (l *larder) boxes(found func(string))   { l.layers(found) }
func (l *larder) layers(found func(string)) {
	for jar := range l.jars {
		found(jar)
	}
}

func (l *larder) polish(wipe func(string)) {
	dusty := make(chan string, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { // want `abandoned: the goroutine waits forever on dusty while polish waits at line \d+, because nobody sends on it or closes it after that; close dusty on every path`
			for jar := range dusty {
				wipe(jar)
			}
		})
	}
	l.floors(func(jar string) { dusty <- jar })
	wg.Wait()
}

func (l *larder) polishAll(wipe func(string)) {
	dusty := make(chan string, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for jar := range dusty {
				wipe(jar)
			}
		})
	}
	l.floors(func(jar string) { dusty <- jar })
	close(dusty)
	wg.Wait()
}

// Here what it is given closes, too.
func (l *larder) polishSome(wipe func(string)) {
	dusty := make(chan string, 4)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for jar := range dusty {
				wipe(jar)
			}
		})
	}
	var once sync.Once
	l.floors(func(jar string) {
		if jar == "" {
			once.Do(func() { close(dusty) })
			return
		}
		dusty <- jar
	})
	wg.Wait()
}
