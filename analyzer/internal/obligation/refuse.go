package obligation

import (
	"go/ast"
	"go/constant"
	"go/token"
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

// A Refusal is a submit, or a call that takes a token, whose answer is not heard, or is heard while what
// follows relies on the acceptance.
type Refusal struct {
	Call     *syntax.Call
	Row      *catalog.Func // nil: a function that hands on what its submit answers
	Takes    bool          // it takes a token
	Pool     ast.Expr
	Ignored  bool       // the answer is dropped; else it is read
	Beside   bool       // Ignored: and so is a future that comes with it
	Open     bool       // the pool can refuse while it is open
	Private  bool       // nobody closes the pool
	Counted  *types.Var // the wait group or field that counts the task, or nil
	Group    string     // how the source calls it
	Steady   bool       // nobody closes the pool meanwhile: it lives in this function alone, or as long as the process
	Leaves   ast.Node   // not Ignored: where the path of the refused task goes without Done
	Released ast.Node   // not Ignored: where what was not taken is given back
	Unserved ast.Node   // not Ignored: where what only the task would send is waited for
	On       string     // Unserved: the channel
	Heard    bool       // nothing is wrong with it
}

// Refusals tells of each call of a package that can refuse whether somebody hears it.
func Refusals(p *sites.Package) []Refusal {
	var found []Refusal
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			row := p.Catalog.Func(c.Callee)
			if row == nil {
				if s := p.Summary(p.Callee(c)); s != nil && s.Rejects != summary.Never {
					found = append(found, homemadeRefusal(p, c, s))
				}
				continue
			}
			if canRefuse(row) {
				found = append(found, refusal(p, c, row))
			}
		}
	}
	return found
}

// canRefuse reports whether a library's function answers that it has not accepted a task, or given a token.
func canRefuse(row *catalog.Func) bool {
	switch row.Role {
	case catalog.Submit, catalog.Submitted, catalog.TryAcquire, catalog.Acquire:
	default:
		return false
	}
	switch row.Returns {
	case catalog.ReturnsError, catalog.ReturnsBool, catalog.ReturnsFutureError, catalog.ReturnsFutureBool:
		return true
	}
	return false
}

// hasFuture reports whether a row's answer comes beside a future.
func hasFuture(row *catalog.Func) bool {
	return row.Returns == catalog.ReturnsFutureError || row.Returns == catalog.ReturnsFutureBool
}

func refusal(p *sites.Package, c *syntax.Call, row *catalog.Func) Refusal {
	r := Refusal{Call: c, Row: row, Pool: c.Recv(), Open: row.Refuses, Takes: row.Role == catalog.TryAcquire || row.Role == catalog.Acquire}
	v, root := p.PoolVar(r.Pool)
	r.Open = r.Open || v != nil && nonblocking(p, v)
	if row.Role == catalog.Acquire {
		r.Open = !givenEndless(p, c)
	}
	r.Private = !r.Open && private(p, r.Pool)
	r.Steady = root != nil && (!declaredOutside(p, root, c.In) && fresh(p, root) != nil || lasts(p, root, r.Pool))
	if count := counted(p, c); count != nil {
		r.Counted, _ = p.PoolVar(count)
		r.Group = types.ExprString(count)
	}
	if r.Takes && !r.Open {
		r.Heard = true
		return r
	}
	r.listen(p, hasFuture(row))
	return r
}

// homemadeRefusal is what becomes of the answer of a function that is in no library.
func homemadeRefusal(p *sites.Package, c *syntax.Call, s *summary.Func) Refusal {
	r := Refusal{Call: c, Takes: s.Acquires, Pool: c.Recv(), Open: s.Rejects > summary.WhenClosed}
	if s.Rejects == summary.WhenEnded && givenEndless(p, c) {
		r.Heard = true
		return r
	}
	if count := counted(p, c); count != nil {
		r.Counted, _ = p.PoolVar(count)
		r.Group = types.ExprString(count)
	}
	r.listen(p, false)
	return r
}

