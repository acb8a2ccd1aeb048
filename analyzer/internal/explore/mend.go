package explore

import (
	"go/ast"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// AsMany stands for a buffer of the length of what a loop runs over that starts the goroutines.
const AsMany = -1

// Mends tries whether buffers would let those go that are stuck in a function: of one size, for the
// channel that a goroutine is stuck on and for those that any would be stuck on then. It returns where
// these are made. What is enough where larger constants count as few must be enough where they count as more.
func (x *Explorer) Mends(s Stuck, size int64) ([]*ast.CallExpr, bool) {
	if call, ok := s.Made.(*ast.CallExpr); ok && s.Reply {
		return []*ast.CallExpr{call}, size > 0
	}
	made, ok := x.mends(s, size, few)
	if !ok || !x.clamped {
		return made, ok
	}
	const more = 2
	again, ok := x.mends(s, size, few+more)
	return again, ok && len(again) == len(made)
}

func (x *Explorer) mends(s Stuck, size int64, few int) ([]*ast.CallExpr, bool) {
	call, ok := s.Made.(*ast.CallExpr)
	if !ok || s.Kind != Sends || s.Spawn == nil {
		return nil, false
	}
	rest, large := x.rest, x.large[s.Root]
	x.rest = 10 * steps
	defer func() { x.rest, x.large[s.Root] = rest, large }()
	sizes := map[ast.Node]int64{}
	var made []*ast.CallExpr
	const atMost = 3
	for len(made) < atMost {
		made = append(made, call)
		sizes[call] = size
		left := x.tried(s.Root, scope{few: few, rough: s.rough, sizes: sizes})
		if len(left) == 0 {
			return made, !x.large[s.Root] && !(s.Loop && x.raised)
		}
		next, ok := left[0].Made.(*ast.CallExpr)
		if _, tried := sizes[next]; !ok || tried || left[0].Kind != Sends {
			return nil, false
		}
		call = next
	}
	return nil, false
}

// tried lists who is stuck in a function with the buffers of a try. One that is too large is followed roughly.
func (x *Explorer) tried(f *syntax.Func, s scope) []Stuck {
	x.large[f] = false
	left, _ := x.run(f, s, steps)
	if len(left) == 0 && x.large[f] && !s.rough {
		s.rough = true
		return x.tried(f, s)
	}
	return slices.DeleteFunc(left, func(s Stuck) bool { return s.Self })
}
