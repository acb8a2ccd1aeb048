package catalog

var reugnAsync = Library{
	Path:    "github.com/reugn/async",
	Module:  "github.com/reugn/async",
	Version: "533dc33 (2026-01-23)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Executor", Kind: Executor, Queue: BoundedQueue, Closed: true, Nested: true},
		{Name: "ExecutorService", Kind: Executor, Queue: BoundedQueue, Closed: true, Nested: true},
		{Name: "Future", Kind: Future, Lost: "the result and the error"},
	},
	Funcs: []Func{
		{Name: "NewExecutor", Role: New, Why: "its config is the bound; the end of its context closes it"},
		{Name: "NewExecutorConfig", Role: Option, Queue: Second,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeNothing, Negative: EdgeNothing},
			Why:   "below 1 the executor shuts itself down at once"},
		{Name: "ExecutorService.Submit", Role: Submitted, Task: First, Returns: ReturnsFutureError, Refuses: true, Why: "never blocks"},
		{Name: "Executor.Submit", Role: Submitted, Task: First, Returns: ReturnsFutureError, Refuses: true},
		{Name: "Task.Call", Role: Submitted, Returns: ReturnsFuture, Bound: Bound{From: Unlimited}, Why: "a goroutine each"},
		{Name: "Executor.Shutdown", Role: Close, Returns: ReturnsError, Optional: true, Why: "does not wait; its error is nil"},
		{Name: "ExecutorService.Shutdown", Role: Close, Returns: ReturnsError, Optional: true},
		{Name: "Future.Join", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Future.Get", Role: Await, Returns: ReturnsError, Blocks: UntilDone,
			Why: "with a context that has ended, the value is lost for every later Get and Join"},
		{Name: "Future.Map", Role: Chain, Task: First, Returns: ReturnsFuture, Why: "a goroutine that waits for it"},
		{Name: "Future.FlatMap", Role: Chain, Task: First, Returns: ReturnsFuture},
		{Name: "Future.Recover", Role: Chain, Task: First, Returns: ReturnsFuture},
		{Name: "Future.RecoverWith", Role: Chain, Returns: ReturnsFuture},
		{Name: "FutureSeq", Role: Combine, Returns: ReturnsFuture},
		{Name: "FutureFirstCompletedOf", Role: Combine, Returns: ReturnsFuture},
	},
}
