package explore

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"math"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// quantities says which numbers count how many there are of something.
type quantities struct{ *Explorer }

// lengthOf stands for the length of a slice variable, as a variable of its own.
func (x quantities) lengthOf(v *types.Var) *types.Var {
	l := x.lengths[v]
	if l == nil {
		l = types.NewVar(v.Pos()+1, v.Pkg(), v.Name(), types.Typ[types.Int])
		x.lengths[v] = l
	}
	return l
}

// numbered is a number for a variable that has one value which nobody knows: any will do, as long as
// it is the same each time.
func (r values) numbered(e ast.Expr, v value) value {
	if v.kind != anything || r.x.lone {
		return v
	}
	if t, ok := r.x.pkg.Info.TypeOf(e).Underlying().(*types.Basic); ok && t.Info()&types.IsInteger != 0 && r.x.quantities.steady(e) {
		v := r.x.pkg.Variable(e)
		if r.x.quantities.chosenNumbers()[v] {
			if r.x.choose {
				return num(1)
			}
			r.x.choices = true
		}
		if r.x.codes.scalar(v) {
			return value{}
		}
		return r.x.quantities.unknown()
	}
	return v
}

// chosenNumbers are the numbers on which the function that is run, or what it calls, hangs and that say nothing
// of how many there are of anything: parameters of its own and fields that no one here gives a length, and what
// is compared with a count in a loop.
func (x quantities) chosenNumbers() map[*types.Var]bool {
	f := x.exploring
	chosen, ok := x.chosen[f]
	if ok {
		return chosen
	}
	chosen = map[*types.Var]bool{}
	x.chosen[f] = chosen
	for i := range f.Sig.Params().Len() {
		v := f.Sig.Params().At(i).Origin()
		if b, ok := v.Type().Underlying().(*types.Basic); ok && b.Info()&types.IsInteger != 0 && !slices.ContainsFunc(f.Callers, func(c *syntax.Call) bool {
			return i >= len(c.Expr.Args) || !x.tests.independent(c.Expr.Args[i])
		}) {
			chosen[v] = true
		}
	}
	for g := range x.surroundings.reach(f, false) {
		for cur := range g.Cur.Preorder((*ast.RangeStmt)(nil)) {
			if v := x.pkg.Variable(cur.Node().(*ast.RangeStmt).X); v != nil && x.kinds.global(v) && !x.measured(v) {
				chosen[v] = true
			}
		}
		for cur := range g.Cur.Preorder((*ast.BinaryExpr)(nil)) {
			n := cur.Node().(*ast.BinaryExpr)
			if !compares(n.Op) || x.pkg.Info.Types[n.X].Value != nil || x.pkg.Info.Types[n.Y].Value != nil || len(syntax.Loops(cur)) == 0 {
				continue
			}
			for _, e := range []ast.Expr{n.X, n.Y} {
				if v := x.pkg.Variable(e); v != nil && x.kinds.global(v) {
					chosen[v] = true
				}
			}
		}
	}
	return chosen
}

// measured reports whether a field is, somewhere, how many there are of something.
func (x quantities) measured(v *types.Var) bool {
	return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
		length := false
		if d.Expr != nil {
			ast.Inspect(d.Expr, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				length = length || ok && x.codes.builtin(call) == "len"
				return !length
			})
		}
		return length
	})
}

// steady reports whether a variable has one value in a function: a parameter, or what is assigned once. It may be
// capped: if n > limit { n = limit }, or n = min(n, limit).
func (x quantities) steady(e ast.Expr) bool {
	v := x.pkg.Variable(e)
	if v == nil {
		return false
	}
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && v.IsField() {
		return x.steadyPath(sel.X)
	}
	defs := 0
	for _, d := range x.pkg.Var(v).Defs {
		switch d.Kind {
		case syntax.Zero:
		case syntax.Param, syntax.Assign, syntax.RangeValue:
			if !x.caps(d, v) {
				defs++
			}
		default:
			return false
		}
	}
	return defs <= 1 && !x.kinds.volatile(v)
}

// caps reports whether a definition is made because the variable is too large, or too small.
func (x quantities) caps(d syntax.Def, v *types.Var) bool {
	if d.Kind != syntax.Assign {
		return false
	}
	if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
		switch x.codes.builtin(call) {
		case "min", "max":
			return slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return x.pkg.Variable(a) == v })
		}
	}
	for stmt := range d.Cur.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.FuncLit)(nil)) {
		switch n := stmt.Node().(type) {
		case *ast.IfStmt:
			return !syntax.Within(d.Cur.Node(), n.Cond) && x.orders(n.Cond, v)
		case *ast.CaseClause:
			return len(n.List) == 1 && x.orders(n.List[0], v)
		}
		return false
	}
	return false
}

// orders reports whether a condition says that a variable is larger, or smaller, than something.
func (x quantities) orders(cond ast.Expr, v *types.Var) bool {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && x.orders(e.X, v)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ:
			return x.pkg.Variable(e.X) == v || x.pkg.Variable(e.Y) == v
		}
	}
	return false
}

