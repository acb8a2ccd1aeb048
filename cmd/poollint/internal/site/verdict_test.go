package site

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
)

func TestVerdict(t *testing.T) {
	at := func(file string, line int) finding.Position {
		return finding.Position{File: file, Line: line, Column: 3}
	}
	sem := finding.Reason{Pos: at("/m/a.go", 40), Text: "s.sem is taken before the spawn"}
	loop := finding.Reason{For: true, Pos: at("/m/b.go", 7), Text: "the loop goes over xs"}
	here := finding.Reason{For: true, Pos: at("/m/a.go", 42), Text: "it starts goroutines"}
	for message, test := range map[string]struct {
		reasons []finding.Reason
		want    string
	}{
		`{"rule":"unbounded","level":"silent"}`: {
			[]finding.Reason{sem, loop, {Text: "the task is short"}},
			"unbounded: silent, because s.sem is taken before the spawn at line 40, and the task is short\n\tfor it: the loop goes over xs at b.go:7",
		},
		`{"rule":"unbounded","level":"silent","message":"one goroutine per x"}`: {
			[]finding.Reason{{Text: "the file is generated"}},
			"unbounded: silent, because the file is generated\n\totherwise: one goroutine per x",
		},
		`{"rule":"unbounded","level":"report","message":"one goroutine per x"}`: {
			[]finding.Reason{here}, "unbounded: reported: one goroutine per x\n\tfor it: it starts goroutines",
		},
		`{"rule":"blocking","level":"ask","off":true,"message":"it waits"}`: {
			[]finding.Reason{sem}, "blocking: not enabled by -checks, otherwise reported with -strict: it waits\n\tagainst it: s.sem is taken before the spawn at line 40",
		},
	} {
		got := Verdicts([]finding.Finding{
			{Rule: "verdict", Message: "verdict: " + message, Pos: at("/m/a.go", 42), Reasons: test.reasons},
			{Rule: "site", Message: "site: {}"},
		})
		if len(got) != 1 {
			t.Fatalf("%s: got %+v", message, got)
		}
		if lines := strings.Join(got[0].Lines(), "\n"); lines != test.want {
			t.Errorf("got\n%s\nwant\n%s", lines, test.want)
		}
	}
}
