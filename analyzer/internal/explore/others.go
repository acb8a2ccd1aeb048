package explore

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// strangers says what others, whom nobody sees here, may do with what a field holds.
type strangers struct{ *Explorer }

// ends is the field that an offer is at, if functions end what is in it; else nil.
func (x strangers) ends(s *state, o offer) *types.Var {
	th := s.thing(o.at)
	if th == nil {
		return nil
	}
	for _, f := range s.holders() {
		if x.endedBy(f) && slices.ContainsFunc(s.held(f), func(w value) bool { return s.thing(w) == th }) {
			return f
		}
	}
	return nil
}

// endedByUsers reports whether all functions that receive from what a field holds also lead to one that closes what
// another holds.
func (x strangers) endedByUsers(field, end *types.Var) bool {
	if field == nil || end == nil {
		return false
	}
	u, closes := x.uses[field], x.uses[end].closes
	return u != nil && len(u.receives) > 0 && !slices.ContainsFunc(u.receives, func(g *syntax.Func) bool {
		reach := x.surroundings.reach(g, false)
		return !slices.ContainsFunc(closes, func(c *syntax.Func) bool { return reach[c] })
	})
}

// servedAgain reports whether a function sends on what a field holds, or closes it, other than the goroutine that is
// started when it is made.
func (x strangers) servedAgain(field *types.Var) bool {
	u := x.uses[field]
	if u == nil || u.public || len(u.made) == 0 {
		return true
	}
	return slices.ContainsFunc(slices.Concat(u.sends, u.closes), func(g *syntax.Func) bool {
		for ; g.Decl == nil && g.Outer != nil; g = g.Outer {
			if x.surroundings.startedLit(g) {
				return !slices.Contains(u.made, g.Outer)
			}
		}
		return g.Valued || g.Decl == nil || g.Decl.Exported() || slices.ContainsFunc(g.Callers, func(c *syntax.Call) bool {
			return c.Go == nil || !slices.Contains(u.made, c.In)
		})
	})
}

// servesItself reports whether a function waits for the end of what a field holds, which nothing closes, and all that
// is sent there is sent by goroutines that the function starts: no other one comes to end it.
func (x strangers) servesItself(st Stuck) bool {
	u := x.uses[st.Field]
	if st.Kind != Receives || st.Spawn != nil || u == nil || u.public || len(u.closes) > 0 || len(u.sends) == 0 || !x.untilClosed(st.At) {
		return false
	}
	mine := x.surroundings.reach(st.Root, false)
	return !slices.ContainsFunc(u.sends, func(g *syntax.Func) bool {
		return !x.onlyTask(g) || slices.ContainsFunc(x.spawns, func(sp *sites.Spawn) bool {
			return !mine[sp.Call.In] && sp.Body != nil && x.surroundings.reach(sp.Body, false)[g]
		})
	})
}

// untilClosed reports whether a receive is done again and again until the channel is closed.
func (x strangers) untilClosed(at ast.Node) bool {
	cur, ok := x.pkg.Root.FindNode(at)
	return ok && slices.ContainsFunc(x.pkg.Resources.Ops(x.pkg.FuncAt(cur)), func(o *resource.Op) bool {
		return o.Cur.Node() == at && o.UntilClosed(x.pkg.Package)
	})
}

// otherSide reports whether the package does the opposite of an operation at what a field holds, of some value.
func (x strangers) otherSide(field *types.Var, kind Operation) bool {
	u := x.uses[field]
	switch {
	case u == nil:
		return false
	case kind == Sends:
		return len(u.receives) > 0
	}
	return len(u.sends)+len(u.closes) > 0
}

// endedBy reports whether functions close what a field holds, or cancel it.
func (x strangers) endedBy(field *types.Var) bool {
	u := x.uses[field]
	return u != nil && len(u.closes) > 0
}

