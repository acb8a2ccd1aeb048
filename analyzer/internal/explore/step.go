package explore

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A doing is how far a goroutine got.
type doing uint8

const (
	goesOn doing = iota
	meets        // it is about to do what others take part in
	ended
	dead // the program ends here, or nothing is known of what comes
)

// advance runs a goroutine up to where it meets others, on every way to there.
func (x *Explorer) advance(s *state, i int) []*state {
	var out []*state
	seen := map[[16]byte]bool{}
	todo := []*state{s}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		r := &run{x: x, s: s, t: s.own(i)}
		more, how := r.until(seen)
		todo = append(todo, more...)
		switch how {
		case meets:
			r.t.rests = true
			out = append(out, r.s)
		case ended:
			r.end(i)
			out = append(out, r.s)
		}
	}
	return out
}

// until runs until the goroutine meets others, ends, or may go more than one way: then the other ways
// are returned.
func (r *run) until(seen map[[16]byte]bool) ([]*state, doing) {
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
			next := r.x.frame(r.t.then[0], value{}, nil, nil, nil)
			if recv := next.code.fn.Sig.Recv(); recv != nil {
				if o := r.only(recv.Type()); o.kind != anything {
					next.env = next.env.with(recv.Origin(), o)
				}
			}
			r.t.frames = []*frame{next}
			r.t.then = r.t.then[1:]
		}
		f := r.top()
		if f.exit != nil {
			if n := len(f.defers); n > 0 && r.blocks(f.defers[n-1].call) {
				return nil, meets
			}
			if !r.unwind() {
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
		if p := r.x.choice(f); p != nil {
			if before := r.x.prelude(f.code, p.sel); f.ins < len(before) {
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
func (r *run) step(f *frame) doing {
	n := f.block.Steps[f.step]
	instrs := r.x.instrs(f.code, n)
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
		if v := r.eval(e); r.s.thing(v) != nil || v.kind == several {
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
func (r *run) branch(f *frame, seen map[[16]byte]bool) (more []*state, ok bool) {
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
		if !r.take(edges[0]) {
			return nil, false
		}
		return nil, r.newHere(seen)
	}
	i := slices.Index(r.s.threads, r.t)
	for _, e := range edges {
		s := r.s.clone()
		c := &run{x: r.x, s: s, t: s.own(i)}
		if c.take(e) && c.newHere(seen) {
			more = append(more, s)
		}
	}
	slices.Reverse(more) // the first is taken from the end
	return more, len(more) > 0
}

// newHere reports whether the goroutine has not been here before, in the same way, without meeting anybody.
func (r *run) newHere(seen map[[16]byte]bool) bool {
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
func (r *run) trips(f *frame) (*ast.RangeStmt, int) {
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
	if v := r.over(f, rs); v.kind == several {
		n = num(len(v.list.items))
	} else {
		n = r.turns(rs)
	}
	if n.kind != number || n.n < 0 {
		if _, ok := r.x.pkg.Info.TypeOf(rs.X).Underlying().(*types.Signature); ok {
			return rs, unknownTrips
		}
		n = r.x.unknown() // as many as anything of which nobody knows how many there are
	}
	f.trips = f.trips.with(rs, n)
	return rs, n.n
}

// turns is how often a range runs, by what it runs over.
func (r *run) turns(rs *ast.RangeStmt) (n value) {
	switch t := r.x.pkg.Info.TypeOf(rs.X).Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			if n = r.eval(rs.X); n.kind == number {
				n.n = max(n.n, 0)
			}
		} else {
			n = r.length(rs.X)
		}
	case *types.Slice, *types.Array, *types.Map, *types.Pointer:
		n = r.length(rs.X)
	}
	return n
}

// rangeChan is the range over a channel whose head ends the block, or nil.
func (r *run) rangeChan(f *frame) *ast.RangeStmt {
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
func (x *Explorer) choice(f *frame) *pick {
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
func (r *run) do(f *frame, in instr) doing {
	switch in.op {
	case opSend, opRecv:
		return meets
	case opAssign:
		r.assign(in.node)
	case opNext:
		r.next(in.node.(*ast.RangeStmt))
	case opLit:
		r.composite(in.node.(*ast.CompositeLit))
	case opReturn:
		f.result = nil
		results := in.node.(*ast.ReturnStmt).Results
		for _, e := range results {
			v := r.eval(e)
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
				f.result = append(f.result, r.variable(v))
			}
		}
	case opDefer:
		f.defers = append(slices.Clip(f.defers), deferred{in.call, r.eval(in.call.Expr.Fun), r.args(in.call)})
	case opStart:
		f.ins++
		return r.start(r.startOf(in.call, in.call.Expr.Fun), r.eval(in.call.Expr.Fun), in.call, r.args(in.call), nil)
	case opCall:
		if r.blocks(in.call) {
			return meets
		}
		f.ins++
		return r.call(in.call, r.eval(in.call.Expr.Fun), r.args(in.call), in.call.Expr)
	}
	f.ins++
	return goesOn
}

func isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// args are the values of a call's arguments.
func (r *run) args(c *syntax.Call) []value {
	args := make([]value, len(c.Expr.Args))
	for i, a := range c.Expr.Args {
		args[i] = r.eval(a)
	}
	return args
}

// end takes the goroutine away. Of one that was there before it is not known why it has gone, and who
// does its work then: strangers may.
func (r *run) end(i int) {
	if r.t.native {
		for _, v := range r.x.mentions(r.t.spawn.Body) {
			for _, w := range r.s.held(v) {
				r.blur(w)
			}
		}
	}
	if r.t.spawn != nil {
		if r.s.ended == nil {
			r.s.ended = map[*sites.Spawn]int{}
		}
		r.s.ended[r.t.spawn]++
	}
	for _, g := range r.t.groups {
		r.s.things[g].count--
	}
	r.s.threads = slices.Delete(r.s.threads, i, i+1)
}

// unwind leaves the function at the top: its deferred calls first.
func (r *run) unwind() bool {
	f := r.top()
	if n := len(f.defers); n > 0 {
		d := f.defers[n-1]
		f.defers = slices.Clip(f.defers[:n-1])
		return r.call(d.call, d.fn, d.args, nil) != dead
	}
	if len(r.t.frames) == 1 {
		switch {
		case r.t.spawn == nil && r.s.left == nil:
			r.s.left = f.exit
			r.handOver(f.result)
		case r.t.spawn == nil:
			for _, v := range f.result {
				r.blur(v)
			}
			r.leaveIn(f.code.fn, func(v *types.Var) bool {
				u := r.x.uses[v]
				return u != nil && contains(r.x.reach(f.code.fn, false), u.made)
			})
		case len(f.result) > 0 && f.result[len(f.result)-1].kind != null:
			r.fail()
		}
	}
	r.leave(f)
	r.t.frames = r.t.frames[:len(r.t.frames)-1]
	if len(r.t.frames) > 0 && f.call != nil {
		r.keep(r.top(), f.call, f.result)
	}
	return true
}

// fail notes that a task may have ended with an error: that ends the context of its group.
func (r *run) fail() {
	for _, g := range r.t.groups {
		if ctx := r.s.things[g].parent; ctx != none {
			r.s.things[ctx].expires = true
		}
	}
}

// handOver gives strangers what the function that is explored returns. What it leaves in fields is for
// those to use whom they may call: they are called, one after the other.
func (r *run) handOver(result []value) {
	for _, v := range result {
		if r.object(v) == none {
			r.blur(v)
		}
		r.keepAll(v)
	}
	for _, b := range r.s.fields {
		r.keepAll(b.w)
	}
	natives := slices.ContainsFunc(r.s.threads, func(t *thread) bool { return t.native })
	f := r.top()
	ret, ok := f.exit.(*ast.ReturnStmt)
	failed := ok && f.code.graph.Fails(f.facts, ret)
	r.s.over = r.x.exits.After(f.code.fn) || failed && r.x.exits.WithError(f.code.fn)
	if !failed { // else what it owns was not made
		r.t.then = r.x.callers(f.code.fn, r.s)
	}
	if len(r.t.then) > 0 || natives {
		return
	}
	r.leaveIn(r.top().code.fn, func(*types.Var) bool { return true })
}

// leaveIn gives strangers what a function leaves in fields that live on, but for what they set anew before they
// do anything with it.
func (r *run) leaveIn(f *syntax.Func, which func(*types.Var) bool) {
	for _, v := range r.s.holders() {
		if which(v) && r.x.keeps(f, v) && !r.x.forgets(f, v) {
			for _, w := range r.s.held(v) {
				r.blur(w)
			}
		}
	}
}

// keepAll notes that an object lives on, with those in its fields.
func (r *run) keepAll(v value) {
	if v.kind == several {
		for _, w := range v.list.items {
			r.keepAll(w)
		}
	}
	n := r.object(v)
	if n == none || r.s.things[n].kept {
		return
	}
	r.s.things[n].kept = true
	for _, b := range r.s.things[n].fields {
		r.keepAll(b.w)
	}
	if st, ok := r.s.things[n].typ.Underlying().(*types.Struct); ok {
		for f := range st.Fields() { // what has been called before, nobody knows
			if r.x.counts[f.Origin()] {
				r.setField(n, f, value{})
			}
		}
	}
}

// decides reports whether something hangs on a number that is counted: a condition, a loop or a size. Of what it is
// assigned to, that is not known.
func (x *Explorer) decides(v *types.Var) bool {
	is, ok := x.numbers[v]
	if !ok {
		is = slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
			e := syntax.Outer(u)
			for {
				switch e.ParentEdgeKind() {
				case edge.BinaryExpr_X, edge.BinaryExpr_Y:
					if compares(e.Parent().Node().(*ast.BinaryExpr).Op) {
						return true
					}
					e = syntax.Outer(e.Parent())
				case edge.IncDecStmt_X, edge.SendStmt_Value, edge.ReturnStmt_Results, edge.AssignStmt_Lhs, edge.ValueSpec_Names, edge.RangeStmt_Key, edge.RangeStmt_Value, edge.Field_Names:
					return false
				case edge.CallExpr_Args:
					return x.builtin(e.Parent().Node().(*ast.CallExpr)) == "make"
				default:
					return true
				}
			}
		})
		x.numbers[v] = is
	}
	return is
}

// coarseStep reports whether a constant counts as less than it is: what it is added to is not known then.
func (x *Explorer) coarseStep(e ast.Expr) bool {
	c := x.pkg.Info.Types[e].Value
	if c == nil || c.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(c)
	return !exact || n > int64(x.few)
}

func (r *run) keep(f *frame, e ast.Expr, vs []value) {
	f.temps = f.temps.with(e, vs...)
}

// assign gives variables the values of an assignment, a declaration or n++.
func (r *run) assign(n ast.Node) {
	var lhs, rhs []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
			if v := r.x.pkg.Variable(n.Lhs[0]); v != nil {
				a, b := r.eval(n.Lhs[0]), r.eval(n.Rhs[0])
				w := value{}
				if a.kind == number && b.kind == number && !r.x.coarseStep(n.Rhs[0]) {
					switch n.Tok {
					case token.ADD_ASSIGN:
						w = num(a.n + b.n)
					case token.SUB_ASSIGN:
						w = num(a.n - b.n)
					}
				}
				r.store(n.Lhs[0], w)
			}
			return
		}
		if r.switched(n) {
			return
		}
		lhs, rhs = n.Lhs, n.Rhs
	case *ast.IncDecStmt:
		if v := r.x.pkg.Variable(n.X); v != nil {
			w := r.eval(n.X)
			if !r.x.decides(v) {
				w = value{} // so that it makes no difference
			}
			if w.kind == number && n.Tok == token.INC {
				w = num(w.n + 1)
			} else if w.kind == number {
				w = num(w.n - 1)
			}
			r.store(n.X, w)
		}
		return
	case *ast.ValueSpec:
		lhs, rhs = syntax.Lhs(n), n.Values
		if len(rhs) == 0 {
			for _, name := range n.Names {
				if v, ok := r.x.pkg.Info.Defs[name].(*types.Var); ok {
					r.zero(v)
				}
			}
			return
		}
	}
	vals := make([]value, len(lhs))
	if len(rhs) == len(lhs) {
		for i, e := range rhs {
			vals[i] = r.eval(e)
			if v := r.x.pkg.Variable(lhs[i]); v != nil && r.sliceLength(v, e) {
				if !r.x.holder(v.Type()) {
					vals[i] = value{}
				}
			}
		}
	} else if ta, ok := ast.Unparen(rhs[0]).(*ast.TypeAssertExpr); ok {
		vals[0] = r.eval(ta)
	} else {
		copy(vals, r.top().temps.get(ast.Unparen(rhs[0])))
	}
	for i, e := range lhs {
		e = ast.Unparen(e)
		if id, ok := e.(*ast.Ident); ok && id.Name == "_" {
			continue
		}
		if ix, ok := e.(*ast.IndexExpr); ok {
			if at := r.eval(ix.Index); at.kind == aThing { // the key of a map
				r.blur(at)
			}
			if r.x.pkg.Variable(ix.X) != nil && r.x.interesting(r.x.pkg.Info.TypeOf(ix)) {
				r.put(ix.X, r.eval(ix.Index), vals[i])
			} else {
				r.blur(vals[i])
			}
			continue
		}
		r.store(e, vals[i])
	}
}

// sliceLength follows the length of a slice variable that is assigned to.
func (r *run) sliceLength(v *types.Var, e ast.Expr) bool {
	if v.IsField() || !r.x.counted(v) {
		return false
	}
	n := value{}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		n = num(r.x.clamp(int64(len(e.Elts))))
	case *ast.Ident:
		n = num(0)
	case *ast.CallExpr:
		switch r.x.builtin(e) {
		case "make":
			n = r.eval(e.Args[1])
		case "append":
			if w := r.variable(r.x.lengthOf(v)); w.kind == number {
				n = num(w.n + len(e.Args) - 1)
			}
		}
	}
	r.set(r.x.lengthOf(v), n)
	return true
}

