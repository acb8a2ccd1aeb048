package catalog

var tomb = Library{
	Path:    "gopkg.in/tomb.v2",
	Module:  "gopkg.in/tomb.v2",
	Version: "v2.0.0-20161208151619-d5d1b5820637",
	Types: []Type{
		{Name: "Tomb", Kind: Group, Default: Bound{From: Unlimited}, Waited: true, Lost: "the first error"},
	},
	Funcs: []Func{
		{Name: "Tomb.Go", Role: Submit, Task: First, Why: "panics once all goroutines have ended"},
		{Name: "Tomb.Wait", Role: Wait, Returns: ReturnsError, Blocks: UntilDone},
		{Name: "Tomb.Dead", Role: AwaitChan, Returns: ReturnsChan},
		{Name: "Tomb.Kill", Role: Stop},
		{Name: "Tomb.Killf", Role: Stop, Returns: ReturnsError, Optional: true, Why: "the error is the one given"},
	},
}
