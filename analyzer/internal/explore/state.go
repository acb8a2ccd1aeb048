package explore

import (
	"cmp"
	"encoding/binary"
	"go/ast"
	"go/token"
	"go/types"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// A state is a moment of a run: what each goroutine is about to do, and what they meet at.
type state struct {
	threads []*thread
	things  []thing
	fields  env // of fields and package variables: one value each, whatever the struct
	chosen  env // what conditions on variables that several functions see were taken to be

	told  bool                 // strangers have told a goroutine something, such as to end
	left  ast.Node             // where the function that is explored has returned; nil while it runs
	ended map[*sites.Spawn]int // goroutines that have ended, by where they were started
}

// A thread is a goroutine, or the function that is explored.
type thread struct {
	spawn  *sites.Spawn   // nil: the function itself
	native bool           // it runs since before the function was called
	rests  bool           // it is where it meets others
	frames []*frame       // who called whom; the last one runs
	one    *offer         // all that it does, where its source is in another package
	groups []int          // whom it tells when it ends
	then   []*syntax.Func // what it calls next
}

// A frame is a function that has been called.
type frame struct {
	code   *code
	block  *paths.Block
	step   int
	ins    int
	env    env
	temps  map[ast.Expr][]value // results of the calls and receives of the step at hand
	facts  paths.Facts
	over   map[ast.Expr]value // what loops run over, where that is a channel
	trips  map[ast.Stmt]int   // loops that run a known number of times: what is left
	defers []deferred
	taken  []value       // channels that it has received from, and whose value it works at
	call   *ast.CallExpr // in the caller, which takes the results
	result []value
	exit   ast.Node // the return that it leaves by, once it runs its defers
	picked bool     // the case that comes next was chosen: its communication is done
	comm   ast.Node // that communication
}

// A deferred call, with what it is called with.
type deferred struct {
	call *syntax.Call
	fn   value
	args []value
}

func (s *state) clone() *state {
	c := *s
	c.threads = slices.Clone(s.threads)
	c.things = slices.Clone(s.things)
	c.fields = s.fields.clone()
	c.chosen = s.chosen.clone()
	c.ended = maps.Clone(s.ended)
	return &c
}

// own makes a thread of the state one that can be changed.
func (s *state) own(i int) *thread {
	t := *s.threads[i]
	t.frames = slices.Clone(t.frames)
	for k, f := range t.frames {
		t.frames[k] = f.clone()
	}
	t.groups = slices.Clone(t.groups)
	s.threads[i] = &t
	return &t
}

func (f *frame) clone() *frame {
	c := *f
	c.env = f.env.clone()
	c.temps = maps.Clone(f.temps)
	c.facts = maps.Clone(f.facts)
	c.trips = maps.Clone(f.trips)
	c.over = maps.Clone(f.over)
	c.defers = slices.Clone(f.defers)
	c.taken = slices.Clone(f.taken)
	c.result = slices.Clone(f.result)
	return &c
}

func (t *thread) top() *frame { return t.frames[len(t.frames)-1] }

// make adds a thing and returns its value.
func (s *state) make(t thing) value {
	s.things = append(s.things, t)
	return value{kind: aThing, n: len(s.things) - 1}
}

// thing is what a value names, or nil. Of the functions and channels of a context or ticker it is the
// context or ticker.
func (s *state) thing(v value) *thing {
	switch v.kind {
	case aThing, cancels, doneOf, ticksOf:
		return &s.things[v.n]
	}
	return nil
}

// cancelled reports whether a context has ended.
func (s *state) cancelled(n int) bool {
	for ; n != none; n = s.things[n].parent {
		if s.things[n].closed {
			return true
		}
	}
	return false
}

// endable is the context, of one and those that it comes from, that may end by what nobody here does;
// none if there is none.
func (s *state) endable(n int) int {
	for ; n != none; n = s.things[n].parent {
		if t := &s.things[n]; t.expires || t.open {
			return n
		}
	}
	return none
}

// key is the same for states that go on in the same way. Things are numbered as they are met, and
// threads that run the same code are put in order.
func (s *state) key() string {
	k := keyer{s: s, number: map[int]int{}}
	type entry struct {
		t   *thread
		pos token.Pos
		at  string
	}
	order := make([]entry, len(s.threads))
	for i, t := range s.threads {
		e := entry{t: t, pos: t.pos()}
		for _, f := range t.frames {
			e.at += f.place()
		}
		order[i] = e
	}
	slices.SortStableFunc(order, func(a, b entry) int { return cmp.Or(cmp.Compare(a.pos, b.pos), cmp.Compare(a.at, b.at)) })
	for _, e := range order {
		k.int(int(e.pos))
		for _, f := range e.t.frames {
			k.frame(f)
		}
		if e.t.one != nil {
			k.value(e.t.one.at)
		}
		for _, g := range e.t.groups {
			k.thing(g)
		}
		k.int(len(e.t.then))
		k.sep()
	}
	k.env(s.fields)
	k.env(s.chosen)
	for i := 0; i < len(k.order); i++ { // what is in a queue may name more
		k.content(k.order[i])
	}
	if s.left != nil {
		k.sep()
		k.int(len(k.buf))
		if s.told {
			k.int(1)
		}
	}
	return string(k.buf)
}

// digest stands for the key of a state. Two states of one digest are taken for the same; at a few
// thousand states that does not happen.
func (s *state) digest() (sum [16]byte) {
	h := fnv.New128a()
	h.Write([]byte(s.key()))
	h.Sum(sum[:0])
	return sum
}

// compact forgets the things that no one can reach.
func (s *state) compact() {
	number := map[int]int{}
	var kept []thing
	var move func(v value) value
	keep := func(n int) int {
		if n == none {
			return none
		}
		id, ok := number[n]
		if !ok {
			id = len(kept)
			number[n] = id
			kept = append(kept, s.things[n])
		}
		return id
	}
	env := func(e env) {
		for v, w := range e {
			e[v] = move(w)
		}
	}
	move = func(v value) value {
		switch v.kind {
		case aThing, cancels, doneOf, ticksOf:
			v.n = keep(v.n)
		case function:
			c := &closure{fn: v.fn.fn, env: v.fn.env.clone()}
			env(c.env)
			v.fn = c
		case several:
			items := slices.Clone(v.list.items)
			for i := range items {
				items[i] = move(items[i])
			}
			v = listOf(items)
		}
		return v
	}
	all := func(vs []value) []value {
		vs = slices.Clone(vs)
		for i := range vs {
			vs[i] = move(vs[i])
		}
		return vs
	}
	for i := range s.threads {
		t := s.own(i)
		for k, g := range t.groups {
			t.groups[k] = keep(g)
		}
		if t.one != nil {
			o := *t.one
			o.at = move(o.at)
			t.one = &o
		}
		for _, f := range t.frames {
			env(f.env)
			for e, vs := range f.temps {
				f.temps[e] = all(vs)
			}
			for e, v := range f.over {
				f.over[e] = move(v)
			}
			for k, d := range f.defers {
				f.defers[k] = deferred{d.call, move(d.fn), all(d.args)}
			}
			f.taken, f.result = all(f.taken), all(f.result)
		}
	}
	env(s.fields)
	for i := 0; i < len(kept); i++ { // what is in a queue may name more
		t := kept[i]
		t.queue, t.parent = all(t.queue), keep(t.parent)
		t.fields = t.fields.clone()
		env(t.fields)
		kept[i] = t
	}
	s.things = kept
}

func (t *thread) pos() token.Pos {
	if t.spawn == nil {
		return token.NoPos
	}
	return t.spawn.Pos()
}

// place is where a frame stands.
func (f *frame) place() string {
	b := binary.AppendUvarint(nil, uint64(f.code.fn.Node.Pos()))
	b = binary.AppendUvarint(b, uint64(f.block.Index))
	b = binary.AppendUvarint(b, uint64(f.step))
	b = binary.AppendUvarint(b, uint64(f.ins))
	return string(b)
}

type keyer struct {
	s      *state
	buf    []byte
	number map[int]int
	order  []int
}

func (k *keyer) int(n int) { k.buf = binary.AppendVarint(k.buf, int64(n)) }
func (k *keyer) sep()      { k.buf = append(k.buf, 0xff) }

func (k *keyer) thing(n int) {
	id, ok := k.number[n]
	if !ok {
		id = len(k.order)
		k.number[n] = id
		k.order = append(k.order, n)
	}
	k.int(id)
}

func (k *keyer) content(n int) {
	t := &k.s.things[n]
	k.sep()
	if t.closed {
		k.int(1)
	}
	if t.open {
		k.int(2)
	}
	if t.kept {
		k.int(3)
	}
	k.int(t.count)
	k.int(t.size)
	for _, v := range t.queue {
		k.value(v)
	}
	if t.parent != none {
		k.thing(t.parent)
	}
	if t.kind == object {
		k.env(t.fields)
	}
}

func (k *keyer) value(v value) {
	k.int(int(v.kind))
	switch v.kind {
	case number:
		k.int(v.n)
	case aThing, cancels, doneOf, ticksOf:
		k.thing(v.n)
	case function:
		if v.fn.fn != nil {
			k.int(int(v.fn.fn.Node.Pos()))
		}
		k.env(v.fn.env)
	case several:
		for _, w := range v.list.items {
			k.value(w)
		}
		k.sep()
	}
}

// inOrder are the keys of a map in an order. Each state that a run comes to has a key: this is most of the work.
func inOrder[K comparable, V any](m map[K]V, order func(a, b K) int) []K {
	if len(m) == 0 {
		return nil
	}
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, order)
	return keys
}

