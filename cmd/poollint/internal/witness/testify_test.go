package witness

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

func pos(line int) finding.Position { return finding.Position{File: "/m/a.go", Line: line, Column: 2} }

func found(rule string, line int, related ...int) finding.Finding {
	f := finding.Finding{Rule: rule, Message: rule + ": x", Package: "m", Pos: pos(line), End: pos(line)}
	for _, r := range related {
		f.Related = append(f.Related, finding.Related{Pos: pos(r), Message: "here"})
	}
	return f
}

// op is an operation in function F, which is all of the file.
func op(kind string, line int, more site.Operation) site.Operation {
	more.Kind, more.Symbol, more.From, more.To, more.Lines = kind, "m.F", 1, 100, []int{line}
	more.Package, more.Pos = "m", pos(line)
	return more
}

// stack is goroutines that wait at a line of F, which was started at another.
func stack(n int, wait profile.Wait, at, start int) profile.Stack {
	s := profile.Stack{Count: n, Wait: wait, Whole: true, Frames: []profile.Frame{{Func: "m.F", File: "/m/a.go", Line: at}}}
	if start > 0 {
		s.Start = profile.Frame{Func: "m.F", File: "/m/a.go", Line: start}
	}
	return s
}

func of(stacks ...profile.Stack) *profile.Profile {
	p := &profile.Profile{Name: "p", Stacks: stacks}
	for _, s := range stacks {
		p.Total += s.Count
		p.Leaks = p.Leaks || s.Leaked
	}
	return p
}

func leaked(s profile.Stack) profile.Stack {
	s.Leaked = true
	return s
}

var known = Knowledge{
	Findings: []finding.Finding{
		found("abandoned", 10, 20),
		found("abandoned", 11, 20), // whose goroutine waits at the same place
		found("unbounded", 12),
		found("limit", 13),
		found("unawaited", 14),
		found("selfwait", 23),
	},
	Operations: []site.Operation{
		{Kind: site.File, Package: "m", Pos: finding.Position{File: "/m/a.go", Line: 1}, Funcs: []site.Body{{Name: "F", From: 1, To: 100}}},
		op(site.Go, 10, site.Operation{}), op(site.Go, 11, site.Operation{}), op(site.Go, 12, site.Operation{}),
		op(site.Call, 13, site.Operation{Resource: "pool"}),
		op(site.Submit, 14, site.Operation{Resource: "group"}),
		op(site.Submit, 15, site.Operation{Resource: "pool"}),
		op(site.Go, 16, site.Operation{}), op(site.Go, 17, site.Operation{}),
		op(site.Send, 20, site.Operation{On: "ch", Resource: "ch"}),
		op(site.Send, 21, site.Operation{On: "ch", Resource: "ch"}),
		op(site.Send, 22, site.Operation{On: "other", Resource: "other"}),
		op(site.Call, 23, site.Operation{Callee: "sync.(*WaitGroup).Wait", On: "wg"}),
		op(site.Receive, 30, site.Operation{On: "other", Resource: "other"}),
		op(site.Range, 31, site.Operation{On: "quiet", Resource: "quiet", Ignored: true}),
	},
	Verdicts: []site.Verdict{
		{Rule: "abandoned", Level: "silent", Pos: pos(16), Reasons: []finding.Reason{{For: true, Text: "it waits"}, {Pos: pos(40), Text: "in every run it ends"}}},
		{Rule: "unbounded", Level: "silent", Pos: pos(16)},
		{Rule: "blocking", Level: "report", Off: true, Message: "it waits", Pos: pos(16)},
		{Rule: "abandoned", Level: "ask", Message: "it may stay", Pos: pos(17)},
	},
}

// wait is a stack that waits in a library's function.
func wait(n, at int, callee string) profile.Stack {
	s := stack(n, profile.Other, at, 0)
	s.Frames = append([]profile.Frame{{Func: callee, File: "/go/x.go", Line: 1}}, s.Frames...)
	return s
}

