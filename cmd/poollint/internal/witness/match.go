package witness

import (
	"cmp"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// A Matched is where a stack is in the source.
type Matched struct {
	Stack   *profile.Stack
	Own     bool              // it goes through these packages
	At      *site.Operation   // what its goroutines wait at; nil: nothing here, or not known what
	Where   finding.Position  // that, or the innermost line in these packages, at its first column; zero: not known
	Package string            // and its import path
	In      string            // the function there, as a reader calls it
	Via     string            // the function of another package, called there, that they wait in; empty: none
	Starts  []*site.Operation // where the goroutines began, and where their task was handed over
}

// Match matches the stacks of a profile with the operations of a program.
func Match(p *profile.Profile, ops []site.Operation) []Matched {
	m := matcher{program: newProgram(ops), seen: map[string][]sighting{}, moves: map[[2]string]int{}}
	learnt := map[profile.Frame]bool{}
	for i := range p.Stacks {
		for _, f := range p.Stacks[i].Frames {
			if !learnt[f] {
				learnt[f] = true
				m.learn(f)
			}
		}
	}
	stacks := make([]walked, len(p.Stacks))
	for i := range p.Stacks {
		stacks[i] = m.walk(&p.Stacks[i])
	}
	for _, w := range stacks {
		m.note(w)
	}
	all := make([]Matched, len(stacks))
	exact := true // all that may be of another program fits this one to the line
	for i, w := range stacks {
		all[i] = m.match(w)
		exact = exact && (w.sure() || m.exact(w, all[i]))
	}
	if !exact {
		for i, w := range stacks {
			if !w.sure() {
				all[i] = Matched{Stack: w.stack}
			}
		}
	}
	return all
}

// place is where a finding of it would stand: where it waits; if that is no operation, where it began; else
// the innermost line, which is certain only if the source has not changed.
func (m *Matched) place() (finding.Position, bool) {
	switch {
	case m.At != nil:
		return m.At.Pos, true
	case len(m.Starts) > 0:
		return m.Starts[0].Pos, true
	}
	return m.Where, m.Where.File != ""
}

// pkg is the import path of the package there.
func (m *Matched) pkg() string {
	switch {
	case m.At != nil:
		return m.At.Package
	case len(m.Starts) > 0:
		return m.Starts[0].Package
	}
	return m.Package
}

// inTests reports whether all that is known of it stands in tests.
func (m *Matched) inTests() bool {
	isTest := func(p finding.Position) bool { return strings.HasSuffix(p.File, "_test.go") }
	return isTest(m.Where) && !slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return !isTest(o.Pos) })
}

// A matcher knows how far lines have moved.
type matcher struct {
	*program
	seen  map[string][]sighting // in a file
	moves map[[2]string]int     // of functions of files
}

// A sighting is an operation that a stack shows in a function.
type sighting struct {
	what
	in    *function   // by its name
	group []*function // with its literals, since their numbers may be others now
	line  int
	start int // the function's first line; 0: not known
}

// A walked is a stack whose frames have been found.
type walked struct {
	stack *profile.Stack
	own   []spot // of these packages, from the inside out
	above []int  // of these, the index of the frame that each calls; -1: none
	outer int    // index of the outermost frame of own
	start *spot  // what started it; nil: nothing of these packages, or not known
}

func (w *walked) sure() bool {
	return (w.start == nil || w.start.sure) && !slices.ContainsFunc(w.own, func(s spot) bool { return !s.sure })
}

func (m *matcher) walk(s *profile.Stack) walked {
	w := walked{stack: s, outer: -1}
	for i, f := range s.Frames {
		if at, ok := m.spot(f); ok {
			w.own = append(w.own, at)
			w.above = append(w.above, i-1)
			w.outer = i
		}
	}
	if at, ok := m.spot(s.Start); ok {
		w.start = &at
	}
	return w
}

// exact reports whether a stack that may be of another program is in functions of this one, and waits and
// began at operations to the line.
func (m *matcher) exact(w walked, got Matched) bool {
	for _, s := range w.own {
		if !m.fits(s) {
			return false
		}
	}
	if w.start != nil && (!m.fits(*w.start) || len(got.Starts) == 0 || !slices.Contains(got.Starts[0].Lines, w.start.Line)) {
		return false
	}
	if len(w.own) == 0 {
		return true
	}
	wait := w.inner().wait
	return wait == profile.Runs || wait == profile.Other || got.At != nil && slices.Contains(got.At.Lines, w.own[0].Line)
}

