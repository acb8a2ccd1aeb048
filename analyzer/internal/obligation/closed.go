package obligation

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A Late is a submit to a pool that the same function has closed, or may be closing.
type Late struct {
	Submit *syntax.Call  // the submit, or the call of a function that submits
	Row    *catalog.Func // of the submit
	Pool   ast.Expr
	Close  *syntax.Call    // the call that closes the pool, or leads there
	By     *syntax.Call    // the close itself
	Task   bool            // Submit stands in a task of the pool, which may run while the pool is closed
	Does   Refused         // of a home-made pool, what becomes of the task; Row is nil then
	Doubt  *verdict.Reason // why the submit is not late
}

// A Refused is what becomes of a task that a home-made pool is given too late.
type Refused uint8

const (
	Answered Refused = iota // the submit says so
	Panics                  // the submit sends on a closed channel
	Lost                    // there is nobody left who would run it
)

// Closed tells of the submits in a function that closes their pool, be it in a helper, a closure or by another
// name, whether a path reaches them after that. A close that is deferred comes last, one in another function
// may come at any time.
func Closed(p *sites.Package) []Late {
	var found []Late
	for _, f := range p.Funcs {
		var before []Late
		tooLate := map[*syntax.Call]bool{}
		for _, c := range f.Calls {
			if c.Go != nil {
				continue
			}
			for _, end := range (&closer{Package: p}).of(c, names{}, 0) {
				if c.Defer == nil {
					if late, ok := late(p, c, end); ok {
						found = append(found, late)
						tooLate[late.Submit] = true
						break
					}
				}
				before = append(before, inTime(p, c, end)...)
			}
		}
		for _, b := range before {
			if !tooLate[b.Submit] {
				tooLate[b.Submit] = true // once
				found = append(found, b)
			}
		}
	}
	return append(found, stopping(p)...)
}

// inTime are the submits beside a close of their pool which no path reaches behind it, or only when the pool
// has been opened again.
func inTime(p *sites.Package, c *syntax.Call, end done) []Late {
	var all []Late
	g := p.Graph(c.In)
	for _, call := range c.In.Calls {
		s, ok := submitsTo(p, call, end.pool)
		if !ok || call == c || call.Defer != nil {
			continue
		}
		from, to := g.Step(c.Expr), g.Step(call.Expr)
		if from == nil || to == nil {
			continue
		}
		why := verdict.Against(c.NamePos(), "the pool is closed when %s ends", c.In.Name())
		switch {
		case c.Defer != nil:
		case g.Reaches(from, to):
			why = verdict.Against(c.NamePos(), "a path that comes here after the close uses another pool, or one that has been reopened")
		default:
			why = verdict.Against(c.NamePos(), "no path leads here after the close")
		}
		s.Close, s.By, s.Doubt = c, end.call, &why
		all = append(all, s)
	}
	return all
}

// endsPool reports whether a library's function ends its pool, so that a later submit is refused.
func endsPool(row *catalog.Func) bool {
	if row == nil || row.Shared {
		return false
	}
	return row.Role == catalog.Close || row.Role == catalog.Stop || row.Role == catalog.Wait && row.Once
}

// A done is something that a call does to a pool, itself or in a function that it calls.
type done struct {
	pool string // its name in the caller
	expr ast.Expr
	call *syntax.Call
	row  *catalog.Func
}

// maxCloseCalls is how deep calls are followed.
const maxCloseCalls = 3

// A closer tells which pools a call closes on every path.
type closer struct {
	*sites.Package
	busy []*syntax.Func
}

