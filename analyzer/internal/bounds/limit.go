package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"math"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Limit is what is known of the bound of an executor.
type Limit struct {
	State summary.Limit
	Pos   token.Pos // where it is set, or where the executor is made
	Call  *syntax.Call
	Size  Size   // when a call gives it
	Why   string // evidence
}

func limited(pos token.Pos, why string) Limit {
	return Limit{State: summary.Limited, Pos: pos, Why: why}
}

// Limit says what bounds the executor that an expression denotes.
func (b *Bounds) Limit(pool ast.Expr) Limit {
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
		return b.limitOfType(b.Info.TypeOf(e), e.Pos())
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
	v, root := b.PoolVar(pool)
	if v == nil {
		return Limit{}
	}
	l := b.limitOfVar(v)
	if root != v && root != nil && l.State != summary.Limited {
		// A wrapper type: its constructor may have set the limit of what it embeds.
		if r := b.limitOfVar(root); r.State != summary.NoLimit {
			return r
		}
	}
	return l
}

// limitOfType is the limit of a zero value.
func (b *Bounds) limitOfType(t types.Type, pos token.Pos) Limit {
	row := b.Catalog.Type(t)
	if row == nil {
		return Limit{}
	}
	return b.limitOf(row.Default, nil, pos)
}

// limitOf interprets the bound of a row.
func (b *Bounds) limitOf(bound catalog.Bound, c *syntax.Call, pos token.Pos) Limit {
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
		l.Size = b.Size(arg)
		l.State = summary.Limited
		switch {
		case l.Size.Kind == Length:
			if b.Open(l.Size.Of) {
				l.State = summary.NoLimit
			}
		case l.Size.Kind == Const && (l.Size.Value >= math.MaxInt32 || bound.Edge(l.Size.Value) == catalog.EdgeUnlimited):
			l.State = summary.NoLimit
		}
	}
	return l
}

// LimitOfCall is the limit of a call's i'th result.
func (b *Bounds) LimitOfCall(e *ast.CallExpr, i int) Limit {
	c := b.Call(e)
	if c == nil {
		return Limit{}
	}
	if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok {
		if bi, ok := b.Info.Uses[id].(*types.Builtin); ok && bi.Name() == "new" {
			return b.limitOfType(b.Info.TypeOf(e), e.Pos())
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
		return b.limitOfNew(c, row)
	case catalog.SetBound:
		return b.limitOf(row.Bound, c, c.NamePos())
	case catalog.Convert:
		return b.Limit(c.Recv())
	}
	return Limit{}
}

// limitOfNew is the limit of what a constructor returns: its argument, an option, or the default
// of the type.
func (b *Bounds) limitOfNew(c *syntax.Call, row *catalog.Func) Limit {
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
	t := b.Info.TypeOf(c.Expr)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if tr := b.Catalog.Type(t); tr != nil {
		return b.limitOf(tr.Default, c, c.NamePos())
	}
	return Limit{}
}

// LimitOfResult is the limit of what a function returns: an executor, or a value of a type that
// embeds one.
func (b *Bounds) LimitOfResult(e ast.Expr) Limit {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	if !ok {
		return b.Limit(e)
	}
	if b.Catalog.Type(b.Info.TypeOf(lit)) != nil {
		return b.Limit(lit)
	}
	f := b.Embeds(b.Info.TypeOf(lit))
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && f != nil && b.Info.Uses[id] == f {
				return b.Limit(kv.Value)
			}
		}
	}
	if f != nil && len(lit.Elts) == 0 {
		return b.limitOfType(f.Type(), lit.Pos())
	}
	return Limit{}
}

