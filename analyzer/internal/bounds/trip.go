package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Trip says what a loop goes through, and so how often it can run.
func (b *Bounds) Trip(loop inspector.Cursor) Origin {
	var o Origin
	switch n := loop.Node().(type) {
	case *ast.RangeStmt:
		o = b.tripOfRange(n)
	case *ast.ForStmt:
		o = b.tripOfFor(n)
	}
	if o.State != Bounded && b.covered(loop.Node().Pos(), "bounded") {
		return bounded(loop.Node().Pos(), "//poollint:bounded")
	}
	return o
}

func (b *Bounds) tripOfRange(n *ast.RangeStmt) Origin {
	t := b.Info.TypeOf(n.X)
	if t == nil {
		return Origin{}
	}
	var o Origin
	switch u := t.Underlying().(type) {
	case *types.Chan:
		o = b.Channel(n.X, u.Elem())
	case *types.Basic:
		if u.Info()&types.IsInteger == 0 {
			return Origin{}
		}
		o = b.count(n.X)
	case *types.Signature:
		o = b.sequence(n.X)
	default:
		o = b.Collection(n.X)
	}
	if o.Over == nil || !isInteger(t) {
		o.Over = n.X
	}
	return o.named(elementNames(n)...)
}

// elementNames are the names that a loop gives to its elements: for i, x := range xs, and x := xs[i] in
// a loop by an index.
func elementNames(loop ast.Node) []string {
	switch n := loop.(type) {
	case *ast.RangeStmt:
		return []string{identName(n.Key), identName(n.Value)}
	case *ast.ForStmt:
		var names []string
		for _, s := range n.Body.List {
			as, ok := s.(*ast.AssignStmt)
			if !ok || len(as.Lhs) != 1 || len(as.Rhs) != 1 {
				continue
			}
			rhs := ast.Unparen(as.Rhs[0])
			if u, ok := rhs.(*ast.UnaryExpr); ok && u.Op == token.AND {
				rhs = ast.Unparen(u.X)
			}
			if _, ok := rhs.(*ast.IndexExpr); ok {
				names = append(names, identName(as.Lhs[0]))
			}
		}
		return names
	}
	return nil
}

// Over is the collection that a loop goes through, by range or by an index up to its length; nil if there
// is none.
func (b *Bounds) Over(loop inspector.Cursor) ast.Expr {
	var end ast.Expr
	switch n := loop.Node().(type) {
	case *ast.RangeStmt:
		if !b.Number(n.X) {
			return n.X
		}
		end = n.X
	case *ast.ForStmt:
		end = b.end(n)
	}
	if end == nil {
		return nil
	}
	if s := b.Size(end); s.Kind == Length {
		return s.Of
	}
	return nil
}

func identName(e ast.Expr) string {
	if id, ok := e.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// count is the trip count of a loop to n.
func (b *Bounds) count(n ast.Expr) Origin {
	switch s := b.Size(n); s.Kind {
	case Const, CPUs:
		return bounded(n.Pos(), "a fixed number")
	case Length:
		o := b.Collection(s.Of)
		o.Over = s.Of
		return o
	case Requested:
		return Origin{State: Open, Source: Request, Over: n, Pos: s.Of.Pos(), Text: countedText}
	}
	return Origin{} // a parameter or a setting: somebody chose it
}

// sequence is the origin of an iterator function.
func (b *Bounds) sequence(e ast.Expr) Origin {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return b.Collection(e)
	}
	o := b.originOfCall(call, 0)
	if o.Source == NoSource && o.State == Unknown {
		if c := b.Call(call); c != nil && c.Callee != nil && lists(c.Callee.Name()) {
			return Origin{State: Open, Source: Iterator, Pos: c.NamePos(), Text: "from " + callName(c)}.named(c.Callee.Name())
		}
	}
	return o
}

func (b *Bounds) tripOfFor(n *ast.ForStmt) Origin {
	if n.Cond == nil {
		return b.endless(n)
	}
	if call, ok := ast.Unparen(n.Cond).(*ast.CallExpr); ok {
		return b.iterated(call)
	}
	if end := b.end(n); end != nil {
		return b.count(end).named(elementNames(n)...)
	}
	return Origin{}
}

