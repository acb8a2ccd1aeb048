package catalog

var playgroundPool = Library{
	Path:    "gopkg.in/go-playground/pool.v3",
	Module:  "gopkg.in/go-playground/pool.v3",
	Version: "e73cd3a (2016)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Pool", Kind: Executor, Default: Bound{From: Unlimited}, Queue: UnboundedQueue, Closed: true, Nested: true,
			Why: "the unlimited pool keeps every unit until it is closed"},
		{Name: "Batch", Kind: Group, Default: Bound{From: Inherited}, Queue: UnboundedQueue, Waited: true, Nested: true},
		{Name: "WorkUnit", Kind: Future, Lost: "the error and the panic"},
	},
	Funcs: []Func{
		{Name: "NewLimited", Role: New, Bound: Bound{From: Ignored, Arg: First, Zero: EdgePanics},
			Why: "bounds what runs; every queued unit has a goroutine"},
		{Name: "New", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "Pool.Queue", Role: Submitted, Task: First, Returns: ReturnsFuture},
		{Name: "Pool.Batch", Role: New, Bound: Bound{From: Inherited}},
		{Name: "Batch.Queue", Role: Submit, Task: First},
		{Name: "Batch.QueueComplete", Role: Seal, Why: "without it a range over Results never ends"},
		{Name: "Batch.Results", Role: AwaitChan, Returns: ReturnsChan, Lost: "a goroutine for each unit, when nobody drains it"},
		{Name: "Batch.WaitAll", Role: Wait, Blocks: UntilDone},
		{Name: "Pool.Close", Role: Close, Why: "does not wait"},
		{Name: "Pool.Cancel", Role: Close, Why: "does not wait"},
		{Name: "WorkUnit.Wait", Role: Await, Blocks: UntilDone},
		{Name: "WorkUnit.Value", Role: Poll, Why: "valid only after Wait"},
		{Name: "WorkUnit.Error", Role: Poll, Why: "valid only after Wait"},
		{Name: "WorkUnit.IsCancelled", Role: Poll},
	},
}
