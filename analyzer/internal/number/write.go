package number

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// touches says what is put into a value other than by giving it to a variable: by functions that are given it, by index, by what fills a pointer.
type writes struct{ *Numbers }

// A touch is a place where a variable, or a part of it, is handed to a call, or has an element put
// into it.
type touch struct {
	node ast.Node // the call, or the assignment
	call *syntax.Call
	arg  int // of the call; -1 is the receiver
	part path
	put  bool // m[k] = x
	key  *ast.IndexExpr
	in   *syntax.Func
}

// touchesOf lists the touches of a variable, or of a field of whatever value.
func (n writes) touchesOf(v *types.Var) []touch {
	if ts, ok := n.touches[v]; ok {
		return ts
	}
	var all []touch
	for _, u := range n.Var(v).Uses {
		if t, ok := n.touchAt(u); ok {
			all = append(all, t)
		}
	}
	n.touches[v] = all
	return all
}

func (n writes) touchAt(c inspector.Cursor) (touch, bool) {
	var part path
	for {
		parent := c.Parent()
		switch c.ParentEdgeKind() {
		case edge.SelectorExpr_Sel, edge.ParenExpr_X, edge.StarExpr_X:
			c = parent
		case edge.UnaryExpr_X:
			if parent.Node().(*ast.UnaryExpr).Op != token.AND {
				return touch{}, false
			}
			c = parent
		case edge.SelectorExpr_X:
			sel := parent.Node().(*ast.SelectorExpr)
			switch o := n.Info.ObjectOf(sel.Sel).(type) {
			case *types.Var:
				part = append(part, o.Origin())
				c = parent
				continue
			case *types.Func:
				if parent.ParentEdgeKind() == edge.CallExpr_Fun {
					call := parent.Parent().Node().(*ast.CallExpr)
					return touch{node: call, call: n.Call(call), arg: -1, part: part, in: n.FuncAt(c)}, true
				}
			}
			return touch{}, false
		case edge.CallExpr_Args:
			call := parent.Node().(*ast.CallExpr)
			return touch{node: call, call: n.Call(call), arg: c.ParentEdgeIndex(), part: part, in: n.FuncAt(c)}, true
		case edge.IndexExpr_X:
			ix := parent.Node().(*ast.IndexExpr)
			if k := parent.ParentEdgeKind(); n.places.isMap(ix.X) && (k == edge.AssignStmt_Lhs || k == edge.IncDecStmt_X) {
				return touch{node: parent.Parent().Node(), put: true, key: ix, part: part, in: n.FuncAt(c)}, true
			}
			return touch{}, false
		default:
			return touch{}, false
		}
	}
}

// touched is what the calls of a step make of a variable, and whether what it held before is gone.
func (n writes) touched(s ast.Node, v *types.Var, p path, in *syntax.Func, fr *frame) (x Number, stop bool) {
	for _, t := range n.touchesOf(v) {
		if t.in != in || t.node.Pos() < s.Pos() || s.End() < t.node.End() || t.call == nil {
			continue
		}
		rest, ok := after(p, t.part)
		if !ok || t.call.Go != nil || t.call.Defer != nil {
			continue
		}
		y, done := n.handed(t, v, rest, fr)
		x, stop = join(x, y), stop || done
	}
	for _, t := range n.touchesOf(v) {
		if t.put && t.in == in && t.node == s && t.part.key() == p.key() {
			x = join(x, n.put(s, v.Pos(), t.key, fr))
		}
	}
	if !stop { // check(len(xs) <= most)
		if es, ok := s.(*ast.ExprStmt); ok {
			if call, ok := es.X.(*ast.CallExpr); ok && n.answers.insists(n.Call(call), goal{v, p}, fr) {
				return bounded(s.Pos(), "it is checked"), true
			}
		}
	}
	return x, stop
}

// handed is what a call makes of what it is given.
func (n writes) handed(t touch, v *types.Var, rest path, fr *frame) (x Number, stop bool) {
	c := t.call
	if row := n.base.Func(c.Callee); row != nil {
		switch {
		case row.Does == knowledge.Fills && t.arg >= row.Arg-1 && t.arg >= 0:
			return n.source(c, row, fr).named(c.Callee.Name()), true
		case row.Does == knowledge.Puts && t.arg == row.Arg-1 && len(rest) == 0:
			return n.frequency.times(c.Expr, v.Pos(), fr), false
		}
		return x, false
	}
	if n.Catalog.Func(c.Callee) != nil {
		return x, false
	}
	if f := n.Target(c.Expr.Fun); f != nil {
		return n.left(f, c, t.arg, rest, fr)
	}
	if !n.changes(t) {
		return x, false
	}
	return n.loaded(t, rest, fr), false
}

