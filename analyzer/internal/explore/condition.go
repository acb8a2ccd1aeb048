package explore

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// decisions say which way a condition goes.
type decisions struct{ *run }

// tests says what a condition speaks of, and who may change that.
type tests struct{ *Explorer }

func truth(is bool) value {
	if is {
		return num(1)
	}
	return num(0)
}

func compares(op token.Token) bool {
	switch op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return true
	}
	return false
}

// independent reports whether an argument has nothing to do with how many there are of anything: it is a
// constant, a parameter or a field.
func (x tests) independent(e ast.Expr) bool {
	if x.pkg.Info.Types[e].Value != nil {
		return true
	}
	v := x.pkg.Variable(e)
	return v != nil && !slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind != syntax.Param && d.Expr == nil || d.Expr != nil && x.pkg.Info.Types[d.Expr].Value == nil
	})
}

// condition is what a condition is, if that is known.
func (r decisions) condition(e ast.Expr) (is, known bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			is, known := r.condition(e.X)
			return !is, known
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND, token.LOR:
			a, aKnown := r.condition(e.X)
			b, bKnown := r.condition(e.Y)
			decides := e.Op == token.LOR
			switch {
			case aKnown && a == decides, bKnown && b == decides:
				return decides, true
			case aKnown && bKnown:
				return !decides, true
			}
			return false, false
		case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
			if r.x.tests.grows(e.X, e.Y) || r.x.tests.grows(e.Y, e.X) {
				return false, false
			}
			small, op, large := e.X, e.Op, e.Y
			if r.x.tests.endless(small) {
				small, op, large = large, syntax.Mirrored(op), small
			}
			if r.x.tests.endless(large) && !r.x.tests.endless(small) {
				return op == token.LSS || op == token.LEQ || op == token.NEQ, true
			}
			x, y := r.compared(e.X), r.compared(e.Y)
			if x.kind == number && y.kind == number && x.n == y.n && r.x.tests.unrelated(e.X, e.Y) {
				return false, false
			}
			return compare(e.Op, x, y)
		}
	case *ast.CallExpr:
		if w := r.values.eval(e); w.kind == number {
			return w.n != 0, true
		}
	case *ast.Ident, *ast.SelectorExpr:
		if sel, ok := e.(*ast.SelectorExpr); ok {
			if of := r.objects.base(sel); of.kind == record || r.objects.object(of) != none {
				w := r.values.eval(e)
				return w.kind == number && w.n != 0, w.kind == number
			}
		}
		if v := r.x.pkg.Variable(e); v != nil {
			if w := r.values.variable(v); w.kind == number && types.Identical(v.Type().Underlying(), types.Typ[types.Bool]) {
				return w.n != 0, true
			}
		}
	}
	return false, false
}

// compared is what an expression is in a comparison: the timer of time.AfterFunc has no channel.
func (r decisions) compared(e ast.Expr) value {
	w := r.values.eval(e)
	if t := r.s.thing(w); w.kind == ticksOf && t != nil && t.runs != 0 {
		return value{kind: null}
	}
	return w
}

// endless reports whether a number is so large that nobody counts that far: i < math.MaxInt64.
func (x tests) endless(e ast.Expr) bool {
	c := x.pkg.Info.Types[e].Value
	return c != nil && c.Kind() == constant.Int && constant.Compare(c, token.GEQ, constant.MakeInt64(math.MaxInt32))
}

// grows reports whether a is the length of a field that functions assign, and b a constant: how far it
// has grown, nobody knows.
func (x tests) grows(a, b ast.Expr) bool {
	call, ok := ast.Unparen(a).(*ast.CallExpr)
	if !ok || x.codes.builtin(call) != "len" || x.pkg.Info.Types[b].Value == nil {
		return false
	}
	v := x.pkg.Variable(call.Args[0])
	return v != nil && v.IsField() && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind != syntax.Literal })
}

// unrelated reports whether two numbers are of different variables that never change: neither counts how often
// something was done, and they are not equal because they are taken for as many.
func (x tests) unrelated(a, b ast.Expr) bool {
	v, w := x.fixed(a), x.fixed(b)
	return v != nil && w != nil && v != w
}

