package obligation

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Params returns the part of a summary that says what becomes of the futures, groups, pools and
// channels that a function is given, which futures it leaves to its caller, and whether it ever
// returns.
//
// Of each parameter, one of these is said: looked at without consequence (Reads), discharged on
// every path (Awaits, Closes, Receives), only sent to (Sends). Nothing is said of one that is kept,
// handed on, or discharged on some paths only: it is somebody else's from here on.
func Params(p *sites.Package) func(*syntax.Func, *summary.Func) {
	return func(f *syntax.Func, s *summary.Func) {
		if r := f.Sig.Recv(); r != nil {
			describe(p, f, r, int(summary.Receiver), s)
		}
		for i := range f.Sig.Params().Len() {
			describe(p, f, f.Sig.Params().At(i), i, s)
		}
		for i := range f.Sig.Results().Len() {
			if owes(p, f, i) {
				r := result(s, i)
				r.Owes = true
				if kind, _ := owable(p, f.Sig.Results().At(i).Type()); p.Catalog.Type(f.Sig.Results().At(i).Type()) == nil {
					r.Kind = uint8(kind)
				}
			}
		}
		s.Rejects = rejects(p, f, s.Acquires)
		s.NoReturn = f.Decl != nil && f.Sig.Results().Len() == 0 && p.Graph(f).NoReturn() && !loops(f)
	}
}

// loops reports whether f is a loop forever rather than an end: callers of a server's main loop
// are better followed as if it returned.
func loops(f *syntax.Func) bool {
	for c := range f.Cur.Preorder((*ast.ForStmt)(nil), (*ast.SelectStmt)(nil)) {
		if n, ok := c.Node().(*ast.ForStmt); !ok || n.Cond == nil {
			return true
		}
	}
	return false
}

func describe(p *sites.Package, f *syntax.Func, v *types.Var, i int, s *summary.Func) {
	var use summary.Use
	if ch, ok := chanOf(v.Type()); ok {
		use = channelParam(p, f, v, ch)
	} else if kind, ok := carries(p, v.Type()); ok {
		use = valueParam(p, f, v, kind)
	}
	if use == 0 || use&summary.Keeps != 0 {
		return // as good as nothing known
	}
	for k := range s.Params {
		if int(s.Params[k].Index) == i {
			s.Params[k].Use = use
			return
		}
	}
	s.Params = append(s.Params, summary.Param{Index: int8(i), Use: use, By: summary.NoParam})
	slices.SortFunc(s.Params, func(a, b summary.Param) int { return int(a.Index) - int(b.Index) })
}

func result(s *summary.Func, i int) *summary.Result {
	if r := s.Result(i); r != nil {
		return r
	}
	s.Results = append(s.Results, summary.Result{Index: int8(i)})
	slices.SortFunc(s.Results, func(a, b summary.Result) int { return int(a.Index) - int(b.Index) })
	return s.Result(i)
}

// carries returns the kind of what a type holds: an executor, group or future, or several.
func carries(p *sites.Package, t types.Type) (catalog.Kind, bool) {
	if row := p.Catalog.Type(t); row != nil {
		return row.Kind, row.Kind != catalog.Limiter
	}
	if p.Homemade(t) != nil || p.Wrapped(t) != nil {
		return catalog.Executor, true
	}
	if p.Group(t) != nil {
		return catalog.Group, true
	}
	if p.Future(t) != nil {
		return catalog.Future, true
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		t = u.Elem()
	case *types.Map:
		t = u.Elem()
	default:
		return 0, false
	}
	row := p.Catalog.Type(t)
	return catalog.Future, row != nil && row.Kind == catalog.Future || p.Future(t) != nil
}

func valueParam(p *sites.Package, f *syntax.Func, v *types.Var, kind catalog.Kind) summary.Use {
	t := track(p, kind)
	switch t.variable(v) {
	case passed:
		return summary.Keeps
	case idle, begun:
		return summary.Reads
	}
	o := &owing{t: t, f: f, v: v, many: true, steady: true}
	if !o.always() {
		return summary.Keeps
	}
	if kind == catalog.Executor {
		return summary.Closes
	}
	return summary.Awaits
}

