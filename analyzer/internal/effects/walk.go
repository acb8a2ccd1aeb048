package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// The nanoseconds of what a compiled program does, to the power of two or so: measured on the
// machine that measured the table, with branches predicted and data in the cache.
const (
	nsOp       = 0.25 // arithmetic, comparison, a load or a store
	nsDivide   = 2
	nsIndex    = 0.7 // with its bounds check
	nsCall     = 1.5
	nsDynamic  = 2.5 // through an interface or a function value
	nsMapGet   = 12
	nsMapSet   = 30 // amortised growth included
	nsAppend   = 3  // amortised growth included
	nsAlloc    = 25
	nsByte     = 0.1 // to clear, copy or compare one
	nsConcat   = 30
	nsConvert  = 15 // string from bytes, or back
	nsDefer    = 2
	nsChan     = 40
	nsGo       = 250
	nsAssert   = 3
	nsMapRange = 8
)

// A walker computes the effect of one function body.
type walker struct {
	*Effects
	calls   calls
	turns   turns
	descent descent
	extents extents
	rows    rows

	p         *syntax.Package
	f         *syntax.Func
	component int        // whose calls are recursion
	loops     []ast.Node // those around, the innermost last
	handed    int        // go statements and sends so far: what is done by others
}

// walk returns a walker of a function.
func (x *Effects) walk(f *syntax.Func, component int) *walker {
	w := &walker{Effects: x, p: x.p, f: f, component: component}
	w.calls, w.turns, w.descent, w.extents, w.rows = calls{w}, turns{w}, descent{w}, extents{w}, rows{w}
	return w
}

func (w *walker) origin(what string, pos token.Pos) *Origin {
	o := &Origin{What: what, At: w.at(pos), pos: pos, place: pos}
	if w.f != nil {
		if d := w.f.Declared(); d != nil {
			o.In = d.Name()
		}
	}
	return o
}

// channel is the origin of a wait for another goroutine.
func (w *walker) channel(what string, pos token.Pos) *Origin {
	o := w.origin(what, pos)
	o.Inner = true
	return o
}

func (w *walker) body() Effect { return w.block(w.f.Body.List) }

func (w *walker) block(list []ast.Stmt) Effect {
	var e Effect
	for i, s := range list {
		if s, ok := s.(*ast.IfStmt); ok && slices.ContainsFunc(syntax.IfBranches(s), func(b syntax.Branch) bool {
			return leaves(b.Body) && w.keeps(b, token.NEQ, list[i+1:])
		}) {
			w.stmt(&e, s)
			made := w.block(list[i+1:])
			made.Cost, made.Holds, made.Keeps = Cost{}, nil, nil
			e.then(&made)
			return e
		}
		w.stmt(&e, s)
	}
	return e
}

// stmt adds the effect of a statement to e.
func (w *walker) stmt(e *Effect, s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		w.expr(e, s.X)
	case *ast.AssignStmt:
		w.assign(e, s)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok && d.Tok == token.VAR {
			for _, spec := range d.Specs {
				w.exprs(e, spec.(*ast.ValueSpec).Values)
			}
		}
	case *ast.IncDecStmt:
		w.store(e, s.X)
	case *ast.ReturnStmt:
		w.exprs(e, s.Results)
	case *ast.BlockStmt:
		for _, s := range s.List {
			w.stmt(e, s)
		}
	case *ast.IfStmt:
		w.ifStmt(e, s)
	case *ast.ForStmt:
		w.turns.forStmt(e, s)
	case *ast.RangeStmt:
		w.turns.rangeStmt(e, s)
	case *ast.SwitchStmt:
		if s.Init != nil {
			w.stmt(e, s.Init)
		}
		w.expr(e, s.Tag)
		w.clauses(e, s.Tag, s.Body)
	case *ast.TypeSwitchStmt:
		if s.Init != nil {
			w.stmt(e, s.Init)
		}
		w.stmt(e, s.Assign)
		w.clauses(e, s.Assign, s.Body)
	case *ast.SelectStmt:
		w.selectStmt(e, s)
	case *ast.GoStmt:
		w.exprs(e, s.Call.Args)
		e.then(&Effect{Cost: Cost{NS: nsGo}})
		w.handed++
	case *ast.DeferStmt:
		e.Cost.NS += nsDefer
		w.calls.call(e, s.Call)
	case *ast.SendStmt:
		w.expr(e, s.Chan)
		w.expr(e, s.Value)
		w.send(e, s)
	case *ast.LabeledStmt:
		w.stmt(e, s.Stmt)
	}
}

func (w *walker) assign(e *Effect, s *ast.AssignStmt) {
	w.exprs(e, s.Rhs)
	for _, x := range s.Lhs {
		w.store(e, x)
	}
	if s.Tok == token.ADD_ASSIGN && isString(w.p.Info.TypeOf(s.Lhs[0])) {
		e.Cost.NS += nsConcat
	}
}