// listen tells whether somebody hears the answer, and what follows then.
func (r *Refusal) listen(p *sites.Package, future bool) {
	var when refused
	switch answer := answerOf(p, r.Call, future).(type) {
	case dropped:
		r.Ignored, r.Beside = true, answer.beside
		return
	case *types.Var:
		fact := paths.Fact{Var: answer, Nil: true, Is: false}
		if boolean(answer.Type()) {
			fact = paths.Fact{Var: answer, Is: false}
		}
		when.assume = []paths.Fact{fact}
	case refused:
		when = answer
	default:
		r.Heard = true
		return
	}
	switch {
	case r.Takes:
		r.Heard = !r.releases(p, when)
	case r.Counted != nil:
		r.Heard = !r.uncounted(p, when)
	default:
		r.Heard = !r.unserved(p, when)
	}
}

// givenEndless reports whether a call is given a context that never ends.
func givenEndless(p *sites.Package, c *syntax.Call) bool {
	return slices.ContainsFunc(c.Expr.Args, func(a ast.Expr) bool { return isContext(p.Info.TypeOf(a)) && endless(p, a) })
}

// endless reports whether an expression is a context that never ends.
func endless(p *sites.Package, e ast.Expr) bool {
	if d, ok := only(p, e); ok {
		e = d
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	f := p.FuncObj(call.Fun)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "context" && (f.Name() == "Background" || f.Name() == "TODO" || f.Name() == "WithoutCancel")
}

// only is what a variable is, if it gets one value.
func only(p *sites.Package, e ast.Expr) (ast.Expr, bool) {
	v := p.Variable(e)
	if v == nil {
		return nil, false
	}
	d, ok := p.Only(v)
	return d.Expr, ok && d.Kind == syntax.Assign && d.Expr != nil
}

// private reports whether all is seen that is done to a pool, and nothing closes it.
func private(p *sites.Package, pool ast.Expr) bool {
	class := p.Resources.Class(pool)
	if pool == nil || class == nil || len(class.Makers()) == 0 {
		return false
	}
	if may, _ := class.Can(resource.MayClose | resource.MayGive); may != resource.No {
		return false
	}
	return !closedHere(class)
}

// closedHere reports whether the package closes or stops a pool.
func closedHere(class *resource.Class) bool {
	return slices.ContainsFunc(class.Ops, func(o *resource.Op) bool { return o.Role == catalog.Close || o.Role == catalog.Stop })
}

// lasts reports whether a pool is in a package variable, and nothing here closes it.
func lasts(p *sites.Package, root *types.Var, pool ast.Expr) bool {
	if root.Pkg() == nil || root.Parent() != root.Pkg().Scope() {
		return false
	}
	class := p.Resources.Class(pool)
	return class == nil || !closedHere(class)
}

// dropped says that nobody reads an answer, nor a future beside it.
type dropped struct{ beside bool }

// A refused is what is so where a call has refused: facts, or what the condition is that the call is part of.
type refused struct {
	assume []paths.Fact
	cond   ast.Expr
	is     bool
}

// answerOf is where the last result of a call goes: dropped, a variable, a condition or, for anything else,
// nil.
func answerOf(p *sites.Package, c *syntax.Call, future bool) any {
	cur := syntax.Outer(c.Cur)
	switch cur.ParentEdgeKind() {
	case edge.ExprStmt_X, edge.GoStmt_Call, edge.DeferStmt_Call:
		return dropped{future}
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		all := syntax.Assigned(cur)
		lhs := all[len(all)-1]
		if id := ident(lhs); id != nil && id.Name == "_" {
			first := ident(all[0])
			return dropped{future && len(all) > 1 && first != nil && first.Name == "_"}
		}
		if v := p.Variable(lhs); v != nil && !v.IsField() {
			return v
		}
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		cmp := cur.Parent().Node().(*ast.BinaryExpr)
		if cmp.Op == token.NEQ || cmp.Op == token.EQL {
			other := cmp.Y
			if cur.ParentEdgeKind() == edge.BinaryExpr_Y {
				other = cmp.X
			}
			if p.Info.Types[other].IsNil() {
				return refused{cond: cmp, is: cmp.Op == token.NEQ}
			}
		}
		if boolean(p.Info.TypeOf(c.Expr)) && (cmp.Op == token.LAND || cmp.Op == token.LOR) {
			return refused{cond: c.Expr}
		}
	case edge.UnaryExpr_X, edge.IfStmt_Cond, edge.ForStmt_Cond:
		if boolean(p.Info.TypeOf(c.Expr)) {
			return refused{cond: c.Expr}
		}
	}
	return nil
}

// releases follows the path on which no token was taken: it must not give one back.
func (r *Refusal) releases(p *sites.Package, when refused) bool {
	f := r.Call.In
	g := p.Graph(f)
	take := g.Step(r.Call.Expr)
	tokens := p.Resources.Class(r.Pool)
	if r.Row == nil {
		tokens = nil
		if callee := p.Decl(p.Callee(r.Call)); callee != nil {
			tokens = tokensOf(p, callee)
		}
	}
	if take == nil || tokens == nil {
		return false
	}
	gives, takes := map[ast.Node]bool{}, map[ast.Node]bool{}
	var before []ast.Node // releases that are deferred when it is taken
	if r.Row == nil {
		for _, c := range p.Calls(f) {
			step := g.Step(c.Expr)
			callee := p.Decl(p.Callee(c))
			switch {
			case step == nil || callee == nil || c.Recv() == nil || r.Pool == nil || types.ExprString(c.Recv()) != types.ExprString(r.Pool):
			case givesBack(p, callee, tokens) && c.Defer != nil && step.Pos() < take.Pos() && g.Reaches(step, take):
				before = append(before, step)
			case givesBack(p, callee, tokens):
				gives[step] = true
			case tokensOf(p, callee) == tokens:
				takes[step] = true
			}
		}
	}
	for _, o := range tokens.Ops {
		if o.Call == nil || o.Role != catalog.Release && o.Role != catalog.Acquire && o.Role != catalog.TryAcquire {
			continue
		}
		at := o.Call
		if o.In != f {
			if o.In == nil || !here(o.In.Cur) || o.In.Outer != f || o.Role != catalog.Release || conditional(o) {
				continue
			}
			at = p.Call(o.In.Cur.Parent().Node().(*ast.CallExpr))
		}
		step := g.Step(at.Expr)
		switch {
		case step == nil:
		case o.Role != catalog.Release:
			takes[step] = true
		case at.Defer != nil && step.Pos() < take.Pos() && g.Reaches(step, take):
			before = append(before, step)
		default:
			gives[step] = true
		}
	}
	for other := range takes {
		if other != take && g.Reaches(other, take) {
			return false // what is released may be that one's
		}
	}
	leave := paths.Meets
	if len(before) > 0 {
		leave, r.Released = paths.Loses, before[0]
	}
	answer := g.Ask(paths.Query{
		From: take, Assume: when.assume, Cond: when.cond, Is: when.is,
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			switch {
			case gives[step]:
				return 0, paths.Loses
			case takes[step]:
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
		Exit: func(int) paths.Effect { return leave },
	})
	if answer.Verdict == paths.Violated && gives[answer.At] {
		r.Released = answer.At
	}
	return answer.Verdict == paths.Violated
}

// givesBack reports whether a function receives from the channel that the tokens are in, whatever else.
func givesBack(p *sites.Package, f *syntax.Func, tokens *resource.Class) bool {
	return slices.ContainsFunc(p.Resources.Ops(f), func(o *resource.Op) bool {
		return o.Class == tokens && o.Kind == resource.Receive && !conditional(o)
	})
}

// conditional reports whether an operation in a literal depends on something there.
func conditional(o *resource.Op) bool {
	for at := range o.Cur.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.CommClause)(nil)) {
		return syntax.Within(at.Node(), o.In.Node)
	}
	return false
}

