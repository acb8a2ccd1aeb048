package throttle

import (
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/number"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// limits says how many tasks an executor runs at once, by how it was made and set.
type limits struct{ *Throttles }

// A Limit is what is known of the bound of an executor.
type Limit struct {
	State summary.Limit
	Pos   token.Pos // where it is set, or where the executor is made
	Call  *syntax.Call
	Size  number.Number // when a call gives it
	Why   string        // evidence, or why it is unknown
}

func limited(pos token.Pos, why string) Limit {
	return Limit{State: summary.Limited, Pos: pos, Why: why}
}

// Limit says what bounds the executor that an expression denotes.
func (b *Throttles) Limit(pool ast.Expr) Limit {
	if pool == nil {
		return Limit{}
	}
	pool = ast.Unparen(pool)
	if !b.enter(pool) {
		return Limit{}
	}
	defer b.leave(pool)
	switch e := pool.(type) {
	case *ast.CallExpr:
		return b.LimitOfCall(e, 0)
	case *ast.CompositeLit:
		return b.limits.limitOfLiteral(e)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return b.Limit(e.X)
		}
		return Limit{}
	case *ast.StarExpr:
		return b.Limit(e.X)
	case *ast.TypeAssertExpr:
		return b.Limit(e.X)
	}
	v := b.Variable(pool)
	field := b.Bounds(b.Info.TypeOf(pool))
	if field == nil {
		if v == nil {
			return Limit{}
		}
		return b.limits.limitOnce(v)
	}
	if v != nil { // how this one was made
		if l := b.limits.limitOnce(v); l.State != summary.UnknownLimit {
			return l
		}
	}
	if b.Varies(b.Info.TypeOf(pool)) {
		return Limit{Why: "it may have been made with a limit"}
	}
	return b.limits.limitOnce(field)
}

// Varies reports whether how many tasks the methods of a struct start at once differs from value to value: some
// are made with a limit and others without, or the methods ask whether there is one.
func (b *Throttles) Varies(t types.Type) bool {
	n, field := syntax.Named(t), b.Bounds(t)
	if n == nil || field == nil || field.Pkg() != b.Types {
		return false
	}
	if b.limits.optional(field) {
		return true
	}
	var states [summary.NoLimit + 1]bool
	for _, f := range b.Funcs {
		for i := range f.Sig.Results().Len() {
			if r := syntax.Named(f.Sig.Results().At(i).Type()); f.Decl != nil && r != nil && r.Obj() == n.Obj() {
				l, _ := b.LimitOfResult(f, i)
				states[l] = true
			}
		}
	}
	return states[summary.Limited] && states[summary.NoLimit]
}

// optional reports whether a field is compared with nil.
func (b limits) optional(field *types.Var) bool {
	return slices.ContainsFunc(b.Var(field).Uses, func(u inspector.Cursor) bool {
		cmp, ok := syntax.Whole(u).Parent().Node().(*ast.BinaryExpr)
		return ok && (b.Info.Types[ast.Unparen(cmp.X)].IsNil() || b.Info.Types[ast.Unparen(cmp.Y)].IsNil())
	})
}

// LimitOfResult says how the executors are bounded that a function of this package returns, and what bounds them.
func (b *Throttles) LimitOfResult(f *syntax.Func, i int) (state summary.Limit, why string) {
	for k, r := range f.Returns {
		var l Limit
		switch n := f.Sig.Results().Len(); {
		case i < len(r.Results) && len(r.Results) == n:
			if id, ok := r.Results[i].(*ast.Ident); ok && id.Name == "nil" {
				continue
			}
			l = b.Limit(r.Results[i])
		case len(r.Results) == 1:
			if call, ok := ast.Unparen(r.Results[0]).(*ast.CallExpr); ok {
				l = b.LimitOfCall(call, i)
			}
		}
		if k > 0 && l.State != state && state != summary.UnknownLimit {
			l.State = min(l.State, state) // limited wins over none; unknown over both
		}
		state = l.State
		if l.Call != nil && l.Call.Callee != nil {
			why = l.Call.Callee.Name() + " in " + f.Name()
		}
	}
	return state, why
}

