// Package explore finds goroutines that stay blocked, by running functions on paper.
//
// It takes a function that makes channels or groups, runs it with the goroutines that it starts and
// the functions that they call, and follows every choice and every order in which they may meet. Of
// values only those are known that decide who waits for whom: channels, groups, contexts, functions,
// small numbers. A condition on anything else goes both ways, the same way each time it is asked
// while nothing assigns to what it speaks of (see package paths). A number that nobody knows, such as
// the length of a parameter, is the same each time it is asked for.
//
// A goroutine is stuck when it waits for something that no other goroutine can do any more: all who
// have the channel are themselves stuck, or have ended. That is what the goroutine leak profile of the
// Go runtime says of a program that runs. What strangers have (an exported field, an argument of a
// function in another package, a result) may be served at any time, and nobody is stuck on it.
//
// The search is bounded; where it goes too far, nothing is known of the function.
package explore

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/exits"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// An Explorer runs the functions of one package. Each of its parts answers questions of one kind, and asks the others.
type Explorer struct {
	codes        codes
	kinds        kinds
	tests        tests
	quantities   quantities
	locking      locking
	keepers      keepers
	usage        usage
	surroundings surroundings
	strangers    strangers
	slots        slots
	reports      reports
	deadlocks    deadlocks
	schedule     schedule
	selves       selves
	replies      replies
	orphans      orphans

	pkg      *sites.Package
	base     *knowledge.Base
	exits    *exits.Exits
	funcs    []*syntax.Func // of the package, in an order that is not that of the declarations
	spawns   []*sites.Spawn // likewise
	compiled map[*syntax.Func]*code
	active   map[*syntax.Func]bool
	shared   map[*types.Var]bool
	seen     map[*types.Var]bool // by several functions, see captured

	uses       map[*types.Var]*use
	has        map[*syntax.Func]bool // has a channel made for it, in a field, by what it calls
	reaches    map[reached]map[*syntax.Func]bool
	spoken     map[*syntax.Func]*mention            // see mentioned
	stores     map[*syntax.Func]map[*types.Var]bool // see storesIn
	named      map[*sites.Spawn]map[*types.Var]bool // see namedBy
	tasks      map[*syntax.Func]bool                // functions that run in a goroutine of their own
	called     map[string][]*syntax.Func
	kept       map[kept]bool
	lengths    map[*types.Var]*types.Var
	renewals   map[renewal]bool               // see renews
	numbers    map[*types.Var]bool            // see decides
	spread     map[lengthIn]bool              // see repeats
	lent       map[*types.Var]bool            // see givenAway
	structs    map[types.Type]*types.Struct   // see structure
	owners     map[*types.Var]*types.TypeName // see owner
	settings   map[string]*types.Var          // see setting
	guards     map[*types.Var]bool            // see findGuards
	limiters   map[*types.TypeName]bool       // see limits
	adapters   map[*types.TypeName]bool       // see adapted
	atomics    map[*types.Var]bool            // see atomic
	flags      bool                           // there is something that one goroutine sets, and another may ask for before
	counts     map[*types.Var]bool            // fields of numbers and flags that conditions ask
	later      map[*syntax.Call]*sites.Spawn
	semaphores map[*types.Var][]*syntax.Func        // who takes a place of it
	exploring  *syntax.Func                         // what is run
	chosen     map[*syntax.Func]map[*types.Var]bool // by root: numbers that say nothing of how many there are, see chosenNumbers
	handings   map[*syntax.Func]handing             // see findHandings
	rest       int                                  // how many steps are left for the package
	large      map[*syntax.Func]bool                // functions that were not followed to the end
	ran        map[*sites.Spawn]*syntax.Func        // goroutines that were followed, and in which function
	exited     map[*syntax.Func]bool                // functions after which the process ends, on some path

	// Of the search at hand.
	scope
	trace
	demand
}

