package catalog

var pond1 = Library{
	Path:    "github.com/alitto/pond",
	Module:  "github.com/alitto/pond",
	Version: "v1.9.2",
	Types: []Type{
		{Name: "WorkerPool", Kind: Executor, Queue: BoundedQueue, Closed: true, Nested: true,
			Why: "a purge goroutine of its own until stopped; a nested wait deadlocks: #56"},
		{Name: "TaskGroup", Kind: Group, Default: Bound{From: Inherited}, Queue: BoundedQueue, Waited: true, Nested: true},
		{Name: "TaskGroupWithContext", Kind: Group, Default: Bound{From: Inherited}, Queue: BoundedQueue, Waited: true, Nested: true,
			Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Queue: Second,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault},
			Why:   "below 1 is one worker; the queue is a channel, allocated at once"},
		{Name: "MinWorkers", Role: Option},
		{Name: "IdleTimeout", Role: Option},
		{Name: "Strategy", Role: Option},
		{Name: "PanicHandler", Role: Option},
		{Name: "Context", Role: Option},
		{Name: "WorkerPool.Group", Role: New, Bound: Bound{From: Inherited}},
		{Name: "WorkerPool.GroupContext", Role: New, Bound: Bound{From: Inherited}},

		{Name: "WorkerPool.Submit", Role: Submit, Task: First, Blocks: WhenFull, Why: "panics on a stopped pool"},
		{Name: "WorkerPool.TrySubmit", Role: Submit, Task: First, Returns: ReturnsBool, Refuses: true},
		{Name: "WorkerPool.SubmitAndWait", Role: Submit, Task: First, Blocks: UntilDone},
		{Name: "WorkerPool.SubmitBefore", Role: Submit, Task: First, Blocks: WhenFull,
			Why: "a task that no worker took in time is dropped, and nobody is told"},
		{Name: "TaskGroup.Submit", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "TaskGroupWithContext.Submit", Role: Submit, Task: First, Blocks: WhenFull},

		{Name: "TaskGroup.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "TaskGroupWithContext.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "WorkerPool.StopAndWait", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "WorkerPool.StopAndWaitFor", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "WorkerPool.Stop", Role: Close, Why: "drops what is queued; its context says when the pool has ended"},
	},
}