// othersServe reports whether functions that strangers may call take what is offered at a field.
func (x strangers) othersServe(s *state, o offer) bool {
	th := s.thing(o.at)
	if th == nil || !th.own {
		return true
	}
	for _, v := range s.holders() {
		if !slices.ContainsFunc(s.held(v), func(w value) bool { return s.thing(w) == th }) {
			continue
		}
		u := x.uses[v]
		if u == nil {
			return true
		}
		serve := u.receives
		if o.kind != Sends {
			serve = slices.Concat(u.sends, u.closes)
		}
		for _, f := range serve {
			if !x.onlyTask(f) && !x.renews(f, v) {
				return true
			}
		}
	}
	return false
}

// ownEach reports whether each call that receives what a goroutine sends at what a field holds has started one for
// itself: no other one comes for what it leaves.
func (x strangers) ownEach(sender *sites.Spawn, field *types.Var) bool {
	u := x.uses[field]
	return u != nil && len(u.receives) > 0 && !slices.ContainsFunc(u.receives, func(f *syntax.Func) bool {
		return !x.surroundings.reach(f, false)[sender.Call.In]
	})
}

// find reports whether somebody is left who may find what is in the map of a field: strangers, or a goroutine that runs.
// The goroutines that were started where the map was made may have ended.
func (x strangers) find(s *state, m *types.Var) bool {
	u := x.uses[m]
	if u == nil || x.surroundings.public(m) || len(u.made) == 0 {
		return true
	}
	return slices.ContainsFunc(x.pkg.Var(m).Uses, func(use inspector.Cursor) bool {
		use = syntax.Whole(use)
		k := use.ParentEdgeKind()
		switch {
		case x.usage.mentioningAt(use) == names:
			return false
		case k == edge.IndexExpr_X && syntax.Outer(use.Parent()).ParentEdgeKind() == edge.AssignStmt_Lhs:
			return false
		case k == edge.CallExpr_Args && x.codes.builtin(use.Parent().Node().(*ast.CallExpr)) != "":
			return false // delete, len
		}
		f := x.pkg.FuncAt(use)
		if f == nil || !x.onlyTask(f) || k == edge.RangeStmt_X { // who goes through all tells each that it ends
			return true
		}
		runs := func(sp *sites.Spawn) bool { return sp.Body != nil && x.surroundings.reach(sp.Body, false)[f] }
		return slices.ContainsFunc(s.threads, func(t *thread) bool { return t.spawn != nil && runs(t.spawn) }) ||
			slices.ContainsFunc(x.spawns, func(sp *sites.Spawn) bool {
				return runs(sp) && !slices.ContainsFunc(u.made, sp.Call.In.Within)
			})
	})
}

// renews reports whether a function sets a field anew, itself or by what it calls, before it does anything with
// the channel in it: what it found there it does not serve.
func (x strangers) renews(f *syntax.Func, v *types.Var) bool {
	k := renewal{f, v}
	if known, ok := x.renewals[k]; ok {
		return known
	}
	sets := func(in *syntax.Func, root ast.Node) bool {
		return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
			_, assigned := d.Cur.Node().(*ast.AssignStmt)
			return assigned && d.In == in && syntax.Within(d.Cur.Node(), root)
		})
	}
	renews := func(step ast.Node) bool {
		return sets(f, step) || slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool {
			g := x.codes.callee(c)
			return g != nil && g != f && c.Go == nil && c.Defer == nil && syntax.Within(c.Expr, step) && sets(g, g.Node)
		})
	}
	found, all := false, true
	for cur := range f.Cur.Preorder((*ast.SelectorExpr)(nil), (*ast.Ident)(nil)) {
		e := cur.Node().(ast.Expr)
		if x.pkg.FuncAt(cur) != f || x.pkg.Variable(e) != v || cur.ParentEdgeKind() == edge.SelectorExpr_Sel || x.usage.mentioningAt(syntax.Outer(cur)) == names {
			continue
		}
		found = true
		entry, known := x.pkg.Graph(f).Back(e, renews, func(paths.Test) bool { return false })
		all = all && known && !entry
	}
	x.renewals[k] = found && all
	return found && all
}

