package resource

import (
	"cmp"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// publish finds what other packages can name: what is exported, and what can be reached from it. An
// exported field or method of a type that nobody outside can get is none.
func (b exposure) publish() {
	api := &api{b.builder, map[*types.TypeName]bool{}}
	if b.src.Types.Name() != "main" {
		scope := b.src.Types.Scope()
		for _, name := range scope.Names() {
			if token.IsExported(name) {
				api.object(scope.Lookup(name))
			}
		}
	}
	for _, f := range b.src.Funcs {
		if f.Decl != nil && f.Decl.Exported() && f.Sig.Recv() == nil && b.src.Test(f.Decl.Pos()) {
			api.object(f.Decl) // the tests of a program
		}
	}
	b.conversions()
	b.mentions()
	b.values.foreigners()
}

// conversions opens the types that are put into interfaces: their exported methods can be called.
func (b exposure) conversions() {
	types := make([]*types.TypeName, 0, len(b.converted))
	for t := range b.converted {
		types = append(types, t)
	}
	slices.SortFunc(types, func(x, y *typeName) int { return cmp.Compare(x.Pos(), y.Pos()) })
	for _, t := range types {
		b.open(t.Type(), Escape{Answer: Unknown, Way: Converted, Obj: t, Pos: b.converted[t]})
	}
}

type typeName = types.TypeName

// mentions opens what files mention that are left out of this build.
func (b exposure) mentions() {
	if len(b.hidden) == 0 {
		return
	}
	for _, f := range b.src.Funcs {
		if f.Decl != nil {
			if file, ok := b.hidden[f.Decl.Name()]; ok {
				b.openFunc(f.Decl, Escape{Answer: Unknown, Way: Hidden, Obj: f.Decl, File: file, Pos: f.Decl.Pos()})
			}
		}
	}
	for v := range b.vars {
		file, ok := b.hidden[v.Name()]
		if ok && v.Pkg() == b.src.Types && (v.IsField() || v.Parent() == b.src.Types.Scope()) {
			b.openVar(v, Escape{Answer: Unknown, Way: Hidden, Obj: v, File: file, Pos: v.Pos()})
		}
	}
}

// open lets the outside call the exported methods of a type.
func (b exposure) open(t types.Type, e Escape) {
	n := syntax.Named(t)
	if n == nil || n.Obj().Pkg() != b.src.Types {
		return
	}
	n = n.Origin()
	for m := range n.Methods() {
		if m.Exported() {
			b.openFunc(m, e)
		}
	}
	if st, ok := structOf(n); ok {
		for f := range st.Fields() {
			if f.Embedded() && f.Type() != t {
				b.open(f.Type(), e)
			}
		}
	}
}

// openFunc lets the outside call a function.
func (b exposure) openFunc(f *types.Func, e Escape) {
	fn := b.src.Decl(f)
	if fn == nil {
		return
	}
	if _, ok := b.public[fn]; ok {
		return
	}
	b.public[fn] = e
	in := Escape{Answer: e.Answer, Way: ParamOf, Obj: f, Pos: f.Pos()}
	for v := range fn.Sig.Params().Variables() {
		b.admit(b.vars[v], v.Type(), in)
	}
	if r := fn.Sig.Recv(); r != nil {
		b.admit(b.vars[r], r.Type(), in)
	}
	out := Escape{Answer: e.Answer, Way: ResultOf, Obj: f, Pos: f.Pos()}
	for v := range fn.Sig.Results().Variables() {
		b.leak(b.vars[v], v.Type(), out)
	}
}

// openVar lets the outside take and set a variable or field.
func (b exposure) openVar(v *types.Var, e Escape) {
	if n := b.vars[v]; n != nil {
		b.leak(n, v.Type(), e)
		b.admit(n, v.Type(), e)
	}
}

// An api walks over what other packages can name.
type api struct {
	*builder
	seen map[*types.TypeName]bool
}

func (a *api) object(o types.Object) {
	e := Escape{Answer: Yes, Way: Exported, Obj: o, Pos: o.Pos()}
	switch o := o.(type) {
	case *types.Func:
		a.exposure.openFunc(o, e)
	case *types.Var:
		a.exposure.openVar(o.Origin(), e)
	}
	a.reach(o.Type())
}

// reach opens what can be had of a type.
func (a *api) reach(t types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		a.reach(types.Unalias(t))
	case *types.Pointer:
		a.reach(t.Elem())
	case *types.Slice:
		a.reach(t.Elem())
	case *types.Array:
		a.reach(t.Elem())
	case *types.Chan:
		a.reach(t.Elem())
	case *types.Map:
		a.reach(t.Key())
		a.reach(t.Elem())
	case *types.Signature:
		a.tuple(t.Params())
		a.tuple(t.Results())
	case *types.Interface:
		for m := range t.Methods() {
			a.reach(m.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() {
				a.object(f)
			} else if f.Embedded() {
				a.reach(f.Type()) // what it promotes
			}
		}
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			a.reach(arg)
		}
		t = t.Origin()
		if t.Obj().Pkg() != a.src.Types || a.seen[t.Obj()] {
			return
		}
		a.seen[t.Obj()] = true
		for m := range t.Methods() {
			if m.Exported() {
				a.object(m)
			}
		}
		a.reach(t.Underlying())
	}
}

func (a *api) tuple(t *types.Tuple) {
	for v := range t.Variables() {
		a.reach(v.Type())
	}
}
