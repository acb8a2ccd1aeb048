package pool

import "context"

// Hooks are called around every task, in the goroutine that runs it, and so hold
// it up. They are called from many goroutines at once and must not panic. The
// context is the task's. Either may be nil.
type Hooks struct {
	// Start is called before the task. A task that never runs has no start.
	Start func(ctx context.Context)
	// End is called after it, with what it returned, a [*PanicError], or
	// [ErrGoexit].
	End func(ctx context.Context, err error)
}

// WithHooks has h called around every task.
func WithHooks(h Hooks) Option {
	return func(c *config) { c.hooks = h }
}
