package catalog

var nats = Library{
	Path:    "github.com/nats-io/nats.go",
	Module:  "github.com/nats-io/nats.go",
	Version: "v1.55.0",
	Types: []Type{
		{Name: "PubAckFuture", Kind: Future, Lost: "whether the server has stored the message", Receipt: true},
	},
	Funcs: []Func{
		{Name: "JetStream.PublishAsync", Role: Submitted, Returns: ReturnsFutureError, Blocks: WhenFull, Refuses: true,
			Why: "with 4000 pending it waits 200 ms, then refuses"},
		{Name: "JetStream.PublishMsgAsync", Role: Submitted, Returns: ReturnsFutureError, Blocks: WhenFull, Refuses: true},
		{Name: "PubAckFuture.Ok", Role: AwaitChan, Returns: ReturnsChan, Why: "stays silent on failure: select on Err too"},
		{Name: "PubAckFuture.Err", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "PubAckFuture.Msg", Role: Poll, Why: "the message that was sent"},
		{Name: "JetStream.PublishAsyncComplete", Role: AwaitAll, Returns: ReturnsChan},
		{Name: "JetStream.PublishAsyncPending", Role: Poll},
		{Name: "PublishAsyncErrHandler", Role: Handler, Callback: First},
		{Name: "PublishAsyncMaxPending", Role: Option, Queue: First},
	},
}

var natsJetStream = Library{
	Path:    "github.com/nats-io/nats.go/jetstream",
	Module:  "github.com/nats-io/nats.go",
	Version: "v1.55.0",
	Types: []Type{
		{Name: "PubAckFuture", Kind: Future, Lost: "whether the server has stored the message", Receipt: true},
	},
	Funcs: []Func{
		{Name: "Publisher.PublishAsync", Role: Submitted, Returns: ReturnsFutureError, Blocks: WhenFull, Refuses: true,
			Why: "with 4000 pending it waits 200 ms, then refuses"},
		{Name: "Publisher.PublishMsgAsync", Role: Submitted, Returns: ReturnsFutureError, Blocks: WhenFull, Refuses: true},
		{Name: "PubAckFuture.Ok", Role: AwaitChan, Returns: ReturnsChan, Why: "stays silent on failure: select on Err too"},
		{Name: "PubAckFuture.Err", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "PubAckFuture.Msg", Role: Poll, Why: "the message that was sent"},
		{Name: "Publisher.PublishAsyncComplete", Role: AwaitAll, Returns: ReturnsChan},
		{Name: "Publisher.PublishAsyncPending", Role: Poll},
		{Name: "WithPublishAsyncErrHandler", Role: Handler, Callback: First},
		{Name: "WithPublishAsyncAckHandler", Role: Handler, Callback: First},
		{Name: "WithPublishAsyncMaxPending", Role: Option, Queue: First},
	},
}
