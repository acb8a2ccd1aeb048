package witness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// many is from how many goroutines on a place is worth a question at which no rule speaks. Below, they may
// be the workers of a pool, or a burst of requests.
const many = 100

// conclude returns the findings, each with its evidence.
func (t *testimony) conclude(strict bool) []finding.Finding {
	fs := slices.Clone(t.Findings)
	for _, y := range t.order {
		e := y.evidence()
		if e.Goroutines == 0 && e.Seen == nil {
			continue // it was so before
		}
		if y.finding >= 0 {
			fs[y.finding].Evidence = e
			continue
		}
		if f, level := t.alone(y, e); level == byDefault || level == ask && strict {
			fs = append(fs, f)
		}
	}
	return finding.Sort(fs)
}

func (y *tally) evidence() *finding.Evidence {
	e := &finding.Evidence{Goroutines: y.blocked.last(), Leaked: y.leaked.last(), Oldest: y.oldest}
	counts := &y.blocked
	if e.Leaked > e.Goroutines {
		counts, e.Goroutines = &y.leaked, e.Leaked
	}
	e.Grown, e.Series = counts.grown()
	for at, n := range counts.places {
		e.Places = append(e.Places, finding.Place{Pos: at, Goroutines: n})
	}
	slices.SortFunc(e.Places, func(a, b finding.Place) int {
		return cmp.Or(cmp.Compare(b.Goroutines, a.Goroutines), strings.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	for _, s := range y.seen {
		e.Seen = append(e.Seen, s.Message)
	}
	return e
}

// A level is who is shown a finding.
type level uint8

const (
	nobody level = iota
	ask
	byDefault
)

// alone is the finding of a place at which no rule has one.
func (t *testimony) alone(y *tally, e *finding.Evidence) (finding.Finding, level) {
	at, _ := y.match.place()
	e.Alone = true
	f := finding.Finding{Rule: finding.Profile, Pos: at, End: at, Package: y.match.pkg(), Evidence: e}
	looked, ignored := t.looked(&y.match)
	show := nobody
	switch {
	case ignored:
	case len(y.seen) > 0:
		return seen(y, f)
	case e.Leaked > 0:
		show = byDefault
		if y.match.inTests() {
			show = ask
		}
	case e.Goroutines >= many || e.Grown >= many:
		show = ask
	}
	if show == nobody {
		return f, show
	}
	if i := slices.IndexFunc(looked, asked); i >= 0 && e.Leaked > 0 {
		return proven(&looked[i], f), show
	}
	bounds := t.bounds(&y.match)
	what, remedy := waiting(&y.match, len(bounds) > 0)
	if e.Leaked > 0 {
		f.Message = fmt.Sprintf("%s: %s leaked %s%s, and can never run again, which no rule reports; %s", finding.Profile, finding.Quantity(e.Leaked, "goroutine", "goroutines"), what, e.History(), remedy)
	} else {
		f.Message = fmt.Sprintf("%s: %s blocked %s%s, and no rule reports it; %s", finding.Profile, finding.Quantity(e.Goroutines, "goroutine is", "goroutines are"), what, e.History(), remedy)
	}
	for _, o := range y.match.Starts {
		if o.Pos != at {
			f.Related = append(f.Related, relate(o.Pos, "where they are started"))
		}
	}
	if y.match.At != nil && y.match.At.Pos != at {
		f.Related = append(f.Related, relate(y.match.At.Pos, "where they wait"))
	}
	f.Related = append(append(f.Related, bounds...), t.peers(&y.match)...)
	for i := range looked {
		why := silence(&looked[i])
		f.Related = append(f.Related, relate(why.Pos, "%s", why.Text))
		f.Reasons = append(f.Reasons, why)
	}
	if len(looked) == 0 {
		f.Reasons = append(f.Reasons, finding.Reason{Text: "no rule looks at this place"})
	}
	return f, show
}

// asked reports whether a verdict is that a careful reviewer would ask whether goroutines stay blocked.
func asked(v site.Verdict) bool {
	return v.Level == "ask" && !v.Off && slices.Contains(byGoroutine, v.Rule)
}

// proven is the finding of a verdict that asks only, where goroutines have leaked: the doubt is gone.
func proven(v *site.Verdict, f finding.Finding) finding.Finding {
	f.Rule, f.Message = v.Rule, v.Rule+": "+v.Message
	f.Pos, f.End = v.Pos, v.Pos
	f.Reasons, f.Evidence.Alone = v.Reasons, false
	for _, r := range v.Reasons {
		if r.For && r.Pos.Line > 0 {
			f.Related = append(f.Related, relate(r.Pos, "%s", r.Text))
		}
	}
	return f
}

// silence is why a rule does not report a place.
func silence(v *site.Verdict) finding.Reason {
	switch {
	case v.Off:
		return finding.Reason{Pos: v.Pos, Text: v.Rule + " is not enabled by -checks, otherwise it says: " + v.Message}
	case v.Level != "silent":
		return finding.Reason{Pos: v.Pos, Text: "with -strict, " + v.Rule + " says: " + v.Message}
	}
	for _, r := range v.Reasons {
		if r.For {
			continue
		}
		if r.Pos.Line == 0 {
			r.Pos = v.Pos
		}
		return finding.Reason{Pos: r.Pos, Text: v.Rule + " is silent: " + r.Text}
	}
	return finding.Reason{Pos: v.Pos, Text: v.Rule + " is silent: the evidence for a report is not enough"}
}

// seen is the finding of what only an audit has seen.
func seen(y *tally, f finding.Finding) (finding.Finding, level) {
	s := y.seen[0]
	f.Rule, f.Message = s.Rule, s.Rule+": "+s.Message
	if s.Rule == "rejected" { // whether a refusal matters, the source says
		return f, ask
	}
	return f, byDefault
}

func relate(p finding.Position, format string, args ...any) finding.Related {
	return finding.Related{Pos: p, End: p, Message: fmt.Sprintf(format, args...)}
}

// concerned are the rules whose silence is told: those that speak of goroutines that wait, or are many.
var concerned = slices.Concat(byGoroutine, byNumber, []string{"unclosed", "unawaited"})

// looked are the verdicts on where goroutines wait or began that are not reported, and whether a directive
// silences one there, or what a profile shows.
func (t *testimony) looked(m *Matched) (verdicts []site.Verdict, ignored bool) {
	ignored = m.At != nil && m.At.Ignored || slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return o.Ignored })
	for _, v := range t.Verdicts {
		here := m.At != nil && v.Pos == m.At.Pos || slices.ContainsFunc(m.Starts, func(o *site.Operation) bool { return v.Pos == o.Pos })
		if !here || !slices.Contains(concerned, v.Rule) || v.Off && v.Level == "silent" {
			continue
		}
		ignored = ignored || v.Ignored
		if v.Level != "report" || v.Off {
			verdicts = append(verdicts, v)
		}
	}
	return verdicts, ignored
}

// bounds are what limits how many there are of what a stack began with.
func (t *testimony) bounds(m *Matched) []finding.Related {
	var all []finding.Related
	for _, o := range m.Starts {
		for _, s := range t.Sites {
			if s.Pos != o.Pos || s.Bound == "" || s.Bound == "none" {
				continue
			}
			text := s.Bound
			if s.BoundWhy != "" {
				text += ", " + s.BoundWhy
			}
			all = append(all, relate(o.Pos, "there is a bound: %s", text))
		}
	}
	return all
}

// waiting says what goroutines wait for, and what mends it.
func waiting(m *Matched, bounded bool) (what, remedy string) {
	bound := "bound how many are started"
	if bounded {
		bound = "lower the bound"
	}
	if m.At == nil {
		if m.Via != "" {
			return "in " + m.Via + ", called in " + m.In, bound + ", or give the call a context that ends"
		}
		return "in " + m.In, bound
	}
	on := m.At.On
	switch m.At.Kind {
	case site.Send:
		return "sending on " + on, fmt.Sprintf("make sure that something receives from %s on every path, give it a buffer, or select on a done channel in the send", on)
	case site.Receive:
		return "receiving from " + on, fmt.Sprintf("send on %s or close it on every path, or select on a done channel in the receive", on)
	case site.Range:
		return "ranging over " + on, fmt.Sprintf("close %s once all senders are done", on)
	case site.Select:
		if len(m.At.Cases) == 0 {
			return "in a select without cases", "give it a case that can end it"
		}
		var names []string
		for _, c := range m.At.Cases {
			names = append(names, c.On)
		}
		return "in a select on " + strings.Join(names, ", "), "make sure that one of these is served on every path, or add a done case"
	}
	name := m.At.Callee[strings.LastIndexByte(m.At.Callee, '.')+1:]
	if on == "" {
		return "in " + name, bound
	}
	return fmt.Sprintf("in %s.%s", on, name), fmt.Sprintf("make sure that %s is released, counted down or signalled on every path", on)
}

// few is how many of those are named who could serve what is waited for.
const few = 3

// peers are the operations that could serve what is waited for.
func (t *testimony) peers(m *Matched) []finding.Related {
	if m.At == nil {
		return nil
	}
	type need struct{ resource, on, by string }
	var needs []need
	add := func(kind, on, resource string) {
		by := map[string]string{site.Send: site.Receive, site.Receive: site.Send, site.Range: site.Send}[kind]
		if by != "" && resource != "" {
			needs = append(needs, need{resource, on, by})
		}
	}
	add(m.At.Kind, m.At.On, m.At.Resource)
	for _, c := range m.At.Cases {
		add(c.Kind, c.On, c.Resource)
	}
	var all []finding.Related
	for _, n := range needs {
		found := 0
		for i := range t.Operations {
			o := &t.Operations[i]
			if o.Package != m.At.Package || o == m.At || !o.Does(n.by, n.resource) {
				continue
			}
			if found++; found > few {
				break
			}
			verb := "receives from"
			if n.by == site.Send {
				verb = "sends on"
			}
			all = append(all, relate(o.Pos, "%s %s here, which could unblock it while it runs", verb, n.on))
		}
		if found == 0 {
			verb := "receives from"
			if n.by == site.Send {
				verb = "sends on"
			}
			all = append(all, relate(m.At.Pos, "nothing in this package %s %s", verb, n.on))
		}
	}
	if m.At.Foreign != "" {
		all = append(all, relate(m.At.Pos, "another package may unblock it: %s", m.At.Foreign))
	}
	return all
}
