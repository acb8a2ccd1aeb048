package discharge

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Group is a local group that is given work and, on some path, not waited for.
type Group struct {
	Loss
	Type  *catalog.Type
	First *syntax.Call // the first call on that path that gives it work
	Never bool         // no path waits
}

// Groups finds the local groups of a package that are not waited for. Of a group that was made
// elsewhere, or that escapes, nobody here can say who waits.
func Groups(p *sites.Package) []Group {
	var lost []Group
	for _, v := range locals(p, catalog.Group) {
		if g, ok := group(p, v); ok {
			lost = append(lost, g)
		}
	}
	return lost
}

// locals lists the local variables of a kind, in source order.
func locals(p *sites.Package, kind catalog.Kind) []*types.Var {
	var vars []*types.Var
	for _, obj := range p.Info.Defs {
		v, ok := obj.(*types.Var)
		if !ok || v.IsField() || global(v) {
			continue
		}
		if row := p.Catalog.Type(v.Type()); row != nil && row.Kind == kind {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return slices.Compact(vars)
}

func group(p *sites.Package, v *types.Var) (Group, bool) {
	row := p.Catalog.Type(v.Type())
	f := fresh(p, v)
	if !row.Waited || f == nil {
		return Group{}, false
	}
	t := track(p, catalog.Group)
	never := t.variable(v) == begun
	for _, u := range p.Var(v).Uses {
		if t.mention(u) != begun || ownTask(p, u, v) {
			continue
		}
		call := enclosingCall(p, u)
		if call == nil || ownLibrary(p, call.Callee) || !runsHere(u, f) || p.Graph(f).Step(u.Node()) == nil {
			continue
		}
		if !never && canceled(p, v) {
			return Group{}, false
		}
		o := &owing{t: t, f: f, v: v, from: u.Node(), steady: true}
		if loss, lost := o.ask(); lost {
			return Group{loss, row, call, never}, true
		}
	}
	return Group{}, false
}

// fresh returns the function in which v is declared, if every value of v is made there; else nil.
func fresh(p *sites.Package, v *types.Var) *syntax.Func {
	var f *syntax.Func
	for _, d := range p.Var(v).Defs {
		switch {
		case d.In == nil, f != nil && d.In != f:
			return nil
		case d.Kind == syntax.Zero:
			if _, ptr := types.Unalias(v.Type()).(*types.Pointer); !ptr && types.IsInterface(v.Type()) {
				return nil
			}
		case d.Kind != syntax.Assign || !makes(p, d.Expr):
			return nil
		}
		f = d.In
	}
	return f
}

// makes reports whether an expression makes a new executor or group.
func makes(p *sites.Package, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return makes(p, e.X)
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		c := p.Call(e)
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
			if b, ok := p.Info.Uses[id].(*types.Builtin); ok {
				return b.Name() == "new"
			}
		}
		switch row := p.Catalog.Func(c.Callee); {
		case row == nil:
		case row.Role == catalog.New:
			return true
		case row.Role == catalog.SetBound, row.Role == catalog.Convert:
			return makes(p, c.Recv())
		}
	}
	return false
}

// canceled reports whether the context of a group is cancelled by a defer of the function: its
// tasks are told to end on every way out.
func canceled(p *sites.Package, v *types.Var) bool {
	for _, d := range p.Var(v).Defs {
		call, ok := d.Expr.(*ast.CallExpr)
		if !ok {
			continue
		}
		for _, a := range call.Args {
			ctx := p.Variable(a)
			if ctx == nil {
				continue
			}
			for _, cd := range p.Var(ctx).Defs {
				if cd.In == d.In && cd.Result == 0 && deferredCancel(p, cd) {
					return true
				}
			}
		}
	}
	return false
}

// deferredCancel reports whether a definition is ctx, cancel := context.With…(…) with a deferred
// call of cancel.
func deferredCancel(p *sites.Package, d syntax.Def) bool {
	n, ok := d.Cur.Node().(*ast.AssignStmt)
	if !ok || len(n.Lhs) != 2 {
		return false
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok {
		return false
	}
	f := p.FuncObj(call.Fun)
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != "context" {
		return false
	}
	cancel := p.Variable(n.Lhs[1])
	if cancel == nil {
		return false
	}
	for _, u := range p.Var(cancel).Uses {
		for range u.Enclosing((*ast.DeferStmt)(nil)) {
			return true
		}
	}
	return false
}

// runsHere reports whether a mention is in f itself, or in literals that are called, or passed as
// callbacks, where they stand. One that is kept may be called later, elsewhere or never.
func runsHere(u inspector.Cursor, f *syntax.Func) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil), (*ast.FuncDecl)(nil)) {
		if e.Node() == f.Node {
			return true
		}
		if k := e.ParentEdgeKind(); k != edge.CallExpr_Args && k != edge.CallExpr_Fun {
			return false
		}
	}
	return false
}

// enclosingCall is the call that a mention is the receiver or an argument of.
func enclosingCall(p *sites.Package, u inspector.Cursor) *syntax.Call {
	for e := range u.Enclosing((*ast.CallExpr)(nil)) {
		return p.Call(e.Node().(*ast.CallExpr))
	}
	return nil
}

// ownTask reports whether a mention is in a task of the group itself: whoever waits for the group
// waits for what its tasks add.
func ownTask(p *sites.Package, u inspector.Cursor, v *types.Var) bool {
	for e := range u.Enclosing((*ast.FuncLit)(nil)) {
		if e.ParentEdgeKind() != edge.CallExpr_Args {
			continue
		}
		if s := p.SpawnAt(p.Call(e.Parent().Node().(*ast.CallExpr))); s != nil {
			if _, root := p.PoolVar(s.Pool); root == v {
				return true
			}
		}
	}
	return false
}
