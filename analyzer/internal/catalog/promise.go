package catalog

var promise = Library{
	Path:    "github.com/chebyrash/promise",
	Module:  "github.com/chebyrash/promise",
	Version: "42ec49b (2023-07)",
	Absent:  noModule,
	Types: []Type{
		{Name: "Promise", Kind: Future, Lost: "the result, the error and the panic"},
		{Name: "Pool", Kind: Executor, Nested: true, Why: "what Then, All and Race wait for runs on the same pool: a small one deadlocks"},
	},
	Funcs: []Func{
		{Name: "New", Role: Submitted, Task: First, Returns: ReturnsFuture, Bound: Bound{From: Unlimited}, Why: "a goroutine each"},
		{Name: "Then", Role: Chain, Task: Third, Returns: ReturnsFuture},
		{Name: "Catch", Role: Chain, Task: Third, Returns: ReturnsFuture},
		{Name: "All", Role: Combine, Returns: ReturnsFuture},
		{Name: "Race", Role: Combine, Returns: ReturnsFuture},
		{Name: "NewWithPool", Role: Submitted, Task: First, Executor: Second, Returns: ReturnsFuture, Blocks: WhenFull},
		{Name: "ThenWithPool", Role: Chain, Task: Third, Executor: Fourth, Returns: ReturnsFuture, Blocks: WhenFull},
		{Name: "CatchWithPool", Role: Chain, Task: Third, Executor: Fourth, Returns: ReturnsFuture, Blocks: WhenFull},
		{Name: "AllWithPool", Role: Combine, Executor: Second, Returns: ReturnsFuture, Blocks: WhenFull},
		{Name: "RaceWithPool", Role: Combine, Executor: Second, Returns: ReturnsFuture, Blocks: WhenFull},
		{Name: "FromConcPool", Role: Convert, Executor: First},
		{Name: "FromAntsPool", Role: Convert, Executor: First, Why: "drops the errors of Submit: the promise then never settles"},
		{Name: "Promise.Await", Role: Await, Returns: ReturnsError, Blocks: UntilDone},
	},
}
