package obligation

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Maker is a call that makes a pool: of a library's constructor, or of a function that returns a new one
// and keeps no hold of it.
type Maker struct {
	Call *syntax.Call
	Type *catalog.Type // nil: it is home-made
}

// MustClose reports whether the workers live until the pool is closed. A type that is not in the catalogue is a
// pool of the program's own.
func (m Maker) MustClose() bool { return m.Type == nil || m.Type.Closed }

// Makers lists the calls of a package that make pools, in source order.
func Makers(p *sites.Package) []Maker {
	var all []Maker
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			if row := p.Catalog.Type(p.First(c.Expr)); hands(p, c, catalog.Executor) && (row == nil || row.Kind == catalog.Executor) {
				all = append(all, Maker{c, row})
			}
		}
	}
	return all
}

// Pool tells whether the pool that a constructor makes is left open on some path. A pool that
// escapes is closed by whoever has it.
func Pool(p *sites.Package, c *syntax.Call) (loss Loss, never, lost bool) {
	if c.In == nil {
		return Loss{}, false, false
	}
	t := track(p, catalog.Executor)
	h := t.settle(c.Cur)
	if !h.valid || h.many || returnsBarely(p, h.v, c.In) || declaredOutside(p, h.v, c.In) {
		return Loss{}, false, false
	}
	if captured(p, h.v, c.In) {
		return Loss{}, false, false
	}
	o := &owing{t: t, f: c.In, v: h.v, from: c.Expr, assume: succeeded(p, c, h.v)}
	if loss, lost = o.ask(); !lost {
		if o = o.heldBy(); o == nil {
			return Loss{}, false, false
		}
		loss, lost = o.ask()
	}
	loss.Passed = o.t.variable(o.v) == passed
	return loss, o.t.variable(o.v) == idle, lost
}

// returnsBarely reports whether a variable is a result of a function that a return hands on without naming it.
func returnsBarely(p *sites.Package, v *types.Var, f *syntax.Func) bool {
	return results(p.Var(v)) && slices.ContainsFunc(f.Returns, func(r *ast.ReturnStmt) bool { return len(r.Results) == 0 })
}

// heldBy is what is owed from where a pool is put into a struct that the function makes, which then has to be
// handed on with it; nil if it is put into none, or into several:
//
//	s := &store{pool: p}
func (o *owing) heldBy() *owing {
	p, t := o.t.Package, track(o.t.Package, o.t.kind)
	var by *owing
	var told []ast.Node // what else becomes of it
	for _, u := range p.Var(o.v).Uses {
		switch u.ParentEdgeKind() {
		case edge.KeyValueExpr_Value, edge.CompositeLit_Elts:
			h := t.settle(u)
			if by != nil || !h.valid || h.many || t.held == nil || p.FuncAt(u) != o.f || results(p.Var(h.v)) || declaredOutside(p, h.v, o.f) || captured(p, h.v, o.f) {
				return nil
			}
			by = &owing{t: t, f: o.f, v: h.v, from: u.Node(), assume: []paths.Fact{{Var: h.v, Nil: true, Is: false}}}
		default:
			if o.t.mention(u) > begun {
				told = append(told, u.Node())
			}
		}
	}
	if by != nil {
		by.told = told
	}
	return by
}

// Held returns the field that a call puts a pool into, directly or by a variable, or the variable by which a
// literal that outlives the function has it, if nothing closes the pool: nothing in the package does, and no
// other package has it.
func Held(p *sites.Package, c *syntax.Call) *types.Var {
	class := p.Resources.Result(c.Expr, 0)
	if c.In == nil {
		return nil
	}
	if class == nil {
		return kept(p, c)
	}
	if may, _ := class.Can(resource.MayClose); may != resource.No || slices.ContainsFunc(class.Ops, ends) {
		return nil
	}
	holder := element(p, c.Cur)
	for _, v := range class.Vars {
		if global(v) || slices.ContainsFunc(p.Var(v).Uses, func(u inspector.Cursor) bool { return closes(p, u) }) {
			return nil
		}
		for _, u := range p.Var(v).Uses {
			if holder == nil {
				holder = element(p, u)
			}
		}
		if holder == nil && (v.IsField() || !declaredOutside(p, v, c.In) && captured(p, v, c.In)) {
			holder = v
		}
	}
	return holder
}

// kept is Held for a home-made pool.
func kept(p *sites.Package, c *syntax.Call) *types.Var {
	t := track(p, catalog.Executor)
	h := t.settle(c.Cur)
	if v := cmp.Or(t.held, h.v); v != nil && v.IsField() && track(p, catalog.Executor).unread(v) {
		return v
	}
	return nil
}

// element is the field whose element an expression becomes: s.pools[name] = p, s.pools = append(s.pools, p);
// nil if it becomes none.
func element(p *sites.Package, c inspector.Cursor) *types.Var {
	added := false
	if c = syntax.Outer(c); c.ParentEdgeKind() == edge.CallExpr_Args && c.ParentEdgeIndex() > 0 {
		c = c.Parent()
		added = track(p, 0).builtin(c.Node().(*ast.CallExpr)) == "append"
	}
	lhs := syntax.Assigned(c)
	if len(lhs) == 0 {
		return nil
	}
	to := lhs[0]
	if e, ok := ast.Unparen(to).(*ast.IndexExpr); ok {
		to, added = e.X, true
	}
	if v := p.Variable(to); added && v != nil && v.IsField() {
		return v
	}
	return nil
}