// fixed is the variable that a number is, or is the length of, if it has one value.
func (x tests) fixed(e ast.Expr) *types.Var {
	e = ast.Unparen(e)
	if x.pkg.Info.Types[e].Value != nil {
		return nil
	}
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 && x.codes.builtin(call) == "len" {
		e = ast.Unparen(call.Args[0])
	} else if t, ok := x.pkg.Info.TypeOf(e).Underlying().(*types.Basic); !ok || t.Info()&types.IsInteger == 0 {
		return nil
	}
	v := x.pkg.Variable(e)
	if v != nil && v.IsField() && x.quantities.steady(e) {
		return v
	}
	if v == nil || x.kinds.volatile(v) || slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool {
		receive, _ := ast.Unparen(d.Expr).(*ast.UnaryExpr)
		comes := d.Kind == syntax.RangeKey && isChan(x.pkg.Info.TypeOf(d.Expr)) || d.Kind == syntax.Assign && receive != nil && receive.Op == token.ARROW
		return d.Kind != syntax.Param && d.Kind != syntax.RangeValue && !comes
	}) {
		return nil
	}
	return v
}

func compare(op token.Token, a, b value) (is, known bool) {
	if a.kind == number && b.kind == number {
		switch op {
		case token.EQL:
			return a.n == b.n, true
		case token.NEQ:
			return a.n != b.n, true
		case token.LSS:
			return a.n < b.n, true
		case token.LEQ:
			return a.n <= b.n, true
		case token.GTR:
			return a.n > b.n, true
		case token.GEQ:
			return a.n >= b.n, true
		}
	}
	if a.kind != null {
		a, b = b, a
	}
	if a.kind == null && b.kind != anything && b.kind != number {
		return (b.kind == null) == (op == token.EQL), op == token.EQL || op == token.NEQ
	}
	return false, false
}

// speaksOfOthers reports whether a condition is about what other goroutines or functions change.
func (x tests) speaksOfOthers(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := x.pkg.Info.Uses[id].(*types.Var); ok && !v.IsField() && (x.kinds.volatile(v.Origin()) || x.kinds.elsewhere(v.Origin())) {
				found = true
			}
		}
		return !found
	})
	return found
}

// asksCount reports whether a condition asks a function or method of sync/atomic, or a variable that says what one did.
func (x tests) asksCount(e ast.Expr) bool {
	if not, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && not.Op == token.NOT {
		return x.asksCount(not.X)
	}
	if v := x.pkg.Variable(e); v != nil && !v.IsField() {
		d, ok := x.pkg.Only(v)
		return ok && d.Kind == syntax.Assign && d.Expr != nil && x.asksAtomic(d.Expr)
	}
	return x.asksAtomic(e)
}

// asksAtomic reports whether an expression calls a function or method of sync/atomic.
func (x tests) asksAtomic(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || x.kinds.ofAtomic(call)
		}
		return !found
	})
	return found
}

// about is the variable that a condition asks, whether it is true or nil, and which of these makes the
// condition true; nil if it asks anything else.
func (x tests) about(e ast.Expr) (v *types.Var, is bool) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := x.pkg.Info.ObjectOf(e).(*types.Var)
		return v, true
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			v, is := x.about(e.X)
			return v, !is
		}
	case *ast.BinaryExpr:
		return x.isNil(e)
	}
	return nil, false
}

// isNil is the variable that a comparison compares with nil, and whether it asks for nil.
func (x tests) isNil(e *ast.BinaryExpr) (v *types.Var, is bool) {
	if e.Op != token.EQL && e.Op != token.NEQ {
		return nil, false
	}
	a, b := e.X, e.Y
	if x.pkg.Info.Types[a].IsNil() {
		a, b = b, a
	}
	if id, ok := ast.Unparen(a).(*ast.Ident); ok && x.pkg.Info.Types[b].IsNil() {
		v, _ := x.pkg.Info.ObjectOf(id).(*types.Var)
		return v, e.Op == token.EQL
	}
	return nil, false
}

// choose holds a condition on a variable that several functions see, and that has one value, to what it
// was taken to be before; else it is from now on.
func (r decisions) choose(e paths.Edge) bool {
	v, is := r.x.tests.setting(e.Cond)
	if v == nil {
		v, is = r.x.tests.about(e.Cond)
		if v == nil || r.x.kinds.global(v) || !r.x.tests.captured(v) {
			return true
		}
	}
	now := truth(is == e.Is)
	if was, ok := r.s.chosen.lookup(v); ok {
		return was == now
	}
	r.s.chosen = r.s.chosen.with(v, now)
	return true
}

