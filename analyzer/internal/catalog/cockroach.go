package catalog

var cockroachStop = Library{
	Path:    "github.com/cockroachdb/cockroach/pkg/util/stop",
	Module:  "github.com/cockroachdb/cockroach",
	Version: "00c2509b (2023), handle.go 2dc9b8b4 (2025)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Stopper", Kind: Executor, Default: Bound{From: Unlimited},
			Why: "a goroutine for each task, none of its own: TaskOpts.Sem is the only limit"},
	},
	Funcs: []Func{
		{Name: "NewStopper", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "Stopper.RunAsyncTask", Role: Submit, Task: Third, Returns: ReturnsError, Why: "refuses only when stopping"},
		{Name: "Stopper.RunAsyncTaskEx", Role: Submit, Task: Third, Returns: ReturnsError, Blocks: WhenFullRare, Refuses: true,
			Why: "with TaskOpts.Sem it waits or refuses"},
		{Name: "Stopper.RunTask", Role: Run, Task: Third, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Stopper.RunTaskWithErr", Role: Run, Task: Third, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Handle.Activate", Role: Enter},
		{Name: "ActiveHandle.Release", Role: Leave},
		{Name: "Stopper.Stop", Role: Close, Blocks: UntilDone, Waits: true},
		{Name: "Stopper.Quiesce", Role: Close, Blocks: UntilDone, Waits: true},
	},
	Fields: []Field{
		{Name: "TaskOpts.Sem", Role: SetBound, Why: "a quota pool, shared by the tasks that name it; nil is no limit"},
	},
}