// ends reports whether an operation closes a pool, or stops it.
func ends(o *resource.Op) bool { return o.Role == catalog.Close || o.Role == catalog.Stop }

// closes reports whether a mention of a pool takes the method that closes it, called or as a value.
func closes(p *sites.Package, u inspector.Cursor) bool {
	if u.ParentEdgeKind() == edge.SelectorExpr_Sel {
		u = u.Parent()
	}
	if u.ParentEdgeKind() != edge.SelectorExpr_X {
		return false
	}
	row := p.Catalog.Func(p.FuncObj(u.Parent().Node().(*ast.SelectorExpr)))
	return row != nil && (row.Role == catalog.Close || row.Role == catalog.Stop)
}

// captured reports whether a function literal that may outlive f uses v: a handler that is
// registered, a callback that is returned or kept. Whoever has it has the pool.
func captured(p *sites.Package, v *types.Var, f *syntax.Func) bool {
	for _, u := range p.Var(v).Uses {
		for lit := range u.Enclosing((*ast.FuncLit)(nil)) {
			if lit.Node() == f.Node {
				break
			}
			if !endsWith(p, lit) {
				return true
			}
		}
	}
	return false
}

// endsWith reports whether a literal is only called by the function around it, or by what that
// waits for: where it stands, in a defer, through a local variable, as a task, or by a function
// that calls what it is given before it returns.
func endsWith(p *sites.Package, lit inspector.Cursor) bool {
	lit = syntax.Outer(lit)
	switch lit.ParentEdgeKind() {
	case edge.CallExpr_Fun:
		return p.Call(lit.Parent().Node().(*ast.CallExpr)).Go == nil || !lasting(p, lit)
	case edge.CallExpr_Args:
		c := p.Call(lit.Parent().Node().(*ast.CallExpr))
		if p.SpawnAt(c) != nil {
			return true
		}
		if s := p.Summary(c.Callee).Param(lit.ParentEdgeIndex()); s != nil && s.Task == summary.Called {
			return true
		}
		return c.Callee != nil && c.Callee.Pkg() != nil && callsBack[c.Callee.Pkg().Path()]
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		v := p.Variable(syntax.Assigned(lit)[0])
		return v != nil && !v.IsField() && !global(v) && onlyCalled(p, v)
	}
	return false
}

// lasting reports whether a goroutine may run for as long as the program does: it has a loop without
// an end of its own.
func lasting(p *sites.Package, lit inspector.Cursor) bool {
	for c := range lit.Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ForStmt:
			if n.Cond == nil {
				return true
			}
		case *ast.RangeStmt:
			if _, ok := chanOf(p.Info.TypeOf(n.X)); ok {
				return true
			}
		}
	}
	return false
}

// Background reports whether a goroutine of the function that makes a pool uses it, or a group of
// it, and may do so when the function has returned.
func Background(p *sites.Package, v *types.Var) bool {
	for _, u := range p.Var(v).Uses {
		if group := groupOf(p, u); group != nil && Background(p, group) {
			return true
		}
		for lit := range u.Enclosing((*ast.FuncLit)(nil)) {
			if lit.ParentEdgeKind() == edge.CallExpr_Fun && p.Call(lit.Parent().Node().(*ast.CallExpr)).Go != nil {
				return true
			}
		}
	}
	return false
}

// groupOf is the variable of the group that a mention of a pool makes: g := p.NewGroup().
func groupOf(p *sites.Package, u inspector.Cursor) *types.Var {
	if u.ParentEdgeKind() != edge.SelectorExpr_X || u.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
		return nil
	}
	call := u.Parent().Parent()
	row := p.Catalog.Func(p.Call(call.Node().(*ast.CallExpr)).Callee)
	lhs := syntax.Assigned(call)
	if row == nil || row.Role != catalog.New || lhs == nil {
		return nil
	}
	return p.Variable(lhs[0])
}

// onlyCalled reports whether nothing is done with a local function but to call it.
func onlyCalled(p *sites.Package, v *types.Var) bool {
	for _, u := range p.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		case edge.CallExpr_Fun:
			if p.Call(u.Parent().Node().(*ast.CallExpr)).Go != nil {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// callsBack are packages of the standard library whose functions call what they are given before
// they return.
var callsBack = map[string]bool{
	"bytes": true, "io/fs": true, "iter": true, "maps": true, "path/filepath": true, "slices": true, "sort": true,
	"strings": true, "sync": true,
}

// Variable returns the local variable that the result of a call is assigned to, or nil.
func Variable(p *sites.Package, c *syntax.Call) *types.Var {
	t := track(p, catalog.Executor)
	if h := t.settle(c.Cur); h.valid && !h.many && t.held == nil {
		return h.v
	}
	return nil
}
