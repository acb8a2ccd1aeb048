package explore

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// States are many and differ little: what they hold is shared by them and never changed.

// An env is what variables hold, in source order; those that are missing hold anything.
type env []binding

type binding struct {
	v *types.Var
	w value
}

// find is where a variable is, or would be.
func (e env) find(v *types.Var) (int, bool) {
	i, _ := slices.BinarySearchFunc(e, v, func(b binding, v *types.Var) int { return byPos(b.v, v) })
	for ; i < len(e) && byPos(e[i].v, v) == 0; i++ {
		if e[i].v == v {
			return i, true
		}
	}
	return i, false
}

func (e env) lookup(v *types.Var) (value, bool) {
	if i, ok := e.find(v); ok {
		return e[i].w, true
	}
	return value{}, false
}

func (e env) get(v *types.Var) value {
	w, _ := e.lookup(v)
	return w
}

// with is the env in which a variable holds a value.
func (e env) with(v *types.Var, w value) env {
	i, ok := e.find(v)
	if !ok {
		return slices.Insert(slices.Clip(e), i, binding{v, w})
	}
	if e[i].w == w {
		return e
	}
	e = slices.Clone(e)
	e[i].w = w
	return e
}

func (e env) without(v *types.Var) env {
	if i, ok := e.find(v); ok {
		return slices.Concat(e[:i], e[i+1:])
	}
	return e
}

// outside is the env without the variables that are declared between two places.
func (e env) outside(from, to token.Pos) env {
	at := func(pos token.Pos) int {
		i, _ := slices.BinarySearchFunc(e, pos, func(b binding, pos token.Pos) int { return cmp.Compare(b.v.Pos(), pos) })
		return i
	}
	if i, j := at(from), at(to); i < j {
		return slices.Concat(e[:i], e[j:])
	}
	return e
}

func byPos(a, b *types.Var) int {
	return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.Name(), b.Name()))
}

// Notes are what is known of nodes of the syntax.
type notes []note

type note struct {
	of ast.Node
	vs []value
}

func (n notes) lookup(of ast.Node) ([]value, bool) {
	for _, x := range n {
		if x.of == of {
			return x.vs, true
		}
	}
	return nil, false
}

func (n notes) get(of ast.Node) []value {
	vs, _ := n.lookup(of)
	return vs
}

func (n notes) with(of ast.Node, vs ...value) notes {
	n = slices.Clone(n)
	for i := range n {
		if n[i].of == of {
			n[i].vs = vs
			return n
		}
	}
	return append(n, note{of, vs})
}

func (n notes) without(of ast.Node) notes {
	return slices.DeleteFunc(slices.Clone(n), func(x note) bool { return x.of == of })
}
