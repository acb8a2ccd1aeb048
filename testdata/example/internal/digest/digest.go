// Package digest makes the keys that albums are protected with.
package digest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"

	"github.com/poollint/poollint/pool"
)

// A Service has one pool for what waits and one for what computes.
type Service struct {
	io  *pool.IO
	cpu *pool.CPU
}

// New sizes the pool for waiting far beyond the number of cores, which is right for waiting.
func New() *Service {
	return &Service{io: pool.NewIO(64), cpu: pool.NewCPU()}
}

// Handle stretches a key on the pool for waiting: 64 of these take every core, and the
// downloads that share the pool stand still.
func (s *Service) Handle(w http.ResponseWriter, r *http.Request) {
	body, err := pool.Submit(r.Context(), s.io, func(context.Context) ([]byte, error) {
		return io.ReadAll(r.Body)
	}).Await(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	key, err := pool.Submit(r.Context(), s.io, func(context.Context) ([]byte, error) {
		return stretch(body), nil
	}).Await(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, "%x\n", key)
}

// Key stretches a key where computing belongs: as many workers as cores.
func (s *Service) Key(ctx context.Context, secret []byte) ([]byte, error) {
	return pool.Submit(ctx, s.cpu, func(context.Context) ([]byte, error) {
		return stretch(secret), nil
	}).Await(ctx)
}

func stretch(secret []byte) []byte {
	sum := sha256.Sum256(secret)
	for range 600_000 {
		sum = sha256.Sum256(sum[:])
	}
	return sum[:]
}
