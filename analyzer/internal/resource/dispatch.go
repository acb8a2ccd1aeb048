package resource

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// virtuals binds what is called through an interface.
type virtuals struct{ *builder }

// dispatch is a call through an interface: of the methods of those types that are put into it, if that is
// followed; else of all types of the package that have the method, and of others.
func (b virtuals) dispatch(c *syntax.Call, f *types.Func) {
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok {
		b.elsewhere.hand(c, f)
		return
	}
	if n := b.calls.receiver(sel); n != nil && n.find().kind != Context {
		d := &dispatched{call: c, method: f, on: n}
		b.dispatches = append(b.dispatches, d)
		b.virtual[c] = d
		return
	}
	d := &dispatched{call: c, method: f}
	for _, m := range b.implementations(f) {
		d.to = append(d.to, Callee{m.Decl, m})
		b.bindMethod(c, m)
	}
	if len(d.to) > 0 {
		b.virtual[c] = d
	}
	b.elsewhere.hand(c, f)
}

// A dispatched is a call through an interface.
type dispatched struct {
	call   *syntax.Call
	method *types.Func
	on     *node // nil: the interface is not followed
	done   int   // how many of the types in it were looked at
	to     []Callee
}

// dispatchAll binds calls through interfaces until nothing new is put into them.
func (b virtuals) dispatchAll() {
	for again := true; again; {
		again = false
		for _, d := range b.dispatches {
			h := d.on.find().held
			if h == nil {
				continue
			}
			for _, t := range h.types {
				again = b.method(d, t) || again
			}
		}
	}
	for _, d := range b.dispatches {
		if len(d.to) == 0 {
			b.elsewhere.hand(d.call, d.method)
		}
	}
	for _, d := range b.virtual {
		slices.SortFunc(d.to, compareCallees)
	}
}

// method binds a call through an interface to the method of a type, if that is new.
func (b virtuals) method(d *dispatched, t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, d.method.Pkg(), d.method.Name())
	f, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	f = f.Origin()
	for _, c := range d.to {
		if c.Decl == f {
			return false
		}
	}
	m := b.src.Decl(f)
	d.to = append(d.to, Callee{f, m})
	if m != nil {
		b.bindMethod(d.call, m)
		return true
	}
	if row := b.cat.Func(f); row != nil {
		b.elsewhere.library(d.call, f, row)
	} else {
		b.elsewhere.hand(d.call, f)
	}
	return true
}

// bindMethod passes the arguments and results of a call through an interface to a method.
func (b virtuals) bindMethod(c *syntax.Call, m *syntax.Func) {
	if r := m.Sig.Recv(); b.values.interesting(r.Type()) {
		if sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr); ok {
			b.calls.take(r, b.calls.receiver(sel))
		}
	}
	b.calls.bind(c, m, nil)
	for i := range m.Sig.Results().Len() {
		if v := m.Sig.Results().At(i); b.flows.matters(v.Type()) {
			t := resultType(b.src.Info.TypeOf(c.Expr), i)
			b.flows.pass(b.calls.result(c.Expr, i), t, b.values.variable(v), v.Type(), c.Expr.Lparen)
		}
	}
}

// implementations are the methods of the package that a call of an interface's method may run.
func (b virtuals) implementations(f *types.Func) []*syntax.Func {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	i, _ := recv.Type().Underlying().(*types.Interface)
	var all []*syntax.Func
	for _, m := range b.methods[f.Name()] {
		t := m.Sig.Recv().Type()
		if n := syntax.Named(t); n == nil || n.TypeParams().Len() > 0 || i == nil {
			continue
		}
		if types.Implements(t, i) {
			all = append(all, m)
		}
	}
	return all
}
