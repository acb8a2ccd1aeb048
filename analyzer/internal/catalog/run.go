package catalog

var oklogRun = Library{
	Path:    "github.com/oklog/run",
	Module:  "github.com/oklog/run",
	Version: "v1.2.0",
	Types: []Type{
		{Name: "Group", Kind: Group, Waited: true,
			Why: "long-lived actors, as many as the program has parts: nothing runs before Run"},
	},
	Funcs: []Func{
		{Name: "Group.Add", Role: Submit, Task: First},
		{Name: "Group.Run", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
	},
}
