package unbounded

import (
	"encoding/json"
	"net/http"
	"os"
	"strconv"

	"github.com/panjf2000/ants/v2"
	"github.com/poollint/poollint/pool"
	"golang.org/x/sync/errgroup"
)

type crawl struct {
	Parallel, Capped int
	Tiny             uint8
	Links            []string
}

// The client says how many.
func sizeField(r *http.Request) error {
	var c crawl
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(c.Parallel) // want `unbounded: SetLimit\(c.Parallel\) is not a bound: a client chooses the number, and 10,000 at once hold about 270 MiB \(http.Client.Do 25 KiB each\): use min\(c.Parallel, n\)`
	for _, link := range c.Links {
		g.Go(func() error { return fetch(r.Context(), link) })
	}
	return g.Wait()
}

func sizeMin(r *http.Request) error {
	var c crawl
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return err
	}
	var g errgroup.Group
	g.SetLimit(max(1, min(c.Parallel, 16)))
	for _, link := range c.Links {
		g.Go(func() error { return fetch(r.Context(), link) })
	}
	return g.Wait()
}

func sizeChecked(r *http.Request) error {
	var c crawl
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return err
	}
	if c.Capped > 16 {
		c.Capped = 16
	}
	var g errgroup.Group
	g.SetLimit(c.Capped)
	for _, link := range c.Links {
		g.Go(func() error { return fetch(r.Context(), link) })
	}
	return g.Wait()
}

// At most 255.
func sizeTiny(r *http.Request) (*ants.Pool, error) {
	var c crawl
	if err := json.NewDecoder(r.Body).Decode(&c); err != nil {
		return nil, err
	}
	return ants.NewPool(int(c.Tiny))
}

func sizeQuery(r *http.Request) *pool.IO {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil {
		return nil
	}
	return pool.NewIO(n) // want `unbounded: NewIO\(n\) is not a bound: a client chooses the number`
}

func sizeQueryChecked(r *http.Request) *pool.IO {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil || n > 64 {
		return nil
	}
	return pool.NewIO(n)
}

// Somebody of the house says how many.
func sizeSetting(s string) *pool.IO {
	n, err := strconv.Atoi(s)
	if err != nil {
		return nil
	}
	return pool.NewIO(n)
}

func sizeLoop(r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil {
		return
	}
	for range n {
		go fetch(r.Context(), "https://a.example") // want `unbounded: one goroutine per unit of n \(from the request.*\)`
	}
	for range min(n, 10) {
		go fetch(r.Context(), "https://a.example")
	}
}

// Even workers: the client has as many as it likes.
func sizeWorkers(r *http.Request, links chan string) {
	n, err := strconv.Atoi(r.FormValue("workers"))
	if err != nil {
		return
	}
	for i := 0; i < n; i++ {
		go func() { // want `unbounded: one goroutine per unit of n \(from the request.*\)`
			for link := range links {
				_ = fetch(r.Context(), link)
			}
		}()
	}
}

// A list with every so manieth of a request's, where that grows with them, is short.
func sizeParts(r *http.Request) {
	links := r.URL.Query()["link"]
	var parts []string
	width := len(links)/5 + 1
	for i, link := range links {
		if i == len(links)-1 {
			parts = append(parts, link)
		} else if i%width == width-1 {
			parts = append(parts, link)
		}
	}
	for _, link := range parts {
		go fetch(r.Context(), link) // silent: unbounded "it is bounded"
	}
}

func sizeEveryTenth(r *http.Request) {
	links := r.URL.Query()["link"]
	var some []string
	for i, link := range links {
		if i%10 == 0 {
			some = append(some, link)
		}
	}
	for _, link := range some {
		go fetch(r.Context(), link) // want `unbounded: one goroutine per element of some`
	}
}

type kitchenConfig struct{ Cooks int }

type kitchen struct {
	conf *kitchenConfig
	p    *ants.Pool
}

// Whoever runs the program has set the number in its configuration.
func readKitchen(path string) (*kitchenConfig, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	k := &kitchenConfig{Cooks: 2}
	return k, json.Unmarshal(text, k)
}

func openKitchen(path string) (*kitchen, error) {
	k, err := readKitchen(path)
	if err != nil {
		return nil, err
	}
	p, err := ants.NewPool(k.Cooks) // silent: unbounded "somebody has set the number"
	if err != nil {
		return nil, err
	}
	return &kitchen{k, p}, nil
}

func (k *kitchen) brigade() *errgroup.Group {
	g := new(errgroup.Group)
	g.SetLimit(max(1, k.conf.Cooks)) // silent: unbounded "somebody has set the number"
	return g
}

type banquet struct{ Guests int }

// What a file says of the work is what somebody wants done.
func openBanquet(path string) (*ants.Pool, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var b banquet
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, err
	}
	return ants.NewPool(b.Guests) // want `unbounded: NewPool\(b.Guests\) is not a bound: the number is read from input`
}

// A pool of the client's size is built for the request: it is the size that is said.
func handleSized(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.Header.Get("X-Workers"))
	if err != nil {
		return
	}
	wp, err := ants.NewPool(n) // want `unbounded: NewPool\(n\) is not a bound: a client chooses the number, and .*: use min\(n, limit\)$`
	if err != nil {
		return
	}
	defer wp.Release()
	_ = wp.Submit(func() { _ = fetch(r.Context(), "a") })
}
