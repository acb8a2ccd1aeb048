package verdict

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// Of what a rule says of one place, the highest level is its verdict.
func TestEach(t *testing.T) {
	got := Each([]Verdict{
		{Rule: "b", Pos: 7, Reasons: []Reason{Against(1, "small")}},
		{Rule: "b", Pos: 7, Reasons: []Reason{Against(1, "small"), Against(2, "rare")}},
		{Rule: "a", Pos: 7, Level: Ask, Message: "asked"},
		{Rule: "a", Pos: 7, Reasons: []Reason{Against(3, "closed")}},
		{Rule: "a", Pos: 7, Level: Report, Message: "reported", Related: []analysis.RelatedInformation{{Pos: 4, Message: "the loop"}}},
		{Rule: "a", Pos: 5, Level: Report, Message: "first", Reasons: []Reason{For(6, "so")}, Related: []analysis.RelatedInformation{{Pos: 4, Message: "the loop"}}},
	})
	if len(got) != 3 {
		t.Fatalf("got %+v", got)
	}
	for i, want := range []Verdict{
		{Rule: "a", Pos: 5, Level: Report, Message: "first", Reasons: []Reason{For(6, "so")}},
		{Rule: "a", Pos: 7, Level: Report, Message: "reported", Reasons: []Reason{For(4, "the loop")}},
		{Rule: "b", Pos: 7, Reasons: []Reason{Against(1, "small"), Against(2, "rare")}},
	} {
		g := got[i]
		if g.Rule != want.Rule || g.Pos != want.Pos || g.Level != want.Level || g.Message != want.Message || !slices.Equal(g.Reasons, want.Reasons) {
			t.Errorf("got %+v, want %+v", g, want)
		}
	}
}

func TestSilence(t *testing.T) {
	v := Verdict{Level: Report, Message: "too many", Reasons: []Reason{For(1, "the loop")}}
	v.Silence(Against(2, "the file is generated"))
	if v.Level != Silent || v.Message == "" || !slices.Equal(v.Reasons, []Reason{Against(2, "the file is generated"), For(1, "the loop")}) {
		t.Errorf("got %+v", v)
	}
}
