package effects

import "fmt"

// Heavy is the CPU time without a wait that makes a task CPU-bound, in nanoseconds: the upper end
// of Tokio's rule of thumb, 10 to 100 µs between two waits.
const Heavy = 100e3

// waiting is the CPU time that makes a task CPU-bound which also waits unmistakably: what answers
// from a network or a disk takes a millisecond or two, of which less is no fifth.
const waiting = 4 * Heavy

// guessed is how much more an estimate must be that rests on a length of which nothing is known: they
// hold within a factor of ten, a good three either way.
const guessed = 3

// A Claim says that a task computes.
type Claim struct {
	NS    float64 // at plausible sizes
	Grows bool    // NS rests on a size that is not known
	Light bool    // nothing but its length makes the loop long: claimed since the task never waits
	Waits bool    // the task also waits
	Why   *Origin
}

// Time is the estimate as a message tells it.
func (c *Claim) Time() string { return duration(c.NS) }

// Computes reports whether a task of this effect is CPU-bound, and why.
//
// What certainly burns the time is claimed whatever else the task does, and so is a loop over
// something of unknown length whose body is heavy enough that a few hundred turns are far too many,
// since the length is a guess. A light loop is claimed only if the task is known never to wait: then
// a pool for waiting is the wrong place, however short the loop.
func (e *Effect) Computes() (Claim, bool) {
	c := Claim{Waits: e.Waits != nil}
	heavy := Heavy
	if e.Waits != nil && e.Clear {
		heavy = waiting
	}
	if e.Cost.NS >= heavy {
		c.NS, c.Why = e.Cost.NS, e.Cost.Why
		if c.Why != nil && (c.Why.Table || c.Why.Loop) {
			return c, true
		}
	}
	for i := range e.Cost.Terms {
		if t := &e.Cost.Terms[i]; t.solid() && t.near() && t.plausible() >= guessed*heavy {
			c.NS, c.Why, c.Grows = t.plausible(), t.Why, true
			return c, true
		}
	}
	if !e.Quiet() {
		return Claim{}, false
	}
	for i := range e.Cost.Terms {
		if t := &e.Cost.Terms[i]; t.Heavy && t.Why != nil && t.near() && t.long() {
			c.NS, c.Why, c.Grows, c.Light = t.plausible(), t.Why, true, true
			return c, true
		}
	}
	return Claim{}, false
}

// Spares says why a task of this effect is not CPU-bound, and what shows it, which may be nil.
func (e *Effect) Spares() (why string, at *Origin) {
	var most *Term
	for i := range e.Cost.Terms {
		if t := &e.Cost.Terms[i]; t.Why != nil && (most == nil || t.plausible() > most.plausible()) {
			most = t
		}
	}
	burns := duration(e.Cost.NS)
	switch {
	case most == nil && e.Cost.NS >= Heavy && e.Waits != nil && e.Clear:
		return fmt.Sprintf("it waits, and %s of CPU is little compared to that", burns), e.Waits
	case most == nil && e.Cost.NS >= Heavy:
		return "what uses the CPU in it cannot be named", e.Cost.Why
	case most == nil && e.Blind != nil && e.Cost.NS < 1:
		return fmt.Sprintf("it is not known what %s does", e.Blind.What), e.Blind
	case most == nil && e.Blind != nil:
		return fmt.Sprintf("it is not known what %s does, and the rest uses %s of CPU", e.Blind.What, burns), e.Blind
	case most == nil:
		return fmt.Sprintf("it uses %s of CPU between two waits", burns), e.Cost.Why
	case !most.near():
		return fmt.Sprintf("whether %s takes long would be a guess based on guesses", most.Why.What), most.Why
	case most.solid():
		return fmt.Sprintf("%s may use %s of CPU, but its length is not known", most.Why.What, duration(most.plausible())), most.Why
	case e.Waits != nil:
		return fmt.Sprintf("%s is cheap, and the task also waits", most.Why.What), most.Why
	case e.Blind != nil:
		return fmt.Sprintf("%s is cheap, and %s may wait", most.Why.What, e.Blind.What), most.Why
	}
	return fmt.Sprintf("%s is cheap or short", most.Why.What), most.Why
}

// solid reports whether a term over unknown sizes is more than the loops that every program has:
// it calls something known to be heavy, its body alone is a good part of the time, or loops that
// count are nested.
func (t *Term) solid() bool {
	return t.Heavy && t.Why != nil && (t.Why.Known || t.Nest > 1 || t.NS >= Heavy/10)
}

// near reports whether a term over unknown sizes is met within a few calls, and rests on few guesses.
// Each call on the way picks what it hands on, and what holds many things that hold many holds few of
// them: of what is many layers down, that it is long is a guess upon guesses.
func (t *Term) near() bool {
	return len(t.Why.Via) < maxVia && (t.guesses() <= maxGuesses || t.Nest > 1)
}

// maxGuesses bounds the lengths of which nothing is known in one term.
const maxGuesses = 2

func (t *Term) guesses() int {
	n := 0
	for _, f := range t.Factors {
		if f.Of < 0 && f.Grow == Linear {
			n++
		}
	}
	return n
}

// long reports whether nothing says that the term's sizes are small.
func (t *Term) long() bool {
	for _, f := range t.Factors {
		if f.Of == Many || f.Of == Some || f.Of == Bytes || f.Of == Text && t.Why.Loop || f.Of >= 0 {
			return true
		}
	}
	return false
}
