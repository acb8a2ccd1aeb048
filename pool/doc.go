// Package pool runs tasks on a bounded number of goroutines.
//
// There are two kinds of pool, because the right size depends on what the tasks
// do. Tasks that wait (for the network, a disk, a database) overlap, and their
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
// A task is a function that takes a context. The context has the values, deadline
// and cancellation of the one that the task was submitted with, and is also
// cancelled by [Future.Cancel] and by a Shutdown whose context ends. Submit work
// that must outlive a request with [context.WithoutCancel]. A task whose context
// ends before a worker gets to it does not run.
//
// A panic in a task becomes a [*PanicError] in its future, and [runtime.Goexit]
// becomes [ErrGoexit]. Neither costs a worker.
//
// # Failures
//
// No failure is lost silently. The error of a task started with Go is passed to
// the handler set by [WithErrorHandler]. So is, once, the failure of a future that
// is garbage-collected before it was observed by Await, [All], [Any] or
// [AsCompleted]. A cancellation is not a failure.
//
// # Memory
//
// Workers start when tasks arrive, and exit together within a second of having
// nothing to do, which frees the stacks that their tasks have grown. An idle
// pool has no goroutine, no ticker and no dispatcher. [WithMemory] derives the
// number of workers from a memory budget.
//
// # Waiting inside a task
//
// A task may submit to its own pool and await the result, as long as it uses its
// own context or one derived from it. If the awaited future is still queued, the
// waiter runs it itself. It runs only that future, since other work could need a
// lock that the waiter holds. A wait that could never end, because the awaited
// task waits for the waiter, returns [ErrDeadlock]. If the queue is full, the
// submitted task runs in the caller.
//
// Three cases are not covered. A wait with another context (say,
// [context.Background]) looks like a wait from outside the pool and can deadlock
// as in any bounded pool. Close or Shutdown inside a task of the same pool waits
// for that task, and so for itself. And goroutines that a task starts and that
// wait with its context are taken for the task itself.
package pool
