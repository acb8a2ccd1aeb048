package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// turns says what loops cost: what a turn does, and how many there are.
type turns struct{ *walker }

func (w turns) forStmt(e *Effect, s *ast.ForStmt) {
	if s.Init != nil {
		w.stmt(e, s.Init)
	}
	var body Effect
	w.expr(&body, s.Cond)
	handed := w.handed
	w.loops = append(w.loops, s)
	w.stmt(&body, s.Body)
	w.loops = w.loops[:len(w.loops)-1]
	if s.Post != nil {
		w.stmt(&body, s.Post)
	}
	body.Cost.NS += nsOp
	t, what := w.forTrip(s, 0)
	if t.known() && (t.N > endless || t.N > mostTurns && w.endsEarly(s)) {
		t = factor(Some) // it ends otherwise
	}
	if leavesLoop(s.Body.List) {
		t = once
	}
	counted := len(t.Factors) > 0 && t.Factors[0].Of != Some
	one := body.repeat(t, w.loopOrigin(what, s.For, &body, handed), counted)
	e.then(&one)
}

// endless is a number of turns that no loop makes, and mostTurns one that is there as the most that
// may be, in a loop that ends before when there is nothing left to do.
const (
	endless   = 1e11
	mostTurns = 1000
)

// endsEarly reports whether a loop may end in the middle of a turn, other than with an error, since there
// is nothing left to do: what decides has nothing to do with the turn. A search that tries one number
// after the other goes on for as long as it is told to.
func (w turns) endsEarly(s *ast.ForStmt) bool {
	if s.Cond == nil {
		return true
	}
	of := map[types.Object]bool{} // what depends on the turn
	mentions := func(n ast.Node) bool {
		found := false
		ast.Inspect(n, func(m ast.Node) bool {
			id, ok := m.(*ast.Ident)
			found = found || ok && of[w.p.Info.ObjectOf(id)]
			return !found
		})
		return found
	}
	ast.Inspect(s.Cond, func(m ast.Node) bool {
		if id, ok := m.(*ast.Ident); ok {
			if v, ok := w.p.Info.ObjectOf(id).(*types.Var); ok {
				of[v] = true
			}
		}
		return true
	})
	ends := false
	var look func(n ast.Node, breaks, turn bool)
	look = func(n ast.Node, breaks, turn bool) {
		ast.Inspect(n, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.AssignStmt:
				for i, rhs := range m.Rhs {
					if mentions(rhs) {
						for k, lhs := range m.Lhs {
							if id, ok := lhs.(*ast.Ident); ok && (k == i || len(m.Rhs) == 1) {
								of[w.p.Info.ObjectOf(id)] = true
							}
						}
					}
				}
			case *ast.IfStmt:
				if m != n && !turn {
					if m.Init != nil {
						look(m.Init, breaks, turn)
					}
					if mentions(m.Cond) {
						look(m, breaks, true)
						return false
					}
				}
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if m != n && breaks {
					look(m, false, turn) // what breaks there ends that
					return false
				}
			case *ast.BranchStmt:
				ends = ends || !turn && m.Tok == token.BREAK && (breaks || m.Label != nil)
			case *ast.ReturnStmt:
				ends = ends || !turn && !w.p.ReturnsError(m)
			}
			return !ends
		})
	}
	look(s.Body, true, false)
	return ends
}

func (w turns) rangeStmt(e *Effect, s *ast.RangeStmt) {
	w.expr(e, s.X)
	var body Effect
	t := w.p.Info.TypeOf(s.X)
	if t == nil {
		return
	}
	trip := factor(Many)
	switch u := t.Underlying().(type) {
	case *types.Chan:
		body.then(&Effect{Waits: w.channel("a receive", s.For), Clear: true, Cost: Cost{NS: nsChan}})
	case *types.Signature:
		it := w.iterator(s.X)
		body.then(&it)
		trip = w.iterations(s.X)
	case *types.Map:
		body.Cost.NS += nsMapRange
		trip = w.extents.length(s.X, 0)
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			trip = w.extents.value(s.X, 0)
		} else {
			trip = w.extents.length(s.X, 0)
		}
	default:
		trip = w.extents.length(s.X, 0)
	}
	name := short(s.X)
	again := w.ranges(name) || integer(t) // each element with each
	handed := w.handed
	w.loops = append(w.loops, s)
	w.stmt(&body, s.Body)
	w.loops = w.loops[:len(w.loops)-1]
	body.Cost.NS += nsOp
	if leavesLoop(s.Body.List) {
		trip = once
	}
	what := "the loop over " + name
	one := body.repeat(trip, w.loopOrigin(what, s.For, &body, handed), again)
	e.then(&one)
}

