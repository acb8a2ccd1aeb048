package catalog

var ants = Library{
	Path:    "github.com/panjf2000/ants/v2",
	Module:  "github.com/panjf2000/ants/v2",
	Version: "v2.12.1",
	Types: []Type{
		{Name: "Pool", Kind: Executor, Closed: true, Nested: true,
			Why: "two goroutines of its own (purge, ticktock) until released: #212, #263; a nested Submit at capacity deadlocks: #197"},
		{Name: "PoolWithFunc", Kind: Executor, Closed: true, Nested: true},
		{Name: "PoolWithFuncGeneric", Kind: Executor, Closed: true, Nested: true},
		{Name: "MultiPool", Kind: Executor, Closed: true, Nested: true},
		{Name: "MultiPoolWithFunc", Kind: Executor, Closed: true, Nested: true},
		{Name: "MultiPoolWithFuncGeneric", Kind: Executor, Closed: true, Nested: true},
		{Name: "poolCommon", Kind: Executor, Closed: true, Nested: true,
			Why: "Pool, PoolWithFunc and PoolWithFuncGeneric embed it: Release and Tune are its methods"},
	},
	Funcs: []Func{
		{Name: "NewPool", Role: New, Bound: antsSize, Why: "a size below 1 is stored as -1: no limit"},
		{Name: "NewPoolWithFunc", Role: New, Task: Second, Bound: antsSize},
		{Name: "NewPoolWithFuncGeneric", Role: New, Task: Second, Bound: antsSize},
		// Up to v2.4 a size below 1 was an error: of NewPool until ErrInvalidPreAllocSize came, of
		// NewPoolWithFunc still in v2.4.2, and no longer in v2.7.5.
		{Name: "NewPool", Role: New, Unless: "ErrInvalidPreAllocSize", Bound: Bound{From: FromArg, Arg: First}},
		{Name: "NewPoolWithFunc", Role: New, Task: Second, Unless: "WithDisablePurge", Bound: Bound{From: FromArg, Arg: First}},
		{Name: "NewMultiPool", Role: New, Bound: antsSizes, Why: "pools times size of each"},
		{Name: "NewMultiPoolWithFunc", Role: New, Task: Third, Bound: antsSizes},
		{Name: "NewMultiPoolWithFuncGeneric", Role: New, Task: Third, Bound: antsSizes},

		{Name: "WithNonblocking", Role: Nonblock},
		{Name: "WithMaxBlockingTasks", Role: Nonblock, Queue: First,
			Why: "limits the callers that wait, and refuses the others"},
		{Name: "WithOptions", Role: Option, Why: "an Options value: see Fields"},
		{Name: "WithPreAlloc", Role: Option, Why: "allocates all workers at once; with it a size below 1 is an error"},
		{Name: "WithExpiryDuration", Role: Option},
		{Name: "WithDisablePurge", Role: Option},
		{Name: "WithPanicHandler", Role: Option},
		{Name: "WithLogger", Role: Option},

		{Name: "Submit", Role: Submit, Task: First, Returns: ReturnsError, Shared: true, Bound: Bound{From: Unlimited},
			Why: "the default pool has math.MaxInt32 workers"},
		{Name: "Pool.Submit", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull,
			Why: "refuses only when closed, unless New was given a Nonblock option"},
		{Name: "MultiPool.Submit", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "PoolWithFunc.Invoke", Role: Submit, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "PoolWithFuncGeneric.Invoke", Role: Submit, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "MultiPoolWithFunc.Invoke", Role: Submit, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "MultiPoolWithFuncGeneric.Invoke", Role: Submit, Returns: ReturnsError, Blocks: WhenFull},

		{Name: "poolCommon.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First},
			Why: "does nothing for a size below 1, and to unlimited or pre-allocated pools"},
		{Name: "MultiPool.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}, Why: "size of each pool"},
		{Name: "MultiPoolWithFunc.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "MultiPoolWithFuncGeneric.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}},

		{Name: "Release", Role: Close, Shared: true, Why: "does not wait"},
		{Name: "ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true, Shared: true},
		{Name: "ReleaseContext", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true, Shared: true},
		{Name: "poolCommon.Release", Role: Close, Why: "does not wait"},
		{Name: "poolCommon.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "poolCommon.ReleaseContext", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		// Up to v2.10, each pool declared its own.
		{Name: "Pool.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}, Unless: antsGeneric},
		{Name: "Pool.Release", Role: Close, Unless: antsGeneric},
		{Name: "Pool.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true, Unless: antsGeneric},
		{Name: "PoolWithFunc.Tune", Role: Resize, Bound: Bound{From: FromArg, Arg: First}, Unless: antsGeneric},
		{Name: "PoolWithFunc.Release", Role: Close, Unless: antsGeneric},
		{Name: "PoolWithFunc.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true, Unless: antsGeneric},
		{Name: "MultiPool.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "MultiPool.ReleaseContext", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "MultiPoolWithFunc.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "MultiPoolWithFunc.ReleaseContext", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "MultiPoolWithFuncGeneric.ReleaseTimeout", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
		{Name: "MultiPoolWithFuncGeneric.ReleaseContext", Role: Close, Returns: ReturnsError, Blocks: UntilDone, Waits: true},
	},
	Fields: []Field{
		{Name: "Options.Nonblocking", Role: Nonblock},
		{Name: "Options.MaxBlockingTasks", Role: Nonblock, Why: "0 is no limit, and refuses nobody"},
	},
}

var (
	antsSize  = Bound{From: FromArg, Arg: First, Zero: EdgeUnlimited, Negative: EdgeUnlimited}
	antsSizes = Bound{From: FromArg, Arg: Second, Times: First, Zero: EdgeUnlimited, Negative: EdgeUnlimited}
)

const antsGeneric = "NewPoolWithFuncGeneric"
