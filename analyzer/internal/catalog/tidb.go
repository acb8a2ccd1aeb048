package catalog

// Wait and SetLimit of the wrappers are those of the WaitGroup and errgroup inside.
var tidbUtil = Library{
	Path:    "github.com/pingcap/tidb/pkg/util",
	Module:  "github.com/pingcap/tidb",
	Version: "0578ef9d",
	Absent:  noModule,
	Types: []Type{
		{Name: "WaitGroupWrapper", Kind: Group, Default: Bound{From: Unlimited}, Waited: true},
		{Name: "WaitGroupEnhancedWrapper", Kind: Group, Default: Bound{From: Unlimited}, Waited: true},
		{Name: "WaitGroupPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Why: "its pool is gp: no bound"},
		{Name: "ErrorGroupWithRecover", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "WaitGroupWrapper.Run", Role: Submit, Task: First},
		{Name: "WaitGroupWrapper.RunWithRecover", Role: Submit, Task: First},
		{Name: "WaitGroupEnhancedWrapper.Run", Role: Submit, Task: First},
		{Name: "WaitGroupEnhancedWrapper.RunWithRecover", Role: Submit, Task: First},
		{Name: "WaitGroupPool.Run", Role: Submit, Task: First},
		{Name: "ErrorGroupWithRecover.Go", Role: Submit, Task: First, Blocks: WhenFull},
	},
}

var tidbWorkerpool = Library{
	Path:    "github.com/pingcap/tidb/pkg/resourcemanager/pool/workerpool",
	Module:  "github.com/pingcap/tidb",
	Version: "04a43ab4",
	Absent:  noModule,
	Types: []Type{
		{Name: "WorkerPool", Kind: Executor, Closed: true, Nested: true},
	},
	Funcs: []Func{
		{Name: "NewWorkerPool", Role: New, Bound: Bound{From: FromArg, Arg: Third, Zero: EdgeDefault, Negative: EdgeDefault},
			Why: "below 1 is one worker"},
		{Name: "WorkerPool.AddTask", Role: Submit, Blocks: WhenFull, Why: "the workers' HandleTask is the task"},
		{Name: "WorkerPool.GetResultChan", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "WorkerPool.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "WorkerPool.ReleaseAndWait", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "WorkerPool.Release", Role: Close},
	},
}

var tidbSpool = Library{
	Path:    "github.com/pingcap/tidb/pkg/resourcemanager/pool/spool",
	Module:  "github.com/pingcap/tidb",
	Version: "17e442c7",
	Absent:  noModule,
	Types: []Type{
		{Name: "Pool", Kind: Executor, Closed: true, Nested: true},
	},
	Funcs: []Func{
		{Name: "NewPool", Role: New, Bound: Bound{From: FromArg, Arg: Second, Zero: EdgeError}},
		{Name: "Pool.Run", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFullRare, Refuses: true,
			Why: "when blocking it looks every 5 ms, else it refuses"},
		{Name: "Pool.RunWithConcurrency", Role: Submit, Task: First, Returns: ReturnsError, Refuses: true, Why: "a channel of tasks"},
		{Name: "Pool.ReleaseAndWait", Role: Close, Blocks: UntilDone, Waits: true},
	},
}