// always reports whether every path from the function's start discharges.
func (o *owing) always() bool {
	g := o.t.Graph(o.f)
	ev := o.events(g)
	if ev.early {
		return false
	}
	for _, what := range ev.fate {
		if what == passed {
			return false
		}
	}
	return g.Ask(paths.Query{
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			if ev.fate[step] != idle {
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
		Done: func(loop ast.Stmt, _ int) (int, paths.Effect) {
			if inside(ev.fate, loop) {
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
	}).Verdict == paths.Honoured
}

// owes reports whether the i'th result is a future, or a pool that must be closed, that f made and
// keeps no hold of.
func owes(p *sites.Package, f *syntax.Func, i int) bool {
	kind, ok := owable(p, f.Sig.Results().At(i).Type())
	if !ok || len(f.Returns) == 0 {
		return false
	}
	made := false
	for _, r := range f.Returns {
		if len(r.Results) == 1 {
			if inner := p.CalledLit(r.Results[0]); inner != nil {
				if !owes(p, inner, i) {
					return false
				}
				made = true
				continue
			}
		}
		if i >= len(r.Results) {
			// A bare return, or return g(): of several results.
			return false
		}
		e := ast.Unparen(r.Results[i])
		if p.Info.Types[e].IsNil() {
			continue
		}
		if !owed(p, f, e, kind) {
			return false
		}
		made = true
	}
	return made
}

// owable is the kind of what a result of a type may owe: a future, also one that comes as a channel, a group
// with work in it, a pool that must be closed.
func owable(p *sites.Package, t types.Type) (catalog.Kind, bool) {
	if _, ok := chanOf(t); ok {
		return catalog.Future, true
	}
	row := p.Catalog.Type(t)
	if row == nil {
		if p.Group(t) != nil {
			return catalog.Group, true
		}
		if p.Future(t) != nil || embedsFuture(p, t) != nil {
			return catalog.Future, true
		}
		return catalog.Executor, p.Homemade(t) != nil || p.Wrapped(t) != nil
	}
	return row.Kind, row.Kind == catalog.Future || row.Closed || row.Kind == catalog.Group && row.Waited
}

// embedsFuture is the field by which a struct is a library's future and more, or nil.
func embedsFuture(p *sites.Package, t types.Type) *types.Var {
	if f := p.Embeds(t); f != nil && p.Catalog.Type(f.Type()).Kind == catalog.Future {
		return f
	}
	return nil
}

// owed reports whether e is a call that makes a future or pool, or a variable that only ever holds
// one and is only returned.
func owed(p *sites.Package, f *syntax.Func, e ast.Expr, kind catalog.Kind) bool {
	if call, ok := e.(*ast.CallExpr); ok {
		c := p.Call(call)
		return c != nil && (f.Decl != nil || c.Callee != nil) && hands(p, c, kind)
	}
	if lit, ok := composite(e); ok {
		if f := embedsFuture(p, p.Info.TypeOf(lit)); f != nil && kind == catalog.Future {
			call, ok := inLiteral(p, lit, f).(*ast.CallExpr)
			return ok && p.Call(call) != nil && hands(p, p.Call(call), kind)
		}
		own := p.Homemade(p.Info.TypeOf(lit))
		return kind == catalog.Executor && (own != nil && own.Starts(p, f) || wraps(p, f, lit))
	}
	if kind == catalog.Future && reply(p, f, e) {
		return true
	}
	v := p.Variable(e)
	if v == nil || declaredOutside(p, v, f) || !madeHere(p, f, v, kind) {
		return false
	}
	t := track(p, kind)
	started := false
	for _, u := range p.Var(v).Uses {
		what := t.mention(u)
		started = started || what == begun
		if !returned(u) && what != idle && what != begun {
			return false
		}
	}
	return kind != catalog.Group || started
}

// composite is the literal that an expression, or what it points to, is.
func composite(e ast.Expr) (*ast.CompositeLit, bool) {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok {
		e = ast.Unparen(u.X)
	}
	lit, ok := e.(*ast.CompositeLit)
	return lit, ok
}

// madeHere reports whether all that a local variable ever holds is made by f, and nothing that may outlive
// f uses it.
func madeHere(p *sites.Package, f *syntax.Func, v *types.Var, kind catalog.Kind) bool {
	if kind == catalog.Group && fresh(p, v) == f {
		return true
	}
	if own := p.Homemade(v.Type()); own != nil && kind == catalog.Executor && fresh(p, v) == f {
		return own.Starts(p, f) // the workers have it, and end with it
	}
	if d, ok := p.Only(v); ok && d.Expr != nil && kind == catalog.Executor && p.Wrapped(v.Type()) != nil && fresh(p, v) == f {
		lit, ok := composite(d.Expr)
		return ok && wraps(p, f, lit)
	}
	if done := p.Future(v.Type()); done != nil && kind == catalog.Future && fresh(p, v) == f {
		return readied(p, f, done) // what it starts has it, too, and makes it ready
	}
	d, ok := p.Only(v)
	if !ok || d.Kind != syntax.Assign || d.Result != 0 {
		return false
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok || p.Call(call) == nil || f.Decl == nil && p.Call(call).Callee == nil {
		return false
	}
	return hands(p, p.Call(call), kind) && !captured(p, v, f)
}

// wraps reports whether a literal holds a pool that f makes for it alone, and closes in a method.
func wraps(p *sites.Package, f *syntax.Func, lit *ast.CompositeLit) bool {
	field := p.Wrapped(p.Info.TypeOf(lit))
	if field == nil {
		return false
	}
	e := inLiteral(p, lit, field)
	if e == nil {
		return false
	}
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		return p.Call(call) != nil && hands(p, p.Call(call), catalog.Executor)
	}
	v := p.Variable(e)
	if v == nil || declaredOutside(p, v, f) || !madeHere(p, f, v, catalog.Executor) {
		return false
	}
	t := track(p, catalog.Executor)
	return !slices.ContainsFunc(p.Var(v).Uses, func(u inspector.Cursor) bool {
		return u.Node() != ast.Unparen(e) && t.mention(u) != idle
	})
}

// readied reports whether a function starts what makes a home-made future ready.
func readied(p *sites.Package, f *syntax.Func, done *types.Var) bool {
	class := p.Resources.Var(done)
	return slices.ContainsFunc(class.Ops, func(o *resource.Op) bool {
		return (o.Kind == resource.Send || o.Kind == resource.Close) && slices.ContainsFunc(p.Resources.Entries(o.In), func(e resource.Entry) bool {
			return e.Spawn != nil && e.Spawn.Call.In != nil && e.Spawn.Call.In.Declared() == f.Declared()
		})
	})
}

// returned reports whether a mention is what a function returns, it or its address.
func returned(u inspector.Cursor) bool {
	u = syntax.Outer(u)
	if u.ParentEdgeKind() == edge.UnaryExpr_X {
		u = syntax.Outer(u.Parent())
	}
	return u.ParentEdgeKind() == edge.ReturnStmt_Results
}

// hands reports whether a call hands out a future, a group with work in it, or a pool that must be closed,
// that the caller alone holds.
func hands(p *sites.Package, c *syntax.Call, kind catalog.Kind) bool {
	if row := p.Catalog.Func(c.Callee); row != nil {
		return handsOut(row, kind)
	}
	if c.Callee == nil || c.Callee.Signature().Recv() != nil && types.IsInterface(c.Callee.Signature().Recv().Type()) { // also an embedded one
		return handsAny(p, c, kind)
	}
	if r := p.Summary(c.Callee).Result(0); r == nil || !r.Owes {
		return false
	}
	k, ok := owable(p, c.Callee.Signature().Results().At(0).Type())
	if !ok { // a home-made one of another package
		k = catalog.Kind(p.Summary(c.Callee).Result(0).Kind)
	}
	return k == kind
}

func handsOut(row *catalog.Func, kind catalog.Kind) bool {
	switch row.Returns {
	case catalog.ReturnsFuture, catalog.ReturnsFutureError, catalog.ReturnsFutureBool:
		return kind == catalog.Future
	case catalog.ReturnsChan:
		return kind == catalog.Future && row.Role == catalog.Submitted
	}
	return kind == catalog.Executor && row.Role == catalog.New && !row.Shared
}

// handsAny is hands for a call through an interface or a function value. Whatever it runs, a future is
// there to be awaited, unless one that it may run keeps it.
func handsAny(p *sites.Package, c *syntax.Call, kind catalog.Kind) bool {
	if kind == catalog.Executor {
		return false // it may be shared
	}
	if k, ok := owable(p, p.First(c.Expr)); !ok || k != kind {
		return false
	}
	to, _ := p.Resources.Callees(c)
	for _, f := range to {
		if row := p.Catalog.Func(f.Decl); row != nil {
			if !handsOut(row, kind) {
				return false
			}
		} else if f.Body != nil && f.Decl == nil {
			if f.Body == c.In || !owes(p, f.Body, 0) {
				return false
			}
		} else if r := p.Summary(f.Decl).Result(0); r == nil || !r.Owes {
			return false
		}
	}
	return len(to) > 0 || p.Catalog.Type(p.First(c.Expr)) != nil && kind == catalog.Future
}
