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

// kinds says which types and variables hold what goroutines meet at, and which numbers and flags are followed.
type kinds struct{ *Explorer }

// limits reports whether a type is a semaphore: of a library, or a struct of another package whose methods take
// places of one.
func (x kinds) limits(t types.Type) bool {
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
func (x kinds) limiter(v *types.Var) bool {
	if !x.limits(types.Unalias(v.Type())) {
		return false
	}
	u := x.uses[v.Origin()]
	return x.pkg.Catalog.Type(v.Type()) != nil || u != nil && slices.ContainsFunc(u.acquires, func(f *syntax.Func) bool {
		return slices.ContainsFunc(u.releases, func(g *syntax.Func) bool { return f.Declared() == g.Declared() })
	})
}

func (x kinds) findLimits(n *types.Named) bool {
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

// structure is the struct type that objects of a type have, if such structs hold what decides who waits
// for whom: one of this package, or one without a name; else nil.
func (x kinds) structure(t types.Type) *types.Struct {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	st, ok := x.structs[t]
	if ok {
		return st
	}
	x.structs[t] = nil // until it is known, for one that points to its like
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != x.pkg.Types || x.meeting(t) {
		return nil
	}
	st, ok = t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for f := range st.Fields() {
		if x.interesting(f.Type()) || x.holder(f.Type()) {
			x.structs[t] = st
			return st
		}
	}
	return nil
}

// oneOfMany reports whether an expression is, or is part of, an element of a collection.
func (x kinds) oneOfMany(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return true
	case *ast.SelectorExpr:
		return x.oneOfMany(e.X)
	case *ast.StarExpr:
		return x.oneOfMany(e.X)
	case *ast.Ident:
		v := x.pkg.Variable(e)
		return v != nil && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.RangeValue })
	}
	return false
}

func (x kinds) isParam(f *syntax.Func, v *types.Var) bool {
	for p := range f.Sig.Params().Variables() {
		if p.Origin() == v {
			return true
		}
	}
	return false
}

func (x kinds) global(v *types.Var) bool {
	return v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// meets reports whether a call is of a library's function that counts or waits.
func (x kinds) meets(call *ast.CallExpr) bool {
	c := x.pkg.Call(call)
	return c != nil && x.pkg.Catalog.Func(c.Callee) != nil
}

// tracked reports whether a value of e is kept.
func (x kinds) tracked(c *code, e ast.Expr) bool {
	if ix, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		return x.interesting(x.pkg.Info.TypeOf(ix)) || x.interesting(x.pkg.Info.TypeOf(ix.Index))
	}
	v := x.pkg.Variable(e)
	return v != nil && (x.trackedVar(c, v) || x.counts[v])
}

func (x kinds) trackedVar(c *code, v *types.Var) bool {
	if x.interesting(v.Type()) || x.holder(v.Type()) || x.carries(v) || x.says(v.Type()) && !x.volatile(v) {
		return true
	}
	if c.nils[v] && !x.volatile(v) || x.atomic(v) {
		return true
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Interface: // an error is nil, or nobody knows
		return isError(v.Type()) && !x.volatile(v)
	case *types.Basic:
		return t.Info()&types.IsBoolean != 0 || t.Info()&types.IsInteger != 0 && c.asked[v] && !x.volatile(v)
	case *types.Slice:
		return c.asked[v] && x.counted(v)
	}
	return false
}

// carries reports whether a variable of an interface may hold what is of interest.
func (x kinds) carries(v *types.Var) bool {
	return types.IsInterface(v.Type()) && !isError(v.Type())
}

// interesting reports whether values of a type decide who waits for whom, or hold what does.
func (x kinds) interesting(t types.Type) bool {
	return x.meeting(t) || x.structure(t) != nil
}

// says reports whether values of a type are structs of which nothing is followed but what they say: whether there was an
// error, or a flag.
func (x kinds) says(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok || x.interesting(t) {
		return false
	}
	for f := range st.Fields() {
		if isError(f.Type()) || isFlag(f) {
			return true
		}
	}
	return false
}

// meeting reports whether goroutines meet at values of a type, or run them.
func (x kinds) meeting(t types.Type) bool {
	if t == nil {
		return false
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	switch t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		return true
	}
	if isLock(t) || isContext(t) || syntax.Is(t, "sync", "Once") || syntax.Is(t, "time", "Ticker") || syntax.Is(t, "time", "Timer") {
		return true
	}
	row := x.pkg.Catalog.Type(t)
	return row != nil && (row.Kind == catalog.Group || row.Kind == catalog.Executor) || x.limits(t)
}

// holder reports whether a type is a collection of what is followed.
func (x kinds) holder(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return x.element(t.Elem())
	case *types.Array:
		return x.element(t.Elem())
	case *types.Map:
		return x.element(t.Elem())
	}
	return false
}

