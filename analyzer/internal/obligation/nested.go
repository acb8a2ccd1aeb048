package obligation

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Nesting is a task that submits to the pool that runs it and waits: for room, or for the result.
type Nesting struct {
	Outer *sites.Spawn // starts the task
	Inner *syntax.Call // submits again, or waits for the group that the task is part of
	Site  *syntax.Call // the call in the task's body that is, or leads to, Inner
	Waits bool         // Inner is the Wait of the task's own group: it waits for itself
	Ends  bool         // Inner ends the task's own pool, and waits for its tasks
	Again bool         // Inner starts the same task again: any depth, any number
}

// maxCalls is how deep, and searchCalls how far, a task is followed.
const (
	maxCalls    = 4
	searchCalls = 400
)

// Nested finds the tasks of a package that wait for the pool that they run on.
func Nested(p *sites.Package) []Nesting {
	var found []Nesting
	for _, s := range append(constructed(p), p.Spawns...) {
		if s.Go() || s.Body == nil {
			continue
		}
		if pool := poolName(p, s); pool != "" {
			n := &nester{Package: p, outer: s, pool: pool, seen: map[*syntax.Func]bool{s.Body: true}}
			n.walk(s.Body, taskNames(p, s), nil, 0)
			found = append(found, n.found...)
		}
	}
	return found
}

// Again reports whether the tasks of a spawn start more of their kind: they lead to the spawn again,
// or give their own pool another. Under a limit they would wait for each other.
func Again(p *sites.Package, s *sites.Spawn) bool {
	_, root := p.PoolVar(s.Pool)
	for _, o := range append([]*sites.Spawn{s}, p.Given(root)...) {
		if o.Body == nil {
			continue
		}
		n := &nester{Package: p, outer: o, pool: poolName(p, o), any: true, seen: map[*syntax.Func]bool{o.Body: true}}
		n.walk(o.Body, taskNames(p, o), nil, 0)
		if len(n.found) > 0 {
			return true
		}
	}
	return false
}

// poolName is what the pool of a spawn is called in the function around the task, and so in the task;
// empty if there is none, or a wrapper has it from elsewhere.
func poolName(p *sites.Package, s *sites.Spawn) string {
	if s.Via != nil {
		sum := p.Summary(p.Callee(s.Call))
		if name := wrappedName(p, s, sum); name != "" || sites.ExecutorArg(s.Call, sum) == nil {
			return name
		}
	}
	if s.Pool == nil || s.Type == nil {
		return ""
	}
	name := (names{}).name(p, s.Pool)
	if g := inherited(p, s.Pool); g != nil && name != "" {
		name = (names{}).name(p, g)
	}
	return name
}

// wrappedName is what the pool is called to which a wrapper gives its task; empty if there is no name for it.
func wrappedName(p *sites.Package, s *sites.Spawn, wrapper *summary.Func) string {
	for _, pool := range wrapper.Pools {
		if pool.Runs == s.Via.Index {
			return (names{}).passed(p, s.Call, pool.Name)
		}
	}
	return ""
}

// constructed are the tasks that pools are made with, ants.NewPoolWithFunc(n, task), as if the
// constructor submitted them.
func constructed(p *sites.Package) []*sites.Spawn {
	var all []*sites.Spawn
	for _, u := range p.Uses {
		task := u.Call.Arg(u.Row.Task.Index())
		lhs := syntax.Assigned(u.Call.Cur)
		if u.Row.Role != catalog.New || task == nil || lhs == nil {
			continue
		}
		all = append(all, &sites.Spawn{
			Cur: u.Call.Cur, Call: u.Call, Row: u.Row, Pool: lhs[0], Type: u.Type, Task: task, Body: p.Target(task),
		})
	}
	return all
}

