package obligation

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A Group is a local group that is given work and, on some path, not waited for.
type Group struct {
	Loss
	Type  *catalog.Type
	First *syntax.Call    // the first call on that path that gives it work
	Never bool            // no path waits
	Kept  bool            // Var is a field for which nothing in the package waits
	Serve bool            // its tasks are servers, which run until they are told to stop
	Feed  *types.Var      // the channel that its tasks read until the function closes it, or nil
	Until *types.Var      // the context that its tasks ask whether to end, or nil
	Races *types.Var      // a result of the function that its tasks write, and every return sets, or nil
	Idle  bool            // a wait group whose tasks write nothing that is read behind them
	Doubt *verdict.Reason // why nothing is lost: How is 0
}

// Groups tells of each local group of a package that is given work whether it is waited for, and finds the
// calls whose group with work in it goes nowhere. Of a group that was made elsewhere, or that escapes, nobody here can say who waits.
func Groups(p *sites.Package) []Group {
	var lost []Group
	for _, v := range locals(p, catalog.Group) {
		if g, ok := group(p, v); ok {
			lost = append(lost, g)
		}
	}
	lost = append(lost, unwaitedFields(p)...)
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			if !hands(p, c, catalog.Group) || OwnLibrary(p, c.Callee) {
				continue
			}
			t := track(p, catalog.Group)
			switch h := t.settle(c.Cur); {
			case h.how == Dropped, h.how == Blank, h.how == Ignored:
				lost = append(lost, Group{Loss: Loss{How: h.how}, Type: p.Group(p.First(c.Expr)), First: c, Never: true})
			case h.valid && h.many && t.held == nil && c.In != nil && !results(p.Var(h.v)) && !declaredOutside(p, h.v, c.In):
				o := &owing{t: t, f: c.In, v: h.v, from: c.Expr, many: true, index: h.index}
				if loss, ok := o.askAll(); ok {
					lost = append(lost, Group{Loss: loss, Type: p.Group(p.First(c.Expr)), First: c})
				}
			}
		}
	}
	return lost
}

// unwaitedFields tells of the groups in fields for which nothing waits, at the first work that each function
// gives them.
func unwaitedFields(p *sites.Package) []Group {
	type giver struct {
		v  *types.Var
		by *syntax.Func
	}
	var lost []Group
	seen := map[giver]bool{}
	for _, s := range p.Spawns {
		v := p.Variable(s.Pool)
		if v == nil || !v.IsField() || s.Go() || seen[giver{v, s.Call.In}] || !neverWaited(p, v) {
			continue
		}
		seen[giver{v, s.Call.In}] = true
		lost = append(lost, Group{Loss: Loss{How: Forgotten, Var: v}, Type: p.Group(v.Type()), First: s.Call, Never: true, Kept: true})
	}
	return lost
}

// neverWaited reports whether nothing in the package waits for a group in a field of its own, by which an error is
// lost, and no other package can.
func neverWaited(p *sites.Package, v *types.Var) bool {
	row := p.Catalog.Type(v.Type())
	if row == nil || row.Kind != catalog.Group || !row.Waited || row.Lost == "" {
		return false
	}
	class := p.Resources.Var(v)
	if class == nil || len(class.Makers()) == 0 || v.Pkg() != p.Types || v.Exported() || v.Embedded() || track(p, catalog.Group).variable(v) > begun {
		return false
	}
	may, _ := class.Can(resource.MayReceive | resource.MayGive)
	return may == resource.No && !slices.ContainsFunc(class.Ops, func(o *resource.Op) bool { return o.Role == catalog.Wait }) // by another name
}

