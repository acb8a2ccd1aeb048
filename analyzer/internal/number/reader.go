package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// readers says how often a loop runs that reads the next of something at each turn.
type readers struct{ *Numbers }

// stepped is the number of what a condition steps through: for it.Next().
func (n readers) stepped(call *ast.CallExpr, fr *frame) (Number, bool) {
	c := n.Call(call)
	if c == nil || c.Callee == nil {
		return Number{}, false
	}
	x := Number{}
	if row := n.base.Func(c.Callee); row != nil && row.Does == knowledge.One {
		x, _ = n.calls.byRow(c, row, 0, nil, fr)
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
func (n readers) from(x Number, r ast.Expr) Number {
	if r == nil {
		return x
	}
	x.Of = r
	x = x.named(n.calls.calledIn(r)...)
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
func (n readers) orRead(x Number, r ast.Expr, fr *frame) Number {
	if y := n.values.of(r, nil, fr); y.Kind == Grows && y.Origin > x.Origin {
		x.Origin, x.Why = y.Origin, y.Why
		return x.named(y.Names...)
	}
	return x
}

// drawn is the number of what a method that nobody sees gives one by one: it is called so, is told at most how
// long to wait and how many to give, and says when it fails or there is no more.
func (n readers) drawn(c *syntax.Call, fr *frame) (Number, bool) {
	if c.Callee == nil || c.Recv() == nil || n.Target(c.Expr.Fun) != nil || n.base.Func(c.Callee) != nil || !knowledge.Draws(c.Callee.Name()) {
		return Number{}, false
	}
	params, results := c.Callee.Signature().Params(), c.Callee.Signature().Results()
	last := results.Len() - 1
	if last < 1 || !isError(results.At(last).Type()) && !isBool(results.At(last).Type()) {
		return Number{}, false
	}
	given := slices.IndexFunc(slices.Collect(results.Variables()), func(v *types.Var) bool { return !isInteger(v.Type()) })
	if given == last {
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
	if t := syntax.Named(results.At(given).Type()); t != nil {
		x = x.named(t.Obj().Name())
	}
	x.Of = c.Recv()
	return x, true
}

// limitedSource reports whether a value comes from a call that is told, in SQL, how many to return.
func (n readers) limitedSource(e ast.Expr) bool {
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
		if n.writes.limitedSQL(a) {
			return true
		}
	}
	return false
}

// driven is how often a loop comes to a place that is driven by what is read in it: a receive, a
// record, a cursor that leads to the next page.
func (n readers) driven(loop *ast.ForStmt, at ast.Node, fr *frame) Number {
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
			y := n.loops.channel(d.X, ch.Elem(), fr)
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
func (n readers) next(c *syntax.Call, fr *frame) (Number, bool) {
	if row := n.base.Func(c.Callee); row != nil && readsOne(row) {
		y, ok := n.calls.byRow(c, row, 0, nil, fr)
		if !ok {
			y = n.writes.source(c, row, fr)
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
func (n readers) nextIn(c *syntax.Call, fr *frame) (x Number, ok bool) {
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
func (n readers) readsGiven(c *syntax.Call, f *syntax.Func) bool {
	given := func(e ast.Expr) bool {
		v, _, ok := n.places.place(e)
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
func (n readers) drivers(loop *ast.ForStmt, at ast.Node) []ast.Node {
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
	if call, ok := at.(*ast.CallExpr); ok { // of a literal, which the place that is asked about stands in
		ast.Inspect(call, func(m ast.Node) bool {
			if call, ok := m.(*ast.CallExpr); ok {
				if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
					add(lit.Body)
				}
			}
			_, started := m.(*ast.GoStmt)
			return !started
		})
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
func (n readers) turnsPages(loop *ast.ForStmt, c *syntax.Call) bool {
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
			v, _, ok := n.places.place(l)
			if !ok || !given[v] || i >= len(as.Rhs) || n.givenBeside(c, v, l) {
				continue
			}
			if w, _, ok := n.places.place(as.Rhs[i]); ok {
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
func (n readers) givenBeside(c *syntax.Call, v *types.Var, place ast.Expr) bool {
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
		if w, _, ok := n.places.place(e); !ok || w != v {
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
func (n readers) givenIn(loop *ast.ForStmt, c *syntax.Call) map[*types.Var]bool {
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
