package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// replies finds goroutines that answer who no longer waits. Whoever asks makes a channel for the answer, leaves it
// where others find it, and waits at it, but not for ever; the answer is sent by a goroutine that another function
// starts. The two have no function in common that could be followed.
type replies struct{ *Explorer }

// late lists the goroutines that may send an answer when nobody waits for it any more.
func (x replies) late() (all []Stuck) {
	seen := map[*resource.Class]bool{}
	for _, f := range append([]*syntax.Func{nil}, x.funcs...) {
		for _, o := range x.pkg.Resources.Ops(f) {
			if c := o.Class; o.Kind == resource.Make && c.Kind == resource.Channel && c.Closed() && !seen[c] {
				seen[c] = true
				all = append(all, x.unanswered(c)...)
			}
		}
	}
	return all
}

// unanswered lists the goroutines that answer at the channels of a class.
func (x replies) unanswered(c *resource.Class) (all []Stuck) {
	var made, asks, sends []*resource.Op
	for _, o := range c.Ops {
		switch o.Kind {
		case resource.Make:
			if o.Call == nil || x.codes.builtin(o.Call.Expr) != "make" {
				return nil
			}
			made = append(made, o)
		case resource.Receive, resource.Range:
			asks = append(asks, o)
		case resource.Send:
			sends = append(sends, o)
		default:
			return nil
		}
	}
	for _, o := range asks {
		if !slices.ContainsFunc(made, func(m *resource.Op) bool { return m.In == o.In || owner(m.In) != owner(o.In) }) {
			return nil // it may be taken elsewhere
		}
	}
	for _, m := range made {
		all = append(all, x.left(c, m, asks, sends, len(made) > 1)...)
	}
	return all
}

// left lists the goroutines that answer at a channel after who has made it for itself has left. If others make channels
// of the class, those who serve them are told by the type whose methods they are.
func (x replies) left(c *resource.Class, made *resource.Op, asks, sends []*resource.Op, others bool) (all []Stuck) {
	f := made.In
	theirs := func(o *resource.Op) bool { return others && (owner(f) == nil || owner(o.In) != owner(f)) }
	var ask *resource.Op
	for _, o := range asks {
		if o.In == f {
			if ask != nil {
				return nil // it may be there that the last one comes
			}
			ask = o
		}
	}
	if ask == nil {
		return nil
	}
	left := x.givesUp(ask)
	if left == nil || len(made.Call.Expr.Args) != 1 || x.exits.After(f) {
		return nil
	}
	known := x.surroundings.reach(f, true) // what is followed with it
	for _, o := range sends {
		if theirs(o) {
			continue
		}
		if !o.Alone() || o.In.Declared() == f.Declared() || ask.UntilClosed(x.pkg.Package) && !o.InLoop() {
			return nil
		}
		for _, e := range x.pkg.Resources.Entries(o.In) {
			if e.Spawn == nil || known[e.Spawn.Call.In] && !x.found(o) {
				continue
			}
			if s := x.pkg.SpawnAt(e.Spawn.Call); s != nil {
				all = append(all, Stuck{
					Root: f, From: f, By: f, Spawn: s, On: c.Name(), Made: made.Call.Expr, At: o.Cur.Node(), Kind: Sends, Lead: o.Cur.Node(),
					Left: left, Reply: true, Loop: ask.InLoop() || ask.UntilClosed(x.pkg.Package),
				})
			}
		}
	}
	return all
}

// owner is the type whose method a function is, or is written in; nil if it is none.
func owner(f *syntax.Func) *types.TypeName {
	d := f.Declared()
	if d == nil || d.Sig.Recv() == nil {
		return nil
	}
	if n := syntax.Named(d.Sig.Recv().Type()); n != nil {
		return n.Origin().Obj()
	}
	return nil
}

// found reports whether a function has found the channel to which it sends in a collection of a field, or has been sent
// it: such ways are not followed.
func (x replies) found(o *resource.Op) bool {
	ch := o.Channel()
	return ch != nil && x.stored(ch, 3)
}

// stored reports whether an expression stands for what was put into a collection of a field, or sent, before.
func (x replies) stored(e ast.Expr, depth int) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		v := x.pkg.Variable(e.X)
		return v != nil && v.IsField() || x.stored(e.X, depth)
	case *ast.UnaryExpr:
		return e.Op == token.ARROW
	case *ast.SelectorExpr:
		return x.stored(e.X, depth)
	case *ast.Ident:
		v := x.pkg.Variable(e)
		return v != nil && depth > 0 && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
			if d.Kind == syntax.RangeKey || d.Kind == syntax.RangeValue {
				if of := x.pkg.Variable(d.Expr); of != nil && of.IsField() {
					return true
				}
			}
			return d.Expr != nil && x.stored(d.Expr, depth-1)
		})
	}
	return false
}

// givesUp is where a function returns without what it waits for at a receive, or nil: the receive is a case of a
// select that the time, or the end of a context, may decide otherwise, and nothing comes after that.
func (x replies) givesUp(ask *resource.Op) ast.Node {
	sel := ask.Select()
	if sel == nil && ask.UntilClosed(x.pkg.Package) {
		return x.hasEnough(ask)
	}
	if sel == nil || resource.HasDefault(sel) {
		return nil
	}
	for _, clause := range sel.Body.List {
		clause := clause.(*ast.CommClause)
		if n := len(clause.Body); n > 0 && x.ends(clause.Comm) {
			if ret, ok := clause.Body[n-1].(*ast.ReturnStmt); ok {
				return ret
			}
		}
	}
	return nil
}

// hasEnough is where a function leaves a loop that receives from a channel which nothing closes, or nil: it is not what
// it has received alone that says so, as the last message of an exchange does.
func (x replies) hasEnough(ask *resource.Op) ast.Node {
	loop, got := ask.Cur, syntax.Assigned(ask.Cur)
	if r, ok := ask.Cur.Node().(*ast.RangeStmt); ok {
		got = []ast.Expr{r.Key}
	} else {
		loop = syntax.Loops(ask.Cur)[0]
	}
	received := func(v *types.Var) bool {
		return slices.ContainsFunc(got, func(e ast.Expr) bool { return x.pkg.Variable(e) == v })
	}
	for cur := range loop.Preorder((*ast.ReturnStmt)(nil), (*ast.BranchStmt)(nil)) {
		if b, ok := cur.Node().(*ast.BranchStmt); ok && (b.Tok != token.BREAK || b.Label != nil) || x.pkg.FuncAt(cur) != ask.In {
			continue
		}
		cond, ok := cur.Parent().Parent().Node().(*ast.IfStmt)
		if !ok || syntax.Loops(cur)[0].Node() != loop.Node() {
			continue
		}
		for n := range ast.Preorder(cond.Cond) {
			id, ok := n.(*ast.Ident)
			if !ok {
				continue
			}
			if v, ok := x.pkg.Info.Uses[id].(*types.Var); ok && !v.IsField() && !received(v) && v.Parent() != x.pkg.Types.Scope() {
				return cur.Node()
			}
		}
	}
	return nil
}

// ends reports whether a case receives from a timer or a context.
func (x replies) ends(comm ast.Stmt) bool {
	e := received(comm)
	if e == nil {
		return false
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		c := x.pkg.Call(call)
		return c != nil && c.Callee != nil && (effectOf(c.Callee) == after || effectOf(c.Callee) == done)
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, _ := x.pkg.Info.Uses[sel.Sel].(*types.Var)
	return ticks(v)
}