// locals lists the local variables of a kind, in source order.
func locals(p *sites.Package, kind catalog.Kind) []*types.Var {
	var vars []*types.Var
	for _, obj := range p.Info.Defs {
		v, ok := obj.(*types.Var)
		if !ok || v.IsField() || global(v) {
			continue
		}
		row := p.Catalog.Type(v.Type())
		if row == nil && kind == catalog.Group {
			row = p.Group(v.Type())
		}
		if row != nil && row.Kind == kind {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return slices.Compact(vars)
}

// maxAsked bounds from how many places that give a group work its wait is looked for: what follows is
// on the paths from these.
const maxAsked = 64

func group(p *sites.Package, v *types.Var) (Group, bool) {
	row := p.Group(v.Type())
	f := fresh(p, v)
	if !row.Waited || f == nil {
		return Group{}, false
	}
	t := track(p, catalog.Group)
	never := t.variable(v) <= begun
	asked := 0
	ended := false // there is a path on which nobody waits, but its tasks are told to end
	first := (*syntax.Call)(nil)
	for _, s := range starts(p, t, v, f) {
		u, call := s.at, s.call
		if first == nil {
			first = call
		}
		switch {
		case announced(p, v):
			return unlost(row, first, verdict.Against(call.NamePos(), "each of its tasks signals its own end, and has no error")), true
		case !never && (canceled(p, v) || stopped(p, f)):
			return unlost(row, first, verdict.Against(call.NamePos(), "its tasks are told to end by a defer of %s", f.Name())), true
		}
		if asked++; asked > maxAsked {
			break
		}
		o := &owing{t: t, f: f, v: v, from: u, steady: true, never: never, told: told(p, v, f)}
		if lhs := syntax.Assigned(call.Cur); lhs != nil && p.Variable(lhs[0]) == v { // a helper that fails gives none
			o.assume = succeeded(p, call, v)
		}
		if !never {
			o.told = append(o.told, cancels(p, f, contexts(p, v, f))...)
		}
		if loss, lost := o.ask(); lost {
			return Group{
				Loss: loss, Type: row, First: call, Never: never,
				Serve: every(p, v, func(s *sites.Spawn) bool { return serves(p, s) }),
				Feed:  feed(p, v, f), Until: until(p, v), Races: races(p, v, f, loss.At),
				Idle: (isWaitGroup(v) || p.GroupField(v.Type()) != nil && row.Lost == "") && written(p, f, started(p, v)) == nil,
			}, true
		}
		if len(o.told) > 0 && !ended {
			o.told = nil
			_, ended = o.ask()
		}
	}
	if first == nil || asked > maxAsked {
		return Group{}, false
	}
	if all := (&owing{t: t, f: f, v: v}).moved(first); all != nil && all.many {
		if loss, lost := all.askAll(); lost {
			return Group{Loss: loss, Type: row, First: first}, true
		}
	}
	if ended {
		return unlost(row, first, verdict.Against(first.NamePos(), "its tasks are told to end on every path that is followed")), true
	}
	for _, u := range p.Var(v).Uses {
		if t.mention(u) == met {
			if c := enclosingCall(p, u); c != nil {
				return unlost(row, first, verdict.Against(c.NamePos(), "%s waits for it on every path that is followed", c.Name())), true
			}
		}
	}
	return unlost(row, first, verdict.Against(first.NamePos(), "it is handed on, and may be waited for there")), true
}

// unlost is a group of which nothing is lost.
func unlost(row *catalog.Type, first *syntax.Call, why verdict.Reason) Group {
	return Group{Type: row, First: first, Doubt: &why}
}

// A start is where a group is given work.
type start struct {
	at   ast.Node
	call *syntax.Call
}

// starts lists the places in f at which a group is given work, in source order.
func starts(p *sites.Package, t *tracker, v *types.Var, f *syntax.Func) []start {
	var all []start
	add := func(u inspector.Cursor, call *syntax.Call) {
		if call != nil && !OwnLibrary(p, call.Callee) && runsHere(u, f) && p.Graph(f).Step(u.Node()) != nil {
			all = append(all, start{u.Node(), call})
		}
	}
	for _, u := range p.Var(v).Uses {
		if t.mention(u) == begun && !ownTask(p, u, v) {
			add(u, enclosingCall(p, u))
		}
	}
	for _, s := range started(p, v) {
		if s.Go() {
			add(s.Cur, s.Call)
		}
	}
	for _, d := range p.Var(v).Defs {
		if c := begins(p, d); c != nil {
			add(c.Cur, c)
		}
	}
	slices.SortStableFunc(all, func(a, b start) int { return cmp.Compare(a.at.Pos(), b.at.Pos()) })
	return all
}

// fresh returns the function in which v is declared, if every value of v is made there; else nil.
func fresh(p *sites.Package, v *types.Var) *syntax.Func {
	var f *syntax.Func
	for _, d := range p.Var(v).Defs {
		switch {
		case d.In == nil, f != nil && d.In != f:
			return nil
		case d.Kind == syntax.Zero:
			if _, ptr := types.Unalias(v.Type()).(*types.Pointer); !ptr && types.IsInterface(v.Type()) {
				return nil
			}
		case d.Kind != syntax.Assign || !makes(p, d.Expr):
			return nil
		}
		f = d.In
	}
	return f
}

// makes reports whether an expression makes a new executor or group.
func makes(p *sites.Package, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return makes(p, e.X)
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		c := p.Call(e)
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
			if b, ok := p.Info.Uses[id].(*types.Builtin); ok {
				return b.Name() == "new"
			}
		}
		switch row := p.Catalog.Func(c.Callee); {
		case row == nil:
			return hands(p, c, catalog.Group) || makesGroup(p, c)
		case row.Role == catalog.New:
			return true
		case row.Role == catalog.SetBound, row.Role == catalog.Convert:
			return makes(p, c.Recv())
		}
	}
	return false
}

