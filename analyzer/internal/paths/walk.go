package paths

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// budget is how many blocks one walk may enter. Beyond it the answer is Unknown.
const budget = 3000

// A Verdict is the answer to a query.
type Verdict uint8

const (
	Unknown  Verdict = iota
	Honoured         // met, or handed on, on every path
	Violated         // a path leaves it unmet
)

// An Effect is what a step does to an obligation.
type Effect uint8

const (
	Nothing Effect = iota
	Meets          // met or handed on: the path is fine
	Loses          // overwritten before it was met
	Clouds         // from here on nobody can tell
)

// A Query is an obligation and what concerns it.
type Query struct {
	From   ast.Node     // the step in which it begins
	State  int          // counts, for the functions below; a path that comes with the same state is not walked twice
	Assume []Fact       // what is so when it begins
	Cond   ast.Expr     // a condition that the step in which it begins evaluates, or nil
	Is     bool         // what Cond is then
	Unsure []*types.Var // conditions on these are correlated with the obligation in ways nobody follows

	Step func(step ast.Node, state int) (int, Effect) // what a step does
	Done func(loop ast.Stmt, state int) (int, Effect) // what it means that a loop has run to its end; may be nil
	Exit func(state int) Effect                       // what it means to return; nil: Loses
}

// An Answer is a verdict with, if violated, the place where the obligation is left or overwritten:
// a step, or the return statement that stands for the closing brace.
type Answer struct {
	Verdict Verdict
	At      ast.Node
}

type walker struct {
	g      *Graph
	q      *Query
	seen   map[entered]bool
	spent  int
	cloudy bool
	lost   ast.Node
}

// entered is how a block was entered: in the same way it is not walked twice.
type entered struct {
	to    *Block
	state int
	facts string
}

// Ask walks the paths from q.From.
func (g *Graph) Ask(q Query) Answer {
	from, next := place{block: g.blocks[0]}, 0
	if q.From != nil {
		var ok bool
		if from, ok = g.at[q.From]; !ok || !from.block.seen {
			return Answer{}
		}
		next = from.step + 1
	}
	w := &walker{g: g, q: &q, seen: map[entered]bool{}}
	f := maps.Clone(from.block.in)
	for _, n := range from.block.Steps[:next] {
		g.Apply(f, n)
	}
	for _, a := range q.Assume {
		f.set(g.terms.asked(a), a.Is)
	}
	w.block(from.block, next, f, q.State)
	switch {
	case w.spent > budget:
		g.gaveUp++
		return Answer{}
	case w.lost != nil:
		return Answer{Violated, w.lost}
	case w.cloudy:
		return Answer{}
	}
	return Answer{Verdict: Honoured}
}

// block walks the steps of b and what comes after.
func (w *walker) block(b *Block, first int, f Facts, state int) {
	for _, n := range b.Steps[first:] {
		var e Effect
		if state, e = w.q.Step(n, state); w.ends(e, n) {
			return
		}
		w.g.Apply(f, n)
	}
	if ret := returns(b); ret != nil {
		e := Loses
		if w.q.Exit != nil {
			e = w.q.Exit(state)
		}
		w.ends(e, ret)
		return
	}
	for _, e := range b.Succs {
		if first > 0 && w.q.Cond != nil && w.otherwise(e) {
			continue
		}
		w.edge(e, f, state)
	}
}

// otherwise reports whether an edge is that of the other outcome of the condition with which the walk
// begins. When the condition is evaluated again it may be something else.
func (w *walker) otherwise(e Edge) bool {
	if e.Cond == nil {
		return false
	}
	cond, is := ast.Unparen(e.Cond), e.Is
	for not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT; not, ok = cond.(*ast.UnaryExpr) {
		cond, is = ast.Unparen(not.X), !is
	}
	return cond == w.q.Cond && is != w.q.Is
}