// setting stands for a condition that asks only constants and fields that are never assigned, as a
// variable of its own: it is the same wherever it is asked. A flag in a field is until it is assigned, see forget.
func (x tests) setting(e ast.Expr) (v *types.Var, is bool) {
	e, is = ast.Unparen(e), true
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.NOT {
		v, is = x.setting(u.X)
		return v, !is
	}
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 0 { // a method that says so
		c := x.pkg.Call(call)
		if c == nil {
			return nil, false
		}
		f := x.codes.callee(c)
		if f == nil || f.Body == nil {
			return nil, false
		}
		if e := onlyReturns(f.Body.List); e != nil {
			return x.setting(e)
		}
		return nil, false
	}
	key, fields := x.asked(e)
	if fields == 0 {
		return nil, false
	}
	v = x.settings[key]
	if v == nil {
		v = types.NewVar(token.Pos(len(x.settings)+1), x.pkg.Types, key, types.Typ[types.Bool])
		x.settings[key] = v
	}
	return v, is
}

// onlyReturns is what statements return that do nothing else; nil if they do.
func onlyReturns(list []ast.Stmt) (e ast.Expr) {
	for _, stmt := range list {
		switch stmt := stmt.(type) {
		case *ast.ReturnStmt:
			if len(stmt.Results) == 1 {
				return stmt.Results[0]
			}
			return nil
		case *ast.BlockStmt:
			return onlyReturns(stmt.List)
		case *ast.AssignStmt:
			if id, ok := stmt.Lhs[0].(*ast.Ident); ok && id.Name == "_" {
				continue
			}
		}
		return nil
	}
	return nil
}

// asked spells what a condition asks, if that is only constants and fields that are never assigned, and
// says how many fields it asks; none if it asks anything else.
func (x tests) asked(e ast.Expr) (key string, fields int) {
	e = ast.Unparen(e)
	if tv := x.pkg.Info.Types[e]; tv.Value != nil {
		return tv.Value.ExactString(), 0
	} else if tv.IsNil() {
		return "nil", 0
	}
	switch e := e.(type) {
	case *ast.SelectorExpr:
		v := x.pkg.Variable(e)
		if v == nil || !v.IsField() || x.kinds.interesting(v.Type()) {
			break
		}
		if !isFlag(v) && slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Kind != syntax.Literal }) {
			break
		}
		return settingKey(v), 1
	case *ast.CallExpr:
		if x.codes.builtin(e) == "len" {
			key, fields := x.asked(e.Args[0])
			return "len" + key, fields
		}
	case *ast.BinaryExpr:
		a, n := x.asked(e.X)
		b, m := x.asked(e.Y)
		if a != "" && b != "" {
			return a + e.Op.String() + b, n + m
		}
	}
	return "", 0
}

func settingKey(v *types.Var) string { return fmt.Sprint("#", v.Pos()) }

func isFlag(v *types.Var) bool {
	t, ok := v.Type().Underlying().(*types.Basic)
	return ok && v.IsField() && t.Info()&types.IsBoolean != 0
}

// forget notes that a flag is assigned: what conditions on it were taken to be is no longer so.
func (r decisions) forget(v *types.Var) {
	if !isFlag(v) {
		return
	}
	if s := r.x.settings[settingKey(v)]; s != nil {
		r.s.chosen = r.s.chosen.without(s)
	}
}

// captured reports whether a variable with one value is also used in a literal inside its function.
func (x tests) captured(v *types.Var) bool {
	is, ok := x.seen[v]
	if ok {
		return is
	}
	entry := x.pkg.Var(v)
	if len(entry.Defs) == 1 && !x.kinds.volatile(v) && entry.Defs[0].Kind == syntax.Param {
		for _, u := range entry.Uses {
			is = is || x.pkg.FuncAt(u) != entry.Defs[0].In
		}
	}
	x.seen[v] = is
	return is
}

// take follows an edge, and reports whether it can be taken.
func (r decisions) take(e paths.Edge) bool {
	f := r.top()
	if e.Type != nil && !r.mayBe(e) {
		return false
	}
	if e.Cond != nil && e.Test == nil {
		if v, empty := r.values.emptiness(e.Cond); v != nil {
			n := r.values.variable(r.x.quantities.lengthOf(v))
			if n.open = false; empty == e.Is {
				n.n = 0
			}
			r.values.set(r.x.quantities.lengthOf(v), n)
		} else if is, known := r.condition(e.Cond); known && is != e.Is {
			return false
		} else if !known && r.leavesToOthers(e.Cond) || !known && r.x.tests.speaksOfOthers(e.Cond) {
			f.enter(e.To)
			return true
		}
	}
	if e.Test != nil {
		if t, ok := e.Test.(*ast.BinaryExpr); ok {
			if is, known := compare(token.EQL, r.values.eval(t.X), r.values.eval(t.Y)); known && is != e.Is {
				return false
			}
		}
	}
	if e.Cond != nil && e.Test == nil && !r.choose(e) {
		return false
	}
	facts, feasible := f.code.graph.Follow(e, f.facts)
	if !feasible {
		return false
	}
	f.facts = facts
	r.learn(e)
	f.enter(e.To)
	return true
}