// New returns the explorer of a package.
func New(p *sites.Package, base *knowledge.Base, ends *exits.Exits) *Explorer {
	x := &Explorer{
		pkg:      p,
		base:     base,
		exits:    ends,
		funcs:    slices.Clone(p.Funcs),
		spawns:   slices.Clone(p.Spawns),
		rest:     packageSteps,
		chosen:   map[*syntax.Func]map[*types.Var]bool{},
		adapters: map[*types.TypeName]bool{},
		atomics:  map[*types.Var]bool{},
		compiled: map[*syntax.Func]*code{},
		spoken:   map[*syntax.Func]*mention{},
		stores:   map[*syntax.Func]map[*types.Var]bool{},
		named:    map[*sites.Spawn]map[*types.Var]bool{},
		shared:   map[*types.Var]bool{},
		seen:     map[*types.Var]bool{},
		reaches:  map[reached]map[*syntax.Func]bool{},
		called:   map[string][]*syntax.Func{},
		kept:     map[kept]bool{},
		lengths:  map[*types.Var]*types.Var{},
		structs:  map[types.Type]*types.Struct{},
		settings: map[string]*types.Var{},
		later:    map[*syntax.Call]*sites.Spawn{},
		large:    map[*syntax.Func]bool{},
		ran:      map[*sites.Spawn]*syntax.Func{},
		exited:   map[*syntax.Func]bool{},
		renewals: map[renewal]bool{},
		numbers:  map[*types.Var]bool{},
		spread:   map[lengthIn]bool{},
		lent:     map[*types.Var]bool{},
		limiters: map[*types.TypeName]bool{},
	}
	x.codes, x.kinds, x.tests, x.quantities, x.locking = codes{x}, kinds{x}, tests{x}, quantities{x}, locking{x}
	x.keepers, x.usage, x.surroundings, x.strangers, x.slots = keepers{x}, usage{x}, surroundings{x}, strangers{x}, slots{x}
	x.reports, x.deadlocks, x.schedule, x.selves, x.replies, x.orphans = reports{x}, deadlocks{x}, schedule{x}, selves{x}, replies{x}, orphans{x}
	// Who is followed first, and who is there before, decides what a search finds that does not come to its end.
	name := make(map[*syntax.Func]string, len(x.funcs))
	for _, f := range x.funcs {
		name[f] = f.FullName()
	}
	slices.SortStableFunc(x.funcs, func(a, b *syntax.Func) int { return cmp.Compare(name[a], name[b]) })
	slices.SortStableFunc(x.spawns, func(a, b *sites.Spawn) int { return cmp.Compare(name[a.Call.In], name[b.Call.In]) })
	return x
}

// roughly runs a function that is too large to be followed once more, past the calls that are given nothing of what
// it has made. It returns who is stuck at that and is not known to be.
func (x *Explorer) roughly(f *syntax.Func, known []Stuck) []Stuck {
	list, _ := x.run(f, scope{few: few, rough: true}, steps)
	x.large[f] = true
	return slices.DeleteFunc(list, func(s Stuck) bool {
		return s.Spawn == nil || s.Self || s.Field != nil || slices.ContainsFunc(known, func(k Stuck) bool { return k.Spawn == s.Spawn })
	})
}

// fewer runs a function that is too large to be followed once more, with constants that count as less. Who is stuck
// with each of two numbers is with more.
func (x *Explorer) fewer(f *syntax.Func, known []Stuck) []Stuck {
	same := func(a, b Stuck) bool { return a.Spawn == b.Spawn && a.At == b.At }
	defer func() { x.large[f] = true }()
	var all []Stuck
	for n := range 2 {
		list, _ := x.run(f, scope{few: 2 + n}, (n+1)*steps)
		if x.large[f] {
			return nil
		}
		all = slices.DeleteFunc(list, func(s Stuck) bool {
			return s.Self || n > 0 && !slices.ContainsFunc(all, func(o Stuck) bool { return same(s, o) })
		})
	}
	return slices.DeleteFunc(all, func(s Stuck) bool {
		return slices.ContainsFunc(known, func(k Stuck) bool { return same(s, k) })
	})
}

// Followed is the function with which a goroutine was followed, and whether that was to the end of
// every run; nil if it was not.
func (x *Explorer) Followed(s *sites.Spawn) (in *syntax.Func, whole bool) {
	in = x.ran[s]
	return in, in != nil && !x.large[in]
}