// makesGroup reports whether a call is of a function of the package that makes a home-made group for its
// caller, and nothing else with it.
func makesGroup(p *sites.Package, c *syntax.Call) bool {
	f := p.Decl(c.Callee)
	if f == nil || f.Sig.Results().Len() != 1 || p.GroupField(f.Sig.Results().At(0).Type()) == nil {
		return false
	}
	return len(f.Returns) > 0 && !slices.ContainsFunc(f.Returns, func(ret *ast.ReturnStmt) bool {
		if len(ret.Results) != 1 {
			return true
		}
		if _, ok := composite(ret.Results[0]); ok {
			return false
		}
		v := p.Variable(ret.Results[0])
		return v == nil || fresh(p, v) != f || slices.ContainsFunc(p.Var(v).Uses, func(u inspector.Cursor) bool {
			return !returned(u) && track(p, catalog.Group).mention(u) == passed
		})
	})
}

// canceled reports whether the context of a group is cancelled by a defer of the function: its
// tasks are told to end on every way out.
func canceled(p *sites.Package, v *types.Var) bool {
	for _, d := range p.Var(v).Defs {
		call, ok := d.Expr.(*ast.CallExpr)
		if !ok {
			continue
		}
		for _, a := range call.Args {
			ctx := p.Variable(a)
			if ctx == nil {
				continue
			}
			for _, cd := range p.Var(ctx).Defs {
				if cd.In == d.In && deferredCancel(p, cd) && tellsTasks(p, v, ctx) {
					return true
				}
			}
		}
	}
	return false
}

// deferredCancel reports whether a definition is ctx, cancel := context.With…(…) with a deferred
// call of cancel.
func deferredCancel(p *sites.Package, d syntax.Def) bool {
	cancel := canceler(p, d)
	return cancel != nil && slices.ContainsFunc(p.Var(cancel).Uses, func(u inspector.Cursor) bool {
		for range u.Enclosing((*ast.DeferStmt)(nil)) {
			return true
		}
		return false
	})
}

// stopped reports whether a defer of the function closes a channel from which a goroutine of the
// function receives: its tasks are told to end on every way out.
func stopped(p *sites.Package, f *syntax.Func) bool {
	for _, d := range f.Calls {
		if d.Defer == nil {
			continue
		}
		for call := range d.Cur.Preorder((*ast.CallExpr)(nil)) {
			if ch := closed(p, call.Node().(*ast.CallExpr)); ch != nil && heard(p, ch, f) {
				return true
			}
		}
	}
	return false
}