func (x quantities) steadyPath(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, pkg := x.pkg.Info.ObjectOf(e).(*types.PkgName)
		return pkg || x.steady(e) || x.pkg.Variable(e) != nil && len(x.pkg.Var(x.pkg.Variable(e)).Defs) <= 1
	case *ast.SelectorExpr:
		return x.steadyPath(e.X)
	case *ast.StarExpr:
		return x.steadyPath(e.X)
	}
	return false
}

// length is how many elements a collection has.
func (r values) length(e ast.Expr) value {
	t := r.x.pkg.Info.TypeOf(e).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	switch t := t.(type) {
	case *types.Array:
		return num(r.x.quantities.clamp(t.Len()))
	case *types.Chan:
		if ch := r.s.thing(r.eval(e)); ch != nil && ch.own && !ch.open && !ch.token {
			return num(len(ch.queue))
		}
		return value{}
	}
	if tv := r.x.pkg.Info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		return num(r.x.quantities.clamp(int64(len(constant.StringVal(tv.Value)))))
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return num(r.x.quantities.clamp(int64(len(e.Elts))))
	case *ast.SliceExpr:
		low, high := num(0), value{}
		if e.Low != nil {
			low = r.eval(e.Low)
		}
		if e.High != nil {
			high = r.eval(e.High)
		} else {
			high = r.length(e.X)
		}
		if low.kind == number && high.kind == number {
			return num(max(high.n-low.n, 0))
		}
		return value{}
	}
	if r.x.kinds.holder(r.x.pkg.Info.TypeOf(e)) {
		if v := r.eval(e); v.kind == several {
			return num(len(v.list.items))
		}
	}
	if v := r.x.pkg.Variable(e); v != nil && !v.IsField() && r.x.kinds.counted(v) {
		if w := r.variable(r.x.quantities.lengthOf(v)); w.kind == number {
			if w.open {
				w.open = false
				r.set(r.x.quantities.lengthOf(v), w)
			}
			return w
		}
		return value{}
	}
	if v := r.x.pkg.Variable(e); v != nil && !r.x.quantities.repeats(v) {
		return value{} // of one length as well as of another
	}
	if r.x.quantities.steady(e) || r.x.quantities.steadyPath(e) {
		return r.x.quantities.unknown()
	}
	return value{}
}

// repeats reports whether anything is done for each element of what a variable holds, or as often as it is long: of a
// field, by the function that is run.
func (x quantities) repeats(v *types.Var) bool {
	k := lengthIn{v, nil}
	if v.IsField() {
		k.in = x.exploring
	}
	is, ok := x.spread[k]
	if !ok {
		x.spread[k] = false // while it is found out
		is = slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			return (k.in == nil || x.surroundings.reach(k.in, true)[x.pkg.FuncAt(u)]) && x.repeatsUse(u)
		})
		x.spread[k] = is
	}
	return is
}

type lengthIn struct {
	v  *types.Var
	in *syntax.Func
}

func (x quantities) repeatsUse(u inspector.Cursor) bool {
	e := syntax.Outer(u)
	if e.ParentEdgeKind() == edge.SelectorExpr_Sel {
		e = syntax.Outer(e.Parent())
	}
	switch k, i := e.ParentEdge(); k {
	case edge.RangeStmt_X, edge.SliceExpr_X, edge.UnaryExpr_X:
		return true
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		lhs := syntax.Assigned(e)
		return len(lhs) != 1 || x.pkg.Variable(lhs[0]) == nil || x.repeats(x.pkg.Variable(lhs[0]))
	case edge.CallExpr_Args:
		n := e.Parent().Node().(*ast.CallExpr)
		if x.codes.builtin(n) == "len" {
			return x.multiplies(e.Parent())
		}
		c := x.pkg.Call(n)
		if c == nil {
			return false
		}
		f := x.codes.callee(c)
		return f != nil && (i >= f.Sig.Params().Len() || f.Sig.Variadic() && i == f.Sig.Params().Len()-1 || x.repeats(f.Sig.Params().At(i).Origin()))
	}
	return false
}

// multiplies reports whether anything may be done as often as a number says: it is more than compared with a constant, or
// handed on.
func (x quantities) multiplies(n inspector.Cursor) bool {
	e := syntax.Outer(n)
	switch e.ParentEdgeKind() {
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		op := e.Parent().Node().(*ast.BinaryExpr)
		if compares(op.Op) {
			return x.pkg.Info.Types[op.X].Value == nil && x.pkg.Info.Types[op.Y].Value == nil
		}
		return x.multiplies(e.Parent())
	case edge.CallExpr_Args:
		call := e.Parent().Node().(*ast.CallExpr)
		if x.pkg.Info.Types[call.Fun].IsType() {
			return x.multiplies(e.Parent())
		}
		c := x.pkg.Call(call)
		return x.codes.builtin(call) == "make" || c != nil && x.codes.callee(c) != nil
	case edge.SendStmt_Value, edge.IndexExpr_Index:
		return false
	}
	return true
}

