package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// usage says what the package does with what its fields and variables hold.
type usage struct{ *Explorer }

// A use is what functions do with what a field or package variable holds.
type use struct {
	sends, receives, closes []*syntax.Func // where that is written
	public                  bool           // strangers have it
	sized                   bool           // it is a channel that is made with a buffer
	made                    []*syntax.Func
	acquires, releases      []*syntax.Func // where a place of a semaphore is taken, and given back
	counts                  []*syntax.Func // where a group is told of tasks
	drops                   []*syntax.Func // where a ticker is stopped, or an entry of a map deleted
	borrows, lends          *bool          // see tokens and lends
}

// uses looks at the fields and package variables that hold channels, groups, or collections of them.
func (x usage) findUses() {
	x.uses, x.has = map[*types.Var]*use{}, map[*syntax.Func]bool{}
	of := func(e ast.Expr) *use {
		e = ast.Unparen(e)
		if ix, ok := e.(*ast.IndexExpr); ok {
			e = ix.X
		}
		v := x.pkg.Variable(e)
		if sel, ok := e.(*ast.SelectorExpr); ok && ticks(v) {
			v = x.pkg.Variable(sel.X)
		}
		if v == nil || !x.kinds.global(v) || v.Pkg() != x.pkg.Types {
			return nil
		}
		u := x.uses[v]
		if u == nil {
			u = new(use)
			x.uses[v] = u
		}
		return u
	}
	x.counts = map[*types.Var]bool{}
	for _, f := range x.funcs {
		for cur := range f.Cur.Preorder((*ast.IfStmt)(nil), (*ast.ForStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.CaseClause)(nil), (*ast.CallExpr)(nil)) {
			switch n := cur.Node().(type) {
			case *ast.IfStmt:
				x.count(n.Cond)
			case *ast.ForStmt:
				x.count(n.Cond)
			case *ast.SwitchStmt:
				x.count(n.Tag)
			case *ast.CaseClause:
				for _, e := range n.List {
					x.count(e)
				}
			case *ast.CallExpr:
				if c := x.pkg.Call(n); c != nil && c.Callee != nil && effectOf(c.Callee) >= loads {
					x.count(n)
				}
			}
		}
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil), (*ast.IndexExpr)(nil), (*ast.ReturnStmt)(nil)) {
			if x.pkg.FuncAt(cur) != f {
				continue
			}
			switch n := cur.Node().(type) {
			case *ast.ReturnStmt:
				for _, e := range n.Results {
					if u := of(e); u != nil && f.Decl != nil && f.Decl.Exported() {
						u.public = true
					}
				}
			case *ast.SendStmt:
				if u := of(n.Chan); u != nil {
					u.sends = append(u.sends, f)
				}
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					if u := of(n.X); u != nil {
						u.receives = append(u.receives, f)
					}
				}
			case *ast.RangeStmt:
				if t := x.pkg.Info.TypeOf(n.X); t != nil {
					if _, ok := t.Underlying().(*types.Chan); ok {
						if u := of(n.X); u != nil {
							u.receives = append(u.receives, f)
						}
					}
				}
			case *ast.IndexExpr:
				if t := x.pkg.Info.TypeOf(n.X); t != nil && x.kinds.bag(t) {
					of(n)
				}
			case *ast.CallExpr:
				switch x.codes.builtin(n) {
				case "close":
					if u := of(n.Args[0]); u != nil {
						u.closes = append(u.closes, f)
					}
				case "delete":
					if u := of(n.Args[0]); u != nil {
						u.drops = append(u.drops, f)
					}
				case "":
					if u := of(n.Fun); u != nil { // a field's function, such as what cancels a context
						u.closes = append(u.closes, f)
					}
					if c := x.pkg.Call(n); c != nil && c.Callee != nil {
						if c.Recv() != nil && effectOf(c.Callee) == stops {
							if u := of(c.Recv()); u != nil {
								u.drops = append(u.drops, f)
							}
						}
						if row := x.pkg.Catalog.Func(c.Callee); row != nil && c.Recv() != nil {
							switch u := of(c.Recv()); {
							case u == nil:
							case row.Role == catalog.Wait:
								u.receives = append(u.receives, f)
							case row.Role == catalog.Enter, row.Role == catalog.Submit:
								u.counts = append(u.counts, f)
							}
						}
						if p := x.slots.place(c.Callee); p != summary.NoPlace {
							if u := of(c.Recv()); u != nil {
								if p != summary.Gives {
									u.acquires = append(u.acquires, f)
								}
								if p != summary.Takes {
									u.releases = append(u.releases, f)
								}
							}
						}
					}
				}
			}
		}
	}
	for v, u := range x.uses {
		for _, d := range x.pkg.Var(v).Defs {
			if d.In != nil {
				u.made = append(u.made, d.In)
			}
			if call, ok := d.Expr.(*ast.CallExpr); ok && x.codes.builtin(call) == "make" && len(call.Args) == 2 {
				u.sized = true
			}
		}
		for _, f := range slices.Concat(u.sends, u.receives) {
			if slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool { return slices.Contains(u.made, x.codes.callee(c)) }) {
				x.has[f] = true
			}
		}
	}
	x.flags = len(x.counts) > 0 || slices.ContainsFunc(x.pkg.Types.Imports(), func(p *types.Package) bool { return p.Path() == "os/signal" })
	x.semaphores = map[*types.Var][]*syntax.Func{}
	for v := range x.uses {
		if list := x.takers(v); len(list) > 0 {
			x.semaphores[v] = list
		}
	}
}

