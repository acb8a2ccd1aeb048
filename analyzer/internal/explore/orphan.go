package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// orphans finds goroutines that go on waiting for a struct that is gone: it was an entry of a map, which is where
// others find it, and has been deleted, and nothing in the package closes the channel in its field.
type orphans struct{ *Explorer }

// left lists the goroutines that only a close would end, of channels that nothing closes, in structs that are deleted.
func (x orphans) left() (all []Stuck) {
	for _, f := range x.funcs {
		for _, o := range x.pkg.Resources.Ops(f) {
			if x.pkg.Test(o.Pos()) || !x.onlyClosed(o) {
				continue
			}
			made := o.Class.Makers()
			drop, by := x.dropped(o)
			if drop == nil || len(made) == 0 {
				continue
			}
			for _, e := range x.pkg.Resources.Entries(f) {
				if e.Spawn == nil {
					continue
				}
				if s := x.pkg.SpawnAt(e.Spawn.Call); s != nil {
					all = append(all, Stuck{
						Root: by, By: f, Spawn: s, On: o.Class.Name(), Made: made[0].Cur.Node(), At: o.Cur.Node(), Kind: Receives, Lead: o.Cur.Node(),
						Range: true, Drop: drop,
					})
				}
			}
		}
	}
	return all
}

// onlyClosed reports whether a function receives in a loop that only the end of the channel ends, and nothing ends it.
func (x orphans) onlyClosed(o *resource.Op) bool {
	if o.Class.Kind != resource.Channel || !o.Class.Closed() || !o.UntilClosed(x.pkg.Package) {
		return false
	}
	if slices.ContainsFunc(o.Class.Ops, func(o *resource.Op) bool { return o.Kind == resource.Close || o.Kind == resource.Use }) {
		return false
	}
	loop, more := o.Cur, (*types.Var)(nil)
	if o.Kind == resource.Receive {
		loop, more = syntax.Loops(o.Cur)[0], x.pkg.Variable(syntax.Assigned(o.Cur)[1])
	}
	for cur := range loop.Preorder((*ast.ReturnStmt)(nil), (*ast.BranchStmt)(nil)) {
		b, branches := cur.Node().(*ast.BranchStmt)
		if x.pkg.FuncAt(cur) == o.In && !(branches && b.Tok == token.CONTINUE) && !x.asks(cur, loop, more) {
			return false // it may be told to end
		}
	}
	return true
}

// asks reports whether a statement of a loop is done where a flag says so.
func (x orphans) asks(at, loop inspector.Cursor, flag *types.Var) bool {
	for ; flag != nil && at.Node() != loop.Node(); at = at.Parent() {
		if n, ok := at.Node().(*ast.IfStmt); ok {
			cond := ast.Unparen(n.Cond)
			if not, ok := cond.(*ast.UnaryExpr); ok {
				cond = not.X
			}
			if x.pkg.Variable(cond) == flag {
				return true
			}
		}
	}
	return false
}

// dropped is what deletes entries of a map whose values have the field that an operation is at, and where that stands.
func (x orphans) dropped(o *resource.Op) (ast.Node, *syntax.Func) {
	v := x.pkg.Variable(o.Channel())
	if v == nil || !v.IsField() {
		return nil, nil
	}
	owner := x.surroundings.owner(v)
	if owner == nil {
		return nil, nil
	}
	for _, f := range x.funcs {
		for cur := range f.Cur.Preorder((*ast.CallExpr)(nil)) {
			call := cur.Node().(*ast.CallExpr)
			if x.codes.builtin(call) != "delete" || x.pkg.FuncAt(cur) != f {
				continue
			}
			t, ok := x.pkg.Info.TypeOf(call.Args[0]).Underlying().(*types.Map)
			if !ok {
				continue
			}
			if n := syntax.Named(t.Elem()); n != nil && n.Origin().Obj() == owner {
				return call, f
			}
		}
	}
	return nil, nil
}
