package catalog

var conc = Library{
	Path:    "github.com/sourcegraph/conc",
	Module:  "github.com/sourcegraph/conc",
	Version: "v0.3.0",
	Types: []Type{
		{Name: "WaitGroup", Kind: Group, Default: Bound{From: Unlimited}, Waited: true},
	},
	Funcs: []Func{
		{Name: "NewWaitGroup", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "WaitGroup.Go", Role: Submit, Task: First},
		{Name: "WaitGroup.Wait", Role: Wait, Blocks: UntilDone, Why: "panics again with what a task panicked with"},
		{Name: "WaitGroup.WaitAndRecover", Role: Wait, Blocks: UntilDone},
	},
}

var concPool = Library{
	Path:    "github.com/sourcegraph/conc/pool",
	Module:  "github.com/sourcegraph/conc",
	Version: "v0.3.0",
	Types: []Type{
		{Name: "Pool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true},
		{Name: "ErrorPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the errors"},
		{Name: "ContextPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the errors"},
		{Name: "ResultPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the results"},
		{Name: "ResultErrorPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the results and errors"},
		{Name: "ResultContextPool", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Nested: true, Lost: "the results and errors"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "NewWithResults", Role: New, Bound: Bound{From: Unlimited}},

		{Name: "Pool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "ErrorPool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "ContextPool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "ResultPool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "ResultErrorPool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "ResultContextPool.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},

		{Name: "Pool.WithErrors", Role: Convert},
		{Name: "Pool.WithContext", Role: Convert},
		{Name: "ErrorPool.WithContext", Role: Convert},
		{Name: "ErrorPool.WithFirstError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ContextPool.WithCancelOnError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ContextPool.WithFirstError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ResultPool.WithErrors", Role: Convert},
		{Name: "ResultPool.WithContext", Role: Convert},
		{Name: "ResultErrorPool.WithContext", Role: Convert},
		{Name: "ResultErrorPool.WithFirstError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ResultErrorPool.WithCollectErrored", Role: Convert, Returns: ReturnsSelf},
		{Name: "ResultContextPool.WithCancelOnError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ResultContextPool.WithFirstError", Role: Convert, Returns: ReturnsSelf},
		{Name: "ResultContextPool.WithCollectErrored", Role: Convert, Returns: ReturnsSelf},

		{Name: "ContextPool.WithFailFast", Role: Convert, Returns: ReturnsSelf, If: concReusable},
		{Name: "ResultContextPool.WithFailFast", Role: Convert, Returns: ReturnsSelf, If: concReusable},

		{Name: "Pool.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "ErrorPool.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "ContextPool.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "ResultPool.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "ResultErrorPool.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "ResultContextPool.Go", Role: Submit, Task: First, Blocks: WhenFull},

		{Name: "Pool.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "ErrorPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "ContextPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "ResultPool.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "ResultErrorPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "ResultContextPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},

		// Up to v0.3.0, which lacks WithFailFast, Go after Wait panics: send on closed channel.
		{Name: "Pool.Wait", Role: Wait, Blocks: UntilDone, Once: true, Unless: concReusable},
		{Name: "ErrorPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true, Unless: concReusable},
		{Name: "ContextPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true, Unless: concReusable},
		{Name: "ResultPool.Wait", Role: Wait, Blocks: UntilDone, Once: true, Unless: concReusable},
		{Name: "ResultErrorPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true, Unless: concReusable},
		{Name: "ResultContextPool.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone, Once: true, Unless: concReusable},
	},
}

var concStream = Library{
	Path:    "github.com/sourcegraph/conc/stream",
	Module:  "github.com/sourcegraph/conc",
	Version: "v0.3.0",
	Types: []Type{
		{Name: "Stream", Kind: Group, Default: Bound{From: FixedBound, Fixed: 2}, Waited: true, Nested: true,
			Why: "unlimited by its doc, but the queue of callbacks holds one: measured, two tasks run at a time"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Bound: Bound{From: FixedBound, Fixed: 2}},
		{Name: "Stream.WithMaxGoroutines", Role: SetBound, Returns: ReturnsSelf, Bound: concMax, Early: true},
		{Name: "Stream.Go", Role: Submit, Task: First, Blocks: WhenFull},
		{Name: "Stream.Wait", Role: Wait, Blocks: UntilDone, Once: true, Why: "closes the queue that Go sends to"},
	},
}

var concIter = Library{
	Path:    "github.com/sourcegraph/conc/iter",
	Module:  "github.com/sourcegraph/conc",
	Version: "v0.3.0",
	Types: []Type{
		{Name: "Iterator", Kind: Executor, Default: Bound{From: CPUs}},
		{Name: "Mapper", Kind: Executor, Default: Bound{From: CPUs}},
	},
	Funcs: []Func{
		{Name: "ForEach", Role: Map, Items: First, Task: Second, Bound: Bound{From: CPUs}, Blocks: UntilDone},
		{Name: "ForEachIdx", Role: Map, Items: First, Task: Second, Bound: Bound{From: CPUs}, Blocks: UntilDone},
		{Name: "Map", Role: Map, Items: First, Task: Second, Bound: Bound{From: CPUs}, Blocks: UntilDone},
		{Name: "MapErr", Role: Map, Items: First, Task: Second, Bound: Bound{From: CPUs}, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Iterator.ForEach", Role: Map, Items: First, Task: Second, Bound: Bound{From: Inherited}, Blocks: UntilDone},
		{Name: "Iterator.ForEachIdx", Role: Map, Items: First, Task: Second, Bound: Bound{From: Inherited}, Blocks: UntilDone},
		{Name: "Mapper.Map", Role: Map, Items: First, Task: Second, Bound: Bound{From: Inherited}, Blocks: UntilDone},
		{Name: "Mapper.MapErr", Role: Map, Items: First, Task: Second, Bound: Bound{From: Inherited}, Returns: ReturnsError, Blocks: UntilDone},
	},
	Fields: []Field{
		{Name: "Iterator.MaxGoroutines", Role: SetBound,
			Bound: Bound{From: FromValue, Zero: EdgeDefault, Negative: EdgeNothing},
			Why:   "0 is GOMAXPROCS; below 0 no element is visited, silently"},
		{Name: "Mapper.MaxGoroutines", Role: SetBound,
			Bound: Bound{From: FromValue, Zero: EdgeDefault, Negative: EdgeNothing}},
	},
}

var concMax = Bound{From: FromArg, Arg: First, Zero: EdgePanics, Negative: EdgePanics}

const concReusable = "ContextPool.WithFailFast"
