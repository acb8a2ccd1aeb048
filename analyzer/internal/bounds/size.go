package bounds

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Size is what is known of an integer.
type Size struct {
	Kind  SizeKind
	Value int64    // for Const
	Of    ast.Expr // for Length: the collection
}

// SizeKind is the kind of a Size.
type SizeKind uint8

const (
	UnknownSize SizeKind = iota // a parameter, a setting: somebody chose it
	Const
	CPUs      // the number of CPUs, or a multiple
	Length    // the length of a collection, or a multiple
	Requested // a number that a client has sent
)

// Size says what is known of an integer expression.
func (b *Bounds) Size(e ast.Expr) Size {
	e = ast.Unparen(e)
	if tv, ok := b.Info.Types[e]; ok && tv.Value != nil {
		if v, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok {
			return Size{Kind: Const, Value: v}
		}
		return Size{}
	}
	if !b.enter(e) {
		return Size{}
	}
	defer b.leave(e)
	switch e := e.(type) {
	case *ast.CallExpr:
		return b.sizeOfCall(e)
	case *ast.BinaryExpr:
		return b.sizeOfBinary(e)
	case *ast.Ident:
		if v, ok := b.Info.ObjectOf(e).(*types.Var); ok && !v.IsField() && b.Types.Scope() != v.Parent() {
			return b.sizeOfVar(v, e.Pos())
		}
	case *ast.SelectorExpr:
		return b.sizeOfField(e)
	case *ast.StarExpr:
		return b.Size(e.X)
	}
	return Size{}
}

func (b *Bounds) sizeOfCall(e *ast.CallExpr) Size {
	if tv := b.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
		return b.Size(e.Args[0]) // a conversion
	}
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if bi, ok := b.Info.Uses[id].(*types.Builtin); ok {
			return b.sizeOfBuiltin(bi.Name(), e.Args)
		}
	}
	if f := b.FuncObj(e.Fun); f != nil && f.Pkg() != nil {
		switch f.Pkg().Path() + "." + f.Name() {
		case "runtime.NumCPU", "runtime.GOMAXPROCS":
			return Size{Kind: CPUs}
		case "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint":
			if o := b.Collection(e.Args[0]); o.Source == Request && o.State == Open {
				return Size{Kind: Requested, Of: e}
			}
		}
	}
	if c := b.Call(e); c != nil && c.Callee != nil && wide(b.Info.TypeOf(e)) {
		if o, ok := b.knownSource(c); ok && o.Source == Request && o.State == Open {
			return Size{Kind: Requested, Of: e} // req.GetParallel()
		}
	}
	return Size{}
}

// sizeOfField is the size of a number in a request.
func (b *Bounds) sizeOfField(e *ast.SelectorExpr) Size {
	if !wide(b.Info.TypeOf(e)) {
		return Size{}
	}
	if o := b.originOfSelector(e); o.Source == Request && o.State == Open {
		return Size{Kind: Requested, Of: e}
	}
	return Size{}
}

// wide reports whether a number of a type can be too large.
func wide(t types.Type) bool {
	u, ok := typeUnder(deref2(t)).(*types.Basic)
	if !ok || u.Info()&types.IsInteger == 0 {
		return false
	}
	return u.Kind() != types.Int8 && u.Kind() != types.Uint8
}

func (b *Bounds) sizeOfBuiltin(name string, args []ast.Expr) Size {
	switch name {
	case "len":
		if b.Collection(args[0]).State == Bounded {
			return Size{}
		}
		return Size{Kind: Length, Of: args[0]}
	case "max", "min":
		sizes := make([]Size, len(args))
		for i, a := range args {
			sizes[i] = b.Size(a)
		}
		return extreme(name == "max", sizes)
	}
	return Size{}
}

// extreme is the largest or smallest of several: max grows if any of them does, and min only if all
// of them do. One that somebody chose, with a constant, is still chosen; of fixed numbers that the
// number of CPUs is among, it is not known which it is.
func extreme(largest bool, sizes []Size) Size {
	var grows, fixed, cpus []Size
	for _, s := range sizes {
		switch s.Kind {
		case Length, Requested:
			grows = append(grows, s)
		case Const:
			fixed = append(fixed, s)
		case CPUs:
			cpus = append(cpus, s)
		}
	}
	order := func(a, b Size) int { return cmp.Compare(a.Value, b.Value) }
	switch {
	case len(grows) == len(sizes), largest && len(grows) > 0:
		return grows[0]
	case len(grows)+len(fixed)+len(cpus) < len(sizes):
		return Size{}
	case len(cpus) > 0:
		return cpus[0]
	case largest:
		return slices.MaxFunc(fixed, order)
	case len(grows) == 0:
		return slices.MinFunc(fixed, order)
	}
	return Size{}
}

func (b *Bounds) sizeOfBinary(e *ast.BinaryExpr) Size {
	x, y := b.Size(e.X), b.Size(e.Y)
	switch e.Op {
	case token.ADD, token.MUL:
		for _, s := range []Size{x, y} {
			if s.Kind == Length || s.Kind == Requested {
				return s
			}
		}
		if x.Kind == CPUs || y.Kind == CPUs {
			return Size{Kind: CPUs}
		}
	case token.SUB, token.QUO, token.SHR:
		if x.Kind == CPUs || (x.Kind == Length || x.Kind == Requested) && e.Op == token.SUB {
			return x
		}
	}
	return Size{}
}

// sizeOfVar is the size of a local variable. Several values mean that somebody clamps it.
func (b *Bounds) sizeOfVar(v *types.Var, at token.Pos) Size {
	d, ok := b.Only(v)
	if !ok || d.Kind != syntax.Assign || d.Expr == nil || d.Result != 0 || b.clamped(v, at) {
		return Size{}
	}
	return b.Size(d.Expr)
}
