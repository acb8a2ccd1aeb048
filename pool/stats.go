package pool

import (
	"encoding/json"
	"log/slog"
	"runtime/metrics"
)

// Stats is the state of a pool.
type Stats struct {
	Name    string `json:"name,omitempty"`
	Workers int    `json:"workers"` // goroutines, idle ones included
	Idle    int    `json:"idle"`    // workers without a task
	Peak    int    `json:"peak"`    // the highest number of workers so far
	Limit   int    `json:"limit"`   // the highest number allowed; math.MaxInt if unbounded

	Queued  int    `json:"queued"`  // tasks waiting for a worker, including cancelled ones
	Blocked int    `json:"blocked"` // submitters waiting for room in the queue
	Taken   uint64 `json:"taken"`   // tasks queued since the pool was made
	Failed  uint64 `json:"failed"`  // tasks that failed, not counting cancellations
	Lost    uint64 `json:"lost"`    // futures that failed and were never awaited

	// StackBytes is the memory of all goroutine stacks in the process, not
	// only of this pool's workers: the runtime does not distinguish them.
	StackBytes uint64 `json:"stackBytes"`
}

// Stats returns the approximate current state of the pool. It does not block for
// longer than a submit does.
func (e *executor) Stats() Stats {
	s := Stats{Name: e.name, Failed: e.failures.Load(), Lost: e.unobserved.Load()}
	e.out.mu.Lock()
	e.in.mu.Lock()
	s.Workers, s.Peak, s.Limit = e.in.workers, e.in.peak, e.in.limit
	s.Idle = len(e.out.idle)
	s.Queued = int(e.in.tail - e.out.head)
	s.Blocked = len(e.in.waiting)
	s.Taken = e.in.tail
	e.in.mu.Unlock()
	e.out.mu.Unlock()
	s.StackBytes = stackBytes()
	return s
}

// String returns the statistics as JSON, which makes a pool an [expvar.Var].
//
// [expvar.Var]: https://pkg.go.dev/expvar#Var
func (e *executor) String() string { return e.Stats().String() }

// String returns the statistics as JSON.
func (s Stats) String() string {
	b, err := json.Marshal(s)
	if err != nil {
		return "null" // cannot be: numbers and a string
	}
	return string(b)
}

// LogValue returns the statistics as a group for a log record.
func (s Stats) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("name", s.Name),
		slog.Int("workers", s.Workers),
		slog.Int("idle", s.Idle),
		slog.Int("peak", s.Peak),
		slog.Int("limit", s.Limit),
		slog.Int("queued", s.Queued),
		slog.Int("blocked", s.Blocked),
		slog.Uint64("taken", s.Taken),
		slog.Uint64("failed", s.Failed),
		slog.Uint64("lost", s.Lost),
		slog.Uint64("stackBytes", s.StackBytes),
	)
}

func stackBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
