package selfwait

import (
	"net/http"
	"sync"
)

// A tallied handler knows who is under way.
type tallied struct {
	next  http.Handler
	under sync.WaitGroup
}

func (c *tallied) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.under.Add(1)
	defer c.under.Done()
	c.next.ServeHTTP(w, r)
}

type homepage struct {
	handler http.Handler
	tallied *tallied
	server  *http.Server
}

func (s *homepage) open() {
	h := s.handler
	s.tallied = &tallied{next: h}
	h = s.tallied
	s.server = &http.Server{Handler: h}
	go s.server.ListenAndServe()
}

// The server has the handler, which closes the channel.
func firstRequest() {
	came := make(chan struct{})
	var once sync.Once
	s := &homepage{handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { once.Do(func() { close(came) }) })}
	s.open()
	<-came
}

// It sees the channels that are made after it.
func eachRequest(n int) {
	var came []chan struct{}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, c := range came {
			close(c)
		}
	})}
	go server.ListenAndServe()
	came = make([]chan struct{}, n)
	for i := range came {
		came[i] = make(chan struct{})
	}
	for _, c := range came {
		<-c
	}
}

// Nobody has the handler.
func noRequest() {
	came := make(chan struct{})
	s := &homepage{handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(came) })}
	<-came // want `selfwait: noRequest waits on came, and no other goroutine sends on it or closes it`
	s.open()
}
