package page

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// A lane is an executor, from those who give it tasks to those who wait for their results.
type lane struct {
	Package  string
	Name     string
	Type     string
	Use      string // "io", "cpu", ""
	UseWhy   string
	Bound    string // what is written on the pool
	BoundWhy string
	Slots    []bool // drawn workers; nil if not to be drawn
	More     int    // workers beyond those
	State    string // "bounded", "unbounded", "unknown"
	Made     steps
	Submits  steps
	Awaits   steps
	Bad      int

	function string // of goroutines without an executor
	trust    int    // in the bound
	rank     int    // of its first confirmed finding, from 1; 0: none
}

// steps are what is shown, and what is folded below.
type steps struct {
	Shown, More []step

	all []step
}

// A step is something that happens to an executor.
type step struct {
	Verb              string // made or limited, closed or ""
	Func, Where, Text string
	Finding           string // the ID of a finding there
	Confirmed         string // what a running program says of it

	pos  finding.Position
	rank int // of a confirmed finding among all, from 1
}

const drawn = 32 // workers

func lanes(sites []site.Site, fs []finding.Finding) []lane {
	var all []*lane
	byOrigin := map[string]*lane{}
	for _, s := range sites {
		if !ofProgram(s, fs) {
			continue
		}
		key := s.Origin
		switch {
		case s.Kind == site.Go:
			key = s.Package + " go " + s.Func // the goroutines of a function belong together
		case key == "":
			key = s.Package + " " + s.Func + " " + s.Executor + " " + s.BoundWhy
		}
		l := byOrigin[key]
		if l == nil {
			l = &lane{Package: s.Package, Name: s.Executor}
			if s.Kind == site.Go {
				l.Name, l.function = "goroutines of "+cmp.Or(s.Func, "the package"), s.Func
			}
			byOrigin[key] = l
			all = append(all, l)
		}
		l.add(&s, newStep(&s, fs), fs)
	}
	all = join(all)
	out := make([]lane, len(all))
	for i, l := range all {
		l.draw()
		out[i] = *l
	}
	slices.SortStableFunc(out, func(a, b lane) int { return strings.Compare(a.Package, b.Package) })
	return out
}

// ofProgram leaves out tests, whose goroutines are not the program's: where they matter, there is
// a finding.
func ofProgram(s site.Site, fs []finding.Finding) bool {
	return !strings.HasSuffix(s.Pos.File, "_test.go") ||
		slices.ContainsFunc(fs, func(f finding.Finding) bool { return f.Pos.File == s.Pos.File })
}

// A group is the lanes of a package.
type group struct {
	Package string
	Lanes   []lane
	Chips   []chip
	Open    bool
}

// A chip stands for the lanes of a group that look alike.
type chip struct {
	lane
	N int
}

// few is how many lanes are drawn at once. More are folded, so that the picture of a large program
// can be taken in: what a folded package has is written on it.
const few = 12

// split sets apart what needs a look, first what a running program confirms.
func split(lanes []lane) (bad []lane, quiet []group) {
	n := 0
	for _, l := range lanes {
		if l.Bad > 0 {
			bad = append(bad, l)
			continue
		}
		if n++; len(quiet) == 0 || quiet[len(quiet)-1].Package != l.Package {
			quiet = append(quiet, group{Package: l.Package})
		}
		last := &quiet[len(quiet)-1]
		last.Lanes = append(last.Lanes, l)
		if i := slices.IndexFunc(last.Chips, func(c chip) bool { return c.Name == l.Name && c.Bound == l.Bound }); i >= 0 {
			last.Chips[i].N++
		} else {
			last.Chips = append(last.Chips, chip{l, 1})
		}
	}
	for i := range quiet {
		quiet[i].Open = n <= few
	}
	last := func(rank int) int { return cmp.Or(rank, math.MaxInt) }
	slices.SortStableFunc(bad, func(a, b lane) int { return cmp.Compare(last(a.rank), last(b.rank)) })
	return bad, quiet
}

func newStep(s *site.Site, fs []finding.Finding) step {
	facts := slices.DeleteFunc(append([]string{s.Task}, s.Notes...), func(t string) bool { return t == "" })
	if s.Result != "" {
		facts = append(facts, "its result: "+s.Result)
	}
	verb := map[string]string{site.Make: "made", site.Limit: "limited", site.Close: "closed"}[s.Kind]
	where := fmt.Sprintf("%s:%d", filepath.Base(s.Pos.File), s.Pos.Line) // the package is its lane's
	st := step{Verb: verb, Func: s.Func, Where: where, Text: strings.Join(facts, "; "), pos: s.Pos}
	if i := slices.IndexFunc(fs, func(f finding.Finding) bool { return sameLine(f.Pos, s.Pos) }); i >= 0 {
		st.Finding = id(i)
		if e := fs[i].Evidence; e != nil {
			st.Confirmed, st.rank = e.String(), i+1
		}
	}
	return st
}

func sameLine(a, b finding.Position) bool { return a.File == b.File && a.Line == b.Line }

