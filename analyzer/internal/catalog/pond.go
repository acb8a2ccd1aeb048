package catalog

var pond = Library{
	Path:    "github.com/alitto/pond/v2",
	Module:  "github.com/alitto/pond/v2",
	Version: "v2.7.1",
	Types: []Type{
		{Name: "Pool", Kind: Executor, Queue: UnboundedQueue, Nested: true,
			Why: "an idle pool keeps no worker: not closing it leaks nothing; a nested Wait deadlocks: #56"},
		{Name: "ResultPool", Kind: Executor, Queue: UnboundedQueue, Nested: true},
		{Name: "BasePool", Kind: Executor, Queue: UnboundedQueue, Nested: true,
			Why: "Pool and ResultPool embed it: Stop, StopAndWait and Resize are its methods"},
		{Name: "TaskGroup", Kind: Group, Default: Bound{From: Inherited}, Queue: UnboundedQueue, Waited: true, Nested: true,
			Lost: "the first error, and panics"},
		{Name: "ResultTaskGroup", Kind: Group, Default: Bound{From: Inherited}, Queue: UnboundedQueue, Waited: true, Nested: true,
			Lost: "the results, the first error, and panics"},
		{Name: "Task", Kind: Future, Lost: "the error and the panic of the task"},
		{Name: "ResultTask", Kind: Future, Lost: "the result, the error and the panic of the task"},
		{Name: "Result", Kind: Future, Lost: "the result, the error and the panic of the task"},
	},
	Funcs: []Func{
		{Name: "NewPool", Role: New, Bound: pondMax, Why: "0 is no limit"},
		{Name: "NewResultPool", Role: New, Bound: pondMax},
		{Name: "Pool.NewSubpool", Role: New, Bound: pondSub, Why: "0 is the parent's limit; more than that panics"},
		{Name: "ResultPool.NewSubpool", Role: New, Bound: pondSub},
		{Name: "NewSubpool", Role: New, Bound: pondMax, Why: "of the default pool, which has no limit"},
		{Name: "Pool.NewGroup", Role: New, Bound: Bound{From: Inherited}},
		{Name: "Pool.NewGroupContext", Role: New, Bound: Bound{From: Inherited}},
		{Name: "ResultPool.NewGroup", Role: New, Bound: Bound{From: Inherited}},
		{Name: "ResultPool.NewGroupContext", Role: New, Bound: Bound{From: Inherited}},
		{Name: "NewGroup", Role: New, Bound: Bound{From: Unlimited}, Shared: true, Why: "on the default pool"},

		{Name: "WithQueueSize", Role: Option, Queue: First, Why: "without it the queue has no limit"},
		{Name: "WithNonBlocking", Role: Nonblock, Why: "only with WithQueueSize"},
		{Name: "WithContext", Role: Option},
		{Name: "WithoutPanicRecovery", Role: Option},
		{Name: "BasePool.Resize", Role: Resize, Bound: pondMax},

		{Name: "Pool.Go", Role: Submit, Task: First, Returns: ReturnsError, Blocks: WhenFullRare,
			Why: "nobody hears of a panic; refuses only when stopped, unless New was given a Nonblock option"},
		{Name: "Pool.Submit", Role: Submitted, Task: First, Returns: ReturnsFuture, Blocks: WhenFullRare},
		{Name: "Pool.SubmitErr", Role: Submitted, Task: First, Returns: ReturnsFuture, Blocks: WhenFullRare},
		{Name: "Pool.TrySubmit", Role: Submitted, Task: First, Returns: ReturnsFutureBool, Refuses: true},
		{Name: "Pool.TrySubmitErr", Role: Submitted, Task: First, Returns: ReturnsFutureBool, Refuses: true},
		{Name: "ResultPool.Submit", Role: Submitted, Task: First, Returns: ReturnsFuture, Blocks: WhenFullRare},
		{Name: "ResultPool.SubmitErr", Role: Submitted, Task: First, Returns: ReturnsFuture, Blocks: WhenFullRare},
		{Name: "ResultPool.TrySubmit", Role: Submitted, Task: First, Returns: ReturnsFutureBool, Refuses: true},
		{Name: "ResultPool.TrySubmitErr", Role: Submitted, Task: First, Returns: ReturnsFutureBool, Refuses: true},
		{Name: "Submit", Role: Submitted, Task: First, Returns: ReturnsFuture, Shared: true, Bound: Bound{From: Unlimited}},
		{Name: "SubmitErr", Role: Submitted, Task: First, Returns: ReturnsFuture, Shared: true, Bound: Bound{From: Unlimited}},
		{Name: "TaskGroup.Submit", Role: Submit, Task: First, Tasks: true, Returns: ReturnsSelf, Blocks: WhenFullRare},
		{Name: "TaskGroup.SubmitErr", Role: Submit, Task: First, Tasks: true, Returns: ReturnsSelf, Blocks: WhenFullRare},
		{Name: "ResultTaskGroup.Submit", Role: Submit, Task: First, Tasks: true, Returns: ReturnsSelf, Blocks: WhenFullRare},
		{Name: "ResultTaskGroup.SubmitErr", Role: Submit, Task: First, Tasks: true, Returns: ReturnsSelf, Blocks: WhenFullRare},

		{Name: "TaskGroup.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "ResultTaskGroup.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "TaskGroup.Done", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "ResultTaskGroup.Done", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "TaskGroup.Stop", Role: Cancel, Why: "drops what is queued"},
		{Name: "ResultTaskGroup.Stop", Role: Cancel},
		{Name: "BasePool.StopAndWait", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "BasePool.Stop", Role: Close, Returns: ReturnsFuture, Optional: true,
			Why: "its task ends when the pool's have: waiting is a choice"},

		{Name: "Task.Wait", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "ResultTask.Wait", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Result.Wait", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Task.Done", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "ResultTask.Done", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "Result.Done", Role: AwaitChan, Returns: ReturnsChan},
	},
}

var (
	pondMax = Bound{From: FromArg, Arg: First, Zero: EdgeUnlimited, Negative: EdgePanics}
	pondSub = Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgePanics}
)
