package number

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// places says what a variable, or a part of it, holds where it is read.
type places struct{ *Numbers }

// place is the variable that an expression is a part of, and the path to that part; false if it is
// none of one.
func (n places) place(e ast.Expr) (*types.Var, path, bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := n.Info.ObjectOf(e).(*types.Var)
		if !ok {
			return nil, nil, false
		}
		return v.Origin(), nil, true
	case *ast.SelectorExpr:
		f, ok := n.Info.ObjectOf(e.Sel).(*types.Var)
		if !ok {
			return nil, nil, false
		}
		if !f.IsField() {
			return f, nil, true
		}
		v, p, ok := n.place(e.X)
		return v, append(p[:len(p):len(p)], f.Origin()), ok
	case *ast.StarExpr:
		return n.place(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return n.place(e.X)
		}
	case *ast.CallExpr: // a getter
		if sel, ok := ast.Unparen(e.Fun).(*ast.SelectorExpr); ok && len(e.Args) == 0 {
			if f, ok := n.Info.ObjectOf(sel.Sel).(*types.Func); ok && f.Signature().Recv() != nil {
				v, p, ok := n.place(sel.X)
				return v, append(p[:len(p):len(p)], f.Origin()), ok
			}
		}
	}
	return nil, nil, false
}

// after is what remains of a path behind another that it begins with.
func after(p, begin path) (path, bool) {
	if len(begin) > len(p) {
		return nil, false
	}
	for i, o := range begin {
		if p[i] != o {
			return nil, false
		}
	}
	return p[len(begin):], true
}

// global reports whether a variable is one of a package.
func global(v *types.Var) bool {
	return !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// read is how much a variable, or the part of it that a path leads to, holds where it is read.
func (n places) read(v *types.Var, p path, at ast.Node, fr *frame) Number {
	if !n.checks.updated(v) && n.marked(v, "bounded") { // above a loop it speaks of that, not of its counter
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if v.IsField() { // of a value that is embedded or built in place
		return n.sources.field(v)
	}
	c, ok := n.Package.Package.Find(at)
	if !ok {
		return unknown(at.Pos(), knowledge.Unsaid, "")
	}
	in := n.FuncAt(c)
	if global(v) {
		if row := n.base.Var(v); row != nil {
			return grows(at.Pos(), row.Origin, row.Text)
		}
		if in != nil && n.checks.checkedAt(v, p, at, in, fr) {
			return bounded(at.Pos(), "it is checked")
		}
		return n.sources.inPackage(v, p)
	}
	for _, d := range n.Var(v).Defs {
		if d.Kind == syntax.TypeSwitch {
			return n.values.of(d.Expr, p, fr)
		}
	}
	if in == nil {
		return unknown(at.Pos(), knowledge.Unsaid, "")
	}
	if len(n.Var(v).Uses) > maxUses {
		n.gaveUp++
		return unknown(at.Pos(), knowledge.Unsaid, "it has too many uses to follow")
	}
	if n.sources.loose(v) {
		if n.checks.checkedAt(v, p, at, in, fr) {
			return bounded(at.Pos(), "it is checked")
		}
		return n.sources.ever(v, p, fr)
	}
	return n.walk(v, p, at, in, fr)
}

// maxUses bounds how often a local variable is used that is followed. Collections on real code have a
// few dozen.
const maxUses = 500

// home is the function that declares a local variable.
func (n places) home(v *types.Var, in *syntax.Func) *syntax.Func {
	for f := in; f != nil; f = f.Outer {
		if f.Node.Pos() <= v.Pos() && v.Pos() < f.Node.End() {
			return f
		}
	}
	return nil
}

// walk follows the ways that lead to a place back to what defines a variable.
func (n places) walk(v *types.Var, p path, at ast.Node, in *syntax.Func, fr *frame) Number {
	var x Number
	mentions := n.stepsWith(v, in)
	step := func(s ast.Node) bool {
		if !mentions[s] {
			return false
		}
		y, stop := n.defined(s, v, p, in, fr)
		x = join(x, y)
		return stop
	}
	test := func(t paths.Test) bool {
		if n.checks.limited(t, goal{v, p}, fr) {
			x = join(x, checked(t.Cond.Pos()))
			return true
		}
		return false
	}
	if ret, ok := n.graph(in).Step(at).(*ast.ReturnStmt); ok && len(ret.Results) > 1 { // return p, decode(p)
		y, stop := n.writes.touched(ret, v, p, in, fr)
		if x = join(x, y); stop {
			return x
		}
	}
	entry, known := n.back(in, at, step, test)
	if !known {
		return join(x, n.sources.ever(v, p, fr))
	}
	if entry {
		x = join(x, n.entered(v, p, in, fr))
	}
	return x
}

// entered is what a variable holds where a function begins.
func (n places) entered(v *types.Var, p path, in *syntax.Func, fr *frame) Number {
	if n.home(v, in) == in {
		if n.isResult(v, in) {
			return Number{}
		}
		for _, d := range n.Var(v).Defs {
			if d.Kind == syntax.Param {
				return n.sources.param(v, p, in, fr)
			}
		}
		return Number{}
	}
	if in.Outer == nil {
		return unknown(v.Pos(), knowledge.Unsaid, "")
	}
	return n.walk(v, p, in.Node, in.Outer, fr)
}

// isResult reports whether a variable is a named result of a function.
func (n places) isResult(v *types.Var, f *syntax.Func) bool {
	if f == nil {
		return false
	}
	for r := range f.Sig.Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}

// defined is what a step makes of a variable, and whether what it held before is gone.
func (n places) defined(s ast.Node, v *types.Var, p path, in *syntax.Func, fr *frame) (x Number, stop bool) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for i, lhs := range s.Lhs {
			y, done := n.assigned(s, i, lhs, v, p, fr)
			x, stop = join(x, y), stop || done
		}
	case *ast.ValueSpec:
		for i, id := range s.Names {
			if n.Info.Defs[id] != v {
				continue
			}
			switch {
			case len(s.Values) == 0:
				return Number{}, true
			case len(s.Values) == len(s.Names):
				return n.values.of(s.Values[i], p, fr), true
			default:
				return n.result(s.Values[0], i, p, fr), true
			}
		}
	case *ast.IncDecStmt:
		if n.Variable(s.X) == v && len(p) == 0 && s.Tok == token.INC {
			x = n.frequency.times(s, v.Pos(), fr)
			x.Exact = false
		}
		return x, false
	case *ast.RangeStmt:
		for i, lhs := range []ast.Expr{s.Key, s.Value} {
			if lhs == nil {
				continue
			}
			w, q, ok := n.place(lhs)
			if !ok || w != v {
				continue
			}
			if rest, ok := after(p, q); ok {
				return n.ranged(s, i, rest, fr), true
			}
		}
		return x, false // what its body does comes in steps of its own
	}
	if stop {
		return x, true
	}
	y, done := n.writes.touched(s, v, p, in, fr)
	return join(x, y), done
}

