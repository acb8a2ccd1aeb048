package catalog

var workerpool = Library{
	Path:    "github.com/gammazero/workerpool",
	Module:  "github.com/gammazero/workerpool",
	Version: "v1.3.0",
	Types: []Type{
		{Name: "WorkerPool", Kind: Executor, Queue: UnboundedQueue, Closed: true, Nested: true,
			Why: "a dispatcher goroutine until stopped; a nested Submit is safe, a nested SubmitWait deadlocks when all workers do it; a bounded queue was asked for and declined: #65, #71"},
	},
	Funcs: []Func{
		{Name: "New", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault},
			Why:   "below 1 is one worker"},
		{Name: "WithIdleTimeout", Role: Option},
		{Name: "WorkerPool.Submit", Role: Submit, Task: First, Why: "panics on a stopped pool"},
		{Name: "WorkerPool.Do", Role: Submit, Task: First, Returns: ReturnsError, Why: "refuses only when stopped"},
		{Name: "WorkerPool.SubmitWait", Role: Submit, Task: First, Blocks: UntilDone, Why: "panics on a stopped pool"},
		{Name: "WorkerPool.DoWait", Role: Submit, Task: First, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "WorkerPool.StopWait", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "WorkerPool.Stop", Role: Close, Blocks: UntilDone, Waits: true, Why: "waits for what runs, drops what is queued"},
		{Name: "WorkerPool.Pause", Role: Pause},
	},
}
