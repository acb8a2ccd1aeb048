package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// place is the variable that an expression is a part of, and the path to that part; false if it is
// none of one.
func (n *Numbers) place(e ast.Expr) (*types.Var, path, bool) {
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
func (n *Numbers) read(v *types.Var, p path, at ast.Node, fr *frame) Number {
	if !n.updated(v) && n.marked(v, "bounded") { // above a loop it speaks of that, not of its counter
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if v.IsField() { // of a value that is embedded or built in place
		return n.field(v)
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
		if in != nil && n.checkedAt(v, p, at, in, fr) {
			return bounded(at.Pos(), "it is checked")
		}
		return n.inPackage(v, p)
	}
	for _, d := range n.Var(v).Defs {
		if d.Kind == syntax.TypeSwitch {
			return n.of(d.Expr, p, fr)
		}
	}
	if in == nil {
		return unknown(at.Pos(), knowledge.Unsaid, "")
	}
	if len(n.Var(v).Uses) > maxUses {
		n.gaveUp++
		return unknown(at.Pos(), knowledge.Unsaid, "it has too many uses to follow")
	}
	if n.loose(v) {
		if n.checkedAt(v, p, at, in, fr) {
			return bounded(at.Pos(), "it is checked")
		}
		return n.ever(v, p, fr)
	}
	return n.walk(v, p, at, in, fr)
}

// maxUses bounds how often a local variable is used that is followed. Collections on real code have a
// few dozen.
const maxUses = 500

// home is the function that declares a local variable.
func (n *Numbers) home(v *types.Var, in *syntax.Func) *syntax.Func {
	for f := in; f != nil; f = f.Outer {
		if f.Node.Pos() <= v.Pos() && v.Pos() < f.Node.End() {
			return f
		}
	}
	return nil
}

// walk follows the ways that lead to a place back to what defines a variable.
func (n *Numbers) walk(v *types.Var, p path, at ast.Node, in *syntax.Func, fr *frame) Number {
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
		if n.limited(t, goal{v, p}, fr) {
			x = join(x, checked(t.Cond.Pos()))
			return true
		}
		return false
	}
	if ret, ok := n.graph(in).Step(at).(*ast.ReturnStmt); ok && len(ret.Results) > 1 { // return p, decode(p)
		y, stop := n.touched(ret, v, p, in, fr)
		if x = join(x, y); stop {
			return x
		}
	}
	entry, known := n.back(in, at, step, test)
	if !known {
		return join(x, n.ever(v, p, fr))
	}
	if entry {
		x = join(x, n.entered(v, p, in, fr))
	}
	return x
}

// entered is what a variable holds where a function begins.
func (n *Numbers) entered(v *types.Var, p path, in *syntax.Func, fr *frame) Number {
	if n.home(v, in) == in {
		if n.isResult(v, in) {
			return Number{}
		}
		for _, d := range n.Var(v).Defs {
			if d.Kind == syntax.Param {
				return n.param(v, p, in, fr)
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
func (n *Numbers) isResult(v *types.Var, f *syntax.Func) bool {
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
func (n *Numbers) defined(s ast.Node, v *types.Var, p path, in *syntax.Func, fr *frame) (x Number, stop bool) {
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
				return n.of(s.Values[i], p, fr), true
			default:
				return n.result(s.Values[0], i, p, fr), true
			}
		}
	case *ast.IncDecStmt:
		if n.Variable(s.X) == v && len(p) == 0 && s.Tok == token.INC {
			x = n.times(s, v.Pos(), fr)
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
	y, done := n.touched(s, v, p, in, fr)
	return join(x, y), done
}

// assigned is what an assignment to lhs makes of a variable.
func (n *Numbers) assigned(s *ast.AssignStmt, i int, lhs ast.Expr, v *types.Var, p path, fr *frame) (x Number, stop bool) {
	if ix, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
		if w, q, ok := n.place(ix.X); ok && w == v && q.key() == p.key() && n.isMap(ix.X) {
			return n.put(s, v.Pos(), ix, fr), false
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
		y := n.of(s.Rhs[0], nil, fr)
		if y.Kind == Bounded && s.Tok == token.ADD_ASSIGN {
			y = n.times(s, v.Pos(), fr)
		}
		y.Exact = false
		return y, false
	default:
		return x, false
	}
	if len(s.Lhs) != len(s.Rhs) {
		return n.result(s.Rhs[0], i, rest, fr), true
	}
	y := n.of(s.Rhs[i], rest, fr)
	if len(rest) == 0 && mentions(n, s.Rhs[i], v, q) {
		if lit := composite(s.Rhs[i]); lit != nil { // x.first = &node{next: x.first}
			return join(y, n.times(s, v.Pos(), fr)), false
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
			if w, q, ok := n.place(x); ok && w == v && q.key() == p.key() {
				found = true
			}
		}
		return !found
	})
	return found
}

func (n *Numbers) isMap(e ast.Expr) bool {
	t := n.Info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// putNames are names of what is put into a map: of its key.
func (n *Numbers) putNames(ix *ast.IndexExpr) []string {
	switch k := ast.Unparen(ix.Index).(type) {
	case *ast.Ident:
		return []string{k.Name}
	case *ast.SelectorExpr:
		return []string{k.Sel.Name}
	}
	return nil
}

// lowers reports whether an assignment can only make a number smaller: if v > e { v = e }.
func (n *Numbers) lowers(at inspector.Cursor, v *types.Var, e ast.Expr) bool {
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
func (n *Numbers) result(e ast.Expr, i int, p path, fr *frame) Number {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if i == 0 {
			return n.of(e, p, fr)
		}
		q := question{e, p.key(), i, fr}
		if !n.enter(q) {
			return Number{}
		}
		defer n.leave(q)
		return n.call(e, i, p, fr)
	default:
		if i > 0 {
			return bounded(e.Pos(), "a condition")
		}
		return n.of(e, p, fr) // v, ok := m[k], x.(T), <-ch
	}
}

// ranged is what a loop gives to its key or value.
func (n *Numbers) ranged(s *ast.RangeStmt, i int, p path, fr *frame) Number {
	t := n.Info.TypeOf(s.X)
	if t == nil {
		return Number{}
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Basic, *types.Pointer:
		if i == 0 { // an index
			return n.of(s.X, nil, fr)
		}
	case *types.Map:
		if i == 0 && len(p) == 0 {
			return n.of(s.X, nil, fr)
		}
	case *types.Chan:
		return n.received(s.X, p, fr)
	}
	return n.element(s.X, p, fr)
}

// param is what callers pass for a parameter.
func (n *Numbers) param(v *types.Var, p path, f *syntax.Func, fr *frame) Number {
	i, ok := Index(f, v)
	if !ok {
		return unknown(v.Pos(), knowledge.Unsaid, "")
	}
	b := fr.of(f)
	if b != nil && b.call != nil {
		return n.argument(b.call, f, i, p, b.up)
	}
	text := "the parameter " + v.Name() + " of " + f.Name()
	if x, ok := n.requested(v, f); ok {
		return x.named(names(p)...)
	}
	if x, ok := n.delivered(f); ok && len(p) > 0 {
		return x.named(names(p)...)
	}
	variadic := f.Sig.Variadic() && i == f.Sig.Params().Len()-1
	x := unknown(v.Pos(), knowledge.Parameter, text).named(v.Name())
	if variadic {
		x.Origin = knowledge.Own
	} else if reads(v.Type()) && (len(p) == 0 || isField(p[0])) { // of what is made of it
		x = grows(v.Pos(), knowledge.Records, "data read from "+v.Name())
	}
	if b != nil {
		return x
	}
	known := f.Decl == nil || !n.callable(f.Decl)
	if !known || f.Valued || len(f.Callers) == 0 {
		if y := n.passed(f, i, p, fr); y.Kind == Grows {
			return y.named(v.Name())
		}
		return x
	}
	return n.passed(f, i, p, fr).named(v.Name())
}

func isField(o types.Object) bool {
	_, ok := o.(*types.Var)
	return ok
}

// callable reports whether another package can call a function.
func (n *Numbers) callable(f *types.Func) bool {
	return f.Exported()
}

// passed is what the callers in this package pass for a parameter.
func (n *Numbers) passed(f *syntax.Func, i int, p path, fr *frame) Number {
	if fr == nil {
		return n.once([4]any{"passed", f, i, p.key()}, nil, func() Number { return n.passedBy(f, i, p, fr) })
	}
	return n.passedBy(f, i, p, fr)
}

func (n *Numbers) passedBy(f *syntax.Func, i int, p path, fr *frame) Number {
	var x Number
	for _, c := range n.callers(f) {
		if c.In != nil && n.Test(c.Expr.Pos()) && !n.Test(f.Node.Pos()) {
			continue
		}
		x = join(x, n.argument(c, f, i, p, fr))
	}
	return x
}

// callers are the calls of a function in this package, through interfaces and variables, too.
func (n *Numbers) callers(f *syntax.Func) []*syntax.Call {
	all := f.Callers
	for _, c := range n.Resources.Callers(f) {
		if c.Call != nil && !c.Via && c.In != nil && !slices.Contains(f.Callers, c.Call) {
			all = append(all[:len(all):len(all)], c.Call)
		}
	}
	return all
}

// argument is what a call passes for the i'th parameter, -1 for the receiver.
func (n *Numbers) argument(c *syntax.Call, f *syntax.Func, i int, p path, fr *frame) Number {
	if i < 0 {
		if r := c.Recv(); r != nil {
			return n.of(r, p, fr)
		}
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "")
	}
	last := f.Sig.Params().Len() - 1
	if f.Sig.Variadic() && i == last && !c.Expr.Ellipsis.IsValid() {
		if len(p) == 0 {
			return bounded(c.Expr.Pos(), "as many as the call's arguments")
		}
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "")
	}
	if i >= len(c.Expr.Args) {
		return unknown(c.Expr.Pos(), knowledge.Unsaid, "") // f(g())
	}
	return n.of(c.Expr.Args[i], p, fr)
}

// Index is the position of a parameter in its function's signature, -1 for the receiver.
func Index(f *syntax.Func, v *types.Var) (int, bool) {
	if f.Sig.Recv() == v {
		return -1, true
	}
	for i := range f.Sig.Params().Len() {
		if f.Sig.Params().At(i) == v {
			return i, true
		}
	}
	return 0, false
}

// reads reports whether a type is that of any stream to read from.
func reads(t types.Type) bool { return types.IsInterface(t) && readable(t) }

// readable reports whether a type is that of a stream to read from.
func readable(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "Read")
	f, ok := obj.(*types.Func)
	return ok && f.Signature().Params().Len() == 1 && f.Signature().Results().Len() == 2
}

// loose reports whether a variable is assigned to, or put into, in another function than its own: what
// it holds at a place is then whatever it is ever given.
func (n *Numbers) loose(v *types.Var) bool {
	var first *syntax.Func
	for i, d := range n.Var(v).Defs {
		if i == 0 {
			first = d.In
		}
		if d.In != first {
			return true
		}
	}
	for _, t := range n.touchesOf(v) {
		if t.put && t.in != first && first != nil {
			return true
		}
	}
	return false
}

// ever is all that a local variable is ever given.
func (n *Numbers) ever(v *types.Var, p path, fr *frame) Number {
	q := [3]any{"ever", v, p.key()}
	if !n.enter(q) {
		return Number{}
	}
	defer n.leave(q)
	var x Number
	for _, d := range n.Var(v).Defs {
		if d.Kind == syntax.Param && !n.isResult(v, d.In) {
			x = join(x, n.param(v, p, d.In, fr))
			continue
		}
		x = join(x, n.given(v, d, p, fr))
	}
	return join(x, n.putInto(v, p, fr))
}

// given is what a definition gives to a variable or field.
func (n *Numbers) given(v *types.Var, d syntax.Def, p path, fr *frame) Number {
	switch d.Kind {
	case syntax.Assign, syntax.Literal:
		if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && d.Result > 0 {
			return n.result(call, d.Result, p, fr)
		}
		x := n.of(d.Expr, p, fr)
		if lit := composite(d.Expr); lit != nil && len(p) == 0 && v.IsField() && holdsItself(n, lit, v) {
			x = join(x, n.times(d.Cur.Node(), token.NoPos, fr))
		}
		return x
	case syntax.Update:
		return n.times(d.Cur.Node(), v.Pos(), fr)
	case syntax.RangeKey, syntax.RangeValue:
		i := 0
		if d.Kind == syntax.RangeValue {
			i = 1
		}
		if r, ok := d.Cur.Node().(*ast.RangeStmt); ok {
			return n.ranged(r, i, p, fr)
		}
	case syntax.TypeSwitch:
		return n.of(d.Expr, p, fr)
	}
	return Number{}
}

// holdsItself reports whether a literal holds what the field held before: &node{next: b.first}.
func holdsItself(n *Numbers, lit *ast.CompositeLit, field *types.Var) bool {
	found := false
	ast.Inspect(lit, func(m ast.Node) bool {
		if s, ok := m.(*ast.SelectorExpr); ok && n.Variable(s) == field {
			found = true
		}
		return !found
	})
	return found
}

// inPackage is what a package variable is ever given.
func (n *Numbers) inPackage(v *types.Var, p path) Number {
	if v.Pkg() != n.Types {
		return unknown(v.Pos(), knowledge.Own, "a variable of another package").named(v.Name())
	}
	x := n.ever(v, p, nil)
	if x.Kind == Bounded && v.Exported() {
		return unknown(v.Pos(), knowledge.Own, "a variable that other packages can set").named(v.Name())
	}
	if x.Kind == None {
		return unknown(v.Pos(), knowledge.Own, "a variable of the package").named(v.Name())
	}
	return x.named(v.Name())
}

// field is all that is ever put into a field.
func (n *Numbers) field(v *types.Var) Number {
	v = v.Origin()
	return n.once([2]any{"field", v}, nil, func() Number { return n.everIn(v) })
}

func (n *Numbers) everIn(v *types.Var) Number {
	if n.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	var x Number
	for _, d := range n.Var(v).Defs {
		if n.Test(d.Cur.Node().Pos()) {
			continue
		}
		x = join(x, n.given(v, d, nil, nil))
	}
	x = join(x, n.putInto(v, nil, nil))
	return join(x, n.filled(v))
}

// delivered is what a function is given that a library calls for each message or request.
func (n *Numbers) delivered(f *syntax.Func) (Number, bool) {
	at := []inspector.Cursor{syntax.Outer(f.Cur)}
	if f.Decl != nil {
		if !f.Valued {
			return Number{}, false
		}
		at = n.valuesOf(f)
	}
	for _, c := range at {
		if c.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		call := n.Call(c.Parent().Node().(*ast.CallExpr))
		if call == nil {
			continue
		}
		row := n.base.Func(call.Callee)
		if row != nil && row.Does == knowledge.Calls && row.Arg-1 == c.ParentEdgeIndex() && (row.Origin == knowledge.Messages || row.Origin == knowledge.Request) {
			return grows(call.NamePos(), row.Origin, row.Text), true
		}
	}
	return Number{}, false
}

// stepsWith are the steps of a function that mention a variable: only they can change it.
func (n *Numbers) stepsWith(v *types.Var, in *syntax.Func) map[ast.Node]bool {
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