// zero declares a variable without a value.
func (r *run) zero(v *types.Var) {
	t := types.Unalias(v.Type())
	switch u := t.Underlying().(type) {
	case *types.Chan, *types.Signature:
		r.set(v, value{kind: null})
		return
	case *types.Array:
		if r.x.holder(t) && u.Len() <= most {
			r.set(v, listOf(slices.Repeat([]value{{kind: null}}, int(u.Len()))))
		}
		return
	case *types.Basic:
		r.set(v, num(0))
		return
	case *types.Slice:
		if r.x.counted(v) {
			r.set(r.x.lengthOf(v), num(0))
		}
		if r.x.holder(t) {
			r.set(v, listOf(nil))
		}
		return
	}
	if w, ok := r.fresh(t, v.Name(), nil); ok || r.x.lone {
		r.set(v, w)
	}
}

// fresh makes a thing that is ready as its zero value.
func (r *run) fresh(t types.Type, name string, site ast.Node) (value, bool) {
	switch {
	case r.x.lone && r.x.structure(t) == nil:
		return value{}, false
	case syntax.Is(t, "sync", "Once"):
		return r.s.make(thing{kind: once, name: name, own: true, parent: none}), true
	case syntax.Is(t, "sync", "Mutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: 1}), true
	case syntax.Is(t, "sync", "RWMutex"):
		return r.s.make(thing{kind: lock, name: name, own: true, parent: none, size: most}), true
	case r.x.isGroup(t):
		return r.s.make(thing{kind: group, name: name, own: true, parent: none, site: site}), true
	case r.x.structure(t) != nil:
		return r.makeObject(t, site), true
	}
	return value{}, false
}

func (x *Explorer) isGroup(t types.Type) bool {
	row := x.pkg.Catalog.Type(t)
	return row != nil && (row.Kind == catalog.Group || row.Kind == catalog.Executor)
}

// put sets an element of a collection. Of a map, or at an index that is not known, only one thing is
// followed: several are nobody's, for which is which is not known.
func (r *run) put(to ast.Expr, at value, w value) {
	v, old := r.x.pkg.Variable(to), r.eval(to)
	if old.kind == several && at.kind == number && at.n >= 0 && at.n < len(old.list.items) {
		items := slices.Clone(old.list.items)
		items[at.n] = w
		r.store(to, listOf(items))
		return
	}
	if t := r.s.thing(w); t != nil && r.x.global(v) {
		if _, ok := v.Type().Underlying().(*types.Map); ok {
			t.filed = true
		}
	}
	_, filled := r.s.fields.lookup(v.Origin())
	switch {
	case old == w:
	case old.kind == null, old.kind == anything && r.x.global(v) && !filled, old.kind == several && len(old.list.items) == 0:
		r.store(to, w)
	default:
		r.blur(old)
		r.blur(w)
		r.store(to, value{})
	}
}

// blur gives a thing to strangers.
func (r *run) blur(v value) {
	switch v.kind {
	case function:
		for _, b := range v.fn.env {
			if t := r.s.thing(b.w); t != nil && t.kind == channel && r.x.onlySends(v.fn.fn, b.v) {
				t.fed = true
				continue
			}
			r.blur(b.w)
		}
		if v.fn.fn == nil {
			return
		}
		for _, f := range r.x.mentions(v.fn.fn) {
			if w := r.s.fields.get(f); w.kind != function && r.object(w) == none {
				r.blur(w)
			}
		}
	case several:
		for _, w := range v.list.items {
			r.blur(w)
		}
	default:
		t := r.s.thing(v)
		if t == nil || t.open || t.kind == context && v.kind != cancels {
			return
		}
		t.open = true
		for _, b := range t.fields {
			r.blur(b.w)
		}
	}
}

// onlySends reports whether a function only sends on a variable.
func (x *Explorer) onlySends(f *syntax.Func, v *types.Var) bool {
	sends := false
	for _, u := range x.pkg.Var(v).Uses {
		if n := u.Node(); f == nil || n.Pos() < f.Node.Pos() || n.Pos() >= f.Node.End() {
			continue
		}
		if syntax.Outer(u).ParentEdgeKind() != edge.SendStmt_Chan {
			return false
		}
		sends = true
	}
	return sends
}

// next gives the variables of a range their element.
func (r *run) next(rs *ast.RangeStmt) {
	k, v := value{}, value{}
	left, counted := r.top().trips.lookup(rs)
	switch t := r.x.pkg.Info.TypeOf(rs.X).Underlying().(type) {
	case *types.Basic:
		if n := r.turns(rs); counted && n.kind == number && n.n > left[0].n {
			k = num(n.n - 1 - left[0].n)
		}
	case *types.Chan:
		k = r.first(rs.X)
		if k.kind == anything {
			if vs := r.top().temps.get(ast.Unparen(rs.X)); len(vs) > 0 {
				k = vs[0]
			}
		}
	case *types.Slice, *types.Array, *types.Map:
		n := r.turns(rs)
		if r.x.holder(t) {
			v = r.over(r.top(), rs)
			if v.kind == several {
				n = num(len(v.list.items))
				v = r.nth(v, n.n-1-left[0].n)
			}
		}
		if _, ok := t.(*types.Map); !ok && counted && n.kind == number && n.n > left[0].n {
			k = num(n.n - 1 - left[0].n)
		}
	}
	for i, e := range []ast.Expr{rs.Key, rs.Value} {
		if e == nil {
			continue
		}
		if key := r.x.pkg.Variable(e); key != nil {
			if i == 0 && !r.x.decides(key) {
				k = value{} // else each goroutine that has it were another
			}
			r.store(e, []value{k, v}[i])
		}
	}
}

// composite makes what a literal stands for, and sets the fields in it.
func (r *run) composite(n *ast.CompositeLit) {
	t := types.Unalias(r.x.pkg.Info.TypeOf(n))
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	name := ""
	if cur, ok := r.top().code.fn.Cur.FindNode(n); ok && r.x.isGroup(t) {
		name = r.nameOf(cur)
	}
	it, fresh := r.fresh(t, name, n)
	if fresh {
		r.keep(r.top(), n, []value{it})
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		if r.x.holder(t) {
			items := make([]value, 0, len(n.Elts))
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				items = append(items, r.eval(e))
			}
			one := listOf(items)
			if _, ok := t.Underlying().(*types.Map); ok {
				r.blur(one)
				one = value{kind: null}
			}
			r.keep(r.top(), n, []value{one})
			return
		}
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				e = kv.Value
			}
			r.blur(r.eval(e))
		}
		return
	}
	for i, e := range n.Elts {
		var f *types.Var
		val := e
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			id, ok := kv.Key.(*ast.Ident)
			if !ok {
				continue
			}
			f, _ = r.x.pkg.Info.ObjectOf(id).(*types.Var)
			val = kv.Value
		} else if i < st.NumFields() {
			f = st.Field(i)
		}
		if f == nil {
			continue
		}
		w := r.eval(val)
		if o := r.object(it); o != none && (w.kind != anything || r.x.interesting(f.Type()) || r.x.holder(f.Type())) {
			r.setField(o, f, w)
		} else if o == none {
			r.blur(w)
		}
	}
}

