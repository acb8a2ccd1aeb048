package syntax

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
)

// Decl returns the declared function f, or nil if its body is not in this package.
func (p *Package) Decl(f *types.Func) *Func {
	if f == nil {
		return nil
	}
	return p.decls[f.Origin()]
}

// Lit returns the function of a literal.
func (p *Package) Lit(n *ast.FuncLit) *Func { return p.nodes[n] }

// Call returns the index entry of a call.
func (p *Package) Call(n *ast.CallExpr) *Call { return p.calls[n] }

// First is the type of an expression; of a call with several results, of the first.
func (p *Package) First(e ast.Expr) types.Type {
	t := p.Info.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		return tuple.At(0).Type()
	}
	return t
}

// Named is the named type of t or *t, aliases resolved; nil if it is another type.
func Named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// Is reports whether t or *t is a type of a package.
func Is(t types.Type, path, name string) bool {
	n := Named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

// Hollow reports whether a value of a type holds nothing: struct{}.
func Hollow(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// Inits lists the calls in the initial values of package variables, in source order.
func (p *Package) Inits() []*Call { return p.inits }

// Flows lists, in source order, where values move other than by calls and returns, in a function
// without its literals, or, for nil, outside all functions: assignments, specs, sends, receives, range
// statements, composite literals, and cases that declare the variable of a type switch.
func (p *Package) Flows(f *Func) []inspector.Cursor {
	if f == nil {
		return p.flows
	}
	return f.Flows
}

// Var returns what is known of a variable or field; it is never nil.
func (p *Package) Var(v *types.Var) *Var {
	if e := p.vars[v.Origin()]; e != nil {
		return e
	}
	return &Var{Obj: v.Origin()}
}

// FuncAt returns the innermost function around a node, the node included; nil outside functions.
func (p *Package) FuncAt(c inspector.Cursor) *Func {
	for e := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		if f := p.nodes[e.Node()]; f != nil {
			return f
		}
	}
	return nil
}

// Find is where a node is: a search in the function around it, since one in all files takes long.
func (p *Package) Find(n ast.Node) (inspector.Cursor, bool) {
	i, ok := slices.BinarySearchFunc(p.outermost, n.Pos(), func(f *Func, at token.Pos) int {
		switch {
		case f.Node.End() <= at:
			return -1
		case at < f.Node.Pos():
			return 1
		}
		return 0
	})
	if !ok {
		return p.Root.FindNode(n)
	}
	return p.outermost[i].Cur.FindNode(n)
}

// Generated reports whether a position is in a generated file.
func (p *Package) Generated(pos token.Pos) bool { return p.files[p.Fset.File(pos)].generated }

// ReturnsError reports whether a return hands on an error, or what may be one.
func (p *Package) ReturnsError(ret *ast.ReturnStmt) bool {
	if len(ret.Results) == 0 {
		return false
	}
	last := p.Info.Types[ret.Results[len(ret.Results)-1]]
	return !last.IsNil() && last.Type != nil && types.Identical(last.Type, types.Universe.Lookup("error").Type())
}

// Variable returns the variable or field that e denotes through parentheses, & and *; nil if e is
// anything else. A field stands for that field of every value of its type.
func (p *Package) Variable(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := p.Info.ObjectOf(e).(*types.Var); ok {
			return v.Origin()
		}
	case *ast.SelectorExpr:
		if v, ok := p.Info.ObjectOf(e.Sel).(*types.Var); ok {
			return v.Origin()
		}
	case *ast.StarExpr:
		return p.Variable(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return p.Variable(e.X)
		}
	}
	return nil
}

