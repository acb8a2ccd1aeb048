package catalog

var workivaFutures = Library{
	Path:    "github.com/Workiva/go-datastructures/futures",
	Module:  "github.com/Workiva/go-datastructures",
	Version: "v1.1.7",
	Types: []Type{
		{Name: "Future", Kind: Future, Lost: "the result and the error"},
		{Name: "Selectable", Kind: Future, Lost: "the result and the error"},
	},
	Funcs: []Func{
		{Name: "New", Role: Submitted, Returns: ReturnsFuture, Bound: Bound{From: Unlimited},
			Why: "a goroutine each, until the channel delivers or the timeout ends; a later sender on an unbuffered one blocks forever"},
		{Name: "NewSelectable", Role: New, Why: "nothing runs yet: who never fills it blocks GetResult forever"},
		{Name: "Future.GetResult", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Future.HasResult", Role: Poll},
		{Name: "Selectable.GetResult", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Selectable.WaitChan", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "Selectable.Fill", Role: Settle},
		{Name: "Selectable.SetValue", Role: Settle},
		{Name: "Selectable.SetError", Role: Settle},
		{Name: "Selectable.Cancel", Role: Settle},
	},
}