// limitOfVar is the limit of what a variable or field holds: limited if anybody limits it, no
// limit only if everything that it is ever given has none.
func (b *Bounds) limitOfVar(v *types.Var) Limit {
	if b.marked(v, "bounded") {
		return limited(v.Pos(), "//poollint:bounded")
	}
	if !b.enter(v) {
		return Limit{}
	}
	defer b.leave(v)
	// What another package can reach, it can limit.
	reachable := v.Exported() && (v.IsField() && !v.Embedded() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope())
	if v.Pkg() != b.Types {
		return Limit{}
	}
	info := b.Var(v)
	escapes := false
	for _, u := range info.Uses {
		switch l, esc := b.limitOfUse(u); {
		case l.State == summary.Limited:
			return l
		case l.State == summary.NoLimit && l.Call != nil:
			return l // SetLimit(len(xs)): the last word on it
		case esc:
			escapes = true
		}
	}
	none, unknown := Limit{}, escapes || reachable
	for _, d := range info.Defs {
		l := b.limitOfDef(v, d)
		switch l.State {
		case summary.Limited:
			return l
		case summary.NoLimit:
			none = l
		default:
			unknown = true
		}
	}
	if len(info.Defs) == 0 {
		// A field that nobody sets holds its zero value.
		none = b.limitOfType(v.Type(), v.Pos())
		if _, ptr := types.Unalias(v.Type()).(*types.Pointer); ptr {
			unknown = true
		}
	}
	if unknown {
		return Limit{}
	}
	return none
}

func (b *Bounds) limitOfDef(v *types.Var, d syntax.Def) Limit {
	switch d.Kind {
	case syntax.Zero:
		if _, ptr := types.Unalias(v.Type()).(*types.Pointer); ptr {
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
func (b *Bounds) limitOfParam(v *types.Var, f *syntax.Func) Limit {
	args, ok := b.Arguments(v, f)
	if !ok {
		return Limit{}
	}
	var l Limit
	for _, a := range args {
		l = b.Limit(a)
		if l.State != summary.NoLimit {
			return l
		}
	}
	return l
}

// Arguments returns what the callers pass for a parameter, and false if not every caller is
// known, or there is none.
func (b *Bounds) Arguments(v *types.Var, f *syntax.Func) ([]ast.Expr, bool) {
	if f == nil || f.Valued || f.Decl != nil && f.Decl.Exported() || len(f.Callers) == 0 {
		return nil, false
	}
	i, ok := ParamIndex(f, v)
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

// ParamIndex is the position of a parameter in its function's signature.
func ParamIndex(f *syntax.Func, v *types.Var) (int, bool) {
	if f.Sig.Recv() == v {
		return int(summary.Receiver), true
	}
	for i := range f.Sig.Params().Len() {
		if f.Sig.Params().At(i) == v {
			return i, true
		}
	}
	return 0, false
}

// limitOfUse looks at one mention of a variable that holds an executor: a method that limits it, a
// function that does, or an escape to where nobody can say.
func (b *Bounds) limitOfUse(u inspector.Cursor) (l Limit, escapes bool) {
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
		if p := b.Summary(call.Callee).Param(c.ParentEdgeIndex()); p != nil && p.Limits {
			return limited(call.NamePos(), "limited by "+call.Callee.Name()), false
		} else if p == nil && b.Summary(call.Callee) == nil {
			return Limit{}, true
		}
	}
	return Limit{}, false
}

// limitOfMethod looks at x.M, x an executor.
func (b *Bounds) limitOfMethod(sel inspector.Cursor) (Limit, bool) {
	for sel.ParentEdgeKind() == edge.SelectorExpr_X { // through embedded or nested fields
		if _, ok := b.Info.ObjectOf(sel.Node().(*ast.SelectorExpr).Sel).(*types.Func); ok {
			break
		}
		sel = sel.Parent()
	}
	if sel.ParentEdgeKind() != edge.CallExpr_Fun {
		return Limit{}, false
	}
	call := b.Call(sel.Parent().Node().(*ast.CallExpr))
	row := b.Catalog.Func(call.Callee)
	if row == nil {
		if p := b.Summary(call.Callee).Param(int(summary.Receiver)); p != nil && p.Limits {
			return limited(call.NamePos(), "limited by "+call.Callee.Name()), false
		}
		return Limit{}, false
	}
	switch row.Role {
	case catalog.SetBound, catalog.Resize:
		l := b.limitOf(row.Bound, call, call.NamePos())
		if row.Bound.From == catalog.Unsaid {
			l.State = summary.Limited
		}
		return l, false
	}
	return Limit{}, false
}
