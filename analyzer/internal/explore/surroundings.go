package explore

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// surroundings says what runs before, beside and after a function that is explored.
type surroundings struct{ *Explorer }

// What a function makes may stay in fields, and what it sends may be answered by goroutines that run
// already: the function is explored with these around it.

// reach is the set of functions that may run in a call of f: itself, what it calls, and, if started, what
// it starts.
func (x surroundings) reach(f *syntax.Func, started bool) map[*syntax.Func]bool {
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
				visit(x.codes.callee(c))
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
func (x surroundings) startedLit(l *syntax.Func) bool {
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
func (x surroundings) surround(f *syntax.Func, s *state) {
	mine := x.reach(f, true)
	var vars []*types.Var
	for v, u := range x.uses {
		if !x.public(v) && (contains(mine, u.sends) || contains(mine, u.receives) || x.kinds.bag(v.Type()) && slices.Contains(x.keepers.mentions(f), v)) && !contains(mine, u.made) {
			vars = append(vars, v)
		}
	}
	slices.SortFunc(vars, func(a, b *types.Var) int {
		return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Pos(), b.Pos()))
	})
	const few = 3
	for _, v := range vars {
		u := x.uses[v]
		if x.usage.tokens(v) || x.usage.lends(v) {
			continue
		}
		served := false
		for _, sp := range x.spawns {
			if sp.Body == nil || mine[sp.Body] || x.pkg.Test(sp.Pos()) {
				continue
			}
			theirs := x.reach(sp.Body, false)
			if !(contains(mine, u.sends) && contains(theirs, u.receives) || contains(mine, u.receives) && contains(theirs, u.sends) || x.kinds.bag(v.Type()) && (contains(theirs, u.sends) || slices.Contains(x.keepers.mentions(sp.Body), v))) {
				continue
			}
			served = true
			if len(s.threads) <= few && !slices.ContainsFunc(s.threads, func(t *thread) bool { return t.spawn == sp }) {
				s.add(&thread{spawn: sp, native: true, frames: []*frame{x.codes.frame(sp.Body, value{}, nil, nil, nil)}})
			}
		}
		if _, ok := v.Type().Underlying().(*types.Chan); ok && served {
			size := 0
			if u.sized {
				size = x.quantities.unknown().n
			}
			s.fields = s.fields.with(v, s.make(thing{kind: channel, name: v.Name(), parent: none, size: size}))
		}
	}
}

// callers are the functions that strangers may call and that use what a function has left in fields:
// those that close something come last.
func (x surroundings) callers(f *syntax.Func, s *state) []*syntax.Func {
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
			if x.uses[v] != nil && !x.strangers.forgets(f, v) {
				left = append(left, v)
			}
			break
		}
	}
	left = append(left, x.bags(mine)...)
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

// bags are the maps of fields that functions make, and of which goroutines that they start find what others put in.
func (x surroundings) bags(mine map[*syntax.Func]bool) []*types.Var {
	var all []*types.Var
	for v, u := range x.uses {
		if _, ok := v.Type().Underlying().(*types.Map); !ok || !x.kinds.bag(v.Type()) || x.public(v) || !contains(mine, u.made) {
			continue
		}
		if slices.ContainsFunc(x.spawns, func(sp *sites.Spawn) bool { return mine[sp.Call.In] && x.namedBy(sp)[v] }) {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b *types.Var) int {
		return cmp.Or(cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Pos(), b.Pos()))
	})
	return all
}