// limitOfType is the limit of a zero value.
func (b limits) limitOfType(t types.Type, pos token.Pos) Limit {
	if f := b.Bounds(t); f != nil {
		t = f.Type()
		if row := b.Catalog.Type(t); isPointer(t) && row.Kind != catalog.Limiter {
			return Limit{} // nil
		} else if row == nil || row.Kind == catalog.Limiter {
			return Limit{State: summary.NoLimit, Pos: pos}
		}
	}
	row := b.Catalog.Type(t)
	if row == nil {
		return Limit{}
	}
	return b.limitOf(row.Default, nil, pos)
}

func isPointer(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.Pointer)
	return ok
}

// limitOfLiteral is the limit of a composite literal: of an executor, or of a type that has one.
func (b limits) limitOfLiteral(lit *ast.CompositeLit) Limit {
	t := b.Info.TypeOf(lit)
	f := b.Bounds(t)
	if f == nil {
		return b.limitOfType(t, lit.Pos())
	}
	for i, e := range lit.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			if st, ok := typeUnder(t).(*types.Struct); ok && st.Field(i).Origin() == f {
				return b.Limit(e)
			}
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok && b.Info.Uses[id] == f {
			return b.Limit(kv.Value)
		}
	}
	return b.limitOfType(t, lit.Pos())
}

// limitOf interprets the bound of a row.
func (b limits) limitOf(bound catalog.Bound, c *syntax.Call, pos token.Pos) Limit {
	l := Limit{Pos: pos, Call: c}
	switch bound.From {
	case catalog.Unlimited, catalog.Ignored:
		l.State = summary.NoLimit
	case catalog.CPUs, catalog.FixedBound:
		l.State = summary.Limited
	case catalog.Inherited:
		if c != nil {
			return b.Limit(c.Recv())
		}
	case catalog.FromArg:
		if c == nil {
			return Limit{}
		}
		arg := c.Arg(bound.Arg.Index())
		if arg == nil {
			return Limit{}
		}
		l.Size = b.numbers.Int(arg)
		l.State = summary.Limited
		switch {
		case l.Size.Kind != number.Bounded && l.Size.Of != nil: // a length
			l.State = summary.NoLimit
		case l.Size.Exact && (l.Size.Max >= math.MaxInt32 || bound.Edge(l.Size.Max) == catalog.EdgeUnlimited):
			l.State = summary.NoLimit
		}
	}
	return l
}

// LimitOfCall is the limit of a call's i'th result.
func (b *Throttles) LimitOfCall(e *ast.CallExpr, i int) Limit {
	c := b.Call(e)
	if c == nil {
		return Limit{}
	}
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if bi, ok := b.Info.Uses[id].(*types.Builtin); ok {
			switch bi.Name() {
			case "new":
				return b.limits.limitOfType(b.Info.TypeOf(e), e.Pos())
			case "make":
				return limited(e.Pos(), "as many as its channel of tokens has room for")
			}
		}
	}
	row := b.Catalog.Func(c.Callee)
	if row == nil {
		if r := b.Summary(c.Callee).Result(i); r != nil {
			return Limit{State: r.Limit, Pos: c.NamePos(), Call: c, Why: r.Why}
		}
		return Limit{}
	}
	switch row.Role {
	case catalog.New:
		return b.limits.limitOfNew(c, row)
	case catalog.SetBound:
		return b.limits.limitOf(row.Bound, c, c.NamePos())
	case catalog.Convert:
		return b.Limit(c.Recv())
	}
	return Limit{}
}