// switched gives the variables of a type switch what it switches on.
func (r *run) switched(n *ast.AssignStmt) bool {
	ta, ok := ast.Unparen(n.Rhs[0]).(*ast.TypeAssertExpr)
	if !ok || ta.Type != nil {
		return false
	}
	v := r.eval(ta.X)
	for _, clause := range r.top().code.clauses[n] {
		if to, ok := r.x.pkg.Info.Implicits[clause].(*types.Var); ok {
			r.set(to, v)
		}
	}
	return true
}

// start starts a goroutine that runs a function.
func (r *run) start(s *sites.Spawn, fn value, c *syntax.Call, args []value, groups []int) doing {
	if r.x.lone {
		return goesOn
	}
	body := r.target(fn, c)
	if body == nil {
		var one *offer
		if c != nil {
			if o, ok := r.servedOutside(c); ok {
				one = &o
			}
		}
		for _, a := range args {
			if one == nil || a != one.at {
				r.blur(a)
			}
		}
		if one != nil {
			r.s.add(&thread{spawn: s, groups: groups, one: one})
			return goesOn
		}
		for _, g := range groups {
			r.s.things[g].open = true
		}
		return goesOn
	}
	running := 0
	for _, t := range r.s.threads {
		if t.spawn == s {
			running++
		}
	}
	if running > most || len(r.s.threads) > 2*most {
		return dead // more of the same
	}
	if r.x.ran[s] == nil {
		r.x.ran[s] = r.x.exploring
	}
	t := &thread{spawn: s, groups: groups}
	t.frames = []*frame{r.x.frame(body, fn, args, c, r)}
	r.s.add(t)
	r.handTo(t, body)
	return goesOn
}