func (x surroundings) findCallers(mine, native map[*syntax.Func]bool, left []*types.Var) []*syntax.Func {
	if len(left) == 0 {
		return nil
	}
	var list, last []*syntax.Func
	for _, g := range x.funcs {
		if g.Decl == nil || mine[g] || (len(g.Callers) > 0 || g.Valued) && !g.Decl.Exported() || !x.codes.busy(g) || x.pkg.Test(g.Node.Pos()) {
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
			uses = uses || contains(theirs, u.sends) || contains(theirs, u.receives) || contains(theirs, u.closes) || x.kinds.bag(v.Type()) && slices.Contains(x.keepers.mentions(g), v)
			closes = closes || contains(theirs, u.closes) || contains(theirs, u.drops)
		}
		switch {
		case closes || uses && lifecycle[g.Decl.Name()]:
			last = append(last, g)
		case uses:
			list = append(list, g)
			if slices.ContainsFunc(left, func(v *types.Var) bool { return contains(theirs, x.uses[v].sends) && x.mayLeave(v, mine) }) {
				list = append(list, g) // who has left has taken something before
			}
		}
	}
	const most = 6
	if len(list)+len(last) > most {
		return nil
	}
	return append(list, last...)
}

// mayLeave reports whether a function that receives from what a field holds, in a goroutine that others start, may
// return from its loop.
func (x surroundings) mayLeave(v *types.Var, starts map[*syntax.Func]bool) bool {
	return slices.ContainsFunc(x.uses[v].receives, func(f *syntax.Func) bool {
		if !slices.ContainsFunc(x.spawns, func(sp *sites.Spawn) bool {
			return starts[sp.Call.In] && sp.Body != nil && x.reach(sp.Body, false)[f]
		}) {
			return false
		}
		for ret := range f.Cur.Preorder((*ast.ReturnStmt)(nil)) {
			if x.pkg.FuncAt(ret) == f && len(syntax.Loops(ret)) > 0 {
				return true
			}
		}
		return false
	})
}

// public reports whether strangers have what a field or package variable holds: its name is exported, or
// an exported function returns it.
func (x surroundings) public(v *types.Var) bool {
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
func (x surroundings) owner(f *types.Var) *types.TypeName {
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
func (x surroundings) given(f *syntax.Func, left []*types.Var) bool {
	if f.Sig.Recv() != nil || slices.ContainsFunc(left, func(v *types.Var) bool { return !v.IsField() }) {
		return true
	}
	for p := range f.Sig.Params().Variables() {
		if x.kinds.structure(p.Type()) != nil {
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

// ownerEnds reports whether the type that has a field can be ended by who has it; a part that others do not know of
// is ended with what it is part of.
func (x surroundings) ownerEnds(v *types.Var) bool {
	return x.ended(x.owner(v), map[*types.TypeName]bool{})
}

// ended looks at a type, and at those that it is part of; on the way are those that it is asked for.
func (x surroundings) ended(owner *types.TypeName, way map[*types.TypeName]bool) bool {
	if owner == nil || way[owner] {
		return false
	}
	way[owner] = true
	defer delete(way, owner) // a whole may have several parts of a type
	n, ok := types.Unalias(owner.Type()).(*types.Named)
	if !ok {
		return false
	}
	for m := range n.Methods() {
		if lifecycle[m.Name()] {
			return true
		}
	}
	wholes := 0
	for f, whole := range x.owners {
		if part := syntax.Named(f.Type()); owner.Exported() || part == nil || part.Obj() != owner || whole == owner {
			continue
		}
		if wholes++; !x.ended(whole, way) {
			return false
		}
	}
	return wholes > 0
}

// spawnsOf are the places in a function, and in what it calls, that start what mentions one of the
// variables that hold a thing: those in its own text come first.
func (x surroundings) spawnsOf(f *syntax.Func, vars map[*types.Var]bool) []*sites.Spawn {
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
func (x surroundings) namedBy(s *sites.Spawn) map[*types.Var]bool {
	if vars, ok := x.named[s]; ok {
		return vars
	}
	vars := map[*types.Var]bool{}
	x.named[s] = vars
	texts := []inspector.Cursor{s.Cur}
	body := s.Body
	if body == nil {
		body = x.codes.callee(s.Call)
	}
	if body != nil {
		for g := range x.reach(body, true) {
			if g.Decl == nil {
				texts = append(texts, g.Cur)
			}
		}
		for _, v := range x.keepers.mentions(body) {
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
