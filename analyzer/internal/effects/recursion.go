package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// descent says how deep a function calls itself.
type descent struct{ *walker }

// A recursion counts the calls back into the component of the call graph that is being computed,
// by how their arguments shrink.
type recursion struct {
	step  uint8 // n-1, depth+1 and nothing else: each call is nearly as large as its caller; 3: in a loop
	halve uint8 // n/2, a%b: the depth is a logarithm
	split uint8 // a part of the data: all calls together see it once or so
	param int8  // the parameter that steps or halves
	memo  bool  // results are looked up first
}

func (r *recursion) then(s recursion) {
	if r.step == 0 {
		r.param = s.param
	}
	r.step, r.halve, r.split = sat(r.step, s.step), sat(r.halve, s.halve), sat(r.split, s.split)
	r.memo = r.memo || s.memo
}

func (r *recursion) or(s recursion) {
	if r.step == 0 {
		r.param = s.param
	}
	r.step, r.halve, r.split = max(r.step, s.step), max(r.halve, s.halve), max(r.split, s.split)
	r.memo = r.memo || s.memo
}

// repeat is a loop around the calls: one step in a loop is a search, one part each is a walk.
func (r *recursion) repeat() {
	if r.step > 0 {
		r.step = 3
	}
}

func (r recursion) any() bool { return r.step+r.halve+r.split > 0 }

func sat(a, b uint8) uint8 { return max(min(a+b, 2), a, b) }

