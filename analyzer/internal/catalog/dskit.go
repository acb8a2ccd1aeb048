package catalog

var dskit = Library{
	Path:    "github.com/grafana/dskit/concurrency",
	Module:  "github.com/grafana/dskit",
	Version: "v0.0.0-20260703122047-de1ec7541c44",
	Types: []Type{
		{Name: "ReusableGoroutinesPool", Kind: Executor, Default: Bound{From: Unlimited}, Closed: true,
			Why: "what no idle worker takes gets a goroutine; measured: 100 running with size 3"},
		{Name: "LimitedConcurrencySingleFlight", Kind: Executor},
	},
	Funcs: []Func{
		{Name: "ForEachJob", Role: Map, Items: Second, Task: Fourth, Returns: ReturnsError, Blocks: UntilDone,
			Bound: Bound{From: FromArg, Arg: Third, Zero: EdgeUnlimited, Negative: EdgeUnlimited},
			Why:   "Items is a count; below 1 all jobs run at once"},
		{Name: "ForEach", Role: Map, Items: Second, Task: Fourth, Returns: ReturnsError, Blocks: UntilDone,
			Bound: Bound{From: FromArg, Arg: Third, Zero: EdgeUnlimited, Negative: EdgeUnlimited}},
		{Name: "ForEachJobMergeResults", Role: Map, Items: Second, Task: Fourth, Returns: ReturnsError, Blocks: UntilDone,
			Bound: Bound{From: FromArg, Arg: Third, Zero: EdgeUnlimited, Negative: EdgeUnlimited}},
		{Name: "ForEachUser", Role: Map, Items: Second, Task: Fourth, Returns: ReturnsError, Blocks: UntilDone,
			Bound: Bound{From: FromArg, Arg: Third, Zero: EdgeNothing, Negative: EdgeNothing},
			Why:   "below 1 no user is visited, and the error is nil"},
		{Name: "NewReusableGoroutinesPool", Role: New, Bound: Bound{From: Ignored, Arg: First},
			Why: "the size bounds reused workers only"},
		{Name: "ReusableGoroutinesPool.Go", Role: Submit, Task: First},
		{Name: "ReusableGoroutinesPool.Close", Role: Close, Why: "does not wait"},
		{Name: "NewLimitedConcurrencySingleFlight", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics}},
		{Name: "LimitedConcurrencySingleFlight.ForEachNotInFlight", Role: Map, Items: Second, Task: Third,
			Bound: Bound{From: Inherited}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "LimitedConcurrencySingleFlight.Wait", Role: Wait, Blocks: UntilDone},
	},
}
