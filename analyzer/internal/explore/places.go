package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// slots says which channels hold the places of a semaphore, and who takes one.
type slots struct{ *Explorer }

// A semaphore may be a struct of another package, of whose methods is known what they do with a place.

// place is what a method of another package does with the semaphore that it is called on.
func (x slots) place(f *types.Func) summary.PlaceUse {
	if f == nil || f.Pkg() == x.pkg.Types {
		return summary.NoPlace
	}
	if row := x.pkg.Catalog.Func(f); row != nil {
		switch row.Role {
		case catalog.Acquire:
			return summary.Takes
		case catalog.Release:
			return summary.Gives
		}
		return summary.NoPlace
	}
	if sum := x.pkg.Summary(f); sum != nil && f.Signature().Recv() != nil && x.kinds.limits(f.Signature().Recv().Type()) {
		return sum.Place.Does
	}
	return summary.NoPlace
}

// narrowly looks who takes a place of a semaphore while he holds one, in a function that is too large to be followed
// to the end: all that has nothing to do with semaphores is passed over.
func (x slots) narrowly(f *syntax.Func) []Stuck {
	x.begin(f, scope{many: 2, few: few, narrow: true}, min(steps, x.rest))
	list := x.search(f)
	x.rest -= x.spent
	seen := map[ast.Node]bool{}
	return slices.DeleteFunc(list, func(s Stuck) bool {
		again := seen[s.At]
		seen[s.At] = true
		return again || !s.Self || !s.Token
	})
}

// passedOver reports whether a function has nothing to do with what is followed.
func (x slots) passedOver(f *syntax.Func) bool {
	if !x.narrow {
		return false
	}
	theirs := x.surroundings.reach(f, true)
	for v := range x.semaphores {
		if u := x.uses[v]; contains(theirs, u.acquires) || contains(theirs, u.releases) || contains(theirs, u.sends) || contains(theirs, u.receives) {
			return false
		}
	}
	return true
}

// nested reports whether a function takes a place of a semaphore that a local variable holds, and calls itself while
// it holds it: however many there are, each call below has one more.
func (x slots) nested(v *types.Var) bool {
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || x.kinds.global(v) || !syntax.Hollow(ch.Elem()) {
		return false
	}
	taken, given := map[*syntax.Func]token.Pos{}, map[*syntax.Func]token.Pos{}
	for _, u := range x.pkg.Var(v).Uses {
		f, at := x.runsIn(x.pkg.FuncAt(u), u.Node().Pos())
		switch x.usage.mentioningAt(syntax.Outer(u)) {
		case sendsTo:
			if first, ok := taken[f]; !ok || at < first {
				taken[f] = at
			}
		case receivesFrom:
			given[f] = max(given[f], at)
		case handsOn:
			return false
		}
	}
	for f, from := range taken {
		if anyCall(f, func(c *syntax.Call) bool {
			in, at := x.runsIn(c.In, c.Expr.Pos())
			return in == f && x.codes.callee(c) == f && c.Go == nil && from < at && at < given[f]
		}) {
			return true
		}
	}
	return false
}

// runsIn is the function in which a place runs, and when: a literal that is called where it stands is part of the one
// around it, and what is deferred runs at its end.
func (x slots) runsIn(f *syntax.Func, at token.Pos) (*syntax.Func, token.Pos) {
	for f.Decl == nil && f.Outer != nil {
		lit := syntax.Outer(f.Cur)
		if lit.ParentEdgeKind() != edge.CallExpr_Fun || lit.Parent().ParentEdgeKind() == edge.GoStmt_Call {
			break
		}
		f = f.Outer
		if lit.Parent().ParentEdgeKind() == edge.DeferStmt_Call {
			at = f.Node.End()
		}
	}
	return f, at
}
