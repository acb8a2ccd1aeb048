package catalog

var korovkinLimiter = Library{
	Path:    "github.com/korovkin/limiter",
	Module:  "github.com/korovkin/limiter",
	Version: "004398a (2026-03)",
	Absent:  noModule,
	Types: []Type{
		{Name: "ConcurrencyLimiter", Kind: Group, Waited: true, Nested: true},
		{Name: "Concurrently", Kind: Group, Intent: IO, Waited: true, Nested: true, Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "NewConcurrencyLimiter", Role: New, Bound: korovkinLimit, Why: "below 1 is 100"},
		{Name: "NewConcurrencyLimiterForIO", Role: New, Bound: korovkinLimit},
		{Name: "ConcurrencyLimiter.Execute", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "ConcurrencyLimiter.ExecuteWithTicket", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "Concurrently.Execute", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFull},
		{Name: "ConcurrencyLimiter.WaitAndClose", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true},
		{Name: "Concurrently.WaitAndClose", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true},
		{Name: "Concurrently.FirstErrorGet", Role: Poll},
	},
}

var korovkinLimit = Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault}

var tidwallLimiter = Library{
	Path:    "github.com/tidwall/limiter",
	Module:  "github.com/tidwall/limiter",
	Version: "b6671f8 (2022)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Limiter", Kind: Limiter},
		{Name: "Queue", Kind: Executor, Default: Bound{From: Unlimited}, Queue: UnboundedQueue,
			Why: "a goroutine for each push, before the limit; measured: 99 for a limit of 2"},
		{Name: "Group", Kind: Group, Default: Bound{From: Unlimited}, Queue: UnboundedQueue},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgeUnlimited},
			Why: "Begin waits while as many run as the limit says: below 0 that is never so"},
		{Name: "Limiter.Begin", Role: Acquire, Blocks: WhenFull},
		{Name: "Limiter.End", Role: Release},
		{Name: "NewQueue", Role: New, Task: Second, Bound: Bound{From: Ignored, Arg: First}, Why: "bounds what runs, not the goroutines"},
		{Name: "NewGroup", Role: New, Task: Second, Bound: Bound{From: Ignored, Arg: First}, Why: "bounds what runs, not the goroutines"},
		{Name: "Queue.Push", Role: Submit},
		{Name: "Group.Send", Role: Submit},
		{Name: "Queue.Pop", Role: Await},
		{Name: "Queue.PopWait", Role: Await, Blocks: UntilDone},
		{Name: "Group.Recv", Role: Await, Blocks: UntilDone},
		{Name: "Group.Drain", Role: Wait, Blocks: UntilDone},
	},
}

var vitessSync2 = Library{
	Path:    "vitess.io/vitess/go/sync2",
	Module:  "vitess.io/vitess",
	Version: "25570f73",
	Absent:  noModule,
	Types: []Type{
		{Name: "Semaphore", Kind: Limiter},
	},
	Funcs: []Func{
		{Name: "NewSemaphore", Role: New, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "Semaphore.Acquire", Role: Acquire, Returns: ReturnsBool, Blocks: WhenFull, Refuses: true,
			Why: "gives up after the timeout of the semaphore"},
		{Name: "Semaphore.TryAcquire", Role: TryAcquire, Returns: ReturnsBool, Refuses: true},
		{Name: "Semaphore.Release", Role: Release},
	},
}
