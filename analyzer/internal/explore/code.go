package explore

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// codes says which functions do anything of interest, and what of them is followed.
type codes struct{ *Explorer }

// A code is a function as it is run: for each step of its graph, what happens there that decides who
// waits for whom.
type code struct {
	fn       *syntax.Func
	graph    *paths.Graph
	steps    map[ast.Node][]instr
	selects  map[*ast.CommClause]*ast.SelectStmt
	ranges   map[ast.Expr]bool // what loops run over
	preludes map[*ast.SelectStmt][]instr
	free     []*types.Var // what a literal takes from the functions around it
	asked    map[*types.Var]bool
	compared map[*types.Var]int      // in how many conditions; many if it counts something
	nils     map[*types.Var]bool     // those that are compared with nil
	clauses  map[ast.Stmt][]ast.Stmt // of type switches, by what they assign
	fields   []*types.Var            // that it mentions, see mentions
}

// An instr is one thing that a step does.
type instr struct {
	op   op
	node ast.Node
	call *syntax.Call
}

type op uint8

const (
	opSend  op = iota + 1
	opRecv     // one value
	opCall     // also close and make
	opStart    // go
	opDefer
	opAssign // also declarations, n++
	opNext   // the variables of a range get the next element
	opLit    // a composite literal sets fields
	opReturn
)

// code is the function f, compiled when it is first run.
func (x codes) code(f *syntax.Func) *code {
	c := x.compiled[f]
	if c != nil {
		return c
	}
	c = &code{fn: f, graph: x.pkg.Graph(f), steps: map[ast.Node][]instr{}, selects: map[*ast.CommClause]*ast.SelectStmt{}, ranges: map[ast.Expr]bool{}, preludes: map[*ast.SelectStmt][]instr{}, asked: map[*types.Var]bool{}, compared: map[*types.Var]int{}, nils: map[*types.Var]bool{}, clauses: map[ast.Stmt][]ast.Stmt{}}
	x.compiled[f] = c
	for cur := range f.Cur.Preorder((*ast.SelectStmt)(nil), (*ast.TypeSwitchStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.SelectStmt:
			for _, cl := range n.Body.List {
				c.selects[cl.(*ast.CommClause)] = n
			}
		case *ast.TypeSwitchStmt:
			c.clauses[n.Assign] = n.Body.List
		}
	}
	seen := map[*types.Var]bool{}
	for cur := range f.Cur.Preorder((*ast.Ident)(nil)) {
		v, ok := x.pkg.Info.Uses[cur.Node().(*ast.Ident)].(*types.Var)
		if !ok || v.IsField() || seen[v] {
			continue
		}
		seen[v] = true
		if v.Pos() < f.Node.Pos() || v.Pos() >= f.Node.End() {
			c.free = append(c.free, v.Origin())
		}
	}
	c.asks(x.Explorer)
	return c
}

// asks finds the variables whose numbers decide something: conditions, ranges, buffers.
func (c *code) asks(x *Explorer) {
	const once, many = 1, 2
	times := many
	note := func(e ast.Expr) {
		if e == nil {
			return
		}
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if v, ok := x.pkg.Info.Uses[n].(*types.Var); ok {
					c.asked[v.Origin()] = true
					c.compared[v.Origin()] += times
				}
			case *ast.BinaryExpr:
				if v, _ := x.tests.isNil(n); v != nil {
					c.nils[v.Origin()] = true
				}
			}
			return true
		})
	}
	for cur := range c.fn.Cur.Preorder((*ast.IfStmt)(nil), (*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.CaseClause)(nil), (*ast.CallExpr)(nil), (*ast.AssignStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.IfStmt:
			times = once
			note(n.Cond)
			times = many
		case *ast.ForStmt:
			note(n.Cond)
		case *ast.RangeStmt:
			c.ranges[n.X] = true
			note(n.X)
		case *ast.SwitchStmt:
			note(n.Tag)
		case *ast.CaseClause:
			for _, e := range n.List {
				note(e)
			}
		case *ast.CallExpr:
			if x.codes.builtin(n) == "make" || x.kinds.meets(n) {
				for _, a := range n.Args[min(1, len(n.Args)):] {
					note(a)
				}
				if x.codes.builtin(n) == "" && len(n.Args) > 0 {
					note(n.Args[0])
				}
			}
		case *ast.AssignStmt:
			for _, e := range n.Lhs { // replies[i] = make(chan T)
				if ix, ok := ast.Unparen(e).(*ast.IndexExpr); ok && x.kinds.holder(x.pkg.Info.TypeOf(ix.X)) {
					note(ix.Index)
				}
			}
			if v := x.pkg.Variable(n.Lhs[0]); n.Tok != token.ASSIGN && n.Tok != token.DEFINE && v != nil && !x.tests.decides(v) {
				continue // total += n
			}
			for _, e := range n.Rhs { // n := len(open); open, n = …, n+1
				if t, ok := x.pkg.Info.TypeOf(e).(*types.Basic); ok && t.Info()&types.IsInteger != 0 {
					note(e)
				}
			}
		}
	}
}