func TestTestify(t *testing.T) {
	for name, test := range map[string]struct {
		strict   bool
		profiles []*profile.Profile
		want     []string // findings with evidence
	}{
		"nothing":                            {false, []*profile.Profile{of()}, nil},
		"who waits at the place":             {false, []*profile.Profile{of(stack(7, profile.Send, 20, 0))}, []string{"abandoned:10 7", "abandoned:11 7"}},
		"who was started there":              {false, []*profile.Profile{of(stack(7, profile.Send, 20, 11))}, []string{"abandoned:11 7"}},
		"another that waits there":           {false, []*profile.Profile{of(stack(7, profile.Send, 21, 0))}, []string{"abandoned:10 7", "abandoned:11 7"}},
		"another channel":                    {false, []*profile.Profile{of(stack(7, profile.Send, 22, 0))}, nil},
		"another operation":                  {false, []*profile.Profile{of(stack(7, profile.Receive, 20, 0))}, nil},
		"one that runs":                      {false, []*profile.Profile{of(stack(7, profile.Runs, 20, 10))}, nil},
		"how many are started":               {false, []*profile.Profile{of(stack(7, profile.Send, 22, 12))}, []string{"unbounded:12 7"}},
		"how many are given to a pool":       {false, []*profile.Profile{of(stack(7, profile.Send, 22, 15))}, []string{"limit:13 7"}},
		"a rule that speaks of no number":    {false, []*profile.Profile{of(stack(7, profile.Send, 22, 14))}, nil},
		"a call":                             {false, []*profile.Profile{of(wait(7, 23, "sync.(*WaitGroup).Wait"))}, []string{"selfwait:23 7"}},
		"several stacks":                     {false, []*profile.Profile{of(stack(7, profile.Send, 20, 10), stack(5, profile.Send, 21, 10))}, []string{"abandoned:10 12"}},
		"few, where rules are silent":        {true, []*profile.Profile{of(stack(99, profile.Send, 22, 16))}, nil},
		"many, where rules are silent":       {false, []*profile.Profile{of(stack(100, profile.Send, 22, 16))}, nil},
		"many, if strict":                    {true, []*profile.Profile{of(stack(100, profile.Send, 22, 16))}, []string{"profile:22 100"}},
		"a leak":                             {false, []*profile.Profile{of(leaked(stack(1, profile.Send, 22, 16)))}, []string{"profile:22 1 leaked 1"}},
		"a leak that a rule reports":         {false, []*profile.Profile{of(leaked(stack(1, profile.Send, 20, 10)))}, []string{"abandoned:10 1 leaked 1"}},
		"a leak of which a rule asks":        {false, []*profile.Profile{of(leaked(stack(1, profile.Send, 22, 17)))}, []string{"abandoned:17 1 leaked 1"}},
		"a leak that is ignored":             {false, []*profile.Profile{of(leaked(stack(1, profile.Receive, 31, 16)))}, nil},
		"leaks beside others in a dump":      {false, []*profile.Profile{of(leaked(stack(1, profile.Send, 20, 10)), stack(50, profile.Send, 20, 10))}, []string{"abandoned:10 1 leaked 1"}},
		"leaks in a profile of all":          {false, []*profile.Profile{of(stack(50, profile.Send, 20, 10)), of(leaked(stack(1, profile.Send, 20, 10)))}, []string{"abandoned:10 50 leaked 1"}},
		"growth":                             {false, []*profile.Profile{of(stack(5, profile.Send, 20, 10)), of(stack(50, profile.Send, 20, 10))}, []string{"abandoned:10 50 grown 45"}},
		"growth from nothing":                {false, []*profile.Profile{of(), of(stack(50, profile.Send, 20, 10))}, []string{"abandoned:10 50 grown 50"}},
		"what has gone":                      {false, []*profile.Profile{of(stack(5, profile.Send, 20, 10)), of()}, nil},
		"growth before number":               {false, []*profile.Profile{of(stack(900, profile.Send, 20, 10), stack(5, profile.Send, 22, 12)), of(stack(901, profile.Send, 20, 10), stack(50, profile.Send, 22, 12))}, []string{"unbounded:12 50 grown 45", "abandoned:10 901 grown 1"}},
		"growth where rules are silent":      {true, []*profile.Profile{of(stack(5, profile.Send, 22, 16)), of(stack(105, profile.Send, 22, 16))}, []string{"profile:22 105 grown 100"}},
		"in the order in which they say":     {false, []*profile.Profile{timed(of(stack(50, profile.Send, 20, 10)), 2), timed(of(stack(5, profile.Send, 20, 10)), 1)}, []string{"abandoned:10 50 grown 45"}},
		"leaks and all are no series":        {false, []*profile.Profile{of(leaked(stack(1, profile.Send, 20, 10))), of(stack(50, profile.Send, 20, 10))}, []string{"abandoned:10 50 leaked 1"}},
		"more goroutines before fewer":       {false, []*profile.Profile{of(stack(7, profile.Send, 20, 11), stack(9, profile.Send, 22, 12))}, []string{"unbounded:12 9", "abandoned:11 7"}},
		"a profile that counts for its kind": {false, []*profile.Profile{of(leaked(stack(2, profile.Send, 20, 10))), of(leaked(stack(3, profile.Send, 20, 10)))}, []string{"abandoned:10 3 leaked 3 grown 1"}},
	} {
		res := Testify(known, test.profiles, test.strict)
		if len(res.Failures)+len(res.Warnings) > 0 {
			t.Errorf("%s: %v", name, res)
		}
		fs := res.Findings
		finding.Rank(fs)
		var got []string
		for i, f := range fs {
			if f.Evidence == nil {
				continue
			}
			if len(got) < i {
				t.Errorf("%s: what has evidence is not first", name)
			}
			s := fmt.Sprintf("%s:%d %d", f.Rule, f.Pos.Line, f.Evidence.Goroutines)
			if f.Evidence.Leaked > 0 {
				s += fmt.Sprintf(" leaked %d", f.Evidence.Leaked)
			}
			if f.Evidence.Grown != 0 {
				s += fmt.Sprintf(" grown %d", f.Evidence.Grown)
			}
			got = append(got, s)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func timed(p *profile.Profile, minute int) *profile.Profile {
	p.Time = time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC)
	return p
}

// A finding that a profile alone gives rise to says where the goroutines began, who could serve them, and why
// the rules are silent.
func TestSilence(t *testing.T) {
	fs := Testify(known, []*profile.Profile{of(leaked(stack(3, profile.Send, 22, 16)))}, false).Findings
	i := slices.IndexFunc(fs, func(f finding.Finding) bool { return f.Rule == finding.Profile })
	if i < 0 {
		t.Fatal("there is none")
	}
	var got []string
	for _, r := range fs[i].Related {
		got = append(got, fmt.Sprintf("%d: %s", r.Pos.Line, r.Message))
	}
	want := []string{
		"16: where they are started",
		"30: receives from other here, which could unblock it while it runs",
		"40: abandoned is silent: in every run it ends",
		"16: unbounded is silent: the evidence for a report is not enough",
		"16: blocking is not enabled by -checks, otherwise it says: it waits",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := "profile: 3 goroutines leaked sending on other, and can never run again, which no rule reports; make sure that something receives from other on every path"; !strings.HasPrefix(fs[i].Message, want) {
		t.Errorf("got %q, want %q", fs[i].Message, want)
	}
}

// A profile of another program is a failure, one without goroutines is none.
func TestNotOfThese(t *testing.T) {
	other := profile.Stack{Count: 3, Wait: profile.Send, Frames: []profile.Frame{{Func: "other.F", File: "/other/a.go", Line: 20}}}
	res := Testify(known, []*profile.Profile{of(other)}, true)
	if len(res.Failures) != 1 || !strings.Contains(res.Failures[0].Error(), "none of the goroutines in p (3) is in these packages") || len(res.Findings) != len(known.Findings) {
		t.Errorf("got %v", res)
	}
	if res := Testify(known, []*profile.Profile{of()}, true); res.Failures != nil {
		t.Errorf("got %v", res)
	}
	gone := stack(3, profile.Send, 20, 0)
	gone.Frames[0].File = "/m/gone.go"
	res = Testify(known, []*profile.Profile{of(gone, stack(1, profile.Send, 20, 10))}, true)
	if len(res.Failures) != 0 || len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0].Error(), "3 goroutines in p wait in files that these packages no longer have") {
		t.Errorf("got %v", res)
	}
}

// What an audit has seen is evidence for the finding of its rule at that place, also when lines have moved;
// and else a finding of its own.
func TestAudit(t *testing.T) {
	k := known
	k.Findings = []finding.Finding{found("rejected", 15)}
	seen := func(rule, function string, line int) profile.Seen {
		return profile.Seen{Rule: rule, Pool: "net", At: profile.Frame{Func: function, File: "/build/a.go", Line: line}, Message: "it was seen"}
	}
	for _, test := range []struct {
		seen   profile.Seen
		strict bool
		want   string
	}{
		{seen("rejected", "m.F", 15), false, "rejected:15"},
		{seen("rejected", "m.F", 14), false, ""}, // the source may handle it
		{seen("rejected", "m.F", 14), true, "rejected:14"},
		{seen("cpubound", "m.F", 15), false, "cpubound:15"},
		{seen("cpubound", "other.F", 15), false, "failed"},
	} {
		res := Testify(k, []*profile.Profile{{Name: "audit", Seen: []profile.Seen{test.seen}}}, test.strict)
		got := ""
		for _, f := range res.Findings {
			if f.Evidence != nil && slices.Equal(f.Evidence.Seen, []string{"it was seen"}) {
				got = fmt.Sprintf("%s:%d", f.Rule, f.Pos.Line)
			}
		}
		if len(res.Failures) > 0 {
			got = "failed"
		}
		if got != test.want {
			t.Errorf("%+v: got %q, want %q", test.seen, got, test.want)
		}
	}
}
