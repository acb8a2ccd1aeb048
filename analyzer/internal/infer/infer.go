// Package infer summarises the functions of a package, bottom-up over its call graph: callees
// before callers, functions that call each other together until nothing changes.
package infer

import (
	"go/types"
	"reflect"

	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/throttle"
)

// A Part adds to the summary of a function what it can tell from the function's sites.
type Part func(f *syntax.Func, s *summary.Func)

// maxRounds bounds how often functions that call each other are looked at, and all functions if one
// asked for another that was not summarised yet. What has not settled by then stays as it is;
// summaries only ever gain.
const maxRounds = 4

// Summaries finds the sites of every function and summarises it. Callees come before their callers,
// but a question may also lead from a callee to its callers, to all uses of a field, or to a function
// that is a value: then, so that no answer depends on the order, all are looked at again.
func Summaries(p *sites.Package, parts ...Part) {
	groups := components(p)
	for round := 0; round < maxRounds; round++ {
		changed := false
		for _, group := range groups {
			changed = settle(p, group, parts) || changed
		}
		if !changed || !p.Early {
			break
		}
	}
	for _, f := range p.Funcs {
		if f.Decl == nil && f.Outer == nil {
			find(p, f) // a literal in the initial value of a package variable
		}
	}
	p.Collect()
}

// settle summarises functions that call each other, and reports whether anything is new.
func settle(p *sites.Package, group []*syntax.Func, parts []Part) bool {
	news := false
	for round := 0; round < maxRounds; round++ {
		changed := false
		for _, f := range group {
			changed = summarize(p, f, parts) || changed
		}
		news = news || changed
		if !changed || len(group) == 1 && !recursive(p, group[0]) {
			break
		}
	}
	return news
}

// Each calls fn for the summary of each function of the package that says something, in source
// order.
func Each(p *sites.Package, fn func(*types.Func, *summary.Func)) {
	for _, f := range p.Funcs {
		if f.Decl == nil {
			continue
		}
		if s := p.Summary(f.Decl); s != nil && !s.Zero() {
			fn(f.Decl, s)
		}
	}
}

// summarize looks at a declared function with the literals inside it, innermost first.
func summarize(p *sites.Package, f *syntax.Func, parts []Part) bool {
	find(p, f)
	s := new(summary.Func)
	for _, part := range parts {
		part(f, s)
	}
	old := p.Summary(f.Decl)
	p.Summarize(f.Decl, s)
	return old == nil || !reflect.DeepEqual(old, s)
}

func find(p *sites.Package, f *syntax.Func) {
	for _, l := range f.Lits {
		find(p, l)
	}
	p.Find(f)
}

func recursive(p *sites.Package, f *syntax.Func) bool {
	for _, g := range callees(p, f, nil) {
		if g == f {
			return true
		}
	}
	return false
}

// callees are the declared functions of the package that f, or a literal in it, calls.
func callees(p *sites.Package, f *syntax.Func, to []*syntax.Func) []*syntax.Func {
	for _, c := range f.Calls {
		if g := p.Decl(p.Callee(c)); g != nil {
			to = append(to, g)
		}
	}
	for _, l := range f.Lits {
		to = callees(p, l, to)
	}
	return to
}

// components returns the strongly connected components of the call graph, callees first
// (Tarjan's algorithm).
func components(p *sites.Package) [][]*syntax.Func {
	var (
		groups [][]*syntax.Func
		stack  []*syntax.Func
		index  = map[*syntax.Func]int{}
		low    = map[*syntax.Func]int{}
		on     = map[*syntax.Func]bool{}
		visit  func(*syntax.Func)
	)
	visit = func(f *syntax.Func) {
		index[f] = len(index) + 1
		low[f] = index[f]
		stack = append(stack, f)
		on[f] = true
		for _, g := range callees(p, f, nil) {
			if index[g] == 0 {
				visit(g)
				low[f] = min(low[f], low[g])
			} else if on[g] {
				low[f] = min(low[f], index[g])
			}
		}
		if low[f] != index[f] {
			return
		}
		for i := len(stack) - 1; ; i-- {
			on[stack[i]] = false
			if stack[i] == f {
				groups = append(groups, append([]*syntax.Func(nil), stack[i:]...))
				stack = stack[:i]
				return
			}
		}
	}
	for _, f := range p.Funcs {
		if f.Decl != nil && index[f] == 0 {
			visit(f)
		}
	}
	return groups
}

// Tasks tells what a function does with the functions, collections and executors it is given, and
// how the executors that it returns are bounded.
func Tasks(p *sites.Package, n *number.Numbers, b *throttle.Throttles) Part {
	return func(f *syntax.Func, s *summary.Func) { (&tasks{p, n, b, f, s}).run() }
}
