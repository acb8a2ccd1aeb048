package throttle

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// rooms says whether a check leaves room only for so many.
type rooms struct{ *Throttles }

// room is the condition that every way to a site in a region passes, and that says that there is room
// for one more; nil if there is none.
//
//	if inflight >= limit { break }
//	if busy { continue }; busy = true
//	if !mu.TryLock() { continue }
func (b rooms) room(s *sites.Spawn, region, site inspector.Cursor) ast.Node {
	in := b.FuncAt(site)
	if in == nil {
		return nil
	}
	var at ast.Node
	failed := false
	_, known := b.Graph(in).Back(site.Node(), func(step ast.Node) bool {
		if !syntax.Within(step, region.Node()) || step == region.Node() {
			failed = true
		}
		return failed
	}, func(t paths.Test) bool {
		cond, is := t.Compared()
		if loop, ok := region.Node().(*ast.ForStmt); ok && loop.Cond != nil && syntax.Within(t.Cond, loop.Cond) {
			return false // how often the loop runs is another question
		}
		if syntax.Within(t.Cond, region.Node()) && b.hasRoom(s, cond, is, region, site) {
			at = t.Cond
			return true
		}
		return false
	})
	if failed || !known {
		return nil
	}
	return at
}

// endsCalls is a return of a function that is called for each of many, which says to go on only while there is room
// for one more; nil if the function may go on after the site without.
//
//	m.Range(func(k, v any) bool { go work(v); n++; return n < most })
func (b rooms) endsCalls(s *sites.Spawn, f number.Factor) ast.Node {
	if _, loop := f.Region.Node().(ast.Stmt); loop || f.In == nil || f.In.Node != f.Region.Node() || f.In.Sig.Results().Len() != 1 {
		return nil
	}
	var at ast.Node
	for _, ret := range b.Graph(f.In).Ends() {
		if len(ret.Results) != 1 {
			return nil
		}
		switch more := ret.Results[0]; {
		case ret.End() < f.Site.Node().Pos():
		case b.hasRoom(s, more, true, f.Region, f.Site):
			at = ret
		default:
			return nil
		}
	}
	return at
}

// hasRoom reports whether a condition that is so says that there are not too many yet.
func (b rooms) hasRoom(s *sites.Spawn, cond ast.Expr, is bool, region, site inspector.Cursor) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && b.hasRoom(s, e.X, !is, region, site)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return is && (b.hasRoom(s, e.X, true, region, site) || b.hasRoom(s, e.Y, true, region, site))
		case token.LOR:
			return !is && (b.hasRoom(s, e.X, false, region, site) || b.hasRoom(s, e.Y, false, region, site))
		case token.EQL, token.NEQ:
			x, y := e.X, e.Y
			if b.Info.Types[ast.Unparen(x)].IsNil() {
				x, y = y, x
			}
			if b.Info.Types[ast.Unparen(y)].IsNil() { // if done == nil { done = make(…); go f(done) }
				x = b.copied(x)
				return is == (e.Op == token.EQL) && b.setIn(x, region) && b.kept(x, region)
			}
			// if i == most { break }: what counts gets no further.
			if b.tallies(y, region) {
				x, y = y, x
			}
			return is == (e.Op == token.NEQ) && b.tallies(x, region) && b.isLimit(y) && b.numbers.LeavesWhenEqual(e)
		}
		small, large, ok := number.Ordered(e, is)
		return ok && b.tallies(small, region) && b.isLimit(large)
	case *ast.CallExpr:
		return b.tries(s, e, is, region) || !is && b.setThrough(e, region)
	case *ast.Ident, *ast.SelectorExpr: // if !busy { busy = true; … }
		t := b.Info.TypeOf(e.(ast.Expr))
		return !is && t != nil && b.setIn(e.(ast.Expr), region) && b.kept(e.(ast.Expr), region)
	}
	return false
}

