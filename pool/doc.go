// Package pool runs tasks on a bounded number of goroutines.
//
// There are two kinds of pool, because a pool is sized by what its tasks do.
// Tasks that wait (for the network, a disk, a database) overlap, and their
// number is bounded by memory: they belong on an [IO]. Tasks that compute do
// not overlap beyond the number of processors: they belong on a [CPU].
//
//	io := pool.NewIO(100)
//	defer io.Close()
//	f := pool.Submit(ctx, io, func(ctx context.Context) (*Page, error) {
//		return fetch(ctx, url)
//	})
//	page, err := f.Await(ctx)
//
// # Tasks
//
// A task is a function of a context. The context has the values, deadline and
// cancellation of the one it was submitted with, and is also cancelled by
// [Future.Cancel] and by a Shutdown that ran out. Work that must outlive a request
// is submitted with [context.WithoutCancel]. A task whose context has ended before
// a worker came to it does not run.
//
// A panic in a task is a [*PanicError] in its future. [runtime.Goexit] in a
// task is [ErrGoexit]. Neither costs a worker.
//
// # Failures
//
// No failure vanishes. What fails in a task started with Go is handed to the
// handler of [WithErrorHandler]; so is, once, the failure of a future that is
// garbage-collected though nobody asked it by Await, [All], [Any] or
// [AsCompleted]. A cancellation is no failure.
//
// # Memory
//
// Workers start when tasks come and leave together within a second of having
// nothing to do, and with them the stacks that their tasks have grown. An idle
// pool has no goroutine, no ticker and no dispatcher. [WithMemory] turns a
// number of bytes into a number of workers.
//
// # Waiting inside a task
//
// A task may submit to its own pool and wait for what it submitted, as long as
// it does so with its own context or one derived from it. A future that is
// still queued is then run by the waiter itself; only that future, for other
// work could need a lock that the waiter holds. A wait that could never end,
// because what is awaited waits for the waiter, is [ErrDeadlock]. Submitting
// into a full queue runs the task in the caller.
//
// Three things are not covered. A wait with another context (say,
// [context.Background]) looks like a wait from outside and can deadlock as in
// any bounded pool. Close or Shutdown inside a task of the same pool waits for
// that task, which waits for it. And goroutines that a task starts and that
// wait with its context are taken for the task itself.
package pool
