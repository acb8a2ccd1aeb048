package main

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// noRelease takes away what closes a pool.
func noRelease(f *function) *fault {
	for _, p := range f.pools() {
		m := &fault{at: p.made.Node().Pos(), note: "no " + f.oneLine(p.ends[0].at.Node())}
		ok := true
		for _, u := range p.ends {
			stmt, alone := statement(u.at)
			ok = ok && alone
			m.edits = append(m.edits, remove(stmt.Node()))
		}
		if ok {
			return m
		}
	}
	return nil
}

// releasesEarly takes the defer from what closes a pool to which a task is submitted after it.
func releasesEarly(f *function) *fault {
	for _, p := range f.pools() {
		end := p.ends[0].at
		if len(p.ends) != 1 || end.ParentEdgeKind() != edge.DeferStmt_Call || body(end) != f.cur {
			continue
		}
		for _, u := range p.uses.called(executorOf(p.of.Type()).submits...) {
			if u.in == f && body(u.at) == f.cur && u.at.Node().Pos() > end.Node().End() {
				return &fault{at: u.at.Node().Pos(), note: f.oneLine(end.Node()) + " before it",
					edits: []edit{{end.Parent().Node().Pos(), end.Node().Pos(), ""}}}
			}
		}
	}
	return nil
}

// poolPerIteration makes a pool anew in each iteration of the loop that uses it, and closes it there.
func poolPerIteration(f *function) *fault {
	for _, p := range f.pools() {
		a, ok := p.made.Node().(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			continue
		}
		var names []string
		for _, l := range a.Lhs {
			if id, ok := l.(*ast.Ident); ok && f.TypesInfo.Defs[id] == p.of {
				names = append(names, p.of.Name())
			} else {
				names = append(names, "_")
			}
		}
		for _, u := range p.uses.called(executorOf(p.of.Type()).submits...) {
			loop := around(u.at, (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil))
			if u.in != f || !loop.Valid() || body(loop) != f.cur || body(u.at) != f.cur || loop.Node().Pos() < p.made.Node().End() {
				continue
			}
			block := blockOf(loop)
			if slices.ContainsFunc(p.ends, func(u use) bool { return loop.Contains(u.at) }) || leaves(block) {
				continue
			}
			return &fault{at: block.Lbrace, note: "another " + p.of.Name() + " in each iteration", edits: []edit{
				insert(block.Lbrace+1, fmt.Sprintf(" %s := %s;", strings.Join(names, ", "), f.oneLine(a.Rhs[0]))),
				insert(block.Rbrace, "; "+f.oneLine(p.ends[0].at.Node())+" "),
			}}
		}
	}
	return nil
}

// poolPerRequest makes in a handler the pool that the package makes once.
func poolPerRequest(f *function) *fault {
	if !f.handles() {
		return nil
	}
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		call := c.Node().(*ast.CallExpr)
		sel, on := f.method(call)
		if !isPool(on) || !f.submits(call) {
			continue
		}
		shared, ok := f.object(sel.X).(*types.Var)
		if !ok || !shared.IsField() && shared.Parent() != f.Types.Scope() {
			continue
		}
		made, failing := f.constructor(shared)
		if made == "" {
			continue
		}
		names := "own"
		if failing {
			names += ", _"
		}
		at := f.decl.Body.Lbrace
		return &fault{at: at, note: "a pool for each request", edits: []edit{
			insert(at+1, fmt.Sprintf(" %s := %s; defer own.%s();", names, made, executorOf(on).closes[0])),
			replace(sel.X, "own"),
		}}
	}
	return nil
}

// handles reports whether a function is called for each request.
func (f *function) handles() bool {
	o, ok := f.TypesInfo.Defs[f.decl.Name].(*types.Func)
	if !ok {
		return false
	}
	for v := range o.Signature().Params().Variables() {
		if path, name := named(v.Type()); path == "net/http" && name == "Request" {
			return true
		}
	}
	return false
}

