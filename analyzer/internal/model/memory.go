package model

import (
	"go/ast"
	"go/types"
	"math"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// How many there plausibly are at once, on the busy day that a message speaks of.
const (
	// What somebody sends in one request, keeps in one directory, or lists: each element has a name
	// that was typed, uploaded or created, and a body of a megabyte has room for ten thousand.
	Thousands = 10_000

	// What is read on and on: the lines of a file, the rows of a table, the messages of a queue that
	// filled up while somebody was away. And what costs a client nothing: a number.
	Millions = 1_000_000
)

// Plausible is how many elements there may be at once, by where they come from.
func Plausible(x number.Number) int64 {
	switch x.Origin {
	case knowledge.Records, knowledge.Rows, knowledge.Messages, knowledge.Turns:
		return Millions
	}
	return Thousands
}

// Footprint is what the task of a spawn holds while it waits, beyond its goroutine.
func (m *Model) Footprint(s *sites.Spawn) effects.Holding {
	e := m.Effect(s)
	return e.Holds.With(effects.Part{What: "its own buffers", Bytes: m.buffers(s)})
}

// FootprintOn is the largest footprint of the tasks that are started on what a call has limited.
func (m *Model) FootprintOn(limit *syntax.Call) effects.Holding {
	var largest effects.Holding
	for _, s := range m.Spawns {
		if s.Pool == nil || s.Task == nil || m.Throttles.Limit(s.Pool).Call != limit {
			continue
		}
		if h := m.Footprint(s); h.Bytes() > largest.Bytes() {
			largest = h
		}
	}
	return largest
}

// Hold says what so many tasks hold, the most that plausibly wait at once.
func Hold(n int64, task effects.Holding) string {
	many := "10,000"
	if n == Millions {
		many = "a million"
	}
	s := many + " at once hold " + Amount(n, task)
	for _, p := range task {
		if p.Thread {
			return s + ", and occupy a thread each, of which a process can have 10,000"
		}
	}
	return s
}

// Amount is what so many tasks hold: "about 610 MiB (io.Copy 32 KiB and http.Client.Do 25 KiB each)". Of
// tasks that hold nothing known it is the least.
func Amount(n int64, task effects.Holding) string {
	all := footprint.About(Total(n, task))
	if len(task) == 0 {
		return "at least " + all
	}
	const named = 2
	var parts []string
	for _, p := range task[:min(len(task), named)] {
		if p.Bytes >= task.Bytes()/8 {
			parts = append(parts, p.What+" "+footprint.About(p.Bytes))
		}
	}
	return "about " + all + " (" + strings.Join(parts, " and ") + " each)"
}

// Total is what so many tasks hold with their goroutines.
func Total(n int64, task effects.Holding) int64 {
	each := footprint.Goroutine + task.Bytes()
	if each > math.MaxInt64/n {
		return math.MaxInt64
	}
	return n * each
}

// buffers is what a task makes for itself with a known size.
func (m *Model) buffers(s *sites.Spawn) int64 {
	if s.Body == nil {
		return 0
	}
	var sum int64
	ast.Inspect(s.Body.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) < 2 {
			return true
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "make" {
			t, ok := m.Info.TypeOf(call).Underlying().(*types.Slice)
			if size := m.Numbers.Int(call.Args[len(call.Args)-1]); ok && size.Exact && size.Max < math.MaxInt32 {
				sum += size.Max * syntax.Sizeof(m.Sizes, t.Elem())
			}
		}
		return true
	})
	return sum
}