// assigned is what an assignment to lhs makes of a variable.
func (n places) assigned(s *ast.AssignStmt, i int, lhs ast.Expr, v *types.Var, p path, fr *frame) (x Number, stop bool) {
	if ix, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
		if w, q, ok := n.place(ix.X); ok && w == v && q.key() == p.key() && n.isMap(ix.X) {
			return n.writes.put(s, v.Pos(), ix, fr), false
		}
		return x, false
	}
	w, q, ok := n.place(lhs)
	if !ok || w != v {
		return x, false
	}
	rest, ok := after(p, q)
	if !ok {
		return x, false
	}
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
	case token.ADD_ASSIGN, token.MUL_ASSIGN, token.SHL_ASSIGN, token.OR_ASSIGN:
		y := n.values.of(s.Rhs[0], nil, fr)
		if y.Kind == Bounded && s.Tok == token.ADD_ASSIGN {
			y = n.frequency.times(s, v.Pos(), fr)
		}
		y.Exact = false
		return y, false
	default:
		return x, false
	}
	if len(s.Lhs) != len(s.Rhs) {
		return n.result(s.Rhs[0], i, rest, fr), true
	}
	y := n.values.of(s.Rhs[i], rest, fr)
	if len(rest) == 0 && mentions(n.Numbers, s.Rhs[i], v, q) {
		if lit := composite(s.Rhs[i]); lit != nil { // x.first = &node{next: x.first}
			return join(y, n.frequency.times(s, v.Pos(), fr)), false
		}
	}
	if y.Kind != Bounded && len(rest) == 0 && len(q) == 0 {
		if c, ok := n.Package.Package.Find(s); ok && n.lowers(c, v, s.Rhs[i]) {
			return x, false
		}
	}
	return y, true
}

func composite(e ast.Expr) *ast.CompositeLit {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}

