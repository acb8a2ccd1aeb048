// Package purpose says what a pool is for: tasks that wait, or tasks that compute.
//
// The type decides; then a directive; then what the library says it is for; then a name that says
// so. Each is looked for along the way that the pool took to where it is used: variables, fields,
// constructors, options, parameters. Where two ways disagree, nothing is known.
package purpose

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A Purpose is what a pool is for, and how that is known.
type Purpose struct {
	Intent catalog.Intent // AnyIntent: not known
	Why    string         // "by its type", …
}

// Purposes answers for one package.
type Purposes struct {
	*sites.Package
	marked  func(types.Object, string) bool
	covered func(token.Pos, string) bool
}

// New returns the purposes of a package's pools. Marked tells whether a directive is on a declaration, covered
// whether one covers a position.
func New(p *sites.Package, marked func(types.Object, string) bool, covered func(token.Pos, string) bool) *Purposes {
	return &Purposes{p, marked, covered}
}

// evidence is one way of knowing, the strongest first.
type evidence uint8

const (
	byType evidence = iota
	byDirective
	byLibrary
	byName
	noEvidence
)

var why = [...]string{"by its type", "by its directive", "by its library", "by its name"}

// Of is the purpose of the pool that an expression denotes.
func (p *Purposes) Of(e ast.Expr) Purpose {
	if e == nil {
		return Purpose{}
	}
	for ev := byType; ev < noEvidence; ev++ {
		w := way{Purposes: p, ev: ev, seen: map[any]bool{}}
		if i := w.follow(e, 0); i != catalog.AnyIntent {
			return Purpose{Intent: i, Why: why[ev]}
		}
	}
	return Purpose{}
}

// maxDepth bounds how far a pool is followed back.
const maxDepth = 10

// A way follows a pool back to where it comes from, looking for one kind of evidence.
type way struct {
	*Purposes
	ev   evidence
	seen map[any]bool
}

func (w *way) follow(e ast.Expr, depth int) catalog.Intent {
	e = ast.Unparen(e)
	if depth > maxDepth || w.seen[e] {
		return catalog.AnyIntent
	}
	w.seen[e] = true
	switch x := e.(type) {
	case *ast.UnaryExpr:
		return w.follow(x.X, depth+1)
	case *ast.StarExpr:
		return w.follow(x.X, depth+1)
	case *ast.TypeAssertExpr:
		return w.follow(x.X, depth+1)
	case *ast.IndexExpr:
		if tv := w.Info.Types[x.Index]; tv.IsValue() {
			return w.follow(x.X, depth+1)
		}
	}
	if i := w.ofType(w.Info.TypeOf(e)); i != catalog.AnyIntent {
		return i
	}
	if c, ok := e.(*ast.CallExpr); ok {
		return w.followCall(c, 0, depth)
	}
	v, root := w.PoolVar(e)
	if v == nil {
		return catalog.AnyIntent
	}
	for _, v := range []*types.Var{v, root} {
		if v == nil {
			continue
		}
		if i := w.ofObject(v); i != catalog.AnyIntent {
			return i
		}
	}
	return w.followVar(v, depth)
}

// ofType is what a type says, or a type that it embeds.
func (w *way) ofType(t types.Type) catalog.Intent {
	n := syntax.Named(t)
	if n == nil {
		return catalog.AnyIntent
	}
	row := w.Catalog.Type(t)
	switch w.ev {
	case byType:
		if row != nil && ours(n) {
			return row.Intent
		}
	case byLibrary:
		if row != nil {
			return row.Intent
		}
	default:
		if row == nil {
			// A type of the program's own. A library's type is called what it is called.
			if i := w.ofObject(n.Obj()); i != catalog.AnyIntent {
				return i
			}
		}
	}
	if st, ok := n.Underlying().(*types.Struct); ok && row == nil {
		for i := range st.NumFields() {
			if f := st.Field(i); f.Embedded() && w.Catalog.Type(f.Type()) != nil {
				if i := w.ofObject(f); i != catalog.AnyIntent && w.ev == byDirective {
					return i
				}
				return w.ofType(f.Type())
			}
		}
	}
	return catalog.AnyIntent
}

