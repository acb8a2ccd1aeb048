package witness

import (
	"fmt"
	"slices"
	"time"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// Knowledge is what the analyzer knows of a program, and reports of it.
type Knowledge struct {
	Findings   []finding.Finding
	Sites      []site.Site
	Operations []site.Operation
	Verdicts   []site.Verdict
}

// A Result is what profiles say.
type Result struct {
	Findings []finding.Finding // those known, with evidence, and those that only profiles give rise to
	Failures []error           // profiles that have nothing of these packages
	Warnings []error           // what of them is not to be found
}

// Testify holds profiles against what is known: findings get the evidence that confirms them, and others
// are added where goroutines leak or, if strict, where many are blocked of which no rule speaks. Of
// several profiles of a kind the last counts, and how it differs from the first.
func Testify(k Knowledge, profiles []*profile.Profile, strict bool) Result {
	t := newTestimony(k)
	var res Result
	for _, leaks := range []bool{false, true} {
		series := seriesOf(profiles, leaks)
		for i, p := range series {
			own, lost := t.hear(p, i, len(series))
			if !own {
				res.Failures = append(res.Failures, fmt.Errorf("none of the goroutines in %s (%s) is in these packages: is it from this program, and are all its packages named?", p.Name, finding.Number(p.Total)))
			}
			if lost > 0 {
				res.Warnings = append(res.Warnings, fmt.Errorf("%s in %s wait in files that these packages no longer have", finding.Quantity(lost, "goroutine", "goroutines"), p.Name))
			}
		}
	}
	for _, p := range profiles {
		if p.Seen != nil && !t.hearAudit(p) {
			res.Failures = append(res.Failures, fmt.Errorf("nothing that was seen in %s is in these packages: is it from this program, and are all its packages named?", p.Name))
		}
	}
	res.Findings = t.conclude(strict)
	return res
}

// seriesOf are the profiles of a kind in the order in which they were taken, as far as they say; else as
// given.
func seriesOf(profiles []*profile.Profile, leaks bool) []*profile.Profile {
	var all []*profile.Profile
	for _, p := range profiles {
		if p.Leaks == leaks && p.Seen == nil {
			all = append(all, p)
		}
	}
	if !slices.ContainsFunc(all, func(p *profile.Profile) bool { return p.Time.IsZero() }) {
		slices.SortStableFunc(all, func(a, b *profile.Profile) int { return a.Time.Compare(b.Time) })
	}
	return all
}

// A testimony adds up what profiles say of findings, and of places that have none.
type testimony struct {
	Knowledge
	index   map[line][]*site.Operation
	tallies map[any]*tally // by index of the finding, or by place
	order   []*tally
}

type line struct {
	file string
	n    int
}

// A tally is what profiles say of a finding or a place.
type tally struct {
	finding int     // index; -1: none
	match   Matched // the first
	blocked series
	leaked  series // those that can never run again
	oldest  time.Duration
	seen    []profile.Seen
}

// A series is how many goroutines there were in each profile of a kind, and in the last one at each place.
type series struct {
	counts []int
	places map[finding.Position]int
}

func (s *series) add(n, of, count int, at finding.Position) {
	if s.counts == nil {
		s.counts, s.places = make([]int, of), map[finding.Position]int{}
	}
	s.counts[n] += count
	if n == of-1 && at.File != "" {
		s.places[at] += count
	}
}

// last is how many there are in the last profile, and grown how many more than in the first, if there are
// several.
func (s *series) last() int {
	if len(s.counts) == 0 {
		return 0
	}
	return s.counts[len(s.counts)-1]
}

func (s *series) grown() (n int, several bool) {
	if len(s.counts) < 2 {
		return 0, false
	}
	return s.last() - s.counts[0], true
}

func newTestimony(k Knowledge) *testimony {
	t := &testimony{Knowledge: k, index: map[line][]*site.Operation{}, tallies: map[any]*tally{}}
	for i := range t.Operations {
		o := &t.Operations[i]
		if o.Kind == site.File {
			continue
		}
		for _, n := range o.Lines {
			key := line{o.Pos.File, n}
			t.index[key] = append(t.index[key], o)
		}
	}
	return t
}

// at are the operations on the line of a position.
func (t *testimony) at(p finding.Position) []*site.Operation { return t.index[line{p.File, p.Line}] }

// hear adds the nth profile of a series. It reports whether any of it is in these packages, and how many
// goroutines are in them at places that are not found.
func (t *testimony) hear(p *profile.Profile, n, of int) (own bool, lost int) {
	own = p.Total == 0
	for _, m := range Match(p, t.Operations) {
		own = own || m.Own
		if !m.Own || m.Stack.Wait == profile.Runs || p.Leaks && !m.Stack.Leaked {
			continue // a dump of leaks has all others beside them
		}
		tallies := t.counted(m)
		if len(tallies) == 0 {
			lost += m.Stack.Count
		}
		for _, y := range tallies {
			counts := &y.blocked
			if m.Stack.Leaked {
				counts = &y.leaked
			}
			counts.add(n, of, m.Stack.Count, m.Where)
			y.oldest = max(y.oldest, m.Stack.Oldest)
		}
	}
	return own, lost
}

// counted are the tallies that a match counts for: those of the findings that it confirms, or that of
// its place.
func (t *testimony) counted(m Matched) []*tally {
	var all []*tally
	for _, i := range t.confirmed(m) {
		all = append(all, t.tally(i, i, m))
	}
	if len(all) > 0 {
		return all
	}
	if at, ok := m.place(); ok {
		return []*tally{t.tally(at, -1, m)}
	}
	return nil
}

func (t *testimony) tally(key any, finding int, m Matched) *tally {
	y := t.tallies[key]
	if y == nil {
		y = &tally{finding: finding, match: m}
		t.tallies[key] = y
		t.order = append(t.order, y)
	}
	return y
}

// hearAudit adds what an audit has seen, and reports whether any of it is in these packages.
func (t *testimony) hearAudit(p *profile.Profile) bool {
	own := len(p.Seen) == 0
	for i, m := range Submits(p.Seen, t.Operations) {
		if !m.Own {
			continue
		}
		own = true
		s := p.Seen[i]
		f := slices.IndexFunc(t.Findings, func(f finding.Finding) bool {
			return f.Rule == s.Rule && (f.Pos == m.Where || slices.ContainsFunc(f.Related, func(r finding.Related) bool { return r.Pos == m.Where }))
		})
		var y *tally
		if f >= 0 {
			y = t.tally(f, f, m)
		} else {
			y = t.tally([2]any{s.Rule, m.Where}, -1, m)
		}
		y.seen = append(y.seen, s)
	}
	return own
}

// byGoroutine are the rules whose findings say that a goroutine waits, and byNumber those that say that
// there are too many, or the wrong ones in a pool.
var (
	byGoroutine = []string{"abandoned", "selfwait", "rejected"}
	byNumber    = []string{"unbounded", "limit", "oversized", "blocking"}
)

// confirmed are the findings that a stack confirms.
func (t *testimony) confirmed(m Matched) []int {
	var waits, begins, numbers []int
	for i := range t.Findings {
		f := &t.Findings[i]
		switch {
		case slices.Contains(byGoroutine, f.Rule):
			if m.At == nil || !t.waitsAt(f, m.At) {
				continue
			}
			waits = append(waits, i)
			if slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return o.Pos == f.Pos }) {
				begins = append(begins, i)
			}
		case slices.Contains(byNumber, f.Rule):
			if slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return t.startedBy(f, o) }) {
				numbers = append(numbers, i)
			}
		case m.Stack.Leaked && t.better(f, m):
			numbers = append(numbers, i)
		}
	}
	if len(begins) > 0 { // others wait there, too: these are what it speaks of
		waits = begins
	}
	return append(waits, numbers...)
}

