package catalog

var devchatGopool = Library{
	Path:    "github.com/devchat-ai/gopool",
	Module:  "github.com/devchat-ai/gopool",
	Version: "ca3320f (2023-09)",
	Absent:  noModule,
	Types: []Type{
		{Name: "GoPool", Kind: Executor, Queue: BoundedQueue, Closed: true, Waited: true, Nested: true,
			Why: "all workers start at once; the queue is a channel of a million slots, 8 MB"},
	},
	Funcs: []Func{
		{Name: "NewGoPool", Role: New, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "WithTaskQueueSize", Role: Option, Queue: First},
		{Name: "WithMinWorkers", Role: Option},
		{Name: "WithTimeout", Role: Option, Why: "the worker of a task that runs out never ends: Wait hangs"},
		{Name: "WithRetryCount", Role: Option},
		{Name: "WithResultCallback", Role: Handler, Callback: First},
		{Name: "WithErrorCallback", Role: Handler, Callback: First},
		{Name: "WithLock", Role: Option},
		{Name: "GoPool.AddTask", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "GoPool.Wait", Role: Wait, Blocks: UntilDone, Why: "looks every 50 ms"},
		{Name: "GoPool.Release", Role: Close, Blocks: UntilDone, Waits: true},
	},
}
