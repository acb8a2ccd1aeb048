package number

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// loops says how often a loop runs.
type loops struct{ *Numbers }

// Trips is how often a loop comes to a place in it.
func (n *Numbers) Trips(loop inspector.Cursor, at ast.Node) Number {
	x := n.loops.trips(loop.Node(), at, nil)
	if n.depth == 0 && n.spent() {
		x = unknown(loop.Node().Pos(), knowledge.Unsaid, TooFar)
	}
	if x.Kind != Bounded && n.covered(loop.Node().Pos(), "bounded") {
		return bounded(loop.Node().Pos(), "//poollint:bounded")
	}
	return x
}

func (n loops) trips(loop, at ast.Node, fr *frame) Number {
	if _, ok := loop.(*ast.RangeStmt); ok {
		at = nil // it is the same everywhere
	}
	return n.once([4]any{"trips", loop, at, fr}, fr, func() Number {
		switch loop := loop.(type) {
		case *ast.RangeStmt:
			return n.rangeTrips(loop, fr)
		case *ast.ForStmt:
			return n.forTrips(loop, at, fr)
		}
		return Number{}
	})
}

func (n loops) rangeTrips(loop *ast.RangeStmt, fr *frame) Number {
	t := n.Info.TypeOf(loop.X)
	if t == nil {
		return Number{}
	}
	var x Number
	switch u := t.Underlying().(type) {
	case *types.Chan:
		x = n.channel(loop.X, u.Elem(), fr)
	case *types.Basic:
		x = n.values.of(loop.X, nil, fr)
		if u.Info()&types.IsInteger == 0 {
			x.Kind = min(x.Kind, Unknown)
		}
	default:
		x = n.values.of(loop.X, nil, fr)
		if x.Kind == None {
			x = unknown(loop.X.Pos(), knowledge.Unsaid, "")
		}
	}
	if at := n.values.cut(loop.X, fr); at != nil && x.Kind == Unknown {
		x.Of = at
	}
	if x.Of == nil {
		x.Of = loop.X
	}
	return x
}

func (n loops) forTrips(loop *ast.ForStmt, at ast.Node, fr *frame) Number {
	if loop.Cond == nil {
		return n.readers.driven(loop, at, fr)
	}
	cond := ast.Unparen(loop.Cond)
	if b, ok := cond.(*ast.BinaryExpr); ok && b.Op == token.LAND {
		x := n.while(loop, b.X, at, fr)
		y := n.while(loop, b.Y, at, fr)
		return less(x, y)
	}
	return n.while(loop, cond, at, fr)
}