// ranges reports whether a loop around ranges over what has this name.
func (w turns) ranges(name string) bool {
	return slices.ContainsFunc(w.loops, func(l ast.Node) bool {
		r, ok := l.(*ast.RangeStmt)
		return ok && short(r.X) == name
	})
}

// resumes reports whether a loop goes on where it stopped in the last turn of the loop around it,
// as the inner loops of a scanner do: all its turns together are those of one pass.
func (w turns) resumes(s *ast.ForStmt, counter ast.Expr) bool {
	if len(w.loops) == 0 || s.Init != nil {
		return false
	}
	around := w.loops[len(w.loops)-1]
	inside := func(pos token.Pos) bool { return around.Pos() <= pos && pos < around.End() }
	v, ok := w.p.Info.ObjectOf(counterOf(counter)).(*types.Var)
	if !ok || inside(v.Pos()) || !inside(s.Pos()) { // a loop elsewhere, asked how much it fills
		return false
	}
	return !slices.ContainsFunc(w.p.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind != syntax.Update && d.Expr != nil && inside(d.Expr.Pos()) && !w.moves(d.Expr, v)
	})
}

// moves reports whether an expression is v plus or minus something.
func (w turns) moves(e ast.Expr, v *types.Var) bool {
	id := counterOf(e)
	return id != nil && w.p.Info.ObjectOf(id) == v
}

// loopOrigin makes an origin only for a loop whose cost can count: not if it waits, nor if it starts
// goroutines or sends to some, which do the work.
func (w turns) loopOrigin(what string, pos token.Pos, body *Effect, handed int) *Origin {
	if !body.Quiet() || w.handed > handed {
		return nil
	}
	o := w.origin(what, pos)
	o.Loop = true
	return o
}

// iterator is the effect of running an iterator once per element: that of the function literal
// that its maker returns. The library's own run in memory.
func (w turns) iterator(x ast.Expr) Effect {
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		e, ok := w.calls.function(x)
		if !ok {
			return Effect{Blind: w.origin("an iterator", x.Pos())}
		}
		return oneStep(e)
	}
	if f := w.p.FuncObj(c.Fun); f != nil && f.Pkg() != nil && Std(f.Pkg().Path()) {
		return Effect{Cost: Cost{NS: nsDynamic}}
	}
	if g := made(w.p, c); g != nil {
		e, _ := w.calls.target(target{body: g, param: -1}, nil)
		return oneStep(e)
	}
	return Effect{Blind: w.origin("an iterator", x.Pos())}
}

// made is the function literal that the maker of an iterator returns, or nil.
func made(p *syntax.Package, maker *ast.CallExpr) *syntax.Func {
	f := p.Target(maker.Fun)
	if f == nil || len(f.Returns) == 0 {
		return nil
	}
	if last := f.Returns[len(f.Returns)-1]; len(last.Results) == 1 {
		if lit, ok := ast.Unparen(last.Results[0]).(*ast.FuncLit); ok {
			return p.Lit(lit)
		}
	}
	return nil
}

// oneStep is an iterator's effect without its yields, for one element.
func oneStep(e Effect) Effect {
	e.Calls = nil
	var cost Cost
	cost.NS = e.Cost.NS + nsDynamic
	for _, t := range e.Cost.Terms {
		cost.NS += t.NS
	}
	e.Cost = cost
	return e
}

// iterations is how many elements an iterator yields.
func (w turns) iterations(x ast.Expr) Trip {
	if c, ok := ast.Unparen(x).(*ast.CallExpr); ok {
		if f := w.p.FuncObj(c.Fun); f != nil && f.Pkg() != nil && Std(f.Pkg().Path()) && len(c.Args) > 0 {
			return w.extents.length(c, 0)
		}
		if g := made(w.p, c); g != nil {
			e, _ := w.calls.target(target{body: g, param: -1}, nil)
			if len(e.Calls) == 1 {
				return w.extents.abroad(w.extents.in(g), e.Calls[0].Times)
			}
		}
	}
	return factor(Many)
}