// element reports whether values of a type are interesting in a collection: so may be those behind an interface of the
// package.
func (x kinds) element(t types.Type) bool {
	n := syntax.Named(t)
	return x.interesting(t) || n != nil && types.IsInterface(n) && n.Obj().Pkg() == x.pkg.Types
}

// bag reports whether a type is a collection of what goroutines meet at.
func (x kinds) bag(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return x.meeting(t.Elem())
	case *types.Array:
		return x.meeting(t.Elem())
	case *types.Map:
		return x.meeting(t.Elem())
	}
	return false
}

// volatile reports whether a variable, or an element of it, is assigned in another function than its own, or may be
// through its address: when, nobody knows.
func (x kinds) volatile(v *types.Var) bool {
	is, ok := x.shared[v]
	if ok {
		return is
	}
	var home *syntax.Func
	entry := x.pkg.Var(v)
	for _, d := range entry.Defs {
		if home == nil {
			home = d.In
		}
		in := d.In
		for in != nil && in != home && in.Decl == nil && x.codes.inPlace(in) {
			in = in.Outer
		}
		is = is || in != home
	}
	for _, u := range entry.Uses {
		switch p := u.Parent().Node().(type) {
		case *ast.UnaryExpr:
			is = is || p.Op == token.AND
		case *ast.IndexExpr:
			is = is || u.Parent().ParentEdgeKind() == edge.AssignStmt_Lhs && p.X == u.Node() && x.element(x.pkg.Info.TypeOf(p)) && x.pkg.FuncAt(u) != home
		}
	}
	is = is || v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
	x.shared[v] = is
	return is
}

// atomic reports whether a local variable is a number that goroutines count with together: of a type of sync/atomic, or
// one that only functions of that package are given the address of. What one does to it, all see.
func (x kinds) atomic(v *types.Var) bool {
	is, known := x.atomics[v]
	if known {
		return is
	}
	is = !x.global(v) && isCount(v.Type()) && len(x.pkg.Var(v).Defs) > 0
	if p, ok := v.Type().Underlying().(*types.Pointer); ok && isCount(p.Elem()) {
		_, basic := p.Elem().Underlying().(*types.Basic)
		is = !basic && x.makesOne(v)
	}
	if _, basic := v.Type().Underlying().(*types.Basic); is && basic {
		counts := false
		for _, u := range x.pkg.Var(v).Uses {
			if p, ok := u.Parent().Node().(*ast.UnaryExpr); ok && p.Op == token.AND {
				call, given := u.Parent().Parent().Node().(*ast.CallExpr)
				if counts = given && x.ofAtomic(call); !counts {
					break
				}
			}
		}
		is = counts
	}
	x.atomics[v] = is
	return is
}

// makesOne reports whether a pointer is that to what is made for it, and to nothing else.
func (x kinds) makesOne(v *types.Var) bool {
	d, ok := x.pkg.Only(v)
	if !ok || d.Kind != syntax.Assign || d.Expr == nil {
		return false
	}
	switch e := ast.Unparen(d.Expr).(type) {
	case *ast.CallExpr:
		return x.codes.builtin(e) == "new"
	case *ast.UnaryExpr:
		_, lit := ast.Unparen(e.X).(*ast.CompositeLit)
		return e.Op == token.AND && lit
	}
	return false
}

// ofAtomic reports whether a call is of a function or method of sync/atomic.
func (x kinds) ofAtomic(call *ast.CallExpr) bool {
	c := x.pkg.Call(call)
	return c != nil && c.Callee != nil && effectOf(c.Callee) >= loads
}

// elsewhere reports whether a variable is also assigned in another function than its own, be it at a known time.
func (x kinds) elsewhere(v *types.Var) bool {
	defs := x.pkg.Var(v).Defs
	return slices.ContainsFunc(defs, func(d syntax.Def) bool { return d.In != defs[0].In })
}

// counted reports whether the length of a slice is known at each moment: it is only ever made,
// written as a literal, emptied or appended to, one element at a time.
func (x kinds) counted(v *types.Var) bool {
	if _, ok := v.Type().Underlying().(*types.Slice); !ok || x.volatile(v) {
		return false
	}
	for _, d := range x.pkg.Var(v).Defs {
		switch d.Kind {
		case syntax.Zero, syntax.Param:
			continue
		case syntax.Assign:
		default:
			return false
		}
		switch e := ast.Unparen(d.Expr).(type) {
		case *ast.CompositeLit:
		case *ast.Ident:
			if e.Name != "nil" {
				return false
			}
		case *ast.CallExpr:
			switch x.codes.builtin(e) {
			case "make":
			case "append":
				if e.Ellipsis.IsValid() || x.pkg.Variable(e.Args[0]) != v {
					return false
				}
			default:
				return false
			}
		default:
			return false
		}
	}
	return true
}

func (x kinds) isGroup(t types.Type) bool {
	row := x.pkg.Catalog.Type(t)
	return row != nil && (row.Kind == catalog.Group || row.Kind == catalog.Executor)
}