// while is how often a loop runs while a condition is so.
func (n loops) while(loop *ast.ForStmt, cond ast.Expr, at ast.Node, fr *frame) Number {
	switch c := ast.Unparen(cond).(type) {
	case *ast.CallExpr:
		if x, ok := n.readers.stepped(c, fr); ok {
			return x
		}
	case *ast.BinaryExpr:
		if x, y := c.X, c.Y; c.Op == token.NEQ && (n.checks.isNil(x) || n.checks.isNil(y)) {
			if n.checks.isNil(x) {
				x = y
			}
			if x, ok := n.linked(loop, x, fr); ok {
				return x
			}
			break
		}
		if t := n.Info.TypeOf(c.X); t == nil || !isInteger(t) {
			break
		}
		if x, ok := n.counted(loop, c, fr); ok {
			return x
		}
	}
	return n.readers.driven(loop, at, fr)
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// linked is the number of elements of a linked list: for e := first; e != nil; e = e.next.
func (n loops) linked(loop *ast.ForStmt, e ast.Expr, fr *frame) (Number, bool) {
	v := n.Variable(e)
	if v == nil || !pointer(v.Type()) && !types.IsInterface(v.Type()) {
		return Number{}, false
	}
	follows := false
	look := func(s ast.Node) {
		if s == nil {
			return
		}
		ast.Inspect(s, func(m ast.Node) bool {
			if as, ok := m.(*ast.AssignStmt); ok {
				for i, lhs := range as.Lhs {
					if n.Variable(lhs) == v && i < len(as.Rhs) {
						if w, p, ok := n.places.place(as.Rhs[i]); ok && w == v && len(p) > 0 {
							follows = true
						}
					}
				}
			}
			return !follows
		})
	}
	if loop.Post != nil {
		look(loop.Post)
	}
	look(loop.Body)
	if !follows {
		return Number{}, false
	}
	var x Number
	if as, ok := loop.Init.(*ast.AssignStmt); ok {
		for i, lhs := range as.Lhs {
			if n.Variable(lhs) == v && i < len(as.Rhs) {
				x = n.values.of(as.Rhs[i], nil, fr)
			}
		}
	} else {
		x = n.values.of(e, nil, fr)
	}
	if x.Kind == None || x.Kind == Unknown {
		names := x.Names
		x = grows(e.Pos(), knowledge.Links, "the elements of a list").named(names...)
	}
	x.Of = e
	return x, true
}

// counted is the number of turns of a loop that counts: i < n, i += step.
func (n loops) counted(loop *ast.ForStmt, c *ast.BinaryExpr, fr *frame) (Number, bool) {
	small, large, ok := Ordered(c, true)
	if !ok {
		if c.Op != token.NEQ {
			return Number{}, false
		}
		small, large = c.X, c.Y
	}
	if n.moves(loop, small) || n.moves(loop, large) {
		if x := n.values.between(n.start(loop, small), n.start(loop, large), fr); x.Kind == Bounded {
			return x, true
		}
	}
	if n.moves(loop, large) && !n.moves(loop, small) { // while it is larger: for len(xs) > 0, for n > 0; n--
		x := n.values.of(large, nil, fr)
		return x, x.Kind == Grows || x.Kind == Bounded
	}
	x := n.values.of(large, nil, fr)
	if step := n.step(loop, small); step != nil && x.Kind != Bounded && n.proportional(step, large, fr) {
		return bounded(step.Pos(), "a number of parts"), true
	}
	if !n.moves(loop, small) {
		return Number{}, false
	}
	if x.Of == nil {
		x.Of = large
	}
	return x, true
}

// start is what an expression is before the first turn of a loop: what its head gives to a counter, or itself.
func (n loops) start(loop *ast.ForStmt, e ast.Expr) ast.Expr {
	v := n.Variable(e)
	if as, ok := loop.Init.(*ast.AssignStmt); ok && v != nil && len(as.Lhs) == len(as.Rhs) {
		for i, lhs := range as.Lhs {
			if n.Variable(lhs) == v {
				return as.Rhs[i]
			}
		}
	}
	return e
}

// moves reports whether a loop changes what an expression says.
func (n loops) moves(loop *ast.ForStmt, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(m ast.Node) bool {
		id, ok := m.(*ast.Ident)
		if !ok || found {
			return !found
		}
		v, ok := n.Info.ObjectOf(id).(*types.Var)
		if !ok {
			return true
		}
		for _, d := range n.Var(v.Origin()).Defs {
			at := d.Cur.Node().Pos()
			if loop.Body.Pos() <= at && at < loop.Body.End() || loop.Post != nil && loop.Post.Pos() <= at && at < loop.Post.End() {
				found = true
			}
		}
		return !found
	})
	return found
}

// step is what a loop adds to its counter in each turn, nil if that is one or not to be seen.
func (n loops) step(loop *ast.ForStmt, counter ast.Expr) ast.Expr {
	v := n.Variable(counter)
	if v == nil {
		return nil
	}
	for _, d := range n.Var(v).Defs {
		as, ok := d.Cur.Node().(*ast.AssignStmt)
		if !ok || as.Pos() < loop.Pos() || as.End() > loop.End() {
			continue
		}
		if as.Tok == token.ADD_ASSIGN {
			return as.Rhs[0]
		}
		if b, ok := ast.Unparen(as.Rhs[0]).(*ast.BinaryExpr); ok && b.Op == token.ADD && n.Variable(b.X) == v {
			return b.Y
		}
	}
	return nil
}

