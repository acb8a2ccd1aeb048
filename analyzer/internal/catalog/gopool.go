package catalog

var bytedanceGopool = Library{
	Path:    "github.com/bytedance/gopkg/util/gopool",
	Module:  "github.com/bytedance/gopkg",
	Version: "v0.1.4",
	Types: []Type{
		{Name: "Pool", Kind: Executor, Queue: UnboundedQueue,
			Why: "no Wait, no Close, no error: idle workers end by themselves"},
	},
	Funcs: []Func{
		{Name: "NewPool", Role: New,
			Bound: Bound{From: FromArg, Arg: Second, Zero: EdgeDefault, Negative: EdgeDefault},
			Why:   "below 1 is one worker at a time"},
		{Name: "SetCap", Role: Resize, Shared: true, Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault}},
		{Name: "Pool.SetCap", Role: Resize, Bound: Bound{From: FromArg, Arg: First, Zero: EdgeDefault, Negative: EdgeDefault}},
		{Name: "Go", Role: Submit, Task: First, Shared: true, Bound: Bound{From: Unlimited},
			Why: "the default pool has math.MaxInt32 workers"},
		{Name: "CtxGo", Role: Submit, Task: Second, Shared: true, Bound: Bound{From: Unlimited},
			Why: "the context reaches the panic handler only"},
		{Name: "Pool.Go", Role: Submit, Task: First},
		{Name: "Pool.CtxGo", Role: Submit, Task: Second},
	},
}

var cloudwegoGopool = Library{
	Path:    "github.com/cloudwego/gopkg/concurrency/gopool",
	Module:  "github.com/cloudwego/gopkg",
	Version: "v0.1.4",
	Types: []Type{
		{Name: "GoPool", Kind: Executor, Default: Bound{From: Unlimited},
			Why: "what no idle worker takes gets a goroutine; measured: 100 running with MaxIdleWorkers 3"},
	},
	Funcs: []Func{
		{Name: "NewGoPool", Role: New, Bound: Bound{From: Unlimited}},
		{Name: "Go", Role: Submit, Task: First, Shared: true, Bound: Bound{From: Unlimited}},
		{Name: "CtxGo", Role: Submit, Task: Second, Shared: true, Bound: Bound{From: Unlimited}},
		{Name: "GoPool.Go", Role: Submit, Task: First},
		{Name: "GoPool.CtxGo", Role: Submit, Task: Second},
	},
	Fields: []Field{
		{Name: "Option.MaxIdleWorkers", Role: SetBound, Bound: Bound{From: Ignored}, Why: "bounds idle workers only"},
	},
}
