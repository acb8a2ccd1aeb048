// Package paths answers whether an obligation that begins somewhere in a function is met on every
// path from there to the function's end.
//
// It walks the control-flow graph of one function. Panics and calls that never return are no path.
// Conditions that repeat are followed the same way each time, as long as nothing assigns to what
// they speak of: `if a { start() } … if a { wait() }` is honoured. What a walk cannot follow within
// its budget is unknown, and unknown is never reported.
package paths

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/cfg"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Graph is the control flow of one function.
type Graph struct {
	Func *syntax.Func

	terms  terms
	pkg    *syntax.Package
	blocks []*Block
	at     map[ast.Node]place
	atoms  map[string]*atom
	conds  map[ast.Expr]literal      // the atoms of conditions, once they are known
	kills  map[ast.Node][]*types.Var // what steps assign to, once it is known
	loops  map[ast.Stmt]bool
	again  map[*Block]bool // see Again
	gaveUp int

	around  map[ast.Node]ast.Node // see index
	cursors map[ast.Node]inspector.Cursor
	preds   map[*Block][]pred // see predecessors
}

// GaveUp is how many questions were not answered because their walks went over the budget.
func (g *Graph) GaveUp() int { return g.gaveUp }

// A Block is a run of steps: the statements and expressions that are evaluated one after the other.
type Block struct {
	Index int // in the graph
	Steps []ast.Node
	Succs []Edge
	Start token.Pos // where it begins: a variable that is declared later is another one by then; 0 if that is not known
	in    Facts     // what holds whenever the block is entered
	since token.Pos // no condition before this place is evaluated after the block is entered
	loops bool      // it stands in a loop: it may be entered again
	seen  bool
}

// An Edge leads from a block to one that may come next.
type Edge struct {
	To   *Block
	Cond ast.Expr // what decides, or nil
	Is   bool     // the value of Cond on this edge
	Test ast.Expr // for a case of a switch with a tag: tag == Cond
	Turn ast.Stmt // the loop that takes another turn if Cond says so
	Done ast.Stmt // the loop that is left here because its condition or range has ended

	Case *ast.CommClause // the case of a select that is chosen here
	Else bool            // another case of the select is chosen

	Type *ast.CaseClause // the case of a type switch that is chosen here if Is, else passed over
}

type place struct {
	block *Block
	step  int
}

// New builds the graph of a function. NoReturn says which calls never return.
func New(pkg *syntax.Package, f *syntax.Func, noReturn func(*ast.CallExpr) bool) *Graph {
	g := &Graph{
		Func:  f,
		pkg:   pkg,
		at:    map[ast.Node]place{},
		atoms: map[string]*atom{},
		conds: map[ast.Expr]literal{},
		kills: map[ast.Node][]*types.Var{},
		loops: map[ast.Stmt]bool{},
		again: map[*Block]bool{},
	}
	g.terms = terms{g}
	source := cfg.New(f.Body, func(call *ast.CallExpr) bool { return !noReturn(call) })
	shape := g.shapes()
	g.blocks = make([]*Block, len(source.Blocks))
	for i := range g.blocks {
		g.blocks[i] = &Block{Index: i}
	}
	for i, b := range source.Blocks {
		if b.Live {
			g.convert(g.blocks[i], b, shape)
		}
	}
	g.horizons()
	g.settle()
	return g
}

// Entry is the block that a call enters.
func (g *Graph) Entry() *Block { return g.blocks[0] }

// NoReturn reports whether no path reaches the end of the function.
func (g *Graph) NoReturn() bool {
	for _, b := range g.blocks {
		if b.seen && returns(b) != nil {
			return false
		}
	}
	return true
}

// shapes are the statements whose form package cfg does not keep.
type shapes struct {
	comm   map[ast.Node]bool                   // the communication of a select's case
	last   map[*ast.CommClause]bool            // the last case of a select without default
	tags   map[*ast.CaseClause]ast.Expr        // the tag that a case is compared with
	header map[ast.Node]bool                   // key and value of a range
	clause map[*ast.CommClause]*ast.SelectStmt // its select
	types  map[*ast.CaseClause]bool            // cases of type switches
}

