package explore

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"golang.org/x/tools/go/ast/edge"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// What a function makes may stay in fields, and what it sends may be answered by goroutines that run
// already: the function is explored with these around it.

// A use is what functions do with what a field or package variable holds.
type use struct {
	sends, receives, closes []*syntax.Func // where that is written
	public                  bool           // strangers have it
	sized                   bool           // it is a channel that is made with a buffer
	made                    []*syntax.Func
	acquires, releases      []*syntax.Func // where a place of a semaphore is taken, and given back
	drops                   []*syntax.Func // where a ticker is stopped, or an entry of a map deleted
	borrows, lends          *bool          // see tokens and lends
}

// uses looks at the fields and package variables that hold channels, groups, or collections of them.
func (x *Explorer) findUses() {
	x.uses, x.has = map[*types.Var]*use{}, map[*syntax.Func]bool{}
	of := func(e ast.Expr) *use {
		e = ast.Unparen(e)
		if ix, ok := e.(*ast.IndexExpr); ok {
			e = ix.X
		}
		v := x.pkg.Variable(e)
		if sel, ok := e.(*ast.SelectorExpr); ok && ticks(v) {
			v = x.pkg.Variable(sel.X)
		}
		if v == nil || !x.global(v) || v.Pkg() != x.pkg.Types {
			return nil
		}
		u := x.uses[v]
		if u == nil {
			u = new(use)
			x.uses[v] = u
		}
		return u
	}
	x.counts = map[*types.Var]bool{}
	for _, f := range x.funcs {
		for cur := range f.Cur.Preorder((*ast.IfStmt)(nil), (*ast.ForStmt)(nil), (*ast.SwitchStmt)(nil), (*ast.CallExpr)(nil)) {
			switch n := cur.Node().(type) {
			case *ast.IfStmt:
				x.count(n.Cond)
			case *ast.ForStmt:
				x.count(n.Cond)
			case *ast.SwitchStmt:
				x.count(n.Tag)
			case *ast.CallExpr:
				if c := x.pkg.Call(n); c != nil && c.Callee != nil && effectOf(c.Callee) >= loads {
					x.count(n)
				}
			}
		}
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil), (*ast.CallExpr)(nil), (*ast.IndexExpr)(nil), (*ast.ReturnStmt)(nil)) {
			if x.pkg.FuncAt(cur) != f {
				continue
			}
			switch n := cur.Node().(type) {
			case *ast.ReturnStmt:
				for _, e := range n.Results {
					if u := of(e); u != nil && f.Decl != nil && f.Decl.Exported() {
						u.public = true
					}
				}
			case *ast.SendStmt:
				if u := of(n.Chan); u != nil {
					u.sends = append(u.sends, f)
				}
			case *ast.UnaryExpr:
				if n.Op == token.ARROW {
					if u := of(n.X); u != nil {
						u.receives = append(u.receives, f)
					}
				}
			case *ast.RangeStmt:
				if t := x.pkg.Info.TypeOf(n.X); t != nil {
					if _, ok := t.Underlying().(*types.Chan); ok {
						if u := of(n.X); u != nil {
							u.receives = append(u.receives, f)
						}
					}
				}
			case *ast.IndexExpr:
				if t := x.pkg.Info.TypeOf(n.X); t != nil && x.bag(t) {
					of(n)
				}
			case *ast.CallExpr:
				switch x.builtin(n) {
				case "close":
					if u := of(n.Args[0]); u != nil {
						u.closes = append(u.closes, f)
					}
				case "delete":
					if u := of(n.Args[0]); u != nil {
						u.drops = append(u.drops, f)
					}
				case "":
					if u := of(n.Fun); u != nil { // a field's function, such as what cancels a context
						u.closes = append(u.closes, f)
					}
					if c := x.pkg.Call(n); c != nil && c.Callee != nil {
						if c.Recv() != nil && effectOf(c.Callee) == stops {
							if u := of(c.Recv()); u != nil {
								u.drops = append(u.drops, f)
							}
						}
						if row := x.pkg.Catalog.Func(c.Callee); row != nil && row.Role == catalog.Wait && c.Recv() != nil {
							if u := of(c.Recv()); u != nil {
								u.receives = append(u.receives, f)
							}
						}
						if p := x.place(c.Callee); p != summary.NoPlace {
							if u := of(c.Recv()); u != nil {
								if p != summary.Gives {
									u.acquires = append(u.acquires, f)
								}
								if p != summary.Takes {
									u.releases = append(u.releases, f)
								}
							}
						}
					}
				}
			}
		}
	}
	for v, u := range x.uses {
		for _, d := range x.pkg.Var(v).Defs {
			if d.In != nil {
				u.made = append(u.made, d.In)
			}
			if call, ok := d.Expr.(*ast.CallExpr); ok && x.builtin(call) == "make" && len(call.Args) == 2 {
				u.sized = true
			}
		}
		for _, f := range slices.Concat(u.sends, u.receives) {
			if slices.ContainsFunc(f.Calls, func(c *syntax.Call) bool { return slices.Contains(u.made, x.callee(c)) }) {
				x.has[f] = true
			}
		}
	}
}