// rejects tells when a function says to its caller in its last result, an error or a flag, that the task
// which it was given was not accepted, or that it takes no token for its caller; takes says that it takes one.
func rejects(p *sites.Package, f *syntax.Func, takes bool) summary.Rejects {
	n := f.Sig.Results().Len()
	if n == 0 || f.Decl == nil {
		return summary.Never
	}
	last := f.Sig.Results().At(n - 1).Type()
	if !boolean(last) && !types.Identical(last, types.Universe.Lookup("error").Type()) {
		return summary.Never
	}
	when := turnsAway(p, f, takes)
	for _, c := range f.Calls {
		row := p.Catalog.Func(c.Callee)
		if row == nil || !canRefuse(row) || hasFuture(row) || !answersFor(p, f, c, row) {
			continue
		}
		if v, _ := p.PoolVar(c.Recv()); !row.Refuses && (v == nil || !nonblocking(p, v)) {
			continue
		}
		answer, named := answerOf(p, c, false).(*types.Var)
		if slices.ContainsFunc(f.Returns, func(ret *ast.ReturnStmt) bool {
			if len(ret.Results) != n {
				return false
			}
			e := ret.Results[n-1]
			return ast.Unparen(e) == c.Expr || named && mentions(p, e, answer)
		}) {
			when = max(when, refusesWhen(p, f, c, row))
		}
	}
	return when
}