// store adds the cost of an assignment to x.
func (w *walker) store(e *Effect, x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		e.Cost.NS += nsOp
	case *ast.IndexExpr:
		if isMap(w.p.Info.TypeOf(x.X)) {
			e.Cost.NS += nsMapSet
		}
		w.expr(e, x.X)
		w.expr(e, x.Index)
		e.Cost.NS += nsIndex
	default:
		w.expr(e, x)
	}
}

// ifStmt takes the larger branch. What is done only because of an error is no plausible cost and
// no plausible footprint, but it may wait.
func (w *walker) ifStmt(e *Effect, s *ast.IfStmt) {
	if s.Init != nil {
		w.stmt(e, s.Init)
	}
	w.expr(e, s.Cond)
	if tv := w.p.Info.Types[s.Cond]; tv.Value != nil && tv.Value.String() == "false" {
		return // a debugging switch, off
	}
	var all Effect
	_, chain := s.Else.(*ast.IfStmt)
	for i, b := range syntax.IfBranches(s) {
		e.rec.memo = e.rec.memo || w.lookup(b)
		one := w.branch(b, chain && i == 1)
		all.or(&one)
	}
	e.then(&all)
}

// branch is the effect of a branch. An else if is taken as often as the branches that it has.
func (w *walker) branch(b syntax.Branch, chain bool) Effect {
	e := w.block(b.Body)
	switch {
	case w.onError(b, token.NEQ) && leaves(b.Body), w.keeps(b, token.EQL, b.Body):
		e.Cost, e.Holds, e.Keeps = Cost{}, nil, nil
	case !w.onError(b, token.EQL) && !chain:
		e.Cost, e.Holds, e.Keeps = e.Cost.branch(), e.Holds.branch(), e.Keeps.branch()
	}
	return e
}

// onError reports whether an error is nil, or for the other operator is not, in a branch.
func (w *walker) onError(b syntax.Branch, op token.Token) bool {
	if both, ok := b.Cond.(*ast.BinaryExpr); ok && both.Op == token.LAND && b.Is {
		return w.onError(b.When(both.X), op) || w.onError(b.When(both.Y), op)
	}
	x, y, ok := b.Compares(op)
	if !ok {
		return false
	}
	t := w.p.Info.TypeOf(x)
	return t != nil && w.p.Info.Types[y].IsNil() && types.Identical(t, types.Universe.Lookup("error").Type())
}

// leaves reports whether a block ends in a jump out of it.
func leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt, *ast.BranchStmt:
		return true
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		if !ok {
			return false
		}
		id, ok := c.Fun.(*ast.Ident)
		return ok && id.Name == "panic"
	}
	return false
}

// keeps reports whether in a branch something that outlives the function is nil, or empty (for the
// other operator: is not), and whether statements set it: they run once, whoever comes first, and what
// they burn is no task's cost.
func (w *walker) keeps(b syntax.Branch, op token.Token, list []ast.Stmt) bool {
	x, y, ok := b.Compares(op)
	if !ok && op == token.NEQ {
		x, y, ok = b.Compares(token.GTR)
	}
	if !ok {
		return false
	}
	switch c, ok := ast.Unparen(x).(*ast.CallExpr); {
	case w.p.Info.Types[y].IsNil():
	case ok && builtin(w.p.Info, c.Fun) == "len" && isZero(w.p.Info, y):
		x = c.Args[0]
	default:
		return false
	}
	v := w.p.Variable(x)
	if v == nil || !v.IsField() && (v.Pkg() == nil || v.Parent() != v.Pkg().Scope()) || w.emptied(v) ||
		types.Identical(v.Type(), types.Universe.Lookup("error").Type()) { // an error that stays: it sends away who comes later
		return false
	}
	name := types.ExprString(x)
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		as, ok := s.(*ast.AssignStmt)
		return ok && slices.ContainsFunc(as.Lhs, func(l ast.Expr) bool { return types.ExprString(l) == name })
	})
}

// emptied reports whether a variable is set to nil or to a part of itself anywhere: a buffer is filled
// again, a cache is made anew.
func (w *walker) emptied(v *types.Var) bool {
	return slices.ContainsFunc(w.p.Var(v).Defs, func(d syntax.Def) bool {
		if d.Kind != syntax.Assign || d.Expr == nil {
			return false
		}
		s, ok := ast.Unparen(d.Expr).(*ast.SliceExpr)
		return w.p.Info.Types[d.Expr].IsNil() || ok && w.p.Variable(s.X) == v
	})
}