func (g *Graph) shapes() shapes {
	s := shapes{
		comm: map[ast.Node]bool{}, last: map[*ast.CommClause]bool{}, tags: map[*ast.CaseClause]ast.Expr{},
		header: map[ast.Node]bool{}, clause: map[*ast.CommClause]*ast.SelectStmt{}, types: map[*ast.CaseClause]bool{},
	}
	for c := range g.Func.Cur.Preorder((*ast.SelectStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.RangeStmt)(nil), (*ast.ForStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.SelectStmt:
			var last *ast.CommClause
			hasDefault := false
			for _, cl := range n.Body.List {
				cc := cl.(*ast.CommClause)
				s.clause[cc] = n
				if cc.Comm == nil {
					hasDefault = true
					continue
				}
				last = cc
				s.comm[cc.Comm] = true
				if as, ok := cc.Comm.(*ast.AssignStmt); ok {
					s.header[as.Lhs[0]] = true
				}
			}
			if last != nil && !hasDefault {
				s.last[last] = true
			}
		case *ast.SwitchStmt:
			for _, cl := range n.Body.List {
				s.tags[cl.(*ast.CaseClause)] = n.Tag
			}
		case *ast.TypeSwitchStmt:
			for _, cl := range n.Body.List {
				s.types[cl.(*ast.CaseClause)] = true
			}
		case *ast.RangeStmt:
			g.loops[n] = true
			if n.Key != nil {
				s.header[n.Key] = true
			}
			if n.Value != nil {
				s.header[n.Value] = true
			}
		case *ast.ForStmt:
			g.loops[n] = true
		}
	}
	return s
}

// convert copies a block. Package cfg evaluates the communications of all cases before a select
// and knows a way past a select without a case: here each belongs to its case, and there is none.
func (g *Graph) convert(b *Block, src *cfg.Block, s shapes) {
	switch stmt := src.Stmt.(type) {
	case *ast.CommClause:
		if src.Kind == cfg.KindSelectCaseBody && stmt.Comm != nil {
			g.add(b, stmt.Comm)
		}
	case *ast.RangeStmt:
		if src.Kind == cfg.KindRangeBody {
			g.add(b, stmt) // the next element
		}
	}
	for _, n := range src.Nodes {
		if s.comm[n] || s.header[n] {
			continue
		}
		g.add(b, n)
	}
	if cc, ok := src.Stmt.(*ast.CommClause); ok && src.Kind == cfg.KindSelectAfterCase && s.last[cc] {
		return
	}
	if endless(src) {
		return
	}
	for i, succ := range src.Succs {
		e := Edge{To: g.blocks[succ.Index]}
		if len(src.Succs) == 2 && len(src.Nodes) > 0 && !isLoopHead(src, succ) {
			e.Cond, _ = src.Nodes[len(src.Nodes)-1].(ast.Expr)
			e.Is = i == 0
			if src.Kind == cfg.KindForLoop {
				e.Turn = src.Stmt
			}
		}
		if cc, ok := src.Succs[0].Stmt.(*ast.CaseClause); ok && e.Cond != nil {
			if tag := s.tags[cc]; tag != nil {
				e.Test = &ast.BinaryExpr{X: tag, Op: token.EQL, Y: e.Cond}
			}
		}
		switch succ.Kind {
		case cfg.KindSwitchCaseBody, cfg.KindSwitchNextCase:
			if cc, ok := succ.Stmt.(*ast.CaseClause); ok && s.types[cc] && len(src.Succs) == 2 {
				e.Cond, e.Type, e.Is = nil, cc, i == 0
			}
		case cfg.KindSelectCaseBody:
			e.Case, _ = succ.Stmt.(*ast.CommClause)
		case cfg.KindSelectAfterCase:
			e.Else = true
		case cfg.KindForDone, cfg.KindRangeDone:
			if src.Kind == cfg.KindForLoop || src.Kind == cfg.KindRangeLoop {
				e.Done = succ.Stmt
			}
		}
		b.Succs = append(b.Succs, e)
	}
}

