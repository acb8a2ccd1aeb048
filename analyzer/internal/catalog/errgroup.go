package catalog

var errgroup = Library{
	Path:    "golang.org/x/sync/errgroup",
	Module:  "golang.org/x/sync",
	Version: "v0.24.0",
	Types: []Type{
		{Name: "Group", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true,
			Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "WithContext", Role: New},
		{Name: "Group.SetLimit", Role: SetBound, Early: true,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgeUnlimited},
			Why:   "SetLimit(0) blocks every later Go; it panics while goroutines are active"},
		{Name: "Group.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "Group.TryGo", Role: Submit, Task: First, Returns: ReturnsBool, Refuses: true},
		{Name: "Group.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
	},
}
