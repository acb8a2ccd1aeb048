package pool

// A Policy says what becomes of a task that comes when every worker is busy and
// the queue is full. It is chosen with [WithPolicy].
//
// Whatever the policy, TryGo rejects and [Map] waits; and a Go or [Submit]
// whose context is that of a task of the same pool never blocks: under [Block]
// it runs the task in the caller, for blocking a worker on its own pool's queue
// can deadlock.
type Policy int

const (
	// Block waits for a place, until the context of the submit ends.
	Block Policy = iota
	// Reject fails with [ErrFull].
	Reject
	// CallerRuns runs the task in the caller, which is thereby slowed down.
	CallerRuns
)