// handTo leaves the places of semaphores to a goroutine that the one which starts it has taken for it: it gives
// them back.
func (r *run) handTo(t *thread, body *syntax.Func) {
	if len(r.t.has) == 0 {
		return
	}
	theirs := &run{x: r.x, s: r.s, t: t}
	given := func(v value) {
		if th := r.s.thing(v); th != nil && th.token && slices.Contains(r.t.has, v.n) {
			r.gives(v.n)
			theirs.takes(v.n)
		}
	}
	for cur := range body.Cur.Preorder((*ast.CallExpr)(nil), (*ast.UnaryExpr)(nil), (*ast.SendStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			if c := r.x.pkg.Call(n); c != nil && c.Recv() != nil {
				if row := r.x.pkg.Catalog.Func(c.Callee); r.x.place(c.Callee) == summary.Gives || row != nil && row.Role == catalog.Leave {
					given(theirs.receiver(c))
				}
			}
		case *ast.UnaryExpr:
			if v := theirs.eval(n.X); n.Op == token.ARROW && r.s.thing(v) != nil && !r.s.thing(v).lent {
				given(v)
			}
		case *ast.SendStmt:
			if v := theirs.eval(n.Chan); r.s.thing(v) != nil && r.s.thing(v).lent {
				given(v)
			}
		}
	}
}

// target is the function of this package that a value or call stands for, or nil.
func (r *run) target(fn value, c *syntax.Call) *syntax.Func {
	if fn.kind == function && fn.fn.fn != nil {
		return fn.fn.fn
	}
	if c == nil {
		return nil
	}
	return r.x.callee(c)
}

// frame is a call of a function.
func (x *Explorer) frame(body *syntax.Func, fn value, args []value, c *syntax.Call, r *run) *frame {
	code := x.code(body)
	f := &frame{code: code, block: code.graph.Entry(), facts: paths.Facts{}}
	if fn.kind == function {
		f.env = fn.fn.env
		for _, v := range code.free { // it calls itself, by a variable that was not set yet when it was made
			if f.env.get(v).kind == null && x.holdsLit(v, body) {
				f.env = f.env.with(v, fn)
			}
		}
	}
	if r != nil { // what has been assigned since the literal was evaluated
		for _, v := range code.free {
			if home := r.home(v); home != nil && home.sees(v) {
				if w, ok := home.env.lookup(v); ok {
					f.env = f.env.with(v, w)
				} else {
					f.env = f.env.without(v)
				}
			}
		}
	}
	sig := body.Sig
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		if _, ok := p.Type().Underlying().(*types.Slice); ok {
			n := x.unknown()
			n.open = true
			f.env = f.env.with(x.lengthOf(p.Origin()), n)
		}
		if i < len(args) && args[i].kind == anything && c != nil && i < len(c.Expr.Args) && x.concrete(c.Expr.Args[i], p.Type()) {
			f.env = f.env.with(p.Origin(), value{kind: present})
		}
		if i < len(args) && args[i].kind != anything && (!sig.Variadic() || i < sig.Params().Len()-1) {
			f.env = f.env.with(p.Origin(), args[i])
		}
		if sig.Variadic() && i == sig.Params().Len()-1 && c != nil && x.holder(p.Type()) {
			switch {
			case c.Expr.Ellipsis.IsValid() && i < len(args):
				f.env = f.env.with(p.Origin(), args[i])
			case len(args) >= i:
				f.env = f.env.with(p.Origin(), listOf(slices.Clone(args[i:])))
			}
		}
	}
	if recv := sig.Recv(); recv != nil && c != nil && r != nil && f.env.get(recv.Origin()).kind == anything {
		if v := r.receiver(c); v.kind != anything {
			f.env = f.env.with(recv.Origin(), v)
		}
	}
	for v := range sig.Results().Variables() {
		if v.Name() != "" {
			switch t := v.Type().Underlying().(type) {
			case *types.Chan, *types.Signature:
				f.env = f.env.with(v.Origin(), value{kind: null})
			case *types.Slice:
				f.env = f.env.with(x.lengthOf(v.Origin()), num(0))
			case *types.Basic:
				if t.Info()&(types.IsInteger|types.IsBoolean) != 0 && !x.volatile(v) {
					f.env = f.env.with(v.Origin(), num(0))
				}
			}
		}
	}
	return f
}