// isLoopHead reports whether the two ways out of b are those of a range, which no expression decides.
func isLoopHead(b, succ *cfg.Block) bool {
	switch b.Kind {
	case cfg.KindRangeLoop:
		return true
	}
	// A select's cases are chosen by what is ready.
	return succ.Kind == cfg.KindSelectCaseBody || succ.Kind == cfg.KindSelectAfterCase
}

// endless reports whether b ends in a select without cases.
func endless(b *cfg.Block) bool {
	for _, succ := range b.Succs {
		if succ.Kind == cfg.KindSelectDone {
			if sel, ok := succ.Stmt.(*ast.SelectStmt); ok && len(sel.Body.List) == 0 {
				return true
			}
		}
	}
	return false
}

func (g *Graph) add(b *Block, n ast.Node) {
	g.at[n] = place{b, len(b.Steps)}
	b.Steps = append(b.Steps, n)
}

// returns is the return statement that ends b, or nil.
func returns(b *Block) *ast.ReturnStmt {
	if len(b.Steps) == 0 {
		return nil
	}
	ret, _ := b.Steps[len(b.Steps)-1].(*ast.ReturnStmt)
	return ret
}

// Step returns the step that evaluates a node: the node or the nearest one around it. It is nil for
// a node of unreachable code or of another function.
func (g *Graph) Step(n ast.Node) ast.Node {
	if _, ok := g.at[n]; ok && n != g.Func.Node {
		return n
	}
	g.index()
	return g.around[n]
}

// Cursor is where a step is.
func (g *Graph) Cursor(step ast.Node) (inspector.Cursor, bool) {
	g.index()
	c, ok := g.cursors[step]
	return c, ok
}

// index notes where steps are, and in which one each node is.
func (g *Graph) index() {
	if g.around != nil {
		return
	}
	g.around, g.cursors = map[ast.Node]ast.Node{}, map[ast.Node]inspector.Cursor{}
	for c := range g.Func.Cur.Preorder() {
		n := c.Node()
		if n == g.Func.Node {
			continue
		}
		g.around[n] = g.around[c.Parent().Node()]
		if _, ok := g.at[n]; !ok {
			continue
		}
		g.cursors[n] = c
		if _, isRange := n.(*ast.RangeStmt); !isRange { // that step is the next element alone
			g.around[n] = n
		}
	}
}

// Reaches reports whether a path leads from one step to another.
func (g *Graph) Reaches(from, to ast.Node) bool {
	a, ok1 := g.at[from]
	z, ok2 := g.at[to]
	if !ok1 || !ok2 {
		return false
	}
	return a.block == z.block && a.step <= z.step || leads(a.block, z.block)
}

// leads reports whether an edge leads out of one block on a way into another, or back to itself.
func leads(from, to *Block) bool {
	seen := map[*Block]bool{}
	todo := []*Block{from}
	for len(todo) > 0 {
		b := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, e := range b.Succs {
			if e.To == to {
				return true
			}
			if !seen[e.To] {
				seen[e.To] = true
				todo = append(todo, e.To)
			}
		}
	}
	return false
}

// Again reports whether a step may come again. One in a loop that returns after it does not.
func (g *Graph) Again(step ast.Node) bool {
	at, ok := g.at[step]
	if !ok || !at.block.loops {
		return false
	}
	again, known := g.again[at.block]
	if !known {
		again = leads(at.block, at.block)
		g.again[at.block] = again
	}
	return again
}

// variables lists what an expression speaks of, and whether it can be followed at all: a call may
// say something else each time.
func (g terms) variables(e ast.Expr) (vars []*types.Var, ok bool) {
	ok = true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, isIdent := ast.Unparen(n.Fun).(*ast.Ident); isIdent {
				if _, builtin := g.pkg.Info.Uses[id].(*types.Builtin); builtin && (id.Name == "len" || id.Name == "cap") {
					return true
				}
			}
			ok = false
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				ok = false
			}
		case *ast.FuncLit, *ast.IndexExpr, *ast.TypeAssertExpr:
			ok = false
		case *ast.Ident:
			if v, isVar := g.pkg.Info.ObjectOf(n).(*types.Var); isVar {
				vars = append(vars, v.Origin())
			}
		}
		return ok
	})
	return vars, ok
}