// proportional reports whether a number is at least a fixed part of another: max(len(xs)/5, 10) of
// len(xs).
func (n loops) proportional(e, of ast.Expr, fr *frame) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if n.calls.builtin(e) == "max" {
			for _, a := range e.Args {
				if n.proportional(a, of, fr) {
					return true
				}
			}
		}
		if n.Info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return n.proportional(e.Args[0], of, fr)
		}
		if f := n.FuncObj(e.Fun); f != nil && len(e.Args) == 1 { // math.Ceil
			return n.proportional(e.Args[0], of, fr)
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.QUO:
			return n.atLeast(e.X, of) && n.values.of(e.Y, nil, fr).Kind != Grows
		case token.ADD:
			return n.proportional(e.X, of, fr) || n.proportional(e.Y, of, fr)
		case token.MUL:
			return false
		}
	case *ast.Ident:
		v := n.Variable(e)
		if v == nil || v.IsField() || !n.enter([3]any{"proportional", v, of}) {
			return false
		}
		defer n.leave([3]any{"proportional", v, of})
		some := false
		for _, d := range n.Var(v).Defs {
			switch {
			case d.Kind == syntax.Update: // size++ only makes it larger
				if s, ok := d.Cur.Node().(*ast.IncDecStmt); ok && s.Tok == token.INC {
					continue
				}
				return false
			case d.Kind != syntax.Assign:
				return false
			case n.raises(d, v):
				continue
			case !n.proportional(d.Expr, of, fr):
				return false
			}
			some = true
		}
		return some
	}
	return false
}

// raises reports whether an assignment can only make a number larger: if v < e { v = e }.
func (n loops) raises(d syntax.Def, v *types.Var) bool {
	if d.In == nil {
		return false
	}
	failed := false
	entry, known := n.back(d.In, d.Cur.Node(), func(s ast.Node) bool {
		failed = failed || n.checks.assigns(s, v)
		return failed
	}, func(t paths.Test) bool {
		cond, is := t.Compared()
		for not, ok := ast.Unparen(cond).(*ast.UnaryExpr); ok && not.Op == token.NOT; not, ok = ast.Unparen(cond).(*ast.UnaryExpr) {
			cond, is = not.X, !is
		}
		c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
		if !ok {
			return false
		}
		if small, _, ok := Ordered(c, is); ok && n.Variable(small) == v {
			return true
		}
		return is == (c.Op == token.EQL) && (c.Op == token.EQL || c.Op == token.NEQ) && n.Variable(c.X) == v && n.values.zero(c.Y)
	})
	return known && !entry && !failed
}

// lenOf is what an expression is the length of, also one that was made for a loop over it; or nil.
func (n loops) lenOf(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok || id.Name != "len" || n.Info.Uses[id] != nil && n.calls.builtin(call) == "" {
		return nil
	}
	return call.Args[0]
}