// sees reports whether a frame stands in the scope of a variable: from outside a loop, those of its turns are not seen.
func (f *frame) sees(v *types.Var) bool {
	at := f.block.Start
	switch {
	case f.exit != nil:
		at = f.exit.Pos()
	case f.step < len(f.block.Steps):
		at = f.block.Steps[f.step].Pos()
	}
	return v.Parent() == nil || v.Parent().Contains(at)
}

// holdsLit reports whether a variable is set to a literal.
func (x *Explorer) holdsLit(v *types.Var, lit *syntax.Func) bool {
	return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Expr != nil && ast.Unparen(d.Expr) == lit.Node })
}

// concrete reports whether an expression is no interface, nor nil, where one is wanted: as an interface it is
// not nil.
func (x *Explorer) concrete(e ast.Expr, want types.Type) bool {
	tv := x.pkg.Info.Types[e]
	return tv.Type != nil && !tv.IsNil() && types.IsInterface(want) && !types.IsInterface(tv.Type) && !isTypeParam(want)
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

// call runs a call: of a library, of a function here, or of a stranger.
func (r *run) call(c *syntax.Call, fn value, args []value, into *ast.CallExpr) doing {
	switch r.x.builtin(c.Expr) {
	case "close":
		return r.close(args[0])
	case "make":
		r.makeCall(c, args)
		return goesOn
	case "new":
		if t := r.x.pkg.Info.TypeOf(c.Expr.Args[0]); t != nil {
			if w, ok := r.fresh(types.Unalias(t), "", c.Expr); ok {
				r.keep(r.top(), c.Expr, []value{w})
			}
		}
		return goesOn
	case "append":
		r.appendTo(c)
		return goesOn
	case "delete":
		if v := r.x.pkg.Variable(c.Expr.Args[0]); v != nil && r.x.holder(v.Type()) {
			if t := r.s.thing(r.eval(c.Expr.Args[0])); t != nil && !r.x.looksUp(c.In, v) {
				t.filed = false
			}
			r.store(c.Expr.Args[0], value{kind: null})
		}
		return goesOn
	}
	switch fn.kind {
	case cancels:
		if t := &r.s.things[fn.n]; !t.closed {
			t.closed, t.by = true, r.t.id
		}
		return goesOn
	case goOn:
		if into != nil {
			r.keep(r.top(), into, []value{truth(true)})
		}
		return goesOn
	}
	if c.Callee != nil {
		callee := r.x.pkg.Callee(c)
		if e := effectOf(callee); e != 0 {
			return r.library(e, c, args, into)
		}
		if row := r.x.pkg.Catalog.Func(callee); row != nil {
			return r.row(row, c, args, into)
		}
		if r.x.place(callee) != summary.NoPlace {
			return r.placed(c, args)
		}
	}
	if fn.kind != function && r.x.dispatch != nil && r.x.callee(c) == nil {
		fn = r.chosenBy(c)
	}
	if body := r.target(fn, c); body != nil {
		if r.x.rough && r.feeds(args) {
			for _, a := range args {
				r.blur(a)
			}
			r.derive(c, args, into)
			return goesOn
		}
		if r.x.passedOver(body) || !r.concerns(body, fn, args, c) {
			r.derive(c, args, into)
			return goesOn
		}
		return r.invoke(body, fn, args, c, into)
	}
	return r.outside(c, args, into)
}

// feeds reports whether all that a function gets of what is explored are functions that send: it may call them at any
// time, and closes nothing.
func (r *run) feeds(args []value) bool {
	feeds := false
	for _, a := range args {
		switch {
		case a.kind == function:
			for _, b := range a.fn.env {
				if t := r.s.thing(b.w); t != nil && t.own && t.kind != context {
					if t.kind != channel || !r.x.onlySends(a.fn.fn, b.v) {
						return false
					}
					feeds = true
				}
			}
		case r.s.thing(a) != nil && r.s.thing(a).kind != context, a.kind == several:
			return false
		}
	}
	return feeds
}

// concerns reports whether a function can do something to what is explored: it is given some of it, has
// captured some, makes some for its caller, or speaks of fields that hold some. A function that does
// nothing of interest may still keep what it is given.
func (r *run) concerns(body *syntax.Func, fn value, args []value, c *syntax.Call) bool {
	for i, a := range args {
		switch a.kind {
		case aThing:
			if !isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) && (r.x.busy(body) || !r.empty(a, 0)) {
				return true
			}
		case function, cancels, doneOf, ticksOf, several:
			return true
		}
	}
	if !r.x.busy(body) {
		return false
	}
	interesting := func(v *types.Var) bool { return r.x.interesting(v.Type()) }
	makes := slices.ContainsFunc(slices.Collect(body.Sig.Results().Variables()), interesting)
	if r.x.rough && body.Decl != nil && !r.has(fn) {
		return makes
	}
	if makes || body.Decl == nil || fn.kind == function && len(fn.fn.env) > 0 {
		return true
	}
	for v := range body.Sig.Results().Variables() {
		if r.x.holder(v.Type()) {
			return true
		}
	}
	if recv := body.Sig.Recv(); recv != nil && r.x.meeting(recv.Type()) {
		return true
	}
	for _, v := range r.x.mentions(body) {
		if slices.ContainsFunc(r.s.held(v), func(w value) bool { return r.s.thing(w) != nil || w.kind == several || w.kind == function }) {
			return true
		}
		if r.x.tokens(v) || r.x.lends(v) || r.x.limiter(v) || r.x.made(body, v) {
			return true
		}
	}
	return false
}