// announced reports whether every task of a group tells its end by itself, with a deferred close of
// a channel or Done of another group, and has no error to lose: who must know waits for that.
func announced(p *sites.Package, v *types.Var) bool {
	return every(p, v, func(s *sites.Spawn) bool { return s.Body != nil && announces(p, s, v) })
}

// every reports whether a group is given tasks here, and all of them are such.
func every(p *sites.Package, v *types.Var, such func(*sites.Spawn) bool) bool {
	given := started(p, v)
	return len(given) > 0 && !slices.ContainsFunc(given, func(s *sites.Spawn) bool { return !such(s) })
}

// serves reports whether a task runs a server, by what net/http made the name for that.
func serves(p *sites.Package, s *sites.Spawn) bool {
	if s.Body == nil {
		return s.Callee != nil && serve(s.Callee)
	}
	return slices.ContainsFunc(p.Calls(s.Body), func(c *syntax.Call) bool { return c.Callee != nil && serve(c.Callee) })
}

func serve(f *types.Func) bool {
	switch f.Name() {
	case "Serve", "ServeTLS", "ListenAndServe", "ListenAndServeTLS":
		return true
	}
	return false
}

func announces(p *sites.Package, s *sites.Spawn, group *types.Var) bool {
	task := s.Body
	if returnsError(p, task) {
		return false
	}
	return slices.ContainsFunc(p.Calls(task), func(c *syntax.Call) bool {
		if c.Defer == nil {
			return false
		}
		if ch := closed(p, c.Expr); ch != nil {
			return true
		}
		row := p.Catalog.Func(c.Callee)
		if row == nil || row.Role != catalog.Leave || c.Recv() == nil {
			return false
		}
		v := p.Variable(c.Recv())
		return v != group && (v == nil || argument(p, s, v) != group)
	})
}

// returnsError reports whether the last result of a function may be something else than nil.
func returnsError(p *sites.Package, f *syntax.Func) bool {
	return slices.ContainsFunc(f.Returns, func(r *ast.ReturnStmt) bool {
		if len(r.Results) == 0 {
			return false
		}
		last := r.Results[len(r.Results)-1]
		if inner := p.CalledLit(last); inner != nil {
			return returnsError(p, inner)
		}
		return !p.Info.Types[last].IsNil()
	})
}

// closed is the variable of the channel that a call closes, or nil.
func closed(p *sites.Package, call *ast.CallExpr) *types.Var {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	if b, ok := p.Info.Uses[id].(*types.Builtin); !ok || b.Name() != "close" {
		return nil
	}
	return p.Variable(call.Args[0])
}

// heard reports whether a literal in f receives from a channel.
func heard(p *sites.Package, ch *types.Var, f *syntax.Func) bool {
	for _, u := range p.Var(ch).Uses {
		in := p.FuncAt(u)
		if in == nil || in == f || in.Declared() != f.Declared() {
			continue
		}
		switch u.ParentEdgeKind() {
		case edge.RangeStmt_X:
			return true
		case edge.UnaryExpr_X:
			if u.Parent().Node().(*ast.UnaryExpr).Op == token.ARROW {
				return true
			}
		}
	}
	return false
}

// told are the steps of f at which the tasks of a group have been told to end: the context that they
// use has ended, or, where no error is lost, the channel that they read is closed.
func told(p *sites.Package, v *types.Var, f *syntax.Func) []ast.Node {
	var steps []ast.Node
	ctxs := contexts(p, v, f)
	nothing := p.Group(v.Type()).Lost == "" && written(p, f, started(p, v)) == nil // that could be lost
	for c := range scope(p, v, f).Preorder((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil), (*ast.CallExpr)(nil)) {
		if p.FuncAt(c) != f {
			continue
		}
		for _, b := range syntax.Branches(c) {
			if ended(p, b, ctxs) {
				for _, s := range b.Body {
					steps = append(steps, s)
				}
			}
		}
		switch n := c.Node().(type) {
		case *ast.CommClause:
			if comm, ok := n.Comm.(*ast.ExprStmt); ok && doneOf(p, comm.X, ctxs) {
				for _, s := range n.Body {
					steps = append(steps, s)
				}
			}
		case *ast.CallExpr:
			if ch := closed(p, n); ch != nil && nothing && heard(p, ch, f) {
				steps = append(steps, n)
			}
		}
	}
	return steps
}