// What is the kind of an operation as a stack shows it.
type what struct {
	wait   profile.Wait
	callee string // of Other
	begins bool   // it starts the goroutine
}

// inner is what a stack waits at in these packages.
func (w *walked) inner() what {
	if i := w.above[0]; i >= 0 {
		return what{wait: profile.Other, callee: w.stack.Frames[i].Func}
	}
	return what{wait: w.stack.Wait}
}

// note records what a stack shows of where operations were when the program was compiled.
func (m *matcher) note(w walked) {
	see := func(s spot, k what) {
		if f := m.function(s, 0); f != nil && s.sure {
			m.seen[f.file] = append(m.seen[f.file], sighting{k, f, m.group(f.file, declared(f.symbol)), s.Line, s.Start})
		}
	}
	if len(w.own) > 0 && w.stack.Wait != profile.Runs {
		see(w.own[0], w.inner())
	}
	for _, s := range w.own {
		if s.wraps {
			see(s, what{begins: true})
		}
	}
	if w.start != nil {
		see(*w.start, what{begins: true})
	}
}

// is reports whether an operation is of a kind, wherever it stands.
func (k what) is(o *site.Operation) bool {
	if k.begins {
		return o.Kind == site.Go || o.Kind == site.Submit
	}
	switch k.wait {
	case profile.Send:
		return o.Kind == site.Send
	case profile.Receive:
		return o.Kind == site.Receive || o.Kind == site.Range
	case profile.Select:
		return o.Kind == site.Select && len(o.Cases) > 0
	case profile.Forever:
		return o.Kind == site.Select && len(o.Cases) == 0
	case profile.Channel:
		return slices.Contains([]string{site.Send, site.Receive, site.Range, site.Select}, o.Kind)
	case profile.Other:
		return k.callee != "" && o.Callee != "" && (k.callee == o.Callee || literal.ReplaceAllString(k.callee, "") == o.Callee)
	}
	return false
}

// may reports whether an operation that stands at the very line may be of a kind: a call through an
// interface shows another function.
func (k what) may(o *site.Operation) bool {
	if k.is(o) {
		return true
	}
	last := func(s string) string { return s[strings.LastIndexByte(s, '.')+1:] }
	return k.wait == profile.Other && k.callee != "" && o.Callee != "" && last(k.callee) == last(o.Callee)
}

// find is the operation of a kind at a spot, or nil.
func (m *matcher) find(s spot, k what) *site.Operation {
	f := m.locate(s, k)
	if f == nil {
		return nil
	}
	line := s.Line + m.shift(f, s)
	exact := f.at(k, line)
	if len(exact) > 0 {
		if k.wait == profile.Channel && exact[0].Kind != exact[len(exact)-1].Kind {
			return nil // x <- <-y
		}
		return exact[0]
	}
	all := f.of(k)
	if late := slices.DeleteFunc(slices.Clone(all), func(o *site.Operation) bool { return !o.Deferred }); len(late) == 1 {
		return late[0] // its line is that of the return
	}
	switch {
	case len(all) == 1 && (k.wait != profile.Channel || near(all[0], line)):
		return all[0]
	case len(all) < 2:
		return nil
	}
	slices.SortStableFunc(all, func(a, b *site.Operation) int { return cmp.Compare(distance(a, line), distance(b, line)) })
	if near(all[0], line) && distance(all[1], line) > 2*distance(all[0], line) {
		return all[0]
	}
	return nil
}

// of are the operations of a kind in a function, and at those at a line.
func (f *function) of(k what) []*site.Operation {
	return slices.DeleteFunc(slices.Clone(f.ops), func(o *site.Operation) bool { return !k.is(o) })
}

func (f *function) at(k what, line int) []*site.Operation {
	return slices.DeleteFunc(slices.Clone(f.ops), func(o *site.Operation) bool { return !k.may(o) || !slices.Contains(o.Lines, line) })
}

// locate is the function that a spot lies in, at an operation of a kind. A literal goes by its number, which
// is another if one was added before it: what is at the very place is better.
func (m *matcher) locate(s spot, k what) *function {
	f := m.function(s, m.move(s.file, ""))
	if f == nil || !isLiteral(f.symbol) {
		return f
	}
	outer := declared(f.symbol)
	moved := m.move(f.file, outer)
	there := func(g *function) bool {
		if s.Start > 0 {
			return g.from == s.Start+moved && (k == what{} || len(g.of(k)) > 0)
		}
		return k != what{} && len(g.at(k, s.Line+moved)) > 0
	}
	if there(f) {
		return f
	}
	var others []*function
	for _, g := range m.group(f.file, outer) {
		if isLiteral(g.symbol) && there(g) {
			others = append(others, g)
		}
	}
	if len(others) == 1 {
		return others[0]
	}
	return f
}

