package unbounded

import (
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// As many workers as somebody chose, each with a loop of its own.
func Workers(ctx context.Context, urls []string, n int) {
	jobs := make(chan string)
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for url := range jobs {
				_ = fetch(ctx, url)
			}
		})
	}
	for range runtime.NumCPU() {
		wg.Go(func() { work(ctx, jobs) })
	}
	for _, url := range urls {
		jobs <- url
	}
	close(jobs)
	wg.Wait()
}

func work(ctx context.Context, jobs <-chan string) {
	for {
		select {
		case <-ctx.Done():
			return
		case url := <-jobs:
			_ = fetch(ctx, url)
		}
	}
}

// A worker per topic: the loop is in the callee.
func Subscribe(ctx context.Context, files []string, jobs chan string) {
	for range files {
		go work(ctx, jobs)
	}
}

type watcher struct {
	names []string
	sem   chan struct{}
}

func (w *watcher) acquire() { w.sem <- struct{}{} }
func (w *watcher) release() { <-w.sem }

// The token is taken in a helper.
func (w *watcher) Load(ctx context.Context, urls []string) {
	for _, url := range urls {
		w.acquire()
		go func() {
			defer w.release()
			_ = fetch(ctx, url)
		}()
	}
}

// What is in a field was put there by somebody who may know how much it is.
func (w *watcher) Refresh(ctx context.Context) {
	for _, name := range w.names {
		go fetch(ctx, name)
	}
}

func Tick(ctx context.Context) {
	for range time.Tick(time.Second) {
		go fetch(ctx, "https://a.example")
	}
}

func Reviewed(ctx context.Context, urls []string) {
	//poollint:bounded the caller passes at most three mirrors
	for _, url := range urls {
		go fetch(ctx, url)
	}
	for _, url := range urls {
		//poollint:ignore unbounded a one-off migration, run by hand
		go fetch(ctx, url)
	}
}

type warmer struct{ running atomic.Int64 }

// There is room, or it is done here.
func (w *warmer) Warm(ctx context.Context, urls []string, most int64) {
	for _, url := range urls {
		if w.running.Load() < most {
			w.running.Add(1)
			go func() {
				defer w.running.Add(-1)
				_ = fetch(ctx, url)
			}()
		} else {
			_ = fetch(ctx, url)
		}
	}
}

// How long a name is says nothing of how many there are.
func (w *warmer) Short(ctx context.Context, urls []string, most int) {
	for _, url := range urls {
		if len(url) < most {
			go fetch(ctx, url) // want `unbounded: one goroutine per element of urls`
		}
	}
}

// Workers up to a setting, who make sure that there are enough of them: they lead back to where they are started,
// and are no tree. The query of a URL that the program is configured with is no request's.
type handoffs struct {
	max    int
	active atomic.Int32
	jobs   chan string
}

func NewHandoffs() (*handoffs, error) {
	u, err := url.Parse(os.Getenv("QUEUE"))
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(u.Query().Get("workers"))
	if err != nil {
		return nil, err
	}
	return &handoffs{max: n, jobs: make(chan string)}, nil
}

func (h *handoffs) Push(job string) {
	h.ensure()
	h.jobs <- job
}

func (h *handoffs) ensure() {
	n := h.active.Load()
	for n < int32(h.max) {
		go h.work() // silent: unbounded "the number was chosen by somebody" "the task is a worker loop"
		n++
	}
	h.active.Store(n)
}

func (h *handoffs) work() {
	for job := range h.jobs {
		if fetch(context.Background(), job) != nil {
			h.ensure()
		}
	}
}

// A feedLink is kept up for each file of a folder, for as long as the program runs.
type feedLink struct {
	dial func(context.Context) (net.Conn, error)
}

func keepUp(ctx context.Context, folder string, relays map[string]*feedLink) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r := relays[e.Name()]
		go r.run(ctx) // silent: unbounded "the task is a worker loop"
	}
	return nil
}

func (r *feedLink) run(ctx context.Context) {
	for {
		conn, err := r.dial(ctx)
		if err != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Second):
			}
			continue
		}
		broken := make(chan error, 1)
		go func() {
			_, err := io.Copy(io.Discard, conn)
			broken <- err
		}()
		cancelled := false
		select {
		case <-ctx.Done():
			cancelled = true
		case <-broken:
		}
		conn.Close()
		if cancelled {
			return
		}
	}
}

// fetchTo has an end of its own: the flag says that it has got what it wanted.
func fetchTo(ctx context.Context, folder string, relays map[string]*feedLink) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r := relays[e.Name()]
		go r.fetch(ctx) // want `one goroutine per element of entries \(the entries of a directory\)`
	}
	return nil
}

func (r *feedLink) fetch(ctx context.Context) {
	for {
		conn, err := r.dial(ctx)
		done := err == nil
		if done {
			io.Copy(io.Discard, conn)
			conn.Close()
			return
		}
	}
}

// What a case of a switch names need not be a flag: the attempts are counted in words of a program's own.
func fetchTwice(ctx context.Context, folder string, relays map[string]*feedLink) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		r := relays[e.Name()]
		go r.twice(ctx) // want `one goroutine per element of entries \(the entries of a directory\)`
	}
	return nil
}

func (r *feedLink) twice(ctx context.Context) {
	last := 2
	for n := 1; ; n++ {
		conn, err := r.dial(ctx)
		if err == nil {
			io.Copy(io.Discard, conn)
			conn.Close()
		}
		switch n {
		case last:
			return
		}
	}
}
