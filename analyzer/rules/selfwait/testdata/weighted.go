package selfwait

import "sync"

// A weighted group takes as many places as its caller says, and gives them back one by one.
type weighted struct {
	wg  sync.WaitGroup
	sem chan struct{}
}

func newWeighted(capacity int) *weighted { return &weighted{sem: make(chan struct{}, capacity)} }

func (w *weighted) Add(delta int) {
	for range delta {
		w.sem <- struct{}{} // silent: selfwait "whoever calls says how many tokens are acquired at once"
	}
	w.wg.Add(delta)
}

func (w *weighted) Done() {
	select {
	case <-w.sem:
	default:
		panic("nothing to give back")
	}
	w.wg.Done()
}

type conversation struct{ requests *weighted }

func converse() *conversation { return &conversation{requests: newWeighted(1)} }

func (c *conversation) handle(request func()) {
	c.requests.Add(1)
	defer c.requests.Done()
	request()
}

// A place for each element that is held until the end is no weight: the elements decide.
type desks struct{ free chan struct{} }

func newDesks(capacity int) *desks { return &desks{free: make(chan struct{}, capacity)} }

func (d *desks) seat(guests []string, greet func(string)) {
	for _, g := range guests {
		d.free <- struct{}{} // want `seat acquires a token of free while it holds one`
		defer func() { <-d.free }()
		greet(g)
	}
}
