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

// A semaphore may be a struct of another package, of whose methods is known what they do with a place.

// place is what a method of another package does with the semaphore that it is called on.
func (x *Explorer) place(f *types.Func) summary.PlaceUse {
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
	if sum := x.pkg.Summary(f); sum != nil && f.Signature().Recv() != nil && x.limits(f.Signature().Recv().Type()) {
		return sum.Place.Does
	}
	return summary.NoPlace
}

// limits reports whether a type is a semaphore: of a library, or a struct of another package whose methods take
// places of one.
func (x *Explorer) limits(t types.Type) bool {
	if row := x.pkg.Catalog.Type(t); row != nil {
		return row.Kind == catalog.Limiter
	}
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg() == x.pkg.Types {
		return false
	}
	name := n.Origin().Obj()
	is, ok := x.limiters[name]
	if !ok {
		is = x.findLimits(n.Origin())
		x.limiters[name] = is
	}
	return is
}

// limiter reports whether a field or package variable holds a semaphore. One that is home-made may also serve to
// tell somebody something: of that, nobody gives back what he has taken.
func (x *Explorer) limiter(v *types.Var) bool {
	if !x.limits(types.Unalias(v.Type())) {
		return false
	}
	u := x.uses[v.Origin()]
	return x.pkg.Catalog.Type(v.Type()) != nil || u != nil && slices.ContainsFunc(u.acquires, func(f *syntax.Func) bool {
		return slices.ContainsFunc(u.releases, func(g *syntax.Func) bool { return f.Declared() == g.Declared() })
	})
}

func (x *Explorer) findLimits(n *types.Named) bool {
	field, takes := "", false
	for m := range n.Methods() {
		sum := x.pkg.Summary(m)
		if sum == nil || sum.Place.Does == summary.NoPlace {
			continue
		}
		if field != "" && field != sum.Place.Field {
			return false // of which a place is taken, a caller cannot say
		}
		field = sum.Place.Field
		takes = takes || sum.Place.Does != summary.Gives
	}
	return takes
}

// narrowly looks who takes a place of a semaphore while he holds one, in a function that is too large to be followed
// to the end: all that has nothing to do with semaphores is passed over.
func (x *Explorer) narrowly(f *syntax.Func) []Stuck {
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
func (x *Explorer) passedOver(f *syntax.Func) bool {
	if !x.narrow {
		return false
	}
	theirs := x.reach(f, true)
	for v := range x.semaphores {
		if u := x.uses[v]; contains(theirs, u.acquires) || contains(theirs, u.releases) || contains(theirs, u.sends) || contains(theirs, u.receives) {
			return false
		}
	}
	return true
}

// nested reports whether a function takes a place of a semaphore that a local variable holds, and calls itself while
// it holds it: however many there are, each call below has one more.
func (x *Explorer) nested(v *types.Var) bool {
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || x.global(v) || !syntax.Hollow(ch.Elem()) {
		return false
	}
	taken, given := map[*syntax.Func]token.Pos{}, map[*syntax.Func]token.Pos{}
	for _, u := range x.pkg.Var(v).Uses {
		f, at := x.runsIn(x.pkg.FuncAt(u), u.Node().Pos())
		switch x.mentioningAt(syntax.Outer(u)) {
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
			return in == f && x.callee(c) == f && c.Go == nil && from < at && at < given[f]
		}) {
			return true
		}
	}
	return false
}

// runsIn is the function in which a place runs, and when: a literal that is called where it stands is part of the one
// around it, and what is deferred runs at its end.
func (x *Explorer) runsIn(f *syntax.Func, at token.Pos) (*syntax.Func, token.Pos) {
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

// placed does what a method does with the semaphore that it is called on.
func (r *run) placed(c *syntax.Call, args []value) doing {
	g := r.receiver(c)
	t := r.s.thing(g)
	if t == nil {
		return goesOn
	}
	switch r.x.place(r.x.pkg.Callee(c)) {
	case summary.Takes:
		t.count++
		r.takes(g.n)
	case summary.Gives:
		t.count = max(t.count-1, 0)
		r.gives(g.n)
	case summary.Holds:
		sum := r.x.pkg.Summary(r.x.pkg.Callee(c))
		for i, a := range args {
			if p := sum.Param(i); p == nil || p.Task != summary.Called || a.kind != function || a.fn.fn == nil || !r.x.busy(a.fn.fn) {
				continue
			}
			if d := r.invoke(a.fn.fn, a, nil, nil, nil); d != goesOn {
				return d
			}
			t.count++
			r.takes(g.n)
			r.top().within = g
			break
		}
	}
	return goesOn
}

// leave gives back the place in which a function has run.
func (r *run) leave(f *frame) {
	if t := r.s.thing(f.within); t != nil {
		t.count = max(t.count-1, 0)
		r.gives(f.within.n)
	}
}
