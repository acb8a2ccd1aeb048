package catalog

var lo = Library{
	Path:    "github.com/samber/lo",
	Module:  "github.com/samber/lo",
	Version: "v1.53.0",
	Funcs: []Func{
		{Name: "Async", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the result",
			Why: "a goroutine each; the channel has a buffer of one and is never closed"},
		{Name: "Async0", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the end of the task"},
		{Name: "Async1", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the result"},
		{Name: "Async2", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the results"},
		{Name: "Async3", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the results"},
		{Name: "Async4", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the results"},
		{Name: "Async5", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the results"},
		{Name: "Async6", Role: Submitted, Task: First, Returns: ReturnsChan, Bound: Bound{From: Unlimited}, Lost: "the results"},
	},
}

// A goroutine for each element, and no way to say how many.
var loParallel = Library{
	Path:    "github.com/samber/lo/parallel",
	Module:  "github.com/samber/lo",
	Version: "v1.53.0",
	Funcs: []Func{
		{Name: "Map", Role: Map, Items: First, Task: Second, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
		{Name: "ForEach", Role: Map, Items: First, Task: Second, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
		{Name: "Times", Role: Map, Items: First, Task: Second, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
		{Name: "GroupBy", Role: Map, Items: First, Task: Second, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
		{Name: "PartitionBy", Role: Map, Items: First, Task: Second, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
	},
}
