// Package churn builds pools for one use.
package churn

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"golang.org/x/sync/errgroup"

	"github.com/poollint/poollint/pool"
)

func handle(w http.ResponseWriter, r *http.Request) {
	p := workerpool.New(8) // want `churn: p is a new pool for each request that handle handles`
	defer p.StopWait()
	p.Submit(func() {})
}

func batches(all [][]func()) {
	for _, batch := range all {
		p := workerpool.New(8) // want `churn: p is a new pool in each iteration`
		for _, task := range batch {
			p.Submit(task)
		}
		p.StopWait()
	}
}

// Made once, used for all.
func once(all [][]func()) {
	p := workerpool.New(8) // silent: churn "made once, as far as is known"
	defer p.StopWait()
	for _, batch := range all {
		for _, task := range batch {
			p.Submit(task)
		}
	}
}

type tenant struct{ pool *workerpool.WorkerPool }

// A pool that outlives the iteration is not dropped there.
func tenants(names []string) []*tenant {
	var all []*tenant
	for range names {
		p := workerpool.New(8) // silent: churn "p escapes the function"
		all = append(all, &tenant{pool: p})
	}
	return all
}

// Two pools, not one per element.
func pair() {
	for range 2 {
		p := workerpool.New(8) // silent: churn "made once, as far as is known"
		p.StopWait()
	}
}

// One for each of five, all alike; and one of each size.
func alike(print func(int)) {
	for i := range 5 {
		p := workerpool.New(8) // want `churn: p is a new pool in each iteration`
		p.Submit(func() { print(i) })
		p.StopWait()
	}
	for _, n := range []int{1, 2, 4, 8} {
		p := workerpool.New(n) // silent: churn "made once, as far as is known"
		p.Submit(func() { print(n) })
		p.StopWait()
	}
}

// A group is made for one use.
func grouped(w http.ResponseWriter, r *http.Request) {
	g, ctx := errgroup.WithContext(r.Context())
	g.SetLimit(4)
	g.Go(func() error { return ctx.Err() })
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// A pool that is handed to the function which submits to it stays here.
func handleOurs(w http.ResponseWriter, r *http.Request) {
	p := pool.NewIO(8) // want `churn: p is a new pool for each request that handleOurs handles`
	defer p.Close()
	part := pool.Submit(r.Context(), p, func(context.Context) (int, error) { return 0, nil })
	if _, err := part.Await(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func newWorkers() *workerpool.WorkerPool { return workerpool.New(8) }

func handleAnew(w http.ResponseWriter, r *http.Request) {
	p := newWorkers() // want `churn: p is a new pool for each request that handleAnew handles`
	defer p.StopWait()
	p.Submit(func() {})
}

// Who alone calls it handles requests.
func thumbnails(images []string) {
	p := workerpool.New(8) // want `churn: p is a new pool for each request that handleImages handles`
	defer p.StopWait()
	for range images {
		p.Submit(func() {})
	}
}

func handleImages(w http.ResponseWriter, r *http.Request) {
	upload(r.URL.Query()["image"])
}

func upload(images []string) {
	if len(images) > 100 {
		thumbnails(images[:100])
		upload(images[100:])
		return
	}
	thumbnails(images)
}

type album struct{ photos []func() }

// Who calls it does so in a loop.
func developAll(albums []album) error {
	for _, a := range albums {
		if err := develop(a); err != nil {
			return err
		}
	}
	return nil
}

func develop(a album) error {
	p, err := ants.NewPool(4) // want `churn: p is a new pool for each call, and developAll calls in each iteration`
	if err != nil {
		return err
	}
	defer p.Release()
	for _, photo := range a.photos {
		if err := p.Submit(photo); err != nil {
			return err
		}
	}
	return nil
}

func developBoth(front, back album) error {
	for _, a := range [2]album{front, back} {
		if err := developOne(a); err != nil {
			return err
		}
	}
	return nil
}

func developOne(a album) error {
	p, err := ants.NewPool(4) // silent: churn "it is made once, as far as is known"
	if err != nil {
		return err
	}
	defer p.Release()
	for _, photo := range a.photos {
		if err := p.Submit(photo); err != nil {
			return err
		}
	}
	return nil
}

// One for each connection lives as long as that.
func listen(l net.Listener, handle func(string)) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go converse(c, handle)
	}
}

func converse(c net.Conn, handle func(string)) {
	defer c.Close()
	p := workerpool.New(2) // silent: churn "as long as messages arrive"
	defer p.StopWait()
	for lines := bufio.NewScanner(c); lines.Scan(); {
		line := lines.Text()
		p.SubmitWait(func() { handle(line) })
	}
}

// Darkrooms run what they are given.
type darkroom struct {
	photos chan func()
	wg     sync.WaitGroup
}

func openDarkroom(n int) *darkroom {
	d := &darkroom{photos: make(chan func())}
	for range n {
		d.wg.Go(func() {
			for photo := range d.photos {
				photo()
			}
		})
	}
	return d
}

func (d *darkroom) develop(photo func()) { d.photos <- photo }

func (d *darkroom) close() {
	close(d.photos)
	d.wg.Wait()
}

func handlePhotos(w http.ResponseWriter, r *http.Request) {
	d := openDarkroom(2) // want `churn: d is a new pool for each request that handlePhotos handles`
	defer d.close()
	for range r.URL.Query()["photo"] {
		d.develop(func() {})
	}
}

// A printer has workers of its own for what it prints.
type printer struct {
	pages chan string
	wg    sync.WaitGroup
}

func newPrinter(w io.Writer) *printer {
	p := &printer{pages: make(chan string)}
	p.wg.Go(func() {
		for page := range p.pages {
			io.WriteString(w, page)
		}
	})
	return p
}

func (p *printer) print(page string) { p.pages <- page }

func (p *printer) close() {
	close(p.pages)
	p.wg.Wait()
}

func handlePages(w http.ResponseWriter, r *http.Request) {
	p := newPrinter(w) // silent: churn "the program's own kind of pool, and given no tasks"
	defer p.close()
	for _, page := range r.URL.Query()["page"] {
		p.print(page)
	}
}

type studio struct {
	mu   sync.Mutex
	crew *ants.Pool
	hall *ants.Pool
}

// The crew before is left alone.
func (s *studio) handleCrew(w http.ResponseWriter, r *http.Request) {
	crew, err := ants.NewPool(3) // want `churn: s.crew gets a new pool for each request that handleCrew handles`
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crew = crew
}

func (s *studio) handleHall(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hall == nil {
		hall, err := ants.NewPool(3) // silent: churn "it is made only if there is none yet"
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		s.hall = hall
	}
}
