package pool

import "fmt"

// An Option configures a pool under construction.
type Option func(*config)

type config struct {
	name            string
	workers         int
	queue           int
	queueSet        bool
	budget, perTask int64
	policy          Policy
	onError         func(error)
	hooks           Hooks
	report          func(Finding)
	every           int
}

// WithMemory bounds the number of workers by a memory budget in bytes: at most
// budget/perTask workers, but at least one. The smaller of this bound and any
// other wins. It panics unless both are positive.
//
// The cost of a task is what its goroutine holds while it waits: its stack (a
// power of two, 2 KiB for shallow tasks, 32 KiB for one that uses 16 KiB), about
// 0.7 KiB of bookkeeping, what the task itself allocates and keeps, and what
// the functions that it calls hold. Some hold more than one might think:
//
//	http.Client.Do          25 KiB
//	sql.DB.QueryContext     15 KiB
//	bufio.NewReader         6.2 KiB
//	io.Copy                 32 KiB
//	exec.Cmd.Run            39 KiB
//	gzip.NewReader          78 KiB
//	gzip.Writer.Write       800 KiB
//
// These figures are measured; docs/memory.md has more.
func WithMemory(budget, perTask int64) Option {
	if budget <= 0 || perTask <= 0 {
		panic(fmt.Sprintf("pool: WithMemory(%d, %d): both must be positive", budget, perTask))
	}
	return func(c *config) { c.budget, c.perTask = budget, perTask }
}

// WithWorkers sets the size of a CPU pool. It panics unless n is positive. [NewIO]
// panics if it is given this option, since it takes the number as an argument.
func WithWorkers(n int) Option {
	if n <= 0 {
		panic(fmt.Sprintf("pool: WithWorkers(%d): must be positive", n))
	}
	return func(c *config) { c.workers = n }
}

// WithQueue sets how many tasks may wait for a worker; the default is the number
// of workers. With 0, a task is accepted only if a worker is free to run it.
// WithQueue panics if n is negative.
func WithQueue(n int) Option {
	if n < 0 {
		panic(fmt.Sprintf("pool: WithQueue(%d): must not be negative", n))
	}
	return func(c *config) { c.queue, c.queueSet = n, true }
}

// WithName names the pool in Stats, in log messages, and in the pprof label "pool"
// of its workers, which is set again before every task, since a task may have
// changed it.
func WithName(name string) Option {
	return func(c *config) { c.name = name }
}

// WithPolicy sets what happens to a task that arrives when the queue is full; the
// default is [Block].
func WithPolicy(p Policy) Option {
	if p < Block || p > CallerRuns {
		panic(fmt.Sprintf("pool: WithPolicy(%d): no such policy", p))
	}
	return func(c *config) { c.policy = p }
}

// WithErrorHandler sets the handler for failures that nobody else will see: those
// of tasks started with Go, and those of futures that were never awaited. By
// default, they are logged with [slog.Error].
//
// f is called from many goroutines at once, from a worker (which waits for it)
// or from the garbage collector's cleanup (which must not be held up long). It
// must not panic. A nil f is ignored.
func WithErrorHandler(f func(error)) Option {
	return func(c *config) { c.onError = f }
}

func configure(opts []Option) config {
	c := config{every: 1024}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// limit returns the bound on workers, the smaller of the two.
func (c *config) limit(workers int) int {
	if c.budget == 0 {
		return workers
	}
	return int(max(1, min(c.budget/c.perTask, int64(workers))))
}
