package catalog

var singleflight = Library{
	Path:    "golang.org/x/sync/singleflight",
	Module:  "golang.org/x/sync",
	Version: "v0.24.0",
	Types: []Type{
		{Name: "Group", Kind: Executor, Default: Bound{From: Unlimited},
			Why: "one task per distinct key in flight"},
	},
	Funcs: []Func{
		{Name: "Group.Do", Role: Run, Task: Second, Blocks: UntilDone},
		{Name: "Group.DoChan", Role: Submitted, Task: Second, Returns: ReturnsChan, Lost: "the result and the error",
			Why: "one goroutine per distinct key; the channel has a buffer of one and is never closed"},
	},
}