// lookup reports whether a branch leaves by whether a map holds something, after v, ok := m[k]: a
// recursion that does so computes each value once, or ends where the map does.
func (w *walker) lookup(b syntax.Branch) bool {
	v := w.p.Variable(b.Cond)
	if v == nil || !leaves(b.Body) {
		return false
	}
	d, _ := w.p.Latest(v, b.Cond.Pos())
	ix, ok := ast.Unparen(d.Expr).(*ast.IndexExpr)
	return ok && d.Result == 1 && isMap(w.p.Info.TypeOf(ix.X))
}

// clauses are those of a switch, one of which is taken.
func (w *walker) clauses(e *Effect, tag ast.Node, body *ast.BlockStmt) {
	var all Effect
	for _, s := range body.List {
		c, ok := s.(*ast.CaseClause)
		if !ok {
			continue
		}
		w.exprs(e, c.List)
		b := syntax.Branch{Is: true, Body: c.Body}
		if len(c.List) == 1 && tag == nil {
			b = b.When(c.List[0])
			e.rec.memo = e.rec.memo || w.lookup(b)
		}
		one := w.branch(b, false)
		all.or(&one)
	}
	e.then(&all)
}

// selectStmt waits unless it has a default. Sending to whom it may concern, or a stop signal, is
// no unmistakable wait: there may be room, unless the channel is made without any.
func (w *walker) selectStmt(e *Effect, s *ast.SelectStmt) {
	polls, meets := false, false
	var all Effect
	for _, s := range s.Body.List {
		c := s.(*ast.CommClause)
		if c.Comm == nil {
			polls = true
		}
		switch comm := c.Comm.(type) {
		case *ast.SendStmt:
			w.expr(e, comm.Value)
			w.handed++
			meets = meets || w.room(comm.Chan) == unbuffered
		case *ast.ExprStmt, *ast.AssignStmt:
			meets = meets || !w.stopSignal(received(comm))
		}
		one := w.block(c.Body)
		all.or(&one)
	}
	wait := Effect{Cost: Cost{NS: nsChan}}
	if !polls {
		wait.Waits, wait.Clear = w.channel("select", s.Pos()), meets
	}
	e.then(&wait)
	e.then(&all)
}

// received is the channel of a receive statement.
func received(s ast.Stmt) ast.Expr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	}
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// stopSignal reports whether a channel is a context's Done or one of empty structs.
func (w *walker) stopSignal(ch ast.Expr) bool {
	if ch == nil {
		return false
	}
	t := w.p.Info.TypeOf(ch)
	if t == nil {
		return false
	}
	c, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := c.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// send waits unless the channel was made with room; of the sends of a loop, for all of them.
func (w *walker) send(e *Effect, s *ast.SendStmt) {
	w.handed++
	one := Effect{Cost: Cost{NS: nsChan}}
	switch r := w.room(s.Chan); {
	case r == unbuffered:
		one.Waits, one.Clear = w.channel("a send", s.Arrow), true
	case r == unknownRoom, r == buffered && len(w.loops) > 0:
		one.Waits = w.channel("a send", s.Arrow)
	}
	e.then(&one)
}

type room uint8

const (
	unknownRoom room = iota
	unbuffered
	buffered
	bufferedForAll // as long as a collection is
)

// room says what is known of the buffer of a channel.
func (w *walker) room(ch ast.Expr) room {
	v := w.p.Variable(ch)
	if v == nil {
		return unknownRoom
	}
	known := unknownRoom
	for _, d := range w.p.Var(v).Defs {
		if d.Kind == syntax.Zero {
			continue
		}
		if d.Kind != syntax.Assign && d.Kind != syntax.Literal || d.Expr == nil {
			return unknownRoom
		}
		c, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if !ok || builtin(w.p.Info, c.Fun) != "make" {
			return unknownRoom
		}
		r := buffered
		switch {
		case len(c.Args) == 1 || isZero(w.p.Info, c.Args[1]):
			r = unbuffered
		case w.isLength(c.Args[1]):
			r = bufferedForAll
		}
		if known != unknownRoom && known != r {
			return unknownRoom
		}
		known = r
	}
	if known >= buffered && v.IsField() && v.Exported() {
		return unknownRoom
	}
	return known
}

// isLength reports whether a number is that of a collection's elements.
func (w *walker) isLength(n ast.Expr) bool {
	if v := w.p.Variable(n); v != nil {
		if d, ok := w.extents.definition(v); ok && d.Expr != nil {
			n = d.Expr
		}
	}
	c, ok := ast.Unparen(n).(*ast.CallExpr)
	return ok && builtin(w.p.Info, c.Fun) == "len"
}

// receive waits. One whose value is thrown away gives a token back as often as it waits.
func (w *walker) receive(e *Effect, u *ast.UnaryExpr) {
	w.expr(e, u.X)
	e.then(&Effect{
		Waits: w.channel("a receive", u.Pos()),
		Clear: !w.stopSignal(u.X) || w.room(u.X) == unbuffered,
		Cost:  Cost{NS: nsChan},
	})
}

func (w *walker) exprs(e *Effect, list []ast.Expr) {
	for _, x := range list {
		w.expr(e, x)
	}
}

// expr adds the effect of evaluating an expression to e. A function literal is only made.
func (w *walker) expr(e *Effect, x ast.Expr) {
	switch x := x.(type) {
	case nil, *ast.Ident, *ast.BasicLit:
	case *ast.ParenExpr:
		w.expr(e, x.X)
	case *ast.CallExpr:
		w.calls.call(e, x)
	case *ast.BinaryExpr:
		w.binary(e, x)
	case *ast.UnaryExpr:
		switch x.Op {
		case token.ARROW:
			w.receive(e, x)
		case token.AND:
			if _, ok := x.X.(*ast.CompositeLit); ok {
				e.Cost.NS += nsAlloc
			}
			w.expr(e, x.X)
		default:
			w.expr(e, x.X)
			e.Cost.NS += nsOp
		}
	case *ast.SelectorExpr:
		w.expr(e, x.X)
		e.Cost.NS += nsOp
	case *ast.IndexExpr:
		w.expr(e, x.X)
		if isMap(w.p.Info.TypeOf(x.X)) {
			e.Cost.NS += nsMapGet
		}
		w.expr(e, x.Index)
		e.Cost.NS += nsIndex
	case *ast.SliceExpr:
		w.expr(e, x.X)
		w.expr(e, x.Low)
		w.expr(e, x.High)
		e.Cost.NS += nsIndex
	case *ast.StarExpr:
		w.expr(e, x.X)
		e.Cost.NS += nsOp
	case *ast.TypeAssertExpr:
		w.expr(e, x.X)
		e.Cost.NS += nsAssert
	case *ast.KeyValueExpr:
		w.expr(e, x.Key)
		w.expr(e, x.Value)
	case *ast.CompositeLit:
		switch t := w.p.Info.TypeOf(x); {
		case isMap(t):
			e.Cost.NS += nsAlloc + nsMapSet*float64(len(x.Elts))
		case isSlice(t):
			e.Cost.NS += nsAlloc
		}
		for _, elt := range x.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				elt = kv.Value
			}
			w.expr(e, elt)
			e.Cost.NS += nsOp
		}
	case *ast.FuncLit:
		e.Cost.NS += nsAlloc
	}
}