// limitOfNew is the limit of what a constructor returns: its argument, an option, or the default
// of the type.
func (b limits) limitOfNew(c *syntax.Call, row *catalog.Func) Limit {
	for _, a := range c.Expr.Args {
		opt, ok := ast.Unparen(a).(*ast.CallExpr)
		if !ok {
			continue
		}
		oc := b.Call(opt)
		if r := b.Catalog.Func(oc.Callee); r != nil && r.Role == catalog.Option && r.Bound.From != catalog.Unsaid {
			if l := b.limitOf(r.Bound, oc, oc.NamePos()); l.State == summary.Limited {
				return l
			}
		}
	}
	if c.Expr.Ellipsis.IsValid() {
		return Limit{} // options made elsewhere
	}
	if row.Bound.From != catalog.Unsaid {
		return b.limitOf(row.Bound, c, c.NamePos())
	}
	t := b.First(c.Expr)
	if tr := b.Catalog.Type(t); tr != nil {
		return b.limitOf(tr.Default, c, c.NamePos())
	}
	return Limit{}
}

// limitOnce remembers what a variable's limit is, since many calls ask for that of one pool, and each
// answer reads all of them. An answer inside another is a part of it: what is busy is unknown there.
func (b limits) limitOnce(v *types.Var) Limit {
	if b.depth > 1 || b.settled == nil {
		return b.limitOfVar(v)
	}
	l, ok := b.settled[v]
	if !ok {
		l = b.limitOfVar(v)
		b.settled[v] = l
	}
	return l
}

// limitOfVar is the limit of what a variable or field holds: limited if anybody limits it, no
// limit only if everything that it is ever given has none.
func (b limits) limitOfVar(v *types.Var) Limit {
	if b.marked(v, "bounded") {
		return limited(v.Pos(), "//poollint:bounded")
	}
	if !b.enter(v) {
		return Limit{}
	}
	defer b.leave(v)
	if v.Pkg() != b.Types {
		return Limit{Why: "it comes from another package"}
	}
	l, escapes := b.limitOfUses(v)
	if l.State != summary.UnknownLimit {
		return l
	}
	info := b.Var(v)
	none, unknown, why := Limit{}, false, ""
	for _, d := range info.Defs {
		l := b.limitOfDef(v, d)
		switch l.State {
		case summary.Limited:
			return l
		case summary.NoLimit:
			none = l
		default:
			unknown, why = true, l.Why
		}
	}
	if len(info.Defs) == 0 {
		// A field that nobody sets holds its zero value.
		none = b.limitOfType(v.Type(), v.Pos())
		unknown = unknown || isPointer(v.Type())
	}
	switch {
	case b.reachable(v):
		return Limit{Why: "other packages may limit it"}
	case escapes:
		return Limit{Why: "it is handed on, and may be limited there"}
	case unknown:
		return Limit{Why: why}
	}
	return none
}

// reachable reports whether another package can get at a variable: what it reaches, it can limit.
// What an exported type embeds is reached by the methods that it has from there.
func (b limits) reachable(v *types.Var) bool {
	if !v.IsField() || !v.Embedded() {
		return v.Exported() && (v.IsField() || v.Parent() == b.Types.Scope())
	}
	scope := b.Types.Scope()
	for _, name := range scope.Names() {
		if t, ok := scope.Lookup(name).(*types.TypeName); ok && t.Exported() && b.Embeds(t.Type()) == v {
			return true
		}
	}
	return false
}

// limitOfUses looks at the mentions of a variable that holds an executor: unknown if none of them
// limits it, and whether it escapes to where nobody can say. The last word on it is a limit, or a
// size that is none: SetLimit(len(xs)).
func (b limits) limitOfUses(v *types.Var) (l Limit, escapes bool) {
	if !b.enter(usesOf{v}) {
		return Limit{}, false
	}
	defer b.leave(usesOf{v})
	for _, u := range b.Var(v).Uses {
		l, esc := b.limitOfUse(u)
		if l.State == summary.Limited || l.State == summary.NoLimit && l.Call != nil {
			return l, false
		}
		escapes = escapes || esc
	}
	for _, c := range b.promoted(v) {
		if l := b.limitOfSetter(c); l.State != summary.UnknownLimit {
			return l, false
		}
	}
	return Limit{}, escapes
}

