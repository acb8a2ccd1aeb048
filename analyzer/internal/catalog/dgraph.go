package catalog

var badgerY = Library{
	Path:    "github.com/dgraph-io/badger/v4/y",
	Module:  "github.com/dgraph-io/badger/v4",
	Version: "v4.9.6",
	Types: []Type{
		{Name: "Throttle", Kind: Limiter, Waited: true, Nested: true, Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "NewThrottle", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeHangs, Negative: EdgePanics},
			Why:   "a channel of that size is the limit"},
		{Name: "Throttle.Do", Role: Acquire, Returns: ReturnsError, Blocks: WhenFull, Refuses: true,
			Why: "the error of an earlier task: then there is no token"},
		{Name: "Throttle.Done", Role: Release},
		{Name: "Throttle.Finish", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
	},
}

var ristrettoZ = Library{
	Path:    "github.com/dgraph-io/ristretto/v2/z",
	Module:  "github.com/dgraph-io/ristretto/v2",
	Version: "v2.4.2",
	Types: []Type{
		{Name: "Closer", Kind: Group, Why: "a stop signal and a WaitGroup: starts and bounds nothing"},
	},
	Funcs: []Func{
		{Name: "NewCloser", Role: New},
		{Name: "Closer.AddRunning", Role: Enter},
		{Name: "Closer.Done", Role: Leave},
		{Name: "Closer.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "Closer.Signal", Role: Stop},
		{Name: "Closer.SignalAndWait", Role: Wait, Blocks: UntilDone},
	},
}
