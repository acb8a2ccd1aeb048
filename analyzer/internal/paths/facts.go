package paths

import (
	"encoding/binary"
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// terms are what conditions are made of, and what a step or a branch says of them.
type terms struct{ *Graph }

// Facts is what is known of conditions at a point. Only what a condition may yet ask is kept: else
// there were more to know with every statement of a long function.
type Facts map[*atom]bool

// An atom is a condition that is not made of others: a flag, a comparison.
type atom struct {
	id   int
	vars []*types.Var
	made token.Pos // where the last of these is declared, if the function does that
	last token.Pos // of the last condition that asks it
}

// A literal is an atom, or its opposite; none if a condition is no atom.
type literal struct {
	*atom
	flip bool
}

// horizons finds the atoms that conditions ask, and how far back they may be that are evaluated
// after each block: to the block itself, or to the start of the outermost loop around it.
func (g *Graph) horizons() {
	for _, b := range g.blocks {
		for _, e := range b.Succs {
			g.terms.asks(e.Cond, e.Cond)
			g.terms.asks(e.Test, e.Cond)
		}
	}
	for c := range g.Func.Cur.Preorder((*ast.ReturnStmt)(nil)) { // see Fails
		ret := c.Node().(*ast.ReturnStmt)
		if !g.pkg.ReturnsError(ret) {
			continue
		}
		if v := g.pkg.Variable(ret.Results[len(ret.Results)-1]); v != nil {
			if a := g.terms.nilness(v); a != nil {
				a.last = max(a.last, ret.Pos())
			}
		}
	}
	var loops []ast.Stmt // outermost, in source order
	for c := range g.Func.Cur.Preorder((*ast.ForStmt)(nil), (*ast.RangeStmt)(nil), (*ast.BranchStmt)(nil)) {
		switch n := c.Node().(type) {
		case *ast.BranchStmt:
			if n.Tok == token.GOTO { // anything may come again
				for _, b := range g.blocks {
					b.loops = true
				}
				return
			}
		case ast.Stmt:
			if len(loops) == 0 || loops[len(loops)-1].End() <= n.Pos() {
				loops = append(loops, n)
			}
		}
	}
	// A block without a step takes over from those after it, of which most have higher numbers.
	for i := len(g.blocks) - 1; i >= 0; i-- {
		b := g.blocks[i]
		if len(b.Steps) > 0 {
			b.Start = b.Steps[0].Pos()
			b.since = b.Start
		} else {
			b.Start, b.since = g.Func.Node.End(), g.Func.Node.End()
			for _, e := range b.Succs { // 0, if it is not known yet: all is kept
				b.Start = min(b.Start, e.To.Start)
				b.since = min(b.since, e.To.since)
			}
		}
		at, in := slices.BinarySearchFunc(loops, b.since, func(l ast.Stmt, pos token.Pos) int {
			switch {
			case l.End() <= pos:
				return -1
			case l.Pos() > pos:
				return 1
			}
			return 0
		})
		if in {
			b.since, b.loops = loops[at].Pos(), true
		}
	}
}

// asks notes that a condition evaluated at a place asks the atoms in it.
func (g terms) asks(cond, at ast.Expr) {
	if cond == nil {
		return
	}
	cond = ast.Unparen(cond)
	switch e := cond.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			g.asks(e.X, at)
			return
		}
	case *ast.BinaryExpr:
		if e.Op == token.LAND || e.Op == token.LOR {
			g.asks(e.X, at)
			g.asks(e.Y, at)
			return
		}
	}
	if a := g.atom(cond); a.atom != nil {
		a.last = max(a.last, at.Pos())
	}
}

// A Fact says that a variable, or what an expression names, is nil, or true.
type Fact struct {
	Var  *types.Var
	Expr ast.Expr // instead of Var
	Nil  bool     // compared with nil; else the variable itself
	Is   bool
}

