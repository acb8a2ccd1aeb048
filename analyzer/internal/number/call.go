package number

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// calls says how much the results of calls hold: of builtins, of functions here, and of libraries.
type calls struct{ *Numbers }

// builtin is the name of the builtin function that a call calls, or "".
func (n calls) builtin(c *ast.CallExpr) string {
	if id, ok := ast.Unparen(c.Fun).(*ast.Ident); ok {
		if b, ok := n.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// call is how much the i'th result of a call holds.
func (n calls) call(e *ast.CallExpr, i int, p path, fr *frame) Number {
	if n.Info.Types[e.Fun].IsType() && len(e.Args) == 1 {
		return n.values.of(e.Args[0], p, fr)
	}
	if name := n.builtin(e); name != "" {
		return n.built(e, name, fr)
	}
	c := n.Call(e)
	if c == nil {
		return unknown(e.Pos(), knowledge.Unsaid, "")
	}
	if row := n.base.Func(c.Callee); row != nil {
		if x, ok := n.byRow(c, row, i, p, fr); ok {
			return x
		}
	}
	if x, ok := n.got(c, p, fr); ok {
		return x
	}
	if t := n.base.Type(n.First(e)); i == 0 && t != nil && t.Origin >= knowledge.Messages && n.Target(e.Fun) == nil {
		return grows(c.NamePos(), t.Origin, t.Text).named(names(p)...)
	}
	if v, q, ok := n.places.place(e); ok && !v.IsField() && i == 0 {
		if at, ok := n.Package.Package.Find(e); ok && n.checks.checkedAt(v, append(q, p...), e, n.FuncAt(at), fr) {
			return bounded(e.Pos(), "it is checked")
		}
	}
	if x, ok := n.rearranged(c, i, p, fr); ok {
		return x
	}
	if f := n.Target(e.Fun); f != nil {
		x := n.returned(f, c, i, p, fr)
		if x.Kind == Grows || x.Kind == Bounded {
			return x.named(f.Name())
		}
		if y := n.listed(c, i, p); y.Kind == Grows && (x.Kind == None || x.Origin == knowledge.Unsaid || x.Origin == knowledge.Answer) {
			return y.named(x.Names...)
		}
		if x.Kind == None {
			x = unknown(c.NamePos(), knowledge.Answer, "returned by "+callName(c))
		}
		return x.named(f.Name())
	}
	if x := n.dispatched(c, i, p, fr); x.Kind == Grows {
		return x
	}
	if r := n.Summary(c.Callee).Result(i); r != nil && len(p) == 0 {
		switch {
		case r.Few:
			return bounded(c.NamePos(), callName(c)+" returns only a few")
		case r.Many != 0:
			return grows(c.NamePos(), knowledge.Origin(r.Many), "returned by "+callName(c)).named(c.Callee.Name())
		}
	}
	if x, ok := n.parsed(c, i, fr); ok {
		return x.named(names(p)...)
	}
	return n.listed(c, i, p)
}

// parsed is what a function that nobody sees makes of a stream that it is given to read, or a method returns of
// what was made so: as much as there is in that.
//
//	doc, err := Parse(resp.Body); for n := range doc.Nodes() { … }
func (n calls) parsed(c *syntax.Call, i int, fr *frame) (Number, bool) {
	if c.Callee == nil || i > 0 || n.Unheard(c.Callee) || n.Info.TypeOf(c.Expr) == nil || few(n.First(c.Expr)) || isInteger(n.First(c.Expr)) {
		return Number{}, false
	}
	var x Number
	for _, a := range c.Expr.Args {
		if t := n.Info.TypeOf(a); t != nil && readable(t) {
			x = join(x, n.values.of(a, nil, fr))
		}
	}
	if r := c.Recv(); r != nil && x.Kind == None && len(c.Expr.Args) == 0 && Holds(n.First(c.Expr)) {
		x = n.values.of(r, nil, fr)
	}
	return x.named(c.Callee.Name()), x.Kind == Grows
}

// Holds reports whether a value of a type is a collection, or yields one element after the other.
func Holds(t types.Type) bool {
	if elem(t) != nil {
		return true
	}
	f, ok := t.Underlying().(*types.Signature)
	return ok && f.Params().Len() == 1 && f.Results().Len() == 0
}

// dispatched is what the methods of this package return that a call through an interface may run.
func (n calls) dispatched(c *syntax.Call, i int, p path, fr *frame) Number {
	if r := c.Recv(); r == nil || !types.IsInterface(n.Info.TypeOf(r)) {
		return Number{}
	}
	var x Number
	for _, f := range n.Runnable(c) {
		x = join(x, n.returned(f, c, i, p, fr).named(f.Name()))
	}
	return x
}

// built is the result of a builtin function.
func (n calls) built(e *ast.CallExpr, name string, fr *frame) Number {
	switch name {
	case "len":
		x := n.values.of(e.Args[0], nil, fr)
		x.Of = e.Args[0]
		if x.Kind == None {
			x = unknown(e.Pos(), knowledge.Unsaid, "")
			x.Of = e.Args[0]
		}
		if t := n.Info.TypeOf(e.Args[0]); x.Kind == Unknown && !x.isCollection(t) {
			x.Of = nil
		}
		return x
	case "cap":
		return n.capacity(e.Args[0], fr)
	case "min":
		x := n.values.of(e.Args[0], nil, fr)
		for _, a := range e.Args[1:] {
			x = less(x, n.values.of(a, nil, fr))
		}
		return x
	case "max":
		x := n.values.of(e.Args[0], nil, fr)
		for _, a := range e.Args[1:] {
			y := n.values.of(a, nil, fr)
			exact := x.Exact && y.Exact
			x = join(x, y)
			x.Exact = exact
		}
		return x
	case "make":
		if t := n.Info.TypeOf(e); len(e.Args) > 1 && t != nil {
			if _, ok := t.Underlying().(*types.Slice); ok && !n.values.zero(e.Args[1]) {
				x := n.values.of(e.Args[1], nil, fr)
				x.Of = nil
				return x
			}
		}
		return Number{}
	case "append":
		return n.appended(e, fr)
	case "new":
		return Number{}
	}
	return bounded(e.Pos(), "a number")
}

func (x Number) isCollection(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Chan, *types.Basic, *types.Pointer:
		return true
	}
	return false
}

// capacity is what a channel or slice was made for.
func (n calls) capacity(e ast.Expr, fr *frame) Number {
	v := n.Variable(e)
	if v == nil {
		return unknown(e.Pos(), knowledge.Unsaid, "")
	}
	var x Number
	for _, d := range n.Var(v).Defs {
		call, ok := ast.Unparen(d.Expr).(*ast.CallExpr)
		if !ok || n.builtin(call) != "make" || len(call.Args) < 2 {
			return unknown(e.Pos(), knowledge.Unsaid, "")
		}
		x = join(x, n.values.of(call.Args[len(call.Args)-1], nil, fr))
	}
	return x
}

// appended is append(xs, …): as much as xs, and as much more as the place is reached.
func (n calls) appended(e *ast.CallExpr, fr *frame) Number {
	if len(e.Args) == 0 {
		return Number{}
	}
	x := n.values.of(e.Args[0], nil, fr)
	x.Exact = false
	if len(e.Args) == 1 {
		return x
	}
	v, p, ok := n.places.place(e.Args[0])
	since := e.Pos()
	if ok {
		since = v.Pos()
	}
	if ok && (v.IsField() || global(v) || len(p) > 0 && n.isParam(v)) {
		since = token.NoPos // each call of the function adds
	}
	var y Number
	if e.Ellipsis.IsValid() {
		y = n.values.of(e.Args[len(e.Args)-1], nil, fr)
		if y.Kind == None {
			y = bounded(e.Pos(), "nothing")
		}
	} else {
		for _, a := range e.Args[1:] {
			y = y.named(n.calledIn(a)...)
		}
	}
	if x.Kind == Bounded && x.Tested && !e.Ellipsis.IsValid() {
		return x // if len(xs) == most { break }; xs = append(xs, x)
	}
	if ok && x.Kind <= Bounded && !e.Ellipsis.IsValid() && n.keptShort(e, goal{v, p}, fr) {
		return join(x, bounded(e.Pos(), "it is truncated when it gets too long"))
	}
	z := n.frequency.times(e, since, fr)
	z.Exact = false
	z.Max = 0
	return join(z, join(x, y))
}

// keptShort reports whether a collection is cut, each time that something is added to it, unless it is short:
//
//	xs = append(xs, x)
//	if len(xs) > most { xs = xs[1:] }
func (n calls) keptShort(add ast.Node, g goal, fr *frame) bool {
	c, ok := n.Package.Package.Find(add)
	if !ok {
		return false
	}
	f, loops := n.FuncAt(c), syntax.Loops(c)
	if f == nil {
		return false
	}
	cut, added := false, false
	step := func(s ast.Node) bool {
		switch {
		case s.Pos() <= add.Pos() && add.End() <= s.End():
			added = true
		case n.cuts(s, g) && (len(loops) == 0 || loops[0].Node().Pos() <= s.Pos() && s.End() <= loops[0].Node().End()):
			cut = true
		default:
			return false
		}
		return true
	}
	short := func(t paths.Test) bool { return n.checks.limited(t, g, fr) }
	if n.backFromEnd(f, nil, step, short); cut && !added { // after it
		return true
	}
	cut, added = false, false
	entry, known := n.back(f, add, step, short)
	return known && cut && !added && !entry // before it
}

// cuts reports whether a step cuts what a goal holds.
func (n calls) cuts(s ast.Node, g goal) bool {
	as, ok := s.(*ast.AssignStmt)
	if !ok || len(as.Lhs) != 1 || len(as.Rhs) != 1 || !n.checks.isGoal(as.Lhs[0], g) {
		return false
	}
	part, ok := ast.Unparen(as.Rhs[0]).(*ast.SliceExpr)
	return ok && n.checks.isGoal(part.X, g)
}

func (n calls) isParam(v *types.Var) bool {
	for _, d := range n.Var(v).Defs {
		if d.Kind == syntax.Param && !n.places.isResult(v, d.In) {
			return true
		}
	}
	return false
}

// calledIn are names of an element that is added.
func (n calls) calledIn(e ast.Expr) []string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return []string{e.Name}
	case *ast.SelectorExpr:
		return []string{e.Sel.Name}
	}
	return nil
}

