package catalog

// Each stage has its own workers behind an unbuffered channel: a stream that nobody drains blocks
// them forever, so that its documentation asks for a deferred Discard.
var rill = Library{
	Path:    "github.com/destel/rill",
	Module:  "github.com/destel/rill",
	Version: "0526448 (2026-08-18)",
	Absent:  noModule,
	Funcs: []Func{
		{Name: "Map", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "OrderedMap", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "Filter", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "OrderedFilter", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "FilterMap", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "OrderedFilterMap", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "FlatMap", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "OrderedFlatMap", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "Catch", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "OrderedCatch", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "Split2", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost,
			Why: "returns two streams: both must be drained"},
		{Name: "OrderedSplit2", Role: Stream, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsChan, Lost: rillLost},
		{Name: "ForEach", Role: Map, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Any", Role: Map, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "All", Role: Map, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Reduce", Role: Map, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "MapReduce", Role: Map, Items: First, Task: Third, Bound: rillWorkers, Returns: ReturnsError, Blocks: UntilDone,
			Why: "the fourth and fifth arguments are workers and task of the reduction"},
		{Name: "ToSlice", Role: Await, Blocks: UntilDone},
		{Name: "Err", Role: Await, Blocks: UntilDone},
		{Name: "First", Role: Await, Blocks: UntilDone},
		{Name: "ToSeq2", Role: Await},
		{Name: "Discard", Role: Await},
		{Name: "Drain", Role: Await, Blocks: UntilDone},
		{Name: "DrainNB", Role: Await},
	},
}

var rillWorkers = Bound{From: FromArg, Arg: Second, Zero: EdgePanics, Negative: EdgePanics}

const rillLost = "the results and errors, and the stage's goroutines, which block forever"