// answersFor reports whether what a call in f refuses is the business of the caller of f: a task that f was
// given, or a token that f leaves to it.
func answersFor(p *sites.Package, f *syntax.Func, c *syntax.Call, row *catalog.Func) bool {
	if row.Role != catalog.Acquire && row.Role != catalog.TryAcquire {
		return isParam(p, f, p.Variable(c.Arg(row.Task.Index())))
	}
	for v := range f.Sig.Params().Variables() {
		if _, task := v.Type().Underlying().(*types.Signature); task {
			return true
		}
	}
	tokens := p.Resources.Class(c.Recv())
	return tokens == nil || !slices.ContainsFunc(tokens.Ops, func(o *resource.Op) bool {
		return o.Role == catalog.Release && o.Call != nil && (o.In == f || o.In != nil && o.In.Outer == f && here(o.In.Cur))
	})
}

// refusesWhen tells when a call in f refuses: one that waits does so only when its context ends, which may be
// one that f is given.
func refusesWhen(p *sites.Package, f *syntax.Func, c *syntax.Call, row *catalog.Func) summary.Rejects {
	if row.Role != catalog.Acquire {
		return summary.AnyTime
	}
	if givenEndless(p, c) {
		return summary.Never
	}
	if slices.ContainsFunc(c.Expr.Args, func(a ast.Expr) bool { return isContext(p.Info.TypeOf(a)) && isParam(p, f, p.Variable(a)) }) {
		return summary.WhenEnded
	}
	return summary.AnyTime
}

func mentions(p *sites.Package, e ast.Expr, v *types.Var) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && p.Info.Uses[id] == v
		return !found
	})
	return found
}

// nonblocking reports whether a pool refuses rather than waits: it is made with an option that says
// so, and is not known to be false.
func nonblocking(p *sites.Package, v *types.Var) bool { return madeNonblocking(p, v, 0) }

func madeNonblocking(p *sites.Package, v *types.Var, depth int) bool {
	for _, d := range p.Var(v).Defs {
		if d.Expr == nil || depth >= maxDepth {
			continue
		}
		if w := p.Variable(d.Expr); w != nil && madeNonblocking(p, w, depth+1) {
			return true // kept in a local variable first
		}
		call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if !ok {
			continue
		}
		row := p.Catalog.Func(p.Call(call).Callee)
		if row == nil || row.Role != catalog.New {
			continue
		}
		for _, a := range call.Args {
			a = ast.Unparen(a)
			if v := p.Variable(a); v != nil {
				if d, ok := p.Only(v); ok && d.Expr != nil {
					a = ast.Unparen(d.Expr)
				}
			}
			if opt, ok := a.(*ast.CallExpr); ok && refuses(p, opt) {
				return true
			}
		}
	}
	return false
}

func refuses(p *sites.Package, opt *ast.CallExpr) bool {
	row := p.Catalog.Func(p.Call(opt).Callee)
	if row == nil {
		return false
	}
	switch row.Role {
	case catalog.Nonblock:
		if len(opt.Args) == 0 {
			return true
		}
		return !falsy(p, opt.Args[0])
	case catalog.Option:
		for _, a := range opt.Args {
			lit, ok := ast.Unparen(a).(*ast.CompositeLit)
			if !ok {
				continue
			}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				f := p.Catalog.Field(p.Info.TypeOf(lit), types.ExprString(kv.Key))
				if f != nil && f.Role == catalog.Nonblock && !falsy(p, kv.Value) {
					return true
				}
			}
		}
	}
	return false
}