func declared(a, b *types.Var) int { return cmp.Compare(a.Pos(), b.Pos()) }

func placed[N ast.Node](a, b N) int {
	return cmp.Or(cmp.Compare(a.Pos(), b.Pos()), cmp.Compare(a.End(), b.End()))
}

func (k *keyer) env(e env) {
	for _, v := range inOrder(e, declared) {
		if e[v].kind == anything {
			continue
		}
		k.int(int(v.Pos()))
		k.value(e[v])
	}
	k.sep()
}

func (k *keyer) frame(f *frame) {
	k.buf = append(k.buf, f.place()...)
	k.env(f.env)
	k.buf = append(k.buf, f.facts.Signature()...)
	k.sep()
	for _, stmt := range inOrder(f.trips, placed[ast.Stmt]) {
		k.int(int(stmt.Pos()))
		k.int(f.trips[stmt])
	}
	k.sep()
	for _, e := range inOrder(f.temps, placed[ast.Expr]) {
		k.int(int(e.Pos()))
		for _, v := range f.temps[e] {
			k.value(v)
		}
	}
	k.sep()
	for _, e := range inOrder(f.over, placed[ast.Expr]) {
		k.int(int(e.Pos()))
		k.value(f.over[e])
	}
	k.sep()
	for _, d := range f.defers {
		k.int(int(d.call.Expr.Pos()))
		k.value(d.fn)
		for _, v := range d.args {
			k.value(v)
		}
	}
	for _, v := range f.result {
		k.value(v)
	}
	if f.exit != nil {
		k.int(1)
	}
	if f.picked {
		k.int(2)
	}
	for _, v := range f.taken {
		k.value(v)
	}
	k.sep()
}
