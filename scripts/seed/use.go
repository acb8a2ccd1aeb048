package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// An operation is what is done with a variable.
type operation int

const (
	escapes operation = iota // anything else: it is not known what becomes of it
	made
	sends
	receives
	ranges
	closes
	measures // len, cap
	compared
	calls // a method
)

// A use is one place where a variable stands.
type use struct {
	op     operation
	method string           // of calls
	at     inspector.Cursor // the operation
	in     *function        // another one than the variable's, if that was given to it
	clause inspector.Cursor // the case of a select that the operation decides, if any
	task   inspector.Cursor // the literal or go statement whose goroutine does it; none: the function itself
	lost   bool             // in a literal of which it is not known who calls it, and when
}

type uses []use

func (us uses) of(op operation) uses { return us.filter(func(u use) bool { return u.op == op }) }

// called are the calls of some methods.
func (us uses) called(methods ...string) uses {
	return us.filter(func(u use) bool { return u.op == calls && slices.Contains(methods, u.method) })
}

func (us uses) filter(keep func(use) bool) uses {
	var some uses
	for _, u := range us {
		if keep(u) {
			some = append(some, u)
		}
	}
	return some
}

// known reports whether nothing else happens to the variable, which is made once.
func (us uses) known() bool { return len(us.of(escapes)) == 0 && len(us.of(made)) == 1 }

// within reports whether all stand in a function itself, and not in one that is given the variable.
func (us uses) within(f *function) bool {
	return !slices.ContainsFunc(us, func(u use) bool { return u.in != f })
}

// locals are the variables of some types that a function makes, in order.
func (f *function) locals(is func(types.Type) bool) []*types.Var {
	var vars []*types.Var
	for c := range f.cur.Preorder((*ast.Ident)(nil)) {
		v, ok := f.TypesInfo.Defs[c.Node().(*ast.Ident)].(*types.Var)
		if ok && !v.IsField() && c.ParentEdgeKind() != edge.Field_Names && is(v.Type()) {
			vars = append(vars, v)
		}
	}
	return vars
}

// uses are those of a variable, also in functions of the package that are given it.
func (f *function) uses(v types.Object) uses { return f.usesIn(v, inspector.Cursor{}, 2) }

func (f *function) usesIn(v types.Object, task inspector.Cursor, depth int) uses {
	var all uses
	for c := range f.cur.Preorder((*ast.Ident)(nil)) {
		id := c.Node().(*ast.Ident)
		if f.TypesInfo.Uses[id] != v && f.TypesInfo.Defs[id] != v || c.ParentEdgeKind() == edge.Field_Names {
			continue
		}
		u := use{in: f}
		u.task, u.lost = f.taskOf(c)
		if !u.task.Valid() {
			u.task = task
		}
		var given bool
		if u.op, u.at, given = f.operation(c); given {
			all = append(all, f.given(u, depth)...)
			continue
		}
		if u.op == calls {
			u.method = u.at.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr).Sel.Name
		}
		u.clause = clauseOf(u.at)
		all = append(all, u)
	}
	return all
}

// given are the uses of a variable that stands as an argument, at u.at.
func (f *function) given(u use, depth int) uses {
	call := u.at.Parent().Node().(*ast.CallExpr)
	i := u.at.ParentEdgeIndex()
	u.op = escapes
	sig, ok := f.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if !ok || sig.Variadic() || i >= sig.Params().Len() || depth == 0 {
		return uses{u}
	}
	task := u.task
	if g := u.at.Parent(); g.ParentEdgeKind() == edge.GoStmt_Call {
		task = g.Parent()
	}
	var inner uses
	if _, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
		inner = f.usesIn(sig.Params().At(i), inspector.Cursor{}, depth-1)
	} else if callee := typeutil.StaticCallee(f.TypesInfo, call); callee != nil && f.decls[callee.Origin()] != nil {
		inner = f.decls[callee.Origin()].usesIn(callee.Origin().Signature().Params().At(i), task, depth-1)
	} else {
		return uses{u}
	}
	for i := range inner {
		inner[i].lost = inner[i].lost || u.lost
	}
	return inner
}

