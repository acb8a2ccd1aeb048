package unbounded

import (
	"context"
	"net/http"
	"sync"
)

// What each request adds to grows with them; what one takes out again is as much as is under way.
type waitlist struct {
	mu      sync.Mutex
	emails  map[string]string
	present map[string]string
	reading map[string]string
	starts  []string
}

func (l *waitlist) join(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.emails[r.RemoteAddr] = "https://mail.example/" + r.URL.Path
}

func (l *waitlist) attend(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	l.present[r.RemoteAddr] = r.URL.Path
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		delete(l.present, r.RemoteAddr)
		l.mu.Unlock()
	}()
	<-r.Context().Done()
}

// Nobody asks for this.
func (l *waitlist) start() {
	l.starts = append(l.starts, "https://start.example")
	l.reading["first"] = "https://start.example"
}

func newWaitlist() *waitlist {
	l := &waitlist{emails: map[string]string{}, present: map[string]string{}, reading: map[string]string{}}
	l.start()
	http.HandleFunc("/join", l.join)
	http.HandleFunc("/attend", l.attend)
	return l
}

func (l *waitlist) invite(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, email := range l.emails {
		go fetch(ctx, email) // want "unbounded: one goroutine per element of l.emails .for each request that join handles."
	}
	for _, email := range l.present {
		go fetch(ctx, email)
	}
	for _, email := range l.reading {
		go fetch(ctx, email)
	}
	for _, email := range l.starts {
		go fetch(ctx, email)
	}
}

var (
	_ = newWaitlist
	_ = (*waitlist).invite
)