// emptiness tells of a condition whether a slice is empty where it is true, and of which slice, if that is one of
// which nobody knows how long it is: len(xs) == 0, 0 < len(xs).
func (r values) emptiness(e ast.Expr) (v *types.Var, empty bool) {
	if not, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && not.Op == token.NOT {
		v, empty := r.emptiness(not.X)
		return v, v != nil && !empty
	}
	cmp, ok := ast.Unparen(e).(*ast.BinaryExpr)
	if !ok {
		return nil, false
	}
	a, op, b := cmp.X, cmp.Op, cmp.Y
	if r.x.pkg.Info.Types[a].Value != nil {
		a, op, b = b, syntax.Mirrored(op), a
	}
	call, ok := ast.Unparen(a).(*ast.CallExpr)
	if !ok || r.x.codes.builtin(call) != "len" || r.x.pkg.Info.Types[b].Value == nil {
		return nil, false
	}
	v = r.x.pkg.Variable(call.Args[0])
	if v == nil || v.IsField() || !r.x.kinds.counted(v) || !r.variable(r.x.quantities.lengthOf(v)).open {
		return nil, false
	}
	none, known := compare(op, num(0), r.eval(b))
	one, _ := compare(op, num(1), r.eval(b))
	if !known || none == one {
		return nil, false
	}
	return v, none
}

// unknown is a number that nobody knows.
func (x quantities) unknown() value {
	x.guessed = true
	return num(x.many)
}

// constant is the constant that an integer expression is.
func (x quantities) constant(e ast.Expr) (n int64, ok bool) {
	c := x.pkg.Info.Types[e].Value
	if c == nil || c.Kind() != constant.Int {
		return 0, false
	}
	if n, ok = constant.Int64Val(c); !ok && constant.Sign(c) > 0 {
		n = math.MaxInt64
	}
	return n, true
}

// clamp is what a constant of the program counts as.
func (x quantities) clamp(n int64) int {
	if x.most = max(x.most, n); n >= few && (x.least == 0 || n < x.least) {
		x.least = n
	}
	if n > int64(x.few) {
		x.clamped = true
		if x.above != 0 && n > x.above {
			n = int64(x.few) + 1
		} else {
			n = int64(x.few)
		}
	}
	x.largest = max(x.largest, int(n))
	return max(int(n), -1)
}

// buffer is what the size of a buffer counts as.
func (x quantities) buffer(n int64) int {
	if n >= few && (x.room == 0 || n < x.room) {
		x.room = n
	}
	return x.clamp(n)
}

// inARow reports whether one of some variables, or what is made at a place is assigned to, is used more than few times
// one after the other, or twice in one turn of a loop of as many as the source says.
func (x quantities) inARow(vars map[*types.Var]bool, made ast.Node) bool {
	vars = maps.Clone(vars)
	if made != nil {
		if at, ok := x.pkg.Root.FindNode(made); ok {
			for _, to := range syntax.Assigned(at) {
				if v := x.pkg.Variable(to); v != nil {
					vars[v] = true
				}
			}
		}
	}
	for v := range vars {
		straight, turns := 0, map[ast.Node]int{}
		for _, u := range x.pkg.Var(v).Uses {
			switch u.ParentEdgeKind() {
			case edge.SendStmt_Chan, edge.UnaryExpr_X, edge.SelectorExpr_X:
			case edge.CallExpr_Args:
				if x.codes.builtin(u.Parent().Node().(*ast.CallExpr)) != "" {
					continue
				}
			default:
				continue
			}
			straight++
			for loop := range u.Enclosing((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
				straight--
				if turns[loop.Node()]++; turns[loop.Node()] > 1 && x.told(loop.Node()) {
					return true
				}
				break
			}
		}
		if straight > few {
			return true
		}
	}
	return false
}

// told reports whether the source says how often a loop turns.
func (x quantities) told(loop ast.Node) bool {
	constant := func(e ast.Expr) bool { return x.pkg.Info.Types[e].Value != nil }
	switch n := loop.(type) {
	case *ast.RangeStmt:
		_, array := x.pkg.Info.TypeOf(n.X).Underlying().(*types.Array)
		return array || constant(n.X)
	case *ast.ForStmt:
		if n.Cond == nil {
			return false
		}
		found := false
		ast.Inspect(n.Cond, func(m ast.Node) bool {
			cond, ok := m.(*ast.BinaryExpr)
			found = found || ok && compares(cond.Op) && (constant(cond.X) || constant(cond.Y))
			return !found
		})
		return found
	}
	return false
}

// manyInARow is the largest number that such uses are compared with.
const manyInARow = 16

// apart is the constant above which others have to count as more, for a search to tell more senders from a smaller
// buffer, or from fewer receivers; zero if all that are large are the same.
func (x quantities) apart() int64 {
	if x.room != 0 && x.most > x.room {
		return x.room
	}
	if x.most > x.least {
		return x.least
	}
	return 0
}
