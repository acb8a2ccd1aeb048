// Package obligation tells what becomes of a value that somebody owes something: a future must be
// awaited, a group with work in it waited for, a pool closed, a channel received from.
//
// What escapes is somebody else's: a value that is returned, stored, sent, or passed to a function
// of which nothing is known, is handed on, and nobody here owes anything any more.
package obligation

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A fate is what one mention of a value means for what is owed.
type fate uint8

const (
	idle   fate = iota // looked at, without consequence
	begun              // a group is given work
	met                // awaited, waited for, closed, cancelled, received from
	passed             // somebody else's from here on, or unknown
)

// maxDepth is how many variables a value is followed through.
const maxDepth = 4

// A tracker follows the mentions of values of one kind.
type tracker struct {
	*sites.Package
	kind catalog.Kind
	busy map[*types.Var]bool
	held *types.Var // the field of a struct that the value is in, where that is what is followed
}

func track(p *sites.Package, kind catalog.Kind) *tracker {
	return &tracker{p, kind, map[*types.Var]bool{}, nil}
}

// mention is the fate that one identifier of the value means.
func (t *tracker) mention(c inspector.Cursor) fate {
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		c = c.Parent() // x.field
	}
	return t.value(c)
}

// value is the fate that an expression of the value means, from where it stands.
func (t *tracker) value(c inspector.Cursor) fate {
	element := false // of a collection
	for {
		switch c.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.StarExpr_X, edge.SliceExpr_X, edge.TypeAssertExpr_X:
		case edge.UnaryExpr_X:
			switch op := c.Parent().Node().(*ast.UnaryExpr).Op; {
			case op == token.ARROW && t.kind == catalog.Future:
				return met
			case op != token.AND:
				return passed
			}
		case edge.IndexExpr_X:
			if c.Parent().ParentEdgeKind() == edge.AssignStmt_Lhs {
				return idle // an element is stored
			}
			element = true
		case edge.SelectorExpr_X:
			return t.member(c.Parent())
		case edge.BinaryExpr_X, edge.BinaryExpr_Y:
			switch c.Parent().Node().(*ast.BinaryExpr).Op {
			case token.EQL, token.NEQ:
				return idle
			}
			return passed
		case edge.ExprStmt_X, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.Field_Names,
			edge.IncDecStmt_X, edge.DeferStmt_Call, edge.GoStmt_Call:
			return idle
		case edge.KeyValueExpr_Key:
			if id, ok := c.Node().(*ast.Ident); ok {
				if v := t.Variable(id); v != nil && v.IsField() {
					return idle // set in a literal
				}
			}
			return passed
		case edge.RangeStmt_X:
			return t.ranged(c.Parent().Node().(*ast.RangeStmt))
		case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
			lhs := syntax.Assigned(c)[0]
			if id, ok := lhs.(*ast.Ident); ok && element && t.taken(id) {
				return met
			}
			return t.assigned(lhs)
		case edge.CallExpr_Args:
			call := c.Parent().Node().(*ast.CallExpr)
			if t.builtin(call) == "append" {
				break // the element is in the result
			}
			return t.argument(call, c.ParentEdgeIndex())
		default:
			return passed
		}
		c = c.Parent()
	}
}

// member is x.name: a method of the value, or a field of what holds it.
func (t *tracker) member(sel inspector.Cursor) fate {
	if t.holds(t.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)) {
		switch t.Variable(sel.Node().(*ast.SelectorExpr)) {
		case nil: // a method
			return passed
		case t.held:
			return t.value(sel)
		}
		return idle // what else the struct has
	}
	if v, ok := t.Info.ObjectOf(sel.Node().(*ast.SelectorExpr).Sel).(*types.Var); ok {
		if own := t.Homemade(t.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)); own != nil && t.kind == catalog.Executor {
			return t.part(own, sel, v.Origin())
		}
		if pool := t.Wrapped(t.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)); pool != nil && pool != v.Origin() && t.kind == catalog.Executor {
			return idle // what else has a pool of its own
		}
		if t.kind == catalog.Group {
			if group := t.GroupField(t.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)); group != nil && group != v.Origin() {
				return idle // what else a home-made group has
			}
		}
		if done := t.Future(t.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)); done != nil && t.kind == catalog.Future {
			if done == v.Origin() && syntax.Outer(sel).ParentEdgeKind() != edge.CallExpr_Args { // where it is made ready
				return t.value(sel)
			}
			return idle
		}
		if _, basic := v.Type().Underlying().(*types.Basic); basic {
			return idle
		}
		// A field of the value: an embedded executor is the value itself.
		if t.PoolType(sel.Node().(*ast.SelectorExpr)) != nil {
			return t.value(sel)
		}
		return passed
	}
	fun := sel
	for fun.ParentEdgeKind() == edge.ParenExpr_X || fun.ParentEdgeKind() == edge.IndexExpr_X {
		fun = fun.Parent()
	}
	if fun.ParentEdgeKind() != edge.CallExpr_Fun {
		return t.methodValue(sel.Node().(*ast.SelectorExpr))
	}
	return t.method(fun.Parent())
}