// operation is what is done with the variable at c, and where; for an argument of a call the argument.
func (f *function) operation(c inspector.Cursor) (op operation, at inspector.Cursor, given bool) {
	kind, _ := c.ParentEdge()
	up := c.Parent()
	switch kind {
	case edge.AssignStmt_Lhs:
		if f.TypesInfo.Defs[c.Node().(*ast.Ident)] != nil {
			return made, up, false
		}
	case edge.ValueSpec_Names:
		return made, up, false
	case edge.SendStmt_Chan:
		return sends, up, false
	case edge.UnaryExpr_X:
		switch up.Node().(*ast.UnaryExpr).Op {
		case token.ARROW:
			return receives, up, false
		case token.AND:
			if up.ParentEdgeKind() == edge.CallExpr_Args {
				return escapes, up, true
			}
		}
	case edge.RangeStmt_X:
		return ranges, up, false
	case edge.BinaryExpr_X, edge.BinaryExpr_Y:
		return compared, up, false
	case edge.SelectorExpr_X:
		if up.ParentEdgeKind() == edge.CallExpr_Fun {
			return calls, up.Parent(), false
		}
	case edge.CallExpr_Args:
		fun, _ := up.Node().(*ast.CallExpr).Fun.(*ast.Ident)
		if b, ok := f.TypesInfo.Uses[fun].(*types.Builtin); ok && fun != nil {
			switch b.Name() {
			case "close":
				return closes, up, false
			case "len", "cap":
				return measures, up, false
			}
			return escapes, c, false
		}
		return escapes, c, true
	}
	return escapes, c, false
}

// clauseOf is the case of a select that a send or receive decides.
func clauseOf(c inspector.Cursor) inspector.Cursor {
	for ; c.Valid() && c.Node() != nil; c = c.Parent() {
		switch c.ParentEdgeKind() {
		case edge.CommClause_Comm:
			return c.Parent()
		case edge.AssignStmt_Rhs, edge.ExprStmt_X, edge.ParenExpr_X:
			continue
		}
		break
	}
	return inspector.Cursor{}
}

// taskOf is the literal around c that runs as a goroutine of its own, the innermost if there are several. It is
// lost in a literal that is kept or given away.
func (f *function) taskOf(c inspector.Cursor) (task inspector.Cursor, lost bool) {
	for lit := range c.Enclosing((*ast.FuncLit)(nil)) {
		up := lit.Parent()
		started := false
		switch lit.ParentEdgeKind() {
		case edge.CallExpr_Fun:
			started = up.ParentEdgeKind() == edge.GoStmt_Call
		case edge.CallExpr_Args:
			started = f.submits(up.Node().(*ast.CallExpr))
			lost = lost || !started
		default:
			lost = true
		}
		if started && !task.Valid() {
			task = lit
		}
	}
	return task, lost
}

// submits reports whether a call gives a task to an executor or to a WaitGroup.
func (f *function) submits(call *ast.CallExpr) bool {
	sel, on := f.method(call)
	if isWaitGroup(on) {
		return sel.Sel.Name == "Go"
	}
	e := executorOf(on)
	return e != nil && slices.Contains(e.submits, sel.Sel.Name)
}

// method is how a call names a method, and the type of what it is called on; nil for other calls.
func (f *function) method(call *ast.CallExpr) (sel *ast.SelectorExpr, on types.Type) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	return sel, f.TypesInfo.TypeOf(sel.X)
}

// body is the nearest literal or declaration around c.
func body(c inspector.Cursor) inspector.Cursor {
	return around(c, (*ast.FuncLit)(nil), (*ast.FuncDecl)(nil))
}

// around is the nearest node of some types around c, or none.
func around(c inspector.Cursor, types ...ast.Node) inspector.Cursor {
	for e := range c.Parent().Enclosing(types...) {
		return e
	}
	return inspector.Cursor{}
}

// listed is the statement around c that stands in a list of statements, in the same function or literal.
func listed(c inspector.Cursor) inspector.Cursor {
	for ; c.Node() != nil; c = c.Parent() {
		switch c.ParentEdgeKind() {
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			return c
		}
		if _, ok := c.Node().(*ast.FuncLit); ok {
			break
		}
	}
	return inspector.Cursor{}
}

// statement is the one that consists of a call alone: an expression, a defer, or an assignment to _.
func statement(call inspector.Cursor) (inspector.Cursor, bool) {
	up := call.Parent()
	switch n := up.Node().(type) {
	case *ast.ExprStmt, *ast.DeferStmt:
		return up, true
	case *ast.AssignStmt:
		return up, len(n.Lhs) == 1 && isBlank(n.Lhs[0])
	}
	return up, false
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}

// inBody reports whether a node of these types stands in a body outside of literals.
func inBody(c inspector.Cursor, is func(inspector.Cursor) bool) bool {
	found := false
	c.Inspect(nil, func(c inspector.Cursor) bool {
		if _, ok := c.Node().(*ast.FuncLit); ok {
			return false
		}
		found = found || is(c)
		return !found
	})
	return found
}