// forgets reports whether no one has the channel in a field when a function that uses it has returned: it, and all
// others that do something with what is in the field, set it anew before, but for the goroutines that they start.
func (x strangers) forgets(f *syntax.Func, v *types.Var) bool {
	if x.surroundings.public(v) || !x.renews(f, v) {
		return false
	}
	for _, u := range x.pkg.Var(v).Uses {
		f := x.pkg.FuncAt(u)
		switch m := x.usage.mentioningAt(syntax.Whole(u)); {
		case m == names || f != nil && x.onlyTask(f):
		case m == handsOn || f == nil || !x.renews(f, v):
			return false
		}
	}
	return true
}

// A renewal is what renews remembers.
type renewal struct {
	f *syntax.Func
	v *types.Var
}

// onlyTask reports whether a function runs in goroutines only that this package starts: as their task, or called by
// such a one.
func (x strangers) onlyTask(f *syntax.Func) bool { return x.inTask(f, 0) }

func (x strangers) inTask(f *syntax.Func, depth int) bool {
	const deepest = 3
	for g := f; g != nil; g = g.Outer {
		if x.surroundings.startedLit(g) && !slices.ContainsFunc(g.Callers, func(c *syntax.Call) bool { return c.Go == nil }) {
			return true
		}
	}
	d := f.Declared()
	return d != nil && depth < deepest && !d.Valued && len(d.Callers) > 0 && !d.Decl.Exported() && !slices.ContainsFunc(d.Callers, func(c *syntax.Call) bool {
		return c.Go == nil && !x.inTask(c.In, depth+1)
	})
}

// signal is the field's or package's channel that carries nothing and from which an offer is to receive; nil if it
// is no such offer.
func (x strangers) signal(o offer) *types.Var {
	if o.kind != Receives || o.how != atCase {
		return nil
	}
	v := x.pkg.Variable(received(o.edge.Case.Comm))
	if v == nil || !x.kinds.global(v) || v.Pkg() != x.pkg.Types {
		return nil
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || !syntax.Hollow(ch.Elem()) {
		return nil
	}
	return v
}

// tell reports whether a receive from strangers may say more than what there is to do: that it is over. A value that
// is no signal does not, nor does a timer.
func (x strangers) tell(m move) bool {
	if m.a.at.kind == ticksOf {
		return false
	}
	var from ast.Expr
	switch n := m.a.node.(type) {
	case *ast.UnaryExpr:
		from = n.X
	case *ast.RangeStmt:
		from = n.X
	}
	if m.a.how == atCase {
		from = received(m.a.edge.Case.Comm)
	}
	if from == nil || m.a.at.kind == doneOf {
		return true
	}
	if ch, ok := x.pkg.Info.TypeOf(from).Underlying().(*types.Chan); ok && m.ok && !syntax.Hollow(ch.Elem()) {
		return false
	}
	if v := x.pkg.Variable(from); v != nil {
		if defs := x.pkg.Var(v).Defs; len(defs) == 1 && defs[0].Expr != nil {
			from = defs[0].Expr
		}
	}
	call, ok := ast.Unparen(from).(*ast.CallExpr)
	if !ok {
		return true
	}
	c := x.pkg.Call(call)
	return c == nil || c.Callee == nil || effectOf(c.Callee) != after
}

// received is the channel from which a case of a select receives, or nil.
func received(comm ast.Stmt) ast.Expr {
	var e ast.Expr
	switch c := comm.(type) {
	case *ast.ExprStmt:
		e = c.X
	case *ast.AssignStmt:
		e = c.Rhs[0]
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		return u.X
	}
	return nil
}

// rung reports whether somebody has received from a signal's channel before, and so can all.
func (s *state) rung(v *types.Var) bool { return s.chosen.get(v).kind == present }