// copied is what a local variable was first given, if that is a field: waiter := r.waiter.
func (b rooms) copied(e ast.Expr) ast.Expr {
	v := b.Variable(e)
	if v == nil || v.IsField() || len(b.Var(v).Defs) == 0 {
		return e
	}
	if d := b.Var(v).Defs[0]; d.Kind == syntax.Assign {
		if field, ok := ast.Unparen(d.Expr).(*ast.SelectorExpr); ok && b.Variable(field) != nil {
			return field
		}
	}
	return e
}

func (b rooms) isLimit(e ast.Expr) bool {
	x := b.numbers.Int(e)
	return x.Kind == number.Bounded || x.Kind == number.Unknown && x.Of == nil
}

// setIn reports whether a variable is assigned to in a region.
func (b rooms) setIn(e ast.Expr, region inspector.Cursor) bool {
	v := b.Variable(e)
	if v == nil {
		return false
	}
	for _, d := range b.Var(v).Defs {
		if d.Kind == syntax.Assign && syntax.Within(d.Cur.Node(), region.Node()) && d.Cur.Node() != region.Node() {
			return true
		}
	}
	return false
}

// kept reports whether a variable lives longer than one turn of a region, and is given there what does not
// come from a call that may fail: an error says nothing of how many there are.
func (b rooms) kept(e ast.Expr, region inspector.Cursor) bool {
	v := b.Variable(e)
	if v == nil || types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
		return false
	}
	if !v.IsField() && region.Node().Pos() <= v.Pos() && v.Pos() < region.Node().End() {
		return false
	}
	for _, d := range b.Var(v).Defs {
		if d.Kind == syntax.Assign && syntax.Within(d.Cur.Node(), region.Node()) {
			if as, ok := d.Cur.Node().(*ast.AssignStmt); ok && len(as.Lhs) == 1 {
				return true
			}
		}
	}
	return false
}

// tries reports whether a call has taken what only one can have, and the task or what comes after it
// gives it back: mu.TryLock(), busy.CompareAndSwap(false, true); or says that nobody has it.
func (b rooms) tries(s *sites.Spawn, call *ast.CallExpr, is bool, region inspector.Cursor) bool {
	c := b.Call(call)
	if c == nil || c.Recv() == nil {
		return false
	}
	v := b.Variable(c.Recv())
	if v == nil || b.ofTurn(c.Recv(), region) {
		return false
	}
	if slices.ContainsFunc(call.Args, func(a ast.Expr) bool { // claims.Take(x): one for each x
		return b.Info.Types[a].Value == nil && !syntax.Is(b.Info.TypeOf(a), "context", "Context")
	}) {
		return false
	}
	sig := c.Callee.Signature()
	if sig.Results().Len() != 1 || b.Decl(c.Callee) != nil || types.IsInterface(sig.Recv().Type()) {
		return false
	}
	if t, ok := sig.Results().At(0).Type().Underlying().(*types.Basic); !ok || t.Kind() != types.Bool {
		return false
	}
	if is && s.Body != nil {
		for _, back := range b.Package.Calls(s.Body) {
			if back.Recv() != nil && b.Variable(back.Recv()) == v && back.Callee != c.Callee {
				return true
			}
		}
	}
	if !is { // busy.Load(), busy.Swap(true)
		for _, set := range c.In.Calls {
			if set != c && set.Recv() != nil && b.Variable(set.Recv()) == v && syntax.Within(set.Expr, region.Node()) {
				return true
			}
		}
		return len(call.Args) == 1
	}
	return false
}

// setThrough reports whether a call asks for a flag that another function sets in a region:
//
//	if !s.busy() { s.setBusy(true); go s.work() }
func (b rooms) setThrough(call *ast.CallExpr, region inspector.Cursor) bool {
	c := b.Call(call)
	if c == nil || c.Recv() == nil || len(call.Args) > 0 || b.ofTurn(c.Recv(), region) {
		return false
	}
	ask := b.Decl(c.Callee)
	if ask == nil {
		return false
	}
	asked := b.fieldsIn(ask)
	return slices.ContainsFunc(c.In.Calls, func(at *syntax.Call) bool {
		set := b.Decl(at.Callee)
		return set != nil && set != ask && at.Go == nil && at.Defer == nil && syntax.Within(at.Expr, region.Node()) && b.sets(set, asked)
	})
}

