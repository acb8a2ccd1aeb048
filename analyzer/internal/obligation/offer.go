package obligation

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/resource"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// turnsAway tells when a function that hands on a task itself, over a channel or in the queue of a home-made
// pool, answers that it has not; or one that takes a token from a channel, if it is said to take one.
func turnsAway(p *sites.Package, f *syntax.Func, takes bool) summary.Rejects {
	when := summary.Never
	for _, o := range p.Resources.Ops(f) {
		send, ok := o.Cur.Node().(*ast.SendStmt)
		if !ok {
			continue
		}
		switch sel := o.Select(); {
		case !takes && !mentionsTask(p, f, send.Value):
		case sel != nil:
			when = max(when, inChoiceOf(p, f, o.Cur.Parent(), sel))
		case !takes:
			when = max(when, guarded(p, f, send))
		}
	}
	if f.Sig.Recv() == nil || p.Homemade(f.Sig.Recv().Type()) == nil {
		return when
	}
	for c := range f.Cur.Preorder((*ast.AssignStmt)(nil)) {
		n := c.Node().(*ast.AssignStmt)
		if len(n.Lhs) != 1 || len(n.Rhs) != 1 || p.FuncAt(c) != f || !mentionsTask(p, f, n.Rhs[0]) {
			continue
		}
		to := ast.Unparen(n.Lhs[0])
		if at, ok := to.(*ast.IndexExpr); ok {
			to = at.X
		}
		if v := p.Variable(to); v != nil && v.IsField() {
			when = max(when, guarded(p, f, n))
		}
	}
	return when
}

// mentionsTask reports whether an expression is, or holds, a function that f is given.
func mentionsTask(p *sites.Package, f *syntax.Func, e ast.Expr) bool {
	for v := range f.Sig.Params().Variables() {
		if _, is := v.Type().Underlying().(*types.Signature); is && mentions(p, e, v) {
			return true
		}
	}
	return false
}

// inChoiceOf tells when a select of f takes another way than the case that hands on, and f answers so.
func inChoiceOf(p *sites.Package, f *syntax.Func, own inspector.Cursor, sel *ast.SelectStmt) summary.Rejects {
	after := own.Parent().Parent() // the select
	if is, ok := accepts(p, f, ending(own.Node().(*ast.CommClause).Body, after)); !ok || !is {
		return summary.Never
	}
	when := summary.Never
	for _, clause := range sel.Body.List {
		other := clause.(*ast.CommClause)
		if is, ok := accepts(p, f, ending(other.Body, after)); !ok || is {
			continue
		}
		when = max(when, chosen(p, f, other))
	}
	return when
}

// chosen tells when a case of a select in f is taken.
func chosen(p *sites.Package, f *syntax.Func, clause *ast.CommClause) summary.Rejects {
	if clause.Comm == nil {
		return summary.AnyTime // a default
	}
	ch := receives(clause.Comm)
	if ch == nil {
		return summary.Never // it hands on to another
	}
	class := p.Resources.Class(ch)
	switch {
	case class != nil && class.Kind == resource.Timer:
		return summary.AnyTime
	case class != nil && class.Kind == resource.Context:
		if done, ok := ast.Unparen(ch).(*ast.CallExpr); ok && isParam(p, f, p.Variable(p.Call(done).Recv())) {
			return summary.WhenEnded
		}
	}
	return summary.WhenClosed
}

// receives is the channel that the statement of a case receives from, or nil.
func receives(comm ast.Stmt) ast.Expr {
	var e ast.Expr
	switch comm := comm.(type) {
	case *ast.ExprStmt:
		e = comm.X
	case *ast.AssignStmt:
		e = comm.Rhs[0]
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		return u.X
	}
	return nil
}

// guarded tells when a branch of f that stands before a step which hands on a task leaves with the answer that
// it is not accepted: because of a number, there is no room; else the pool has ended.
func guarded(p *sites.Package, f *syntax.Func, step ast.Stmt) summary.Rejects {
	if !slices.ContainsFunc(f.Returns, func(ret *ast.ReturnStmt) bool {
		is, ok := accepts(p, f, ret)
		return ok && is && ret.Pos() > step.Pos()
	}) {
		return summary.Never
	}
	when := summary.Never
	for c := range f.Cur.Preorder((*ast.IfStmt)(nil), (*ast.CaseClause)(nil)) {
		for _, b := range syntax.Branches(c) {
			ret, ok := b.Last().(*ast.ReturnStmt)
			if !ok || ret.End() > step.Pos() || p.FuncAt(c) != f {
				continue
			}
			switch is, ok := accepts(p, f, ret); {
			case !ok || is:
			case counts(p, b.Cond):
				return summary.AnyTime
			default:
				when = summary.WhenClosed
			}
		}
	}
	return when
}

// counts reports whether a condition compares numbers.
func counts(p *sites.Package, cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		cmp, ok := n.(*ast.BinaryExpr)
		if ok && (cmp.Op == token.EQL || cmp.Op == token.GEQ || cmp.Op == token.GTR || cmp.Op == token.LEQ || cmp.Op == token.LSS) {
			basic, is := p.Info.TypeOf(cmp.X).Underlying().(*types.Basic)
			found = found || is && basic.Info()&types.IsInteger != 0
		}
		return !found
	})
	return found
}

// ending is the return that statements end with, or that stands behind the statement around them when they end
// with none; nil if there is none.
func ending(list []ast.Stmt, around inspector.Cursor) *ast.ReturnStmt {
	if n := len(list); n > 0 {
		switch last := list[n-1].(type) {
		case *ast.ReturnStmt:
			return last
		case *ast.BranchStmt:
			return nil
		}
	}
	if around.Node() == nil || around.ParentEdgeKind() != edge.BlockStmt_List {
		return nil
	}
	next, ok := around.NextSibling()
	if !ok {
		return nil
	}
	ret, _ := next.Node().(*ast.ReturnStmt)
	return ret
}

// accepts reports what the last result of a return says, true or nil being yes, and whether it says anything.
func accepts(p *sites.Package, f *syntax.Func, ret *ast.ReturnStmt) (is, ok bool) {
	if ret == nil || len(ret.Results) != f.Sig.Results().Len() || len(ret.Results) == 0 {
		return false, false
	}
	tv := p.Info.Types[ret.Results[len(ret.Results)-1]]
	switch {
	case tv.IsNil():
		return true, true
	case tv.Value != nil && tv.Value.Kind() == constant.Bool:
		return constant.BoolVal(tv.Value), true
	}
	return false, types.Identical(tv.Type, types.Universe.Lookup("error").Type()) || types.Implements(tv.Type, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// tokensOf is the channel on which a function of the package sends a token that others receive, or nil.
func tokensOf(p *sites.Package, f *syntax.Func) *resource.Class {
	for _, o := range p.Resources.Ops(f) {
		if o.Kind == resource.Send && o.Class.Kind == resource.Channel && slices.ContainsFunc(o.Class.Ops, func(back *resource.Op) bool { return back.Kind == resource.Receive }) {
			return o.Class
		}
	}
	return nil
}
