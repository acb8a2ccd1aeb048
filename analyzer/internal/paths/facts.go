package paths

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// facts is what is known of conditions at a point: atoms by their key.
type facts map[string]bool

// An atom is a condition that is not made of others: a flag, a comparison.
type atom struct {
	key  string
	vars []*types.Var
}

// A Fact says that a variable is nil, or true.
type Fact struct {
	Var *types.Var
	Nil bool // compared with nil; else the variable itself
	Is  bool
}

// settle finds what holds at the entry of each block: the facts on which all ways into it agree.
func (g *Graph) settle() {
	entry := g.blocks[0]
	entry.in, entry.seen = facts{}, true
	todo := []*block{entry}
	for len(todo) > 0 {
		b := todo[0]
		todo = todo[1:]
		out := maps.Clone(b.in)
		for _, n := range b.steps {
			g.apply(out, n)
		}
		for _, e := range b.succs {
			via, feasible := g.follow(e, out)
			if !feasible {
				continue
			}
			if !e.to.seen {
				e.to.in, e.to.seen = via, true
				todo = append(todo, e.to)
				continue
			}
			before := len(e.to.in)
			maps.DeleteFunc(e.to.in, func(k string, v bool) bool { w, ok := via[k]; return !ok || w != v })
			if len(e.to.in) != before && !slices.Contains(todo, e.to) {
				todo = append(todo, e.to)
			}
		}
	}
}

// follow returns the facts after an edge, and whether the edge can be taken under the facts before.
func (g *Graph) follow(e edge, in facts) (facts, bool) {
	out := maps.Clone(in)
	if e.cond == nil {
		return out, true
	}
	if e.tag != nil {
		return out, g.assume(out, &ast.BinaryExpr{X: e.tag, Op: token.EQL, Y: e.cond}, e.is)
	}
	return out, g.assume(out, e.cond, e.is)
}

// assume adds what cond being is says, and reports whether it can be.
func (g *Graph) assume(f facts, cond ast.Expr, is bool) bool {
	if v, known := g.eval(f, cond); known {
		return v == is
	}
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return g.assume(f, e.X, !is)
		}
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.LAND && is, e.Op == token.LOR && !is:
			return g.assume(f, e.X, is) && g.assume(f, e.Y, is)
		case e.Op == token.LAND || e.Op == token.LOR:
			// One side decides when the other is known to leave it open.
			if x, known := g.eval(f, e.X); known && x != is {
				return g.assume(f, e.Y, is)
			}
			if y, known := g.eval(f, e.Y); known && y != is {
				return g.assume(f, e.X, is)
			}
			return true
		}
	}
	if a, flip := g.atom(cond); a != nil {
		f[a.key] = is != flip
	}
	return true
}

// eval is what the facts say of a condition.
func (g *Graph) eval(f facts, cond ast.Expr) (is, known bool) {
	if tv, ok := g.pkg.Info.Types[cond]; ok && tv.Value != nil && tv.Value.Kind() == constant.Bool {
		return constant.BoolVal(tv.Value), true
	}
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			x, known := g.eval(f, e.X)
			return !x, known
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			x, xk := g.eval(f, e.X)
			y, yk := g.eval(f, e.Y)
			decides := e.Op == token.LOR // the value of one side that settles it
			switch {
			case xk && x == decides, yk && y == decides:
				return decides, true
			case xk && yk:
				return !decides, true
			}
			return false, false
		}
	}
	if a, flip := g.atom(cond); a != nil {
		if v, ok := f[a.key]; ok {
			return v != flip, true
		}
	}
	return false, false
}

// atom returns the atom of a condition; flip says that the condition is its opposite.
func (g *Graph) atom(cond ast.Expr) (a *atom, flip bool) {
	cond = ast.Unparen(cond)
	vars, ok := g.variables(cond)
	if !ok || len(vars) == 0 {
		return nil, false
	}
	key := ""
	if e, isBinary := cond.(*ast.BinaryExpr); isBinary {
		op := e.Op
		switch op {
		case token.NEQ:
			op, flip = token.EQL, true
		case token.GEQ:
			op, flip = token.LSS, true
		case token.LEQ:
			op, flip = token.GTR, true
		}
		key = g.key(e.X) + op.String() + g.key(e.Y)
	} else {
		key = g.key(cond)
	}
	a = g.atoms[key]
	if a == nil {
		a = &atom{key, vars}
		g.atoms[key] = a
	}
	return a, flip
}

