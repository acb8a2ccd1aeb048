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
	Pos        Position      // where the goroutines wait
	Goroutines int           // that were blocked there
	Leaked     int           // of these, how many can never run again
	Oldest     time.Duration // how long one has waited, in whole minutes; 0: not known
	Grown      int           // how many more there were in the last of several profiles than in the first
	Series     bool          // there were several
	Seen       []string      // what an audit has seen
}

// String says it, as a clause.
func (e *Evidence) String() string {
	var parts []string
	if e.Goroutines > 0 {
		text := Count(e.Goroutines, "goroutine is", "goroutines are") + " blocked here"
		if e.Leaked == e.Goroutines {
			text = Count(e.Leaked, "goroutine", "goroutines") + " leaked here, and can never run again"
		} else if e.Leaked > 0 {
			text += fmt.Sprintf(", %s of them leaked, which can never run again", Number(e.Leaked))
		}
		if e.Series {
			switch {
			case e.Grown > 0:
				text += fmt.Sprintf(", %s more than before", Number(e.Grown))
			case e.Grown < 0:
				text += fmt.Sprintf(", %s fewer than before", Number(-e.Grown))
			default:
				text += ", as many as before"
			}
		}
		if e.Oldest > 0 {
			text += fmt.Sprintf(", the oldest for %d min", int(e.Oldest.Minutes()))
		}
		parts = append(parts, text)
	}
	for _, s := range e.Seen {
		parts = append(parts, "seen at run time: "+s)
	}
	return "confirmed: " + strings.Join(parts, "; ")
}

// Count is a number of things.
func Count(n int, one, more string) string {
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