// Exits reports whether the process ends on some path when a function that was followed returns.
func (x *Explorer) Exits(f *syntax.Func) bool { return x.exited[f] }

// GaveUp is how many functions were too large to follow.
func (x *Explorer) GaveUp() int { return len(x.large) }

// Stuck lists the goroutines and functions of the package that may stay blocked, in source order.
func (x *Explorer) Stuck() []Stuck {
	var all []Stuck
	if !x.worthwhile() {
		return nil
	}
	x.locking.findGuards()
	x.active = x.codes.activity()
	x.usage.findUses()
	var tests, large, huge []*syntax.Func
	for _, f := range x.funcs {
		switch {
		case !x.root(f):
		case x.pkg.Test(f.Node.Pos()):
			tests = append(tests, f)
		default:
			large = append(large, f)
		}
	}
	// Each gets a little before any gets much: a package of many large functions has its small ones followed.
	for _, limit := range []int{firstSteps, steps} {
		todo := large
		large = nil
		for _, f := range todo {
			list, whole := x.run(f, scope{few: few}, limit)
			if !whole && limit < steps && x.rest > 0 {
				large = append(large, f)
				continue
			}
			all = append(all, list...)
			if x.large[f] {
				huge = append(huge, f)
			}
		}
	}
	for _, again := range []func(*syntax.Func, []Stuck) []Stuck{x.roughly, x.fewer} {
		for _, f := range huge {
			if x.rest > 0 {
				all = append(all, again(f, all)...)
			}
		}
	}
	for _, f := range tests {
		list, _ := x.run(f, scope{few: few}, steps/2)
		all = append(all, list...)
	}
	for _, s := range x.selves.themselves() {
		if !slices.ContainsFunc(all, func(o Stuck) bool { return o.Lead == s.Lead && (o.Self || o.Counts) }) {
			all = append(all, s)
		}
	}
	for _, s := range slices.Concat(x.replies.late(), x.orphans.left()) {
		if !slices.ContainsFunc(all, func(o Stuck) bool { return o.Spawn == s.Spawn }) {
			all = append(all, s)
		}
	}
	found := slices.Clone(all)
	all = slices.DeleteFunc(all, func(s Stuck) bool { // a goroutine's function that was followed by itself, too
		return s.Spawn == nil && slices.ContainsFunc(found, func(o Stuck) bool {
			return o.Spawn != nil && o.At == s.At && o.Spawn.Body != nil && s.Root.Within(o.Spawn.Body)
		})
	})
	slices.SortStableFunc(all, func(a, b Stuck) int { return cmp.Compare(a.pos(), b.pos()) })
	return all
}

func (s *Stuck) pos() token.Pos {
	if s.Spawn != nil {
		return s.Spawn.Pos()
	}
	return s.At.Pos()
}

// worthwhile reports whether anything in the package may be stuck.
func (x *Explorer) worthwhile() bool { return len(x.pkg.Spawns) > 0 || len(x.pkg.Uses) > 0 }

// root reports whether a function makes what goroutines meet at.
func (x *Explorer) root(f *syntax.Func) bool {
	if !x.codes.busy(f) || x.pkg.Generated(f.Node.Pos()) {
		return false
	}
	return x.makes(f, 3) || x.has[f] || x.usage.takesTwice(f)
}