// key is an expression's text with each variable named by its declaration, so that a shadowing
// variable of the same name is another one.
func (g *Graph) key(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, ok := g.pkg.Info.ObjectOf(e).(*types.Var); ok {
			return varKey(v)
		}
		return e.Name
	case *ast.SelectorExpr:
		return g.key(e.X) + "." + e.Sel.Name
	case *ast.UnaryExpr:
		return e.Op.String() + g.key(e.X)
	case *ast.StarExpr:
		return "*" + g.key(e.X)
	case *ast.BinaryExpr:
		return "(" + g.key(e.X) + e.Op.String() + g.key(e.Y) + ")"
	case *ast.CallExpr:
		if len(e.Args) == 1 {
			return g.key(e.Fun) + "(" + g.key(e.Args[0]) + ")"
		}
	}
	return types.ExprString(e)
}

func varKey(v *types.Var) string { return fmt.Sprintf("%s@%d", v.Name(), v.Pos()) }

// apply changes facts as a step does: what it assigns is unknown afterwards, unless the value says.
func (g *Graph) apply(f facts, n ast.Node) {
	if _, ok := n.(*ast.RangeStmt); !ok {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, lhs := range n.Lhs {
					g.forget(f, lhs)
				}
			case *ast.IncDecStmt:
				g.forget(f, n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					g.forget(f, n.X)
				}
			case *ast.RangeStmt:
				g.forget(f, n.Key)
				g.forget(f, n.Value)
			}
			return true
		})
	}
	switch n := n.(type) {
	case *ast.RangeStmt:
		g.forget(f, n.Key)
		g.forget(f, n.Value)
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
			for i, lhs := range n.Lhs {
				g.learn(f, lhs, n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			g.forget(f, name)
			switch {
			case len(n.Values) == 0:
				g.zero(f, name)
			case len(n.Values) == len(n.Names):
				g.learn(f, name, n.Values[i])
			}
		}
	}
}

// forget removes the facts that speak of what e denotes.
func (g *Graph) forget(f facts, e ast.Expr) {
	if e == nil || len(f) == 0 {
		return
	}
	v := g.pkg.Variable(e)
	if v == nil {
		if ix, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
			g.forget(f, ix.X) // m[k] = v changes len(m)
		}
		return
	}
	maps.DeleteFunc(f, func(key string, _ bool) bool {
		a := g.atoms[key]
		return a == nil || slices.Contains(a.vars, v)
	})
}

// learn records what a value says of the variable it is assigned to.
func (g *Graph) learn(f facts, lhs, rhs ast.Expr) {
	v := g.pkg.Variable(lhs)
	if v == nil || v.IsField() {
		return
	}
	rhs = ast.Unparen(rhs)
	tv := g.pkg.Info.Types[rhs]
	switch {
	case tv.Value != nil && tv.Value.Kind() == constant.Bool:
		f[g.flag(v)] = constant.BoolVal(tv.Value)
	case tv.IsNil():
		f[g.nilness(v)] = true
	default:
		switch e := rhs.(type) {
		case *ast.FuncLit, *ast.CompositeLit:
			f[g.nilness(v)] = false
		case *ast.UnaryExpr:
			if e.Op == token.AND {
				f[g.nilness(v)] = false
			}
		case *ast.CallExpr:
			if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && (id.Name == "make" || id.Name == "new") {
				f[g.nilness(v)] = false
			}
			if callee := g.pkg.FuncObj(e.Fun); callee != nil && makesError[callee.FullName()] {
				f[g.nilness(v)] = false
			}
		}
	}
}

// makesError lists functions whose error is never nil.
var makesError = map[string]bool{
	"errors.New":                   true,
	"fmt.Errorf":                   true,
	"github.com/pkg/errors.New":    true,
	"github.com/pkg/errors.Errorf": true,
}

func (g *Graph) zero(f facts, name *ast.Ident) {
	v, ok := g.pkg.Info.Defs[name].(*types.Var)
	if !ok {
		return
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsBoolean != 0 {
			f[g.flag(v)] = false
		}
	case *types.Pointer, *types.Interface, *types.Map, *types.Slice, *types.Chan, *types.Signature:
		f[g.nilness(v)] = true
	}
}

// flag and nilness are the keys of v as a condition, and of v == nil.
func (g *Graph) flag(v *types.Var) string { return g.declare(varKey(v), v) }

func (g *Graph) nilness(v *types.Var) string { return g.declare(varKey(v)+"==nil", v) }

func (g *Graph) declare(key string, v *types.Var) string {
	if g.atoms[key] == nil {
		g.atoms[key] = &atom{key, []*types.Var{v}}
	}
	return key
}

// signature is the same for the same facts.
func (f facts) signature() string {
	keys := slices.Sorted(maps.Keys(f))
	var s strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&s, "%s=%t;", k, f[k])
	}
	return s.String()
}
