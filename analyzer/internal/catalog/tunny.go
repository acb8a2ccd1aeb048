package catalog

var tunny = Library{
	Path:    "github.com/Jeffail/tunny",
	Module:  "github.com/Jeffail/tunny",
	Version: "v0.1.4 (a274c3c)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Pool", Kind: Executor, Intent: CPU, Closed: true, Nested: true,
			Why: "its README: for CPU heavy jobs; callers are the queue, a goroutine each"},
	},
	Funcs: []Func{
		{Name: "NewFunc", Role: New, Task: Second, Bound: tunnyWorkers},
		{Name: "NewCallback", Role: New, Bound: tunnyWorkers, Why: "the payload of Process is the task, a func()"},
		{Name: "New", Role: New, Bound: tunnyWorkers, Why: "the task is in the workers that the second argument makes"},
		{Name: "Pool.Process", Role: Submit, Blocks: UntilDone, Why: "panics after Close"},
		{Name: "Pool.ProcessTimed", Role: Submit, Returns: ReturnsError, Blocks: UntilDone, Refuses: true},
		{Name: "Pool.ProcessCtx", Role: Submit, Returns: ReturnsError, Blocks: UntilDone, Refuses: true},
		{Name: "Pool.SetSize", Role: Resize, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "Pool.Close", Role: Close, Blocks: UntilDone, Waits: true},
	},
}

// With 0 workers Process blocks forever.
var tunnyWorkers = Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics}
