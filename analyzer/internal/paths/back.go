package paths

import (
	"go/ast"
	"go/token"
)

// A Test is a condition that was so on the way to a place.
type Test struct {
	Cond ast.Expr
	Is   bool
	Tag  ast.Expr // of a case of a switch with a tag: Tag == Cond
}

// Compared is the test as a condition and what it is.
func (t Test) Compared() (ast.Expr, bool) {
	if t.Tag != nil {
		return &ast.BinaryExpr{X: t.Tag, OpPos: t.Cond.Pos(), Op: token.EQL, Y: t.Cond}, t.Is
	}
	return t.Cond, t.Is
}

// Back walks all ways that lead to a place, backwards from the step before it. Step is asked about
// each step on the way, test about each condition that decided it; who returns true ends the walk
// there. Entry reports whether the start of the function is reached, and known is false for a place
// that no step evaluates.
func (g *Graph) Back(at ast.Node, step func(ast.Node) bool, test func(Test) bool) (entry, known bool) {
	n := g.Step(at)
	if n == nil {
		return false, false
	}
	from := g.at[n]
	w := back{g: g, preds: g.predecessors(), step: step, test: test, seen: make([]bool, len(g.blocks))}
	w.block(from.block, from.step)
	return w.entry, true
}

// BackFromEnd is Back from where the function returns: from a return statement, or from its closing
// brace if ret is nil.
func (g *Graph) BackFromEnd(ret *ast.ReturnStmt, step func(ast.Node) bool, test func(Test) bool) (entry bool) {
	w := back{g: g, preds: g.predecessors(), step: step, test: test, seen: make([]bool, len(g.blocks))}
	for _, b := range g.blocks {
		if !b.seen || returns(b) == nil || ret != nil && returns(b) != ret {
			continue
		}
		w.block(b, len(b.Steps)-1)
	}
	return w.entry
}

// Ends lists the return statements that paths reach; that of the closing brace is no statement of the
// source, and has no results.
func (g *Graph) Ends() []*ast.ReturnStmt {
	var all []*ast.ReturnStmt
	for _, b := range g.blocks {
		if b.seen {
			if ret := returns(b); ret != nil {
				all = append(all, ret)
			}
		}
	}
	return all
}

type back struct {
	g     *Graph
	preds map[*Block][]pred
	step  func(ast.Node) bool
	test  func(Test) bool
	seen  []bool // by the block's number
	entry bool
}

type pred struct {
	from *Block
	edge Edge
}

func (w *back) block(b *Block, steps int) {
	for i := steps - 1; i >= 0; i-- {
		if w.step(b.Steps[i]) {
			return
		}
	}
	if b == w.g.blocks[0] {
		w.entry = true
	}
	for _, p := range w.preds[b] {
		if p.edge.Cond != nil {
			t := Test{Cond: p.edge.Cond, Is: p.edge.Is}
			if t2, ok := p.edge.Test.(*ast.BinaryExpr); ok {
				t.Tag = t2.X
			}
			if w.test(t) {
				continue
			}
		}
		if !w.seen[p.from.Index] {
			w.seen[p.from.Index] = true
			w.block(p.from, len(p.from.Steps))
		}
	}
}

// predecessors are the edges of the graph by where they lead, found once.
func (g *Graph) predecessors() map[*Block][]pred {
	if g.preds == nil {
		g.preds = map[*Block][]pred{}
		for _, b := range g.blocks {
			if !b.seen {
				continue
			}
			for _, e := range b.Succs {
				g.preds[e.To] = append(g.preds[e.To], pred{b, e})
			}
		}
	}
	return g.preds
}