// usesOf is the question of limitOfUses.
type usesOf struct{ *types.Var }

// promoted lists the calls that limit an embedded executor through the type that embeds it.
func (b limits) promoted(v *types.Var) []*syntax.Call {
	if !v.IsField() || !v.Embedded() {
		return nil
	}
	if b.setters == nil {
		b.setters = map[*types.Var][]*syntax.Call{}
		for _, f := range b.Funcs {
			for _, c := range f.Calls {
				if row := b.Catalog.Func(c.Callee); row == nil || row.Role != catalog.SetBound && row.Role != catalog.Resize {
					continue
				}
				if field, root := b.PoolVar(c.Recv()); field != root {
					b.setters[field] = append(b.setters[field], c)
				}
			}
		}
	}
	return b.setters[v]
}

func (b limits) limitOfDef(v *types.Var, d syntax.Def) Limit {
	switch d.Kind {
	case syntax.Zero:
		if isPointer(v.Type()) {
			return Limit{State: summary.NoLimit, Pos: v.Pos()} // nil until it is assigned
		}
		return b.limitOfType(v.Type(), v.Pos())
	case syntax.Assign, syntax.Literal:
		if id, ok := ast.Unparen(d.Expr).(*ast.Ident); ok && id.Name == "nil" {
			return Limit{State: summary.NoLimit, Pos: d.Expr.Pos()}
		}
		if call, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
			return b.LimitOfCall(call, d.Result)
		}
		return b.Limit(d.Expr)
	case syntax.Param:
		return b.limitOfParam(v, d.In)
	}
	return Limit{}
}

// limitOfParam asks the callers, if all of them are known.
func (b limits) limitOfParam(v *types.Var, f *syntax.Func) Limit {
	args, ok := b.Arguments(v, f)
	if !ok {
		return Limit{Why: "the caller may have limited it"}
	}
	var l Limit
	for _, a := range args {
		if b.Variable(a) == v {
			continue // handed on to itself
		}
		l = b.Limit(a)
		if l.State != summary.NoLimit {
			return l
		}
	}
	return l
}

// Arguments returns what the callers pass for a parameter, and false if not every caller is
// known, or there is none.
func (b *Throttles) Arguments(v *types.Var, f *syntax.Func) ([]ast.Expr, bool) {
	if f == nil || f.Valued || f.Decl != nil && f.Decl.Exported() || len(f.Callers) == 0 {
		return nil, false
	}
	i, ok := number.Index(f, v)
	if !ok {
		return nil, false
	}
	var args []ast.Expr
	for _, c := range f.Callers {
		var a ast.Expr
		if i == int(summary.Receiver) {
			a = c.Recv()
		} else {
			if f.Sig.Variadic() && i == f.Sig.Params().Len()-1 && !c.Expr.Ellipsis.IsValid() {
				return nil, false
			}
			a = c.Arg(i)
		}
		if a == nil {
			return nil, false
		}
		args = append(args, a)
	}
	return args, true
}

// limitOfUse looks at one mention of a variable that holds an executor: a method that limits it, a
// function that does, or an escape to where nobody can say.
func (b limits) limitOfUse(u inspector.Cursor) (l Limit, escapes bool) {
	c := u
	if c.ParentEdgeKind() == edge.SelectorExpr_Sel {
		c = c.Parent() // x.field: the field is the executor
	}
	for {
		switch c.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.StarExpr_X, edge.UnaryExpr_X:
			c = c.Parent()
			continue
		}
		break
	}
	switch c.ParentEdgeKind() {
	case edge.SelectorExpr_X:
		return b.limitOfMethod(c.Parent())
	case edge.CallExpr_Args:
		call := b.Call(c.Parent().Node().(*ast.CallExpr))
		if row := b.Catalog.Func(call.Callee); row != nil {
			return Limit{}, false
		}
		p := b.Summary(call.Callee).Param(c.ParentEdgeIndex())
		if p != nil && p.Limits {
			return limited(call.NamePos(), "limited by "+call.Callee.Name()), false
		}
		if kept := p == nil || p.Use == 0 || p.Use&summary.Keeps != 0; !kept {
			return Limit{}, false
		}
		if f := b.Decl(call.Callee); f != nil && c.ParentEdgeIndex() < f.Sig.Params().Len() {
			return b.limitOfUses(f.Sig.Params().At(c.ParentEdgeIndex()))
		}
		return Limit{}, true // nobody knows
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values, edge.KeyValueExpr_Value:
		return b.limitOfAlias(c)
	case edge.CompositeLit_Elts, edge.SendStmt_Value:
		return Limit{}, true
	}
	return Limit{}, false
}

