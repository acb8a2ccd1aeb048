// Package notify tells subscribers that there is something new.
package notify

import (
	"bufio"
	"errors"
	"log"
	"net/http"

	"github.com/panjf2000/ants/v2"
)

// A Service sends news through one pool.
type Service struct {
	pool *ants.Pool
}

// New makes a pool that refuses tasks when all its workers are busy.
func New() *Service {
	p, err := ants.NewPool(32, ants.WithNonblocking(true))
	if err != nil {
		log.Fatal(err)
	}
	return &Service{p}
}

// Handle does not look at what Submit returns: on a busy day the pool refuses, and the
// subscriber is never told.
func (s *Service) Handle(w http.ResponseWriter, r *http.Request) {
	for sc := bufio.NewScanner(r.Body); sc.Scan(); {
		subscriber := sc.Text()
		s.pool.Submit(func() { send(subscriber) })
	}
}

// HandleRefusal says so.
func (s *Service) HandleRefusal(w http.ResponseWriter, r *http.Request) {
	for sc := bufio.NewScanner(r.Body); sc.Scan(); {
		subscriber := sc.Text()
		err := s.pool.Submit(func() { send(subscriber) })
		if errors.Is(err, ants.ErrPoolOverload) {
			http.Error(w, "busy, try again from "+subscriber, http.StatusServiceUnavailable)
			return
		}
	}
}

// Everyone makes a pool that is none: ants takes a negative size as no limit, so that each
// subscriber gets a goroutine.
func Everyone(r *http.Request) error {
	p, err := ants.NewPool(-1)
	if err != nil {
		return err
	}
	defer p.Release()
	for sc := bufio.NewScanner(r.Body); sc.Scan(); {
		subscriber := sc.Text()
		if err := p.Submit(func() { send(subscriber) }); err != nil {
			return err
		}
	}
	return nil
}

func send(subscriber string) {
	resp, err := http.Post(subscriber, "text/plain", nil)
	if err != nil {
		log.Print(err)
		return
	}
	resp.Body.Close()
}