// leavesLoop reports whether a loop's body always ends in a return or break.
func leavesLoop(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.BREAK
	}
	return false
}

// forTrip is how often a for statement runs, and how a message calls it.
func (w turns) forTrip(s *ast.ForStmt, depth int) (Trip, string) {
	what := "the loop"
	if s.Cond == nil {
		if w.swaps(s.Body) {
			return number(2), what
		}
		return factor(Some), what
	}
	what = "the loop while " + short(s.Cond)
	if t, ok := w.counted(s, s.Cond, depth); ok {
		return t, what
	}
	if halves(s.Body.List) || s.Post != nil && halves([]ast.Stmt{s.Post}) {
		return number(32), what // the bits of a number: a binary search, its digits
	}
	if w.swaps(s.Body) {
		return number(2), what
	}
	if n, ok := w.scanned(s.Cond); ok {
		return n, what
	}
	return factor(Some), what
}

// scanned is the trip of a loop that asks an iterator for the next element.
func (w turns) scanned(cond ast.Expr) (Trip, bool) {
	c, ok := ast.Unparen(cond).(*ast.CallExpr)
	if !ok {
		return Trip{}, false
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return Trip{}, false
	}
	switch sel.Sel.Name {
	case "Scan", "Next", "HasNext", "More":
		if n := w.extents.length(sel.X, 0); n.known() && n.N > lineLength {
			return number(n.N / lineLength), true
		}
		return factor(Many), true
	}
	return Trip{}, false
}

// counted is the trip of a loop with a counter: for i := a; i < n; i += k and its kin.
func (w turns) counted(s *ast.ForStmt, cond ast.Expr, depth int) (Trip, bool) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return Trip{}, false
	}
	if b.Op == token.LAND {
		x, okX := w.counted(s, b.X, depth)
		y, okY := w.counted(s, b.Y, depth)
		switch {
		case okX && okY && y.known() && (!x.known() || y.N < x.N):
			return y, true
		case okX:
			return x, true
		}
		return y, okY
	}
	counter, limit := b.X, b.Y
	step, down := w.step(s, counter)
	if step == nil {
		counter, limit = b.Y, b.X
		step, down = w.step(s, counter)
	}
	root := Linear
	if step == nil {
		// i*i <= n
		if m, ok := ast.Unparen(b.X).(*ast.BinaryExpr); ok && m.Op == token.MUL {
			counter, limit = m.X, b.Y
			step, down = w.step(s, counter)
			root = Sqrt
		}
	}
	if step == nil {
		return Trip{}, false
	}
	if w.resumes(s, counter) {
		return once, true
	}
	start := w.start(s, counter, depth)
	var t Trip
	if down {
		t = start
		if l := w.extents.value(limit, depth); l.known() && t.known() {
			t = number(max(t.N-l.N, 0))
		}
	} else {
		t = w.extents.value(limit, depth)
		if start.known() && t.known() {
			t = number(max(t.N-start.N, 0))
		} else if !start.known() && t.known() {
			t = number(t.N / 2) // a triangle
		}
	}
	switch {
	case step.factor:
		t = grown(t, Log)
	case step.n > 1:
		t = Trip{N: t.N / step.n, Factors: t.Factors}
	case step.variable:
		t = grown(t, Log) // a sieve: n/2 + n/3 + n/5 …
	}
	return grown(t, root), true
}

// counterOf is the variable in i, and in i+8.
func counterOf(e ast.Expr) *ast.Ident {
	e = ast.Unparen(e)
	if b, ok := e.(*ast.BinaryExpr); ok && (b.Op == token.ADD || b.Op == token.SUB) {
		e = ast.Unparen(b.X)
	}
	id, _ := e.(*ast.Ident)
	return id
}

// A stride is how a loop's counter moves.
type stride struct {
	n        float64
	factor   bool // multiplied or divided
	variable bool // by what another loop counts
}

