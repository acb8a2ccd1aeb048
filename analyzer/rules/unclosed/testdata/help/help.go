// Package help has helpers that are given a pool, and constructors.
package help

import (
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
)

// New returns a pool that its caller alone has.
func New(n int) (*ants.Pool, error) {
	p, err := ants.NewPool(n, ants.WithPreAlloc(true))
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Shared returns the pool of the process.
func Shared() *workerpool.WorkerPool {
	if kept == nil {
		kept = workerpool.New(8)
	}
	return kept
}

// NewKept keeps what it returns.
func NewKept() *workerpool.WorkerPool {
	p := workerpool.New(8)
	Keep(p)
	return p
}

// Stop closes on every path.
func Stop(p *workerpool.WorkerPool) {
	if p == nil {
		return
	}
	p.StopWait()
}

// Size only looks.
func Size(p *workerpool.WorkerPool) int { return p.Size() }

var kept *workerpool.WorkerPool

// Keep keeps it.
func Keep(p *workerpool.WorkerPool) { kept = p }

// A Stable has grooms until it is locked.
type Stable struct {
	Name   string
	grooms *workerpool.WorkerPool
}

// NewStable hires them.
func NewStable(name string) *Stable { return &Stable{name, workerpool.New(3)} }

// Feed has one of them do it.
func (s *Stable) Feed(horse func()) { s.grooms.Submit(horse) }

// Lock sends them home.
func (s *Stable) Lock() { s.grooms.StopWait() }