func (w *closer) of(c *syntax.Call, n names, depth int) []done {
	callee, pool := w.method(c)
	if row := w.Catalog.Func(callee); row != nil {
		if name := poolOf(w.Package, n, pool); endsPool(row) && name != "" {
			return []done{{name, pool, c, row}}
		}
		return nil
	}
	if recv := c.Recv(); recv != nil && (track(w.Package, catalog.Executor)).use(w.Summary(w.Callee(c)).Param(int(summary.Receiver))) == met && w.Homemade(w.Info.TypeOf(recv)) != nil {
		if name := poolOf(w.Package, n, recv); name != "" {
			return []done{{name, recv, c, nil}}
		}
	}
	f := w.body(c)
	if f == nil || depth >= maxCloseCalls {
		return w.known(c, n)
	}
	w.busy = append(w.busy, f)
	defer func() { w.busy = w.busy[:len(w.busy)-1] }()
	inner := n.enter(w.Package, c, f)
	var all []done
	for _, call := range f.Calls {
		if call.Go != nil {
			continue
		}
		for _, d := range w.of(call, inner, depth+1) {
			if w.always(f, call, inner, d.pool) {
				all = append(all, d)
			}
		}
	}
	return all
}

// method is the method that a call calls, and what it is called on, also where a variable holds both:
// stop := p.Stop.
func (w *closer) method(c *syntax.Call) (*types.Func, ast.Expr) {
	if e, ok := only(w.Package, c.Expr.Fun); ok && c.Callee == nil {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok || w.FuncObj(sel) == nil {
			return nil, nil
		}
		if v := w.Variable(sel.X); v == nil || !v.IsField() && len(w.Var(v).Defs) > 1 {
			return nil, nil // it may be another one by now
		}
		return w.FuncObj(sel), sel.X
	}
	return c.Callee, c.Recv()
}

// known is what the fact of a function of another package says that it closes.
func (w *closer) known(c *syntax.Call, n names) []done {
	s := w.Summary(c.Callee)
	if s == nil || w.Decl(c.Callee) != nil {
		return nil
	}
	var all []done
	if recv := c.Recv(); recv != nil && track(w.Package, catalog.Executor).use(s.Param(int(summary.Receiver))) == met {
		if name := poolOf(w.Package, n, recv); name != "" {
			all = append(all, done{name, recv, c, nil})
		}
	}
	for i, a := range c.Expr.Args {
		if (track(w.Package, catalog.Executor)).use(s.Param(i)) == met && w.Catalog.Type(w.Info.TypeOf(a)) != nil {
			if name := poolOf(w.Package, n, a); name != "" {
				all = append(all, done{name, a, c, nil})
			}
		}
	}
	return all
}

// body is the function of the package that a call runs, unless it is at it already.
func (w *closer) body(c *syntax.Call) *syntax.Func {
	f := w.Target(c.Expr.Fun)
	if f == nil || slices.Contains(w.busy, f) {
		return nil
	}
	return f
}

// always reports whether every path from the start of a function comes to a call that does something to a
// pool, provided that there is one.
func (w *closer) always(f *syntax.Func, c *syntax.Call, n names, pool string) bool {
	g := w.Graph(f)
	close := g.Step(c.Expr)
	if close == nil {
		return false
	}
	meet := func(step ast.Node, _ int) (int, paths.Effect) {
		if step == close {
			return 0, paths.Meets
		}
		return 0, paths.Nothing
	}
	return g.Ask(paths.Query{Step: meet, Assume: w.there(c, n, pool)}).Verdict == paths.Honoured
}

// there is what is so when there is a pool: what the call names as the pool, or as what holds it, is not nil.
func (w *closer) there(c *syntax.Call, n names, pool string) []paths.Fact {
	var facts []paths.Fact
	for _, e := range append(slices.Clone(c.Expr.Args), c.Recv()) {
		for e != nil && holds(n.name(w.Package, e), pool) {
			facts = append(facts, paths.Fact{Expr: e, Nil: true, Is: false})
			sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
			if !ok {
				break
			}
			e = sel.X
		}
	}
	return facts
}

// poolOf is the name of a pool: a variable that only ever stands for another is that one.
func poolOf(p *sites.Package, n names, e ast.Expr) string {
	if e == nil {
		return ""
	}
	for range maxDepth {
		v := p.Variable(e)
		if v == nil || v.IsField() || global(v) || n.bound[v] != "" {
			break
		}
		d, ok := p.Only(v)
		if !ok || d.Kind != syntax.Assign || d.Expr == nil || p.Variable(d.Expr) == nil {
			break
		}
		if from := p.Variable(d.Expr); len(p.Var(from).Defs) > 1 {
			break // it may have been another one then
		}
		e = d.Expr
	}
	return n.name(p, e)
}

