// Package help has helpers that are given a pool.
package help

import "github.com/gammazero/workerpool"

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
