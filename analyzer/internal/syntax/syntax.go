// Package syntax indexes the source of one package, once, for everything that reads it: its
// functions and literals, its calls, and for each variable and field where it gets its values and
// where it is used.
package syntax

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"
)

// A reader fills a package from its source.
type reader struct{ *Package }

// A Package is the index of one package.
type Package struct {
	Fset  *token.FileSet
	Types *types.Package
	Info  *types.Info
	Root  inspector.Cursor
	Funcs []*Func // declared functions and literals, in source order

	decls     map[*types.Func]*Func
	nodes     map[ast.Node]*Func
	vars      map[*types.Var]*Var
	calls     map[*ast.CallExpr]*Call
	inits     []*Call
	flows     []inspector.Cursor // outside functions
	files     map[*token.File]file
	outermost []*Func // those that are in no other, by position
	tests     []*Func // declared functions that belong to a test
	only      bool    // the package only serves tests
}

type file struct{ generated, test bool }

// A Func is a declared function, a method, or a function literal, with a body.
type Func struct {
	Cur     inspector.Cursor
	Node    ast.Node    // *ast.FuncDecl or *ast.FuncLit
	Decl    *types.Func // nil for a literal
	Outer   *Func       // the function around a literal
	Type    *ast.FuncType
	Body    *ast.BlockStmt
	Sig     *types.Signature
	Calls   []*Call          // in the body, without those in literals
	Gos     []*Call          // of the calls, those of go statements
	Ranges  []*ast.RangeStmt // in the body, likewise
	Returns []*ast.ReturnStmt
	Flows   []inspector.Cursor // see Package.Flows
	Lits    []*Func            // literals directly inside
	Callers []*Call            // calls from this package whose callee it is
	Valued  bool               // used as a value too, so that not every caller is known
}

// Name is how a message calls f.
func (f *Func) Name() string {
	if f.Decl != nil {
		return f.Decl.Name()
	}
	if f.Outer != nil {
		return "a function literal in " + f.Outer.Name()
	}
	return "a function literal"
}

// Declared is the declared function that f is or lies in; nil for a literal in a variable's
// initial value.
func (f *Func) Declared() *Func {
	for f != nil && f.Decl == nil {
		f = f.Outer
	}
	return f
}

// Within reports whether a function is another one, or a literal in it. Nil is in none.
func (f *Func) Within(other *Func) bool {
	for ; f != nil; f = f.Outer {
		if f == other {
			return true
		}
	}
	return false
}

// FullName is the name of the declared function, with its type, that f is or is in; empty of one that stands
// in the initial value of a package variable, and of nil.
func (f *Func) FullName() string {
	if f = f.Declared(); f == nil {
		return ""
	}
	return f.Decl.FullName()
}

// Nested lists f and the literals in its text.
func (f *Func) Nested() []*Func {
	all := []*Func{f}
	for _, l := range f.Lits {
		all = append(all, l.Nested()...)
	}
	return all
}

// Main reports whether f is the function main of a program.
func (f *Func) Main() bool {
	return f.Decl != nil && f.Decl.Name() == "main" && f.Decl.Pkg().Name() == "main" && f.Sig.Recv() == nil
}

// A Call is a call expression.
type Call struct {
	Cur    inspector.Cursor
	Expr   *ast.CallExpr
	Callee *types.Func // the function or method called, generic ones by their origin; nil if dynamic
	In     *Func       // nil in the initial value of a package variable
	Go     *ast.GoStmt
	Defer  *ast.DeferStmt
}

// NamePos is where the name called stands.
func (c *Call) NamePos() token.Pos { return NamePos(c.Expr.Fun) }

// Name is what a message calls the function that a call runs.
func (c *Call) Name() string {
	if c.Callee != nil {
		return c.Callee.Name()
	}
	return Short(c.Expr.Fun)
}

// Place is what a finding about a call points at: the name called, or the keyword go.
func (c *Call) Place() (pos, end token.Pos) {
	if c.Go != nil {
		return c.Go.Go, c.Go.Go + token.Pos(len("go"))
	}
	return c.NamePos(), NameEnd(c.Expr.Fun)
}

// Arg returns the i'th argument, or nil.
func (c *Call) Arg(i int) ast.Expr {
	if i < 0 || i >= len(c.Expr.Args) {
		return nil
	}
	return c.Expr.Args[i]
}

// Recv is the expression that a method is called on, or nil.
func (c *Call) Recv() ast.Expr {
	if c.Callee == nil || c.Callee.Signature().Recv() == nil {
		return nil
	}
	if s, ok := Callable(c.Expr.Fun).(*ast.SelectorExpr); ok {
		return s.X
	}
	return nil
}

// A Var is a variable or a struct field.
type Var struct {
	Obj  *types.Var
	Defs []Def
	Uses []inspector.Cursor // each identifier that refers to it, definitions included
}

// A Def is a place where a variable gets a value.
type Def struct {
	Cur    inspector.Cursor // the statement, spec or key-value pair
	Kind   DefKind
	Expr   ast.Expr // the value; the collection for Range; nil for Zero and Param
	Result int      // which result of Expr, a call with several; else 0
	In     *Func
}

