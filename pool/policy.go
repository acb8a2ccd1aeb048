package pool

// A Policy says what happens to a task that arrives when every worker is busy and
// the queue is full. It is set with [WithPolicy].
//
// Whatever the policy, TryGo rejects and [Map] waits. A Go or [Submit] whose
// context is that of a task of the same pool never blocks: under [Block] it runs
// the task in the caller, since blocking a worker on its own pool's queue can
// deadlock.
type Policy int

const (
	// Block waits for room until the context of the submit ends.
	Block Policy = iota
	// Reject fails with [ErrFull].
	Reject
	// CallerRuns runs the task in the caller, which slows the caller down.
	CallerRuns
)