// constructor is the text of the only call that makes the value of a field or variable of the package, with
// constants as arguments, and whether it also gives an error.
func (f *function) constructor(v *types.Var) (text string, failing bool) {
	values := f.values(v)
	if len(values) != 1 {
		return "", false
	}
	call, ok := values[0].Node().(*ast.CallExpr)
	if !ok {
		return "", false
	}
	var args []string
	for _, a := range call.Args {
		value := f.TypesInfo.Types[a].Value
		if value == nil {
			return "", false
		}
		args = append(args, value.ExactString())
	}
	callee := typeutil.StaticCallee(f.TypesInfo, call)
	if callee == nil || callee.Signature().Recv() != nil || executorOf(callee.Signature().Results().At(0).Type()) == nil {
		return "", false
	}
	name := callee.Name()
	if q := f.qualify(callee.Pkg()); q != "" {
		name = q + "." + name
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(args, ", ")), callee.Signature().Results().Len() > 1
}

// A pooled is a pool that a function makes, closes and keeps to itself.
type pooled struct {
	of   *types.Var
	made inspector.Cursor // the statement
	uses uses
	ends uses // what closes it
}

// pools are those of a function.
func (f *function) pools() []pooled {
	if f.isMain() {
		return nil
	}
	var all []pooled
	for _, v := range f.locals(isPool) {
		us := f.uses(v)
		ends := us.called(executorOf(v.Type()).closes...)
		if us.known() && len(ends) > 0 && ends.within(f) {
			all = append(all, pooled{v, us.of(made)[0].at, us, ends})
		}
	}
	return all
}

// values are what the package gives a field or variable.
func (f *function) values(v *types.Var) []inspector.Cursor {
	var all []inspector.Cursor
	for c := range f.cur.Inspector().Root().Preorder((*ast.AssignStmt)(nil), (*ast.KeyValueExpr)(nil), (*ast.ValueSpec)(nil)) {
		switch n := c.Node().(type) {
		case *ast.AssignStmt:
			if f.object(n.Lhs[0]) == v {
				all = append(all, c.ChildAt(edge.AssignStmt_Rhs, 0))
			}
		case *ast.KeyValueExpr:
			if f.object(n.Key) == v {
				all = append(all, c.ChildAt(edge.KeyValueExpr_Value, -1))
			}
		case *ast.ValueSpec:
			if f.TypesInfo.Defs[n.Names[0]] == v && len(n.Values) > 0 {
				all = append(all, c.ChildAt(edge.ValueSpec_Values, 0))
			}
		}
	}
	return all
}

// keepsOpen takes away the only call that closes the pool in a field, where its owner is closed.
func keepsOpen(f *function) *fault {
	for c := range f.cur.Preorder((*ast.CallExpr)(nil)) {
		sel, on := f.method(c.Node().(*ast.CallExpr))
		if !isPool(on) || !slices.Contains(executorOf(on).closes, sel.Sel.Name) {
			continue
		}
		v, ok := f.object(sel.X).(*types.Var)
		stmt, alone := statement(c)
		if !ok || !alone || !v.IsField() || v.Exported() {
			continue
		}
		us := f.fieldUses(v)
		values := f.values(v)
		if len(us.called(executorOf(on).closes...)) != 1 || len(values) != 1 || len(us.of(escapes)) > 1 {
			continue
		}
		m := &fault{at: values[0].Node().Pos(), edits: []edit{remove(stmt.Node())}, note: "no " + f.oneLine(c.Node())}
		for decl := range values[0].Enclosing((*ast.FuncDecl)(nil)) {
			if o, ok := f.TypesInfo.Defs[decl.Node().(*ast.FuncDecl).Name].(*types.Func); ok && f.decls[o] != nil {
				m.also = []*function{f.decls[o]}
			}
		}
		return m
	}
	return nil
}