// DefKind is how a variable gets a value.
type DefKind uint8

const (
	Assign     DefKind = iota + 1 // x = e, x := e, var x = e
	Zero                          // var x T
	Param                         // a parameter, the receiver or a named result
	RangeKey                      // for x := range e
	RangeValue                    // for _, x := range e
	Literal                       // T{x: e}
	Update                        // x += e, x++
	TypeSwitch                    // switch x := e.(type)
)

// New indexes a package.
func New(fset *token.FileSet, pkg *types.Package, info *types.Info, files []*ast.File, in *inspector.Inspector) *Package {
	p := &Package{
		Fset: fset, Types: pkg, Info: info, Root: in.Root(),
		decls: map[*types.Func]*Func{},
		nodes: map[ast.Node]*Func{},
		vars:  map[*types.Var]*Var{},
		calls: map[*ast.CallExpr]*Call{},
		files: map[*token.File]file{},
	}
	for _, f := range files {
		p.files[fset.File(f.FileStart)] = file{
			generated: ast.IsGenerated(f),
			test:      strings.HasSuffix(fset.File(f.FileStart).Name(), "_test.go"),
		}
	}
	r := reader{p}
	r.functions()
	p.support()
	for _, f := range p.Funcs {
		if f.Outer == nil {
			p.outermost = append(p.outermost, f)
		}
	}
	slices.SortFunc(p.outermost, func(a, b *Func) int { return cmp.Compare(a.Node.Pos(), b.Node.Pos()) })
	r.walk()
	r.callers()
	return p
}

// functions finds every function first, so that the walk can name the one around each node.
func (p reader) functions() {
	for cur := range p.Root.Preorder((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		f := &Func{Cur: cur, Node: cur.Node()}
		switch n := f.Node.(type) {
		case *ast.FuncDecl:
			obj, _ := p.Info.Defs[n.Name].(*types.Func)
			if obj == nil || n.Body == nil {
				continue
			}
			f.Decl, f.Type, f.Body, f.Sig = obj, n.Type, n.Body, obj.Signature()
			p.decls[obj] = f
		case *ast.FuncLit:
			f.Type, f.Body = n.Type, n.Body
			f.Sig, _ = p.Info.TypeOf(n).(*types.Signature)
			if f.Sig == nil {
				continue
			}
			f.Outer = p.FuncAt(cur.Parent())
			if f.Outer != nil {
				f.Outer.Lits = append(f.Outer.Lits, f)
			}
		}
		p.nodes[f.Node] = f
		p.Funcs = append(p.Funcs, f)
	}
}

func (p reader) walk() {
	kinds := []ast.Node{
		(*ast.Ident)(nil), (*ast.CallExpr)(nil), (*ast.ReturnStmt)(nil), (*ast.AssignStmt)(nil),
		(*ast.ValueSpec)(nil), (*ast.RangeStmt)(nil), (*ast.IncDecStmt)(nil), (*ast.CompositeLit)(nil),
		(*ast.Field)(nil), (*ast.TypeSwitchStmt)(nil), (*ast.CaseClause)(nil), (*ast.FuncDecl)(nil), (*ast.FuncLit)(nil),
		(*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil),
	}
	var visit func(cur inspector.Cursor, in *Func)
	visit = func(cur inspector.Cursor, in *Func) {
		cur.Inspect(kinds, func(c inspector.Cursor) bool {
			switch n := c.Node().(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				if f := p.nodes[n]; f != nil && f != in {
					visit(c, f)
					return false
				}
			case *ast.Ident:
				p.use(c, n)
			case *ast.CallExpr:
				p.call(c, n, in)
			case *ast.ReturnStmt:
				if in != nil {
					in.Returns = append(in.Returns, n)
				}
			case *ast.AssignStmt:
				p.assign(c, n, in)
				p.flow(c, in)
			case *ast.ValueSpec:
				p.spec(c, n, in)
				p.flow(c, in)
			case *ast.SendStmt:
				p.flow(c, in)
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					p.flow(c, in)
				}
			case *ast.RangeStmt:
				p.flow(c, in)
				if in != nil {
					in.Ranges = append(in.Ranges, n)
				}
				p.define(n.Key, Def{Cur: c, Kind: RangeKey, Expr: n.X, In: in})
				p.define(n.Value, Def{Cur: c, Kind: RangeValue, Expr: n.X, In: in})
			case *ast.IncDecStmt:
				p.define(n.X, Def{Cur: c, Kind: Update, In: in})
			case *ast.CompositeLit:
				p.literal(c, n, in)
				p.flow(c, in)
			case *ast.Field:
				for _, name := range n.Names {
					if v, ok := p.Info.Defs[name].(*types.Var); ok && !v.IsField() {
						p.add(v, Def{Cur: c, Kind: Param, In: in})
					}
				}
			case *ast.CaseClause:
				p.typeSwitch(c, n, in)
			}
			return true
		})
	}
	visit(p.Root, nil)
}

