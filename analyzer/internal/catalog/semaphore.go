package catalog

var semaphore = Library{
	Path:    "golang.org/x/sync/semaphore",
	Module:  "golang.org/x/sync",
	Version: "v0.24.0",
	Types: []Type{
		{Name: "Weighted", Kind: Limiter},
	},
	Funcs: []Func{
		{Name: "NewWeighted", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics},
			Why:   "of size 0: Acquire waits until its context ends"},
		{Name: "Weighted.Acquire", Role: Acquire, Returns: ReturnsError, Blocks: WhenFull, Refuses: true,
			Why: "the context can end first: then there is no token, and Release panics"},
		{Name: "Weighted.TryAcquire", Role: TryAcquire, Returns: ReturnsBool, Refuses: true},
		{Name: "Weighted.Release", Role: Release},
	},
}
