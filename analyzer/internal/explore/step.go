package explore

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// progress takes a goroutine on to where it meets others next.
type progress struct{ *run }

// A doing is how far a goroutine got.
type doing uint8

const (
	goesOn doing = iota
	meets        // it is about to do what others take part in
	ended
	dead // the program ends here, or nothing is known of what comes
)

// advance runs a goroutine up to where it meets others, on every way to there.
func (x schedule) advance(s *state, i int) []*state {
	var out []*state
	seen := map[[16]byte]bool{}
	todo := []*state{s}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		r := x.at(s, s.own(i))
		more, how := r.progress.until(seen)
		todo = append(todo, more...)
		switch how {
		case meets:
			r.t.rests = true
			out = append(out, r.s)
		case ended:
			r.returns.end(i)
			out = append(out, r.s)
		}
	}
	return out
}

// until runs until the goroutine meets others, ends, or may go more than one way: then the other ways
// are returned.
func (r progress) until(seen map[[16]byte]bool) ([]*state, doing) {
	for {
		if r.x.spent++; r.x.spent > r.x.budget {
			return nil, dead
		}
		if r.t.one != nil {
			return nil, meets
		}
		if len(r.t.frames) == 0 {
			if len(r.t.then) == 0 {
				return nil, ended
			}
			next := r.x.codes.frame(r.t.then[0], value{}, nil, nil, nil)
			if recv := next.code.fn.Sig.Recv(); recv != nil {
				if o := r.objects.only(recv.Type()); o.kind != anything {
					next.env = next.env.with(recv.Origin(), o)
				}
			}
			r.t.frames = []*frame{next}
			r.t.then = r.t.then[1:]
		}
		f := r.top()
		if f.exit != nil {
			if n := len(f.defers); n > 0 && r.meetings.blocks(f.defers[n-1].call) {
				return nil, meets
			}
			if !r.returns.unwind() {
				return nil, dead
			}
			continue
		}
		if f.step < len(f.block.Steps) {
			switch how := r.step(f); how {
			case goesOn:
				continue
			default:
				return nil, how
			}
		}
		switch {
		case r.rangeChan(f) != nil:
			return nil, meets
		}
		if p := r.x.schedule.choice(f); p != nil {
			if before := r.x.codes.prelude(f.code, p.sel); f.ins < len(before) {
				if how := r.do(f, before[f.ins]); how != goesOn {
					return nil, how
				}
				continue
			}
			return nil, meets
		}
		more, ok := r.branch(f, seen)
		if !ok {
			return more, dead
		}
		if len(more) > 0 {
			return more, dead // each of them goes on from here
		}
	}
}

// step does the next thing of a step.
func (r progress) step(f *frame) doing {
	n := f.block.Steps[f.step]
	instrs := r.x.codes.instrs(f.code, n)
	if f.ins < len(instrs) {
		in := instrs[f.ins]
		if f.picked { // what comes before the communication was done before the choice
			f.picked = in.node != f.comm
			f.ins++
			return goesOn
		}
		return r.do(f, in)
	}
	if e, ok := n.(ast.Expr); ok && f.code.ranges[e] {
		if v := r.values.eval(e); r.s.thing(v) != nil || v.kind == several {
			f.over = f.over.with(e, v)
		}
	}
	f.facts = maps.Clone(f.facts)
	f.code.graph.Apply(f.facts, n)
	if _, cond := n.(ast.Expr); !cond || f.step+1 < len(f.block.Steps) { // the branch asks for a condition's
		f.temps = nil
	}
	f.step, f.ins = f.step+1, 0
	if ret, ok := n.(*ast.ReturnStmt); ok {
		f.exit = ret
	}
	return goesOn
}

// branch goes on to the next block. If there are several, the states in which each of them is taken are
// returned.
func (r progress) branch(f *frame, seen map[[16]byte]bool) (more []*state, ok bool) {
	var edges []paths.Edge
	if rs, trips := r.trips(f); rs != nil {
		for _, e := range f.block.Succs {
			if trips == unknownTrips || (e.Done == rs) == (trips == 0) {
				edges = append(edges, e)
			}
		}
		switch {
		case trips > 0:
			f.trips = f.trips.with(rs, num(trips-1))
		case trips == 0:
			f.trips = f.trips.without(rs)
		}
	} else {
		edges = f.block.Succs
	}
	if len(edges) == 0 {
		return nil, false
	}
	if len(edges) == 1 {
		if !r.decisions.take(edges[0]) {
			return nil, false
		}
		return nil, r.newHere(seen)
	}
	i := slices.Index(r.s.threads, r.t)
	for _, e := range edges {
		s := r.s.clone()
		c := r.x.at(s, s.own(i))
		if c.decisions.take(e) && c.progress.newHere(seen) {
			more = append(more, s)
		}
	}
	slices.Reverse(more) // the first is taken from the end
	return more, len(more) > 0
}

// newHere reports whether the goroutine has not been here before, in the same way, without meeting anybody.
func (r progress) newHere(seen map[[16]byte]bool) bool {
	if !r.t.again() {
		return true
	}
	k := r.s.digest()
	if seen[k] {
		return false
	}
	seen[k] = true
	return true
}

const unknownTrips = -1

