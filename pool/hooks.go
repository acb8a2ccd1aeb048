package pool

import "context"

// Hooks are called before and after every task, in the goroutine that runs it, and
// so delay it. They are called from many goroutines at once and must not panic.
// The context is the task's. Either may be nil.
type Hooks struct {
	// Start is called before the task, unless the task never runs.
	Start func(ctx context.Context)
	// End is called after the task, with its error, a [*PanicError], or
	// [ErrGoexit].
	End func(ctx context.Context, err error)
}

// WithHooks calls h before and after every task.
func WithHooks(h Hooks) Option {
	return func(c *config) { c.hooks = h }
}