// ticks reports whether a field is the channel of a ticker or timer.
func ticks(v *types.Var) bool {
	return v != nil && v.Pkg() != nil && v.Pkg().Path() == "time" && v.Name() == "C"
}

// count notes the fields of numbers and flags that an expression asks.
func (x *Explorer) count(e ast.Expr) {
	if e == nil {
		return
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := x.pkg.Info.Uses[id].(*types.Var); ok && v.IsField() && isCount(v.Type()) {
				x.counts[v.Origin()] = true
			}
		}
		return true
	})
}

// isCount reports whether a type is one of whole numbers or flags, atomic or not.
func isCount(t types.Type) bool {
	if b, ok := t.Underlying().(*types.Basic); ok {
		return b.Info()&(types.IsInteger|types.IsBoolean) != 0
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "sync/atomic" && n.TypeArgs() == nil && n.Obj().Name() != "Value"
}

// tokens reports whether a field or package variable is a semaphore: a channel with a buffer, made here,
// of values that say nothing, which who has sent to it receives from, some time later. One that is filled where it
// is made works the other way round: see lends.
func (x *Explorer) tokens(v *types.Var) bool {
	if !x.global(v) {
		return false
	}
	ch, ok := v.Type().Underlying().(*types.Chan)
	if !ok || !syntax.Hollow(ch.Elem()) {
		return false
	}
	u := x.uses[v.Origin()]
	if u == nil || !u.sized || len(u.sends) == 0 || len(u.receives) == 0 || x.lends(v) {
		return false
	}
	if u.borrows == nil {
		is := x.borrows(u, true)
		u.borrows = &is
	}
	return *u.borrows
}

// lends reports whether a field or package variable is a semaphore of which a place is what can be received:
// a channel with a buffer that is filled where it is made, and to which who has received from it sends, some
// time later.
func (x *Explorer) lends(v *types.Var) bool {
	u := x.uses[v.Origin()]
	if u == nil || !x.global(v) || !u.sized || len(u.receives) == 0 || len(u.closes) > 0 || !slices.ContainsFunc(u.made, func(f *syntax.Func) bool { return slices.Contains(u.sends, f) }) {
		return false
	}
	if u.lends == nil {
		is := x.borrows(u, false)
		u.lends = &is
	}
	return *u.lends
}

// takers are the functions in which a place of a semaphore is taken, which is what a field or package variable
// holds.
func (x *Explorer) takers(v *types.Var) []*syntax.Func {
	u := x.uses[v]
	switch {
	case x.limiter(v):
		return u.acquires
	case x.tokens(v):
		return u.sends
	case x.lends(v):
		return u.receives
	}
	return nil
}

// takesTwice reports whether a function takes two places of one semaphore, itself or by what it calls.
func (x *Explorer) takesTwice(f *syntax.Func) bool {
	if x.semaphores == nil {
		x.semaphores = map[*types.Var][]*syntax.Func{}
		for v := range x.uses {
			if list := x.takers(v); len(list) > 0 {
				x.semaphores[v] = list
			}
		}
	}
	for _, takers := range x.semaphores {
		n := 0
		for _, g := range f.Nested() {
			if slices.Contains(takers, g) {
				n++
			}
			for _, c := range g.Calls {
				if h := x.callee(c); h != nil && contains(x.reach(h, false), takers) {
					n++
				}
			}
		}
		if n > 1 {
			return true
		}
	}
	return false
}

// borrows reports whether a function takes a place, by sending or else by receiving, itself or by what it calls,
// and gives it back after that, itself, by what it calls or by what it starts.
func (x *Explorer) borrows(u *use, bySending bool) bool {
	takes, gives := u.receives, u.sends
	if bySending {
		takes, gives = gives, takes
	}
	takers := map[*syntax.Func]bool{}
	for _, f := range takes {
		takers[f] = true
		for _, c := range f.Callers {
			takers[c.In] = true
		}
	}
	for f := range takers {
		taken := token.NoPos // the first
		given := token.NoPos // the last
		note := func(at token.Pos, take bool) {
			if !take {
				given = max(given, at)
			} else if taken == token.NoPos || at < taken {
				taken = at
			}
		}
		for cur := range f.Cur.Preorder((*ast.SendStmt)(nil), (*ast.UnaryExpr)(nil), (*ast.CallExpr)(nil)) {
			here := x.pkg.FuncAt(cur) == f
			switch n := cur.Node().(type) {
			case *ast.SendStmt:
				if x.uses[x.pkg.Variable(n.Chan)] == u && (here || !bySending) {
					note(n.Pos(), bySending)
				}
			case *ast.UnaryExpr:
				if n.Op == token.ARROW && x.uses[x.pkg.Variable(n.X)] == u && (here || bySending) {
					note(n.Pos(), !bySending)
				}
			case *ast.CallExpr:
				c := x.pkg.Call(n)
				if c == nil {
					continue
				}
				g := x.callee(c)
				if g == nil || g == f {
					continue
				}
				at := n.Pos()
				if cur.ParentEdgeKind() == edge.DeferStmt_Call {
					at = f.Node.End()
				}
				if here && slices.Contains(takes, g) && c.Go == nil {
					note(at, true)
				}
				if contains(x.reach(g, false), gives) {
					note(at, false)
				}
			}
		}
		if taken != token.NoPos && given > taken {
			return true
		}
	}
	return false
}

// reach is the set of functions that may run in a call of f: itself, what it calls, and, if started, what
// it starts.
func (x *Explorer) reach(f *syntax.Func, started bool) map[*syntax.Func]bool {
	k := reached{f, started}
	if set, ok := x.reaches[k]; ok {
		return set
	}
	set := map[*syntax.Func]bool{}
	x.reaches[k] = set
	var visit func(f *syntax.Func)
	visit = func(f *syntax.Func) {
		if f == nil || set[f] {
			return
		}
		set[f] = true
		for _, c := range f.Calls {
			if c.Go == nil || started {
				visit(x.callee(c))
			}
		}
		for _, l := range f.Lits {
			if started || !x.startedLit(l) {
				visit(l)
			}
		}
	}
	visit(f)
	return set
}

type reached struct {
	f       *syntax.Func
	started bool
}

// startedLit reports whether a literal runs in a goroutine of its own.
func (x *Explorer) startedLit(l *syntax.Func) bool {
	if x.tasks == nil {
		x.tasks = map[*syntax.Func]bool{}
		for _, s := range x.spawns {
			if s.Body != nil {
				x.tasks[s.Body] = true
			}
		}
	}
	return x.tasks[l]
}

func contains(set map[*syntax.Func]bool, list []*syntax.Func) bool {
	return slices.ContainsFunc(list, func(f *syntax.Func) bool { return set[f] })
}

func overlap(a, b map[*syntax.Func]bool) bool {
	for f := range b {
		if a[f] {
			return true
		}
	}
	return false
}

// surround puts those into a state that run already when a function is called: goroutines that take
// what it sends to a field's channel, or give what it waits for.
func (x *Explorer) surround(f *syntax.Func, s *state) {
	mine := x.reach(f, true)
	var vars []*types.Var
	for v, u := range x.uses {
		if !x.public(v) && (contains(mine, u.sends) || contains(mine, u.receives) || x.bag(v.Type()) && slices.Contains(x.mentions(f), v)) && !contains(mine, u.made) {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int {
		return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Pos(), b.Pos()))
	})
	const few = 3
	for _, v := range vars {
		u := x.uses[v]
		if x.tokens(v) || x.lends(v) {
			continue
		}
		served := false
		for _, sp := range x.spawns {
			if sp.Body == nil || mine[sp.Body] || x.pkg.Test(sp.Pos()) {
				continue
			}
			theirs := x.reach(sp.Body, false)
			if !(contains(mine, u.sends) && contains(theirs, u.receives) || contains(mine, u.receives) && contains(theirs, u.sends) || x.bag(v.Type()) && (contains(theirs, u.sends) || slices.Contains(x.mentions(sp.Body), v))) {
				continue
			}
			served = true
			if len(s.threads) <= few && !slices.ContainsFunc(s.threads, func(t *thread) bool { return t.spawn == sp }) {
				s.add(&thread{spawn: sp, native: true, frames: []*frame{x.frame(sp.Body, value{}, nil, nil, nil)}})
			}
		}
		if _, ok := v.Type().Underlying().(*types.Chan); ok && served {
			size := 0
			if u.sized {
				size = x.unknown().n
			}
			s.fields = s.fields.with(v, s.make(thing{kind: channel, name: v.Name(), parent: none, size: size}))
		}
	}
}

