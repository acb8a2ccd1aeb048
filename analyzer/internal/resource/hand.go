package resource

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// elsewhere does what functions of other packages do to what they are given.
type elsewhere struct{ *builder }

// hand is a call of a function of another package, or of an unknown one, nil: what is not known to be
// looked at only is somebody else's from there on.
func (b elsewhere) hand(c *syntax.Call, f *types.Func) {
	sig, _ := b.src.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if sig == nil {
		return
	}
	var obj types.Object
	if f != nil {
		obj = f
		if f.Signature().TypeParams().Len() > 0 {
			b.generic(c, f)
		}
	}
	for i, t := range b.calls.arguments(sig, c.Expr) {
		if !b.flows.matters(t) {
			continue
		}
		n, st := b.argument(c.Expr, i)
		b.give(c, f, n, t, st, i, Escape{Answer: Unknown, Way: ArgumentOf, Obj: obj})
	}
	if f != nil {
		b.handReceiver(c, f)
	}
	for i := range sig.Results().Len() {
		t := sig.Results().At(i).Type()
		if n := b.calls.result(c.Expr, i); n != nil && b.values.interesting(t) {
			b.exposure.admit(n, t, Escape{Answer: Unknown, Way: MadeBy, Obj: obj, Pos: c.Expr.Pos()})
		}
	}
}

// known is what is known of a function of another package, or nil. It is asked for where something is handed
// over that matters, since a driver may have to look at that package for it.
func (b elsewhere) known(f *types.Func) *summary.Func {
	if f == nil {
		return nil
	}
	return b.imported(f)
}

// argument is an argument of a call and its type.
func (b elsewhere) argument(e *ast.CallExpr, i int) (*node, types.Type) {
	if b.calls.multi(e) {
		return b.flows.nth(e.Args[0], i)
	}
	if i >= len(e.Args) {
		return nil, nil
	}
	return b.values.value(e.Args[i]), b.src.Info.TypeOf(e.Args[i])
}

// give is an argument of type st for a parameter of type t of a function that is not here; f is nil where
// nothing is known of it.
func (b elsewhere) give(c *syntax.Call, f *types.Func, n *node, t, st types.Type, i int, e Escape) {
	if st == nil {
		return
	}
	e.Pos = c.Expr.Lparen
	if i < len(c.Expr.Args) {
		e.Pos = c.Expr.Args[i].Pos()
	}
	if n != nil {
		known := b.known(f)
		if p := known.Param(i); p != nil && b.fact(c, known, p, n, st) {
			return
		}
	}
	if b.values.kind(st) == Context && isInterface(st) {
		return // nobody can do anything to a context
	}
	if isInterface(t) {
		if n != nil && b.values.interesting(t) {
			b.exposure.leak(n, t, e) // into a library's interface
			return
		}
		b.flows.box(nil, t, n, st, e.Pos)
		return
	}
	b.exposure.leak(n, t, e)
}

func (b elsewhere) handReceiver(c *syntax.Call, f *types.Func) {
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok || f.Signature().Recv() == nil {
		return
	}
	n := b.calls.receiver(sel)
	if n == nil || n.find().kind == Context {
		return
	}
	t := f.Signature().Recv().Type()
	known := b.known(f)
	if p := known.Param(int(summary.Receiver)); p != nil && b.fact(c, known, p, n, t) {
		return
	}
	if b.cat.Type(t) == nil && !isInterface(t) {
		b.exposure.leak(n, t, Escape{Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: c.NamePos()})
	}
}

// fact is an argument of which it is known what becomes of it; false if that is not all.
func (b elsewhere) fact(c *syntax.Call, known *summary.Func, p *summary.Param, n *node, t types.Type) bool {
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return b.task(c, known, p, n, sig)
	}
	op := Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c, Fact: p}
	add := func(kind OpKind, role catalog.Role, sure bool) {
		op.Kind, op.Role, op.Sure = kind, role, sure
		b.do(n, op)
	}
	if p.Spawns {
		add(Use, catalog.Submit, false)
	}
	if p.Limits {
		add(Use, catalog.SetBound, false)
	}
	use := p.Use
	if use&summary.Awaits != 0 {
		role := catalog.Await
		if n.find().kind >= Executor {
			role = catalog.Wait
		}
		add(Use, role, true)
	}
	if use&summary.Closes != 0 {
		add(Use, catalog.Close, true)
	}
	if use&summary.Receives != 0 {
		add(Receive, 0, true)
	}
	if use&summary.Sends != 0 {
		add(Send, 0, false)
	}
	return use != 0 && use&summary.Keeps == 0
}

// task is a function given to a function of another package that is known to run it.
func (b elsewhere) task(c *syntax.Call, known *summary.Func, p *summary.Param, n *node, sig *types.Signature) bool {
	switch p.Task {
	case summary.NotRun:
		return false
	case summary.Called:
		b.through = append(b.through, through{Caller{Cur: c.Cur, In: c.In, Call: c}, n})
	default:
		s := &spawn{Spawn: Spawn{Call: c, Fact: p}, tasks: []*node{n}}
		if i, ok := known.Executor(); ok && p.Task == summary.ByExecutor {
			if i == summary.Receiver {
				if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
					s.pool = b.calls.receiver(sel)
				}
			} else {
				s.pool, _ = b.argument(c.Expr, int(i))
			}
		}
		b.spawns = append(b.spawns, s)
	}
	b.exposure.spreadCall(n, sig, Escape{Rights: MayCall, Answer: Unknown, Way: ArgumentOf, Obj: c.Callee, Pos: c.NamePos()})
	return true
}
