package unbounded

import (
	"bufio"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// Once in so many messages, or in so much time, is not once for each.

type ledger struct {
	entries chan string
	last    time.Time
}

func (l *ledger) tidy() {
	count := 0
	for e := range l.entries {
		now := time.Now()
		elapsed := now.Sub(l.last)
		if elapsed > time.Minute || count > 50_000 {
			go fetchEntry(e)
			l.last = now
			count = 0
		}
		count++
	}
}

func (l *ledger) large(size func(string) int) {
	for e := range l.entries {
		if size(e) > 1000 {
			go fetchEntry(e) // want `unbounded: one goroutine per element of l\.entries`
			l.last = time.Now()
		}
	}
}

func fetchEntry(e string) {
	if resp, err := http.Get(e); err == nil {
		resp.Body.Close()
	}
}

// One at a time, by a flag that is asked for and set by methods.

type replay struct {
	entries chan string
	busy    atomic.Bool
	full    atomic.Bool
}

func (r *replay) isBusy() bool   { return r.busy.Load() }
func (r *replay) isFull() bool   { return r.full.Load() }
func (r *replay) setBusy(b bool) { r.busy.Store(b) }

func (r *replay) oneByOne() {
	for e := range r.entries {
		if !r.isBusy() {
			r.setBusy(true)
			go r.send(e) // silent: unbounded "only while there is room"
		}
	}
}

func (r *replay) byAnotherFlag() {
	for e := range r.entries {
		if !r.isFull() {
			r.setBusy(true)
			go r.send(e) // want `unbounded: one goroutine per element of r\.entries`
		}
	}
}

func (r *replay) send(e string) {
	defer r.setBusy(false)
	fetchEntry(e)
}

// One for each key is as many as there are keys; with -strict it is asked about.

type relay struct{ in chan parcel }

type parcel struct{ to, data string }

func (r *relay) perReceiver() {
	known := map[string]bool{}
	for p := range r.in {
		_, ok := known[p.to]
		if !ok {
			go fetchEntry(p.to)
			known[p.to] = true
		}
	}
}

func (r *relay) perParcel() {
	seen := map[string]bool{}
	for p := range r.in {
		if _, ok := seen[p.to]; !ok {
			println("new", p.to)
		}
		go fetchEntry(p.data) // want `unbounded: one goroutine per element of r\.in`
	}
}

// Stretches of a list are pieces, which somebody has cut.

func stretches(r *http.Request, width int) {
	links := r.URL.Query()["link"]
	for i := 0; i < len(links); {
		end := min(i+width, len(links))
		go func(some []string) {
			for _, link := range some {
				fetchEntry(link)
			}
		}(links[i:end])
		i = end
	}
}

func tenByTen(r *http.Request) {
	links := r.URL.Query()["link"]
	for i := 0; i < len(links); i += 10 {
		some := links[i:min(i+10, len(links))]
		go func() { // want `unbounded: one goroutine per element of links`
			for _, link := range some {
				fetchEntry(link)
			}
		}()
	}
}

func oneByOne(r *http.Request) {
	links := r.URL.Query()["link"]
	for i := 0; i < len(links); i++ {
		go fetchEntry(links[i]) // want `unbounded: one goroutine per element of links`
	}
}

// A result that is sent for what is left out takes no token.

func resultsInstead(r *http.Request) {
	links := r.URL.Query()["link"]
	results := make(chan error, len(links))
	for _, link := range links {
		if link == "" {
			results <- nil
			continue
		}
		go func() { // want `unbounded: one goroutine per element of links \(from the request's query parameters\); 10,000`
			fetchEntry(link)
			results <- nil
		}()
	}
	for range links {
		<-results
	}
}

// A tree of settings is as large as somebody has written it.

type dependencyConfig struct {
	url          string
	Dependencies []dependencyConfig
}

func resolveConfigs(all []dependencyConfig) {
	for _, one := range all {
		go func() {
			fetchEntry(one.url)
			resolveConfigs(load(one.url))
		}()
	}
}

func load(url string) []dependencyConfig { return nil }

type node struct {
	url string
}

func resolveNodes(all []node) {
	for _, one := range all {
		go func() { // want `unbounded: one goroutine per element of all \(one for each that the recursion finds\)`
			fetchEntry(one.url)
			resolveNodes(children(one.url))
		}()
	}
}

func children(url string) []node { return nil }

// A count below zero gives back what one above has taken.

type room struct{ tokens chan struct{} }

func (r *room) add(delta int) {
	for i := 0; i > delta; i-- {
		<-r.tokens
	}
	for i := 0; i < delta; i++ {
		r.tokens <- struct{}{} // silent: selfwait "whoever calls says how many tokens are acquired at once"
	}
}

func inRoom(r *http.Request) {
	room := &room{make(chan struct{}, 8)}
	for _, link := range r.URL.Query()["link"] {
		room.add(1)
		go func() { // silent: unbounded "a token is acquired first"
			defer room.add(-1)
			fetchEntry(link)
		}()
	}
}

// A helper that is given the channel of results waits for them.

func awaitedByHelper(r *http.Request) {
	for _, link := range r.URL.Query()["link"] {
		done := make(chan error, 1)
		go func() { // silent: unbounded "it is waited for"
			fetchEntry(link)
			done <- nil
		}()
		if err := await(r, done); err != nil {
			return
		}
	}
}

func await(r *http.Request, done chan error) error {
	select {
	case err := <-done:
		return err
	case <-r.Context().Done():
		return r.Context().Err()
	}
}

func lookedAtByHelper(r *http.Request) {
	for _, link := range r.URL.Query()["link"] {
		done := make(chan error, 1)
		go func() { // want `unbounded: one goroutine per element of r\.URL`
			fetchEntry(link)
			done <- nil
		}()
		look(done)
	}
}

func look(done chan error) {
	select {
	case <-done:
	default:
	}
}

// One command among many starts something: how many of a log's lines are that command is not told.

type ledgerBook struct{ sum int }

func (b *ledgerBook) replay(r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		b.command(lines.Text())
	}
}

func (b *ledgerBook) command(line string) {
	switch line {
	case "add":
		b.sum++
	case "take":
		b.sum--
	case "clear":
		b.sum = 0
	case "print":
		go http.Post(line, "text/plain", nil)
	}
}

// Here most of them do.

func (b *ledgerBook) post(r io.Reader) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		switch line := lines.Text(); line {
		case "add":
			go http.Post(line, "text/plain", nil) // want `unbounded: one goroutine per element of lines`
		case "take":
			go http.Post(line, "text/html", nil) // want `unbounded: one goroutine per element of lines`
		case "clear":
			b.sum = 0
		case "print":
			go http.Post(line, "text/csv", nil) // want `unbounded: one goroutine per element of lines`
		}
	}
}
