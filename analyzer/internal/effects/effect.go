// Package effects says what a function does when it is called: whether it waits, whether all that
// it calls is known, and what CPU time it plausibly burns, with the place that is to blame.
//
// Effects are computed bottom-up over the call graph of a package, and travel between packages as
// facts. The standard library and the leaves of popular modules are tables: nothing is inferred
// from their sources. What is not known makes an effect blind, and of the blind nothing is
// claimed that needs completeness.
package effects

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/poollint/poollint/analyzer/internal/footprint"
)

// An Effect is what a function, or a piece of one, does.
type Effect struct {
	Waits *Origin // a place where it waits, or nil
	Clear bool    // the wait is unmistakable: network, disk, process, sleep, a receive
	Blind *Origin // a call of which nothing is known, or nil
	Cost  Cost    // between two waits
	Calls []Apply // function parameters that it calls

	Holds Holding // the most that a call of it holds in memory, until it returns
	Keeps Holding // and what its own calls have returned, which it keeps until it returns

	rec recursion // calls back into the component being computed
}

// An Apply is a call of a function parameter.
type Apply struct {
	Param int8
	Times Trip
}

// An Origin is the place to blame for an effect.
type Origin struct {
	What string   // "scrypt.Key", "the loop over data"
	In   string   // the function where it is
	At   string   // its file and line
	Via  []string // functions between the task and In, outermost first

	Table bool // it is a function of the table
	Known bool // and known to be heavy: a hash, a sort, a compressor
	Loop  bool // it is a loop or a recursion of the program, not a call of a table's function
	Inner bool // it is a wait for another goroutine of the program, at a channel

	Branches uint8 // conditions between the task and the place, all of which must hold

	pos   token.Pos // in the function at hand: the place, or the call that leads there
	place token.Pos // the place itself, if it is in this package
}

// Pos is where the effect comes from in the function asked about: the place, or the call that
// leads there.
func (o *Origin) Pos() token.Pos { return o.pos }

// Place is the place itself, if it is in the package being analyzed.
func (o *Origin) Place() token.Pos { return o.place }

// String is the origin as a message tells it: "scrypt.Key in hashPassword (auth.go:41)".
func (o *Origin) String() string {
	s := o.What
	if o.In != "" {
		s += " in " + o.In
	}
	if o.At != "" {
		s += " (" + o.At + ")"
	}
	return s
}

// maxBranches is how many conditions may lie on the way to what burns the time. A task that runs
// through a whole program's layers meets a hash or a parser somewhere; what needs three coincidences
// is not what the task does.
const maxBranches = 2

// branch is an origin that one more condition leads to, nil if there are too many.
func (o *Origin) branch() *Origin {
	if o.Branches >= maxBranches {
		return nil
	}
	b := *o
	b.Branches++
	return &b
}

// Quiet reports whether the effect neither waits nor might.
func (e *Effect) Quiet() bool { return e.Waits == nil && e.Blind == nil }

// then adds what happens next. Costs add up only where nothing waits in between.
func (e *Effect) then(f *Effect) {
	quiet := e.Quiet() && f.Quiet()
	e.wait(f)
	if e.Blind == nil {
		e.Blind = f.Blind
	}
	if quiet {
		e.Cost.add(&f.Cost)
	} else {
		e.Cost = larger(e.Cost, f.Cost)
	}
	e.apply(f.Calls)
	e.Keeps, e.Holds = e.Keeps.with(f.Keeps), moreOf(e.Holds, f.Holds)
	e.rec.then(f.rec)
}

// or merges an alternative: it may wait as either may, and burns what the larger burns.
func (e *Effect) or(f *Effect) {
	e.wait(f)
	if e.Blind == nil {
		e.Blind = f.Blind
	}
	e.Cost = larger(e.Cost, f.Cost)
	e.apply(f.Calls)
	e.Keeps, e.Holds = moreOf(e.Keeps, f.Keeps), moreOf(e.Holds, f.Holds)
	e.rec.or(f.rec)
}