// end is up to where a loop counts: n in i < n, i <= n, i != n and n > i; nil if it does not.
func (b *Bounds) end(n *ast.ForStmt) ast.Expr {
	cond, ok := ast.Unparen(n.Cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	if t := b.Info.TypeOf(cond.X); t == nil || !isInteger(t) {
		return nil
	}
	switch cond.Op {
	case token.LSS, token.LEQ, token.NEQ:
		return cond.Y
	case token.GTR, token.GEQ:
		if b.counts(cond.Y) {
			return cond.X
		}
	}
	return nil
}

// Number reports whether an expression is an integer, and no collection.
func (b *Bounds) Number(e ast.Expr) bool {
	t := b.Info.TypeOf(e)
	return t != nil && isInteger(t)
}

func isInteger(t types.Type) bool {
	u, ok := t.Underlying().(*types.Basic)
	return ok && u.Info()&types.IsInteger != 0
}

// iterated is the origin of for it.Next().
func (b *Bounds) iterated(cond *ast.CallExpr) Origin {
	c := b.Call(cond)
	if c == nil || c.Callee == nil || c.Recv() == nil || len(cond.Args) > 1 {
		return Origin{}
	}
	text := ""
	o := Origin{State: Open, Pos: c.NamePos(), Over: c.Recv()}
	switch qualified(c.Callee) {
	case "database/sql.Rows.Next":
		o.Source, text = Rows, "the rows of a query"
	case "bufio.Scanner.Scan":
		o.Source, text = Lines, "the lines of an input"
	default:
		switch c.Callee.Name() {
		case "Next", "HasNext":
			o.Source, text = Iterator, "from the iterator "+types.ExprString(c.Recv())
		default:
			return Origin{}
		}
	}
	o.Text = text
	o = o.named(identName(c.Recv()))
	if v := b.Variable(c.Recv()); v != nil {
		if d, ok := b.Only(v); ok && d.Expr != nil {
			if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
				if o.Source == Rows && slices.ContainsFunc(call.Args, b.limitedSQL) {
					return bounded(call.Pos(), "a page")
				}
				if f := b.FuncObj(call.Fun); f != nil {
					o = o.named(f.Name())
				}
			}
		}
		if n, ok := types.Unalias(deref(v.Type())).(*types.Named); ok {
			o = o.named(n.Obj().Name())
		}
	}
	return o
}

func deref(t types.Type) types.Type {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// endless is for { … }: a loop over a channel or an iterator in its long form, else an event loop
// or an accept loop, which is silent.
func (b *Bounds) endless(n *ast.ForStmt) Origin {
	if as, ch := b.receives(n); as != nil {
		elem := typeUnder(b.Info.TypeOf(ch)).(*types.Chan).Elem()
		o := b.Channel(ch, elem).named(identName(syntax.Lhs(as)[0]))
		o.Over = ch
		v := b.Variable(ch)
		o.Events = v != nil && v.IsField()
		return o
	}
	for _, s := range n.Body.List {
		as, ok := s.(*ast.AssignStmt)
		if !ok || len(as.Rhs) != 1 {
			continue
		}
		call, ok := ast.Unparen(as.Rhs[0]).(*ast.CallExpr)
		if !ok {
			continue
		}
		c := b.Call(call)
		if c == nil || c.Callee == nil || c.Recv() == nil || c.Callee.Name() != "Next" || len(as.Lhs) != 2 {
			continue
		}
		// The form of Google's iterators: x, err := it.Next(), ended by iterator.Done.
		if b.endsBy(n, "google.golang.org/api/iterator", "Done") {
			o := b.iterated(call)
			return o.named(identName(as.Lhs[0]))
		}
	}
	return Origin{}
}

// receives finds what makes an endless loop one over a channel: m := <-ch in each turn, alone or in
// a select whose other cases only end it. A select with more cases is an event loop.
func (b *Bounds) receives(n *ast.ForStmt) (received ast.Node, ch ast.Expr) {
	if n.Cond != nil {
		return nil, nil
	}
	for _, s := range n.Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if ch := b.received(s); ch != nil {
				return s, ch
			}
		case *ast.DeclStmt:
			if d, ok := s.Decl.(*ast.GenDecl); ok && len(d.Specs) == 1 {
				if ch := b.received(d.Specs[0]); ch != nil {
					return d.Specs[0], ch
				}
			}
		case *ast.SelectStmt:
			if as, ch := b.selects(s); as != nil {
				return as, ch
			}
		}
	}
	return nil, nil
}

