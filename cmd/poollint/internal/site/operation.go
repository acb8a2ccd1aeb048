package site

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// operations is the category of the diagnostics that carry them.
const operations = "operation"

// The kinds of operations; Go and Submit are kinds of sites, too.
const (
	File    = "file"    // none: a file of the program
	Send    = "send"    // of a value, that waits for nothing else
	Receive = "receive" // likewise
	Range   = "range"   // receives until the channel is closed
	Select  = "select"  // waits for several
	Call    = "call"    // of a function by which goroutines wait for each other
)

// An Operation is a place where a goroutine begins or may wait, as stacks of the program show it.
type Operation struct {
	Kind     string   `json:"kind"`
	Symbol   string   `json:"symbol"`   // of the function around it, package main by its import path; empty: not known
	From     int      `json:"from"`     // that function's first line
	To       int      `json:"to"`       // and its last
	Lines    []int    `json:"lines"`    // those that a stack may give it
	Callee   string   `json:"callee"`   // symbol of the function called
	Starts   []string `json:"starts"`   // of Go and Submit: symbols of the tasks that begin here, as far as known
	Bodies   []int    `json:"bodies"`   // and their first lines; 0: in another package
	Deferred bool     `json:"deferred"` // it runs when the function ends
	On       string   `json:"on"`       // the channel, group or lock, as written
	Resource string   `json:"resource"` // which one it is, the same at all operations on it; empty: not known
	Cases    []Case   `json:"cases"`    // of Select
	Foreign  string   `json:"foreign"`  // how other packages come to the resource; empty: they do not
	Ignored  bool     `json:"ignored"`  // a directive silences what only a profile shows
	Main     bool     `json:"main"`     // of File: its package is a program
	Funcs    []Body   `json:"funcs"`    // of File: its functions and literals

	Package string           `json:"-"`
	Pos     finding.Position `json:"-"`
}

// A Body is a function or literal.
type Body struct {
	Name string `json:"name"` // in its package, as in a symbol: F, (*T).M, F.func1; empty: not known
	From int    `json:"from"` // line
	To   int    `json:"to"`
}

// A Case is one of those that a select waits for.
type Case struct {
	Kind     string `json:"kind"` // Send, Receive
	On       string `json:"on"`
	Resource string `json:"resource"`
}

// Operations picks the operations from what a run with -sites reported.
func Operations(fs []finding.Finding) []Operation {
	var all []Operation
	for _, f := range fs {
		text, ok := strings.CutPrefix(f.Message, operations+": ")
		var o Operation
		if f.Rule != operations || !ok || json.Unmarshal([]byte(text), &o) != nil {
			continue
		}
		o.Package, o.Pos = f.Package, f.Pos
		if len(o.Lines) == 0 {
			o.Lines = []int{o.Pos.Line}
		}
		all = append(all, o)
	}
	return all
}

// Does reports whether an operation, or a case of it, does something of a kind to a resource. A range
// receives.
func (o *Operation) Does(kind, resource string) bool {
	if o.Kind == kind && o.Resource == resource || o.Kind == Range && kind == Receive && o.Resource == resource {
		return true
	}
	return slices.ContainsFunc(o.Cases, func(c Case) bool { return c.Kind == kind && c.Resource == resource })
}
