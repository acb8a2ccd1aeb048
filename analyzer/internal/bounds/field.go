package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// clampedField reports whether the field of a value is bounded where an expression reads it: by a
// check in the same function, or in one that the value passes through. That some other function
// checks the same field of another value says nothing.
func (b *Bounds) clampedField(v *types.Var, e *ast.SelectorExpr) bool {
	if b.tagged(v, e) {
		return true
	}
	checkers := map[*syntax.Func]bool{}
	for _, u := range b.Var(v).Uses {
		f := b.FuncAt(u)
		if encloses(f, e) {
			if b.guards(u, e.Pos()) {
				return true
			}
		} else if b.guards(u, token.NoPos) {
			for ; f != nil && !encloses(f, e); f = f.Outer {
				checkers[f] = true
			}
		}
	}
	p := passage{b, v, checkers}
	if root, _ := p.root(e.X); root != nil && b.validated(root) {
		return true
	}
	return len(checkers) > 0 && p.passed(e.X, 0)
}

// clampedGetter is clampedField for what a method of a message returns: req.GetItems().
func (b *Bounds) clampedGetter(v *types.Var, get *types.Func, at token.Pos) bool {
	if b.validated(v) {
		return true
	}
	return b.anyUse(v, func(u inspector.Cursor) bool {
		parent := u.Parent()
		switch u.ParentEdgeKind() {
		case edge.SelectorExpr_X:
			if parent.ParentEdgeKind() == edge.CallExpr_Fun {
				c := b.Call(parent.Parent().Node().(*ast.CallExpr))
				return c.Callee == get && b.guards(c.Cur, at)
			}
		case edge.CallExpr_Args:
			return b.vetted(b.Call(parent.Node().(*ast.CallExpr)), u.ParentEdgeIndex(), func(p *types.Var) bool {
				return b.clampedGetter(p, get, token.NoPos)
			})
		}
		return false
	})
}

// validated reports whether a value is checked by a method of another package that generators of
// messages write, which may check any length: if err := req.Validate(); err != nil.
func (b *Bounds) validated(v *types.Var) bool {
	for _, u := range b.Var(v).Uses {
		if u.ParentEdgeKind() != edge.SelectorExpr_X || u.Parent().ParentEdgeKind() != edge.CallExpr_Fun {
			continue
		}
		c := b.Call(u.Parent().Parent().Node().(*ast.CallExpr))
		if c.Callee != nil && b.Decl(c.Callee) == nil && strings.HasPrefix(c.Callee.Name(), "Validate") && answers(c.Callee.Signature()) {
			return true
		}
	}
	return false
}

// tagged reports whether a field has a tag by which those who decode it check its length:
// `binding:"required,max=100"`.
func (b *Bounds) tagged(v *types.Var, e *ast.SelectorExpr) bool {
	st, ok := typeUnder(deref2(b.Info.TypeOf(e.X))).(*types.Struct)
	if !ok {
		return false
	}
	for i := range st.NumFields() {
		if st.Field(i).Origin() == v.Origin() {
			tag := reflect.StructTag(st.Tag(i))
			return limits(tag.Get("validate")) || limits(tag.Get("binding"))
		}
	}
	return false
}

// limits reports whether a rule has an upper end. What follows dive is about the elements.
func limits(rule string) bool {
	rule, _, _ = strings.Cut(rule, "dive")
	for part := range strings.SplitSeq(rule, ",") {
		switch key, _, _ := strings.Cut(part, "="); key {
		case "max", "lt", "lte", "len", "eq", "oneof":
			return true
		}
	}
	return false
}

func encloses(f *syntax.Func, n ast.Node) bool { return f != nil && within(n, f.Node) }

// A passage looks for functions that check a field, on the way of a value to where it is read.
type passage struct {
	*Bounds
	field    *types.Var
	checkers map[*syntax.Func]bool
}

// maxPassage bounds how many functions the value is followed back through.
const maxPassage = 4

// passed reports whether a value has been in one of the functions, or may have been.
func (p passage) passed(e ast.Expr, depth int) bool {
	if depth > maxPassage {
		return true
	}
	v, call := p.root(e)
	if call != nil {
		return p.checks(p.Target(call.Fun), 0)
	}
	if v == nil || v.IsField() || v.Parent() == p.Types.Scope() {
		return true // anybody may have checked it
	}
	for _, u := range p.Var(v).Uses {
		if c := p.given(u); c != nil && p.checks(p.Target(c.Expr.Fun), 0) {
			return true
		}
	}
	for _, d := range p.Var(v).Defs {
		switch {
		case d.Kind == syntax.Param && p.passedParam(v, d.In, depth),
			d.Expr != nil && p.passed(d.Expr, depth+1):
			return true
		}
	}
	return false
}

// passedParam asks those who call the function, and for a receiver those who fill the field.
func (p passage) passedParam(v *types.Var, f *syntax.Func, depth int) bool {
	if f == nil {
		return false
	}
	i, ok := ParamIndex(f, v)
	if !ok {
		return false
	}
	for _, d := range p.Var(p.field).Defs {
		if p.checks(d.In, maxChecks) {
			return true
		}
	}
	for _, c := range f.Callers {
		a := c.Recv()
		if v != f.Sig.Recv() {
			a = c.Arg(i)
		}
		if p.inChecker(c.In) || a != nil && p.passed(a, depth+1) {
			return true
		}
	}
	return false
}

func (p passage) inChecker(f *syntax.Func) bool {
	for ; f != nil; f = f.Outer {
		if p.checkers[f] {
			return true
		}
	}
	return false
}

// maxChecks bounds how far the calls of a helper are followed.
const maxChecks = 2

// checks reports whether a function checks the field, or calls one that does.
func (p passage) checks(f *syntax.Func, depth int) bool {
	if f == nil || depth > maxChecks {
		return false
	}
	if p.checkers[f] {
		return true
	}
	for _, c := range f.Calls {
		if p.checks(p.Target(c.Expr.Fun), depth+1) {
			return true
		}
	}
	return false
}

// root is the variable that a value is part of, or the call that it is the result of.
func (p passage) root(e ast.Expr) (*types.Var, *ast.CallExpr) {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, _ := p.Info.ObjectOf(e).(*types.Var)
		return v, nil
	case *ast.SelectorExpr:
		return p.root(e.X)
	case *ast.StarExpr:
		return p.root(e.X)
	case *ast.UnaryExpr:
		return p.root(e.X)
	case *ast.IndexExpr:
		return p.root(e.X)
	case *ast.TypeAssertExpr:
		return p.root(e.X)
	case *ast.CallExpr:
		return nil, e
	}
	return nil, nil
}

// given is the call that a use of a value gives it, or a part of it, to: as an argument, or as the
// receiver.
func (p passage) given(u inspector.Cursor) *syntax.Call {
	for {
		parent := u.Parent()
		switch u.ParentEdgeKind() {
		case edge.ParenExpr_X, edge.StarExpr_X, edge.UnaryExpr_X, edge.IndexExpr_X, edge.SelectorExpr_X:
			u = parent
		case edge.CallExpr_Args:
			return p.Call(parent.Node().(*ast.CallExpr))
		case edge.CallExpr_Fun:
			return p.Call(parent.Node().(*ast.CallExpr))
		default:
			return nil
		}
	}
}