// settle finds what holds at the entry of each block: the facts on which all ways into it agree.
func (g *Graph) settle() {
	entry := g.blocks[0]
	entry.in, entry.seen = Facts{}, true
	todo := []*Block{entry}
	for len(todo) > 0 {
		b := todo[0]
		todo = todo[1:]
		out := maps.Clone(b.in)
		for _, n := range b.Steps {
			g.Apply(out, n)
		}
		for _, e := range b.Succs {
			via, feasible := g.Follow(e, out)
			if !feasible {
				continue
			}
			if !e.To.seen {
				e.To.in, e.To.seen = via, true
				todo = append(todo, e.To)
				continue
			}
			before := len(e.To.in)
			maps.DeleteFunc(e.To.in, func(a *atom, v bool) bool { w, ok := via[a]; return !ok || w != v })
			if len(e.To.in) != before && !slices.Contains(todo, e.To) {
				todo = append(todo, e.To)
			}
		}
	}
}

// Follow returns the facts after an edge, and whether the edge can be taken under the facts before.
func (g *Graph) Follow(e Edge, in Facts) (Facts, bool) {
	out := maps.Clone(in)
	feasible := true
	switch {
	case e.Test != nil:
		feasible = g.terms.assume(out, e.Test, e.Is)
	case e.Cond != nil:
		feasible = g.terms.assume(out, e.Cond, e.Is)
	}
	maps.DeleteFunc(out, func(a *atom, _ bool) bool { return a.last < e.To.since || e.To.Start.IsValid() && a.made >= e.To.Start })
	return out, feasible
}

// assume adds what cond being is says, and reports whether it can be.
func (g terms) assume(f Facts, cond ast.Expr, is bool) bool {
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
	if a := g.atom(cond); a.atom != nil {
		f[a.atom] = is != a.flip
	}
	return true
}

// eval is what the facts say of a condition.
func (g terms) eval(f Facts, cond ast.Expr) (is, known bool) {
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
	if a := g.atom(cond); a.atom != nil {
		if v, ok := f[a.atom]; ok {
			return v != a.flip, true
		}
	}
	return false, false
}

// atom returns the atom of a condition.
func (g terms) atom(cond ast.Expr) literal {
	cond = ast.Unparen(cond)
	l, ok := g.conds[cond]
	if !ok {
		l = g.literal(cond)
		g.conds[cond] = l
	}
	return l
}

func (g terms) literal(cond ast.Expr) literal {
	vars, ok := g.variables(cond)
	if !ok || len(vars) == 0 {
		return literal{}
	}
	key, flip := "", false
	if e, isBinary := cond.(*ast.BinaryExpr); isBinary {
		x, op, y := e.X, e.Op, e.Y
		if tv := g.pkg.Info.Types[x]; tv.IsNil() || tv.Value != nil { // nil != err
			x, op, y = y, syntax.Mirrored(op), x
		}
		switch op {
		case token.NEQ:
			op, flip = token.EQL, true
		case token.GEQ:
			op, flip = token.LSS, true
		case token.LEQ:
			op, flip = token.GTR, true
		}
		key = g.key(x) + op.String() + g.key(y)
	} else {
		key = g.key(cond)
	}
	a := g.atoms[key]
	if a == nil {
		a = &atom{id: len(g.atoms), vars: vars}
		for _, v := range vars {
			if body := g.Func.Body; body.Pos() <= v.Pos() && v.Pos() < body.End() && !v.IsField() {
				a.made = max(a.made, v.Pos())
			}
		}
		g.atoms[key] = a
	}
	return literal{a, flip}
}

// key is an expression's text with each variable named by its declaration, so that a shadowing
// variable of the same name is another one.
func (g terms) key(e ast.Expr) string {
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

// Apply changes facts as a step does: what it assigns is unknown afterwards, unless the value says.
func (g *Graph) Apply(f Facts, n ast.Node) {
	if len(f) > 0 {
		if vars := g.terms.assigned(n); len(vars) > 0 {
			maps.DeleteFunc(f, func(a *atom, _ bool) bool {
				return slices.ContainsFunc(a.vars, func(v *types.Var) bool { return slices.Contains(vars, v) })
			})
		}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
			for i, lhs := range n.Lhs {
				g.terms.learn(f, lhs, n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			switch {
			case len(n.Values) == 0:
				g.terms.zero(f, name)
			case len(n.Values) == len(n.Names):
				g.terms.learn(f, name, n.Values[i])
			}
		}
	}
}

// assigned are the variables and fields that a step assigns to, or may by their address.
func (g terms) assigned(step ast.Node) []*types.Var {
	vars, ok := g.kills[step]
	if ok {
		return vars
	}
	add := func(e ast.Expr) {
		for e != nil {
			if v := g.pkg.Variable(e); v != nil {
				vars = append(vars, v)
			}
			ix, ok := ast.Unparen(e).(*ast.IndexExpr)
			if !ok {
				return
			}
			e = ix.X // m[k] = v changes len(m)
		}
	}
	if n, ok := step.(*ast.RangeStmt); ok {
		add(n.Key)
		add(n.Value)
	} else {
		ast.Inspect(step, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, lhs := range n.Lhs {
					add(lhs)
				}
			case *ast.IncDecStmt:
				add(n.X)
			case *ast.UnaryExpr:
				if n.Op == token.AND {
					add(n.X)
				}
			case *ast.RangeStmt:
				add(n.Key)
				add(n.Value)
			case *ast.ValueSpec:
				for _, name := range n.Names {
					add(name)
				}
			}
			return true
		})
	}
	g.kills[step] = vars
	return vars
}

