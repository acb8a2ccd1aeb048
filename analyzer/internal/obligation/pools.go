package obligation

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Pools returns the part of a summary that says to which executors a function gives tasks, whether it waits
// there, and which of its parameters runs there: of the executors in whose tasks waiting for another can
// deadlock, those that a caller can name, by what it passes or by a package's variable.
func Pools(p *sites.Package) func(*syntax.Func, *summary.Func) {
	return func(f *syntax.Func, s *summary.Func) {
		w := &pools{Package: p, f: f, n: &nester{Package: p, outer: &sites.Spawn{Body: f}}, s: s}
		env := names{bound: map[*types.Var]string{}}
		if recv := f.Sig.Recv(); recv != nil {
			env.bound[recv.Origin()] = placeholder(int(summary.Receiver))
		}
		for i := range f.Sig.Params().Len() {
			env.bound[f.Sig.Params().At(i).Origin()] = placeholder(i)
		}
		w.walk(f, env)
		for _, c := range p.Handed(f) {
			send := c.Node().(*ast.SendStmt)
			w.add(env.name(p, send.Chan), w.param(send.Value), w.insists(c))
		}
	}
}

// placeholder is how the pools of a summary name what a function is given: its receiver, or a parameter.
func placeholder(i int) string {
	if i == int(summary.Receiver) {
		return "#recv"
	}
	return "#" + strconv.Itoa(i)
}

// passed is what a pool of a callee's summary is called where it is called; empty if it has no name there.
func (n names) passed(p *sites.Package, c *syntax.Call, pool string) string {
	root, fields, _ := strings.Cut(pool, ".")
	var e ast.Expr
	if root == placeholder(int(summary.Receiver)) {
		e = c.Recv()
	} else if i, err := strconv.Atoi(strings.TrimPrefix(root, "#")); err == nil {
		e = c.Arg(i)
	} else {
		return pool // a package's variable
	}
	if e == nil {
		return ""
	}
	name := n.name(p, e)
	if name == "" || fields == "" {
		return name
	}
	return name + "." + fields
}

// pools finds those of one function.
type pools struct {
	*sites.Package
	f *syntax.Func
	n *nester // asked whether a submit waits
	s *summary.Func
}

// walk looks at what a body does in its own goroutine.
func (w *pools) walk(f *syntax.Func, env names) {
	for _, c := range f.Calls {
		if c.Go != nil {
			continue
		}
		if row := w.Catalog.Func(c.Callee); row != nil {
			w.library(c, row, env)
			continue
		}
		if lit := w.Target(c.Expr.Fun); lit != nil && lit.Decl == nil {
			if lit.Outer == f {
				w.walk(lit, env)
			}
			continue
		}
		callee := w.Callee(c)
		if sum := w.Summary(callee); sum != nil {
			for _, pool := range sum.Pools {
				runs := summary.NoParam
				if pool.Runs >= 0 {
					runs = w.param(c.Arg(int(pool.Runs)))
				}
				w.add(env.passed(w.Package, c, pool.Name), runs, pool.Waits)
			}
		}
	}
}

func (w *pools) library(c *syntax.Call, row *catalog.Func, env names) {
	if row.Role != catalog.Submit && row.Role != catalog.Submitted {
		return
	}
	s := w.SpawnAt(c)
	if s == nil || s.Pool == nil || s.Type == nil || !s.Type.Nested {
		return
	}
	pool, group := s.Pool, inherited(w.Package, s.Pool)
	if group != nil {
		pool = group
	}
	w.add(env.name(w.Package, pool), w.param(s.Task), w.n.waits(c, row) || group != nil && w.n.waitedFor(c))
}

// insists reports whether a send waits until somebody takes it: nothing but the end of the pool is an
// alternative, no default, context or time.
func (w *pools) insists(send inspector.Cursor) bool {
	if !inChoice(send) {
		return true
	}
	for _, s := range send.Parent().Parent().Node().(*ast.BlockStmt).List {
		other := s.(*ast.CommClause)
		if other == send.Parent().Node() {
			continue
		}
		recv, ok := other.Comm.(*ast.ExprStmt)
		if !ok {
			return false
		}
		from, ok := ast.Unparen(recv.X).(*ast.UnaryExpr)
		if !ok {
			return false
		}
		if _, field := ast.Unparen(from.X).(*ast.SelectorExpr); !field || w.timed(from.X) {
			return false
		}
	}
	return true
}

// timed reports whether a channel is a timer's.
func (w *pools) timed(ch ast.Expr) bool {
	c, ok := chanOf(w.Info.TypeOf(ch))
	return ok && syntax.Is(c.Elem(), "time", "Time")
}

// add notes a pool, if a caller can name it: what a function declares itself is at a position.
func (w *pools) add(name string, runs int8, waits bool) {
	if name == "" || strings.Contains(name, "@") {
		return
	}
	found := summary.Pool{Name: name, Runs: runs, Waits: waits}
	if !slices.Contains(w.s.Pools, found) {
		w.s.Pools = append(w.s.Pools, found)
	}
}

// param is the parameter that runs as a task, or in it; NoParam if there is none.
func (w *pools) param(task ast.Expr) int8 {
	if task != nil {
		for i := range w.f.Sig.Params().Len() {
			if w.Runs(task, w.f.Sig.Params().At(i)) {
				return int8(i)
			}
		}
	}
	return summary.NoParam
}