// scalar reports whether a number counts nothing that is followed, and is compared once: of which sort it is then
// nobody knows, nor need it be the same as elsewhere.
func (x codes) scalar(v *types.Var) bool {
	defs := x.pkg.Var(v).Defs
	if len(defs) == 0 || defs[0].In == nil || x.kinds.global(v) || x.code(defs[0].In).compared[v] > 1 {
		return false
	}
	return !slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool {
		switch u := syntax.Outer(u); u.ParentEdgeKind() {
		case edge.CallExpr_Args:
			c := x.pkg.Call(u.Parent().Node().(*ast.CallExpr))
			return c != nil && x.callee(c) != nil
		case edge.ReturnStmt_Results:
			return true
		}
		return false
	})
}

// instrs is what a step does.
func (x codes) instrs(c *code, step ast.Node) []instr {
	list, ok := c.steps[step]
	if !ok {
		w := compiler{x: x.Explorer, c: c}
		w.node(step, true)
		list = w.list
		c.steps[step] = list
	}
	return list
}

// prelude is what is evaluated before the choice of a select: the channels, and what may be sent.
func (x codes) prelude(c *code, sel *ast.SelectStmt) []instr {
	list, ok := c.preludes[sel]
	if !ok {
		w := compiler{x: x.Explorer, c: c}
		for _, cl := range sel.Body.List {
			switch comm := cl.(*ast.CommClause).Comm.(type) {
			case *ast.SendStmt:
				w.node(comm.Chan, false)
				w.node(comm.Value, false)
			case *ast.ExprStmt:
				w.node(ast.Unparen(comm.X).(*ast.UnaryExpr).X, false)
			case *ast.AssignStmt:
				w.node(ast.Unparen(comm.Rhs[0]).(*ast.UnaryExpr).X, false)
			}
		}
		list = w.list
		c.preludes[sel] = list
	}
	return list
}

type compiler struct {
	x    *Explorer
	c    *code
	list []instr
}

func (w *compiler) add(o op, n ast.Node, call *syntax.Call) {
	w.list = append(w.list, instr{o, n, call})
}

// node adds what n does, operands first.
func (w *compiler) node(n ast.Node, step bool) {
	switch n := n.(type) {
	case nil, *ast.FuncLit:
	case *ast.GoStmt:
		w.operands(n.Call)
		w.add(opStart, n, w.x.pkg.Call(n.Call))
	case *ast.DeferStmt:
		w.operands(n.Call)
		if c := w.x.pkg.Call(n.Call); c != nil && w.x.codes.matters(c) {
			w.add(opDefer, n, c)
		}
	case *ast.SendStmt:
		w.node(n.Chan, false)
		w.node(n.Value, false)
		w.add(opSend, n, nil)
	case *ast.AssignStmt:
		for _, e := range n.Rhs {
			w.node(e, false)
		}
		for _, e := range n.Lhs {
			if _, ok := ast.Unparen(e).(*ast.Ident); !ok {
				w.node(e, false)
			}
		}
		w.assigns(n, n.Lhs)
	case *ast.ValueSpec:
		for _, e := range n.Values {
			w.node(e, false)
		}
		w.assigns(n, syntax.Lhs(n))
	case *ast.DeclStmt:
		if d, ok := n.Decl.(*ast.GenDecl); ok {
			for _, s := range d.Specs {
				w.node(s, false)
			}
		}
	case *ast.IncDecStmt:
		w.node(n.X, false)
		w.assigns(n, []ast.Expr{n.X})
	case *ast.ReturnStmt:
		for _, e := range n.Results {
			w.node(e, false)
		}
		w.add(opReturn, n, nil)
	case *ast.RangeStmt:
		if step {
			w.assigned(opNext, n, []ast.Expr{n.Key, n.Value})
		}
	case *ast.CallExpr:
		w.operands(n)
		if c := w.x.pkg.Call(n); c != nil && w.x.codes.matters(c) {
			w.add(opCall, n, c)
		}
	case *ast.UnaryExpr:
		w.node(n.X, false)
		if n.Op == token.ARROW {
			w.add(opRecv, n, nil)
		}
	case *ast.CompositeLit:
		w.children(n)
		if w.x.codes.sets(n) {
			w.add(opLit, n, nil)
		}
	case ast.Stmt, ast.Expr:
		w.children(n)
	}
}