// changes reports whether a call of a function that nobody sees can change what it is given.
func (n writes) changes(t touch) bool {
	var e ast.Expr
	if t.arg < 0 {
		e = t.call.Recv()
		if e == nil {
			return false
		}
		if r := t.call.Callee.Signature().Recv(); r == nil || !pointer(r.Type()) {
			return false
		}
		return true
	}
	e = t.call.Arg(t.arg)
	if e == nil {
		return false
	}
	of := n.Info.TypeOf(e)
	if of == nil {
		return false
	}
	if i, ok := of.Underlying().(*types.Interface); ok && i.Empty() { // func get(url string, into any)
		f := t.call.Callee
		return f == nil || f.Pkg() == nil || !knowledge.Quiet(f.Pkg().Path())
	}
	return pointer(of)
}

func pointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// loaded is what a function that nobody sees puts into what it is given a pointer to.
func (n writes) loaded(t touch, rest path, fr *frame) Number {
	c := t.call
	for _, a := range c.Expr.Args {
		if tt := n.base.Type(n.Info.TypeOf(a)); tt != nil && tt.Origin == knowledge.Request {
			return grows(c.NamePos(), tt.Origin, "read from the request by "+callName(c))
		}
	}
	if t.arg < 0 {
		return Number{}
	}
	if c.Callee == nil {
		return unknown(c.NamePos(), knowledge.Answer, "")
	}
	if x, ok := n.page(c, fr); ok {
		return x.named(c.Callee.Name())
	}
	many := len(rest) == 0 && t.arg <= 1
	if _, ok := deref(n.Info.TypeOf(c.Arg(t.arg))).Underlying().(*types.Slice); many && ok && c.Callee.Signature().Recv() != nil && knowledge.Loads(c.Callee.Name()) {
		return grows(c.NamePos(), knowledge.Listing, "loaded by "+callName(c)).named(c.Callee.Name())
	}
	return unknown(c.NamePos(), knowledge.Answer, "").named(c.Callee.Name())
}

func deref(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return types.Unalias(p.Elem())
	}
	return t
}

// page says what a query asks for at most: db.Limit(n).Find(&xs), db.All(&xs, dal.Limit(n)).
func (n writes) page(c *syntax.Call, fr *frame) (Number, bool) {
	var count ast.Expr
	look := func(e ast.Node) bool {
		if call, ok := e.(*ast.CallExpr); ok && count == nil && len(call.Args) == 1 {
			if f := n.FuncObj(call.Fun); f != nil && knowledge.SaysCount(f.Name()) && len(knowledge.Words(f.Name())) == 1 {
				count = call.Args[0]
			}
		}
		return count == nil
	}
	if recv := c.Recv(); recv != nil {
		ast.Inspect(recv, look)
	}
	for _, a := range c.Expr.Args {
		if n.limitedSQL(a) {
			return bounded(a.Pos(), "a page"), true
		}
		ast.Inspect(a, look)
		if v := n.Variable(a); v != nil {
			for _, d := range n.Var(v).Defs { // clauses = append(clauses, dal.Limit(n))
				if d.Expr != nil && d.Expr.Pos() < c.Expr.Pos() {
					ast.Inspect(d.Expr, look)
				}
			}
		}
	}
	if count == nil {
		return Number{}, false
	}
	x := n.values.of(count, nil, fr)
	if x.Kind == Bounded {
		return bounded(count.Pos(), "a page"), true
	}
	if x.Kind == Grows && x.Origin == knowledge.Request {
		return grows(c.NamePos(), x.Origin, "a page whose length the request sets"), true
	}
	return unknown(c.NamePos(), knowledge.Listing, "a page loaded by "+callName(c)), true
}

// limitClause is the word, and a number or the place of one after it.
var limitClause = regexp.MustCompile(`(?i)\blimit\s+[\d?$:@%(]`)

// limitedSQL reports whether an expression is an SQL query with a LIMIT.
func (n writes) limitedSQL(e ast.Expr) bool {
	v := n.Info.Types[e].Value
	return v != nil && v.Kind() == constant.String && limitClause.MatchString(constant.StringVal(v))
}