// byRow is what is known of a library's function.
func (n calls) byRow(c *syntax.Call, row *knowledge.Func, i int, p path, fr *frame) (Number, bool) {
	arg := func(k int) ast.Expr {
		if k == 0 {
			return c.Recv()
		}
		return c.Arg(k - 1)
	}
	if row.Few > 0 {
		if x := n.values.of(c.Arg(row.Few-1), nil, fr); x.Kind == Bounded && x.Max > 0 && row.Does != knowledge.Piece {
			return bounded(c.Expr.Pos(), "a fixed number"), true
		}
	}
	switch row.Does {
	case knowledge.Many, knowledge.Says:
		x := grows(c.NamePos(), row.Origin, row.Text)
		if row.Origin <= knowledge.Signals {
			x.Kind = Unknown
		}
		return x.named(n.argNames(c)...), true
	case knowledge.One:
		x := grows(c.NamePos(), row.Origin, row.Text)
		if r := c.Recv(); r != nil && row.Origin == knowledge.Records {
			if y := n.values.of(r, nil, fr); y.Kind == Bounded {
				return y, true
			} else if y.Kind == Grows && y.Origin > row.Origin {
				x.Origin, x.Why = y.Origin, y.Why
			}
		}
		return x, true
	case knowledge.Same, knowledge.Piece:
		e := arg(row.Arg)
		if e == nil {
			return Number{}, false
		}
		x := n.values.of(e, p, fr)
		x.Of = nil
		if row.Text != "" && x.Kind == Grows && x.Origin == row.Origin {
			x.Why = row.Text
		}
		return x, true
	case knowledge.Small:
		return bounded(c.Expr.Pos(), row.Text), true
	}
	return Number{}, false
}

