package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Effects answers for one package.
type Effects struct {
	p        *syntax.Package
	catalog  *catalog.Catalog
	imported func(*types.Func) *Fact

	nodes  map[*syntax.Func]*node
	stack  []*node
	count  int
	only   map[*types.Func]*types.Func // interface method to its one implementation, or nil
	places map[token.Pos]string
}

// A node is a function in the call graph, with Tarjan's numbers.
type node struct {
	f          *syntax.Func
	index, low int
	on         bool
	done       bool
	component  int
	effect     Effect
}

// Of prepares the effects of a package; each is computed when it is first asked for. ImportFact
// returns the fact of a function of another package, or nil.
func Of(p *syntax.Package, c *catalog.Catalog, importFact func(*types.Func) *Fact) *Effects {
	return &Effects{
		p: p, catalog: c, imported: importFact,
		nodes:  map[*syntax.Func]*node{},
		only:   map[*types.Func]*types.Func{},
		places: map[token.Pos]string{},
	}
}

// Func is the effect of calling f.
func (x *Effects) Func(f *syntax.Func) Effect {
	n := x.nodes[f]
	if n == nil {
		n = x.connect(f)
	}
	if !n.done {
		return Effect{Blind: &Origin{What: "a recursion"}} // asked for while it is being computed
	}
	return n.effect
}

// Task is the effect of calling what a function expression denotes, with nothing known of its
// arguments.
func (x *Effects) Task(e ast.Expr, in *syntax.Func) Effect {
	if !on {
		return Effect{Blind: &Origin{What: "the task"}}
	}
	w := x.walk(in, -1)
	effect, ok := w.calls.function(e)
	if !ok {
		return Effect{Blind: w.origin("the task", e.Pos())}
	}
	effect.returned()
	sig, _ := x.p.Info.TypeOf(e).Underlying().(*types.Signature)
	return effect.close(sig)
}

// Facts yields what importers must know, in source order.
func (x *Effects) Facts() iter.Seq2[*types.Func, *Fact] {
	return func(yield func(*types.Func, *Fact) bool) {
		for _, f := range x.p.Funcs {
			if !on || f.Decl == nil || !f.Decl.Exported() || x.p.Test(f.Node.Pos()) {
				continue
			}
			e := x.Func(f)
			if e.Waits == nil && e.Blind != nil && e.Cost.Plausible() < 1000 && len(e.Holds) == 0 {
				continue // as good as nothing
			}
			if !yield(f.Decl, &Fact{Effect: e.portable()}) {
				return
			}
		}
	}
}

// portable is e as a fact carries it: in two digits, so that small edits do not rerun importers.
func (e Effect) portable() Effect {
	e.Cost.NS = round(e.Cost.NS)
	if e.Cost.NS < light {
		e.Cost.Why = nil
	}
	e.Cost.Terms = slices.Clone(e.Cost.Terms)
	for i := range e.Cost.Terms {
		e.Cost.Terms[i].NS = round(e.Cost.Terms[i].NS)
	}
	if e.Blind != nil {
		e.Blind = &Origin{What: e.Blind.What}
	}
	return e
}

func round(ns float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(ns, 'g', 2, 64), 64)
	return v
}

// connect computes the effects of f and of all that it calls: Tarjan's algorithm, so that a
// component is computed when all that it calls is known, whatever was asked for first.
func (x *Effects) connect(f *syntax.Func) *node {
	x.count++
	n := &node{f: f, index: x.count, low: x.count, on: true}
	x.nodes[f] = n
	x.stack = append(x.stack, n)
	for g := range x.callees(f) {
		switch m := x.nodes[g]; {
		case m == nil:
			n.low = min(n.low, x.connect(g).low)
		case m.on:
			n.low = min(n.low, m.index)
		}
	}
	if n.low != n.index {
		return n
	}
	i := slices.Index(x.stack, n)
	component := slices.Clone(x.stack[i:])
	x.stack = x.stack[:i]
	for _, m := range component {
		m.component = n.index
	}
	x.compute(component)
	for _, m := range component {
		m.on, m.done = false, true
	}
	return n
}

