package sites

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Future is the channel field of a struct of the package that makes the struct a future: a goroutine sends
// one result on it, or closes it when it has written other fields, and a method that waits for that returns
// what came. It is nil if a type is, or points to, no such struct.
func (p *Package) Future(t types.Type) *types.Var {
	return remembered(&p.futures, p.homemade.own(t), p.homemade.ownFuture)
}

func (p homemade) ownFuture(owner *types.TypeName) *types.Var {
	st, ok := owner.Type().Underlying().(*types.Struct)
	if !ok || p.Homemade(owner.Type()) != nil {
		return nil
	}
	for done := range st.Fields() {
		class := p.Resources.Var(done)
		if class == nil || class.Kind != resource.Channel {
			continue
		}
		var by []*syntax.Func // what makes it ready
		often := slices.ContainsFunc(class.Ops, func(o *resource.Op) bool {
			if o.Kind != resource.Send && o.Kind != resource.Close {
				return false
			}
			if by = append(by, o.In); o.In != nil && o.In.Outer != nil {
				by = append(by, o.In.Outer) // it may be a literal that is deferred
			}
			return o.In == nil || o.InLoop() || !p.ends(o.In) || !slices.ContainsFunc(p.Resources.Entries(o.In), func(e resource.Entry) bool {
				return e.Spawn != nil && p.ends(e.Func)
			})
		})
		if !often && len(by) > 0 && slices.ContainsFunc(p.Funcs, func(f *syntax.Func) bool {
			return f.Decl != nil && methodOf(f, owner) && p.gives(f, class, by, st)
		}) {
			return done
		}
	}
	return nil
}

// ends reports whether a function has no loop that could last.
func (p homemade) ends(f *syntax.Func) bool {
	for c := range f.Cur.Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.ForStmt:
			if n.Cond == nil {
				return false
			}
		case *ast.RangeStmt:
			if _, ok := p.Info.TypeOf(n.X).Underlying().(*types.Chan); ok {
				return false
			}
		}
	}
	return true
}

// gives reports whether a method receives from the channel of its struct and returns what it got there, or the
// fields that were written before.
func (p homemade) gives(f *syntax.Func, class *resource.Class, by []*syntax.Func, st *types.Struct) bool {
	if f.Sig.Results().Len() == 0 || !slices.ContainsFunc(p.Resources.Ops(f), func(o *resource.Op) bool { return o.Class == class && o.Kind == resource.Receive }) {
		return false
	}
	if slices.ContainsFunc(class.Ops, func(o *resource.Op) bool { return o.Kind == resource.Send }) {
		return true
	}
	for v := range st.Fields() {
		written := slices.ContainsFunc(p.Var(v).Defs, func(d syntax.Def) bool { return slices.Contains(by, d.In) })
		for _, u := range p.Var(v).Uses {
			if !written || p.FuncAt(u) != f {
				continue
			}
			for range u.Enclosing((*ast.ReturnStmt)(nil)) {
				return true
			}
		}
	}
	return false
}