// source is what a function that fills something reads.
func (n writes) source(c *syntax.Call, row *knowledge.Func, fr *frame) Number {
	var x Number
	switch {
	case row.From < 0:
	case row.From == 0:
		if r := c.Recv(); r != nil {
			x = n.values.of(r, nil, fr)
		}
	default:
		if a := c.Arg(row.From - 1); a != nil {
			x = n.values.of(a, nil, fr)
		}
	}
	x.Of = nil
	if row.Origin != knowledge.Unsaid && row.Origin < knowledge.Parameter {
		return unknown(c.NamePos(), row.Origin, row.Text)
	}
	if row.Origin == knowledge.Rows {
		if y, ok := n.page(c, fr); ok {
			return y
		}
	}
	if row.Origin != knowledge.Unsaid && (x.Kind != Grows && x.Kind != Bounded || row.From > 1) {
		return grows(c.NamePos(), row.Origin, row.Text).named(x.Names...)
	}
	x.Pos = c.NamePos()
	return x
}

// left is what a function of this package leaves in what it is given, and whether what was there before
// is gone.
func (n writes) left(f *syntax.Func, c *syntax.Call, arg int, rest path, fr *frame) (Number, bool) {
	var v *types.Var
	switch {
	case arg < 0:
		v = f.Sig.Recv()
	case arg < f.Sig.Params().Len():
		v = f.Sig.Params().At(arg)
	}
	if v == nil || fr.full() || !mutable(v.Type()) {
		return Number{}, false
	}
	q := [4]any{"left", v, rest.key(), c}
	if !n.enter(q) {
		return Number{}, false
	}
	defer n.leave(q)
	in := fr.enter(f, c)
	var x Number
	mentions := n.places.stepsWith(v, f)
	entry := n.backFromEnd(f, nil, func(s ast.Node) bool {
		if !mentions[s] {
			return false
		}
		y, stop := n.places.defined(s, v, rest, f, in)
		if len(rest) == 0 && !stop && assignsWhole(n.Numbers, s, v) {
			return true // another value than the caller's
		}
		x = join(x, y)
		return stop
	}, func(paths.Test) bool { return false })
	return x, !entry && x.Kind != None
}

// assignsWhole reports whether a step gives a pointer another value, so that the caller's is left alone.
func assignsWhole(n *Numbers, s ast.Node, v *types.Var) bool {
	as, ok := s.(*ast.AssignStmt)
	if !ok || !pointer(v.Type()) {
		return false
	}
	for _, lhs := range as.Lhs {
		if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && n.Info.ObjectOf(id) == v {
			return true
		}
	}
	return false
}

// mutable reports whether a function can change, through a parameter of a type, what its caller has.
func mutable(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Interface:
		return true
	}
	return false
}

// putInto is how often elements are put into a variable or field, by index or by a function that adds.
func (n writes) putInto(v *types.Var, p path, fr *frame) Number {
	since := v.Pos()
	if v.IsField() {
		since = token.NoPos
	}
	var x Number
	for _, t := range n.touchesOf(v) {
		if t.part.key() != p.key() || v.IsField() && n.Test(t.node.Pos()) {
			continue
		}
		switch {
		case t.put:
			x = join(x, n.put(t.node, since, t.key, fr))
		case t.call != nil:
			row := n.base.Func(t.call.Callee)
			switch {
			case row == nil:
			case row.Does == knowledge.Puts && t.arg == row.Arg-1:
				x = join(x, n.frequency.times(t.node, since, fr))
			case row.Does == knowledge.Fills && t.arg >= row.Arg-1 && t.arg >= 0:
				x = join(x, n.source(t.call, row, fr))
			}
		}
	}
	return x
}

// A fill is a call that decodes into a value.
type fill struct {
	call *syntax.Call
	row  *knowledge.Func // nil: a function of this package that does so with its parameter
	arg  int
}

// filled is what is decoded into a field, with the value that it is part of.
func (n writes) filled(v *types.Var) Number {
	if n.fills == nil {
		n.fills = map[*types.Var][]fill{}
		for _, f := range n.Funcs {
			for _, c := range f.Calls {
				n.indexFill(c)
			}
		}
	}
	var x Number
	for _, f := range n.fills[v] {
		if n.Test(f.call.Expr.Pos()) {
			continue
		}
		if f.row != nil {
			x = join(x, n.source(f.call, f.row, nil))
			continue
		}
		if g := n.Target(f.call.Expr.Fun); g != nil {
			y, _ := n.left(g, f.call, f.arg, nil, nil)
			x = join(x, y)
		}
	}
	return x
}