// argNames are texts and names that a call is given, which say what it opens: "settings.json".
func (n calls) argNames(c *syntax.Call) []string {
	var all []string
	for _, a := range c.Expr.Args {
		if v := n.Info.Types[a].Value; v != nil {
			all = append(all, ofConstant(a, v).Names...)
			continue
		}
		all = append(all, n.calledIn(a)...)
	}
	return all
}

// got is what a method without arguments gets of a value: a getter's field, or whatever comes from a
// value that comes from outside.
func (n calls) got(c *syntax.Call, p path, fr *frame) (Number, bool) {
	recv := c.Recv()
	if recv == nil {
		return Number{}, false
	}
	if t := n.base.Type(n.Info.TypeOf(recv)); t != nil && t.Origin >= knowledge.Messages {
		return grows(c.NamePos(), t.Origin, t.Text).named(c.Callee.Name()), true
	}
	if n.Decl(c.Callee) == nil && len(c.Expr.Args) == 0 && messageGetter(c.Callee) { // a part of the message
		if x := n.values.of(recv, append(path{c.Callee}, p...), fr); x.Kind >= Unknown && x.Origin != knowledge.Unsaid {
			return x.named(c.Callee.Name()), true
		}
		return Number{}, false
	}
	if v, q, ok := n.places.place(recv); ok && !v.IsField() && n.Decl(c.Callee) == nil && len(c.Expr.Args) == 0 {
		for _, d := range n.Var(v).Defs {
			if d.Kind != syntax.Param || d.In == nil {
				continue
			}
			if _, ok := n.requested(v, d.In); ok { // a getter of another package: as a part of the message
				return n.values.of(recv, append(append(q[:0:0], c.Callee), p...), fr).named(c.Callee.Name()), true
			}
		}
	}
	return Number{}, false
}

