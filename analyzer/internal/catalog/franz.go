package catalog

var franz = Library{
	Path:    "github.com/twmb/franz-go/pkg/kgo",
	Module:  "github.com/twmb/franz-go",
	Version: "v1.22.2",
	Types: []Type{
		{Name: "Client", Kind: Executor, Default: Bound{From: FixedBound, Fixed: 50000}, Queue: BoundedQueue,
			Why: "sends records: its bound is of records in flight"},
	},
	Funcs: []Func{
		{Name: "Client.Produce", Role: Submit, Callback: Third, Blocks: WhenFull, Why: "blocking in the callback deadlocks"},
		{Name: "Client.TryProduce", Role: Submit, Callback: Third, Why: "when full, the callback hears of it"},
		{Name: "Client.ProduceSync", Role: Map, Items: Second, Bound: Bound{From: Inherited}, Blocks: UntilDone},
		{Name: "ProduceResults.FirstErr", Role: Poll},
		{Name: "ProduceResults.First", Role: Poll},
		{Name: "Client.Flush", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "MaxBufferedRecords", Role: Option, Queue: First},
	},
}