// Feeds reports whether a loop gives a spawn its element. Of an endless loop over a channel that has
// to be seen: other tasks in it are an event loop's business.
func (b *Bounds) Feeds(loop inspector.Cursor, s *sites.Spawn) bool {
	n, ok := loop.Node().(*ast.ForStmt)
	if !ok {
		return true
	}
	as, _ := b.receives(n)
	if as == nil {
		return true
	}
	v := b.Variable(syntax.Lhs(as)[0])
	if v == nil {
		return false
	}
	for _, u := range b.Var(v).Uses {
		if within(u.Node(), s.Call.Expr) {
			return true
		}
	}
	return false
}

// received is the channel of m := <-ch.
func (b *Bounds) received(n ast.Node) ast.Expr {
	ch := syntax.Received(n)
	if _, ok := typeUnder(b.Info.TypeOf(ch)).(*types.Chan); !ok {
		return nil // or a type parameter
	}
	return ch
}

// selects is the one case of a select that receives data, if all others wait for the end.
func (b *Bounds) selects(s *ast.SelectStmt) (data *ast.AssignStmt, ch ast.Expr) {
	for _, c := range s.Body.List {
		comm := c.(*ast.CommClause).Comm
		if as, ok := comm.(*ast.AssignStmt); ok && data == nil {
			if ch = b.received(as); ch != nil {
				data = as
				continue
			}
		}
		es, ok := comm.(*ast.ExprStmt)
		if !ok {
			return nil, nil
		}
		u, ok := ast.Unparen(es.X).(*ast.UnaryExpr)
		if !ok || !b.stops(u.X) || syntax.Is(b.Info.TypeOf(u), "time", "Time") {
			return nil, nil
		}
	}
	return data, ch
}

// endsBy reports whether a loop mentions a variable of another package.
func (b *Bounds) endsBy(n *ast.ForStmt, path, name string) bool {
	found := false
	ast.Inspect(n.Body, func(m ast.Node) bool {
		if id, ok := m.(*ast.Ident); ok && id.Name == name {
			if obj := b.Info.Uses[id]; obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == path {
				found = true
			}
		}
		return !found
	})
	return found
}

// Channel is the origin of what comes out of a channel: what the package sends into it.
func (b *Bounds) Channel(ch ast.Expr, elem types.Type) Origin {
	if eventType(elem) {
		return bounded(ch.Pos(), "events")
	}
	if call, ok := ast.Unparen(ch).(*ast.CallExpr); ok {
		return b.streamOf(call)
	}
	v := b.Variable(ch)
	if v == nil || !b.enter(v) {
		return Origin{}
	}
	defer b.leave(v)
	if b.marked(v, "bounded") {
		return bounded(v.Pos(), "//poollint:bounded")
	}
	for _, d := range b.Var(v).Defs {
		if d.Kind == syntax.Assign && d.Expr != nil {
			if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
				if o := b.streamOf(call); o.State != Unknown {
					return o
				}
			}
		}
	}
	for _, u := range b.Var(v).Uses {
		c := u
		if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
			c = c.Parent()
		}
		if c.ParentEdgeKind() != edge.SendStmt_Chan {
			continue
		}
		for _, loop := range syntax.Loops(c.Parent()) {
			if o := b.Trip(loop); o.State == Open {
				o.Text = "a stream of " + o.Text
				return o.named(v.Name())
			}
		}
	}
	// Nobody knows what feeds it.
	return Origin{Source: Stream, Pos: v.Pos(), Text: "a channel"}.named(v.Name())
}

// streamOf is the origin of a channel that a call returns.
func (b *Bounds) streamOf(e *ast.CallExpr) Origin {
	c := b.Call(e)
	if c == nil || c.Callee == nil {
		return Origin{}
	}
	if c.Callee.Pkg() != nil && c.Callee.Pkg().Path() == "time" {
		return bounded(e.Pos(), "ticks")
	}
	if lists(c.Callee.Name()) {
		return Origin{State: Open, Source: Stream, Pos: c.NamePos(), Text: "streamed by " + callName(c)}.named(c.Callee.Name())
	}
	return Origin{}
}

// eventType reports whether values of a type are signals, ticks or connections, not data.
func eventType(t types.Type) bool {
	if u, ok := t.Underlying().(*types.Basic); ok && u.Kind() == types.Bool {
		return true
	}
	return hollow(t) || syntax.Is(t, "time", "Time") || syntax.Is(t, "os", "Signal") || syntax.Is(t, "net", "Conn") ||
		syntax.Is(t, "golang.org/x/crypto/ssh", "NewChannel") || types.Identical(t, types.Universe.Lookup("error").Type())
}
