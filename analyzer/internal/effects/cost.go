package effects

import (
	"cmp"
	"math"
	"slices"
)

// A Cost is the CPU time that a piece of code plausibly burns between two waits: a constant, and
// a few terms that grow with sizes.
type Cost struct {
	NS    float64 // what does not grow
	Why   *Origin // the largest part of NS, if it is worth naming
	Terms []Term  // the largest first
}

// A Term is NS nanoseconds times each of its factors.
type Term struct {
	NS      float64
	Factors []Factor // sorted
	Heavy   bool     // a loop, a recursion or a call known to be heavy, not the linear cost of a light one
	Nest    uint8    // counted loops of unknown lengths inside each other, in one function
	With    uint16   // function parameters, by bit, that are called inside the loop
	Why     *Origin
}

// A Factor is a size, and how the time grows with it.
type Factor struct {
	Of   Size
	Grow Growth
}

// A Size is a parameter's index, or one of the sizes that are not known.
type Size int8

const (
	Many  Size = -1 - iota // a collection or a number that nothing is known of
	Bytes                  // a byte slice or stream
	Text                   // a string: a name, a key, a line
	Some                   // until a condition holds: often at once
	Few                    // part of an element: its children, its tags
)

// Growth is how time grows with a size.
type Growth uint8

const (
	Linear Growth = iota
	Log
	Sqrt
	Exp
	Walk // with the elements of a value: a string is one, whatever its length
)

// plausible is the number that stands for a size that is not known. Where a finding rests on it
// alone, the work for one element must be far from light: see claim.go.
func (s Size) plausible() float64 {
	switch s {
	case Bytes:
		return 1024
	case Text:
		return 64
	case Some:
		return 16
	case Few:
		return 8
	}
	return 256
}

func (f Factor) plausible() float64 { return f.Grow.at(f.Of.plausible()) }

// at is the number of steps for a size n.
func (g Growth) at(n float64) float64 {
	switch g {
	case Log:
		return math.Log2(max(n, 2))
	case Sqrt:
		return math.Sqrt(n)
	case Exp:
		// Two calls with n-1 and n-2: the golden ratio's powers. Beyond 2^40 it does not matter.
		return math.Pow(1.618, min(n, 64))
	}
	return n
}

// plausible is the time of a term at plausible sizes.
func (t *Term) plausible() float64 {
	ns := t.NS
	deep := false
	for _, f := range t.Factors {
		if f.Grow == Exp {
			if !deep {
				ns *= 1 << 16 // a search whose depth is not known
			}
			deep = true
			continue
		}
		ns *= f.plausible()
	}
	return ns
}

// Plausible is the time at plausible sizes, in nanoseconds.
func (c *Cost) Plausible() float64 {
	ns := c.NS
	for i := range c.Terms {
		ns += c.Terms[i].plausible()
	}
	return ns
}

// maxTerms bounds a cost. The smallest terms are dropped: beside larger ones they do not matter.
const maxTerms = 4

// maxFactors bounds a term: four nested loops over unknown sizes are heavy whatever a fifth is.
const maxFactors = 5

// add adds d to c.
func (c *Cost) add(d *Cost) {
	if d.NS > 0 {
		if d.Why != nil && (c.Why == nil || d.NS > c.NS) {
			c.Why = d.Why
		}
		c.NS += d.NS
	}
	for _, t := range d.Terms {
		c.addTerm(t)
	}
}

func (c *Cost) addTerm(t Term) {
	if len(t.Factors) == 0 {
		c.add(&Cost{NS: t.NS, Why: t.Why})
		return
	}
	for i := range c.Terms {
		u := &c.Terms[i]
		if u.Heavy == t.Heavy && u.Nest == t.Nest && u.With == t.With && slices.Equal(u.Factors, t.Factors) {
			if t.NS > u.NS {
				u.Why = t.Why
			}
			u.NS += t.NS
			c.sort()
			return
		}
	}
	c.Terms = append(slices.Clip(c.Terms), t)
	c.sort()
	if len(c.Terms) > maxTerms {
		c.Terms = c.Terms[:maxTerms]
	}
}

// sort orders terms by what they plausibly cost, with ties broken by what they are, so that the
// order of the source does not decide which is dropped.
func (c *Cost) sort() {
	slices.SortStableFunc(c.Terms, func(a, b Term) int {
		return cmp.Or(
			cmp.Compare(b.plausible(), a.plausible()),
			slices.CompareFunc(a.Factors, b.Factors, func(x, y Factor) int {
				return cmp.Or(cmp.Compare(x.Of, y.Of), cmp.Compare(x.Grow, y.Grow))
			}),
		)
	})
}

// larger returns the one of two costs that plausibly is the larger: of two branches, or of two
// stretches with a wait between them.
func larger(a, b Cost) Cost {
	if b.Plausible() > a.Plausible() {
		return b
	}
	return a
}