// near reports whether an operation is so near to a line that an edit may have moved it there.
func near(o *site.Operation, line int) bool { return distance(o, line) <= 3 }

// distance is how many lines an operation is away from a line.
func distance(o *site.Operation, line int) int {
	d := -1
	for _, l := range o.Lines {
		if n := max(l-line, line-l); d < 0 || n < d {
			d = n
		}
	}
	return d
}

// shift is how many lines a function has moved since the program was compiled. Where a profile has the
// function's first line, that says it.
func (m *matcher) shift(f *function, s spot) int {
	if s.Start > 0 {
		return f.from - s.Start
	}
	return m.move(f.file, declared(f.symbol))
}

// move is how many lines a declared function and its literals have moved, or most of a file if that
// is empty: the move with which most of what the profile shows of them is there; of several that with
// which most is in literals of the same number, then that of what is nearest in the file and can be nowhere
// else, and then the shortest.
func (m *matcher) move(file, outer string) int {
	key := [2]string{file, outer}
	if d, ok := m.moves[key]; ok {
		return d
	}
	var own, others []sighting
	for _, x := range m.seen[file] {
		if outer == "" || declared(x.in.symbol) == outer {
			own = append(own, x)
		} else if len(x.moves()) == 1 {
			others = append(others, x)
		}
	}
	type merit struct{ here, same, near, short int } // the more, the better
	var best merit
	var move int
	try := func(d int) {
		try := merit{near: -math.MaxInt, short: -max(d, -d)}
		for _, x := range own {
			here, same := x.fits(d)
			try.here += here
			try.same += same
		}
		for _, x := range others {
			if here, _ := x.fits(d); here > 0 {
				try.near = max(try.near, -max(x.line-own[0].line, own[0].line-x.line))
			}
		}
		if best == (merit{}) || cmp.Or(cmp.Compare(try.here, best.here), cmp.Compare(try.same, best.same), cmp.Compare(try.near, best.near), cmp.Compare(try.short, best.short)) > 0 {
			best, move = try, d
		}
	}
	tried := map[int]bool{}
	for _, x := range own {
		for _, d := range append(x.moves(), 0) {
			if !tried[d] {
				tried[d] = true
				try(d)
			}
		}
	}
	m.moves[key] = move
	return move
}

// fits counts what of a sighting is there if lines have moved by d: the operation, and the first line of the
// function, if that is known; and of these what is there in the function of that name.
func (x *sighting) fits(d int) (here, same int) {
	for _, f := range x.group {
		fits := 0
		if len(f.at(x.what, x.line+d)) > 0 {
			fits++
		}
		if x.start > 0 && f.from == x.start+d && isLiteral(f.symbol) == isLiteral(x.in.symbol) {
			fits++
		}
		if here = max(here, fits); f == x.in {
			same = fits
		}
	}
	return here, same
}

