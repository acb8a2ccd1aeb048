package linttest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/verdict"
)

// A silent comment fails where its rule did not look, is not silent, or is silent for another reason.
func TestSilence(t *testing.T) {
	dir := t.TempDir()
	src := "package p\n\n" +
		"var a = 1 // silent: unbounded \"taken before\" abandoned `closes\\b` \"has room\" // want \"churn\"\n" +
		"/* silent: limit \"four\" */ //poollint:ignore limit four\n"
	file := filepath.Join(dir, "p.go")
	if err := os.WriteFile(file, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	all := Silences(t, []string{dir})
	here := all[Place{file, 3}]
	if len(all) != 2 || len(here) != 2 || len(here[1].Reasons) != 2 || len(Wants(t, []string{dir})[Place{file, 3}]) != 1 {
		t.Fatalf("got %v", all)
	}
	unbounded := here[0]
	for _, test := range []struct {
		verdict verdict.Verdict
		want    string // of what is missing
	}{
		{verdict.Verdict{Rule: "unbounded", Reasons: []verdict.Reason{verdict.Against(0, "s.sem is taken before the spawn"), verdict.For(0, "it loops")}}, ""},
		{verdict.Verdict{Rule: "churn"}, "gives no verdict"},
		{verdict.Verdict{Rule: "unbounded", Level: verdict.Ask, Message: "too many"}, "is not silent: ask: too many"},
		{verdict.Verdict{Rule: "unbounded"}, "is silent because []"},
		{verdict.Verdict{Rule: "unbounded", Reasons: []verdict.Reason{verdict.For(0, "it is taken before")}}, "is silent because []"},
		{verdict.Verdict{Rule: "unbounded", Reasons: []verdict.Reason{verdict.Against(0, "taken before"), verdict.Against(0, "it is small")}}, "it is small"},
	} {
		got := unbounded.missing([]Conclusion{{Verdict: test.verdict}})
		if got != test.want && (test.want == "" || !strings.Contains(got, test.want)) {
			t.Errorf("%+v: got %q, want %q", test.verdict, got, test.want)
		}
	}
}
