package effects

import (
	"cmp"
	"slices"

	"github.com/poollint/poollint/analyzer/internal/footprint"
)

// A Holding is what is held in memory at one moment beyond goroutines: the largest parts, the larger
// first.
type Holding []Part

// A Part is what one function holds.
type Part struct {
	What     string // "http.Client.Do"
	Bytes    int64
	Thread   bool  // and a thread of the operating system
	Branches uint8 // conditions between the function at hand and the call
}

// maxParts bounds a holding. The smallest are dropped: beside larger ones they do not matter.
const maxParts = 4

// Bytes is how much it is.
func (h Holding) Bytes() int64 {
	var sum int64
	for _, p := range h {
		sum += p.Bytes
	}
	return sum
}

// With adds a part. A function that is called again holds in place of what it held before.
func (h Holding) With(p Part) Holding {
	if p.Bytes <= 0 {
		return h
	}
	h = slices.Clone(h)
	if i := slices.IndexFunc(h, func(q Part) bool { return q.What == p.What }); i >= 0 {
		h[i].Branches = min(h[i].Branches, p.Branches)
		return h
	}
	h = append(h, p)
	slices.SortStableFunc(h, func(p, q Part) int {
		return cmp.Or(cmp.Compare(q.Bytes, p.Bytes), cmp.Compare(p.What, q.What))
	})
	return h[:min(len(h), maxParts)]
}

func (h Holding) with(g Holding) Holding {
	for _, p := range g {
		h = h.With(p)
	}
	return h
}

// moreOf returns the larger of two holdings, of two branches, or of two moments.
func moreOf(g, h Holding) Holding {
	if h.Bytes() > g.Bytes() {
		return h
	}
	return g
}

// branch is a holding on one more condition: as with costs, what needs many coincidences is not what
// the task does.
func (h Holding) branch() Holding {
	var out Holding
	for _, p := range h {
		if p.Branches < maxBranches {
			p.Branches++
			out = append(out, p)
		}
	}
	return out
}

// calls adds what a call of a function in the table of footprints holds.
func (e *Effect) calls(r *footprint.Row) {
	p := Part{What: r.Name(), Bytes: r.Holds(), Thread: r.Thread}
	if r.During {
		e.Holds, e.Keeps = Holding{}.With(p), nil
	} else {
		e.Holds, e.Keeps = nil, Holding{}.With(p)
	}
}

// returned makes the effect of a body that of a call: what it kept, it has let go.
func (e *Effect) returned() {
	whole := e.Keeps.with(e.Holds)
	e.Holds, e.Keeps = nil, nil
	for _, p := range whole {
		if p.Branches < maxBranches {
			e.Holds = append(e.Holds, p)
		}
	}
}