// operands adds what a call evaluates before it is made.
func (w *compiler) operands(n *ast.CallExpr) {
	w.node(n.Fun, false)
	for _, a := range n.Args {
		w.node(a, false)
	}
}

func (w *compiler) children(n ast.Node) {
	ast.Inspect(n, func(m ast.Node) bool {
		if m == n {
			return true
		}
		switch m.(type) {
		case ast.Stmt, ast.Expr, ast.Spec:
			w.node(m, false)
			return false
		}
		return true
	})
}

func (w *compiler) assigns(n ast.Node, lhs []ast.Expr) {
	if as, ok := n.(*ast.AssignStmt); ok && len(as.Rhs) == 1 {
		if ta, ok := ast.Unparen(as.Rhs[0]).(*ast.TypeAssertExpr); ok && ta.Type == nil { // switch v := x.(type)
			w.add(opAssign, n, nil)
			return
		}
	}
	w.assigned(opAssign, n, lhs)
}

// assigned adds an assignment if it is one of interest.
func (w *compiler) assigned(o op, n ast.Node, lhs []ast.Expr) {
	for _, e := range lhs {
		if e != nil && w.x.kinds.tracked(w.c, e) {
			w.add(o, n, nil)
			return
		}
	}
}

func isContext(t types.Type) bool { return syntax.Is(t, "context", "Context") }

// sets reports whether a literal is a thing, holds some, or sets fields that do.
func (x codes) sets(n *ast.CompositeLit) bool {
	t := x.pkg.Info.TypeOf(n)
	if t == nil {
		return false
	}
	if x.kinds.interesting(t) || x.kinds.holder(t) {
		return true
	}
	return slices.ContainsFunc(n.Elts, func(e ast.Expr) bool {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			e = kv.Value
		}
		t := x.pkg.Info.TypeOf(e)
		return x.kinds.interesting(t) || t != nil && types.IsInterface(t) && !isError(t)
	})
}

