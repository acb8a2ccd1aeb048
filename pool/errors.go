package pool

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

var (
	// ErrClosed is the failure of a task that is submitted after Close or
	// Shutdown has begun. Together with [context.Canceled], it is also the
	// failure of a queued task that Shutdown dropped because its context ended.
	ErrClosed = errors.New("pool: closed")

	// ErrFull is the failure of a task that a full pool did not accept, because
	// it was offered with TryGo or the pool's policy is [Reject].
	ErrFull = errors.New("pool: full")

	// ErrDeadlock is returned by a wait inside a task that could never end,
	// because the awaited task waits, directly or through others, for the waiter.
	ErrDeadlock = errors.New("pool: deadlock: the awaited task waits for its waiter")

	// ErrGoexit is the failure of a task that called [runtime.Goexit].
	ErrGoexit = errors.New("pool: task called runtime.Goexit")

	// ErrNoFuture is returned by [Any] without futures and by the methods of
	// a zero [Future].
	ErrNoFuture = errors.New("pool: no future")

	errDropped = fmt.Errorf("%w: %w", ErrClosed, context.Canceled)
)

// A PanicError is the failure of a task that panicked.
type PanicError struct {
	Value any    // what the task panicked with
	Stack []byte // the stack of the panic, as [debug.Stack] formats it
}

// Error returns the value and the stack as text.
func (e *PanicError) Error() string {
	return fmt.Sprintf("pool: task panicked: %v\n\n%s", e.Value, e.Stack)
}

// Unwrap returns the value if the task panicked with an error, else nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// unwound returns the failure of a task that did not return. It is called by
// the deferred function that found this out, with what recover gave it, while
// the frames of the panic are still on the stack.
func unwound(recovered any) error {
	if recovered == nil {
		return ErrGoexit
	}
	return &PanicError{Value: recovered, Stack: debug.Stack()}
}