// leavesToOthers gives strangers what a condition guards that asks what has become of a number that others count with,
// too: one of them comes first, or last, and closes or sends. It reports whether that is so. So a deferred function does
// that asks how the other one has ended, and closes then: who has written it knows when.
func (r decisions) leavesToOthers(cond ast.Expr) bool {
	counts := r.x.tests.asksCount(cond)
	if !counts && !slices.ContainsFunc(r.t.frames, func(f *frame) bool { return f.late }) {
		return false
	}
	at, ok := r.x.pkg.Root.FindNode(cond)
	if !ok {
		return false
	}
	for stmt := range at.Enclosing((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		if !asks(stmt.Node(), cond) {
			return false
		}
		for c := range stmt.Preorder((*ast.CallExpr)(nil), (*ast.SendStmt)(nil)) {
			switch n := c.Node().(type) {
			case *ast.SendStmt:
				if counts {
					r.objects.blur(r.values.eval(n.Chan))
				}
			case *ast.CallExpr:
				if r.x.codes.builtin(n) == "close" {
					r.objects.blur(r.values.eval(n.Args[0]))
				}
			}
		}
		return counts
	}
	return false
}

// asks reports whether an if, or a case, goes by a condition.
func asks(stmt ast.Node, cond ast.Expr) bool {
	switch n := stmt.(type) {
	case *ast.IfStmt:
		return syntax.Within(cond, n.Cond)
	case *ast.CaseClause:
		return slices.ContainsFunc(n.List, func(e ast.Expr) bool { return syntax.Within(cond, e) })
	}
	return false
}

// mayBe reports whether a case of a type switch can be chosen, or passed over.
func (r decisions) mayBe(e paths.Edge) bool {
	v, ok := r.x.pkg.Info.Implicits[e.Type].(*types.Var)
	if !ok {
		return true
	}
	n := r.objects.object(r.values.variable(v))
	if n == none {
		return true
	}
	is := slices.ContainsFunc(e.Type.List, func(t ast.Expr) bool { return r.x.is(r.s.things[n].typ, r.x.pkg.Info.TypeOf(t)) })
	return is == e.Is || !e.Is && len(e.Type.List) > 1
}

// learn keeps what a condition has said of a variable that nobody knew: whether it is true, or nil.
func (r decisions) learn(e paths.Edge) {
	if e.Cond == nil || e.Test != nil {
		return
	}
	v, is := r.x.tests.about(e.Cond)
	if v == nil || r.x.kinds.global(v) || !r.x.kinds.trackedVar(r.top().code, v) || r.values.variable(v).kind != anything {
		return
	}
	switch is = is == e.Is; {
	case types.Identical(v.Type().Underlying(), types.Typ[types.Bool]):
		r.values.set(v, truth(is))
	case is:
		r.values.set(v, value{kind: null})
	default:
		r.values.set(v, value{kind: present})
	}
}

func (f *frame) enter(b *paths.Block) {
	f.block, f.step, f.ins, f.temps = b, 0, 0, nil
	if b.Start.IsValid() {
		f.env = f.env.outside(b.Start, f.code.fn.Body.End())
	}
}

// decides reports whether something hangs on a number that is counted: a condition, a loop or a size. Of what it is
// assigned to, that is not known.
func (x tests) decides(v *types.Var) bool {
	is, ok := x.numbers[v]
	if !ok {
		is = slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			e := syntax.Outer(u)
			for {
				switch e.ParentEdgeKind() {
				case edge.BinaryExpr_X, edge.BinaryExpr_Y:
					if compares(e.Parent().Node().(*ast.BinaryExpr).Op) {
						return true
					}
					e = syntax.Outer(e.Parent())
				case edge.IncDecStmt_X, edge.SendStmt_Value, edge.ReturnStmt_Results, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.Field_Names:
					return false
				case edge.CallExpr_Args:
					return x.codes.builtin(e.Parent().Node().(*ast.CallExpr)) == "make"
				default:
					return true
				}
			}
		})
		x.numbers[v] = is
	}
	return is
}

// coarseStep reports whether a constant counts as less than it is: what it is added to is not known then.
func (x tests) coarseStep(e ast.Expr) bool {
	n, told := x.quantities.constant(e)
	return told && n > int64(x.few)
}
