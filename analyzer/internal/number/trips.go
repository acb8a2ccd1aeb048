package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Trips is how often a loop comes to a place in it.
func (n *Numbers) Trips(loop inspector.Cursor, at ast.Node) Number {
	x := n.trips(loop.Node(), at, nil)
	if n.depth == 0 && n.spent() {
		x = unknown(loop.Node().Pos(), knowledge.Unsaid, TooFar)
	}
	if x.Kind != Bounded && n.covered(loop.Node().Pos(), "bounded") {
		return bounded(loop.Node().Pos(), "//poollint:bounded")
	}
	return x
}

func (n *Numbers) trips(loop, at ast.Node, fr *frame) Number {
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

func (n *Numbers) rangeTrips(loop *ast.RangeStmt, fr *frame) Number {
	t := n.Info.TypeOf(loop.X)
	if t == nil {
		return Number{}
	}
	var x Number
	switch u := t.Underlying().(type) {
	case *types.Chan:
		x = n.channel(loop.X, u.Elem(), fr)
	case *types.Basic:
		x = n.of(loop.X, nil, fr)
		if u.Info()&types.IsInteger == 0 {
			x.Kind = min(x.Kind, Unknown)
		}
	default:
		x = n.of(loop.X, nil, fr)
		if x.Kind == None {
			x = unknown(loop.X.Pos(), knowledge.Unsaid, "")
		}
	}
	if at := n.cut(loop.X, fr); at != nil && x.Kind == Unknown {
		x.Of = at
	}
	if x.Of == nil {
		x.Of = loop.X
	}
	return x
}

func (n *Numbers) forTrips(loop *ast.ForStmt, at ast.Node, fr *frame) Number {
	if loop.Cond == nil {
		return n.driven(loop, at, fr)
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
func (n *Numbers) while(loop *ast.ForStmt, cond ast.Expr, at ast.Node, fr *frame) Number {
	switch c := ast.Unparen(cond).(type) {
	case *ast.CallExpr:
		if x, ok := n.stepped(c, fr); ok {
			return x
		}
	case *ast.BinaryExpr:
		if n.isNil(c.Y) && c.Op == token.NEQ {
			if x, ok := n.linked(loop, c.X, fr); ok {
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
	return n.driven(loop, at, fr)
}

// stepped is the number of what a condition steps through: for it.Next().
func (n *Numbers) stepped(call *ast.CallExpr, fr *frame) (Number, bool) {
	c := n.Call(call)
	if c == nil || c.Callee == nil {
		return Number{}, false
	}
	x := Number{}
	if row := n.base.Func(c.Callee); row != nil && row.Does == knowledge.One {
		x, _ = n.byRow(c, row, 0, nil, fr)
		if r := c.Recv(); r != nil && x.Kind == Grows && n.limitedSource(r) {
			return bounded(c.NamePos(), "a page"), true
		}
	} else {
		sig := c.Callee.Signature()
		res := sig.Results()
		if c.Recv() == nil || res.Len() != 1 || !isBool(res.At(0).Type()) || len(call.Args) > 1 || !knowledge.StepsOn(c.Callee.Name()) {
			return Number{}, false
		}
		x = grows(c.NamePos(), knowledge.Listing, "from the iterator "+types.ExprString(c.Recv()))
		if t := syntax.Named(n.Info.TypeOf(c.Recv())); t != nil && knowledge.SaysPager(t.Obj().Name()) {
			x.Origin, x.Why = knowledge.Pages, "pages from "+types.ExprString(c.Recv())
		}
		x = n.orRead(x, c.Recv(), fr)
	}
	return n.from(x, c.Recv()), true
}

// from is a number of what comes one by one from a value, if that is one.
func (n *Numbers) from(x Number, r ast.Expr) Number {
	if r == nil {
		return x
	}
	x.Of = r
	x = x.named(n.calledIn(r)...)
	if v := n.Variable(r); v != nil {
		if d, ok := n.Only(v); ok && d.Expr != nil {
			if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
				if f := n.FuncObj(call.Fun); f != nil {
					x = x.named(f.Name())
				}
			}
		}
		if t := syntax.Named(v.Type()); t != nil {
			x = x.named(t.Obj().Name())
		}
	}
	return x
}

// orRead is a number of what comes from a value, which may have been made of something that it reads:
//
//	p := NewParser(file); for p.Next() { … }
func (n *Numbers) orRead(x Number, r ast.Expr, fr *frame) Number {
	if y := n.of(r, nil, fr); y.Kind == Grows && y.Origin > x.Origin {
		x.Origin, x.Why = y.Origin, y.Why
		return x.named(y.Names...)
	}
	return x
}

// drawn is the number of what a method that nobody sees gives one by one: it is called so, is told at most how
// long to wait and how many to give, and says when it fails or there is no more.
func (n *Numbers) drawn(c *syntax.Call, fr *frame) (Number, bool) {
	if c.Callee == nil || c.Recv() == nil || n.Target(c.Expr.Fun) != nil || n.base.Func(c.Callee) != nil || !knowledge.Draws(c.Callee.Name()) {
		return Number{}, false
	}
	params, results := c.Callee.Signature().Params(), c.Callee.Signature().Results()
	if results.Len() != 2 || !isError(results.At(1).Type()) && !isBool(results.At(1).Type()) {
		return Number{}, false
	}
	if _, basic := results.At(0).Type().Underlying().(*types.Basic); basic && isInteger(results.At(0).Type()) {
		return Number{}, false // how much was read into what it is given
	}
	for v := range params.Variables() {
		if !isInteger(v.Type()) && !syntax.Is(v.Type(), "context", "Context") {
			return Number{}, false
		}
	}
	if knowledge.Accepts(c.Callee.Name()) {
		return grows(c.NamePos(), knowledge.Connections, "the connections that come in"), true
	}
	x := n.orRead(grows(c.NamePos(), knowledge.Messages, "one by one from "+callName(c)), c.Recv(), fr).named(c.Callee.Name())
	if t := syntax.Named(results.At(0).Type()); t != nil {
		x = x.named(t.Obj().Name())
	}
	x.Of = c.Recv()
	return x, true
}

func isBool(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

// limitedSource reports whether a value comes from a call that is told, in SQL, how many to return.
func (n *Numbers) limitedSource(e ast.Expr) bool {
	v := n.Variable(e)
	if v == nil {
		return false
	}
	d, ok := n.Only(v)
	if !ok || d.Expr == nil {
		return false
	}
	call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
	if !ok {
		return false
	}
	for _, a := range call.Args {
		if n.limitedSQL(a) {
			return true
		}
	}
	return false
}

// linked is the number of elements of a linked list: for e := first; e != nil; e = e.next.
func (n *Numbers) linked(loop *ast.ForStmt, e ast.Expr, fr *frame) (Number, bool) {
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
						if w, p, ok := n.place(as.Rhs[i]); ok && w == v && len(p) > 0 {
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
				x = n.of(as.Rhs[i], nil, fr)
			}
		}
	} else {
		x = n.of(e, nil, fr)
	}
	if x.Kind == None || x.Kind == Unknown {
		names := x.Names
		x = grows(e.Pos(), knowledge.Links, "the elements of a list").named(names...)
	}
	x.Of = e
	return x, true
}

// counted is the number of turns of a loop that counts: i < n, i += step.
func (n *Numbers) counted(loop *ast.ForStmt, c *ast.BinaryExpr, fr *frame) (Number, bool) {
	small, large, ok := Ordered(c, true)
	if !ok {
		if c.Op != token.NEQ {
			return Number{}, false
		}
		small, large = c.X, c.Y
	}
	if n.moves(loop, small) || n.moves(loop, large) {
		if x := n.between(n.start(loop, small), n.start(loop, large), fr); x.Kind == Bounded {
			return x, true
		}
	}
	if n.moves(loop, large) && !n.moves(loop, small) { // while it is larger: for len(xs) > 0, for n > 0; n--
		x := n.of(large, nil, fr)
		return x, x.Kind == Grows || x.Kind == Bounded
	}
	x := n.of(large, nil, fr)
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
func (n *Numbers) start(loop *ast.ForStmt, e ast.Expr) ast.Expr {
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
func (n *Numbers) moves(loop *ast.ForStmt, e ast.Expr) bool {
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
func (n *Numbers) step(loop *ast.ForStmt, counter ast.Expr) ast.Expr {
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
func (n *Numbers) proportional(e, of ast.Expr, fr *frame) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		if n.builtin(e) == "max" {
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
			return n.atLeast(e.X, of) && n.of(e.Y, nil, fr).Kind != Grows
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
func (n *Numbers) raises(d syntax.Def, v *types.Var) bool {
	if d.In == nil {
		return false
	}
	failed := false
	entry, known := n.back(d.In, d.Cur.Node(), func(s ast.Node) bool {
		failed = failed || n.assigns(s, v)
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
		return is == (c.Op == token.EQL) && (c.Op == token.EQL || c.Op == token.NEQ) && n.Variable(c.X) == v && n.zero(c.Y)
	})
	return known && !entry && !failed
}

// lenOf is what an expression is the length of, also one that was made for a loop over it; or nil.
func (n *Numbers) lenOf(e ast.Expr) ast.Expr {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 {
		return nil
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok || id.Name != "len" || n.Info.Uses[id] != nil && n.builtin(call) == "" {
		return nil
	}
	return call.Args[0]
}

// atLeast reports whether a number is another, or that and more.
func (n *Numbers) atLeast(e, of ast.Expr) bool {
	e, of = ast.Unparen(e), ast.Unparen(of)
	if types.ExprString(e) == types.ExprString(of) {
		return true
	}
	if xs := n.lenOf(of); xs != nil && isLen(n, e, xs) {
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

// driven is how often a loop comes to a place that is driven by what is read in it: a receive, a
// record, a cursor that leads to the next page.
func (n *Numbers) driven(loop *ast.ForStmt, at ast.Node, fr *frame) Number {
	x := Number{Kind: Unknown, Pos: loop.Pos()}
	for _, d := range n.drivers(loop, at) {
		switch d := d.(type) {
		case *ast.UnaryExpr:
			t := n.Info.TypeOf(d.X)
			if t == nil {
				continue
			}
			ch, ok := t.Underlying().(*types.Chan)
			if !ok {
				continue
			}
			y := n.channel(d.X, ch.Elem(), fr)
			if y.Of == nil {
				y.Of = d.X
			}
			x = join(x, y)
		case *ast.CallExpr:
			c := n.Call(d)
			if c == nil {
				continue
			}
			if y, ok := n.next(c, fr); ok {
				x = join(x, y)
				continue
			}
			if n.turnsPages(loop, c) {
				x = join(x, grows(c.NamePos(), knowledge.Pages, "pages from "+callName(c)).named(callName(c)))
			}
		}
	}
	return x
}

// next is the number of what a call reads one by one, each time a further one: a record, a message, by a helper too.
func (n *Numbers) next(c *syntax.Call, fr *frame) (Number, bool) {
	if row := n.base.Func(c.Callee); row != nil && readsOne(row) {
		y, ok := n.byRow(c, row, 0, nil, fr)
		if !ok {
			y = n.source(c, row, fr)
			if y.Kind != Bounded {
				y = grows(c.NamePos(), max(y.Origin, knowledge.Records), "the documents of an input")
			}
		}
		if y.Of == nil {
			y.Of = c.Recv()
		}
		return y, true
	}
	if y, ok := n.stepped(c.Expr, fr); ok {
		return y, true
	}
	if y, ok := n.drawn(c, fr); ok {
		return y, true
	}
	return n.nextIn(c, fr)
}

// readsOne reports whether a function reads one of many that come one by one.
func readsOne(row *knowledge.Func) bool {
	return row.Does == knowledge.One ||
		row.Does == knowledge.Fills && (row.From == 0 || row.Origin == knowledge.Messages || row.Origin == knowledge.Records)
}

// nextIn is next for a function of this package that reads one of what it is given, or has.
func (n *Numbers) nextIn(c *syntax.Call, fr *frame) (x Number, ok bool) {
	f := n.Target(c.Expr.Fun)
	if f == nil || f.Decl == nil || fr.full() || !n.enter([3]any{"next", f, c}) {
		return Number{}, false
	}
	defer n.leave([3]any{"next", f, c})
	for _, in := range f.Calls {
		if in.Go != nil || in.Defer != nil || in.In != f || len(syntax.Loops(in.Cur)) > 0 || !n.readsGiven(in, f) {
			continue
		}
		if y, reads := n.next(in, fr.enter(f, c)); reads {
			y.Of = nil
			x, ok = join(x, y), true
		}
	}
	return x, ok
}

// readsGiven reports whether a call in a function reads from what that is given, or has: not from what it opens.
func (n *Numbers) readsGiven(c *syntax.Call, f *syntax.Func) bool {
	given := func(e ast.Expr) bool {
		v, _, ok := n.place(e)
		if !ok {
			return false
		}
		_, ok = Index(f, v)
		return ok
	}
	r := c.Recv()
	return r != nil && given(r) || slices.ContainsFunc(c.Expr.Args, given)
}

// drivers lists the receives and calls of a loop on the way to a place in it: the case of the select
// that the place stands in, and what comes before it in the blocks around it.
func (n *Numbers) drivers(loop *ast.ForStmt, at ast.Node) []ast.Node {
	var found []ast.Node
	add := func(root ast.Node) {
		if root == nil {
			return
		}
		ast.Inspect(root, func(m ast.Node) bool {
			switch m := m.(type) {
			case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
				return false
			case *ast.SelectStmt:
				return true
			case *ast.UnaryExpr:
				if m.Op == token.ARROW {
					found = append(found, m)
				}
			case *ast.CallExpr:
				found = append(found, m)
			}
			return true
		})
	}
	if loop.Cond != nil {
		add(loop.Cond)
	}
	c, ok := n.Package.Package.Find(at)
	if !ok {
		return nil
	}
	for c.Node() != loop {
		parent := c.Parent()
		if parent.Node() == nil {
			break
		}
		switch c.ParentEdgeKind() {
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			if c.ParentEdgeKind() == edge.CommClause_Body {
				clause := parent.Node().(*ast.CommClause)
				if clause.Comm != nil {
					var comm []ast.Node
					found, comm = nil, found
					add(clause.Comm)
					if len(found) == 0 {
						found = comm
					}
				}
				for _, s := range clause.Body {
					if s == c.Node() {
						break
					}
					add(s)
				}
				return found
			}
			for prev, ok := c.PrevSibling(); ok; prev, ok = prev.PrevSibling() {
				if s, ok := prev.Node().(ast.Stmt); ok {
					add(s)
				}
			}
		case edge.IfStmt_Body, edge.IfStmt_Else:
			s := parent.Node().(*ast.IfStmt)
			if s.Init != nil {
				add(s.Init)
			}
			add(s.Cond)
		case edge.SwitchStmt_Body:
			s := parent.Node().(*ast.SwitchStmt)
			if s.Init != nil {
				add(s.Init)
			}
			if s.Tag != nil {
				add(s.Tag)
			}
		case edge.ForStmt_Body:
			if parent.Node() == loop {
				if s := loop.Post; s != nil {
					add(s)
				}
				return found
			}
		}
		c = parent
	}
	return found
}

// turnsPages reports whether a call is given what its last answer said: a cursor, a token, an offset.
func (n *Numbers) turnsPages(loop *ast.ForStmt, c *syntax.Call) bool {
	lhs := syntax.Assigned(c.Cur)
	if len(lhs) == 0 {
		return false
	}
	var answers []*types.Var
	for _, l := range lhs {
		if v := n.Variable(l); v != nil && !isError(v.Type()) {
			answers = append(answers, v)
		}
	}
	if len(answers) == 0 || c.Callee == nil && n.Target(c.Expr.Fun) != nil {
		return false
	}
	given := n.givenIn(loop, c)
	turns := false
	ast.Inspect(loop, func(m ast.Node) bool {
		as, ok := m.(*ast.AssignStmt)
		if !ok || turns {
			return !turns
		}
		for i, l := range as.Lhs {
			v, _, ok := n.place(l)
			if !ok || !given[v] || i >= len(as.Rhs) || n.givenBeside(c, v, l) {
				continue
			}
			if w, _, ok := n.place(as.Rhs[i]); ok {
				for _, a := range answers {
					if a == w {
						turns = true
					}
				}
			}
		}
		return !turns
	})
	return turns
}

// givenBeside reports whether a call is given, of a variable, only other fields than the one at a place.
func (n *Numbers) givenBeside(c *syntax.Call, v *types.Var, place ast.Expr) bool {
	to := types.ExprString(ast.Unparen(place)) + "."
	beside, meets := false, false
	ast.Inspect(c.Expr, func(m ast.Node) bool {
		e, ok := m.(ast.Expr)
		if !ok {
			return true
		}
		switch e.(type) {
		case *ast.Ident, *ast.SelectorExpr:
		default:
			return true
		}
		if w, _, ok := n.place(e); !ok || w != v {
			return true
		}
		given := types.ExprString(e) + "."
		if strings.HasPrefix(to, given) || strings.HasPrefix(given, to) {
			meets = true
		} else {
			beside = true
		}
		return false
	})
	return beside && !meets
}

// givenIn are the variables that a call is given, also in a message that the loop makes anew for it.
func (n *Numbers) givenIn(loop *ast.ForStmt, c *syntax.Call) map[*types.Var]bool {
	given := map[*types.Var]bool{}
	var add func(e ast.Expr)
	add = func(e ast.Expr) {
		ast.Inspect(e, func(m ast.Node) bool {
			id, ok := m.(*ast.Ident)
			if !ok {
				return true
			}
			v, ok := n.Info.ObjectOf(id).(*types.Var)
			if !ok || v.IsField() || given[v] {
				return true
			}
			given[v] = true
			if d, ok := n.Only(v); ok && d.Kind == syntax.Assign && d.Expr != nil && composite(d.Expr) != nil &&
				loop.Pos() <= d.Expr.Pos() && d.Expr.End() <= loop.End() {
				add(d.Expr)
			}
			return true
		})
	}
	for _, a := range c.Expr.Args {
		add(a)
	}
	return given
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// channel is how much comes out of a channel.
func (n *Numbers) channel(ch ast.Expr, el types.Type, fr *frame) Number {
	if hollow(el) {
		return unknown(ch.Pos(), knowledge.Own, "events")
	}
	if t := n.base.Type(el); t != nil && t.Origin < knowledge.Parameter {
		return grows(ch.Pos(), t.Origin, t.Text)
	}
	x := grows(ch.Pos(), knowledge.Messages, "a channel").named(n.calledIn(ch)...)
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
		if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok && n.builtin(call) == "" {
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
func (n *Numbers) sent(v *types.Var, fr *frame) (Number, bool) {
	if v.IsField() || global(v) || !n.enter([2]any{"sent", v}) {
		return Number{}, false
	}
	defer n.leave([2]any{"sent", v})
	var x Number
	for _, u := range n.Var(v).Uses {
		switch u.ParentEdgeKind() {
		case edge.SendStmt_Chan:
			x = join(x, n.times(u.Parent().Node(), v.Pos(), fr))
		case edge.UnaryExpr_X, edge.RangeStmt_X, edge.AssignStmt_Lhs, edge.ValueSpec_Names:
		case edge.CallExpr_Args:
			if n.builtin(u.Parent().Node().(*ast.CallExpr)) == "" {
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
func (n *Numbers) received(ch ast.Expr, p path, fr *frame) Number {
	if el := elem(n.Info.TypeOf(ch)); len(p) == 0 && el != nil && isInteger(el) {
		return unknown(ch.Pos(), knowledge.Answer, "a number received from a channel")
	}
	return n.orField(unknown(ch.Pos(), knowledge.Messages, "values received from a channel"), p)
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
