package catalog

var syncWaitGroup = Library{
	Path:    "sync",
	Version: "go1.26.8",
	Types: []Type{
		{Name: "WaitGroup", Kind: Group, Default: Bound{From: Unlimited}, Waited: true,
			Why: "one goroutine per Go; a limit was asked for and declined: golang/go#75317"},
	},
	Funcs: []Func{
		{Name: "WaitGroup.Go", Role: Submit, Task: First},
		{Name: "WaitGroup.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "WaitGroup.Add", Role: Enter},
		{Name: "WaitGroup.Done", Role: Leave},
	},
}
