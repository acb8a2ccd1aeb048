package govet

import (
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

// Before Go 1.26, objects and lines of text come on one stream.
func TestSplit(t *testing.T) {
	const stream = "# example.com/a\n{}\n# example.com/b\n{\n\t\"b\": {\n\t}\n}\nb.go:1:1: no\r\n{\n\t\"cut off"
	var objects, lines []string
	err := split(strings.NewReader(stream), func(b []byte) { objects = append(objects, string(b)) }, func(s string) { lines = append(lines, s) })
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"{}", "{\n\t\"b\": {\n\t}\n}\n"}; !slices.Equal(objects, want) {
		t.Errorf("objects: got %q, want %q", objects, want)
	}
	if want := []string{"# example.com/a", "# example.com/b", "b.go:1:1: no"}; !slices.Equal(lines, want) {
		t.Errorf("lines: got %q, want %q", lines, want)
	}
}

func TestDecode(t *testing.T) {
	run := plan.Run{Dir: "/m", Patterns: []string{"./..."}}
	var res check.Result
	decode(&res, []byte(`{
		"m [m.test]": {"poollint": [{"category": "limit", "posn": "./a.go:3:4", "end": "./a.go:3:9", "message": "limit: 0",
			"related": [{"posn": "/m/b.go:1:2", "end": "/m/b.go:1:2", "message": "here"}, {"posn": "-", "message": "nowhere"},
				{"posn": "/m/c.go:7:1", "end": "/m/c.go:7:1", "message": "reason for: it is 0"}, {"posn": "./a.go:3:4", "message": "reason against: it is a test"}],
			"suggested_fixes": [{"message": "x", "edits": [{"filename": "/m/a.go", "start": 5, "end": 6, "new": "y"}]}]}]},
		"n": {"poollint": {"error": "broke"}},
		"o": {"poollint": [{"posn": "C:\\o\\a.go:x", "message": "?"}]}
	}`), run, nil)
	if len(res.Findings) != 1 || len(res.Failures) != 2 {
		t.Fatalf("got %+v", res)
	}
	f := res.Findings[0]
	if f.Package != "m" || f.Pos.File != "/m/a.go" || f.End.Column != 9 || len(f.Related) != 1 || f.Fixes[0].Edits[0].New != "y" {
		t.Errorf("got %+v", f)
	}
	reasons := []finding.Reason{{For: true, Pos: finding.Position{File: "/m/c.go", Line: 7, Column: 1}, Text: "it is 0"}, {Text: "it is a test"}}
	if !slices.Equal(f.Reasons, reasons) {
		t.Errorf("got %+v, want %+v", f.Reasons, reasons)
	}
	res = check.Result{}
	decode(&res, []byte("{no json"), run, nil)
	if len(res.Failures) != 1 {
		t.Errorf("got %+v", res)
	}
}
