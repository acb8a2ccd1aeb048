package catalog

// A code generator: either the directives or what is generated from them is in a build.
var cff = Library{
	Path:    "go.uber.org/cff",
	Module:  "go.uber.org/cff",
	Version: "4cdfe95 (2024)",
	Absent:  noModule,
	Funcs: []Func{
		{Name: "Flow", Role: Map, Bound: Bound{From: CPUs}, Returns: ReturnsError, Blocks: UntilDone, Why: "at least 4"},
		{Name: "Parallel", Role: Map, Bound: Bound{From: CPUs}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Concurrency", Role: Option, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "Task", Role: Option, Task: First},
		{Name: "Tasks", Role: Option, Task: First, Tasks: true},
		{Name: "Slice", Role: Option, Task: First},
		{Name: "Map", Role: Option, Task: First},
		{Name: "ContinueOnError", Role: Option},
	},
}

var cffScheduler = Library{
	Path:    "go.uber.org/cff/scheduler",
	Module:  "go.uber.org/cff",
	Version: "4cdfe95 (2024)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Scheduler", Kind: Group, Default: Bound{From: CPUs}, Queue: UnboundedQueue, Waited: true},
	},
	Funcs: []Func{
		{Name: "Scheduler.Enqueue", Role: Submit, Why: "the task is in the field Run of the job"},
		{Name: "Scheduler.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
	},
}