// makes reports whether a function, or one that it calls, makes a channel or group, or takes a token.
func (x *Explorer) makes(f *syntax.Func, depth int) bool {
	for cur := range f.Cur.Preorder((*ast.CallExpr)(nil), (*ast.ValueSpec)(nil), (*ast.CompositeLit)(nil), (*ast.SendStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			if x.codes.builtin(n) == "make" {
				if _, ok := x.pkg.Info.TypeOf(n).Underlying().(*types.Chan); ok {
					return true
				}
			} else if c := x.pkg.Call(n); c != nil && depth > 0 {
				if g := x.codes.callee(c); g != nil && x.codes.busy(g) && returnsThing(x, g) && x.makes(g, depth-1) {
					return true
				}
			}
			c := x.pkg.Call(n)
			if c == nil {
				continue
			}
			if t := x.pkg.First(n); t != nil && x.kinds.isGroup(t) {
				return true
			}
			if c.Callee != nil {
				switch effectOf(c.Callee) {
				case makesTicker, makesTimer:
					return true
				case startsLater:
					if isTimer(x.pkg.Info.TypeOf(n)) && used(c) {
						return true
					}
				case makesContext:
					if x.starts(f) {
						return true
					}
				}
				row := x.pkg.Catalog.Func(c.Callee)
				switch v := x.pkg.Variable(c.Recv()); {
				case row == nil:
				case row.Role == catalog.Acquire, row.Role == catalog.Wait && v != nil && x.usage.countsAlone(f, v):
					return true
				}
			}
		case *ast.SendStmt:
			if v := x.pkg.Variable(n.Chan); v != nil && x.usage.tokens(v) {
				return true
			}
		case *ast.ValueSpec:
			for _, name := range n.Names {
				if t := x.pkg.Info.TypeOf(name); t != nil && x.kinds.isGroup(types.Unalias(t)) {
					return true
				}
			}
		case *ast.CompositeLit:
			t := x.pkg.Info.TypeOf(n)
			if t != nil && (x.kinds.isGroup(types.Unalias(t)) || x.kinds.structure(t) != nil && x.starts(f)) {
				return true
			}
		}
	}
	return false
}

// starts reports whether a function, or one that it calls, starts a goroutine.
func (x *Explorer) starts(f *syntax.Func) bool {
	for g := range x.surroundings.reach(f, false) {
		if len(x.pkg.SpawnsIn(g)) > 0 {
			return true
		}
	}
	return false
}

func returnsThing(x *Explorer, f *syntax.Func) bool {
	for v := range f.Sig.Results().Variables() {
		if t := v.Type(); x.kinds.interesting(t) || syntax.Named(t) != nil {
			return true
		}
	}
	return false
}

