// Package notify tells subscribers that there is something new.
package notify

import (
	"bufio"
	"errors"
	"log"
	"net/http"

	"github.com/panjf2000/ants/v2"
)

// A Service sends news through one pool, and to everyone through another.
type Service struct {
	pool *ants.Pool
	bulk *ants.Pool
}

// New makes a pool that refuses tasks when all its workers are busy, and one that was meant to
// have no more than it needs: but ants takes a negative size as no limit, so that every
// subscriber gets a goroutine.
func New() *Service {
	p, err := ants.NewPool(32, ants.WithNonblocking(true))
	if err != nil {
		log.Fatal(err)
	}
	bulk, err := ants.NewPool(-1)
	if err != nil {
		log.Fatal(err)
	}
	return &Service{pool: p, bulk: bulk}
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

// Everyone tells all subscribers.
func (s *Service) Everyone(subscribers []string) error {
	for _, subscriber := range subscribers {
		if err := s.bulk.Submit(func() { send(subscriber) }); err != nil {
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