// compute computes a component: each body alone, with calls inside the component counted; then
// all wait if one does, and a recursion costs what its bodies cost, as often as its arguments say.
func (x *Effects) compute(component []*node) {
	slices.SortFunc(component, func(a, b *node) int { return int(a.f.Node.Pos() - b.f.Node.Pos()) })
	var all Effect
	bodies := make([]Effect, len(component))
	for i, n := range component {
		w := x.walk(n.f, n.component)
		bodies[i] = w.body()
		all.wait(&bodies[i])
		if all.Blind == nil {
			all.Blind = bodies[i].Blind
		}
		bodies[i].returned()
		all.Holds = moreOf(all.Holds, bodies[i].Holds)
	}
	for i, n := range component {
		w := x.walk(n.f, n.component)
		e := bodies[i]
		if e.Waits == nil {
			e.Waits, e.Clear = all.Waits, all.Clear
		}
		if e.Blind == nil {
			e.Blind = all.Blind
		}
		e.Holds = all.Holds
		var others Cost
		for j := range bodies {
			if j != i {
				others.add(&Cost{NS: bodies[j].Cost.NS})
			}
		}
		n.effect = w.descent.unroll(e, others, len(component) == 1)
	}
}

// callees yields the functions of this package that the body of f calls, or hands to a call that
// may call them, or ranges over: all that its effect may ask for.
func (x *Effects) callees(f *syntax.Func) iter.Seq[*syntax.Func] {
	return func(yield func(*syntax.Func) bool) {
		w := x.walk(f, -1)
		each := func(e ast.Expr) bool {
			for _, t := range w.calls.targets(e, 0) {
				if t.body != nil && !yield(t.body) {
					return false
				}
			}
			return true
		}
		for _, c := range f.Calls {
			if c.Go != nil {
				continue
			}
			if !each(c.Expr.Fun) {
				return
			}
			for _, a := range c.Expr.Args {
				if isFunc(x.p.Info.TypeOf(a)) && !each(a) {
					return
				}
			}
		}
		for _, r := range f.Ranges {
			if call, ok := ast.Unparen(r.X).(*ast.CallExpr); ok {
				if g := made(x.p, call); g != nil && !yield(g) {
					return
				}
			} else if isFunc(x.p.Info.TypeOf(r.X)) && !each(r.X) {
				return
			}
		}
	}
}

// close replaces parameters by what is plausible for their types, as for a call of which nothing
// is known.
func (e Effect) close(sig *types.Signature) Effect {
	if len(e.Calls) > 0 {
		e.Calls = nil
		e.then(&Effect{Blind: &Origin{What: "a function parameter"}})
	}
	terms := e.Cost.Terms
	e.Cost.Terms = nil
	for _, t := range terms {
		t.Factors = slices.Clone(t.Factors)
		for i, f := range t.Factors {
			if f.Of >= 0 {
				t.Factors[i].Of = Many
				if sig != nil && int(f.Of) < sig.Params().Len() {
					t.Factors[i].Of = unknown(sig.Params().At(int(f.Of)).Type())
				}
			}
		}
		e.Cost.addTerm(t)
	}
	return e
}

// unknown is the size of a value of which only the type is known.
func unknown(t types.Type) Size {
	if n := syntax.Named(t); n != nil && flows(t) {
		return Bytes
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsString != 0 {
			return Text
		}
	case *types.Struct, *types.Interface:
		return Few // its fields
	case *types.Pointer:
		if _, ok := t.Elem().Underlying().(*types.Struct); ok {
			return Few
		}
	case *types.Slice:
		if b, ok := t.Elem().Underlying().(*types.Basic); ok && (b.Kind() == types.Byte) {
			return Bytes
		}
	}
	return Many
}

func isFunc(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// at is a position as a message tells it.
func (x *Effects) at(pos token.Pos) string {
	s, ok := x.places[pos]
	if !ok {
		p := x.p.Fset.Position(pos)
		s = filepath.Base(p.Filename) + ":" + strconv.Itoa(p.Line)
		x.places[pos] = s
	}
	return s
}