// Target returns the function of this package that e denotes: a literal, a declared function, a
// method, or a local variable that is only ever one of these.
func (p *Package) Target(e ast.Expr) *Func {
	e = Callable(e)
	if lit, ok := e.(*ast.FuncLit); ok {
		return p.nodes[lit]
	}
	var id *ast.Ident
	switch e := e.(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	switch obj := p.Info.ObjectOf(id).(type) {
	case *types.Func:
		return p.decls[obj.Origin()]
	case *types.Var:
		if d, ok := p.Only(obj); ok && d.Expr != nil && d.Kind == Assign {
			if lit, ok := ast.Unparen(d.Expr).(*ast.FuncLit); ok {
				return p.nodes[lit]
			}
		}
	}
	return nil
}

// FuncObj returns the declared function or method that e denotes, whatever its package.
func (p *Package) FuncObj(e ast.Expr) *types.Func {
	var id *ast.Ident
	switch e := Callable(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return nil
	}
	if f, ok := p.Info.ObjectOf(id).(*types.Func); ok {
		return f.Origin()
	}
	return nil
}

// Only returns the one definition of a local variable that has no other, a declaration without
// value not counted.
func (p *Package) Only(v *types.Var) (Def, bool) {
	if v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope() && v.Exported() {
		return Def{}, false
	}
	var only Def
	for _, d := range p.Var(v).Defs {
		if d.Kind == Zero {
			continue
		}
		if only.Kind != 0 {
			return Def{}, false
		}
		only = d
	}
	return only, only.Kind != 0
}

// Loops yields the loops around a node, innermost first, up to the function around it.
func Loops(c inspector.Cursor) []inspector.Cursor {
	var loops []inspector.Cursor
	child := c
	for e := c; ; {
		switch e.Node().(type) {
		case *ast.FuncDecl, *ast.FuncLit, nil:
			return loops
		case *ast.ForStmt:
			// The init statement runs once.
			if child.ParentEdgeKind() != edge.ForStmt_Init {
				loops = append(loops, e)
			}
		case *ast.RangeStmt:
			if child.ParentEdgeKind() == edge.RangeStmt_Body {
				loops = append(loops, e)
			}
		}
		child = e
		e = e.Parent()
	}
}

// Stmt returns the statement around a node that stands directly in a block or clause, and false
// if there is none inside the function.
func Stmt(c inspector.Cursor) (inspector.Cursor, bool) {
	for {
		switch c.ParentEdgeKind() {
		case edge.BlockStmt_List, edge.CaseClause_Body, edge.CommClause_Body:
			return c, true
		case edge.FuncDecl_Body, edge.FuncLit_Body, edge.Invalid:
			return c, false
		}
		c = c.Parent()
	}
}

// Latest is the last definition of a variable, in source order, before a place; false if there is none.
func (p *Package) Latest(v *types.Var, at token.Pos) (Def, bool) {
	defs := p.Var(v).Defs
	i, _ := slices.BinarySearchFunc(defs, at, func(d Def, at token.Pos) int { return cmp.Compare(d.Cur.Node().Pos(), at) })
	if i == 0 {
		return Def{}, false
	}
	return defs[i-1], true
}

// Lhs are the variables of an assignment or of a declaration with var; nil for other nodes.
func Lhs(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.ValueSpec:
		names := make([]ast.Expr, len(n.Names))
		for i, name := range n.Names {
			names[i] = name
		}
		return names
	}
	return nil
}

// Outer is the outermost pair of parentheses around an expression, or the expression.
func Outer(c inspector.Cursor) inspector.Cursor {
	for c.ParentEdgeKind() == edge.ParenExpr_X {
		c = c.Parent()
	}
	return c
}

// Whole is the expression that an identifier names a variable or field in: x.f for the f of it, with the parentheses
// around it.
func Whole(id inspector.Cursor) inspector.Cursor {
	if id.ParentEdgeKind() == edge.SelectorExpr_Sel {
		id = id.Parent()
	}
	return Outer(id)
}

// Within reports whether a node is a part of another.
func Within(n, outer ast.Node) bool { return outer.Pos() <= n.Pos() && n.End() <= outer.End() }

// Assigned is what an expression is assigned to, by x = e, x := e or var x = e: one variable, or
// those of all results of a call. It is nil where an expression is not assigned.
func Assigned(c inspector.Cursor) []ast.Expr {
	c = Outer(c)
	k, i := c.ParentEdge()
	if k != edge.AssignStmt_Rhs && k != edge.ValueSpec_Values {
		return nil
	}
	values := 0
	switch n := c.Parent().Node().(type) {
	case *ast.AssignStmt:
		values = len(n.Rhs)
	case *ast.ValueSpec:
		values = len(n.Values)
	}
	lhs := Lhs(c.Parent().Node())
	if values == 1 {
		return lhs
	}
	return lhs[i : i+1]
}