// empty reports whether a value is an object with nothing in it of what is explored.
func (r *run) empty(v value, depth int) bool {
	const deepest = 3
	n := r.object(v)
	if n == none || depth > deepest {
		return false
	}
	for _, b := range r.s.things[n].fields {
		switch b.w.kind {
		case anything, null, number, present:
		case aThing:
			if !r.empty(b.w, depth+1) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// made reports whether a function, or what it calls, makes what a field holds.
func (x *Explorer) made(f *syntax.Func, field *types.Var) bool {
	u := x.uses[field]
	return u != nil && contains(x.reach(f, false), u.made)
}

// invoke enters a function.
func (r *run) invoke(body *syntax.Func, fn value, args []value, c *syntax.Call, into *ast.CallExpr) doing {
	const deepest = 8
	if len(r.t.frames) >= deepest {
		r.x.gaveUp = true
		return dead
	}
	same := 0
	for _, f := range r.t.frames {
		if f.code.fn == body {
			same++
		}
	}
	if same > 2 {
		return dead // deeper and deeper
	}
	f := r.x.frame(body, fn, args, c, r)
	f.call = into
	r.t.frames = append(r.t.frames, f)
	return goesOn
}

// has reports whether a function is bound to something that was made here.
func (r *run) has(fn value) bool {
	return fn.kind == function && slices.ContainsFunc(fn.fn.env, func(b binding) bool {
		t := r.s.thing(b.w)
		return t != nil && t.own
	})
}

// derive keeps a context what it is when a function makes another of it.
func (r *run) derive(c *syntax.Call, args []value, into *ast.CallExpr) {
	if into == nil {
		return
	}
	var ctx value
	for i, a := range c.Expr.Args {
		if isContext(r.x.pkg.Info.TypeOf(a)) {
			ctx = args[i]
		}
	}
	if ctx.kind != aThing {
		return
	}
	sig := c.Callee
	if sig == nil {
		return
	}
	var res []value
	some := false
	for v := range sig.Signature().Results().Variables() {
		if isContext(v.Type()) {
			res, some = append(res, ctx), true
		} else {
			res = append(res, value{})
		}
	}
	if some {
		r.keep(r.top(), into, res)
	}
}

// outside is a call of which the source is not here. What it is given is its own from here on, unless
// its summary says better.
func (r *run) outside(c *syntax.Call, args []value, into *ast.CallExpr) doing {
	callee := r.x.pkg.Callee(c)
	sum := r.x.pkg.Summary(callee)
	if s := r.x.pkg.SpawnAt(c); s != nil && s.Via != nil && int(s.Via.Index) < len(args) && args[s.Via.Index].kind == function {
		for i, a := range args {
			if i != int(s.Via.Index) { // such as what ends the task
				r.blur(a)
			}
		}
		return r.start(s, args[s.Via.Index], nil, nil, nil)
	}
	for i, a := range args {
		switch a.kind {
		case function:
			if !r.calls(callee, sum, i) {
				r.blur(a)
				continue
			}
			if body := a.fn.fn; body != nil && r.x.busy(body) {
				var yield []value
				if iterates(body.Sig) {
					yield = []value{{kind: goOn}}
				}
				times := 1
				if r.x.perEntry(callee, i) {
					times = 2
				}
				for range times {
					if d := r.invoke(body, a, yield, nil, nil); d != goesOn {
						return d
					}
					r.top().each = times > 1
				}
			}
		case aThing:
			if isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) || r.looks(sum, i) {
				continue
			}
			r.blur(a)
		case doneOf, cancels:
			r.blur(a)
		}
	}
	r.derive(c, args, into)
	return goesOn
}

// perEntry reports whether a function calls the one that it is given for each of many.
func (x *Explorer) perEntry(callee *types.Func, i int) bool {
	row := x.base.Func(callee)
	return row != nil && row.Does == knowledge.Calls && row.Arg-1 == i
}

// used reports whether the result of a call is.
func used(c *syntax.Call) bool {
	k := syntax.Outer(c.Cur).ParentEdgeKind()
	return k != edge.ExprStmt_X && k != edge.DeferStmt_Call && k != edge.GoStmt_Call
}

// looksUp reports whether a function that deletes entries of a map also asks for one: it may end what that is.
func (x *Explorer) looksUp(f *syntax.Func, m *types.Var) bool {
	return slices.ContainsFunc(x.pkg.Var(m).Uses, func(u inspector.Cursor) bool {
		if u.ParentEdgeKind() == edge.SelectorExpr_Sel {
			u = u.Parent()
		}
		call, ok := syntax.Outer(u).Parent().Node().(*ast.CallExpr)
		return x.pkg.FuncAt(u) == f && !(ok && x.builtin(call) == "delete")
	})
}

// iterates reports whether a function is an iterator: it is given what takes its elements.
func iterates(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Results().Len() != 0 {
		return false
	}
	yield, ok := sig.Params().At(0).Type().Underlying().(*types.Signature)
	return ok && yield.Results().Len() == 1 && types.Identical(yield.Results().At(0).Type(), types.Typ[types.Bool])
}

// looks reports whether a function only looks at an argument, or has used it when it returns.
func (r *run) looks(sum *summary.Func, i int) bool {
	p := sum.Param(i)
	return p != nil && (p.Use == summary.Reads || p.Use == summary.Sends || p.Use&^summary.Drains == summary.Receives)
}

// calls reports whether a function calls the function that it is given before it returns: the
// standard library does, unless it is known for the opposite.
func (r *run) calls(callee *types.Func, sum *summary.Func, i int) bool {
	if p := sum.Param(i); p != nil {
		return p.Task == summary.Called
	}
	if callee == nil || callee.Pkg() == nil || !r.x.std(callee.Pkg().Path()) {
		return false
	}
	if p := callee.Signature().Params(); i < p.Len() && types.IsInterface(p.At(i).Type()) {
		return false // such as a handler, which serves
	}
	return true
}

// close closes a channel.
func (r *run) close(v value) doing {
	if t := r.s.thing(v); t != nil && v.kind == aThing {
		if t.closed {
			return dead // it panics
		}
		t.closed = true
	} else if v.kind == null {
		return dead
	}
	return goesOn
}

// makeCall makes a channel.
func (r *run) makeCall(c *syntax.Call, args []value) {
	if r.x.lone {
		return
	}
	t := r.x.pkg.Info.TypeOf(c.Expr)
	if _, ok := t.Underlying().(*types.Chan); !ok {
		if r.x.holder(t) {
			empty := value{kind: null}
			if _, ok := t.Underlying().(*types.Slice); ok && args[1].kind == number {
				empty = listOf(slices.Repeat([]value{{kind: null}}, max(args[1].n, 0)))
			}
			r.keep(r.top(), c.Expr, []value{empty})
		}
		return
	}
	ch := thing{kind: channel, site: c.Expr, name: r.nameOf(c.Cur), own: true, parent: none}
	if len(args) > 1 {
		switch {
		case args[1].kind != number:
			ch.size = roomy // whatever it is, nobody says that it is too small
		default:
			ch.size = max(args[1].n, 0)
		}
		tv := r.x.pkg.Info.Types[c.Expr.Args[1]]
		ch.large = tv.Value != nil && ch.size > 1
		ch.guess = tv.Value == nil
	}
	if n, ok := r.x.sizes[c.Expr]; ok {
		if ch.size = n; n == AsMany {
			ch.size = r.x.unknown().n
		}
	}
	if to := syntax.Assigned(c.Cur); len(to) == 1 && ch.size > 0 {
		if v := r.x.pkg.Variable(to[0]); v != nil && r.x.nested(v) {
			ch.token, ch.size = true, 1
		}
	}
	r.keep(r.top(), c.Expr, []value{r.s.make(ch)})
}

// nameOf is what a message calls that which an expression makes.
func (r *run) nameOf(cur inspector.Cursor) string {
	if u, ok := cur.Parent().Node().(*ast.UnaryExpr); ok && u.Op == token.AND {
		cur = cur.Parent()
	}
	if to := syntax.Assigned(cur); len(to) > 0 {
		if v := r.x.pkg.Variable(to[0]); v != nil {
			return v.Name()
		}
	}
	switch n := cur.Parent().Node().(type) {
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			return id.Name
		}
	case *ast.CompositeLit:
		if st, ok := r.x.pkg.Info.TypeOf(n).Underlying().(*types.Struct); ok {
			if i := slices.Index(n.Elts, cur.Node().(ast.Expr)); i >= 0 && i < st.NumFields() {
				return st.Field(i).Name()
			}
		}
	}
	if g := r.x.pkg.Catalog.Type(r.x.pkg.Info.TypeOf(cur.Node().(ast.Expr))); g != nil {
		return "its group"
	}
	return "its channel"
}

// appendTo adds to a slice of things.
func (r *run) appendTo(c *syntax.Call) {
	old := r.eval(c.Expr.Args[0])
	if old.kind == several && !c.Expr.Ellipsis.IsValid() && len(old.list.items) < most {
		items := slices.Clone(old.list.items)
		for _, a := range c.Expr.Args[1:] {
			items = append(items, r.eval(a))
		}
		r.keep(r.top(), c.Expr, []value{listOf(items)})
		return
	}
	r.blur(old)
	for _, a := range c.Expr.Args[1:] {
		r.blur(r.eval(a))
	}
}

// library is what a function of the standard library does.
func (r *run) library(e effect, c *syntax.Call, args []value, into *ast.CallExpr) doing {
	var res []value
	switch e {
	case makesContext, makesTimeout:
		ctx := thing{kind: context, own: true, parent: none, expires: e == makesTimeout, site: c.Expr, name: "ctx"}
		if len(args) > 0 && args[0].kind == aThing {
			ctx.parent = args[0].n
		} else {
			ctx.expires = true // by what nobody knows
		}
		w := r.s.make(ctx)
		res = []value{w, {kind: cancels, n: w.n}}
	case detaches, background:
		res = []value{r.s.make(thing{kind: context, own: true, parent: none, name: "ctx"})}
	case done:
		if w := r.receiver(c); w.kind == aThing && r.s.things[w.n].kind == context {
			res = []value{{kind: doneOf, n: w.n}}
		}
	case tellsWhy:
		w := r.receiver(c)
		if len(args) > 0 {
			w = args[0]
		}
		if w.kind == aThing && r.s.cancelled(w.n) && !r.s.justNow(w.n, r.t) { // else it may end in this moment
			res = []value{{kind: present}}
		}
	case makesTicker, makesTimer:
		res = []value{r.s.make(thing{kind: ticker, own: true, parent: none, site: c.Expr, expires: e == makesTimer, name: r.nameOf(c.Cur)})}
	case after:
	case stops, restarts:
		if t := r.s.thing(r.receiver(c)); t != nil && (e == restarts || !used(c)) { // who asks whether it was in time goes by that
			t.closed = e == stops
		} else if t != nil && t.runs != 0 && e == stops {
			r.spare(t.runs)
		}
	case onceDo:
		t := r.s.thing(r.receiver(c))
		if t != nil && t.closed {
			return goesOn
		}
		if t != nil {
			t.closed = true
		}
		if body := r.target(args[0], nil); body != nil {
			return r.invoke(body, args[0], nil, nil, nil)
		}
		if args[0].kind == cancels {
			r.s.things[args[0].n].closed = true
		}
	case startsLater:
		fn := args[len(args)-1]
		if fn.kind == function && fn.fn.fn != nil {
			if into != nil && isTimer(r.x.pkg.Info.TypeOf(into)) {
				r.keep(r.top(), into, []value{r.s.make(thing{kind: ticker, own: true, parent: none, site: c.Expr, runs: r.s.born + 1, name: r.nameOf(c.Cur)})})
			}
			return r.start(r.x.spawnOf(c), fn, nil, nil, nil)
		}
	case notifies, keepsIt:
		for _, a := range args {
			r.blur(a)
		}
	case locks, locksShared, unlocks, unlocksShared:
		r.locked(e, c)
	case loads, stores, adds, swaps, swapsIf:
		res = []value{r.atomic(e, c, args)}
	}
	if into != nil && res != nil {
		r.keep(r.top(), into, res)
	}
	return goesOn
}

// spare notes that a goroutine has been stopped before it started, or not: who stopped it has asked which.
func (r *run) spare(id int) {
	for i, t := range r.s.threads {
		if t.id == id {
			r.s.own(i).spared = true
		}
	}
}

func isTimer(t types.Type) bool { return t != nil && syntax.Is(t, "time", "Timer") }

// atomic does what a function of sync/atomic, or a method, does to a number.
func (r *run) atomic(e effect, c *syntax.Call, args []value) value {
	at := c.Recv()
	if at == nil {
		at, args = c.Expr.Args[0], args[1:]
	}
	if u, ok := ast.Unparen(at).(*ast.UnaryExpr); ok && u.Op == token.AND {
		at = u.X
	}
	was := r.eval(at)
	switch e {
	case stores, swaps:
		r.store(at, args[0])
	case adds:
		sum := value{}
		if was.kind == number && args[0].kind == number {
			sum = num(was.n + args[0].n)
		}
		r.store(at, sum)
		return sum
	case swapsIf:
		is, known := compare(token.EQL, was, args[0])
		switch {
		case !known:
			r.store(at, value{})
			return value{}
		case is:
			r.store(at, args[1])
		}
		return truth(is)
	}
	return was
}

// row is what a function of the catalogue does.
func (r *run) row(row *catalog.Func, c *syntax.Call, args []value, into *ast.CallExpr) doing {
	g := r.receiver(c)
	t := r.s.thing(g)
	switch row.Role {
	case catalog.New:
		r.newGroup(row, c, args, into)
	case catalog.Enter:
		if t == nil {
			break
		}
		n := num(1)
		if len(args) > 0 {
			n = args[0]
		}
		if n.kind != number {
			t.open = true
			break
		}
		if t.count += n.n; t.count < 0 && !t.open {
			return dead // it panics
		}
	case catalog.Leave:
		if t == nil {
			break
		}
		if t.count--; t.count < 0 && !t.open {
			return dead
		}
	case catalog.SetBound:
		if t != nil {
			t.size = 0
			if i := row.Bound.Arg.Index(); row.Bound.From == catalog.FromArg && i < len(args) && args[i].kind == number {
				t.size = max(args[i].n, 0)
			}
		}
	case catalog.Submit, catalog.Submitted:
		return r.submit(row, c, args, g, into)
	case catalog.Wait, catalog.Close, catalog.Stop:
		if t != nil && t.parent != none {
			r.s.things[t.parent].closed = true // a group's context
		}
	case catalog.Acquire:
		if t != nil {
			t.count++
			if t.token {
				r.takes(g.n)
			}
			if into != nil {
				r.keep(r.top(), into, []value{{kind: null}})
			}
		}
	case catalog.TryAcquire:
		if t != nil && into != nil {
			r.keep(r.top(), into, []value{truth(t.count < t.size)})
			if t.count < t.size {
				t.count++
				if t.token {
					r.takes(g.n)
				}
			}
		}
	case catalog.Release:
		if t != nil {
			t.count = max(t.count-1, 0)
			r.gives(g.n)
		}
	default:
		for i, a := range args {
			if a.kind == function {
				if row.Role == catalog.Run || row.Role == catalog.Map {
					if body := a.fn.fn; body != nil && r.x.busy(body) {
						return r.invoke(body, a, nil, nil, nil)
					}
					continue
				}
				r.blur(a)
			} else if a.kind == aThing && !isContext(r.x.pkg.Info.TypeOf(c.Expr.Args[i])) {
				r.blur(a)
			}
		}
	}
	return goesOn
}

// newGroup makes a group or pool, and the context that comes with it.
func (r *run) newGroup(row *catalog.Func, c *syntax.Call, args []value, into *ast.CallExpr) {
	if into == nil || r.x.lone {
		return
	}
	tuple, ok := r.x.pkg.Info.TypeOf(c.Expr).(*types.Tuple)
	given := []types.Type{r.x.pkg.Info.TypeOf(c.Expr)}
	if ok {
		given = nil
		for v := range tuple.Variables() {
			given = append(given, v.Type())
		}
	}
	res := make([]value, len(given))
	at := none
	for i, t := range given {
		if row := r.x.pkg.Catalog.Type(t); row != nil && row.Kind == catalog.Limiter {
			size := most
			if k := places(r, c, args); k > 0 {
				size = k
			}
			res[i] = r.s.make(thing{kind: limiter, own: true, parent: none, site: c.Expr, size: size, name: r.nameOf(c.Cur)})
		}
		if r.x.isGroup(t) {
			res[i] = r.s.make(thing{kind: group, own: true, parent: none, site: c.Expr, name: r.nameOf(c.Cur)})
			at = res[i].n
		}
	}
	for i, t := range given {
		if !isContext(t) {
			continue
		}
		ctx := thing{kind: context, own: true, parent: none, name: "ctx"}
		if len(args) > 0 && args[0].kind == aThing {
			ctx.parent = args[0].n
		} else {
			ctx.expires = true
		}
		res[i] = r.s.make(ctx)
		if at != none {
			r.s.things[at].parent = res[i].n
		}
	}
	r.keep(r.top(), into, res)
}

// places is the number of tokens that a limiter is made with, or 0.
func places(r *run, c *syntax.Call, args []value) int {
	row := r.x.pkg.Catalog.Func(c.Callee)
	if i := row.Bound.Arg.Index(); row.Bound.From == catalog.FromArg && i < len(args) && args[i].kind == number {
		return args[i].n
	}
	return 0
}

// submit hands a task to a group or pool.
func (r *run) submit(row *catalog.Func, c *syntax.Call, args []value, g value, into *ast.CallExpr) doing {
	if r.x.lone {
		return goesOn
	}
	s := r.x.pkg.SpawnAt(c)
	if res := c.Callee.Signature().Results(); s != nil && into != nil && res.Len() == 1 && isError(res.At(0).Type()) {
		r.keep(r.top(), into, []value{{kind: null}}) // of what a refusal leaves behind, the rule rejected speaks
	}
	var groups []int
	if t := r.s.thing(g); t != nil {
		t.count++
		groups = []int{g.n}
	}
	i := row.Task.Index()
	if s == nil || i < 0 || i >= len(args) || args[i].kind != function {
		if len(groups) > 0 { // a task that is not seen ends by itself
			r.s.things[g.n].count--
		}
		for _, a := range args {
			r.blur(a)
		}
		return goesOn
	}
	for k, a := range args {
		if k != i { // such as what interrupts the task
			r.blur(a)
		}
	}
	return r.start(r.startOf(c, c.Expr.Args[i]), args[i], nil, nil, groups)
}

// startOf is the place that starts a task: of one that the function was given, the call that gave it.
func (r *run) startOf(c *syntax.Call, task ast.Expr) *sites.Spawn {
	for i := len(r.t.frames) - 1; i > 0; i-- {
		v := r.x.pkg.Variable(task)
		if v == nil || !r.x.isParam(r.t.frames[i].code.fn, v) {
			break
		}
		call, ok := r.x.lead(r.t.frames[i-1]).(*ast.CallExpr)
		if !ok {
			break
		}
		outer := r.x.pkg.Call(call)
		at := slices.IndexFunc(slices.Collect(r.t.frames[i].code.fn.Sig.Params().Variables()), func(p *types.Var) bool { return p.Origin() == v })
		if outer == nil || at >= len(call.Args) {
			break
		}
		c, task = outer, call.Args[at]
	}
	if s := r.x.pkg.SpawnAt(c); s != nil {
		return s
	}
	return r.x.spawnOf(c)
}

func (x *Explorer) isParam(f *syntax.Func, v *types.Var) bool {
	for p := range f.Sig.Params().Variables() {
		if p.Origin() == v {
			return true
		}
	}
	return false
}
