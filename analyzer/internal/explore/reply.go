package explore

import (
	"go/ast"
	"go/types"

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
	var made, asks *resource.Op
	var left ast.Node
	var sends []*resource.Op
	for _, o := range c.Ops {
		switch o.Kind {
		case resource.Make:
			if made != nil || o.Call == nil || len(o.Call.Expr.Args) != 1 || x.codes.builtin(o.Call.Expr) != "make" {
				return nil
			}
			made = o
		case resource.Receive:
			if asks != nil {
				return nil // it may be taken elsewhere
			}
			asks = o
			if left = x.givesUp(o); left == nil {
				return nil
			}
		case resource.Send:
			sends = append(sends, o)
		default:
			return nil
		}
	}
	if made == nil || asks == nil || made.In != asks.In || x.exits.After(asks.In) {
		return nil
	}
	known := x.surroundings.reach(asks.In, true) // what is followed with it
	for _, o := range sends {
		if !o.Alone() || o.In.Declared() == asks.In.Declared() {
			return nil
		}
		for _, e := range x.pkg.Resources.Entries(o.In) {
			if e.Spawn == nil || known[e.Spawn.Call.In] {
				continue
			}
			if s := x.pkg.SpawnAt(e.Spawn.Call); s != nil {
				all = append(all, Stuck{
					Root: asks.In, By: asks.In, Spawn: s, On: c.Name(), Made: made.Call.Expr, At: o.Cur.Node(), Kind: Sends, Lead: o.Cur.Node(),
					Left: left, Reply: true,
				})
			}
		}
	}
	return all
}

// givesUp is where a function returns without what it waits for at a receive, or nil: the receive is a case of a
// select that the time, or the end of a context, may decide otherwise, and nothing comes after that.
func (x replies) givesUp(o *resource.Op) ast.Node {
	sel := o.Select()
	if sel == nil || resource.HasDefault(sel) || o.InLoop() {
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
