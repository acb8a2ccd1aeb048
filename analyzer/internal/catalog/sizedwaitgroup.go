package catalog

var sizedwaitgroup = Library{
	Path:    "github.com/remeh/sizedwaitgroup",
	Module:  "github.com/remeh/sizedwaitgroup",
	Version: "v1.0.0",
	Types: []Type{
		{Name: "SizedWaitGroup", Kind: Limiter, Waited: true, Nested: true},
	},
	Funcs: []Func{
		{Name: "New", Role: New,
			Bound: Bound{From: FromArg, Arg: First, Zero: EdgeUnlimited, Negative: EdgeUnlimited},
			Why:   "below 1 is math.MaxInt32"},
		{Name: "SizedWaitGroup.Add", Role: Acquire, Blocks: WhenFull},
		{Name: "SizedWaitGroup.AddWithContext", Role: Acquire, Returns: ReturnsError, Blocks: WhenFull, Refuses: true},
		{Name: "SizedWaitGroup.Done", Role: Release},
		{Name: "SizedWaitGroup.Wait", Role: Wait, Blocks: UntilDone},
	},
}

var projectdiscoverySync = Library{
	Path:    "github.com/projectdiscovery/utils/sync",
	Module:  "github.com/projectdiscovery/utils",
	Version: "06e9b1bb",
	Absent:  noModule,
	Types: []Type{
		{Name: "AdaptiveWaitGroup", Kind: Limiter, Intent: IO, Waited: true, Nested: true, Why: "of scanners"},
	},
	Funcs: []Func{
		{Name: "New", Role: New, Why: "without WithSize, Add dereferences nil"},
		{Name: "WithSize", Role: Option, Bound: Bound{From: FromArg, Arg: First, Negative: EdgeError}},
		{Name: "AdaptiveWaitGroup.Add", Role: Acquire, Blocks: WhenFull},
		{Name: "AdaptiveWaitGroup.AddWithContext", Role: Acquire, Blocks: WhenFull},
		{Name: "AdaptiveWaitGroup.Done", Role: Release},
		{Name: "AdaptiveWaitGroup.Wait", Role: Wait, Blocks: UntilDone},
		{Name: "AdaptiveWaitGroup.Resize", Role: Resize, Bound: Bound{From: FromArg, Arg: Second}},
	},
}