// branch is a cost that is met on a condition only.
func (c *Cost) branch() Cost {
	out := Cost{NS: c.NS}
	if c.Why != nil {
		if out.Why = c.Why.branch(); out.Why == nil {
			out.NS = 0
		}
	}
	for _, t := range c.Terms {
		if t.Why != nil {
			if t.Why = t.Why.branch(); t.Why == nil {
				continue
			}
		}
		out.Terms = append(out.Terms, t)
	}
	return out
}

// called is a cost as callers see it. The task's own conditions are in sight of who reads it; of
// those in what it calls, one may hold.
func (c *Cost) called() Cost {
	out := Cost{NS: c.NS, Why: c.Why}
	if c.Why != nil && c.Why.Branches > 1 {
		out.NS, out.Why = 0, nil
	}
	for _, t := range c.Terms {
		if t.Why == nil || t.Why.Branches <= 1 {
			out.Terms = append(out.Terms, t)
		}
	}
	return out
}

// A Trip is how often something is done: a number times factors.
type Trip struct {
	N       float64
	Factors []Factor
}

// once is the trip of what is done one time.
var once = Trip{N: 1}

// known reports whether the number is a constant.
func (t Trip) known() bool { return len(t.Factors) == 0 }

func (t Trip) plausible() float64 {
	n := t.N
	for _, f := range t.Factors {
		n *= f.plausible()
	}
	return n
}

// times is a trip inside a trip.
func (t Trip) times(u Trip) Trip {
	return Trip{N: t.N * u.N, Factors: product(t.Factors, u.Factors)}
}

func product(a, b []Factor) []Factor {
	if len(b) == 0 {
		return a
	}
	if len(a) == 0 {
		return b
	}
	fs := slices.Concat(a, b)
	slices.SortFunc(fs, func(x, y Factor) int {
		return cmp.Or(cmp.Compare(x.Of, y.Of), cmp.Compare(x.Grow, y.Grow))
	})
	return fs[:min(len(fs), maxFactors)]
}

// scale multiplies a cost by a trip. Why names the loop; it is the origin of what had none, and of
// light bodies, in which no single call matters.
func (c *Cost) scale(t Trip, why *Origin, nests bool, with uint16) Cost {
	var out Cost
	if t.known() && t.N == 0 {
		return out
	}
	nest := uint8(0)
	if nests && !t.known() {
		nest = 1
	}
	origin := why
	if c.Why != nil && c.NS >= light {
		origin = c.Why // a call in the body says more than the loop around it
	}
	if c.NS > 0 {
		out.addTerm(Term{NS: c.NS * t.N, Factors: t.Factors, Heavy: true, Nest: nest, With: with, Why: origin})
	}
	for _, u := range c.Terms {
		w := u.Why
		if w == nil {
			w = why
		}
		by, nest := t, u.Nest+nest
		if u.crossed() {
			by, nest = t.damped(u.Factors), u.Nest
		}
		out.addTerm(Term{NS: u.NS * by.N, Factors: product(u.Factors, by.Factors), Heavy: true, Nest: nest, With: with | u.With, Why: w})
	}
	return out
}

// crossed reports whether a term comes from a function that is called.
func (t *Term) crossed() bool { return t.Why != nil && t.Why.pos != t.Why.place }

// damped is a trip around a call whose own loops are of unknown lengths. Nested loops of one
// function multiply; but a loop in each of ten layers of calls is no power of ten: most run once.
func (t Trip) damped(inner []Factor) Trip {
	guesses := 0
	for _, f := range inner {
		if f.Of < 0 {
			guesses++
		}
	}
	if guesses == 0 {
		return t
	}
	out := Trip{N: t.N}
	for _, f := range t.Factors {
		if f.Of < 0 {
			if guesses++; guesses > 2 {
				continue
			}
			f = Factor{Of: Few}
		}
		out.Factors = append(out.Factors, f)
	}
	return out
}

// light is the body of a loop in which no call is worth a name, in nanoseconds.
const light = 400

// nlogn are the comparisons of a sort.
func nlogn(t Trip) Trip {
	if t.known() {
		return Trip{N: t.N * Log.at(t.N)}
	}
	out := Trip{N: t.N, Factors: t.Factors}
	return out.times(Trip{N: 1, Factors: []Factor{{Of: t.Factors[0].Of, Grow: Log}}})
}

// grown applies a growth to a trip: the logarithm of a size, its root, an exponential.
func grown(t Trip, g Growth) Trip {
	if g == Linear {
		return t
	}
	if t.known() {
		return Trip{N: g.at(t.N)}
	}
	fs := slices.Clone(t.Factors)
	for i := range fs {
		if fs[i].Grow == Linear {
			fs[i].Grow = g
		}
	}
	return Trip{N: g.at(t.N), Factors: fs}
}