// step finds how a loop moves an expression that its condition compares; nil if it does not.
func (w turns) step(s *ast.ForStmt, counter ast.Expr) (st *stride, down bool) {
	id := counterOf(counter)
	if id == nil {
		return nil, false
	}
	obj := w.p.Info.ObjectOf(id)
	try := func(s ast.Stmt) bool {
		switch s := s.(type) {
		case *ast.IncDecStmt:
			if x, ok := s.X.(*ast.Ident); ok && w.p.Info.ObjectOf(x) == obj {
				st, down = &stride{n: 1}, s.Tok == token.DEC
				return true
			}
		case *ast.AssignStmt:
			if len(s.Lhs) != 1 || len(s.Rhs) != 1 {
				return false
			}
			if x, ok := s.Lhs[0].(*ast.Ident); !ok || w.p.Info.ObjectOf(x) != obj {
				return false
			}
			op, by := s.Tok, s.Rhs[0]
			if b, ok := ast.Unparen(by).(*ast.BinaryExpr); ok && s.Tok == token.ASSIGN {
				if x, ok := ast.Unparen(b.X).(*ast.Ident); !ok || w.p.Info.ObjectOf(x) != obj {
					return false
				}
				by = b.Y
				op = map[token.Token]token.Token{
					token.ADD: token.ADD_ASSIGN, token.SUB: token.SUB_ASSIGN, token.MUL: token.MUL_ASSIGN,
					token.QUO: token.QUO_ASSIGN, token.SHL: token.SHL_ASSIGN, token.SHR: token.SHR_ASSIGN,
				}[b.Op]
			}
			switch op {
			case token.ADD_ASSIGN, token.SUB_ASSIGN:
				n := w.extents.value(by, maxDepth-1)
				st, down = &stride{n: n.N, variable: !n.known()}, op == token.SUB_ASSIGN
				return true
			case token.MUL_ASSIGN, token.SHL_ASSIGN, token.QUO_ASSIGN, token.SHR_ASSIGN:
				st, down = &stride{factor: true}, op == token.QUO_ASSIGN || op == token.SHR_ASSIGN
				return true
			}
		}
		return false
	}
	if s.Post != nil && try(s.Post) {
		return st, down
	}
	for _, b := range s.Body.List {
		if try(b) {
			return st, down
		}
	}
	return nil, false
}

// start is where a loop's counter begins.
func (w turns) start(s *ast.ForStmt, counter ast.Expr, depth int) Trip {
	id := counterOf(counter)
	if as, ok := s.Init.(*ast.AssignStmt); ok && len(as.Lhs) == len(as.Rhs) {
		for i, l := range as.Lhs {
			if x, ok := l.(*ast.Ident); ok && w.p.Info.ObjectOf(x) == w.p.Info.ObjectOf(id) {
				return w.extents.value(as.Rhs[i], depth)
			}
		}
	}
	if v, ok := w.p.Info.ObjectOf(id).(*types.Var); ok {
		return w.extents.valueOf(v, depth+1)
	}
	return factor(Many)
}

// halves reports whether a loop halves something in each iteration.
func halves(list []ast.Stmt) bool {
	found := false
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
				return false
			case *ast.AssignStmt:
				if n.Tok == token.QUO_ASSIGN || n.Tok == token.SHR_ASSIGN {
					found = true
				}
				for _, r := range n.Rhs {
					found = found || half(r)
				}
			}
			return !found
		})
	}
	return found
}

func half(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		lit, ok := ast.Unparen(e.Y).(*ast.BasicLit)
		switch e.Op {
		case token.QUO, token.SHR:
			return ok && lit.Kind == token.INT
		case token.ADD:
			return half(e.Y)
		}
	case *ast.CallExpr:
		return len(e.Args) == 1 && half(e.Args[0])
	}
	return false
}

// swaps reports whether a loop repeats until a compare-and-swap succeeds.
func (w turns) swaps(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && !found {
			if f := w.p.FuncObj(c.Fun); f != nil && f.Pkg() != nil && f.Pkg().Path() == "sync/atomic" {
				found = len(f.Name()) >= 14 && f.Name()[:14] == "CompareAndSwap"
			}
		}
		return !found
	})
	return found
}

// short is an expression as a message shows it, and nothing when it is long.
func short(e ast.Expr) string {
	s := types.ExprString(e)
	if len(s) > 40 {
		return s[:37] + "…"
	}
	return s
}