// recursive classifies a call back into the component of f.
func (w descent) recursive(c *ast.CallExpr) recursion {
	r := recursion{param: -1}
	step, halve, split := false, false, false
	for i, a := range c.Args {
		switch w.shrinks(a, 0) {
		case stepping:
			if !step {
				r.param = int8(min(i, 127))
			}
			step = true
		case halving:
			if !step {
				r.param = int8(min(i, 127))
			}
			halve = true
		case splitting:
			split = true
		}
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && w.shrinks(sel.X, 0) == splitting {
		split = true // n.left.walk()
	}
	switch {
	case split:
		r.split = 1
	case halve:
		r.halve = 1
	case step:
		r.step = 1
	default:
		r.split = 1 // unchanged arguments: the state is elsewhere, as in a parser
	}
	return r
}

type shrinking uint8

const (
	same shrinking = iota
	stepping
	halving
	splitting
)

// shrinks says how an argument differs from the parameters. Variables that are defined by each
// other, as in a loop that swaps two, are followed a few times only.
func (w descent) shrinks(e ast.Expr, depth int) shrinking {
	if depth > maxDepth {
		return splitting
	}
	e = ast.Unparen(e)
	if tv := w.p.Info.Types[e]; tv.Value != nil || tv.IsNil() {
		return same
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := w.p.Info.ObjectOf(e).(*types.Var)
		if !ok || v == w.recv() {
			return same
		}
		if w.paramIndex(v) >= 0 {
			if w.readOn(v) {
				return splitting
			}
			return same
		}
		if v.Parent() == nil || w.f.Node.Pos() > v.Pos() || v.Pos() > w.f.Node.End() {
			return same // captured: every call sees the same
		}
		if d, ok := w.p.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil && d.Result == 0 {
			if _, call := ast.Unparen(d.Expr).(*ast.CallExpr); !call {
				return w.shrinks(d.Expr, depth+1)
			}
		}
		return splitting
	case *ast.BinaryExpr:
		x := ast.Unparen(e.X)
		id, ok := x.(*ast.Ident)
		if !ok {
			return splitting
		}
		v, _ := w.p.Info.ObjectOf(id).(*types.Var)
		constant := w.p.Info.Types[e.Y].Value != nil
		switch e.Op {
		case token.ADD, token.SUB:
			if v != nil && w.paramIndex(v) >= 0 && constant {
				return stepping
			}
			if v != nil && w.paramIndex(v) >= 0 {
				return same // sum+x: an accumulator
			}
		case token.QUO, token.SHR, token.REM:
			return halving
		}
		return splitting
	case *ast.SelectorExpr, *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr:
		return splitting
	case *ast.UnaryExpr:
		return w.shrinks(e.X, depth+1)
	case *ast.CallExpr:
		if tv := w.p.Info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 {
			return w.shrinks(e.Args[0], depth+1)
		}
		if name := builtin(w.p.Info, e.Fun); name == "append" {
			return same // a path that grows with the depth
		}
		return splitting
	}
	return same
}

// readOn reports whether data that a function is given is cut, or comes back from another call, before
// it is passed on: b = b[n:], as a parser does. All calls together see it once.
func (w descent) readOn(v *types.Var) bool {
	switch v.Type().Underlying().(type) {
	case *types.Slice:
	case *types.Basic:
		if integer(v.Type()) {
			return false
		}
	default:
		return false
	}
	return slices.ContainsFunc(w.p.Var(v).Defs, func(d syntax.Def) bool { return d.Kind == syntax.Assign })
}

// unroll turns the effect of one call of f, with its recursive calls counted, into that of the
// whole recursion.
func (w descent) unroll(e Effect, component Cost, alone bool) Effect {
	r := e.rec
	if !r.any() || !e.Quiet() {
		e.rec = recursion{}
		return e
	}
	depth := w.depth(int(r.param))
	if depth.known() && depth.N > maxChoices {
		depth = factor(Many) // a limit that is never reached: 2^40 steps would take hours
	}
	why := w.origin("the recursion", w.f.Node.Pos())
	why.Loop = true
	var t Trip
	switch {
	case alone && r.step > 2 && !r.memo: // a search: two or three choices at each level
		t = grown(depth, Exp).times(grown(depth, Exp))
	case alone && r.step >= 2 && !r.memo:
		t = grown(depth, Exp)
	case r.step > 0:
		t = depth
	case r.split >= 2 && e.Cost.grows():
		t = Trip{N: 1, Factors: []Factor{{Of: w.largest(), Grow: Log}}} // a merge sort
	case r.split > 0:
		// All calls together see the data once: the loops of all bodies too.
		t = factor(w.largest())
		if !alone {
			t = factor(Some)
		}
		terms := e.Cost.Terms
		e.Cost.Terms = nil
		e.Cost.add(&component)
		e.Cost = e.Cost.scale(t, why, false, e.params())
		for _, u := range terms {
			u.Heavy = true
			e.Cost.addTerm(u)
		}
		return e.unrolled(t)
	default:
		t = grown(depth, Log)
	}
	e.Cost.add(&component)
	e.Cost = e.Cost.scale(t, why, false, e.params())
	return e.unrolled(t)
}

// unrolled is e with the parameters that it calls, called as often as the recursion runs.
func (e Effect) unrolled(t Trip) Effect {
	calls := e.Calls
	e.Calls = nil
	for _, a := range calls {
		e.Calls = append(e.Calls, Apply{Param: a.Param, Times: a.Times.times(t)})
	}
	e.rec = recursion{}
	return e
}

// maxChoices is the depth beyond which no program means to go through all choices.
const maxChoices = 40

// depth is how deep a recursion goes whose i'th parameter steps: its value, or what it is compared
// with if it counts up.
func (w descent) depth(i int) Trip {
	params := w.f.Sig.Params()
	if i < 0 || i >= params.Len() || !integer(params.At(i).Type()) {
		return factor(Many)
	}
	depth := factor(Size(i))
	ast.Inspect(w.f.Body, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok {
			return true
		}
		switch b.Op {
		case token.EQL, token.GEQ, token.GTR:
			if id, ok := ast.Unparen(b.X).(*ast.Ident); ok && w.p.Info.ObjectOf(id) == params.At(i) {
				if t := w.extents.value(b.Y, 0); !t.known() || t.N > 2 {
					depth = t
					return false
				}
			}
		}
		return true
	})
	return depth
}

// grows reports whether a cost grows with a parameter.
func (c *Cost) grows() bool {
	for _, t := range c.Terms {
		for _, f := range t.Factors {
			if f.Of >= 0 && f.Grow == Linear {
				return true
			}
		}
	}
	return false
}

// largest is the parameter that is a collection, or Many.
func (w descent) largest() Size {
	params := w.f.Sig.Params()
	for i := range min(params.Len(), 127) {
		if _, ok := params.At(i).Type().Underlying().(*types.Slice); ok {
			return Size(i)
		}
	}
	return Many
}

func integer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