// learn records what a value says of the variable it is assigned to.
func (g terms) learn(f Facts, lhs, rhs ast.Expr) {
	v := g.pkg.Variable(lhs)
	if v == nil || v.IsField() {
		return
	}
	tv := g.pkg.Info.Types[rhs]
	switch {
	case tv.Value != nil && tv.Value.Kind() == constant.Bool:
		f.set(g.flag(v), constant.BoolVal(tv.Value))
	case tv.IsNil():
		f.set(g.nilness(v), true)
	case g.made(rhs):
		f.set(g.nilness(v), false)
	}
}

// made reports whether an expression makes a value, which is not nil.
func (g terms) made(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit, *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return e.Op == token.AND
	case *ast.CallExpr:
		if id, ok := ast.Unparen(e.Fun).(*ast.Ident); ok && (id.Name == "make" || id.Name == "new") {
			return true
		}
		callee := g.pkg.FuncObj(e.Fun)
		return callee != nil && makesError[callee.FullName()]
	}
	return false
}

// Fails reports whether a return is known to hand on an error, and not nil.
func (g *Graph) Fails(f Facts, ret *ast.ReturnStmt) bool {
	if !g.pkg.ReturnsError(ret) {
		return false
	}
	err := ret.Results[len(ret.Results)-1]
	if g.terms.made(err) {
		return true
	}
	v := g.pkg.Variable(err)
	if v == nil {
		return false
	}
	if v.Parent() == v.Pkg().Scope() {
		return true // such as ErrClosed
	}
	is, known := f[g.terms.nilness(v)]
	return known && !is
}

// makesError lists functions whose error is never nil.
var makesError = map[string]bool{
	"errors.New":                   true,
	"fmt.Errorf":                   true,
	"github.com/pkg/errors.New":    true,
	"github.com/pkg/errors.Errorf": true,
}

func (g terms) zero(f Facts, name *ast.Ident) {
	v, ok := g.pkg.Info.Defs[name].(*types.Var)
	if !ok {
		return
	}
	switch t := v.Type().Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsBoolean != 0 {
			f.set(g.flag(v), false)
		}
	case *types.Pointer, *types.Interface, *types.Map, *types.Slice, *types.Chan, *types.Signature:
		f.set(g.nilness(v), true)
	}
}

// asked is the condition that a fact is of; nil if no condition asks that.
func (g terms) asked(f Fact) *atom {
	key := ""
	if f.Expr != nil {
		key = g.key(f.Expr)
	} else {
		key = varKey(f.Var)
	}
	if f.Nil {
		key += "==nil"
	}
	return g.atoms[key]
}

// flag and nilness are v as a condition, and v == nil; nil if no condition asks that.
func (g terms) flag(v *types.Var) *atom { return g.atoms[varKey(v)] }

func (g terms) nilness(v *types.Var) *atom { return g.atoms[varKey(v)+"==nil"] }

func (f Facts) set(a *atom, is bool) {
	if a != nil {
		f[a] = is
	}
}

// Signature is the same for the same facts.
func (f Facts) Signature() string {
	if len(f) == 0 {
		return ""
	}
	ids := make([]int, 0, len(f))
	for a, is := range f {
		id := a.id << 1
		if is {
			id |= 1
		}
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var sig []byte
	for _, id := range ids {
		sig = binary.AppendUvarint(sig, uint64(id))
	}
	return string(sig)
}
