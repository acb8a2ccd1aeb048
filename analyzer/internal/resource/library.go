package resource

import (
	"go/ast"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// library is a call of a function of the catalogue.
func (b elsewhere) library(c *syntax.Call, f *types.Func, row *catalog.Func) {
	var pool *node
	if row.Executor != catalog.NoArg {
		pool = b.values.value(c.Arg(row.Executor.Index()))
	} else if sel, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok && f.Signature().Recv() != nil {
		pool = b.calls.receiver(sel)
	}
	b.do(pool, Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c, Role: row.Role, Row: row})
	b.makes(c, f, row, pool)
	b.given(c, f, row, pool)
	if s, ok := standardRow(f); ok {
		b.contexts(c, s)
	}
}

// makes is what a library's function returns.
func (b elsewhere) makes(c *syntax.Call, f *types.Func, row *catalog.Func, pool *node) {
	made := false
	if n := b.calls.result(c.Expr, 0); n != nil {
		switch {
		case pool != nil && (row.Returns == catalog.ReturnsSelf || row.Role == catalog.Convert || row.Role == catalog.SetBound):
			b.join(n, pool)
			made = true
		case n.find().kind > Channel && n.find().kind != Context:
			b.do(n, Op{Kind: Make, Cur: c.Cur, In: c.In, Call: c, Role: row.Role, Row: row})
			made = true
		}
	}
	res := f.Signature().Results()
	for i := range res.Len() {
		n := b.calls.result(c.Expr, i)
		if n == nil || made && i == 0 || b.values.kind(res.At(i).Type()) == Context {
			continue
		}
		b.exposure.admit(n, resultType(b.src.Info.TypeOf(c.Expr), i), Escape{Answer: Unknown, Way: MadeBy, Obj: f, Pos: c.NamePos()})
	}
}

// given is what a library's function does with its arguments.
func (b elsewhere) given(c *syntax.Call, f *types.Func, row *catalog.Func, pool *node) {
	sig, _ := b.src.Info.TypeOf(c.Expr.Fun).Underlying().(*types.Signature)
	if sig == nil {
		return
	}
	var tasks []*node
	for i, t := range b.calls.arguments(sig, c.Expr) {
		n, st := b.argument(c.Expr, i)
		if n == nil || i == row.Executor.Index() && row.Executor != catalog.NoArg || b.values.kind(st) == Context {
			continue
		}
		task := row.Task != catalog.NoArg && (i == row.Task.Index() || row.Tasks && i > row.Task.Index())
		switch sig, fun := st.Underlying().(*types.Signature); {
		case task && fun:
			tasks = append(tasks, n)
			b.exposure.spreadCall(n, sig, Escape{Rights: MayCall, Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: c.NamePos()})
		case task:
			tasks = append(tasks, n)
		case row.Role == catalog.Combine:
			b.do(b.future(n), Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c, Role: row.Role, Row: row})
		default:
			b.give(c, nil, n, t, st, i, Escape{Answer: Unknown, Way: ArgumentOf, Obj: f})
		}
	}
	switch {
	case len(tasks) == 0:
	case row.Role == catalog.Run:
		for _, n := range tasks {
			b.through = append(b.through, through{Caller{Cur: c.Cur, In: c.In, Call: c, Via: true}, n})
		}
	default:
		if row.Role == catalog.New && pool == nil {
			pool = b.calls.result(c.Expr, 0)
		}
		b.spawns = append(b.spawns, &spawn{Spawn: Spawn{Call: c, Row: row}, pool: pool, tasks: tasks})
	}
}

// future is what a function that combines futures is given: one, or a collection of them.
func (b elsewhere) future(n *node) *node {
	if n.find().kind == Other && n.find().elem != nil {
		return n.find().elem
	}
	return n
}