// fieldsIn are the fields that a function speaks of.
func (b rooms) fieldsIn(f *syntax.Func) map[*types.Var]bool {
	fields := map[*types.Var]bool{}
	ast.Inspect(f.Node, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if v := b.Variable(sel); v != nil && v.IsField() {
				fields[v] = true
			}
		}
		return true
	})
	return fields
}

// sets reports whether a function sets one of some fields: s.busy = on, s.busy.Store(on).
func (b rooms) sets(f *syntax.Func, fields map[*types.Var]bool) bool {
	for v := range fields {
		if slices.ContainsFunc(b.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Assign && syntax.Within(d.Cur.Node(), f.Node) }) {
			return true
		}
	}
	return slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
		return c.Recv() != nil && fields[b.Variable(c.Recv())] && len(c.Expr.Args) == 1 && c.Callee != nil && c.Callee.Signature().Results().Len() == 0
	})
}

// ofTurn reports whether an expression is of a variable that a region declares, or of a part of one: what each
// turn has for itself says nothing of the others.
func (b rooms) ofTurn(e ast.Expr, region inspector.Cursor) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.CallExpr:
			e = x.Fun
		case *ast.Ident:
			v := b.Variable(x)
			return v != nil && !v.IsField() && region.Node().Pos() <= v.Pos() && v.Pos() < region.Node().End()
		default:
			return false
		}
	}
}

// anotherEach reports whether an expression is a part of what is another one in each turn of a region: what it counts
// is its own.
func (b rooms) anotherEach(e ast.Expr, region inspector.Cursor) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.Ident:
			v := b.Variable(x)
			switch {
			case v == nil:
				return false
			case v.Pos() < region.Node().Pos() || region.Node().End() <= v.Pos():
				return b.setIn(x, region)
			}
			d, ok := b.Only(v)
			switch {
			case !ok: // such as what a loop steps on
				return true
			case d.Kind == syntax.RangeKey || d.Kind == syntax.RangeValue:
				return true
			case d.Expr == nil || d.Expr == e:
				return false
			}
			e = d.Expr
		default:
			return false
		}
	}
}

// tallies reports whether an integer is counted in a region, up or down: a variable with n++, an atomic,
// the length of what is put into and taken from.
func (b rooms) tallies(e ast.Expr, region inspector.Cursor) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if b.Info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return b.tallies(e.Args[0], region)
		}
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
			if bi, ok := b.Info.Uses[id].(*types.Builtin); ok {
				return bi.Name() == "len" && b.changedIn(e.Args[0], region)
			}
		}
		c := b.Call(e)
		return c != nil && c.Callee != nil && c.Callee.Pkg() != nil && c.Callee.Pkg().Path() == "sync/atomic"
	}
	v := b.Variable(e)
	if v == nil {
		return false
	}
	if u, ok := v.Type().Underlying().(*types.Basic); !ok || u.Info()&types.IsInteger == 0 || v.IsField() && b.anotherEach(e, region) {
		return false
	}
	for _, d := range b.Var(v).Defs {
		switch d.Kind {
		case syntax.Update:
			return true
		case syntax.RangeKey:
			if d.Cur.Node() == region.Node() {
				return true
			}
		}
	}
	return false
}

// changedIn reports whether a collection is put into, in a region: what it holds is what is under way.
func (b rooms) changedIn(e ast.Expr, region inspector.Cursor) bool {
	v := b.Variable(e)
	if v == nil || !v.IsField() && region.Node().Pos() <= v.Pos() && v.Pos() < region.Node().End() {
		return false
	}
	for _, u := range b.Var(v).Uses {
		if syntax.Within(u.Node(), region.Node()) {
			if ix, ok := u.Parent().Node().(*ast.IndexExpr); ok && ix.X == u.Node() {
				if as, ok := u.Parent().Parent().Node().(*ast.AssignStmt); ok && as.Lhs[0] == ix {
					return true
				}
			}
		}
	}
	return b.setIn(e, region)
}
