package main

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// noFieldClose takes away the only close of a channel in a field, over which a goroutine of the package ranges.
// The field is unexported, and its channel is made here and given to nobody.
func noFieldClose(f *function) *fault {
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		if !f.isBuiltin(call, "close") {
			continue
		}
		v, ok := f.object(call.Args[0]).(*types.Var)
		stmt, alone := statement(c)
		if !ok || !alone || !v.IsField() || v.Exported() {
			continue
		}
		us := f.fieldUses(v)
		ranged := us.of(ranges)
		if len(us.of(escapes)) > 0 || len(us.of(made)) == 0 || len(us.of(closes)) != 1 || len(ranged) != 1 {
			continue
		}
		reader := ranged[0]
		if reader.lost || leaves(reader.at.Node().(*ast.RangeStmt).Body) {
			continue
		}
		m := &fault{at: reader.at.Node().Pos(), also: []*function{reader.in}, edits: []edit{remove(stmt.Node())}, note: "no " + f.oneLine(call)}
		if reader.task.Valid() {
			m.at = reader.task.Node().Pos()
			return m
		}
		if start, by := reader.in.started(); by != nil {
			m.at, m.also = start.Node().Pos(), append(m.also, by)
			return m
		}
	}
	return nil
}

// fieldUses are the uses of a field in the package.
func (f *function) fieldUses(v *types.Var) uses {
	var all uses
	for _, g := range f.order {
		for c := range g.cur.Preorder((*ast.Ident)(nil)) {
			if f.TypesInfo.Uses[c.Node().(*ast.Ident)] != v {
				continue
			}
			u := use{in: g}
			u.task, u.lost = g.taskOf(c)
			if x := c.Parent(); c.ParentEdgeKind() == edge.SelectorExpr_Sel {
				if u.op, u.at = g.fieldOperation(x); u.op == calls {
					u.method = u.at.Node().(*ast.CallExpr).Fun.(*ast.SelectorExpr).Sel.Name
				}
			} else if c.ParentEdgeKind() == edge.KeyValueExpr_Key && g.isMake(x.Node().(*ast.KeyValueExpr).Value) {
				u.op, u.at = made, x
			}
			all = append(all, u)
		}
	}
	return all
}

// fieldOperation is what is done with the field that a selector names, and where.
func (f *function) fieldOperation(c inspector.Cursor) (operation, inspector.Cursor) {
	if c.ParentEdgeKind() == edge.AssignStmt_Lhs {
		a := c.Parent().Node().(*ast.AssignStmt)
		if i := c.ParentEdgeIndex(); len(a.Lhs) == len(a.Rhs) && f.isMake(a.Rhs[i]) {
			return made, c.Parent()
		}
		return escapes, c
	}
	op, at, given := f.operation(c)
	if given {
		return escapes, c
	}
	return op, at
}

func (f *function) isMake(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return ok && f.isBuiltin(call, "make")
}