// inherited is the pool that a local group runs on, g := p.NewGroup(); nil if it is no such group.
func inherited(p *sites.Package, group ast.Expr) ast.Expr {
	v := p.Variable(group)
	if v == nil {
		return nil
	}
	d, ok := p.Only(v)
	if !ok || d.Expr == nil {
		return nil
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok {
		return nil
	}
	c := p.Call(call)
	if row := p.Catalog.Func(c.Callee); row == nil || row.Role != catalog.New || row.Bound.From != catalog.Inherited {
		return nil
	}
	return c.Recv()
}

// taskNames are the names inside a task: a method value keeps its receiver.
func taskNames(p *sites.Package, s *sites.Spawn) names {
	if s.Body.Decl == nil {
		return names{}
	}
	n := names{bound: map[*types.Var]string{}, call: "task/"}
	if sel, ok := ast.Unparen(s.Task).(*ast.SelectorExpr); ok && s.Body.Sig.Recv() != nil {
		if recv := (names{}).name(p, sel.X); recv != "" {
			n.bound[s.Body.Sig.Recv()] = recv
		}
	}
	return n
}

type nester struct {
	*sites.Package
	outer *sites.Spawn
	pool  string // empty: none
	any   bool   // a submit counts that does not wait, too
	seen  map[*syntax.Func]bool
	path  []*syntax.Call // from the task to what is walked
	spent int
	found []Nesting
}

// walk looks at what runs in the task's goroutine: the body, what it calls, and the literals that
// it calls. What a task starts with go runs on a goroutine of its own.
func (n *nester) walk(f *syntax.Func, env names, site *syntax.Call, depth int) {
	for _, c := range f.Calls {
		if n.spent++; n.spent > searchCalls || len(n.found) > 0 {
			return
		}
		if n.any && c == n.outer.Call {
			n.found = append(n.found, Nesting{Outer: n.outer, Inner: c, Site: c, Again: true})
			return
		}
		if c.Go != nil {
			continue
		}
		at := site
		if at == nil {
			at = c
		}
		if row := n.Catalog.Func(c.Callee); row != nil {
			n.library(c, row, env, at)
			continue
		}
		target := n.Target(c.Expr.Fun)
		if target == nil {
			target = n.Decl(n.Callee(c))
		}
		if target == nil {
			n.foreign(c, env, at)
			continue
		}
		if n.seen[target] || target.Decl != nil && depth >= maxCalls {
			continue
		}
		n.seen[target] = true
		n.path = append(n.path, c)
		if target.Decl == nil {
			n.walk(target, env.enter(n.Package, c, target), site, depth)
		} else {
			n.walk(target, env.enter(n.Package, c, target), at, depth+1)
		}
		n.path = n.path[:len(n.path)-1]
	}
}

// foreign looks at a call of another package's function.
func (n *nester) foreign(c *syntax.Call, env names, site *syntax.Call) {
	sum := n.Summary(c.Callee)
	if sum == nil || n.pool == "" {
		return
	}
	for _, pool := range sum.Pools {
		if pool.Waits && env.passed(n.Package, c, pool.Name) == n.pool {
			n.found = append(n.found, Nesting{Outer: n.outer, Inner: c, Site: site, Again: n.again(n.SpawnAt(c))})
			return
		}
	}
}

// library looks at a library call in the task.
func (n *nester) library(c *syntax.Call, row *catalog.Func, env names, site *syntax.Call) {
	pool := c.Recv()
	if row.Executor != catalog.NoArg {
		pool = c.Arg(row.Executor.Index())
	}
	if pool == nil {
		return
	}
	group := inherited(n.Package, pool)
	if group != nil && row.Role == catalog.Submit {
		pool = group
	}
	if n.pool == "" || env.name(n.Package, pool) != n.pool {
		return
	}
	inner := n.SpawnAt(c)
	switch row.Role {
	case catalog.Wait:
		if !n.any && n.outer.Type != nil && n.outer.Type.Kind == catalog.Group && c.Defer == nil {
			n.found = append(n.found, Nesting{Outer: n.outer, Inner: c, Site: site, Waits: true})
		}
	case catalog.Close, catalog.Stop:
		if !n.any && row.Waits && len(c.Expr.Args) == 0 { // else up to a deadline
			n.found = append(n.found, Nesting{Outer: n.outer, Inner: c, Site: site, Ends: true})
		}
	case catalog.Submit, catalog.Submitted:
		waits := n.any && (row.Blocks != catalog.Never || row.Returns == catalog.ReturnsNothing) || n.waits(c, row) || group != nil && n.waitedFor(c)
		if inner == nil || !waits || !n.any && n.outer.Type != nil && !n.outer.Type.Nested {
			return
		}
		n.found = append(n.found, Nesting{
			Outer: n.outer, Inner: c, Site: site,
			Again: n.again(inner) || n.again(n.SpawnAt(site)) || n.outer.Row != nil && n.outer.Row.Role == catalog.New,
		})
	}
}

// again reports whether a spawn inside the task starts the same task.
func (n *nester) again(s *sites.Spawn) bool {
	return s != nil && (s == n.outer || s.Body != nil && s.Body == n.outer.Body)
}

// waits reports whether a submit inside a task makes the task wait for a worker.
func (n *nester) waits(c *syntax.Call, row *catalog.Func) bool {
	if v, _ := n.PoolVar(c.Recv()); v != nil && nonblocking(n.Package, v) {
		return false
	}
	switch {
	case row.Blocks == catalog.UntilDone:
		return true
	case row.Role == catalog.Submitted:
		return n.awaited(c, n.path)
	}
	return row.Blocks == catalog.WhenFull
}

// waitedFor reports whether the function that submits to a group waits for it, too.
func (n *nester) waitedFor(c *syntax.Call) bool {
	for _, w := range c.In.Calls {
		row := n.Catalog.Func(w.Callee)
		if row != nil && row.Role == catalog.Wait && w.Defer == nil && n.Variable(w.Recv()) == n.Variable(c.Recv()) {
			return true
		}
	}
	return false
}

// awaited reports whether the future of a submit is awaited by the function that submits, or by one
// on the path to it that the future is returned to; for our own pools only with a context that is not
// the task's: with that, waiting runs what it waits for.
func (n *nester) awaited(c *syntax.Call, path []*syntax.Call) bool {
	if last := len(path) - 1; last >= 0 && returned(c.Cur) {
		return n.awaited(path[last], path[:last])
	}
	t := track(n.Package, catalog.Future)
	h := t.settle(c.Cur)
	if h.fate == met {
		return n.foreignContext(c.Cur.Parent())
	}
	if !h.valid || h.many {
		return false
	}
	for _, u := range n.Var(h.v).Uses {
		if t.mention(u) == met && n.FuncAt(u) == c.In && n.foreignContext(u) {
			return true
		}
	}
	return false
}

// foreignContext reports whether an await, the innermost call around a place, does not use the
// context that the task was given.
func (n *nester) foreignContext(at inspector.Cursor) bool {
	var call *ast.CallExpr
	for e := range at.Enclosing((*ast.CallExpr)(nil)) {
		call = e.Node().(*ast.CallExpr)
		break
	}
	if call == nil || len(call.Args) == 0 {
		return true
	}
	own := n.outer.Body.Sig.Params()
	v := n.Variable(call.Args[0])
	for i := range own.Len() {
		if own.At(i) == v {
			return false
		}
	}
	if v != nil && syntax.Is(v.Type(), "context", "Context") && v.Pos() > n.outer.Body.Node.Pos() {
		return false // derived from it, or passed on: unknown
	}
	return true
}