// run explores a function: with few of what nobody knows how many there are, with more than any number
// that the program names, and with one of each: then a pool, which may be full, is. Who is stuck at a
// buffer of unknown size with few must be with more, too: else the buffer was only taken too small.
// Then with fewer of what a caller chooses than of all else: who sends may be left by who has enough.
func (x *Explorer) run(f *syntax.Func, base scope, limit int) (list []Stuck, whole bool) {
	type key struct {
		spawn *sites.Spawn
		at    ast.Node
	}
	var order []key
	found, guessed := map[key]Stuck{}, map[key]bool{}
	delete(x.large, f)
	x.demand = demand{}
	for i, v := range []struct {
		many, few int
		choose    bool
	}{{2, base.few, false}, {0, base.few, false}, {1, 1, false}, {base.few + 1, base.few, true}} {
		if i == 1 && (!x.guessed || x.large[f]) || i == 2 && !(x.selfish && (x.guessed || x.clamped)) || i == 3 && !(x.guessed && x.choices) {
			continue // it would be the same again, or larger
		}
		if i == 1 { // more than workers of any constant number take, and a buffer holds
			v.many = min(max(3, 2*x.largest+1), few+3)
			if base.few == few {
				v.many = min(v.many, few+2)
			}
		}
		base.many, base.few, base.choose = v.many, v.few, v.choose
		list := x.searchTo(f, base, limit)
		whole = x.spent <= x.budget && !x.gaveUp
		if above := x.quantities.apart(); i == 0 && whole && above != 0 {
			base.above = above
			if more := x.searchTo(f, base, limit); x.spent <= x.budget && !x.gaveUp {
				list = more
			} else {
				base.above = 0
			}
		}
		if x.clamped && slices.ContainsFunc(list, func(s Stuck) bool { return s.inARow }) {
			list = x.exactly(f, base, limit, list)
		}
		for _, s := range list {
			if x.few == 1 && !s.Shared {
				continue // with as many as there are, it may be otherwise
			}
			if x.pkg.Test(f.Node.Pos()) && !x.pkg.Test(s.pos()) {
				continue // what a test leaves behind ends with it
			}
			if s.Spawn == nil && len(s.Peers) == 0 && !s.Self && !s.Counts && (!whole || x.served[s.At]) {
				continue // somebody may come: why not in this run, nobody knows
			}
			if s.Spawn == nil && len(s.Peers) == 0 && !s.Self && !s.Counts && x.pkg.Test(f.Node.Pos()) && (x.guessed || s.Kind == Waits) {
				continue // a test that hangs is seen to hang: there is something that nobody here knows
			}
			if s.Spawn == nil && len(s.Peers) == 0 && !s.Self && !s.Counts && x.strangers.otherSide(s.Field, s.Kind) && (s.Left != nil || x.starts(f)) {
				continue // it may be this one that they come to, or that what was started here has come to before it ended
			}
			if s.Spawn == nil && len(s.Peers) == 0 && s.Kind == Receives && s.more && x.guessed {
				continue // whether it has sent as many as it takes out again, nobody knows
			}
			if s.Spawn == nil && x.deadlocks.heard(s) {
				continue // whoever leaves may have said so
			}
			if s.Spawn == nil && slices.ContainsFunc(s.Peers, func(p *sites.Spawn) bool { return p.Via != nil && x.codes.callee(p.Call) == nil }) {
				continue // another package may run it again
			}
			if i == 3 && (s.Kind != Sends || s.Guess || s.Spawn == nil && !(s.Loop && len(s.Peers) > 0)) {
				continue // a number that is too large may be ruled out by who calls, but not that there is more than workers
			}
			k := key{s.Spawn, s.At}
			if s.Spawn != nil && !s.Self {
				k.at = s.Made
			}
			if _, ok := found[k]; !ok {
				found[k], guessed[k] = s, s.Guess && i == 0 && x.guessed
				order = append(order, k)
			} else if i > 0 {
				guessed[k] = false
			}
			if found[k].Told && !s.Told { // it is left in other ways, too
				found[k] = s
			}
		}
		if !whole {
			x.large[f] = true
			if x.spent > x.budget && limit < steps {
				return nil, false
			}
		}
	}
	var all []Stuck
	for _, k := range order {
		if !guessed[k] {
			all = append(all, found[k])
		}
	}
	if x.large[f] && x.usage.takesTwice(f) {
		for _, s := range x.slots.narrowly(f) {
			if !slices.ContainsFunc(all, func(o Stuck) bool { return o.At == s.At }) {
				all = append(all, s)
			}
		}
	}
	return all, true
}

// exactly looks again for those who are stuck at what the source uses one by one, with constants that count as what
// they are and not as few.
func (x *Explorer) exactly(f *syntax.Func, base scope, limit int, list []Stuck) []Stuck {
	trace, demand := x.trace, x.demand
	defer func() { x.scope, x.trace, x.demand = base, trace, demand }()
	exact := base
	exact.few, exact.above = int(min(x.most, manyInARow)), 0
	more := x.searchTo(f, exact, limit)
	if x.spent > x.budget || x.gaveUp {
		more = nil
	}
	list = slices.DeleteFunc(list, func(s Stuck) bool { return s.inARow })
	return append(list, slices.DeleteFunc(more, func(s Stuck) bool { return !s.inARow })...)
}

// searchTo explores the states of a function, as many as a limit allows and the package has left.
func (x *Explorer) searchTo(f *syntax.Func, s scope, limit int) []Stuck {
	x.begin(f, s, min(limit, x.rest))
	list := x.search(f)
	x.rest -= x.spent
	return list
}

// What one search, and all of a package, may take. A step costs some microseconds.
const (
	firstSteps   = 300
	steps        = 3_000
	packageSteps = 300_000
)