// standard is a call of a function with a row of its own.
func (b elsewhere) standard(c *syntax.Call, f *types.Func, row standard) {
	if row.generic {
		b.generic(c, f)
	}
	if row.same {
		b.join(b.calls.result(c.Expr, 0), b.self(c, f))
	}
	b.contexts(c, row)
	if row.role != 0 {
		b.do(b.self(c, f), Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c, Role: row.role})
	}
	if n := b.calls.result(c.Expr, 0); n != nil && row.timer {
		n = n.find()
		n.kind = max(n.kind, Timer)
		b.do(n, Op{Kind: Make, Cur: c.Cur, In: c.In, Call: c, Time: true})
	}
	if row.starts != none {
		if n, st := b.argument(c.Expr, row.starts.index()); n != nil {
			b.spawns = append(b.spawns, &spawn{Spawn: Spawn{Call: c}, tasks: []*node{n}})
			if sig, ok := st.Underlying().(*types.Signature); ok {
				b.exposure.spreadCall(n, sig, Escape{Rights: MayCall, Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: c.NamePos()})
			}
		}
	}
	if row.sends != none {
		n, _ := b.argument(c.Expr, row.sends.index())
		b.do(n, Op{Kind: Use, Cur: c.Cur, In: c.In, Call: c})
		b.admitSends(c, f, row)
	}
	if row.calls {
		b.callbacks(c, f, row)
	}
	if row.calls || row.reads {
		b.shown(c, f)
	}
}

// admitSends is signal.Notify: the outside sends to a channel, and never waits.
func (b elsewhere) admitSends(c *syntax.Call, f *types.Func, row standard) {
	if n, _ := b.argument(c.Expr, row.sends.index()); n != nil {
		b.leaks = append(b.leaks, leak{n, b.src.Info.TypeOf(c.Expr.Args[row.sends.index()]),
			Escape{Rights: MaySend, Answer: Yes, Way: ArgumentOf, Obj: f, Pos: c.NamePos()}})
	}
}

// self is the receiver, or the first argument of a function.
func (b elsewhere) self(c *syntax.Call, f *types.Func) *node {
	if f.Signature().Recv() == nil {
		n, _ := b.argument(c.Expr, 0)
		return n
	}
	if sel, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		return b.calls.receiver(sel)
	}
	return nil
}

// contexts is a function that makes a context.
func (b elsewhere) contexts(c *syntax.Call, row standard) {
	if row.context == none {
		return
	}
	ctx := b.calls.result(c.Expr, row.context.index())
	if ctx == nil {
		return
	}
	b.do(ctx, Op{Kind: Make, Cur: c.Cur, In: c.In, Call: c, Time: row.timed})
	if row.parent != none {
		parent, _ := b.argument(c.Expr, row.parent.index())
		b.flows.derive(ctx, parent)
	}
	if row.cancel != none {
		if cancel := b.calls.result(c.Expr, row.cancel.index()); cancel != nil {
			b.do(cancel, Op{Kind: Make, Cur: c.Cur, In: c.In, Call: c})
			n := cancel.find()
			n.kind = max(n.kind, Cancel)
			if old := n.call().cancels; old != nil {
				b.join(old, ctx)
			} else {
				n.fn.cancels = ctx
			}
		}
	}
}

// callbacks are the functions that a function calls before it returns.
func (b elsewhere) callbacks(c *syntax.Call, f *types.Func, row standard) {
	for i := range c.Expr.Args {
		n, st := b.argument(c.Expr, i)
		if n == nil || st == nil {
			continue
		}
		if sig, ok := st.Underlying().(*types.Signature); ok {
			b.through = append(b.through, through{Caller{Cur: c.Cur, In: c.In, Call: c, Via: true}, n})
			if !row.generic {
				b.exposure.spreadCall(n, sig, Escape{Rights: MayCall, Answer: Unknown, Way: ArgumentOf, Obj: f, Pos: c.NamePos()})
			}
		}
	}
}

// shown are the methods of the package's types that a function calls of what it is given as interfaces.
func (b elsewhere) shown(c *syntax.Call, f *types.Func) {
	for i, t := range b.calls.arguments(f.Signature(), c.Expr) {
		if !isInterface(t) {
			continue
		}
		_, st := b.argument(c.Expr, i)
		n := syntax.Named(st)
		if n == nil || n.Obj().Pkg() != b.src.Types || isInterface(st) {
			continue
		}
		called := t.Underlying().(*types.Interface)
		for m := range called.Methods() {
			b.called(c, st, m.Name())
		}
		if called.NumMethods() == 0 {
			for _, name := range printed {
				b.called(c, st, name)
			}
		}
	}
}

