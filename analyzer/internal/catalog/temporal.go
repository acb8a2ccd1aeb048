package catalog

// Workflow code is run by the engine, one coroutine at a time, and replayed: workflow.Go starts no
// goroutine, and bounds and CPU are the engine's business. What counts is that futures are awaited.
var temporal = Library{
	Path:    "go.temporal.io/sdk/workflow",
	Module:  "go.temporal.io/sdk",
	Version: "v1.50.0",
	Funcs: []Func{
		{Name: "Go", Role: Start, Task: Second},
		{Name: "GoNamed", Role: Start, Task: Third},
		{Name: "ExecuteActivity", Role: Start, Returns: ReturnsFuture},
		{Name: "ExecuteLocalActivity", Role: Start, Returns: ReturnsFuture},
		{Name: "ExecuteChildWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "RequestCancelExternalWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "SignalExternalWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "NewTimer", Role: Start, Returns: ReturnsFuture, Lost: "the timer: nothing happens when it ends"},
		{Name: "NewTimerWithOptions", Role: Start, Returns: ReturnsFuture, Lost: "the timer: nothing happens when it ends"},
		{Name: "Await", Role: Wait, Callback: Second, Blocks: UntilDone, Why: "until the condition holds: a future that it asks is awaited"},
		{Name: "AwaitWithTimeout", Role: Wait, Callback: Third, Blocks: UntilDone, Why: "likewise"},
		{Name: "AwaitWithOptions", Role: Wait, Callback: Third, Blocks: UntilDone, Why: "likewise"},
		{Name: "NewFuture", Role: New, Why: "future and settable: nothing runs yet"},
	},
}

// The types of package workflow are aliases of these.
var temporalInternal = Library{
	Path:    "go.temporal.io/sdk/internal",
	Module:  "go.temporal.io/sdk",
	Version: "v1.50.0",
	Types: []Type{
		{Name: "Future", Kind: Future, Lost: "the error; the workflow may complete first"},
		{Name: "ChildWorkflowFuture", Kind: Future,
			Lost: "the error; the child may never start, if the parent completes first"},
		{Name: "NexusOperationFuture", Kind: Future, Lost: "the error; the workflow may complete first"},
	},
	Funcs: []Func{
		{Name: "Future.Get", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Future.IsReady", Role: Poll},
		{Name: "ChildWorkflowFuture.GetChildWorkflowExecution", Role: Await, Returns: ReturnsFuture, Optional: true,
			Why: "awaiting that the child has started is enough: it may outlive the parent"},
		{Name: "ChildWorkflowFuture.SignalChildWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "Selector.AddFuture", Role: Combine, Callback: Second, Returns: ReturnsSelf,
			Why: "awaited once Select runs"},
		{Name: "Selector.Select", Role: Wait, Blocks: UntilDone},
		{Name: "WaitGroup.Go", Role: Start, Task: Second},
		{Name: "WaitGroup.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "WaitGroup.Add", Role: Enter},
		{Name: "WaitGroup.Done", Role: Leave},
		{Name: "Settable.Set", Role: Settle},
		{Name: "Settable.SetValue", Role: Settle},
		{Name: "Settable.SetError", Role: Settle},
		{Name: "Settable.Chain", Role: Combine},
	},
}