// moves are those with which the operation is there.
func (x *sighting) moves() []int {
	var all []int
	for _, f := range x.group {
		for _, o := range f.of(x.what) {
			for _, l := range o.Lines {
				all = append(all, l-x.line)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// match finds where a stack waits and where it began.
func (m *matcher) match(w walked) Matched {
	out := Matched{Stack: w.stack, Own: len(w.own) > 0}
	if !out.Own {
		if start := m.begun(w.start); start != nil {
			out.Own, out.Starts = true, []*site.Operation{start}
			if start.Callee != "" && slices.ContainsFunc(w.stack.Frames, func(f profile.Frame) bool { return f.Func == start.Callee }) {
				out.At, out.Where, out.Package = start, start.Pos, start.Package // go wg.Wait()
			}
		}
		return out
	}
	s := w.own[0]
	out.In, out.Package = reader(s), s.pkg
	if s.file != "" {
		out.Where = finding.Position{File: s.file, Line: s.Line, Column: 1}
		if f := m.locate(s, what{}); f != nil {
			out.Where.Line += m.shift(f, s)
		}
	}
	if i := w.above[0]; i >= 0 {
		out.Via = w.stack.Frames[i].Func
	}
	if w.stack.Wait != profile.Runs {
		out.At = m.find(s, w.inner())
	}
	if out.At != nil {
		out.Where = out.At.Pos
	}
	out.Starts = m.begins(w)
	return out
}

// Submits finds the places at which an audit has seen something.
func Submits(seen []profile.Seen, ops []site.Operation) []Matched {
	m := matcher{program: newProgram(ops), seen: map[string][]sighting{}, moves: map[[2]string]int{}}
	for _, s := range seen {
		m.learn(s.At)
	}
	all := make([]Matched, len(seen))
	for i, s := range seen {
		at, ok := m.spot(s.At)
		f := m.function(at, m.move(at.file, ""))
		if !ok || f == nil {
			continue
		}
		var near []*site.Operation
		for _, o := range f.ops {
			if o.Kind == site.Submit || o.Kind == site.Call {
				near = append(near, o)
			}
		}
		slices.SortStableFunc(near, func(a, b *site.Operation) int {
			return cmp.Compare(distance(a, at.Line), distance(b, at.Line))
		})
		if len(near) > 0 && (at.sure || distance(near[0], at.Line) == 0) && (len(near) == 1 || distance(near[0], at.Line) < distance(near[1], at.Line)) {
			all[i] = Matched{Own: true, At: near[0], Where: near[0].Pos, In: reader(at), Package: at.pkg}
		}
	}
	return all
}

// begun is the statement that started a goroutine.
func (m *matcher) begun(s *spot) *site.Operation {
	if s == nil {
		return nil
	}
	return m.find(*s, what{begins: true})
}

// begins are the statements that started the goroutines of a stack, or handed over the task that they
// run.
func (m *matcher) begins(w walked) []*site.Operation {
	var all []*site.Operation
	add := func(o *site.Operation) {
		if o != nil && !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	add(m.begun(w.start))
	frames := w.stack.Frames
	last := len(frames) - 1
	for i := len(w.own) - 1; i >= 0; i-- {
		s := w.own[i]
		if s.wraps {
			add(m.find(s, what{begins: true}))
			continue
		}
		first := w.stack.Whole && i == len(w.own)-1 && w.outer == last
		var starts, hands []*site.Operation
		k := what{}
		if i == 0 && w.stack.Wait != profile.Runs {
			k = w.inner()
		}
		for _, o := range m.started(s, k) {
			switch {
			case o.Kind == site.Go && first && len(all) == 0:
				starts = append(starts, o)
			case o.Kind == site.Submit && (isLiteral(s.Func) || i < len(w.own)-1 || w.outer < last && samePackage(frames[last].Func, o.Callee)):
				hands = append(hands, o)
			}
		}
		for _, one := range [][]*site.Operation{starts, hands} {
			if len(one) == 1 {
				add(one[0])
			}
		}
	}
	return all
}

// isLiteral reports whether a symbol is that of a literal, which stands at one place in the source.
func isLiteral(symbol string) bool {
	symbol = loopBody.ReplaceAllString(symbol, "")
	return declared(symbol) != symbol
}

// started are the places that start the function of a spot, at an operation of a kind.
func (m *matcher) started(s spot, k what) []*site.Operation {
	if f := m.locate(s, k); f != nil {
		return m.starts[f.symbol]
	}
	return m.starts[s.symbol]
}

// samePackage reports whether two symbols are of one package.
func samePackage(a, b string) bool { return importPath(a) == importPath(b) }

// importPath is the package of a symbol, as far as that can be told.
func importPath(symbol string) string {
	slash := strings.LastIndexByte(symbol, '/') + 1
	if i := strings.IndexByte(symbol, '('); i >= 0 && i < slash {
		slash = strings.LastIndexByte(symbol[:i], '/') + 1
	}
	rest := symbol[slash:]
	if i := version.FindStringIndex(rest); i != nil { // gopkg.in/yaml.v3
		return symbol[:slash+i[1]]
	}
	if i := strings.IndexByte(rest, '.'); i >= 0 {
		return symbol[:slash+i]
	}
	return symbol
}

var version = regexp.MustCompile(`^\w+\.v\d+`)

// reader is what a reader calls the function of a spot.
func reader(s spot) string {
	name := strings.TrimPrefix(s.symbol, s.pkg+".")
	if d := declared(name); d != name {
		return "a function literal in " + d
	}
	return cmp.Or(name, path.Base(s.symbol))
}