// callers are the functions that strangers may call and that use what a function has left in fields:
// those that close something come last.
func (x *Explorer) callers(f *syntax.Func, s *state) []*syntax.Func {
	if x.rough {
		return nil
	}
	mine := x.reach(f, false) // what its goroutines call, others may call as well
	var left []*types.Var
	for _, v := range s.holders() {
		for _, w := range s.held(v) {
			t := s.thing(w)
			if t == nil || !t.own || t.kind == object || !s.lives(v, t) {
				continue
			}
			if x.public(v) {
				return nil
			}
			if x.uses[v] != nil && !x.forgets(f, v) {
				left = append(left, v)
			}
			break
		}
	}
	native := map[*syntax.Func]bool{}
	for _, t := range s.threads {
		if t.native {
			native[t.spawn.Body] = true
		}
	}
	k := fmt.Sprint(f.Node.Pos())
	for _, v := range left {
		k += fmt.Sprint(" ", v.Pos())
	}
	if list, ok := x.called[k]; ok {
		return list
	}
	x.called[k] = x.findCallers(mine, native, left)
	return x.called[k]
}

func (x *Explorer) findCallers(mine, native map[*syntax.Func]bool, left []*types.Var) []*syntax.Func {
	if len(left) == 0 {
		return nil
	}
	var list, last []*syntax.Func
	for _, g := range x.funcs {
		if g.Decl == nil || mine[g] || (len(g.Callers) > 0 || g.Valued) && !g.Decl.Exported() || !x.busy(g) || x.pkg.Test(g.Node.Pos()) {
			continue
		}
		if !x.given(g, left) {
			continue
		}
		theirs := x.reach(g, true)
		if overlap(theirs, native) {
			continue // it starts, for another owner, what runs already
		}
		uses, closes := false, false
		for _, v := range left {
			u := x.uses[v]
			uses = uses || contains(theirs, u.sends) || contains(theirs, u.receives) || contains(theirs, u.closes)
			closes = closes || contains(theirs, u.closes) || contains(theirs, u.drops)
		}
		switch {
		case closes || uses && lifecycle[g.Decl.Name()]:
			last = append(last, g)
		case uses:
			list = append(list, g)
		}
	}
	const most = 6
	if len(list)+len(last) > most {
		return nil
	}
	return append(list, last...)
}

