package unbounded

import (
	"context"
	"net/http"
	"sync"
)

// A channel that a function feeds delivers what it is fed with: here what a catalogue of blocks has told.

type shelf struct {
	blocks map[string]*keptBlock
	fetch  func(context.Context) (map[string]*keptBlock, error)
	mu     sync.Mutex
}

type keptBlock struct{ address string }

func (c *shelf) sync(ctx context.Context) error {
	found, err := c.fetch(ctx)
	if err != nil {
		return err
	}
	ch := make(chan *keptBlock)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for b := range ch {
				c.mu.Lock()
				c.blocks[b.address] = b
				c.mu.Unlock()
			}
		})
	}
	for _, b := range found {
		ch <- b
	}
	close(ch)
	wg.Wait()
	return nil
}

func (c *shelf) warm() {
	var wg sync.WaitGroup
	for _, b := range c.blocks {
		wg.Go(func() {
			if resp, err := http.Get(b.address); err == nil {
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
}

// A function that workers call for each feeds workers of its own, and waits for them.

type handing interface {
	do(context.Context, string) (string, error)
}

type split struct{ next handing }

func (s *split) do(ctx context.Context, q string) (string, error) {
	return doAll(ctx, s.next, []string{q, q})
}

func handleSplit(w http.ResponseWriter, r *http.Request) {
	s := &split{next: &split{}}
	out, _ := doAll(r.Context(), s, r.URL.Query()["q"])
	w.Write([]byte(out))
}

func doAll(ctx context.Context, next handing, queries []string) (string, error) {
	jobs := make(chan string)
	go func() {
		for _, q := range queries {
			jobs <- q
		}
		close(jobs)
	}()
	results := make(chan string)
	for range 4 {
		go func() {
			for q := range jobs {
				out, _ := next.do(ctx, q)
				results <- out
			}
		}()
	}
	all := ""
	for range queries {
		all += <-results
	}
	return all, nil
}