// trips is the loop whose head ends the block, if it runs over something with a length, and how often
// it still runs.
func (r progress) trips(f *frame) (*ast.RangeStmt, int) {
	var rs *ast.RangeStmt
	for _, e := range f.block.Succs {
		if l, ok := e.Done.(*ast.RangeStmt); ok {
			rs = l
		}
	}
	if rs == nil {
		return nil, 0
	}
	if n, ok := f.trips.lookup(rs); ok {
		return rs, n[0].n
	}
	n := value{}
	if v := r.meetings.over(f, rs); v.kind == several {
		n = num(len(v.list.items))
	} else {
		n = r.turns(rs)
	}
	if n.kind != number || n.n < 0 {
		if _, ok := r.x.pkg.Info.TypeOf(rs.X).Underlying().(*types.Signature); ok {
			return rs, unknownTrips
		}
		n = r.x.quantities.unknown() // as many as anything of which nobody knows how many there are
	}
	f.trips = f.trips.with(rs, n)
	return rs, n.n
}

// turns is how often a range runs, by what it runs over.
func (r progress) turns(rs *ast.RangeStmt) (n value) {
	switch t := r.x.pkg.Info.TypeOf(rs.X).Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			if n = r.values.eval(rs.X); n.kind == number {
				n.n = max(n.n, 0)
			}
		} else {
			n = r.values.length(rs.X)
		}
	case *types.Slice, *types.Array, *types.Map, *types.Pointer:
		n = r.values.length(rs.X)
	}
	return n
}

// rangeChan is the range over a channel whose head ends the block, or nil.
func (r progress) rangeChan(f *frame) *ast.RangeStmt {
	for _, e := range f.block.Succs {
		if l, ok := e.Done.(*ast.RangeStmt); ok {
			if t := r.x.pkg.Info.TypeOf(l.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					return l
				}
			}
		}
	}
	return nil
}

// A pick is the cases of a select that ends a block.
type pick struct {
	sel   *ast.SelectStmt
	cases []paths.Edge // with a communication
	other *paths.Block // the default, or nil
}

// choice is the select that ends the block of a frame, or nil.
func (x schedule) choice(f *frame) *pick {
	var sel *ast.SelectStmt
	var p pick
	b := f.block
	for {
		var next *paths.Block
		found := false
		for _, e := range b.Succs {
			switch {
			case e.Case != nil && (sel == nil || f.code.selects[e.Case] == sel):
				sel = f.code.selects[e.Case]
				p.cases = append(p.cases, e)
				found = true
			case e.Else:
				next = e.To
			}
		}
		if sel == nil {
			return nil
		}
		if !found {
			p.other = b
			break
		}
		if next == nil {
			p.sel = sel
			return &p
		}
		b = next
		if len(b.Steps) > 0 || len(b.Succs) == 0 {
			p.other = b
			break
		}
	}
	p.sel = sel
	for _, c := range sel.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return &p
		}
	}
	p.other = nil
	return &p
}

// do runs one instruction.
func (r progress) do(f *frame, in instr) doing {
	switch in.op {
	case opSend, opRecv:
		return meets
	case opAssign:
		r.assignments.assign(in.node)
	case opNext:
		r.assignments.next(in.node.(*ast.RangeStmt))
	case opLit:
		r.assignments.composite(in.node.(*ast.CompositeLit))
	case opReturn:
		f.result = nil
		results := in.node.(*ast.ReturnStmt).Results
		for _, e := range results {
			v := r.values.eval(e)
			if _, made := ast.Unparen(e).(*ast.CallExpr); made && v.kind == anything && isError(r.x.pkg.Info.TypeOf(e)) &&
				slices.ContainsFunc(results, func(e ast.Expr) bool { return r.x.pkg.Info.Types[e].IsNil() }) {
				v = value{kind: present} // an error instead of a result
			}
			f.result = append(f.result, v)
		}
		if len(f.result) == 1 {
			if call, ok := ast.Unparen(in.node.(*ast.ReturnStmt).Results[0]).(*ast.CallExpr); ok {
				if vs := f.temps.get(call); len(vs) > 1 {
					f.result = slices.Clone(vs)
				}
			}
		}
		if len(f.result) == 0 { // named results
			for v := range f.code.fn.Sig.Results().Variables() {
				f.result = append(f.result, r.values.variable(v))
			}
		}
	case opDefer:
		f.defers = append(slices.Clip(f.defers), deferred{in.call, r.values.eval(in.call.Expr.Fun), r.args(in.call)})
	case opStart:
		f.ins++
		return r.executors.start(r.executors.startOf(in.call, in.call.Expr.Fun), r.values.eval(in.call.Expr.Fun), in.call, r.args(in.call), nil)
	case opCall:
		if r.meetings.blocks(in.call) {
			return meets
		}
		f.ins++
		return r.invocations.call(in.call, r.values.eval(in.call.Expr.Fun), r.args(in.call), in.call.Expr)
	}
	f.ins++
	return goesOn
}

func isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// args are the values of a call's arguments.
func (r progress) args(c *syntax.Call) []value {
	args := make([]value, len(c.Expr.Args))
	for i, a := range c.Expr.Args {
		args[i] = r.values.eval(a)
	}
	return args
}