// ours reports whether a type is of the reference executor.
func ours(n *types.Named) bool {
	return n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "github.com/poollint/poollint/pool"
}

// ofObject is what the declaration of a variable, field, type or function says.
func (w *way) ofObject(obj types.Object) catalog.Intent {
	switch w.ev {
	case byDirective:
		return intent(func(name string) bool { return w.marked(obj, name) })
	case byName:
		return Named(obj.Name())
	}
	return catalog.AnyIntent
}

// followVar follows all that is assigned to a variable. One that others can set says nothing more.
func (w *way) followVar(v *types.Var, depth int) catalog.Intent {
	if w.seen[v] || v.Pkg() != w.Types || v.Exported() && !w.closed(v) {
		return catalog.AnyIntent
	}
	w.seen[v] = true
	found := catalog.AnyIntent
	for _, d := range w.Var(v).Defs {
		i := catalog.AnyIntent
		switch {
		case d.Kind == syntax.Zero || w.Info.Types[d.Expr].IsNil():
			continue
		case d.Kind == syntax.Param:
			i = w.followParam(v, d.In, depth)
		case d.Expr == nil:
		default:
			if c, ok := ast.Unparen(d.Expr).(*ast.CallExpr); ok {
				i = w.ofType(w.Info.TypeOf(d.Expr))
				if i == catalog.AnyIntent {
					i = w.followCall(c, d.Result, depth)
				}
			} else {
				i = w.follow(d.Expr, depth+1)
			}
		}
		if i == catalog.AnyIntent || found != catalog.AnyIntent && i != found {
			return catalog.AnyIntent
		}
		found = i
	}
	return found
}

// closed reports whether nobody outside the package can set an exported variable or field: a
// program's main package.
func (w *way) closed(v *types.Var) bool {
	return w.Types.Name() == "main" || !v.IsField() && v.Parent() != w.Types.Scope()
}

// followParam follows a parameter to the arguments of all calls, if all are known.
func (w *way) followParam(v *types.Var, f *syntax.Func, depth int) catalog.Intent {
	if f == nil || f.Valued || len(f.Callers) == 0 || f.Decl != nil && f.Decl.Exported() && w.Types.Name() != "main" {
		return catalog.AnyIntent
	}
	index := -1
	for i := range f.Sig.Params().Len() {
		if f.Sig.Params().At(i) == v {
			index = i
		}
	}
	if index < 0 || f.Sig.Variadic() && index == f.Sig.Params().Len()-1 {
		return catalog.AnyIntent
	}
	found := catalog.AnyIntent
	for _, c := range f.Callers {
		a := c.Arg(index)
		if a == nil {
			return catalog.AnyIntent
		}
		i := w.follow(a, depth+1)
		if i == catalog.AnyIntent || found != catalog.AnyIntent && i != found {
			return catalog.AnyIntent
		}
		found = i
	}
	return found
}

// followCall follows a call to what its function returns: its receiver, for a setting that returns
// the pool; else what is behind its returns. A constructor's name may say it too.
func (w *way) followCall(c *ast.CallExpr, result, depth int) catalog.Intent {
	f := w.FuncObj(c.Fun)
	if row := w.Catalog.Func(f); row != nil {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if ok && f.Signature().Recv() != nil && (row.Role == catalog.SetBound || row.Role == catalog.Convert) {
			return w.follow(sel.X, depth+1)
		}
		return catalog.AnyIntent
	}
	if f != nil {
		if i := w.ofObject(f); i != catalog.AnyIntent {
			return i
		}
	}
	body := w.Target(c.Fun)
	if body == nil {
		return catalog.AnyIntent
	}
	found := catalog.AnyIntent
	for _, r := range body.Returns {
		if result >= len(r.Results) {
			return catalog.AnyIntent
		}
		if w.Info.Types[r.Results[result]].IsNil() {
			continue // on an error
		}
		i := w.follow(r.Results[result], depth+1)
		if i == catalog.AnyIntent || found != catalog.AnyIntent && i != found {
			return catalog.AnyIntent
		}
		found = i
	}
	return found
}
