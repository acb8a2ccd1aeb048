package catalog

var k8sWorkqueue = Library{
	Path:    "k8s.io/client-go/util/workqueue",
	Module:  "k8s.io/client-go",
	Version: "v0.37.2",
	Funcs: []Func{
		{Name: "ParallelizeUntil", Role: Map, Items: Third, Task: Fourth, Blocks: UntilDone,
			Bound: Bound{From: FromArg, Arg: Second, Zero: EdgeNothing, Negative: EdgePanics},
			Why:   "Items is a count; with 0 workers nothing runs, silently"},
		{Name: "WithChunkSize", Role: Option},
	},
}

var k8sWait = Library{
	Path:    "k8s.io/apimachinery/pkg/util/wait",
	Module:  "k8s.io/apimachinery",
	Version: "v0.37.2",
	Types: []Type{
		{Name: "Group", Kind: Group, Default: Bound{From: Unlimited}, Waited: true},
	},
	Funcs: []Func{
		{Name: "Group.Start", Role: Submit, Task: First},
		{Name: "Group.StartWithContext", Role: Submit, Task: Second},
		{Name: "Group.StartWithChannel", Role: Submit, Task: Second},
		{Name: "Group.Wait", Role: Wait, Blocks: UntilDone},
	},
}

var k8sErrors = Library{
	Path:    "k8s.io/apimachinery/pkg/util/errors",
	Module:  "k8s.io/apimachinery",
	Version: "v0.37.2",
	Funcs: []Func{
		{Name: "AggregateGoroutines", Role: Map, Task: First, Tasks: true, Bound: Bound{From: Unlimited},
			Returns: ReturnsError, Blocks: UntilDone},
	},
}