// countsAlone reports whether a function waits for what it tells the group in a field of, as do all that tell it of
// tasks: each for its own.
func (x usage) countsAlone(f *syntax.Func, group *types.Var) bool {
	u := x.uses[group]
	return u != nil && !x.surroundings.public(group) && slices.Contains(u.counts, f) && slices.Contains(u.receives, f) &&
		!slices.ContainsFunc(u.counts, func(g *syntax.Func) bool { return !slices.Contains(u.receives, g) })
}

// ticks reports whether a field is the channel of a ticker or timer.
func ticks(v *types.Var) bool {
	return v != nil && v.Pkg() != nil && v.Pkg().Path() == "time" && v.Name() == "C"
}

// count notes the fields of numbers and flags that an expression asks.
func (x usage) count(e ast.Expr) {
	if e == nil {
		return
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := x.pkg.Info.Uses[id].(*types.Var); ok && v.IsField() && isCount(v.Type()) {
				x.counts[v.Origin()] = true
			}
		}
		return true
	})
}

// isCount reports whether a type is one of whole numbers or flags, atomic or not.
func isCount(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&(types.IsInteger|types.IsBoolean) != 0
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync/atomic" && n.TypeArgs() == nil && n.Obj().Name() != "Value"
}

// tokens reports whether a field or package variable is a semaphore: a channel with a buffer, made here,
// of values that say nothing, which who has sent to it receives from, some time later. One that is filled where it
// is made works the other way round: see lends.
func (x usage) tokens(v *types.Var) bool {
	if !x.kinds.global(v) {
		return false
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || !syntax.Hollow(ch.Elem()) {
		return false
	}
	u := x.uses[v.Origin()]
	if u == nil || !u.sized || len(u.sends) == 0 || len(u.receives) == 0 || x.lends(v) {
		return false
	}
	if u.borrows == nil {
		is := x.borrows(u, true)
		u.borrows = &is
	}
	return *u.borrows
}

// lends reports whether a field or package variable is a semaphore of which a place is what can be received:
// a channel with a buffer that is filled where it is made, and to which who has received from it sends, some
// time later.
func (x usage) lends(v *types.Var) bool {
	u := x.uses[v.Origin()]
	if u == nil || !x.kinds.global(v) || !u.sized || len(u.receives) == 0 || len(u.closes) > 0 || !slices.ContainsFunc(u.made, func(f *syntax.Func) bool { return slices.Contains(u.sends, f) }) {
		return false
	}
	if u.lends == nil {
		is := x.borrows(u, false)
		u.lends = &is
	}
	return *u.lends
}

// takers are the functions in which a place of a semaphore is taken, which is what a field or package variable
// holds.
func (x usage) takers(v *types.Var) []*syntax.Func {
	u := x.uses[v]
	switch {
	case x.kinds.limiter(v):
		return u.acquires
	case x.tokens(v):
		return u.sends
	case x.lends(v):
		return u.receives
	}
	return nil
}

// givers are the functions in which a place of a semaphore is given back.
func (x usage) givers(v *types.Var) []*syntax.Func {
	u := x.uses[v]
	switch {
	case x.kinds.limiter(v):
		return u.releases
	case x.tokens(v):
		return u.receives
	}
	return u.sends
}

// givesBack lists the semaphores of which a function gives a place back that it has not taken.
func (x usage) givesBack(f *syntax.Func) (all []*types.Var) {
	for v, takers := range x.semaphores {
		if slices.Contains(x.givers(v), f) && !slices.Contains(takers, f) {
			all = append(all, v)
		}
	}
	return all
}

// takesTwice reports whether a function takes two places of one semaphore, itself or by what it calls.
func (x usage) takesTwice(f *syntax.Func) bool {
	for _, takers := range x.semaphores {
		n := 0
		for _, g := range f.Nested() {
			if slices.Contains(takers, g) {
				n++
			}
			for _, c := range g.Calls {
				if h := x.codes.callee(c); h != nil && contains(x.surroundings.reach(h, false), takers) {
					n++
				}
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// borrows reports whether a function takes a place, by sending or else by receiving, itself or by what it calls,
// and gives it back after that, itself, by what it calls or by what it starts.
func (x usage) borrows(u *use, bySending bool) bool {
	takes, gives := u.receives, u.sends
	if bySending {
		takes, gives = gives, slices.DeleteFunc(slices.Clone(takes), func(f *syntax.Func) bool { return !x.onlyReceives(f, u) })
	}
	takers := map[*syntax.Func]bool{}
	for _, f := range takes {
		takers[f] = true
		for _, c := range f.Callers {
			takers[c.In] = true
		}
	}
	for f := range takers {
		taken := map[*types.Var]token.Pos{} // the first
		given := map[*types.Var]token.Pos{} // the last
		note := func(at token.Pos, of *types.Var, take bool) {
			if !take {
				given[of] = max(given[of], at)
			} else if first, ok := taken[of]; !ok || at < first {
				taken[of] = at
			}
		}
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
			here := x.pkg.FuncAt(cur) == f
			switch n := cur.Node().(type) {
			case *ast.SendStmt:
				if x.uses[x.pkg.Variable(n.Chan)] == u && (here || !bySending) {
					note(n.Pos(), x.received(n.Chan), bySending)
				}
			case *ast.UnaryExpr:
				if n.Op == token.ARROW && x.uses[x.pkg.Variable(n.X)] == u && (here || bySending && !offered(cur)) {
					note(n.Pos(), x.received(n.X), !bySending)
				}
			case *ast.CallExpr:
				c := x.pkg.Call(n)
				if c == nil {
					continue
				}
				g := x.codes.callee(c)
				if g == nil || g == f {
					continue
				}
				at := n.Pos()
				if cur.ParentEdgeKind() == edge.DeferStmt_Call {
					at = f.Node.End()
				}
				if here && slices.Contains(takes, g) && c.Go == nil {
					note(at, nil, true)
				}
				if contains(x.surroundings.reach(g, false), gives) {
					note(at, nil, false)
				}
			}
		}
		for of, at := range taken {
			if given[of] > at {
				return true
			}
		}
	}
	return false
}

// onlyReceives reports whether a function receives for no other reason than to give a place back.
func (x usage) onlyReceives(f *syntax.Func, u *use) bool {
	for cur := range f.Cur.Preorder((*ast.UnaryExpr)(nil)) {
		n := cur.Node().(*ast.UnaryExpr)
		if n.Op == token.ARROW && x.uses[x.pkg.Variable(n.X)] == u && !offered(cur) {
			return true
		}
	}
	return false
}

// offered reports whether a receive is one of several communications that a goroutine of its own waits for: it is told
// something then, and gives nothing back.
func offered(recv inspector.Cursor) bool {
	for clause := range recv.Enclosing((*ast.CommClause)(nil)) {
		others := 0
		for _, c := range clause.Parent().Node().(*ast.BlockStmt).List {
			if c.(*ast.CommClause).Comm != nil {
				others++
			}
		}
		comm := clause.Node().(*ast.CommClause).Comm
		return comm != nil && syntax.Within(recv.Node(), comm) && others > 1
	}
	return false
}

// received is the variable that holds a message with a channel in a field, where that is what a function has received:
// what others put there is for them. Nil if it is not.
func (x usage) received(ch ast.Expr) *types.Var {
	sel, ok := ast.Unparen(ch).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	v := x.pkg.Variable(sel.X)
	if v == nil || v.IsField() {
		return nil
	}
	for _, d := range x.pkg.Var(v).Defs {
		if recv, ok := d.Expr.(*ast.UnaryExpr); ok && recv.Op == token.ARROW {
			return v
		}
	}
	return nil
}

// said reports whether all that is said of a variable or field is such.
func (x usage) said(v *types.Var, such func(mentioning, *syntax.Func) bool) bool {
	for _, d := range x.pkg.Var(v).Defs {
		if d.Kind == syntax.Param { // its caller has it, too
			return false
		}
	}
	for _, u := range x.pkg.Var(v).Uses {
		if !such(x.mentioningAt(syntax.Whole(u)), x.pkg.FuncAt(u)) {
			return false
		}
	}
	return true
}

func (x usage) mentioningAt(at inspector.Cursor) mentioning {
	switch at.ParentEdgeKind() {
	case edge.Field_Names, edge.KeyValueExpr_Key, edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		return names
	case edge.SendStmt_Chan:
		return sendsTo
	case edge.RangeStmt_X:
		return receivesFrom
	case edge.UnaryExpr_X:
		if at.Parent().Node().(*ast.UnaryExpr).Op == token.ARROW {
			return receivesFrom
		}
	case edge.CallExpr_Args:
		switch x.codes.builtin(at.Parent().Node().(*ast.CallExpr)) {
		case "close":
			return closes
		case "len", "cap":
			return names
		}
	}
	return handsOn
}

// receivedIn reports whether one function alone receives from what a variable or field holds.
func (x usage) receivedIn(v *types.Var, f *syntax.Func) bool {
	return x.said(v, func(m mentioning, in *syntax.Func) bool { return m != handsOn && (m != receivesFrom || in == f) })
}

// closedBy reports whether nothing but a close by functions that a goroutine is in, or their literals, comes from a
// channel.
func (x usage) closedBy(s *state, t *thread, ch value) bool {
	theirs := map[*syntax.Func]bool{}
	for _, f := range t.frames {
		for _, g := range f.code.fn.Nested() {
			theirs[g] = true
		}
	}
	vars := t.holders(s, ch)
	return len(vars) > 0 && !slices.ContainsFunc(vars, func(v *types.Var) bool {
		return x.surroundings.public(v) || !x.said(v, func(m mentioning, in *syntax.Func) bool {
			return m != handsOn && m != sendsTo && (m != closes || theirs[in])
		})
	})
}

// looksUp reports whether a function that deletes entries of a map also asks for one: it may end what that is.
func (x usage) looksUp(f *syntax.Func, m *types.Var) bool {
	return slices.ContainsFunc(x.pkg.Var(m).Uses, func(u inspector.Cursor) bool {
		call, ok := syntax.Whole(u).Parent().Node().(*ast.CallExpr)
		return x.pkg.FuncAt(u) == f && !(ok && x.codes.builtin(call) == "delete")
	})
}

// onlySends reports whether a function only sends on a variable.
func (x usage) onlySends(f *syntax.Func, v *types.Var) bool {
	return x.only(f, v, func(u inspector.Cursor) bool { return syntax.Outer(u).ParentEdgeKind() == edge.SendStmt_Chan })
}

// sendsAs reports whether all that who is given a channel as an interface can do with it is to send: by the methods of
// its type.
func (x usage) sendsAs(t, as types.Type) bool {
	n := syntax.Named(t)
	if n == nil || as == nil || !types.IsInterface(as) || n.Obj().Pkg() != x.pkg.Types {
		return false
	}
	sends := false
	for m := range n.Origin().Methods() {
		d := x.pkg.Decl(m)
		if d == nil || !x.onlySends(d, d.Sig.Recv()) {
			return false
		}
		sends = true
	}
	return sends
}

// onlyStops reports whether a function only stops the ticker or timer in a variable.
func (x usage) onlyStops(f *syntax.Func, v *types.Var) bool {
	return x.only(f, v, func(u inspector.Cursor) bool {
		sel, ok := syntax.Outer(u).Parent().Node().(*ast.SelectorExpr)
		if !ok {
			return false
		}
		m, ok := x.pkg.Info.Uses[sel.Sel].(*types.Func)
		return ok && effectOf(m) == stops
	})
}

// only reports whether a function uses a variable, and in one way only.
func (x usage) only(f *syntax.Func, v *types.Var, way func(inspector.Cursor) bool) bool {
	uses := false
	for _, u := range x.pkg.Var(v).Uses {
		n := u.Node()
		id, ok := n.(*ast.Ident)
		if f == nil || n.Pos() < f.Node.Pos() || n.Pos() >= f.Node.End() || ok && x.pkg.Info.Defs[id] != nil {
			continue
		}
		if !way(u) {
			return false
		}
		uses = true
	}
	return uses
}