// holds reports whether a type is, or points to, the struct that the value is in.
func (t *tracker) holds(typ types.Type) bool {
	if t.held == nil || typ == nil {
		return false
	}
	if ptr, ok := typ.Underlying().(*types.Pointer); ok {
		typ = ptr.Elem()
	}
	st, ok := typ.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		if f.Origin() == t.held {
			return true
		}
	}
	return false
}

// part is x.f, a field of a home-made pool x: the pool ends with what ends its workers.
func (t *tracker) part(own *sites.Homemade, sel inspector.Cursor, f *types.Var) fate {
	at := syntax.Outer(sel)
	switch at.ParentEdgeKind() {
	case edge.CallExpr_Args:
		if closed(t.Package, at.Parent().Node().(*ast.CallExpr)) == f && slices.Contains(own.Ends, f) {
			return met
		}
	case edge.CallExpr_Fun, edge.AssignStmt_Lhs: // what ends its context, its flag
		if slices.Contains(own.Ends, f) && (at.ParentEdgeKind() == edge.CallExpr_Fun || boolean(f.Type())) {
			return met
		}
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		if slices.Contains(own.Ends, f) && t.closedUnlessNil(at.Parent(), f) {
			return met
		}
	}
	return idle
}

// closedUnlessNil reports whether a comparison is the condition of if x.f != nil { close(x.f) }: without
// the channel there are no workers.
func (t *tracker) closedUnlessNil(comparison inspector.Cursor, f *types.Var) bool {
	e := comparison.Node().(*ast.BinaryExpr)
	if e.Op != token.NEQ || !t.Info.Types[e.X].IsNil() && !t.Info.Types[e.Y].IsNil() {
		return false
	}
	cond := syntax.Outer(comparison)
	if cond.ParentEdgeKind() != edge.IfStmt_Cond {
		return false
	}
	return slices.ContainsFunc(cond.Parent().Node().(*ast.IfStmt).Body.List, func(s ast.Stmt) bool {
		do, ok := s.(*ast.ExprStmt)
		if !ok {
			return false
		}
		call, ok := do.X.(*ast.CallExpr)
		return ok && closed(t.Package, call) == f
	})
}

// looks reports whether a method of a library's type only tells a number or a flag: p.Running().
// The catalogue has what a library's methods do.
func (t *tracker) looks(f *types.Func) bool {
	if f == nil || f.Signature().Recv() == nil || t.Catalog.Type(f.Signature().Recv().Type()) == nil {
		return false
	}
	sig := f.Signature()
	if sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return false
	}
	_, basic := sig.Results().At(0).Type().Underlying().(*types.Basic)
	return basic
}

// methodValue is x.Method without a call. Only what would neither begin nor end anything is idle.
func (t *tracker) methodValue(sel *ast.SelectorExpr) fate {
	row := t.Catalog.Func(t.FuncObj(sel))
	if row != nil && (row.Role == catalog.Leave || row.Role == catalog.Enter) {
		return idle
	}
	if t.kind == catalog.Executor && t.Homemade(t.Info.TypeOf(sel.X)) != nil {
		if use := t.Summary(t.FuncObj(sel)).Param(int(summary.Receiver)); use != nil && use.Use == summary.Reads {
			return idle
		}
	}
	return passed
}

// method is x.Method(…).
func (t *tracker) method(call inspector.Cursor) fate {
	c := t.Call(call.Node().(*ast.CallExpr))
	row := t.Catalog.Func(c.Callee)
	if row == nil {
		if t.looks(c.Callee) {
			return idle
		}
		return t.use(t.Summary(t.Callee(c)).Param(int(summary.Receiver)))
	}
	switch row.Role {
	case catalog.Await, catalog.AwaitChan, catalog.AwaitAll, catalog.Cancel, catalog.Combine:
		if t.kind != catalog.Executor {
			return met
		}
	case catalog.Wait:
		return met
	case catalog.Close, catalog.Stop:
		return met
	case catalog.Chain:
		return passed
	case catalog.Poll:
		if t.asked(call) {
			return met
		}
		// Whether it is ready, told to somebody: an assertion, a metric.
		if syntax.Outer(call).ParentEdgeKind() == edge.CallExpr_Args && boolean(t.Info.TypeOf(c.Expr)) {
			return passed
		}
	case catalog.Submit, catalog.Submitted:
		if t.kind != catalog.Group {
			return idle
		}
		if row.Returns == catalog.ReturnsSelf {
			if f := t.value(call); f != idle {
				return f // g.Submit(task).Wait()
			}
		}
		return begun
	case catalog.SetBound, catalog.Convert:
		return t.value(call) // the same value, if it is used at all
	}
	return idle
}