// public reports whether strangers have what a field or package variable holds: its name is exported, or
// an exported function returns it.
func (x *Explorer) public(v *types.Var) bool {
	if x.pkg.Types.Name() == "main" {
		return false
	}
	if u := x.uses[v]; u != nil && u.public {
		return true
	}
	if !v.Exported() || !v.IsField() {
		return v.Exported()
	}
	owner := x.owner(v)
	return owner == nil || owner.Exported()
}

// owner is the name of the type that has a field; nil if it has none.
func (x *Explorer) owner(f *types.Var) *types.TypeName {
	if x.owners == nil {
		x.owners = map[*types.Var]*types.TypeName{}
		scope := x.pkg.Types.Scope()
		for _, name := range scope.Names() {
			tn, ok := scope.Lookup(name).(*types.TypeName)
			if !ok {
				continue
			}
			if st, ok := tn.Type().Underlying().(*types.Struct); ok {
				for v := range st.Fields() {
					x.owners[v.Origin()] = tn
				}
			}
		}
	}
	return x.owners[f]
}

// given reports whether a function can have what is left: it is a method, takes a struct, or that is in a
// package variable.
func (x *Explorer) given(f *syntax.Func, left []*types.Var) bool {
	if f.Sig.Recv() != nil || slices.ContainsFunc(left, func(v *types.Var) bool { return !v.IsField() }) {
		return true
	}
	for p := range f.Sig.Params().Variables() {
		if x.structure(p.Type()) != nil {
			return true
		}
	}
	return false
}