func (p reader) flow(c inspector.Cursor, in *Func) {
	if in == nil {
		p.flows = append(p.flows, c)
	} else {
		in.Flows = append(in.Flows, c)
	}
}

func (p reader) use(c inspector.Cursor, id *ast.Ident) {
	obj := p.Info.Uses[id]
	if obj == nil {
		obj = p.Info.Defs[id]
	}
	switch obj := obj.(type) {
	case *types.Var:
		v := p.entry(obj)
		v.Uses = append(v.Uses, Outer(c))
	case *types.Func:
		if f := p.decls[obj.Origin()]; f != nil && p.Info.Uses[id] != nil && !calledName(c) {
			f.Valued = true
		}
	}
}

// calledName reports whether c is the name in a call: f(…), x.f(…), f[T](…).
func calledName(c inspector.Cursor) bool {
	for {
		switch k := c.ParentEdgeKind(); k {
		case edge.CallExpr_Fun:
			return true
		case edge.SelectorExpr_Sel, edge.IndexExpr_X, edge.IndexListExpr_X, edge.ParenExpr_X:
			c = c.Parent()
		default:
			return false
		}
	}
}

func (p reader) call(c inspector.Cursor, n *ast.CallExpr, in *Func) {
	call := &Call{Cur: c, Expr: n, In: in}
	if f, ok := typeutil.Callee(p.Info, n).(*types.Func); ok {
		call.Callee = f.Origin()
	}
	switch s := c.Parent().Node().(type) {
	case *ast.GoStmt:
		call.Go = s
	case *ast.DeferStmt:
		call.Defer = s
	}
	p.calls[n] = call
	if in == nil {
		p.inits = append(p.inits, call)
	}
	if in != nil {
		in.Calls = append(in.Calls, call)
		if call.Go != nil {
			in.Gos = append(in.Gos, call)
		}
	}
}

func (p reader) assign(c inspector.Cursor, n *ast.AssignStmt, in *Func) {
	if c.ParentEdgeKind() == edge.TypeSwitchStmt_Assign {
		return // the clauses define the variable
	}
	kind := Assign
	if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		kind = Update
	}
	for i, lhs := range n.Lhs {
		d := Def{Cur: c, Kind: kind, In: in}
		if len(n.Rhs) == len(n.Lhs) {
			d.Expr = n.Rhs[i]
		} else {
			d.Expr, d.Result = n.Rhs[0], i
		}
		p.define(lhs, d)
	}
}

func (p reader) spec(c inspector.Cursor, n *ast.ValueSpec, in *Func) {
	for i, name := range n.Names {
		d := Def{Cur: c, Kind: Assign, In: in}
		switch {
		case len(n.Values) == 0:
			d.Kind = Zero
		case len(n.Values) == len(n.Names):
			d.Expr = n.Values[i]
		default:
			d.Expr, d.Result = n.Values[0], i
		}
		p.define(name, d)
	}
}

// literal records the fields that a composite literal sets.
func (p reader) literal(c inspector.Cursor, n *ast.CompositeLit, in *Func) {
	t := p.Info.TypeOf(n)
	if t == nil {
		return
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem() // &T{} with the type left out in a composite
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, e := range n.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok {
				p.define(key, Def{Cur: c, Kind: Literal, Expr: kv.Value, In: in})
			}
		} else if i < st.NumFields() {
			p.add(st.Field(i), Def{Cur: c, Kind: Literal, Expr: e, In: in})
		}
	}
}

func (p reader) typeSwitch(c inspector.Cursor, n *ast.CaseClause, in *Func) {
	v, ok := p.Info.Implicits[n].(*types.Var)
	if !ok {
		return
	}
	sw, ok := c.Parent().Parent().Node().(*ast.TypeSwitchStmt)
	if !ok {
		return
	}
	p.flow(c, in)
	if as, ok := sw.Assign.(*ast.AssignStmt); ok {
		if ta, ok := as.Rhs[0].(*ast.TypeAssertExpr); ok {
			p.add(v, Def{Cur: c, Kind: TypeSwitch, Expr: ta.X, In: in})
		}
	}
}

// define records a value for what lhs names: a variable or a field.
func (p reader) define(lhs ast.Expr, d Def) {
	if lhs == nil {
		return
	}
	if v := p.Variable(lhs); v != nil {
		p.add(v, d)
	}
}

func (p reader) add(v *types.Var, d Def) {
	e := p.entry(v)
	e.Defs = append(e.Defs, d)
}

func (p reader) entry(v *types.Var) *Var {
	v = v.Origin()
	e := p.vars[v]
	if e == nil {
		e = &Var{Obj: v}
		p.vars[v] = e
	}
	return e
}

func (p reader) callers() {
	for _, f := range p.Funcs {
		for _, c := range f.Calls {
			if g := p.Target(c.Expr.Fun); g != nil {
				g.Callers = append(g.Callers, c)
			}
		}
	}
	for _, c := range p.inits {
		if g := p.Target(c.Expr.Fun); g != nil {
			g.Valued = true
		}
	}
}
