package explore

import (
	"cmp"
	"encoding/binary"
	"go/ast"
	"go/token"
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
	born    int // how many there have been
	things  []thing
	fields  env // of fields and package variables: one value each, whatever the struct
	chosen  env // what conditions on variables that several functions see were taken to be; signals that were received

	told  bool                 // strangers have told a goroutine something, such as to end
	left  ast.Node             // where the function that is explored has returned; nil while it runs
	asked bool                 // that was the end of a loop that goes on until it is told to end
	over  bool                 // the process ends with that
	ended map[*sites.Spawn]int // goroutines that have ended, by where they were started
}

// A thread is a goroutine, or the function that is explored.
type thread struct {
	id     int            // it alone has
	spawn  *sites.Spawn   // nil: the function itself
	native bool           // it runs since before the function was called
	rests  bool           // it is where it meets others
	pauses bool           // it rests before it sets a flag
	spared bool           // it may not have started: who stopped it has asked
	warned bool           // a signal of the system has come to it: the process is to end
	frames []*frame       // who called whom; the last one runs
	one    *offer         // all that it does, where its source is in another package
	sent   []ast.Node     // where the channels are made that it has sent on
	has    []int          // the locks, and places of semaphores, that it has taken
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
	temps  notes // results of the calls and receives of the step at hand
	facts  paths.Facts
	over   notes // what loops run over, where that is a channel
	trips  notes // loops that run a known number of times: what is left
	defers []deferred
	each   bool          // it is called for each of many
	late   bool          // it is called when its caller returns
	taken  []value       // channels that it has received from, and whose value it works at
	within value         // the semaphore of which a place is held until it returns
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

// add adds a goroutine.
func (s *state) add(t *thread) {
	s.born++
	t.id = s.born
	s.threads = append(s.threads, t)
}

// justNow reports whether a context has been ended in this very move by another goroutine than one that asks: that
// one may have asked before.
func (s *state) justNow(n int, by *thread) bool {
	for ; n != none; n = s.things[n].parent {
		if t := &s.things[n]; t.closed {
			return t.by != 0 && t.by != by.id
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
		k.thread(e.t)
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
		if s.over {
			k.int(2)
		}
		if s.asked {
			k.int(3)
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
	moved := func(e env) env {
		e = slices.Clone(e)
		for i := range e {
			e[i].w = move(e[i].w)
		}
		return e
	}
	move = func(v value) value {
		switch v.kind {
		case aThing, cancels, doneOf, ticksOf:
			v.n = keep(v.n)
		case function:
			v.fn = &closure{fn: v.fn.fn, env: moved(v.fn.env)}
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
		t.has = slices.Clone(t.has)
		for k, n := range t.has {
			t.has[k] = keep(n)
		}
		if t.one != nil {
			o := *t.one
			o.at = move(o.at)
			t.one = &o
		}
		for _, f := range t.frames {
			f.env = moved(f.env)
			f.temps, f.over = slices.Clone(f.temps), slices.Clone(f.over)
			for i := range f.temps {
				f.temps[i].vs = all(f.temps[i].vs)
			}
			for i := range f.over {
				f.over[i].vs = all(f.over[i].vs)
			}
			f.defers = slices.Clone(f.defers)
			for k, d := range f.defers {
				f.defers[k] = deferred{d.call, move(d.fn), all(d.args)}
			}
			f.taken, f.result, f.within = all(f.taken), all(f.result), move(f.within)
		}
	}
	s.fields = moved(s.fields)
	for i := 0; i < len(kept); i++ { // what is in a queue may name more
		t := kept[i]
		t.queue, t.parent = all(t.queue), keep(t.parent)
		t.fields = moved(t.fields)
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

// alone is the same for goroutines that go on in the same way from here, with the same things.
func (t *thread) alone(s *state) string {
	k := keyer{s: s}
	k.thread(t)
	return string(k.buf)
}

func (k *keyer) thread(t *thread) {
	k.int(int(t.pos()))
	for _, f := range t.frames {
		k.frame(f)
	}
	if t.one != nil {
		k.value(t.one.at)
	}
	for _, g := range t.groups {
		k.thing(g)
	}
	k.sep()
	for _, n := range t.has {
		k.thing(n)
	}
	k.int(len(t.then))
	if t.spared {
		k.int(1)
	}
	if t.pauses {
		k.int(2)
	}
	if t.warned {
		k.int(3)
	}
	k.sep()
}

func (k *keyer) thing(n int) {
	if k.number == nil { // it keeps its own number
		k.int(n)
		return
	}
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
	if t.signals {
		k.int(5)
	}
	if t.fed {
		k.int(4)
	}
	if t.lasting {
		k.int(6)
	}
	if t.gone != nil && t.gone.told {
		k.int(7)
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
		if v.open {
			k.sep()
		}
	case aThing, cancels, doneOf, ticksOf:
		k.thing(v.n)
	case function, record:
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

func (k *keyer) env(e env) {
	for _, b := range e {
		if b.w.kind != anything {
			k.int(int(b.v.Pos()))
			k.value(b.w)
		}
	}
	k.sep()
}

func (k *keyer) frame(f *frame) {
	k.buf = append(k.buf, f.place()...)
	k.env(f.env)
	k.buf = append(k.buf, f.facts.Signature()...)
	k.sep()
	for _, known := range []notes{f.trips, f.temps, f.over} {
		for _, n := range known {
			k.int(int(n.of.Pos()))
			for _, v := range n.vs {
				k.value(v)
			}
		}
		k.sep()
	}
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