// ends records an effect and reports whether the path ends with it.
func (w *walker) ends(e Effect, at ast.Node) bool {
	switch e {
	case Meets:
	case Loses:
		if w.lost == nil || at.Pos() < w.lost.Pos() {
			w.lost = at
		}
	case Clouds:
		w.cloudy = true
	default:
		return false
	}
	return true
}

func (w *walker) edge(e Edge, f Facts, state int) {
	known := false
	if e.Cond != nil && e.Test == nil {
		_, known = w.g.terms.eval(f, e.Cond)
	}
	f, feasible := w.g.Follow(e, f)
	if !feasible {
		return
	}
	if !known && !w.settles(e.Turn, state) && w.correlated(e.Cond) {
		w.cloudy = true
		return
	}
	if e.Done != nil && w.q.Done != nil {
		var eff Effect
		if state, eff = w.q.Done(e.Done, state); w.ends(eff, e.Done) {
			return
		}
	}
	key := entered{e.To, state, f.Signature()}
	if w.seen[key] {
		return
	}
	w.seen[key] = true
	if w.spent++; w.spent > budget {
		return
	}
	w.block(e.To, 0, f, state)
}

// settles reports whether it means something that a loop has run to its end, however many turns that takes.
func (w *walker) settles(loop ast.Stmt, state int) bool {
	if loop == nil || w.q.Done == nil {
		return false
	}
	_, eff := w.q.Done(loop, state)
	return eff != Nothing
}

func (w *walker) correlated(cond ast.Expr) bool {
	if cond == nil || len(w.q.Unsure) == 0 {
		return false
	}
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			for _, v := range w.q.Unsure {
				found = found || w.g.pkg.Info.ObjectOf(id) == v
			}
		}
		return !found
	})
	return found
}

// Bookkeeping lists the variables that are counted or noted down beside a step, in the branch or
// loop around it: `n++`, `xs = append(xs, x)`. A condition on them tells whether the step was
// reached, in a way that no walk follows.
func (g *Graph) Bookkeeping(step ast.Node) []*types.Var {
	c, ok := g.Cursor(step)
	if !ok {
		return nil
	}
	region, ok := branch(c)
	if !ok {
		return nil
	}
	var vars []*types.Var
	var later token.Pos // what literals note down, they do later
	for d := range region.Preorder((*ast.IncDecStmt)(nil), (*ast.AssignStmt)(nil), (*ast.FuncLit)(nil)) {
		if d.Node().Pos() < later {
			continue
		}
		switch n := d.Node().(type) {
		case *ast.FuncLit:
			if d.ParentEdgeKind() != edge.CallExpr_Fun || d.Parent().ParentEdgeKind() != edge.ExprStmt_X {
				later = n.End()
			}
		case *ast.IncDecStmt:
			if v := g.pkg.Variable(n.X); v != nil {
				vars = append(vars, v)
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if ix, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
					lhs = ix.X
				} else if i >= len(n.Rhs) || !notes(n, n.Rhs[i]) {
					continue
				}
				if v := g.pkg.Variable(lhs); v != nil {
					vars = append(vars, v)
				}
			}
		}
	}
	return vars
}

// notes reports whether an assignment writes something down, rather than asks for something.
func notes(n *ast.AssignStmt, rhs ast.Expr) bool {
	if n.Tok.String() != "=" && n.Tok.String() != ":=" {
		return true // +=
	}
	if call, ok := ast.Unparen(rhs).(*ast.CallExpr); ok {
		id, ok := ast.Unparen(call.Fun).(*ast.Ident)
		return ok && id.Name == "append"
	}
	return n.Tok.String() == "="
}

// branch is the innermost body of a branch or loop around c, inside its function.
func branch(c inspector.Cursor) (inspector.Cursor, bool) {
	for p := c; ; p = p.Parent() {
		switch p.Node().(type) {
		case nil, *ast.FuncDecl, *ast.FuncLit:
			return p, false
		case *ast.CaseClause, *ast.CommClause:
			return p, true
		case *ast.BlockStmt:
			switch p.Parent().Node().(type) {
			case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt:
				return p, true
			}
		}
	}
}
