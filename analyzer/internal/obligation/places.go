package obligation

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Places returns the part of a summary that says what a method does with a semaphore in its receiver: a library's,
// or a channel with a buffer of values that hold nothing.
func Places(p *sites.Package) func(*syntax.Func, *summary.Func) {
	return func(f *syntax.Func, s *summary.Func) {
		if f.Sig.Recv() == nil {
			return
		}
		w := &places{Package: p, f: f}
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
			w.look(cur)
		}
		switch {
		case w.several || w.field == "":
		case w.taken == token.NoPos:
			s.Place = summary.Place{Field: w.field, Does: summary.Gives}
		case w.given == token.NoPos:
			s.Place = summary.Place{Field: w.field, Does: summary.Takes}
		case w.given > w.taken:
			s.Place = summary.Place{Field: w.field, Does: summary.Holds}
		}
	}
}

type places struct {
	*sites.Package
	f       *syntax.Func
	field   string    // that holds the semaphore
	several bool      // there are more, or nobody knows when a place is taken
	taken   token.Pos // the first
	given   token.Pos // the last
}

func (w *places) look(cur inspector.Cursor) {
	at := cur.Node().Pos()
	for in := w.FuncAt(cur); in != w.f; in = in.Outer { // a literal that is called where it stands
		call, ok := syntax.Outer(in.Cur).Parent().Node().(*ast.CallExpr)
		if !ok || ast.Unparen(call.Fun) != in.Node || w.Call(call).Go != nil {
			return
		}
		if w.Call(call).Defer != nil {
			at = w.f.Node.End()
		}
	}
	switch n := cur.Node().(type) {
	case *ast.SendStmt:
		w.passes(cur, n.Chan, true, at)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			w.passes(cur, n.X, false, at)
		}
	case *ast.CallExpr:
		c := w.Call(n)
		if c == nil || c.Recv() == nil || c.Go != nil {
			return
		}
		if c.Defer != nil {
			at = w.f.Node.End()
		}
		if row := w.Catalog.Func(c.Callee); row != nil {
			switch row.Role {
			case catalog.Acquire:
				w.takes(w.own(c.Recv()), at)
			case catalog.Release:
				w.gives(w.own(c.Recv()), at)
			}
		} else if sum := w.Summary(c.Callee); sum != nil && w.Variable(c.Recv()) == w.f.Sig.Recv() {
			switch sum.Place.Does {
			case summary.Takes:
				w.takes(sum.Place.Field, at)
			case summary.Gives:
				w.gives(sum.Place.Field, at)
			}
		}
	}
}

// passes notes a send or receive. Of a channel that is filled where it is made, a place is what can be received.
func (w *places) passes(cur inspector.Cursor, ch ast.Expr, sends bool, at token.Pos) {
	field := w.tokens(ch)
	switch {
	case field == "":
	case sends == w.filled(w.Variable(ch)):
		w.gives(field, at)
	default:
		w.several = w.several || inChoice(cur)
		w.takes(field, at)
	}
}

// filled reports whether a function that makes the channel in a field also sends to it.
func (w *places) filled(v *types.Var) bool {
	return slices.ContainsFunc(w.Var(v).Uses, func(u inspector.Cursor) bool {
		in := w.FuncAt(u)
		return syntax.Whole(u).ParentEdgeKind() == edge.SendStmt_Chan && slices.ContainsFunc(w.Var(v).Defs, func(d syntax.Def) bool {
			return d.In != nil && d.In.Declared() == in.Declared()
		})
	})
}

func (w *places) takes(field string, at token.Pos) {
	if w.is(field) && (w.taken == token.NoPos || at < w.taken) {
		w.taken = at
	}
}

func (w *places) gives(field string, at token.Pos) {
	if w.is(field) {
		w.given = max(w.given, at)
	}
}

// is reports whether a field holds the semaphore.
func (w *places) is(field string) bool {
	if field == "" {
		return false
	}
	w.several = w.several || w.field != "" && w.field != field
	w.field = field
	return true
}

// own is the field of the receiver that an expression names; empty if it is none.
func (w *places) own(e ast.Expr) string {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || w.Variable(sel.X) != w.f.Sig.Recv() {
		return ""
	}
	return sel.Sel.Name
}

// tokens is the field of the receiver that an expression names, if it is a channel of places; else empty.
func (w *places) tokens(e ast.Expr) string {
	ch, ok := chanOf(w.Info.TypeOf(e))
	if !ok || !syntax.Hollow(ch.Elem()) {
		return ""
	}
	v := w.Variable(e)
	if v == nil || len(w.Var(v).Defs) == 0 {
		return ""
	}
	for _, d := range w.Var(v).Defs {
		call, ok := d.Expr.(*ast.CallExpr)
		if !ok || len(call.Args) != 2 {
			return ""
		}
		if _, made := w.Info.Uses[ident(call.Fun)].(*types.Builtin); !made {
			return ""
		}
	}
	return w.own(e)
}
