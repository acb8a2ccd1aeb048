package catalog

var pulsar = Library{
	Path:    "github.com/apache/pulsar-client-go/pulsar",
	Module:  "github.com/apache/pulsar-client-go",
	Version: "v0.19.0",
	Types: []Type{
		{Name: "Producer", Kind: Executor, Default: Bound{From: FixedBound, Fixed: 1000}, Queue: BoundedQueue,
			Why: "sends messages: its bound is of messages in flight; Close before Flush drops them"},
	},
	Funcs: []Func{
		{Name: "Producer.SendAsync", Role: Submit, Callback: Third, Blocks: WhenFull},
		{Name: "Producer.Flush", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Producer.FlushWithCtx", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Producer.Close", Role: Close},
	},
}