// falsy reports whether e is the constant false or 0.
func falsy(p *sites.Package, e ast.Expr) bool {
	v := p.Info.Types[e].Value
	if v == nil {
		return false
	}
	switch v.Kind() {
	case constant.Bool:
		return !constant.BoolVal(v)
	case constant.Int:
		return constant.Sign(v) == 0
	}
	return false
}

// counted returns the wait group that has counted the task of a submit and that the task will
// leave; nil if there is none.
func counted(p *sites.Package, c *syntax.Call) ast.Expr {
	s := p.SpawnAt(c)
	var task *syntax.Func
	switch {
	case s == nil && p.Catalog.Func(c.Callee) != nil:
		return nil
	case s == nil: // a home-made pool's
		for _, a := range c.Expr.Args {
			if lit := p.Target(a); lit != nil {
				task = lit
			}
		}
	default:
		task = s.Body
	}
	g := p.Graph(c.In)
	submit := g.Step(c.Expr)
	for _, e := range c.In.Calls {
		row := p.Catalog.Func(e.Callee)
		if row == nil || row.Role != catalog.Enter || submit == nil {
			continue
		}
		enter := g.Step(e.Expr)
		if enter == nil || enter == submit || !g.Reaches(enter, submit) || e.Expr.Pos() > c.Expr.Pos() {
			continue
		}
		v, _ := p.PoolVar(e.Recv())
		if v == nil {
			continue
		}
		if s != nil && s.Body == nil && s.Task == nil || task != nil && leavesGroup(p, task, v) {
			return e.Recv()
		}
	}
	return nil
}

// leavesGroup reports whether a function, or a literal in it, calls Done on v.
func leavesGroup(p *sites.Package, f *syntax.Func, v *types.Var) bool {
	for c := range f.Cur.Preorder((*ast.CallExpr)(nil)) {
		if leaves1(p, c, v) {
			return true
		}
	}
	return false
}

// leaves1 reports whether a call is v.Done() or v.Add of less than nothing.
func leaves1(p *sites.Package, c inspector.Cursor, v *types.Var) bool {
	call := p.Call(c.Node().(*ast.CallExpr))
	row := p.Catalog.Func(call.Callee)
	if row == nil {
		return false
	}
	w, _ := p.PoolVar(call.Recv())
	if w != v {
		return false
	}
	switch row.Role {
	case catalog.Leave:
		return true
	case catalog.Enter:
		if len(call.Expr.Args) == 1 {
			n, ok := constantInt(p.Info, call.Expr.Args[0])
			return ok && n < 0
		}
	}
	return false
}

// uncounted follows the path of the refused task: it must count the task out.
func (r *Refusal) uncounted(p *sites.Package, when refused) bool {
	f := r.Call.In
	g := p.Graph(f)
	done, waits := map[ast.Node]bool{}, map[ast.Node]bool{}
	enters, submits := map[ast.Node]bool{}, map[ast.Node]bool{}
	for c := range f.Cur.Preorder((*ast.CallExpr)(nil)) {
		call := p.Call(c.Node().(*ast.CallExpr))
		step := g.Step(c.Node())
		if step == nil || call.In != f && syntax.Within(c.Node(), r.Call.Expr) {
			continue
		}
		row := p.Catalog.Func(call.Callee)
		if row != nil && (call.In == f || row.Role == catalog.Wait && direct(p, c, f) && isDefer(step)) {
			switch v, _ := p.PoolVar(call.Recv()); {
			case row.Role == catalog.Wait && v == r.Counted:
				waits[step] = true
			case row.Role == catalog.Enter && v == r.Counted:
				enters[step] = true
			case r.Row != nil && row.Role == r.Row.Role && call.Recv() != nil && types.ExprString(call.Recv()) == types.ExprString(r.Pool):
				submits[step] = true
			}
		}
		if r.Row == nil && call.Callee == r.Call.Callee && call.In == f {
			submits[step] = true
		}
		switch target := p.Target(call.Expr.Fun); {
		case leaves1(p, c, r.Counted), target != nil && target != f && leavesGroup(p, target, r.Counted):
			done[step] = true
		}
		for _, a := range call.Expr.Args {
			// The group is handed to somebody, who may count the task out.
			if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && p.Variable(u.X) == r.Counted {
				done[step] = true
			}
		}
	}
	leave := paths.Meets // nobody waits for a group that is gone
	if declaredOutside(p, r.Counted, f) {
		leave = paths.Loses
	}
	submit := g.Step(r.Call.Expr)
	for s := range waits {
		if submit != nil && isDefer(s) && s.Pos() < submit.Pos() && g.Reaches(s, submit) {
			leave = paths.Loses // the way out waits
		}
	}
	for s := range done {
		if s == submit || g.Reaches(s, submit) && isDefer(s) {
			return false
		}
	}
	answer := g.Ask(paths.Query{
		From: submit, Assume: when.assume, Cond: when.cond, Is: when.is,
		Step: func(step ast.Node, another int) (int, paths.Effect) {
			switch {
			case done[step], submits[step] && another == 0: // it is tried again
				return 0, paths.Meets
			case waits[step] && !isDefer(step):
				return 0, paths.Loses
			case enters[step]:
				return 1, paths.Nothing
			}
			return another, paths.Nothing
		},
		Exit: func(int) paths.Effect { return leave },
	})
	r.Leaves = answer.At
	return answer.Verdict == paths.Violated
}

