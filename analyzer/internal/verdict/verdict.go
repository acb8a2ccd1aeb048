// Package verdict is what a rule concludes of a place, as data: whether to report it, and the reasons
// for and against. The message, -explain-site, the formats and the tests read the same verdict.
package verdict

import (
	"fmt"
	"go/token"

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

// A Verdict is what a rule concludes of one place. That of a silent place has no message.
type Verdict struct {
	Rule     string
	Pos, End token.Pos
	Level    Level
	Reasons  []Reason
	Message  string // without the rule's id
	Related  []analysis.RelatedInformation
	Fixes    []analysis.SuggestedFix
}
