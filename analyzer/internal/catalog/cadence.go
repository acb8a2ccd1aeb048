package catalog

// As temporal, from which it differs in NewBatchFuture.
var cadence = Library{
	Path:    "go.uber.org/cadence/workflow",
	Module:  "go.uber.org/cadence",
	Version: "b8612d49 (2026-06-11)",
	Absent:  noModule,
	Types: []Type{
		{Name: "BatchFuture", Kind: Future, Lost: "the errors; the workflow may complete first"},
	},
	Funcs: []Func{
		{Name: "Go", Role: Start, Task: Second},
		{Name: "GoNamed", Role: Start, Task: Third},
		{Name: "ExecuteActivity", Role: Start, Returns: ReturnsFuture},
		{Name: "ExecuteLocalActivity", Role: Start, Returns: ReturnsFuture},
		{Name: "ExecuteChildWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "RequestCancelExternalWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "SignalExternalWorkflow", Role: Start, Returns: ReturnsFuture},
		{Name: "NewTimer", Role: Start, Returns: ReturnsFuture, Lost: "the timer: nothing happens when it ends"},
		{Name: "NewFuture", Role: New, Why: "future and settable: nothing runs yet"},
		{Name: "NewBatchFuture", Role: Start, Bound: Bound{From: FromArg, Arg: Second}, Returns: ReturnsFutureError,
			Why: "the only bounded fan-out"},
		{Name: "BatchFuture.Get", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
	},
}

// The types of package workflow are aliases of these.
var cadenceInternal = Library{
	Path:    "go.uber.org/cadence/internal",
	Module:  "go.uber.org/cadence",
	Version: "b8612d49 (2026-06-11)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Future", Kind: Future, Lost: "the error; the workflow may complete first"},
	},
	Funcs: []Func{
		{Name: "Future.Get", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Future.IsReady", Role: Poll},
	},
}
