package analyzer

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
	thousands = 10_000

	// What is read on and on: the lines of a file, the rows of a table, the messages of a queue that
	// filled up while somebody was away. And what costs a client nothing: a number.
	millions = 1_000_000
)

// plausible is how many elements there may be at once, by where they come from.
func plausible(x number.Number) int64 {
	switch x.Origin {
	case knowledge.Records, knowledge.Rows, knowledge.Messages, knowledge.Turns:
		return millions
	}
	return thousands
}

// footprint is what the task of a spawn holds while it waits, beyond its goroutine.
func (r *reporter) footprint(s *sites.Spawn) effects.Holding {
	e := r.effect(s)
	return e.Holds.With(effects.Part{What: "its own buffers", Bytes: r.buffers(s)})
}

// footprintOn is the largest footprint of the tasks that are started on what a call has limited.
func (r *reporter) footprintOn(limit *syntax.Call) effects.Holding {
	var largest effects.Holding
	for _, s := range r.pkg.Spawns {
		if s.Pool == nil || s.Task == nil || r.throttles.Limit(s.Pool).Call != limit {
			continue
		}
		if h := r.footprint(s); h.Bytes() > largest.Bytes() {
			largest = h
		}
	}
	return largest
}

// hold says what so many tasks hold, the most that plausibly wait at once.
func hold(n int64, task effects.Holding) string {
	many := "10,000"
	if n == millions {
		many = "a million"
	}
	s := many + " at once hold " + amount(n, task)
	for _, p := range task {
		if p.Thread {
			return s + ", and a thread each, of which a process may have 10,000"
		}
	}
	return s
}

// amount is what so many tasks hold: "about 610 MiB (io.Copy 32 KiB and http.Client.Do 25 KiB each)". Of
// tasks that hold nothing known it is the least.
func amount(n int64, task effects.Holding) string {
	all := footprint.About(total(n, task))
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

// total is what so many tasks hold with their goroutines.
func total(n int64, task effects.Holding) int64 {
	each := footprint.Goroutine + task.Bytes()
	if each > math.MaxInt64/n {
		return math.MaxInt64
	}
	return n * each
}

// buffers is what a task makes for itself with a known size.
func (r *reporter) buffers(s *sites.Spawn) int64 {
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
			t, ok := r.pass.TypesInfo.TypeOf(call).Underlying().(*types.Slice)
			if size := r.numbers.Int(call.Args[len(call.Args)-1]); ok && size.Exact && size.Max < math.MaxInt32 {
				sum += size.Max * syntax.Sizeof(r.pass.TypesSizes, t.Elem())
			}
		}
		return true
	})
	return sum
}