// lifecycle lists the names of methods by which owners end what they own. One says that the owner can
// be ended, not how.
var lifecycle = map[string]bool{
	"Close": true, "Stop": true, "Shutdown": true, "Quit": true, "Terminate": true, "Cancel": true, "Kill": true, "End": true, "Finish": true,
}

// ownerEnds reports whether the type that has a field can be ended by who has it.
func (x *Explorer) ownerEnds(v *types.Var) bool {
	owner := x.owner(v)
	if owner == nil {
		return false
	}
	n, ok := types.Unalias(owner.Type()).(*types.Named)
	if !ok {
		return false
	}
	for m := range n.Methods() {
		if lifecycle[m.Name()] {
			return true
		}
	}
	return false
}

// spawnsOf are the places in a function, and in what it calls, that start what mentions one of the
// variables that hold a thing: those in its own text come first.
func (x *Explorer) spawnsOf(f *syntax.Func, vars map[*types.Var]bool) []*sites.Spawn {
	var list []*sites.Spawn
	for g := range x.reach(f, false) {
		for _, s := range x.pkg.SpawnsIn(g) {
			named := x.namedBy(s)
			for v := range vars {
				if named[v] {
					list = append(list, s)
					break
				}
			}
		}
	}
	elsewhere := func(s *sites.Spawn) int {
		if s.Call.In == f {
			return 0
		}
		return 1
	}
	slices.SortFunc(list, func(a, b *sites.Spawn) int {
		return cmp.Or(cmp.Compare(elsewhere(a), elsewhere(b)), cmp.Compare(a.Pos(), b.Pos()))
	})
	return list
}

// namedBy are the variables that a spawn names, and those that its task mentions.
func (x *Explorer) namedBy(s *sites.Spawn) map[*types.Var]bool {
	if vars, ok := x.named[s]; ok {
		return vars
	}
	vars := map[*types.Var]bool{}
	x.named[s] = vars
	texts := []inspector.Cursor{s.Cur}
	body := s.Body
	if body == nil {
		body = x.callee(s.Call)
	}
	if body != nil {
		for g := range x.reach(body, true) {
			if g.Decl == nil {
				texts = append(texts, g.Cur)
			}
		}
		for _, v := range x.mentions(body) {
			vars[v] = true
		}
	}
	for _, text := range texts {
		for cur := range text.Preorder((*ast.Ident)(nil)) {
			if v, ok := x.pkg.Info.Uses[cur.Node().(*ast.Ident)].(*types.Var); ok {
				vars[v.Origin()] = true
			}
		}
	}
	return vars
}