// search explores the states of a function.
func (x *Explorer) search(f *syntax.Func) []Stuck {
	s := &state{}
	t := &thread{frames: []*frame{x.codes.frame(f, value{}, nil, nil, nil)}}
	s.add(t)
	r := x.at(s, t)
	for fn := f; fn != nil; fn = fn.Outer {
		for v := range fn.Sig.Params().Variables() {
			switch st, byValue := v.Type().Underlying().(*types.Struct); {
			case isContext(v.Type()):
				t.frames[0].env = t.frames[0].env.with(v.Origin(), r.s.make(thing{kind: context, open: true, parent: none, name: v.Name()}))
			case byValue && x.kinds.structure(v.Type()) != nil: // a copy, which is its own
				o := r.objects.makeObject(v.Type(), fn.Node)
				for f := range st.Fields() {
					r.objects.setField(o.n, f, value{})
				}
				t.frames[0].env = t.frames[0].env.with(v.Origin(), o)
			}
		}
	}
	if !x.rough {
		x.surroundings.surround(f, s)
	}
	var all []Stuck
	seen := map[[16]byte]bool{}
	todo := x.schedule.settle(s, none)
	for len(todo) > 0 {
		if x.spent > x.budget {
			break
		}
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		k := s.digest()
		if seen[k] {
			continue
		}
		seen[k] = true
		if s.over {
			continue
		}
		moves, offered := x.schedule.moves(s)
		for i := range moves {
			m := &moves[i]
			m.vain = m.free && s.fed(m.a) && !(s.left != nil && s.thing(m.a.at).lasting) && !slices.ContainsFunc(x.schedule.make(s, *m), func(next *state) bool { return next.digest() != k })
		}
		list := x.deadlocks.stuck(f, s, moves, offered, false)
		if len(list) == 0 && s.left != nil {
			list = x.deadlocks.stuck(f, s, moves, offered, true)
		}
		for _, st := range causes(list) {
			if st.Field == nil || x.deadlocks.certain(st) {
				all = append(all, st)
			}
		}
		x.spent += 10
		for _, m := range s.distinct(x.reduce(s, moves, offered)) {
			todo = append(todo, x.schedule.make(s, m)...)
		}
	}
	return all
}

// distinct leaves out the moves that another goroutine makes in the same way: one that stands where it does, and
// has what it has.
func (s *state) distinct(moves []move) []move {
	if len(moves) < 2 || len(s.threads) < 3 {
		return moves
	}
	twin := make([]int, len(s.threads)) // the first that is like it
	first := map[string]int{}
	for i, t := range s.threads {
		k := t.alone(s)
		j, ok := first[k]
		if !ok {
			j, first[k] = i, i
		}
		twin[i] = j
	}
	type like struct {
		i, j     int
		a, b     offer
		ok, free bool
	}
	seen := map[like]bool{}
	return slices.DeleteFunc(moves, func(m move) bool {
		k := like{twin[m.i], m.j, m.a, m.b, m.ok, m.free}
		if m.j != none {
			k.j = twin[m.j]
		}
		again := seen[k]
		seen[k] = true
		return again
	})
}

// causes leaves out who only waits for others that are stuck: the function, if a goroutine is, and who
// waits for a group, if one of it is.
func causes(list []Stuck) []Stuck {
	weight := func(s Stuck) int {
		switch {
		case s.Spawn == nil:
			return 0
		case s.Kind == Waits && !s.Counts:
			return 1
		}
		return 2
	}
	most := 0
	for _, s := range list {
		most = max(most, weight(s))
	}
	return slices.DeleteFunc(list, func(s Stuck) bool { return weight(s) < most })
}

// reduce picks one goroutine if what it does next is nobody else's business: then the order does not matter.
func (x *Explorer) reduce(s *state, moves []move, offered [][]offer) []move {
	for i, t := range s.threads {
		if len(offered[i]) != 1 || t.native || t.one != nil {
			continue
		}
		var own []move
		for _, m := range moves {
			if m.i == i && m.free {
				own = append(own, m)
			}
		}
		if len(own) > 0 && !t.again() {
			return own
		}
	}
	return moves
}

// again reports whether a goroutine stands in a loop: it may come here forever.
func (t *thread) again() bool { return len(t.frames) > 0 && t.top().again() }

func (f *frame) again() bool {
	return len(f.block.Steps) == 0 || f.code.graph.Again(f.block.Steps[0])
}

// spawnOf is the place at which a call starts a goroutine later.
func (x *Explorer) spawnOf(c *syntax.Call) *sites.Spawn {
	s := x.later[c]
	if s == nil {
		s = &sites.Spawn{Cur: c.Cur, Call: c}
		x.later[c] = s
	}
	return s
}
