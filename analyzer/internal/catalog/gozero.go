package catalog

var gozeroThreading = Library{
	Path:    "github.com/zeromicro/go-zero/core/threading",
	Module:  "github.com/zeromicro/go-zero",
	Version: "v1.10.3",
	Types: []Type{
		{Name: "RoutineGroup", Kind: Group, Default: Bound{From: Unlimited}, Waited: true},
		{Name: "TaskRunner", Kind: Group, Waited: true, Nested: true},
		{Name: "StableRunner", Kind: Group, Default: Bound{From: CPUs}, Waited: true, Nested: true,
			Lost: "the results"},
		{Name: "WorkerGroup", Kind: Group, Why: "one job, run by so many goroutines: Start waits"},
	},
	Funcs: []Func{
		{Name: "GoSafe", Role: Submit, Task: First, Bound: Bound{From: Unlimited}, Why: "a goroutine each, panics logged"},
		{Name: "GoSafeCtx", Role: Submit, Task: Second, Bound: Bound{From: Unlimited}},
		{Name: "NewRoutineGroup", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "RoutineGroup.Run", Role: Submit, Task: First},
		{Name: "RoutineGroup.RunSafe", Role: Submit, Task: First},
		{Name: "RoutineGroup.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "NewTaskRunner", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics},
			Why:   "a channel of that size is the limit: with 0 Schedule blocks forever"},
		{Name: "TaskRunner.Schedule", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "TaskRunner.ScheduleImmediately", Role: Submit, Task: First, Returns: ReturnsError, Refuses: true},
		{Name: "TaskRunner.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "NewStableRunner", Role: New, Task: First, Bound: Bound{From: CPUs}},
		{Name: "StableRunner.Push", Role: Submit, Returns: ReturnsError, Blocks: WhenFull, Why: "refuses only after Wait"},
		{Name: "StableRunner.Get", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "StableRunner.Wait", Role: Wait, Blocks: UntilDone, Once: true, Why: "until every result is taken with Get"},
		{Name: "NewWorkerGroup", Role: New, Task: First,
			Bound: Bound{From: FromArg, Arg: Second, Zero: EdgeNothing, Negative: EdgeNothing}},
		{Name: "WorkerGroup.Start", Role: Map, Bound: Bound{From: Inherited}, Blocks: UntilDone},
	},
}

var gozeroMR = Library{
	Path:    "github.com/zeromicro/go-zero/core/mr",
	Module:  "github.com/zeromicro/go-zero",
	Version: "v1.10.3",
	Funcs: []Func{
		{Name: "Finish", Role: Map, Task: First, Tasks: true, Bound: Bound{From: Unlimited}, Returns: ReturnsError, Blocks: UntilDone,
			Why: "as many workers as functions"},
		{Name: "FinishVoid", Role: Map, Task: First, Tasks: true, Bound: Bound{From: Unlimited}, Blocks: UntilDone},
		{Name: "ForEach", Role: Map, Items: First, Task: Second, Bound: Bound{From: FixedBound, Fixed: 16}, Blocks: UntilDone},
		{Name: "MapReduce", Role: Map, Items: First, Task: Second, Bound: Bound{From: FixedBound, Fixed: 16}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "MapReduceVoid", Role: Map, Items: First, Task: Second, Bound: Bound{From: FixedBound, Fixed: 16}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "MapReduceChan", Role: Map, Items: First, Task: Second, Bound: Bound{From: FixedBound, Fixed: 16}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "WithWorkers", Role: Option,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault}, Why: "below 1 is one worker"},
	},
}

var gozeroFx = Library{
	Path:    "github.com/zeromicro/go-zero/core/fx",
	Module:  "github.com/zeromicro/go-zero",
	Version: "v1.10.3",
	Funcs: []Func{
		{Name: "Parallel", Role: Map, Task: First, Tasks: true, Bound: Bound{From: Unlimited}, Blocks: UntilDone,
			Why: "a goroutine for each function"},
		{Name: "ParallelErr", Role: Map, Task: First, Tasks: true, Bound: Bound{From: Unlimited}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Stream.Walk", Role: Stream, Task: First, Bound: Bound{From: FixedBound, Fixed: 16}},
		{Name: "Stream.Map", Role: Stream, Task: First, Bound: Bound{From: FixedBound, Fixed: 16}},
		{Name: "Stream.Filter", Role: Stream, Task: First, Bound: Bound{From: FixedBound, Fixed: 16}},
		{Name: "Stream.Parallel", Role: Map, Task: First, Bound: Bound{From: FixedBound, Fixed: 16}, Blocks: UntilDone},
		{Name: "WithWorkers", Role: Option,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault}, Why: "below 1 is one worker"},
		{Name: "UnlimitedWorkers", Role: Option, Bound: Bound{From: Unlimited}},
	},
}