// blurFields gives what the fields of a struct hold to strangers, who have got the struct.
func (r *run) blurFields(t types.Type) {
	if t == nil {
		return
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for f := range st.Fields() {
		if w, ok := r.s.fields.lookup(f.Origin()); ok {
			r.blur(w)
		}
	}
}

// keeps reports whether the struct that has a field may live on when a function has returned: it is
// returned, or stored or given away where others may find it.
func (x *Explorer) keeps(f *syntax.Func, field *types.Var) bool {
	k := kept{f, field}
	is, ok := x.kept[k]
	if !ok {
		is = x.findKeeps(f, field)
		x.kept[k] = is
	}
	return is
}

type kept struct {
	f     *syntax.Func
	field *types.Var
}

func (x *Explorer) findKeeps(f *syntax.Func, field *types.Var) bool {
	if !field.IsField() {
		return true
	}
	for v := range f.Sig.Results().Variables() {
		if leadsTo(v.Type(), field, map[types.Type]bool{}) {
			return true
		}
	}
	owns := func(v *types.Var) bool {
		for f := range fieldsOf(v.Type()) {
			if f == field {
				return true
			}
		}
		return false
	}
	if recv := f.Sig.Recv(); recv != nil && owns(recv) {
		return true
	}
	for v := range f.Sig.Params().Variables() {
		if owns(v) {
			return true
		}
	}
	for g := range x.reach(f, true) {
		if x.storesIn(g)[field] {
			return true
		}
	}
	return false
}

// leadsTo reports whether who has a value of a type may come to a field by it. From an error nobody takes more than
// what it says.
func leadsTo(t types.Type, field *types.Var, seen map[types.Type]bool) bool {
	if seen[t] || isError(t) {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return false
	case *types.Struct:
		for f := range u.Fields() {
			if f.Origin() == field || leadsTo(f.Type(), field, seen) {
				return true
			}
		}
		return false
	case *types.Map:
		return leadsTo(u.Key(), field, seen) || leadsTo(u.Elem(), field, seen)
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return leadsTo(u.Elem(), field, seen)
	}
	return true // anything may be in it
}

// storesIn are the fields of all structs that a function stores, or gives away, where others may find them.
func (x *Explorer) storesIn(f *syntax.Func) map[*types.Var]bool {
	if fields := x.stores[f]; fields != nil {
		return fields
	}
	fields := map[*types.Var]bool{}
	x.stores[f] = fields
	add := func(t types.Type) {
		for v := range fieldsOf(t) {
			fields[v] = true
		}
	}
	for cur := range f.Cur.Preorder((*ast.AssignStmt)(nil), (*ast.CallExpr)(nil), (*ast.CompositeLit)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				if _, local := ast.Unparen(e).(*ast.Ident); !local {
					add(x.pkg.Info.TypeOf(e))
				} else if v := x.pkg.Variable(e); v != nil && x.global(v) {
					add(v.Type())
				}
			}
		case *ast.CompositeLit:
			for _, e := range n.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					e = kv.Value
				}
				add(x.pkg.Info.TypeOf(e))
			}
		case *ast.CallExpr:
			if c := x.pkg.Call(n); c != nil && x.callee(c) == nil {
				for _, a := range n.Args {
					add(x.pkg.Info.TypeOf(a))
				}
			}
		}
	}
	return fields
}

// fieldsOf are the fields of a struct, or of what points to one.
func fieldsOf(t types.Type) iter.Seq[*types.Var] {
	return func(yield func(*types.Var) bool) {
		if t == nil {
			return
		}
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		if st, ok := t.Underlying().(*types.Struct); ok {
			for v := range st.Fields() {
				if !yield(v.Origin()) {
					return
				}
			}
		}
	}
}
