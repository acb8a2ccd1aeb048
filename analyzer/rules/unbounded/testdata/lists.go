package unbounded

import (
	"bufio"
	"context"
	"sync"
)

// A free list has as many buffers as tasks may run.
type freeList struct{ free chan []byte }

func newFreeList(n int) *freeList {
	l := &freeList{make(chan []byte, n)}
	for range n {
		l.put(make([]byte, 1<<20))
	}
	return l
}

func (l *freeList) get() []byte  { return <-l.free }
func (l *freeList) put(b []byte) { l.free <- b }

// One that makes a buffer when there is none keeps nobody.
func (l *freeList) spare() []byte {
	select {
	case b := <-l.free:
		return b
	default:
		return make([]byte, 1<<20)
	}
}

func Recycled(ctx context.Context, lines *bufio.Scanner) {
	l := newFreeList(8)
	for lines.Scan() {
		url, buf := lines.Text(), l.get()
		go func() { // want
			defer l.put(buf)
			_ = fetch(ctx, url)
		}()
	}
	for lines.Scan() {
		url, buf := lines.Text(), l.spare()
		go func() { // want `unbounded: one goroutine per element of lines`
			defer l.put(buf)
			_ = fetch(ctx, url)
		}()
	}
	other := newFreeList(8)
	for lines.Scan() {
		url, buf := lines.Text(), l.get()
		go func() { // want `unbounded: one goroutine per element of lines`
			defer other.put(buf)
			_ = fetch(ctx, url)
		}()
	}
}

// A gate lets pass who finds room; a queue hands out what is there.
type gate struct {
	mu   sync.Mutex
	turn *sync.Cond
	in   int
	urls []string
}

func (g *gate) enter() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.in == 8 {
		g.turn.Wait()
	}
	g.in++
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.in--
	g.turn.Signal()
}

func (g *gate) next() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.urls) == 0 {
		g.turn.Wait()
	}
	url := g.urls[0]
	g.urls = g.urls[1:]
	return url
}

func Gated(ctx context.Context, g *gate, lines *bufio.Scanner) {
	for lines.Scan() {
		url := lines.Text()
		g.enter()
		go func() {
			defer g.leave()
			_ = fetch(ctx, url)
		}()
	}
	for lines.Scan() {
		seed := g.next()
		go func() { _ = fetch(ctx, seed) }() // want `unbounded: one goroutine per element of lines`
	}
}

// Whoever goes through an entry may have to wait; through a turnstile nobody has.
type (
	entry     interface{ enter() }
	turnstile interface{ pass() }
	counter   struct{ passed int }
)

func (c *counter) pass() { c.passed++ }

type fair struct {
	entry entry
	turns turnstile
}

func NewFair() *fair {
	return &fair{entry: &gate{}, turns: &counter{}}
}

func (f *fair) Open(ctx context.Context, lines *bufio.Scanner) {
	for lines.Scan() {
		url := lines.Text()
		f.entry.enter()
		go func() { _ = fetch(ctx, url) }() // silent: unbounded "enter may acquire a token"
	}
	for lines.Scan() {
		url := lines.Text()
		f.turns.pass()
		go func() { _ = fetch(ctx, url) }() // want `unbounded: one goroutine per element of lines`
	}
}

// What a function returns is called by names of the caller's.
func turnsFor(n int) (wait, done func()) {
	turns := make(chan struct{}, n)
	return func() { turns <- struct{}{} }, func() { <-turns }
}

func tally() (count, show func()) {
	counts := make(chan int, 1)
	counts <- 0
	return func() { counts <- 1 + <-counts }, func() { println(<-counts) }
}

func ByTurns(ctx context.Context, lines *bufio.Scanner) {
	wait, done := turnsFor(8)
	for lines.Scan() {
		url := lines.Text()
		wait()
		go func() { // silent: unbounded "a token is acquired first"
			defer done()
			_ = fetch(ctx, url)
		}()
	}
	count, show := tally()
	for lines.Scan() {
		url := lines.Text()
		count()
		go func() { // want `unbounded: one goroutine per element of lines`
			_ = fetch(ctx, url)
		}()
	}
	show()
}

type checkStore interface {
	GetCheckConfigs(project string) (map[string]string, error)
	ListOrders(project string) ([]string, error)
}

// What the function that lists them calls settings, somebody has set.
func RunChecks(ctx context.Context, db checkStore, project string) error {
	checks, err := db.GetCheckConfigs(project)
	if err != nil {
		return err
	}
	for name := range checks {
		go fetch(ctx, name) // silent: unbounded "the names suggest settings"
	}
	return nil
}

func RunOrders(ctx context.Context, db checkStore, project string) error {
	orders, err := db.ListOrders(project)
	if err != nil {
		return err
	}
	for _, name := range orders {
		go fetch(ctx, name) // want `one goroutine per element of orders \(listed by db.ListOrders\)`
	}
	return nil
}