// called is a method of a type that a function of another package calls before it returns.
func (b elsewhere) called(c *syntax.Call, t types.Type, name string) {
	obj, _, _ := types.LookupFieldOrMethod(t, true, b.src.Types, name)
	if m, ok := obj.(*types.Func); ok {
		if fn := b.src.Decl(m); fn != nil {
			b.through = append(b.through, through{Caller{Cur: c.Cur, In: c.In, Call: c, Via: true}, b.calls.function(fn)})
		}
	}
}

func (p place) index() int { return int(p) - 1 }

func standardRow(f *types.Func) (standard, bool) {
	if f.Pkg() == nil {
		return standard{}, false
	}
	rows := standards[f.Pkg().Path()]
	if rows == nil {
		return standard{}, false
	}
	row, ok := rows[catalog.FuncName(f)]
	if recv := f.Signature().Recv(); !ok && (recv == nil || !isInterface(recv.Type())) {
		row, ok = rows["*"]
	}
	return row, ok
}

// Looks reports whether a function of the standard library only looks at what it is given, and keeps none: it
// prints, compares or sorts.
func Looks(f *types.Func) bool {
	if f == nil {
		return false
	}
	row, ok := standardRow(f)
	return ok && row.reads
}

// generic passes values through a generic function that is not here as its type parameters say: a T that
// comes out is one that went in.
func (b elsewhere) generic(c *syntax.Call, f *types.Func) {
	g := &parametric{b.builder, map[*types.TypeParam]*node{}}
	sig := f.Origin().Signature()
	for i, t := range b.calls.arguments(sig, c.Expr) {
		if n, _ := b.argument(c.Expr, i); n != nil {
			g.visit(n, t, 0)
		}
	}
	for i := range sig.Results().Len() {
		if n := b.calls.result(c.Expr, i); n != nil {
			g.visit(n, sig.Results().At(i).Type(), 0)
		}
	}
}

type parametric struct {
	*builder
	nodes map[*types.TypeParam]*node
}

const maxNesting = 8

func (g *parametric) visit(n *node, t types.Type, depth int) {
	if n == nil || depth > maxNesting || !g.values.interesting(t) {
		return
	}
	switch t := t.(type) {
	case *types.TypeParam:
		if old := g.nodes[t]; old != nil {
			g.join(old, n)
			return
		}
		g.nodes[t] = n
		if core := core(t); core != nil {
			g.visit(n, core, depth+1)
		}
	case *types.Pointer:
		g.visit(n, t.Elem(), depth+1)
	case *types.Slice:
		g.visit(g.elem(n), t.Elem(), depth+1)
	case *types.Array:
		g.visit(g.elem(n), t.Elem(), depth+1)
	case *types.Chan:
		g.visit(g.elem(n), t.Elem(), depth+1)
	case *types.Map:
		g.visit(g.elem(n), t.Key(), depth+1)
		g.visit(g.elem(n), t.Elem(), depth+1)
	case *types.Signature:
		for i := range t.Params().Len() {
			if p := t.Params().At(i).Type(); g.values.interesting(p) {
				g.visit(g.paramOf(n, i), p, depth+1)
			}
		}
		for i := range t.Results().Len() {
			if r := t.Results().At(i).Type(); g.values.interesting(r) {
				g.visit(g.resultOf(n, i), r, depth+1)
			}
		}
	case *types.Named, *types.Alias:
		if !isInterface(t) {
			g.visit(n, t.Underlying(), depth+1)
		}
	}
}

// core is the type that a constraint such as ~[]E allows, or nil.
func core(t *types.TypeParam) types.Type {
	i, ok := t.Constraint().Underlying().(*types.Interface)
	if !ok || i.NumEmbeddeds() != 1 {
		return nil
	}
	u, ok := i.EmbeddedType(0).(*types.Union)
	if !ok || u.Len() != 1 {
		return nil
	}
	return u.Term(0).Type()
}
