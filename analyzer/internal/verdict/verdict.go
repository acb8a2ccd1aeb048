// Package verdict is what a rule concludes of a place, as data: whether to report it, and the reasons
// for and against. The message, -explain-site, the formats and the tests read the same verdict.
package verdict

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
)

// A Level says whether a place is reported.
type Level uint8

const (
	Silent Level = iota // not reported
	Ask                 // a careful reviewer would ask: reported with -strict
	Report              // any experienced reviewer would agree: reported by default
)

func (l Level) String() string { return [...]string{"silent", "ask", "report"}[l] }

// MarshalText writes the level as its name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// AskIf is Ask if a doubt is left, else Report.
func AskIf(doubt bool) Level {
	if doubt {
		return Ask
	}
	return Report
}

// A Reason speaks for a report, or against it.
type Reason struct {
	For  bool
	Pos  token.Pos // where it shows; NoPos if nowhere in particular
	Text string    // a clause in plain English: "s.sem is taken before the spawn"
}

// For is a reason to report.
func For(pos token.Pos, format string, args ...any) Reason {
	return Reason{true, pos, fmt.Sprintf(format, args...)}
}

// Against is a reason to be silent, or only to ask.
func Against(pos token.Pos, format string, args ...any) Reason {
	return Reason{false, pos, fmt.Sprintf(format, args...)}
}

// Related is a place that a finding shows beside its own.
func Related(pos token.Pos, format string, args ...any) analysis.RelatedInformation {
	return analysis.RelatedInformation{Pos: pos, Message: fmt.Sprintf(format, args...)}
}

// A Verdict is what a rule concludes of one place. The message of a silent one, if it has any, is what
// would be said but for its first reason.
type Verdict struct {
	Rule     string
	Pos, End token.Pos
	Level    Level
	Sum      int // of the evidence, where a rule adds it up
	Reasons  []Reason
	Message  string // without the rule's id
	Related  []analysis.RelatedInformation
	Fixes    []analysis.SuggestedFix
	Yields   *Yield // nil: to none
	Ignored  bool   // a directive silences it
	Better   string // the rule whose finding says it better, where the first reason stands
}

// A Yield names the finding of another rule, anywhere in a stretch of the source, that says it better: what
// mends that mends this, too.
type Yield struct {
	Rule     string
	Pos, End token.Pos
}

// Silence makes a verdict silent for a reason that outweighs all others.
func (v *Verdict) Silence(why Reason) {
	v.Level, v.Sum = Silent, 0
	v.Reasons = slices.Insert(slices.Clip(v.Reasons), 0, why)
}

// Each returns one verdict for each rule and place, in the order of places: where a rule gave several,
// that of the highest level. Silent ones keep the reasons of all. What a finding shows beside it speaks
// for it, if no other reason does.
func Each(all []Verdict) []Verdict {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Rule, b.Rule), cmp.Compare(b.Level, a.Level), cmp.Compare(a.Message, b.Message))
	})
	var each []Verdict
	for _, v := range all {
		n := len(each) - 1
		if n < 0 || each[n].Pos != v.Pos || each[n].Rule != v.Rule {
			v.Reasons = append(slices.Clip(v.Reasons), v.shown()...)
			each = append(each, v)
			continue
		}
		if each[n].Level > Silent {
			continue
		}
		for _, why := range v.Reasons {
			if !slices.Contains(each[n].Reasons, why) {
				each[n].Reasons = append(each[n].Reasons, why)
			}
		}
	}
	return each
}

// shown are the related places as reasons for a report, if there is no other.
func (v *Verdict) shown() []Reason {
	if slices.ContainsFunc(v.Reasons, func(why Reason) bool { return why.For }) {
		return nil
	}
	var out []Reason
	for _, rel := range v.Related {
		out = append(out, For(rel.Pos, "%s", rel.Message))
	}
	return out
}