// unserved follows the path of the refused task: it must not wait for what only the task would send.
func (r *Refusal) unserved(p *sites.Package, when refused) bool {
	f, s := r.Call.In, p.SpawnAt(r.Call)
	if s == nil || s.Body == nil || f == nil || len(syntax.Loops(r.Call.Cur)) > 0 {
		return false
	}
	g := p.Graph(f)
	waits, runs := map[ast.Node]*resource.Class{}, map[ast.Node]bool{}
	for _, o := range p.Resources.Ops(f) {
		if (o.Kind == resource.Receive || o.Kind == resource.Range) && !hasOthers(o) && servedBy(o.Class, f, s.Body) {
			waits[g.Step(o.Cur.Node())] = o.Class
		}
	}
	for _, c := range f.Calls {
		if c != r.Call && p.Target(c.Expr.Fun) == s.Body {
			runs[g.Step(c.Expr)] = true // somebody else does the task
		}
	}
	answer := g.Ask(paths.Query{
		From: g.Step(r.Call.Expr), Assume: when.assume, Cond: when.cond, Is: when.is,
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			switch {
			case runs[step]:
				return 0, paths.Meets
			case waits[step] != nil:
				return 0, paths.Loses
			}
			return 0, paths.Nothing
		},
		Exit: func(int) paths.Effect { return paths.Meets },
	})
	if answer.Verdict != paths.Violated {
		return false
	}
	r.Unserved, r.On = answer.At, waits[answer.At].Name()
	return true
}

// servedBy reports whether f makes a channel, and nothing but a task, or a literal in it, sends on it or closes it.
func servedBy(c *resource.Class, f, task *syntax.Func) bool {
	if c.Kind != resource.Channel {
		return false
	}
	if may, _ := c.Can(resource.MaySend | resource.MayClose | resource.MayGive); may != resource.No {
		return false
	}
	makers := c.Makers()
	return len(makers) == 1 && makers[0].In == f && !slices.ContainsFunc(c.Ops, func(o *resource.Op) bool {
		return (o.Kind == resource.Send || o.Kind == resource.Close || o.Kind == resource.Use) && !syntax.Within(o.Cur.Node(), task.Node)
	})
}

// hasOthers reports whether a receive is one of several cases of a select.
func hasOthers(o *resource.Op) bool {
	for clause := range o.Cur.Enclosing((*ast.CommClause)(nil), (*ast.FuncLit)(nil)) {
		own, ok := clause.Node().(*ast.CommClause)
		return ok && own.Comm != nil && syntax.Within(o.Cur.Node(), own.Comm) && len(clause.Parent().Node().(*ast.BlockStmt).List) > 1
	}
	return false
}

func isDefer(n ast.Node) bool {
	_, ok := n.(*ast.DeferStmt)
	return ok
}
