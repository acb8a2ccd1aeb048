package finding

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Profile is the rule of findings that only a running program gives rise to.
const Profile = "profile"

// Evidence is what a running program says of a finding.
type Evidence struct {
	Places     []Place       // where goroutines wait, that of most first
	Goroutines int           // that were blocked there
	Leaked     int           // of these, how many can never run again
	Oldest     time.Duration // how long one has waited, in whole minutes; 0: not known
	Grown      int           // how many more there were in the last of several profiles than in the first
	Series     bool          // there were several
	Seen       []string      // what an audit has seen
	Alone      bool          // the finding has nothing else, and says it
}

// A Place is where goroutines wait.
type Place struct {
	Pos        Position
	Goroutines int
}

// Related are the places with what they confirm: the first says it of all.
func (e *Evidence) Related(f *Finding) []Related {
	if len(e.Places) == 0 {
		return []Related{{Pos: f.Pos, End: f.Pos, Message: e.String()}}
	}
	var all []Related
	for i, p := range e.Places {
		text := e.String()
		if i > 0 {
			text = Quantity(p.Goroutines, "of them is here", "of them are here")
		} else if len(e.Places) > 1 {
			text = strings.Replace(text, " here", " here and below", 1)
		}
		all = append(all, Related{Pos: p.Pos, End: p.Pos, Message: text})
	}
	return all
}

// String says it, as a clause.
func (e *Evidence) String() string {
	var parts []string
	switch {
	case e.Goroutines == 0:
	case e.Leaked == e.Goroutines:
		parts = append(parts, Quantity(e.Leaked, "goroutine", "goroutines")+" leaked here, and can never run again"+e.History())
	case e.Leaked > 0:
		parts = append(parts, fmt.Sprintf("%s blocked here, %s of them leaked%s", Quantity(e.Goroutines, "goroutine is", "goroutines are"), Number(e.Leaked), e.History()))
	default:
		parts = append(parts, Quantity(e.Goroutines, "goroutine is", "goroutines are")+" blocked here"+e.History())
	}
	for _, s := range e.Seen {
		parts = append(parts, "seen at run time: "+s)
	}
	return "confirmed: " + strings.Join(parts, "; ")
}

// History says how many goroutines there were before, and how long they have waited, as far as known.
func (e *Evidence) History() string {
	text := ""
	switch {
	case !e.Series:
	case e.Grown > 0:
		text = fmt.Sprintf(", %s more than before", Number(e.Grown))
	case e.Grown < 0:
		text = fmt.Sprintf(", %s fewer than before", Number(-e.Grown))
	default:
		text = ", as many as before"
	}
	if e.Oldest > 0 {
		text += fmt.Sprintf(", the oldest for %s min", Number(int(e.Oldest.Minutes())))
	}
	return text
}

// Quantity is a number of things.
func Quantity(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + more
}

// Number writes n with a comma between thousands.
func Number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Rank puts findings with evidence first: those that grew most, then those of most goroutines, then those
// that an audit has seen. Others keep their order.
func Rank(fs []Finding) {
	weight := func(f *Finding) (grown, goroutines, seen int) {
		if f.Evidence == nil {
			return 0, 0, 0
		}
		return max(f.Evidence.Grown, 0), f.Evidence.Goroutines, len(f.Evidence.Seen)
	}
	slices.SortStableFunc(fs, func(a, b Finding) int {
		ag, an, as := weight(&a)
		bg, bn, bs := weight(&b)
		return cmp.Or(cmp.Compare(bg, ag), cmp.Compare(bn, an), cmp.Compare(bs, as))
	})
}
