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
		exact = exact && (w.sure() || m.exact(w, all[i].At))
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
	in   *function
	line int
}

// A walked is a stack whose frames have been found.
type walked struct {
	stack *profile.Stack
	own   []spot // of these packages, from the inside out
	above []int  // of these, the index of the frame that each calls; -1: none
	outer int    // index of the outermost frame of own
}

func (w *walked) sure() bool {
	return !slices.ContainsFunc(w.own, func(s spot) bool { return !s.sure })
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
	return w
}

// exact reports whether a stack that may be of another program is in functions of this one, and waits at
// an operation to the line.
func (m *matcher) exact(w walked, at *site.Operation) bool {
	for _, s := range w.own {
		if !m.fits(s) {
			return false
		}
	}
	wait := w.inner().wait
	return wait == profile.Runs || wait == profile.Other || at != nil && slices.Contains(at.Lines, w.own[0].Line)
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
			m.seen[f.file] = append(m.seen[f.file], sighting{k, f, s.Line})
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
	if s, ok := m.spot(w.stack.Start); ok {
		see(s, what{begins: true})
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
	f := m.function(s, m.move(s.file, ""))
	if f == nil {
		return nil
	}
	line := s.Line + m.shift(f, s)
	var exact, all []*site.Operation
	for _, o := range f.ops {
		if k.may(o) && slices.Contains(o.Lines, line) {
			exact = append(exact, o)
		}
		if k.is(o) {
			all = append(all, o)
		}
	}
	if len(exact) > 0 {
		if k.wait == profile.Channel && exact[0].Kind != exact[len(exact)-1].Kind {
			return nil // x <- <-y
		}
		return exact[0]
	}
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
// function's first line, that says it; else it is the move with which most of what the profile shows of
// the declared function and its literals is there; of several that of what is nearest in the file and can
// be nowhere else, and the shortest.
func (m *matcher) shift(f *function, s spot) int {
	if s.Start > 0 {
		return f.from - s.Start
	}
	return m.move(f.file, declared(f.symbol))
}

// move is the shift of a declared function, or of most of a file if that is empty.
func (m *matcher) move(file, function string) int {
	key := [2]string{file, function}
	if d, ok := m.moves[key]; ok {
		return d
	}
	var own, others []sighting
	for _, x := range m.seen[file] {
		if function == "" || declared(x.in.symbol) == function {
			own = append(own, x)
		} else if len(x.moves()) == 1 {
			others = append(others, x)
		}
	}
	best, first := 0, true
	var most, nearest int
	try := func(d int) {
		fits, near := 0, math.MaxInt
		for _, x := range own {
			if x.fits(d) {
				fits++
			}
		}
		for _, x := range others {
			if x.fits(d) {
				near = min(near, max(x.line-own[0].line, own[0].line-x.line))
			}
		}
		if first || cmp.Or(cmp.Compare(fits, most), cmp.Compare(nearest, near), cmp.Compare(max(best, -best), max(d, -d))) > 0 {
			best, most, nearest, first = d, fits, near, false
		}
	}
	if len(own) > 0 {
		try(0)
	}
	for _, x := range own {
		for _, d := range x.moves() {
			try(d)
		}
	}
	m.moves[key] = best
	return best
}

// fits reports whether the operation is there if lines have moved by d.
func (x *sighting) fits(d int) bool {
	return slices.ContainsFunc(x.in.ops, func(o *site.Operation) bool { return x.may(o) && slices.Contains(o.Lines, x.line+d) })
}

// moves are those with which it is there.
func (x *sighting) moves() []int {
	var all []int
	for _, o := range x.in.ops {
		if x.is(o) {
			for _, l := range o.Lines {
				all = append(all, l-x.line)
			}
		}
	}
	return all
}

// match finds where a stack waits and where it began.
func (m *matcher) match(w walked) Matched {
	out := Matched{Stack: w.stack, Own: len(w.own) > 0}
	if !out.Own {
		if start := m.begun(w.stack.Start); start != nil {
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
		if f := m.function(s, m.move(s.file, "")); f != nil {
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
func (m *matcher) begun(f profile.Frame) *site.Operation {
	if s, ok := m.spot(f); ok {
		return m.find(s, what{begins: true})
	}
	return nil
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
	add(m.begun(w.stack.Start))
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
		for _, o := range m.started(s) {
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

// started are the places that start the function of a spot.
func (m *matcher) started(s spot) []*site.Operation {
	if list := m.starts[s.symbol]; list != nil {
		return list
	}
	if f := m.function(s, m.move(s.file, "")); f != nil {
		return m.starts[f.symbol]
	}
	return nil
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
