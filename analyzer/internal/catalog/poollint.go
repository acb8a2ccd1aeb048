package catalog

// The reference executor of this module.
var poollintPool = Library{
	Path:   "github.com/poollint/poollint/pool",
	Module: "github.com/poollint/poollint",
	Types: []Type{
		{Name: "IO", Kind: Executor, Intent: IO, Queue: BoundedQueue, Nested: true,
			Why: "an idle pool keeps no worker: not closing it leaks nothing; awaiting with the task's own context cannot deadlock"},
		{Name: "CPU", Kind: Executor, Intent: CPU, Default: Bound{From: CPUs}, Queue: BoundedQueue, Nested: true},
		{Name: "Executor", Kind: Executor, Queue: BoundedQueue, Nested: true},
		{Name: "executor", Kind: Executor, Queue: BoundedQueue, Nested: true, Why: "IO and CPU embed it: it declares their methods"},
		{Name: "Future", Kind: Future, Lost: "the result, the error and the panic"},
	},
	Funcs: []Func{
		{Name: "NewIO", Role: New,
			Bound: poolWorkers, Why: "-1 is Unbounded; with WithMemory the smaller bound wins"},
		{Name: "NewCPU", Role: New, Bound: Bound{From: CPUs}},
		{Name: "WithMemory", Role: Option, Bound: Bound{From: FromArg, Arg: First, Over: Second, Zero: EdgePanics, Negative: EdgePanics}},
		{Name: "WithWorkers", Role: Option, Bound: Bound{From: FromArg, Arg: First, Zero: EdgePanics, Negative: EdgePanics}},
		{Name: "WithQueue", Role: Option, Queue: First},
		{Name: "WithPolicy", Role: Option, Why: "what a full queue does to Go and Submit: Block, Reject or CallerRuns"},
		{Name: "WithName", Role: Option},
		{Name: "WithErrorHandler", Role: Option,
			Why: "hears of failures of Go; a future's failure is in the future"},
		{Name: "Submit", Role: Submitted, Executor: Second, Task: Third, Returns: ReturnsFuture, Blocks: WhenFull,
			Why: "a refused task is a future that has failed"},

		{Name: "IO.Go", Role: Submit, Task: Second, Returns: ReturnsError, Blocks: WhenFull, Refuses: true,
			Why: "the context can end while Go waits for room"},
		{Name: "IO.TryGo", Role: Submit, Task: Second, Returns: ReturnsError, Refuses: true},
		{Name: "IO.Resize", Role: Resize, Bound: poolWorkers},
		{Name: "IO.Shutdown", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "IO.Close", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},

		{Name: "CPU.Go", Role: Submit, Task: Second, Returns: ReturnsError, Blocks: WhenFull, Refuses: true},
		{Name: "CPU.TryGo", Role: Submit, Task: Second, Returns: ReturnsError, Refuses: true},
		{Name: "CPU.Resize", Role: Resize, Bound: poolWorkers},
		{Name: "CPU.Shutdown", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "CPU.Close", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},

		{Name: "Executor.Go", Role: Submit, Task: Second, Returns: ReturnsError, Blocks: WhenFull, Refuses: true},
		{Name: "Executor.TryGo", Role: Submit, Task: Second, Returns: ReturnsError, Refuses: true},
		{Name: "Executor.Resize", Role: Resize, Bound: poolWorkers},
		{Name: "Executor.Shutdown", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "Executor.Close", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},

		{Name: "executor.Go", Role: Submit, Task: Second, Returns: ReturnsError, Blocks: WhenFull, Refuses: true},
		{Name: "executor.TryGo", Role: Submit, Task: Second, Returns: ReturnsError, Refuses: true},
		{Name: "executor.Resize", Role: Resize, Bound: poolWorkers},
		{Name: "executor.Shutdown", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "executor.Close", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},

		{Name: "Future.Await", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Future.Done", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "Future.Cancel", Role: Cancel},
		{Name: "All", Role: Combine, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Any", Role: Combine, Returns: ReturnsError, Blocks: UntilDone, Why: "cancels the losers"},
		{Name: "AsCompleted", Role: Combine, Blocks: UntilDone, Why: "a break leaves the rest running, uncancelled"},
		{Name: "Map", Role: Map, Executor: Second, Items: Third, Task: Fourth, Bound: Bound{From: Inherited}, Blocks: UntilDone,
			Why: "at most the pool's limit in flight: an endless sequence is fine"},
	},
}

var poolWorkers = Bound{From: FromArg, Arg: First, Zero: EdgePanics, Negative: EdgePanics, MinusOne: EdgeUnlimited}