// atLeast reports whether a number is another, or that and more.
func (n loops) atLeast(e, of ast.Expr) bool {
	e, of = ast.Unparen(e), ast.Unparen(of)
	if types.ExprString(e) == types.ExprString(of) {
		return true
	}
	if xs := n.lenOf(of); xs != nil && isLen(n.Numbers, e, xs) {
		return true
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return n.atLeast(e.X, of) || n.atLeast(e.Y, of)
		}
		if e.Op == token.SUB {
			return n.atLeast(e.X, of)
		}
	case *ast.CallExpr:
		if n.Info.Types[e.Fun].IsType() && len(e.Args) == 1 {
			return n.atLeast(e.Args[0], of)
		}
	}
	for _, x := range []ast.Expr{e, of} { // count := len(xs)
		v := n.Variable(x)
		if v == nil || v.IsField() {
			continue
		}
		if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil {
			if x == e {
				return n.atLeast(d.Expr, of)
			}
			return types.ExprString(ast.Unparen(d.Expr)) == types.ExprString(e)
		}
	}
	return false
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// channel is how much comes out of a channel.
func (n loops) channel(ch ast.Expr, el types.Type, fr *frame) Number {
	if hollow(el) {
		return unknown(ch.Pos(), knowledge.Own, "events")
	}
	if t := n.base.Type(el); t != nil && t.Origin < knowledge.Parameter {
		return grows(ch.Pos(), t.Origin, t.Text)
	}
	x := grows(ch.Pos(), knowledge.Messages, "a channel").named(n.calls.calledIn(ch)...)
	if call, ok := ast.Unparen(ch).(*ast.CallExpr); ok {
		if c := n.Call(call); c != nil && c.Callee != nil {
			if row := n.base.Func(c.Callee); row != nil && row.Origin != knowledge.Unsaid {
				return grows(c.NamePos(), row.Origin, row.Text)
			}
			x.Why = "streamed by " + callName(c)
			x = x.named(c.Callee.Name())
		}
		return x
	}
	if s, ok := ast.Unparen(ch).(*ast.SelectorExpr); ok {
		if row := n.base.Field(n.Info.TypeOf(s.X), s.Sel.Name); row != nil {
			return grows(ch.Pos(), row.Origin, row.Text)
		}
	}
	v := n.Variable(ch)
	if v == nil {
		return x
	}
	if n.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	if sent, ok := n.sent(v, fr); ok {
		if sent.Kind == Bounded {
			return sent
		}
		if sent.Kind == Grows || sent.Origin != knowledge.Unsaid {
			sent.Why = "a stream, " + sent.Why
			sent.Of = nil
			return sent.named(v.Name())
		}
	}
	if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil {
		if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && n.calls.builtin(call) == "" {
			if c := n.Call(call); c != nil && c.Callee != nil {
				if row := n.base.Func(c.Callee); row != nil && row.Origin != knowledge.Unsaid {
					return grows(c.NamePos(), row.Origin, row.Text)
				}
				x = x.named(c.Callee.Name())
			}
		}
	}
	return x
}

// sent is how much is sent into a channel that is made and used by one function and its literals; false
// if others may send too.
func (n loops) sent(v *types.Var, fr *frame) (Number, bool) {
	if v.IsField() || global(v) || !n.enter([2]any{"sent", v}) {
		return Number{}, false
	}
	defer n.leave([2]any{"sent", v})
	var x Number
	for _, u := range n.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.SendStmt_Chan:
			x = join(x, n.frequency.times(u.Parent().Node(), v.Pos(), fr))
		case edge.UnaryExpr_X, edge.RangeStmt_X, edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		case edge.CallExpr_Args:
			if n.calls.builtin(u.Parent().Node().(*ast.CallExpr)) == "" {
				return Number{}, false
			}
		default:
			return Number{}, false
		}
	}
	if d, ok := n.Only(v); !ok || d.Kind == syntax.Param {
		return Number{}, false
	}
	return x, x.Kind != None
}

// hollow reports whether what a channel delivers has no content: it says that something has happened.
func hollow(t types.Type) bool {
	if isError(t) {
		return true
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.Bool
	case *types.Struct:
		return u.NumFields() == 0
	}
	return false
}

// received is how much an element of a channel holds.
func (n loops) received(ch ast.Expr, p path, fr *frame) Number {
	if el := elem(n.Info.TypeOf(ch)); len(p) == 0 && el != nil && isInteger(el) {
		return unknown(ch.Pos(), knowledge.Answer, "a number received from a channel")
	}
	return n.values.orField(unknown(ch.Pos(), knowledge.Messages, "values received from a channel"), p)
}

// Over is the collection that a loop goes through, by range or by an index up to its length; nil if there
// is none.
func (n *Numbers) Over(loop inspector.Cursor) ast.Expr {
	switch l := loop.Node().(type) {
	case *ast.RangeStmt:
		if t := n.Info.TypeOf(l.X); t == nil || !isInteger(t) {
			return l.X
		}
		return n.Int(l.X).Of
	case *ast.ForStmt:
		if c, ok := ast.Unparen(l.Cond).(*ast.BinaryExpr); ok {
			if _, large, ok := Ordered(c, true); ok {
				return n.Int(large).Of
			}
			if c.Op == token.NEQ {
				return n.Int(c.Y).Of
			}
		}
	}
	return nil
}