// late walks from a close to the first submit to the same pool.
func late(p *sites.Package, c *syntax.Call, end done) (Late, bool) {
	g := p.Graph(c.In)
	pool := end.pool
	submits := map[ast.Node]Late{}
	other := map[ast.Node]bool{} // what else is done to the pool, or to what holds it, may open it again
	for _, call := range c.In.Calls {
		step := g.Step(call.Expr)
		if call == c || step == nil || call.Defer != nil {
			continue
		}
		if s, ok := submitsTo(p, call, pool); ok {
			s.Close, s.By = c, end.call
			submits[step] = s
			continue
		}
		if p.Catalog.Func(call.Callee) != nil {
			continue
		}
		touched := func(e ast.Expr) bool { return e != nil && holds(poolOf(p, names{}, e), pool) }
		if touched(call.Recv()) || slices.ContainsFunc(call.Expr.Args, touched) {
			other[step] = true
		}
	}
	if len(submits) == 0 {
		return Late{}, false
	}
	assigns := func(step ast.Node) bool {
		return slices.ContainsFunc(syntax.Lhs(step), func(lhs ast.Expr) bool { return holds(names{}.name(p, lhs), pool) })
	}
	each := ranged(p, end.expr)
	answer := g.Ask(paths.Query{
		From: g.Step(c.Expr),
		Step: func(step ast.Node, _ int) (int, paths.Effect) {
			_, submit := submits[step]
			switch {
			case each && step.Pos() < c.Expr.Pos():
				return 0, paths.Meets // the next turn has a pool of its own
			case submit:
				return 0, paths.Loses
			case other[step] || assigns(step):
				return 0, paths.Meets
			}
			return 0, paths.Nothing
		},
		Exit: func(int) paths.Effect { return paths.Meets },
	})
	if answer.Verdict != paths.Violated {
		return Late{}, false
	}
	return submits[answer.At], true
}

// submitsTo reports whether a call hands a task to a pool, itself or in a closure or helper of the package.
func submitsTo(p *sites.Package, c *syntax.Call, pool string) (Late, bool) {
	if late, ok := handsTo(p, c, pool); ok {
		return late, true
	}
	if s := p.SpawnAt(c); s != nil && !s.Go() && s.Pool != nil && poolOf(p, names{}, s.Pool) == pool {
		late := Late{Submit: c, Row: s.Row, Pool: s.Pool}
		if s.Row == nil {
			late.Does = Lost
		}
		return late, true
	}
	f := p.Target(c.Expr.Fun)
	if f == nil || c.Go != nil || p.Catalog.Func(c.Callee) != nil {
		return Late{}, false
	}
	inner := names{}.enter(p, c, f)
	for _, s := range p.SpawnsIn(f) {
		if !s.Go() && s.Pool != nil && s.Row != nil && s.Row.Role != catalog.New && poolOf(p, inner, s.Pool) == pool && reopens(p, f, inner, pool) == nil {
			return Late{Submit: c, Row: s.Row, Pool: s.Pool}, true
		}
	}
	return Late{}, false
}

// handsTo reports whether a call of a method hands work to a home-made pool.
func handsTo(p *sites.Package, c *syntax.Call, pool string) (Late, bool) {
	recv := c.Recv()
	if recv == nil || c.Go != nil || poolOf(p, names{}, recv) != pool {
		return Late{}, false
	}
	own := p.Homemade(p.Info.TypeOf(recv))
	if own == nil {
		return Late{}, false
	}
	callee := p.Callee(c)
	how, ok := own.Takes(p, p.Decl(callee))
	if !ok {
		return Late{}, false
	}
	late := Late{Submit: c, Pool: recv, Does: Lost}
	switch s := p.Summary(callee); {
	case s != nil && s.Rejects != summary.Never:
		late.Does = Answered
	case how.Closed:
		late.Does = Panics
	}
	return late, true
}