// add takes what a site knows of its executor.
func (l *lane) add(s *site.Site, st step, fs []finding.Finding) {
	l.Type = cmp.Or(l.Type, s.Type)
	if l.Use == "" {
		l.Use, l.UseWhy = s.Use, s.UseWhy
	}
	// Where it is used, more is known than where it was made: a limit may have been set between.
	trust := map[string]int{site.Make: 1, site.Limit: 2, site.Await: 2, site.Close: 2, site.Submit: 3, site.Go: 3}[s.Kind]
	if s.Bound != "" && trust > l.trust {
		l.Bound, l.BoundWhy, l.trust = s.Bound, s.BoundWhy, trust
	}
	if st.Finding != "" {
		l.Bad++
	}
	if st.rank > 0 && (l.rank == 0 || st.rank < l.rank) {
		l.rank = st.rank
	}
	switch s.Kind {
	case site.Make, site.Limit:
		l.Made.all = append(l.Made.all, st)
	case site.Await, site.Close:
		l.Awaits.all = append(l.Awaits.all, st)
	default:
		l.Submits.all = append(l.Submits.all, st)
		if s.Kind == site.Go && slices.ContainsFunc(fs, func(f finding.Finding) bool { return f.Rule == "unbounded" && sameLine(f.Pos, s.Pos) }) {
			l.Bound, l.trust = "none", 4
		}
	}
}

// join puts together what is one executor under two names: made in a variable and kept in a field;
// a WaitGroup and the goroutines it counts; a future and the pool that it came from.
func join(lanes []*lane) []*lane {
	var out []*lane
	for _, l := range lanes {
		into := partner(l, lanes)
		if into == nil {
			out = append(out, l)
			continue
		}
		into.Made.all = append(into.Made.all, l.Made.all...)
		into.Awaits.all = append(into.Awaits.all, l.Awaits.all...)
		into.Bad += l.Bad
		if into.rank == 0 || l.rank > 0 && l.rank < into.rank {
			into.rank = l.rank
		}
		if into.function == "" {
			into.Type = cmp.Or(into.Type, l.Type)
		}
	}
	return out
}

// partner is the lane that l, which has no submits of its own, is a part of; or nil.
func partner(l *lane, lanes []*lane) *lane {
	if len(l.Submits.all) > 0 {
		return nil
	}
	var best *lane
	for _, m := range lanes {
		if m == l || len(m.Submits.all) == 0 || m.Package != l.Package {
			continue
		}
		switch {
		case len(l.Made.all) > 0:
			if m.BoundWhy != "" && m.BoundWhy == l.BoundWhy && m.Type == l.Type {
				return m
			}
		case strings.HasSuffix(l.Type, "sync.WaitGroup"):
			if m.function != "" && m.function == l.Awaits.all[0].Func {
				return m
			}
		case strings.Contains(l.Type, "Future") && len(l.Awaits.all) > 0:
			// The last one that was given a task before.
			if s := before(m, l.Awaits.all[0]); s != nil && (best == nil || before(best, l.Awaits.all[0]).pos.Line < s.pos.Line) {
				best = m
			}
		}
	}
	return best
}

// before is the last submit of a lane in the function of a step, and in front of it.
func before(l *lane, at step) *step {
	var last *step
	for i := range l.Submits.all {
		if s := &l.Submits.all[i]; s.Func == at.Func && s.pos.File == at.pos.File && s.pos.Line <= at.pos.Line {
			last = s
		}
	}
	return last
}

// fold puts together what is alike but for its line, and shows few: first what has findings.
func (s *steps) fold() {
	var out []step
	for _, st := range s.all {
		i := slices.IndexFunc(out, func(o step) bool {
			return o.Finding == "" && st.Finding == "" && o.Func == st.Func && o.Verb == st.Verb && o.Text == st.Text && o.pos.File == st.pos.File
		})
		switch {
		case i < 0:
			out = append(out, st)
		case !sameLine(out[i].pos, st.pos):
			out[i].Where += ", " + strconv.Itoa(st.pos.Line)
			out[i].pos = st.pos // the last, since they come in order
		}
	}
	slices.SortStableFunc(out, func(a, b step) int { return cmp.Compare(min(len(b.Finding), 1), min(len(a.Finding), 1)) })
	n := min(len(out), few/2)
	s.Shown, s.More = out[:n], out[n:]
}

// draw decides what the pool looks like.
func (l *lane) draw() {
	l.Made.fold()
	l.Submits.fold()
	l.Awaits.fold()
	n, err := strconv.Atoi(l.Bound)
	switch {
	case err == nil && n > 0:
		l.State = "bounded"
		l.Slots = make([]bool, min(n, drawn))
		l.More = n - len(l.Slots)
	case l.Bound == "none":
		l.State, l.Bound = "unbounded", "no bound"
	case l.Bound == "":
		l.State, l.Bound = "unknown", "bound unknown"
	default:
		l.State = "bounded"
	}
}