// Received is the channel of m := <-ch and var m = <-ch, with ok or without; nil for other nodes.
func Received(n ast.Node) ast.Expr {
	var rhs []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok == token.DEFINE {
			rhs = n.Rhs
		}
	case *ast.ValueSpec:
		rhs = n.Values
	}
	if len(rhs) != 1 {
		return nil
	}
	if u, ok := ast.Unparen(rhs[0]).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// Inline lists the statements of a list with those of the blocks in it, and of the literals that it
// does nothing with but call: func() { … }().
func (p *Package) Inline(list []ast.Stmt) []ast.Stmt {
	var all []ast.Stmt
	for _, s := range list {
		var call ast.Expr
		switch s := s.(type) {
		case *ast.BlockStmt:
			all = append(all, p.Inline(s.List)...)
			continue
		case *ast.ExprStmt:
			call = s.X
		case *ast.ReturnStmt:
			if len(s.Results) == 1 {
				call = s.Results[0]
			}
		}
		if f := p.CalledLit(call); f != nil {
			all = append(all, p.Inline(f.Body.List)...)
			continue
		}
		all = append(all, s)
	}
	return all
}

// CalledLit is the literal that a call calls where it stands, or nil.
func (p *Package) CalledLit(e ast.Expr) *Func {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return nil
	}
	lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit)
	if !ok {
		return nil
	}
	return p.Lit(lit)
}

// Calls lists the calls of a function and of the literals that it calls or defers itself. A call in a
// deferred literal is deferred.
func (p *Package) Calls(f *Func) []*Call {
	var all []*Call
	for _, c := range f.Calls {
		inner := p.CalledLit(c.Expr)
		if inner == nil || c.Go != nil {
			all = append(all, c)
			continue
		}
		for _, in := range p.Calls(inner) {
			if c.Defer != nil && in.Defer == nil {
				later := *in
				later.Defer = c.Defer
				in = &later
			}
			all = append(all, in)
		}
	}
	return all
}

// Here lists a function and the literals that it calls or defers where they stand.
func (p *Package) Here(f *Func) []*Func {
	all := []*Func{f}
	for _, c := range f.Calls {
		if inner := p.CalledLit(c.Expr); inner != nil && c.Go == nil {
			all = append(all, p.Here(inner)...)
		}
	}
	return all
}

// Callable removes what does not change which function is meant: parentheses and type arguments.
func Callable(e ast.Expr) ast.Expr {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		default:
			return e
		}
	}
}

// NamePos is where the name stands in the function part of a call.
func NamePos(fun ast.Expr) token.Pos {
	switch e := Callable(fun).(type) {
	case *ast.SelectorExpr:
		return e.Sel.Pos()
	default:
		return e.Pos()
	}
}

// NameEnd is where that name ends.
func NameEnd(fun ast.Expr) token.Pos {
	switch e := Callable(fun).(type) {
	case *ast.SelectorExpr:
		return e.Sel.End()
	case *ast.FuncLit:
		return e.Type.End()
	default:
		return e.End()
	}
}

// Sizeof is the size of a value of type t in bytes, or 0 if that depends on a type parameter.
func Sizeof(sizes types.Sizes, t types.Type) int64 {
	if !sized(t) {
		return 0
	}
	return sizes.Sizeof(t)
}

func sized(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return false
	case *types.Array:
		return sized(t.Elem())
	case *types.Named:
		return sized(t.Underlying())
	case *types.Struct:
		for i := range t.NumFields() {
			if !sized(t.Field(i).Type()) {
				return false
			}
		}
	}
	return true
}

// Line is the line of a position.
func (p *Package) Line(pos token.Pos) int { return p.Fset.Position(pos).Line }

// LineFrom names a place as a message at another one does: line 12, or file.go:12 if it is in another file.
func (p *Package) LineFrom(from, pos token.Pos) string {
	if p.Fset.File(from) == p.Fset.File(pos) {
		return fmt.Sprint("line ", p.Line(pos))
	}
	return p.Place(pos)
}

// Place names a position as a message does: file.go:12.
func (p *Package) Place(pos token.Pos) string {
	at := p.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

// Short is an expression as a message names it.
func Short(e ast.Expr) string {
	s := types.ExprString(ast.Unparen(e))
	if i := strings.IndexByte(s, '('); i > 0 && len(s) > 40 {
		return s[:i] + "(…)"
	}
	return s
}
