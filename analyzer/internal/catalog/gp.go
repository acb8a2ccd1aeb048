package catalog

var gp = Library{
	Path:    "github.com/tiancaiamao/gp",
	Module:  "github.com/tiancaiamao/gp",
	Version: "v0.0.0-20221230034425-4025bc8a4d4a",
	Types: []Type{
		{Name: "Pool", Kind: Executor, Default: Bound{From: Unlimited},
			Why: "what no idle worker takes gets a goroutine; measured: 100 running with n 3"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Bound: Bound{From: Ignored, Arg: First}, Why: "n bounds idle workers only"},
		{Name: "Pool.Go", Role: Submit, Task: First, Why: "after Close it drops the task, and nobody is told"},
		{Name: "Pool.Close", Role: Close, Why: "does not wait"},
	},
}

var tikv = Library{
	Path:    "github.com/tikv/client-go/v2/tikv",
	Module:  "github.com/tikv/client-go/v2",
	Version: "b75f6efa (2026-08)",
	Absent:  "the module to be had is older than Spool",
	Types: []Type{
		{Name: "Spool", Kind: Executor, Default: Bound{From: Unlimited}, Why: "as gp.Pool"},
	},
	Funcs: []Func{
		{Name: "NewSpool", Role: New, Bound: Bound{From: Ignored, Arg: First}, Why: "n bounds idle workers only"},
		{Name: "Spool.Run", Role: Submit, Task: First},
	},
}

var tikvUtil = Library{
	Path:    "github.com/tikv/client-go/v2/util",
	Module:  "github.com/tikv/client-go/v2",
	Version: "b75f6efa (2026-08)",
	Absent:  "the module to be had is older",
	Types: []Type{
		{Name: "RateLimit", Kind: Limiter, Why: "tokens, in spite of its name"},
	},
	Funcs: []Func{
		{Name: "NewRateLimit", Role: New, Bound: Bound{From: FromArg, Arg: First}},
		{Name: "RateLimit.GetToken", Role: Acquire, Blocks: WhenFull, Why: "true says that done was closed first: there is no token"},
		{Name: "RateLimit.PutToken", Role: Release},
	},
}