// messageGetter reports whether a method is one that protoc writes to get a part of a message.
func messageGetter(f *types.Func) bool {
	if !strings.HasPrefix(f.Name(), "Get") {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(f.Signature().Recv().Type(), true, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

// returned is what a function of this package returns.
func (n calls) returned(f *syntax.Func, c *syntax.Call, i int, p path, fr *frame) Number {
	if fr.full() {
		return unknown(c.NamePos(), knowledge.Answer, "returned by "+callName(c))
	}
	q := [5]any{"returned", f, i, p.key(), c}
	if !n.enter(q) {
		return Number{}
	}
	defer n.leave(q)
	return n.returnedBy(f, i, p, fr.enter(f, c))
}

// Returned is how much the i'th result of a function holds, whoever calls it.
func (n *Numbers) Returned(f *syntax.Func, i int) Number {
	return n.calls.returnedBy(f, i, nil, &frame{f: f})
}

func (n calls) returnedBy(f *syntax.Func, i int, p path, in *frame) Number {
	var x Number
	for _, r := range f.Returns {
		switch {
		case len(r.Results) == 0:
			if i < f.Sig.Results().Len() {
				x = join(x, n.values.orField(n.places.read(f.Sig.Results().At(i), p, r, in), p))
			}
		case len(r.Results) == f.Sig.Results().Len():
			if i < len(r.Results) && !n.failing(r, i) {
				x = join(x, n.values.of(r.Results[i], p, in))
			}
		case len(r.Results) == 1:
			x = join(x, n.places.result(r.Results[0], i, p, in))
		}
	}
	return x
}

// failing reports whether a return says by its other results that the one asked for means nothing.
func (n calls) failing(r *ast.ReturnStmt, i int) bool {
	last := len(r.Results) - 1
	if i == last {
		return false
	}
	call, ok := ast.Unparen(r.Results[last]).(*ast.CallExpr)
	if !ok {
		return false
	}
	c := n.Call(call)
	if c == nil {
		return false
	}
	row := n.base.Func(c.Callee)
	return row != nil && row.Does == knowledge.Fails
}

// rearranged is what a function that nobody sees makes of a collection that it is given: another, about as
// long. A text is none, nor is what it is cut into.
func (n calls) rearranged(c *syntax.Call, i int, p path, fr *frame) (Number, bool) {
	if i != 0 || len(p) > 0 || c.Callee == nil || n.Target(c.Expr.Fun) != nil {
		return Number{}, false
	}
	t := n.First(c.Expr)
	el := elem(t)
	if t == nil || el == nil || elem(el) != nil {
		return Number{}, false
	}
	var x Number
	for _, a := range c.Expr.Args {
		at := n.Info.TypeOf(a)
		if e := elem(at); e == nil || small(e) {
			continue
		}
		y := n.values.of(a, nil, fr)
		if types.Identical(at, t) && y.Kind >= Unknown && y.Origin != knowledge.Unsaid {
			return y.named(c.Callee.Name()), true
		}
		if y.Kind == Grows {
			x = join(x, y)
		}
	}
	return x.named(c.Callee.Name()), x.Kind == Grows
}

// small reports whether elements are bytes or runes: a collection of them is a text.
func small(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && (b.Kind() == types.Uint8 || b.Kind() == types.Int32)
}

// listed is what a function returns that nobody sees: many, if it is called so and goes to where data
// lives; it takes a context, returns an error, or is a method of an interface.
func (n calls) listed(c *syntax.Call, i int, p path) Number {
	x := unknown(c.NamePos(), knowledge.Answer, "returned by "+callName(c))
	if c.Callee == nil {
		v := n.Variable(c.Expr.Fun)
		if v == nil {
			return x
		}
		if v.IsField() && i == 0 && knowledge.Lists(v.Name()) && elem(n.First(c.Expr)) != nil {
			x = grows(c.NamePos(), knowledge.Listing, "listed by "+callName(c))
		}
		return x.named(v.Name())
	}
	name := c.Callee.Name()
	x = x.named(name)
	if n.Unheard(c.Callee) {
		x.Origin = knowledge.Unsaid
		return x
	}
	for _, a := range c.Expr.Args {
		if t := n.base.Type(n.Info.TypeOf(a)); t != nil && t.Origin == knowledge.Request && i == 0 {
			return grows(c.NamePos(), knowledge.Listing, "read from the request by "+callName(c)).named(name)
		}
	}
	sig := c.Callee.Signature()
	if i != 0 || !knowledge.Lists(name) || paged(sig) {
		return x
	}
	remote := sig.Recv() != nil && types.IsInterface(sig.Recv().Type())
	for v := range sig.Params().Variables() {
		remote = remote || syntax.Is(v.Type(), "context", "Context")
	}
	if k := sig.Results().Len(); k > 0 && types.Identical(sig.Results().At(k-1).Type(), types.Universe.Lookup("error").Type()) {
		remote = true
	}
	if remote {
		x.Kind, x.Origin, x.Why = Grows, knowledge.Listing, "listed by "+callName(c)
	}
	return x
}

// paged reports whether a function is told how many to return: it takes a plain integer that is no id,
// since ids are wider or have a type of their own.
func paged(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		b, ok := types.Unalias(v.Type()).(*types.Basic)
		if !ok || b.Info()&types.IsInteger == 0 {
			continue
		}
		if knowledge.SaysCount(v.Name()) || b.Kind() == types.Int && !knowledge.SaysID(v.Name()) {
			return true
		}
	}
	return false
}

// requested recognises the request of a client: by its type, or as the message of an RPC handler,
// func (s *Server) M(ctx, *MRequest) (*MResponse, error).
func (n calls) requested(v *types.Var, f *syntax.Func) (Number, bool) {
	if t := n.base.Type(v.Type()); t != nil && t.Origin == knowledge.Request {
		return grows(v.Pos(), t.Origin, t.Text), true
	}
	sig := f.Sig
	for beside := range sig.Params().Variables() { // func(cmd *cobra.Command, args []string)
		if t := n.base.Type(beside.Type()); t != nil && t.Origin == knowledge.Arguments && beside != v && elem(v.Type()) != nil {
			return grows(v.Pos(), t.Origin, t.Text), true
		}
	}
	if f.Decl == nil || sig.Recv() == nil || !f.Decl.Exported() || sig.Params().Len() != 2 || sig.Params().At(1) != v {
		return Number{}, false
	}
	k := sig.Results().Len()
	if k == 0 || k > 2 || !syntax.Is(sig.Params().At(0).Type(), "context", "Context") ||
		!types.Identical(sig.Results().At(k-1).Type(), types.Universe.Lookup("error").Type()) {
		return Number{}, false
	}
	if m := syntax.Named(v.Type()); m == nil || !knowledge.SaysRequest(m.Obj().Name()) {
		return Number{}, false
	}
	return grows(v.Pos(), knowledge.Request, "from the request "+v.Name()), true
}

// HandlesRequest reports whether a function is called once for each request of a client.
func (n *Numbers) HandlesRequest(f *syntax.Func) bool {
	for v := range f.Sig.Params().Variables() {
		if x, ok := n.calls.requested(v, f); ok && x.Origin == knowledge.Request {
			return true
		}
	}
	return false
}