func (n writes) indexFill(c *syntax.Call) {
	if row := n.base.Func(c.Callee); row != nil {
		if row.Does == knowledge.Fills {
			for i := row.Arg - 1; i < len(c.Expr.Args) && i >= 0; i++ {
				n.markFields(n.Info.TypeOf(c.Expr.Args[i]), fill{c, row, i}, 0)
			}
		}
		return
	}
	f := n.Decl(c.Callee)
	if f == nil {
		return
	}
	for i, a := range c.Expr.Args {
		if i < f.Sig.Params().Len() && types.IsInterface(f.Sig.Params().At(i).Type()) && pointer(n.Info.TypeOf(a)) {
			n.markFields(n.Info.TypeOf(a), fill{c, nil, i}, 0)
		}
	}
}

// markFields notes that the fields of a type, and of what they hold, are filled.
func (n writes) markFields(t types.Type, f fill, depth int) {
	if t == nil || depth > 5 {
		return
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		n.markFields(u.Elem(), f, depth)
	case *types.Slice:
		n.markFields(u.Elem(), f, depth+1)
	case *types.Map:
		n.markFields(u.Elem(), f, depth+1)
	case *types.Struct:
		for v := range u.Fields() {
			v = v.Origin()
			if v.Pkg() != n.Types {
				return
			}
			if !v.Exported() && !v.Embedded() {
				continue // no decoder reaches it
			}
			n.fills[v] = append(n.fills[v], f)
			n.markFields(v.Type(), f, depth+1)
		}
	}
}

// callName is a call as a message names it: client.ListObjects.
func callName(c *syntax.Call) string {
	if s, ok := syntax.Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		if x, ok := s.X.(*ast.Ident); ok {
			return x.Name + "." + s.Sel.Name
		}
		return s.Sel.Name
	}
	if c.Callee != nil {
		return c.Callee.Name()
	}
	return types.ExprString(c.Expr.Fun)
}

// put is how many elements an assignment by a key adds: as often as it is reached, and no more than there
// are keys.
func (n writes) put(at ast.Node, since token.Pos, ix *ast.IndexExpr, fr *frame) Number {
	x := n.frequency.times(at, since, fr).named(n.places.putNames(ix)...)
	if x.Kind != Grows {
		return x
	}
	if !since.IsValid() && n.takenOut(at, ix) {
		return unknown(at.Pos(), knowledge.Connections, "as many as are in flight").named(x.Names...)
	}
	if t := n.Info.TypeOf(ix.Index); t != nil && isInteger(t) {
		if k := n.values.of(ix.Index, nil, fr); k.Kind == Bounded {
			return k
		}
	}
	if v := n.Variable(ix.Index); v != nil && !v.IsField() {
		if d, ok := n.Only(v); ok {
			from := d.Expr
			ix, indexed := ast.Unparen(d.Expr).(*ast.IndexExpr) // x := xs[i]
			if indexed {
				from = ix.X
			}
			if d.Kind == syntax.RangeKey && n.places.isMap(d.Expr) || d.Kind == syntax.RangeValue || d.Kind == syntax.Assign && indexed {
				if k := n.values.of(from, nil, fr); k.Kind != None {
					return less(x, k)
				}
			}
		}
	}
	return x
}

// takenOut reports whether what a function puts into a map under a key it takes out of there, too.
func (n writes) takenOut(at ast.Node, ix *ast.IndexExpr) bool {
	c, ok := n.Package.Package.Find(at)
	if !ok || len(syntax.Loops(c)) > 0 {
		return false
	}
	v, p, ok := n.places.place(ix.X)
	in := n.FuncAt(c)
	if !ok || in == nil {
		return false
	}
	if len(p) > 0 {
		v, _ = p[len(p)-1].(*types.Var)
	}
	return v != nil && slices.ContainsFunc(n.touchesOf(v), func(t touch) bool {
		call, ok := t.node.(*ast.CallExpr)
		return ok && n.calls.builtin(call) == "delete" && t.in != nil && t.in.Declared() == in.Declared() && len(call.Args) == 2 &&
			types.ExprString(call.Args[1]) == types.ExprString(ix.Index)
	})
}
