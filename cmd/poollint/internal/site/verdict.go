package site

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

// verdicts is the category of the diagnostics that carry them.
const verdicts = "verdict"

// A Verdict is what a rule concludes of a place that it looked at.
type Verdict struct {
	Rule    string `json:"rule"`
	Level   string `json:"level"`   // report, ask or silent
	Off     bool   `json:"off"`     // -checks leaves the rule out
	Ignored bool   `json:"ignored"` // a directive silences it
	Better  string `json:"better"`  // the rule whose finding says it better; where that stands, the first reason says
	Message string `json:"message"` // of a silent one: what would be said but for its first reason

	Pos     finding.Position `json:"-"`
	Reasons []finding.Reason `json:"-"`
}

// Verdicts picks the verdicts from what a run with -sites reported.
func Verdicts(fs []finding.Finding) []Verdict {
	var all []Verdict
	for _, f := range fs {
		text, ok := strings.CutPrefix(f.Message, verdicts+": ")
		v := Verdict{Pos: f.Pos, Reasons: f.Reasons}
		if f.Rule == verdicts && ok && json.Unmarshal([]byte(text), &v) == nil {
			all = append(all, v)
		}
	}
	return all
}

// Lines tell a verdict: what it is and why, and on lines of their own what else speaks for a report and
// against it.
func (v *Verdict) Lines() []string {
	pro, con := v.reasons(true), v.reasons(false)
	var lines []string
	if v.Level == "silent" {
		first := v.Rule + ": silent"
		if len(con) > 0 {
			first += ", because " + strings.Join(con, ", and ")
		}
		lines, con = append(lines, first), nil
		if v.Message != "" {
			lines = append(lines, "\totherwise: "+v.Message)
		}
	} else {
		what := "reported"
		if v.Level == "ask" {
			what = "reported with -strict"
		}
		if v.Off {
			what = "not enabled by -checks, otherwise " + what
		}
		lines = append(lines, v.Rule+": "+what+": "+v.Message)
	}
	for _, why := range pro {
		lines = append(lines, "\tfor it: "+why)
	}
	for _, why := range con {
		lines = append(lines, "\tagainst it: "+why)
	}
	return lines
}

// reasons are those for a report or against it, with their places.
func (v *Verdict) reasons(isFor bool) []string {
	var texts []string
	for _, why := range v.Reasons {
		text := why.Text
		switch {
		case why.For != isFor:
			continue
		case why.Pos.Line == 0 || why.Pos.File == v.Pos.File && why.Pos.Line == v.Pos.Line:
		case why.Pos.File == v.Pos.File:
			text = fmt.Sprintf("%s at line %d", strings.TrimSuffix(text, " here"), why.Pos.Line)
		default:
			text = fmt.Sprintf("%s at %s:%d", strings.TrimSuffix(text, " here"), filepath.Base(why.Pos.File), why.Pos.Line)
		}
		texts = append(texts, text)
	}
	return texts
}