// builtin is the name of the builtin function that a call calls, or "".
func (x codes) builtin(call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := x.pkg.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// matters reports whether a call may decide who waits for whom: it is of a library's or builtin
// function that does, takes or gives what does, or calls a function that does.
func (x codes) matters(c *syntax.Call) bool {
	switch x.builtin(c.Expr) {
	case "close", "make", "new":
		return true
	case "append":
		return x.kinds.holder(x.pkg.Info.TypeOf(c.Expr))
	case "delete":
		return x.kinds.holder(x.pkg.Info.TypeOf(c.Expr.Args[0]))
	case "":
	default:
		return false
	}
	if tv := x.pkg.Info.Types[c.Expr.Fun]; tv.IsType() {
		return false
	}
	if c.Callee == nil { // of a variable, a literal
		return true
	}
	if x.locking.lock(c) != nil {
		return x.locking.guard(c) != nil
	}
	if x.pkg.Catalog.Func(c.Callee) != nil || effectOf(c.Callee) != 0 || x.slots.place(c.Callee) != summary.NoPlace {
		return true
	}
	if slices.ContainsFunc(x.callees(c), x.busy) || x.adapted(c) {
		return true
	}
	for _, a := range c.Expr.Args {
		if t := x.pkg.Info.TypeOf(a); x.kinds.interesting(t) && !isContext(t) || t != nil && x.kinds.holder(t) {
			return true
		}
	}
	sig := c.Callee.Signature()
	for r := range sig.Results().Variables() {
		if x.kinds.interesting(r.Type()) {
			return true
		}
	}
	return false
}

// callee is the function of this package that a call calls, or nil.
func (x codes) callee(c *syntax.Call) *syntax.Func {
	if f := x.pkg.Decl(x.pkg.Callee(c)); f != nil {
		return f
	}
	return x.pkg.Target(c.Expr.Fun)
}

// callees are the functions of this package that a call may call.
func (x codes) callees(c *syntax.Call) (all []*syntax.Func) {
	if f := x.callee(c); f != nil {
		return []*syntax.Func{f}
	}
	if c.Recv() == nil || c.Callee == nil { // no method of an interface
		return nil
	}
	to, _ := x.pkg.Resources.Callees(c)
	for _, t := range to {
		if f := t.Body; f != nil {
			all = append(all, f)
		}
	}
	return all
}

// inPlace reports whether a literal runs where it stands, or where the variable that holds it does: it is called there, or
// given to a call that calls it before it returns.
func (x codes) inPlace(f *syntax.Func) bool {
	to := syntax.Assigned(f.Cur)
	if len(to) != 1 {
		return x.calledAt(f.Cur)
	}
	v := x.pkg.Variable(to[0])
	if v == nil || v.IsField() {
		return false
	}
	_, only := x.pkg.Only(v)
	return only && !slices.ContainsFunc(x.pkg.Var(v).Uses, func(u inspector.Cursor) bool { return !x.calledAt(u) })
}

// calledAt reports whether a function is called at once where an expression stands, or by a call that it is given to.
func (x codes) calledAt(e inspector.Cursor) bool {
	c := x.pkg.CalledAt(e)
	return c != nil && c.Defer == nil
}

// busy reports whether a function, or one that it calls, does something of interest.
func (x codes) busy(f *syntax.Func) bool { return x.active[f] }

// activity finds the busy functions.
func (x codes) activity() map[*syntax.Func]bool {
	callers := map[*syntax.Func][]*syntax.Func{}
	var todo []*syntax.Func
	for _, f := range x.funcs {
		if x.acts(f) {
			todo = append(todo, f)
		}
		for _, c := range f.Calls {
			for _, g := range x.callees(c) {
				callers[g] = append(callers[g], f)
			}
		}
	}
	busy := map[*syntax.Func]bool{}
	for len(todo) > 0 {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if busy[f] {
			continue
		}
		busy[f] = true
		todo = append(todo, callers[f]...)
		if f.Outer != nil {
			todo = append(todo, f.Outer)
		}
	}
	return busy
}

// acts reports whether a function does something of interest itself.
func (x codes) acts(f *syntax.Func) bool {
	for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.GoStmt)(nil), (*ast.SelectStmt)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.SendStmt, *ast.GoStmt, *ast.SelectStmt:
			return true
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				return true
			}
		case *ast.RangeStmt:
			if t := x.pkg.Info.TypeOf(n.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					return true
				}
			}
		case *ast.CallExpr:
			if x.actsAt(n) {
				return true
			}
		}
	}
	return false
}

func (x codes) actsAt(n *ast.CallExpr) bool {
	switch x.builtin(n) {
	case "close":
		return true
	case "make":
		_, ok := x.pkg.Info.TypeOf(n).Underlying().(*types.Chan)
		return ok
	case "":
	default:
		return false
	}
	c := x.pkg.Call(n)
	if c == nil {
		return false
	}
	if c.Callee == nil {
		tv := x.pkg.Info.Types[n.Fun]
		return !tv.IsType()
	}
	if row := x.pkg.Catalog.Func(c.Callee); row != nil {
		return true
	}
	if x.locking.lock(c) != nil {
		return x.locking.guard(c) != nil
	}
	if c.Callee.Pkg() != x.pkg.Types {
		sum := x.pkg.Summary(c.Callee)
		for i := range n.Args {
			if p := sum.Param(i); p != nil && p.Use&(summary.Sends|summary.Receives) != 0 {
				return true
			}
		}
	}
	return effectOf(c.Callee) != 0 || x.slots.place(c.Callee) != summary.NoPlace || x.adapted(c)
}