// reopens is an assignment in a function to a pool, or to what holds it, or nil.
func reopens(p *sites.Package, f *syntax.Func, n names, pool string) ast.Node {
	for c := range f.Cur.Preorder((*ast.AssignStmt)(nil)) {
		if slices.ContainsFunc(c.Node().(*ast.AssignStmt).Lhs, func(lhs ast.Expr) bool { return holds(n.name(p, lhs), pool) }) {
			return c.Node()
		}
	}
	return nil
}

// ranged reports whether an expression is of the variable of a range statement.
func ranged(p *sites.Package, e ast.Expr) bool {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			break
		}
		e = sel.X
	}
	v := p.Variable(e)
	return v != nil && slices.ContainsFunc(p.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind == syntax.RangeKey || d.Kind == syntax.RangeValue
	})
}

// holds reports whether a name is the pool, or something that the pool is a field of.
func holds(name, pool string) bool {
	return name != "" && (name == pool || len(pool) > len(name) && pool[:len(name)] == name && pool[len(name)] == '.')
}

// stopping finds the tasks that submit to their own pool while the function that started them may be closing
// it: nothing waits for them before.
func stopping(p *sites.Package) []Late {
	var found []Late
	for _, class := range p.Resources.Classes {
		if class.Kind != resource.Executor {
			continue
		}
		for _, s := range p.Resources.Spawns {
			if s.Pool != class || s.Row == nil || s.Row.Shared {
				continue
			}
			end := closedBeside(p, class, s.Call)
			if end == nil {
				continue
			}
			for _, task := range s.Tasks {
				if task.Body == nil {
					continue
				}
				if again := resubmit(p, class, task.Body, map[*syntax.Func]bool{}); again != nil {
					found = append(found, Late{Submit: again.Call, Row: again.Row, Pool: again.Pool, Close: end, By: end, Task: true})
				}
			}
		}
	}
	return found
}

// closedBeside is the close of a pool in the function of a submit, behind which nothing else waits for the
// tasks first; nil if there is none.
func closedBeside(p *sites.Package, class *resource.Class, submit *syntax.Call) *syntax.Call {
	f := submit.In
	if f == nil {
		return nil
	}
	g := p.Graph(f)
	from := g.Step(submit.Expr)
	calls := p.Calls(f)
	for _, o := range class.Ops {
		if o.Call == nil || o.Row == nil || o.Kind != resource.Use || !endsPool(o.Row) {
			continue
		}
		i := slices.IndexFunc(calls, func(c *syntax.Call) bool { return c.Expr == o.Call.Expr })
		if i < 0 {
			continue
		}
		to := g.Step(o.Call.Expr)
		if from == nil || to == nil || calls[i].Defer == nil && !g.Reaches(from, to) {
			continue
		}
		waited := slices.ContainsFunc(p.Resources.Ops(f), func(w *resource.Op) bool {
			if w.Class == class {
				return false
			}
			return w.Kind == resource.Receive || w.Kind == resource.Range ||
				w.Kind == resource.Use && (w.Role == catalog.Wait || w.Role == catalog.Await || w.Role == catalog.Combine || w.Role == catalog.AwaitChan)
		})
		if !waited {
			return o.Call
		}
	}
	return nil
}

// resubmit is a submit to a pool in a function, or in what it calls, or nil.
func resubmit(p *sites.Package, class *resource.Class, f *syntax.Func, seen map[*syntax.Func]bool) *sites.Spawn {
	if seen[f] {
		return nil
	}
	seen[f] = true
	for _, s := range p.SpawnsIn(f) {
		if !s.Go() && s.Row != nil && p.Resources.Class(s.Pool) == class {
			return s
		}
	}
	for _, c := range f.Calls {
		if c.Go != nil {
			continue
		}
		to, _ := p.Resources.Callees(c)
		for _, callee := range to {
			if callee.Body == nil {
				continue
			}
			if s := resubmit(p, class, callee.Body, seen); s != nil {
				return s
			}
		}
	}
	return nil
}