// limitOfAlias looks at x = executor, T{x: executor}: what limits x limits the executor. A field
// that others reach is theirs only when the value it is in gets to them.
func (b limits) limitOfAlias(c inspector.Cursor) (l Limit, escapes bool) {
	var to ast.Expr
	if n, ok := c.Parent().Node().(*ast.KeyValueExpr); ok {
		to = n.Key
	} else if lhs := syntax.Assigned(c); len(lhs) == 1 {
		to = lhs[0]
	}
	if id, ok := to.(*ast.Ident); ok && id.Name == "_" {
		return Limit{}, false
	}
	v := b.Variable(to)
	if v == nil || v.Pkg() != b.Types {
		return Limit{}, true
	}
	l, escapes = b.limitOfUses(v)
	if l.State != summary.UnknownLimit || !b.reachable(v) {
		return l, escapes
	}
	if c.ParentEdgeKind() != edge.KeyValueExpr_Value {
		return Limit{}, true
	}
	holder := c.Parent().Parent()
	if holder.ParentEdgeKind() == edge.UnaryExpr_X {
		holder = syntax.Outer(holder.Parent())
	}
	switch holder.ParentEdgeKind() {
	case edge.ReturnStmt_Results:
		return Limit{}, escapes // the caller knows what becomes of it
	case edge.AssignStmt_Rhs, edge.ValueSpec_Values:
		return b.limitOfAlias(holder)
	}
	return Limit{}, true
}

// limitOfMethod looks at x.M, x an executor.
func (b limits) limitOfMethod(sel inspector.Cursor) (Limit, bool) {
	for sel.ParentEdgeKind() == edge.SelectorExpr_X { // through embedded or nested fields
		if _, ok := b.Info.ObjectOf(sel.Node().(*ast.SelectorExpr).Sel).(*types.Func); ok {
			break
		}
		sel = sel.Parent()
	}
	if sel.ParentEdgeKind() == edge.AssignStmt_Lhs { // r.group = …
		field, stmt := b.Variable(sel.Node().(ast.Expr)), sel.Parent().Node()
		for _, d := range b.Var(field).Defs {
			if d.Cur.Node() == stmt && field == b.Bounds(b.Info.TypeOf(sel.Node().(*ast.SelectorExpr).X)) {
				return b.limitOfDef(field, d), false
			}
		}
	}
	if sel.ParentEdgeKind() != edge.CallExpr_Fun {
		return Limit{}, false
	}
	call := b.Call(sel.Parent().Node().(*ast.CallExpr))
	callee := b.Callee(call)
	if b.Catalog.Func(callee) != nil {
		return b.limitOfSetter(call), false
	}
	if p := b.Summary(callee).Param(int(summary.Receiver)); p != nil && p.Limits {
		return limited(call.NamePos(), "limited by "+callee.Name()), false
	}
	return Limit{}, b.Summary(callee) == nil
}

// limitOfSetter is the limit that a call of a library function sets on its receiver, if it does.
func (b limits) limitOfSetter(c *syntax.Call) Limit {
	row := b.Catalog.Func(b.Callee(c))
	if row.Role != catalog.SetBound && row.Role != catalog.Resize {
		return Limit{}
	}
	l := b.limitOf(row.Bound, c, c.NamePos())
	if row.Bound.From == catalog.Unsaid {
		l.State = summary.Limited
	}
	return l
}