// adapted reports whether a call is of another package's method that may be one of a function, which it calls: as that
// of an http.HandlerFunc, or of an http.Handler.
func (x codes) adapted(c *syntax.Call) bool {
	if c.Recv() == nil || c.Callee == nil || c.Callee.Pkg() == x.pkg.Types {
		return false
	}
	named, ok := types.Unalias(x.pkg.Info.TypeOf(c.Recv())).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	face, ok := named.Underlying().(*types.Interface)
	if !ok {
		_, is := named.Underlying().(*types.Signature)
		return is
	}
	is, known := x.adapters[named.Obj()]
	if !known {
		scope := named.Obj().Pkg().Scope()
		is = slices.ContainsFunc(scope.Names(), func(name string) bool {
			t, ok := scope.Lookup(name).(*types.TypeName)
			if !ok {
				return false
			}
			_, function := t.Type().Underlying().(*types.Signature)
			return function && types.Implements(t.Type(), face)
		})
		x.adapters[named.Obj()] = is
	}
	return is
}

// perEntry reports whether a function calls the one that it is given for each of many.
func (x codes) perEntry(callee *types.Func, i int) bool {
	row := x.base.Func(callee)
	return row != nil && row.Does == knowledge.Calls && row.Arg-1 == i
}

// frame is a call of a function.
func (x codes) frame(body *syntax.Func, fn value, args []value, c *syntax.Call, r *run) *frame {
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
			if home := r.values.home(v); home != nil && home.sees(v) {
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
			n := x.quantities.unknown()
			n.open = true
			f.env = f.env.with(x.quantities.lengthOf(p.Origin()), n)
		}
		if i < len(args) && args[i].kind == anything && c != nil && i < len(c.Expr.Args) && x.concrete(c.Expr.Args[i], p.Type()) {
			f.env = f.env.with(p.Origin(), value{kind: present})
		}
		if i < len(args) && args[i].kind != anything && (!sig.Variadic() || i < sig.Params().Len()-1) {
			f.env = f.env.with(p.Origin(), args[i])
		}
		if sig.Variadic() && i == sig.Params().Len()-1 && c != nil && x.kinds.holder(p.Type()) {
			switch {
			case c.Expr.Ellipsis.IsValid() && i < len(args):
				f.env = f.env.with(p.Origin(), args[i])
			case len(args) >= i:
				f.env = f.env.with(p.Origin(), listOf(slices.Clone(args[i:])))
			}
		}
	}
	if recv := sig.Recv(); recv != nil && c != nil && r != nil && f.env.get(recv.Origin()).kind == anything {
		if v := r.objects.receiver(c); v.kind != anything {
			f.env = f.env.with(recv.Origin(), v)
		}
	}
	for v := range sig.Results().Variables() {
		if v.Name() != "" {
			switch t := v.Type().Underlying().(type) {
			case *types.Chan, *types.Signature:
				f.env = f.env.with(v.Origin(), value{kind: null})
			case *types.Slice:
				f.env = f.env.with(x.quantities.lengthOf(v.Origin()), num(0))
			case *types.Basic:
				if t.Info()&(types.IsInteger|types.IsBoolean) != 0 && !x.kinds.volatile(v) {
					f.env = f.env.with(v.Origin(), num(0))
				}
			}
		}
	}
	return f
}

// holdsLit reports whether a variable is set to a literal.
func (x codes) holdsLit(v *types.Var, lit *syntax.Func) bool {
	return slices.ContainsFunc(x.pkg.Var(v).Defs, func(d syntax.Def) bool { return d.Expr != nil && ast.Unparen(d.Expr) == lit.Node })
}

// concrete reports whether an expression is no interface, nor nil, where one is wanted: as an interface it is
// not nil.
func (x codes) concrete(e ast.Expr, want types.Type) bool {
	tv := x.pkg.Info.Types[e]
	return tv.Type != nil && !tv.IsNil() && types.IsInterface(want) && !types.IsInterface(tv.Type) && !isTypeParam(want)
}

// made reports whether a function, or what it calls, makes what a field holds.
func (x codes) made(f *syntax.Func, field *types.Var) bool {
	u := x.uses[field]
	return u != nil && contains(x.surroundings.reach(f, false), u.made)
}
