package catalog

var kopiaWorkshare = Library{
	Path:    "github.com/kopia/kopia/internal/workshare",
	Module:  "github.com/kopia/kopia",
	Version: "4ebb2be6c (2026-08)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Pool", Kind: Executor, Closed: true,
			Why: "work is shared only with a free worker, so that recursion cannot deadlock"},
		{Name: "AsyncGroup", Kind: Group, Default: Bound{From: Inherited}, Waited: true},
	},
	Funcs: []Func{
		{Name: "NewPool", Role: New, Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault},
			Why: "with no worker CanShareWork says no, and the caller does the work"},
		{Name: "AsyncGroup.RunAsync", Role: Submit, Executor: First, Task: Second, Blocks: WhenFull},
		{Name: "AsyncGroup.CanShareWork", Role: Poll},
		{Name: "AsyncGroup.Wait", Role: Wait, Blocks: UntilDone, Once: true},
		{Name: "AsyncGroup.Close", Role: Wait, Blocks: UntilDone},
		{Name: "Pool.Close", Role: Close, Blocks: UntilDone, Waits: true},
	},
}

var kopiaParallelwork = Library{
	Path:    "github.com/kopia/kopia/internal/parallelwork",
	Module:  "github.com/kopia/kopia",
	Version: "4ebb2be6c (2026-08)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Queue", Kind: Group, Queue: UnboundedQueue, Waited: true, Why: "Process runs what is queued, with as many workers as it is told"},
	},
	Funcs: []Func{
		{Name: "NewQueue", Role: New},
		{Name: "Queue.EnqueueBack", Role: Submit, Task: Second},
		{Name: "Queue.EnqueueFront", Role: Submit, Task: Second},
		{Name: "Queue.Process", Role: Wait, Bound: Bound{From: FromArg, Arg: Second}, Returns: ReturnsError, Blocks: UntilDone},
	},
}
