package catalog

var shettyhThreadpool = Library{
	Path:    "github.com/shettyh/threadpool",
	Module:  "github.com/shettyh/threadpool",
	Version: "b99fd8a (2020)",
	Absent:  noModule,
	Types: []Type{
		{Name: "ThreadPool", Kind: Executor, Queue: BoundedQueue, Closed: true, Nested: true},
		{Name: "ScheduledThreadPool", Kind: Executor, Closed: true},
		{Name: "Future", Kind: Future, Lost: "a worker, which blocks forever on delivering the result",
			Why: "measured: a pool of one is dead after one dropped future; a second Get blocks forever"},
	},
	Funcs: []Func{
		{Name: "NewThreadPool", Role: New, Bound: Bound{From: FromArg, Arg: First}, Queue: Second},
		{Name: "NewScheduledThreadPool", Role: New, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "ThreadPool.Execute", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull, Refuses: true},
		{Name: "ThreadPool.ExecuteFuture", Role: Submitted, Task: First, Returns: ReturnsFutureError, Refuses: true},
		{Name: "ScheduledThreadPool.ScheduleOnce", Role: Submit, Task: First},
		{Name: "Future.Get", Role: Await, Blocks: UntilDone},
		{Name: "Future.IsDone", Role: Poll},
		{Name: "ThreadPool.Close", Role: Close, Why: "does not wait"},
		{Name: "ScheduledThreadPool.Close", Role: Close, Why: "does not wait"},
	},
}
