package catalog

var hugoPara = Library{
	Path:    "github.com/gohugoio/hugo/common/para",
	Module:  "github.com/gohugoio/hugo",
	Version: "v0.160.0",
	Types: []Type{
		{Name: "Workers", Kind: Executor, Nested: true, Why: "one semaphore for all its runners"},
		{Name: "Runner", Kind: Group, Default: Bound{From: Inherited}, Waited: true, Nested: true, Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics},
			Why: "with 0 Run blocks until its context ends"},
		{Name: "Workers.Start", Role: New, Bound: Bound{From: Inherited}},
		{Name: "Runner.Run", Role: Submit, Task: First, Blocks: WhenFull,
			Why: "when the context has ended it drops the task: Wait has the error"},
		{Name: "Runner.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
	},
}
