package catalog

var vardius = Library{
	Path:    "github.com/vardius/worker-pool/v2",
	Module:  "github.com/vardius/worker-pool/v2",
	Version: "997d6fc (v2.1.0, 2021)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Pool", Kind: Executor, Queue: BoundedQueue, Closed: true, Nested: true},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Queue: First, Why: "no worker yet"},
		{Name: "Pool.AddWorker", Role: Resize, Task: First, Why: "one more worker, which runs this function"},
		{Name: "Pool.Delegate", Role: Submit, Returns: ReturnsError, Blocks: WhenFull,
			Why: "arguments for the workers' function, by reflection"},
		{Name: "Pool.Stop", Role: Close, Why: "does not wait"},
	},
}