func (w *walker) binary(e *Effect, x *ast.BinaryExpr) {
	if tv := w.p.Info.Types[x]; tv.Value != nil {
		return // computed by the compiler
	}
	w.expr(e, x.X)
	w.expr(e, x.Y)
	switch t := w.p.Info.TypeOf(x.X); {
	case isString(t) && x.Op == token.ADD:
		e.Cost.NS += nsConcat
	case x.Op == token.QUO || x.Op == token.REM:
		e.Cost.NS += nsDivide
		if tv := w.p.Info.Types[x.Y]; tv.Value != nil {
			e.Cost.NS += nsOp - nsDivide // a multiplication, in fact
		}
	default:
		e.Cost.NS += nsOp
	}
}

func isString(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func isSlice(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

func isZero(info *types.Info, e ast.Expr) bool {
	tv := info.Types[e]
	return tv.Value != nil && tv.Value.String() == "0"
}

// builtin is the name of the builtin function that an expression denotes, or "".
func builtin(info *types.Info, fun ast.Expr) string {
	if id, ok := ast.Unparen(fun).(*ast.Ident); ok {
		if b, ok := info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	if sel, ok := ast.Unparen(fun).(*ast.SelectorExpr); ok {
		if b, ok := info.Uses[sel.Sel].(*types.Builtin); ok {
			return b.Name() // of package unsafe
		}
	}
	return ""
}

// paramIndex is the index of a parameter of the function at hand that nothing else is assigned
// to, or -1.
func (w *walker) paramIndex(v *types.Var) int {
	if w.f == nil || w.f.Sig == nil || v.IsField() {
		return -1
	}
	params := w.f.Sig.Params()
	for i := range min(params.Len(), 127) {
		if params.At(i) == v {
			return i
		}
	}
	return -1
}

func (w *walker) recv() *types.Var {
	if w.f == nil || w.f.Sig == nil {
		return nil
	}
	return w.f.Sig.Recv()
}

// assigned reports whether a variable has another definition than being a parameter, or has its
// address taken.
func (w *walker) assigned(v *types.Var) bool {
	return slices.ContainsFunc(w.p.Var(v).Defs, func(d syntax.Def) bool {
		return d.Kind != syntax.Param && d.Kind != syntax.Update
	})
}