// scope is the innermost block of f around the declaration of v: what happens to it happens there.
func scope(p *sites.Package, v *types.Var, f *syntax.Func) inspector.Cursor {
	for _, d := range p.Var(v).Defs {
		for b := range d.Cur.Enclosing((*ast.BlockStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
			if syntax.Within(b.Node(), f.Node) {
				return b
			}
		}
	}
	return f.Cur
}

// feed is the channel that tasks of a group read until f closes it, or nil: who waits for them has to
// close it first.
func feed(p *sites.Package, v *types.Var, f *syntax.Func) *types.Var {
	for c := range scope(p, v, f).Preorder((*ast.CallExpr)(nil)) {
		ch := closed(p, c.Node().(*ast.CallExpr))
		if ch == nil {
			continue
		}
		read := slices.ContainsFunc(started(p, v), func(s *sites.Spawn) bool {
			return s.Body != nil && slices.ContainsFunc(p.Var(ch).Uses, func(u inspector.Cursor) bool {
				return u.ParentEdgeKind() == edge.RangeStmt_X && syntax.Within(u.Node(), s.Body.Node)
			})
		})
		if read {
			return ch
		}
	}
	return nil
}

// until is a context that all tasks of a group ask whether it has ended, or nil: who waits for them has
// to cancel it first.
func until(p *sites.Package, v *types.Var) *types.Var {
	for _, ctx := range shared(p, v) {
		if every(p, v, func(s *sites.Spawn) bool { return asks(p, s.Body, ctx) }) {
			return ctx
		}
	}
	return nil
}

// races is a named result of f that a task of a group writes that may have been started when f is left, or nil.
func races(p *sites.Package, v *types.Var, f *syntax.Func, left ast.Node) *types.Var {
	g := p.Graph(f)
	runs := func(s *sites.Spawn) bool {
		start := g.Step(s.Call.Expr)
		return left == nil || start == nil || g.Reaches(start, left)
	}
	for result := range f.Sig.Results().Variables() {
		for _, d := range p.Var(result).Defs {
			if d.In != nil && slices.ContainsFunc(started(p, v), func(s *sites.Spawn) bool { return s.Body == d.In && runs(s) }) {
				return result
			}
		}
	}
	return nil
}

// asks reports whether a body calls ctx.Err or ctx.Done.
func asks(p *sites.Package, body *syntax.Func, ctx *types.Var) bool {
	return body != nil && slices.ContainsFunc(p.Var(ctx).Uses, func(u inspector.Cursor) bool {
		if u.ParentEdgeKind() != edge.SelectorExpr_X || !syntax.Within(u.Node(), body.Node) {
			return false
		}
		switch u.Parent().Node().(*ast.SelectorExpr).Sel.Name {
		case "Err", "Done":
			return true
		}
		return false
	})
}

// shared are the contexts from outside that all tasks of a group use.
func shared(p *sites.Package, v *types.Var) []*types.Var {
	var ctxs []*types.Var
	for i, s := range started(p, v) {
		used := outerContexts(p, s.Body)
		if i == 0 {
			ctxs = used
		}
		ctxs = slices.DeleteFunc(ctxs, func(ctx *types.Var) bool { return !slices.Contains(used, ctx) })
	}
	return ctxs
}

// outerContexts are the contexts that a task uses and has not made.
func outerContexts(p *sites.Package, task *syntax.Func) []*types.Var {
	if task == nil {
		return nil
	}
	var ctxs []*types.Var
	for c := range task.Cur.Preorder((*ast.Ident)(nil)) {
		v, ok := p.Info.Uses[c.Node().(*ast.Ident)].(*types.Var)
		if ok && syntax.Is(v.Type(), "context", "Context") && declaredOutside(p, v, task) {
			ctxs = append(ctxs, v)
		}
	}
	return ctxs
}

// contexts are the context that a group is made with and the one that comes of it, if a task uses
// the latter; of a group that is made with none, those that all its tasks use.
func contexts(p *sites.Package, v *types.Var, f *syntax.Func) []*types.Var {
	var ctxs []*types.Var
	used := false
	add := func(e ast.Expr) {
		ctx := p.Variable(e)
		if ctx == nil || !syntax.Is(ctx.Type(), "context", "Context") {
			return
		}
		ctxs = append(ctxs, ctx)
		for _, u := range p.Var(ctx).Uses {
			in := p.FuncAt(u)
			used = used || in != nil && in != f && in.Declared() == f.Declared()
		}
	}
	for _, d := range p.Var(v).Defs {
		if call, ok := d.Expr.(*ast.CallExpr); ok {
			for _, a := range call.Args {
				add(a)
			}
		}
		lhs := syntax.Lhs(d.Cur.Node())
		if _, several := p.Info.TypeOf(d.Expr).(*types.Tuple); several && len(lhs) == 2 {
			add(lhs[1])
		}
	}
	if !used {
		return shared(p, v)
	}
	return ctxs
}

// ended reports whether a branch is taken because one of the contexts has ended: its Err says so, or
// the error of taking a token, which has no other cause.
func ended(p *sites.Package, b syntax.Branch, ctxs []*types.Var) bool {
	x, y, ok := b.Compares(token.NEQ)
	if !ok || !p.Info.Types[y].IsNil() {
		return false
	}
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok {
		f := p.FuncObj(call.Fun)
		return f != nil && f.Name() == "Err" && one(p, p.Call(call).Recv(), ctxs)
	}
	v := p.Variable(x)
	if v == nil {
		return false
	}
	d, _ := p.Latest(v, b.Cond.Pos())
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok {
		return false
	}
	row := p.Catalog.Func(p.Call(call).Callee)
	return row != nil && row.Role == catalog.Acquire && len(call.Args) > 0 && one(p, call.Args[0], ctxs)
}

// doneOf reports whether a receive is from the Done of one of the contexts.
func doneOf(p *sites.Package, e ast.Expr, ctxs []*types.Var) bool {
	recv, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || recv.Op != token.ARROW {
		return false
	}
	call, ok := ast.Unparen(recv.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	f := p.FuncObj(call.Fun)
	return f != nil && f.Name() == "Done" && one(p, p.Call(call).Recv(), ctxs)
}

func one(p *sites.Package, e ast.Expr, vars []*types.Var) bool {
	return e != nil && slices.Contains(vars, p.Variable(e))
}

// runsHere reports whether a mention is in f itself, or in literals that are called, or passed as
// callbacks, where they stand. One that is kept may be called later, elsewhere or never.
func runsHere(u inspector.Cursor, f *syntax.Func) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if e.Node() == f.Node {
			return true
		}
		if k := syntax.Outer(e).ParentEdgeKind(); k != edge.CallExpr_Args && k != edge.CallExpr_Fun {
			return false
		}
	}
	return false
}

// enclosingCall is the call that a mention is the receiver or an argument of.
func enclosingCall(p *sites.Package, u inspector.Cursor) *syntax.Call {
	for e := range u.Enclosing((*ast.CallExpr)(nil)) {
		return p.Call(e.Node().(*ast.CallExpr))
	}
	return nil
}

// ownTask reports whether a mention is in a task of the group itself: whoever waits for the group
// waits for what its tasks add.
func ownTask(p *sites.Package, u inspector.Cursor, v *types.Var) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil)) {
		e = syntax.Outer(e)
		if e.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		if s := p.SpawnAt(p.Call(e.Parent().Node().(*ast.CallExpr))); s != nil {
			if _, root := p.PoolVar(s.Pool); root == v {
				return true
			}
		}
	}
	return false
}