// argument is f(…, x, …).
func (t *tracker) argument(expr *ast.CallExpr, i int) fate {
	switch t.builtin(expr) {
	case "len", "cap", "clear", "delete", "print", "println":
		return idle
	}
	c := t.Call(expr)
	switch {
	case c == nil:
		return passed
	case resource.Looks(c.Callee):
		return idle
	case t.held != nil:
		return passed
	}
	if row := t.Catalog.Func(c.Callee); row != nil {
		switch {
		case i == row.Executor.Index():
			return idle
		case t.kind == catalog.Future && (row.Role == catalog.Combine || row.Role == catalog.Await || row.Role == catalog.AwaitAll):
			return met
		}
		return passed
	}
	if lit := t.Target(expr.Fun); lit != nil && lit.Decl == nil {
		if v := param(lit.Sig, i); v != nil {
			return t.alias(v)
		}
		return passed
	}
	if c.Callee == nil {
		return passed
	}
	n := c.Callee.Signature().Params().Len()
	return t.use(t.Summary(c.Callee).Param(min(i, n-1)))
}

func param(sig *types.Signature, i int) *types.Var {
	if i >= sig.Params().Len() {
		return nil
	}
	return sig.Params().At(i)
}

// use reads what a callee's summary says of the parameter.
func (t *tracker) use(p *summary.Param) fate {
	switch {
	case p == nil || p.Use == 0 || p.Use&summary.Keeps != 0:
		return passed
	case p.Use&summary.Awaits != 0 && t.kind != catalog.Executor, p.Use&summary.Closes != 0 && t.kind == catalog.Executor,
		p.Use&summary.Receives != 0 && t.kind == catalog.Future:
		return met
	case p.Spawns && t.kind == catalog.Group:
		return begun
	}
	return idle
}

// ranged is for … range xs: what becomes of the elements.
func (t *tracker) ranged(n *ast.RangeStmt) fate {
	if _, ok := chanOf(t.Info.TypeOf(n.X)); ok && t.kind == catalog.Future {
		return met
	}
	for _, e := range []ast.Expr{n.Key, n.Value} {
		if id, ok := e.(*ast.Ident); ok && t.taken(id) {
			return met
		}
	}
	return idle
}

// taken reports whether something becomes of an element of a collection in the variable that it is taken into.
func (t *tracker) taken(id *ast.Ident) bool {
	if id.Name == "_" {
		return false
	}
	v, ok := t.Info.ObjectOf(id).(*types.Var)
	return ok && !global(v) && t.owed(v.Type()) && t.variable(v) != idle
}

// owed reports whether a type is of the tracker's kind, or of the struct that the value is in.
func (t *tracker) owed(typ types.Type) bool {
	if t.holds(typ) {
		return true
	}
	if _, ok := chanOf(typ); ok {
		return t.kind == catalog.Future
	}
	if row := t.Catalog.Type(typ); row != nil {
		return row.Kind == t.kind
	}
	n := syntax.Named(typ)
	if n == nil {
		return false
	}
	if t.kind == catalog.Future && embedsFuture(t.Package, typ) != nil {
		return true
	}
	for m := range n.Origin().Methods() { // a home-made one, whoever made it
		if p := t.Summary(m).Param(int(summary.Receiver)); p != nil && t.use(p) == met {
			return true
		}
	}
	return false
}

// assigned is lhs = x.
func (t *tracker) assigned(lhs ast.Expr) fate {
	switch e := ast.Unparen(lhs).(type) {
	case *ast.Ident:
		if e.Name == "_" {
			return idle
		}
		v := t.Variable(e)
		if v == nil || global(v) {
			return passed
		}
		return t.alias(v)
	case *ast.IndexExpr:
		if v := t.Variable(e.X); v != nil && !v.IsField() && !global(v) {
			return t.alias(v) // into a local collection
		}
	}
	if t.busy[t.Variable(lhs)] {
		return idle // s.xs = append(s.xs, x): the mention at hand
	}
	return passed
}

// alias is another variable for the value: if nothing becomes of that one, nothing becomes of the
// value; else it is that variable's affair on which paths.
func (t *tracker) alias(v *types.Var) fate {
	if t.busy[v] {
		return idle // xs = append(xs, x): the mention at hand
	}
	if f := t.variable(v); f == begun || f == idle {
		return f
	}
	return passed
}

// variable is the strongest fate of all mentions of a variable.
func (t *tracker) variable(v *types.Var) fate {
	v = v.Origin()
	if t.busy[v] {
		return idle
	}
	if len(t.busy) >= maxDepth || results(t.Var(v)) {
		return passed
	}
	t.busy[v] = true
	defer delete(t.busy, v)
	strongest := idle
	for _, u := range t.Var(v).Uses {
		strongest = max(strongest, t.mention(u))
	}
	return strongest
}

// results reports whether v is a named result, which a bare return hands on.
func results(v *syntax.Var) bool {
	for _, d := range v.Defs {
		if d.Kind == syntax.Param && d.Cur.Parent().ParentEdgeKind() == edge.FuncType_Results {
			return true
		}
	}
	return false
}

func (t *tracker) builtin(call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := t.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

func global(v *types.Var) bool {
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

func boolean(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsBoolean != 0
}