// waitsAt reports whether an operation is the one that a finding says somebody waits at, or one of the
// same kind on the same channel in the same function: of several that are stuck on one, one is reported.
func (t *testimony) waitsAt(f *finding.Finding, at *site.Operation) bool {
	places := []finding.Position{f.Pos}
	if f.Rule == "abandoned" && len(f.Related) > 0 {
		places = []finding.Position{f.Related[0].Pos}
	} else {
		for _, r := range f.Related {
			places = append(places, r.Pos)
		}
	}
	for _, p := range places {
		for _, o := range t.at(p) {
			if o == at || o.Resource != "" && o.Resource == at.Resource && o.On == at.On && direction(o) == direction(at) && declared(o.Symbol) == declared(at.Symbol) {
				return true
			}
		}
	}
	return false
}

// direction is what an operation does to its channel.
func direction(o *site.Operation) string {
	if o.Kind == site.Range {
		return site.Receive
	}
	return o.Kind
}

// better reports whether a finding speaks of the goroutines that a stack began with, as that of a pool that
// is never closed does of its workers: the verdict on them says so.
func (t *testimony) better(f *finding.Finding, m Matched) bool {
	return slices.ContainsFunc(t.Verdicts, func(v site.Verdict) bool {
		return v.Better == f.Rule && len(v.Reasons) > 0 && v.Reasons[0].Pos == f.Pos &&
			slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return o.Pos == v.Pos })
	})
}

// startedBy reports whether a finding speaks of what an operation starts: it stands there, or where the
// pool is made that it gives the task to.
func (t *testimony) startedBy(f *finding.Finding, start *site.Operation) bool {
	if f.Pos == start.Pos {
		return true
	}
	return start.Resource != "" && slices.ContainsFunc(t.at(f.Pos), func(o *site.Operation) bool {
		return o.Pos == f.Pos && o.Resource == start.Resource && o.Package == start.Package
	})
}