// wait keeps one wait of two: one that is unmistakable, and of those the first that is for something outside
// the program.
func (e *Effect) wait(f *Effect) {
	if f.Waits != nil && (e.Waits == nil || f.Clear && (!e.Clear || e.Waits.Inner && !f.Waits.Inner)) {
		e.Waits, e.Clear = f.Waits, f.Clear
	}
}

// maxApplies bounds the calls of parameters that are kept.
const maxApplies = 8

func (e *Effect) apply(calls []Apply) {
	for _, a := range calls {
		if len(e.Calls) == maxApplies {
			if e.Blind == nil {
				e.Blind = &Origin{What: "calls of many parameters"}
			}
			return
		}
		e.Calls = append(slices.Clip(e.Calls), a)
	}
}

// params is the bit set of the function parameters called.
func (e *Effect) params() uint16 {
	var bits uint16
	for _, a := range e.Calls {
		if a.Param < 16 {
			bits |= 1 << a.Param
		}
	}
	return bits
}

// repeat is the effect of a loop around e. If something in the body waits, or might, one iteration
// is all that is burnt between two waits.
// Nests tells that the loop is of the kind that multiplies when nested: one that counts.
func (e *Effect) repeat(t Trip, why *Origin, nests bool) Effect {
	out := *e
	out.Calls = nil
	for _, a := range e.Calls {
		out.Calls = append(out.Calls, Apply{Param: a.Param, Times: a.Times.times(t)})
	}
	if e.Quiet() {
		out.Cost = e.Cost.scale(t, why, nests, e.params())
	}
	if t.known() && t.N == 0 {
		out.Holds, out.Keeps = nil, nil
	}
	if t.plausible() > 1 {
		out.rec.repeat()
	}
	return out
}

// A Fact is an exported function's effect.
type Fact struct{ Effect Effect }

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

// String is the fact as a test matches it.
func (f *Fact) String() string { return f.Effect.String() }

// String is short: for tests, and to see what the engine thinks.
func (e *Effect) String() string {
	var s []string
	switch {
	case e.Waits != nil && e.Clear:
		s = append(s, "waits: "+e.Waits.String())
	case e.Waits != nil:
		s = append(s, "may wait: "+e.Waits.String())
	}
	if e.Blind != nil {
		s = append(s, "blind: "+e.Blind.String())
	}
	s = append(s, e.Cost.String())
	for _, a := range e.Calls {
		s = append(s, fmt.Sprintf("calls %d × %s", a.Param, a.Times))
	}
	if n := e.Holds.Bytes(); n > 0 {
		s = append(s, fmt.Sprintf("holds %s in %s", footprint.About(n), e.Holds[0].What))
	}
	return strings.Join(s, "; ")
}

func (c Cost) String() string {
	s := duration(c.NS)
	if c.Why != nil {
		s += " " + c.Why.String()
	}
	for _, t := range c.Terms {
		s += " + " + duration(t.NS) + factors(t.Factors)
		if t.Why != nil {
			s += " " + t.Why.String()
		}
	}
	return s
}

func (t Trip) String() string { return fmt.Sprintf("%g%s", t.N, factors(t.Factors)) }

func factors(fs []Factor) string {
	var s string
	for _, f := range fs {
		name := fmt.Sprintf("p%d", f.Of)
		switch f.Of {
		case Many:
			name = "many"
		case Bytes:
			name = "bytes"
		case Text:
			name = "text"
		case Some:
			name = "some"
		case Few:
			name = "few"
		}
		s += "·" + [...]string{name, "log " + name, "√" + name, "exp " + name, name}[f.Grow]
	}
	return s
}

// duration is a time in two digits, as an estimate deserves.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return trim(ns) + " ns"
	case ns < 1e6:
		return trim(ns/1e3) + " µs"
	case ns < 1e9:
		return trim(ns/1e6) + " ms"
	case ns < 1e12:
		return trim(ns/1e9) + " s"
	}
	return "hours"
}

func trim(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%d", int(x/10+0.5)*10)
	}
	return fmt.Sprintf("%.2g", x)
}