// mentions reports whether an expression reads a place.
func mentions(n *Numbers, e ast.Expr, v *types.Var, p path) bool {
	found := false
	ast.Inspect(e, func(m ast.Node) bool {
		if x, ok := m.(ast.Expr); ok && !found {
			if w, q, ok := n.places.place(x); ok && w == v && q.key() == p.key() {
				found = true
			}
		}
		return !found
	})
	return found
}

func (n places) isMap(e ast.Expr) bool {
	t := n.Info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// putNames are names of what is put into a map: of its key.
func (n places) putNames(ix *ast.IndexExpr) []string {
	switch k := ast.Unparen(ix.Index).(type) {
	case *ast.Ident:
		return []string{k.Name}
	case *ast.SelectorExpr:
		return []string{k.Sel.Name}
	}
	return nil
}

// lowers reports whether an assignment can only make a number smaller: if v > e { v = e }.
func (n places) lowers(at inspector.Cursor, v *types.Var, e ast.Expr) bool {
	for at.ParentEdgeKind() == edge.AssignStmt_Rhs || at.ParentEdgeKind() == edge.BlockStmt_List {
		at = at.Parent()
		if k := at.ParentEdgeKind(); k == edge.IfStmt_Body || k == edge.IfStmt_Else {
			is := k == edge.IfStmt_Body
			cond, ok := ast.Unparen(at.Parent().Node().(*ast.IfStmt).Cond).(*ast.BinaryExpr)
			if !ok {
				return false
			}
			small, large, ok := Ordered(cond, is)
			if !ok {
				return false
			}
			w, _, ok := n.place(large)
			return ok && w == v && types.ExprString(small) == types.ExprString(ast.Unparen(e))
		}
	}
	return false
}

// Ordered are the smaller and the larger operand of a comparison that is so, or not so.
func Ordered(c *ast.BinaryExpr, is bool) (small, large ast.Expr, ok bool) {
	op := c.Op
	if !is {
		switch op {
		case token.LSS:
			op = token.GEQ
		case token.LEQ:
			op = token.GTR
		case token.GTR:
			op = token.LEQ
		case token.GEQ:
			op = token.LSS
		default:
			return nil, nil, false
		}
	}
	switch op {
	case token.LSS, token.LEQ:
		return c.X, c.Y, true
	case token.GTR, token.GEQ:
		return c.Y, c.X, true
	}
	return nil, nil, false
}

// result is the i'th value of an expression that has several.
func (n places) result(e ast.Expr, i int, p path, fr *frame) Number {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if i == 0 {
			return n.values.of(e, p, fr)
		}
		q := question{e, p.key(), i, fr}
		if !n.enter(q) {
			return Number{}
		}
		defer n.leave(q)
		return n.calls.call(e, i, p, fr)
	default:
		if i > 0 {
			return bounded(e.Pos(), "a condition")
		}
		return n.values.of(e, p, fr) // v, ok := m[k], x.(T), <-ch
	}
}

// ranged is what a loop gives to its key or value.
func (n places) ranged(s *ast.RangeStmt, i int, p path, fr *frame) Number {
	t := n.Info.TypeOf(s.X)
	if t == nil {
		return Number{}
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Basic, *types.Pointer:
		if i == 0 { // an index
			return n.values.of(s.X, nil, fr)
		}
	case *types.Map:
		if i == 0 && len(p) == 0 {
			return n.values.of(s.X, nil, fr)
		}
	case *types.Chan:
		return n.loops.received(s.X, p, fr)
	}
	return n.values.element(s.X, p, fr)
}

// stepsWith are the steps of a function that mention a variable: only they can change it.
func (n places) stepsWith(v *types.Var, in *syntax.Func) map[ast.Node]bool {
	key := mention{v, in}
	if m, ok := n.mentions[key]; ok {
		return m
	}
	m := map[ast.Node]bool{}
	g := n.graph(in)
	for _, u := range n.Var(v).Uses {
		if at := u.Node(); in.Node.Pos() <= at.Pos() && at.End() <= in.Node.End() {
			if s := g.Step(at); s != nil {
				m[s] = true
			}
		}
	}
	for _, d := range n.Var(v).Defs {
		if at := d.Cur.Node(); in.Node.Pos() <= at.Pos() && at.End() <= in.Node.End() {
			m[at] = true
		}
	}
	n.mentions[key] = m
	return m
}

// A mention is a variable in a function.
type mention struct {
	v  *types.Var
	in *syntax.Func
}
