package gocmd

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

func TestFailures(t *testing.T) {
	voice := Voice{plan.Run{Dir: "/m"}, "/m/sub"}
	tests := []struct {
		lines []string
		want  []string
	}{
		{[]string{"# m/a", "# [m/a]", "a/a.go:1:2: undefined: x", "a/a.go:2:2: undefined: y", "# m/b [m/b.test]", "vet: ./b_test.go:1:1: z"},
			[]string{"m/a does not compile, so it was not checked: fix it and run again\n../a/a.go:1:2: undefined: x\n../a/a.go:2:2: undefined: y",
				"m/b does not compile, so it was not checked: fix it and run again\n../b_test.go:1:1: z"}},
		{[]string{"poollint: built with go1.26", "go: error obtaining buildID for /x/poollint: exit status 1"}, []string{"built with go1.26"}},
		{[]string{"# m/a", "x", "# m/b", "write /tmp/x: no space left on device"}, []string{"the disk is full"}},
		{nil, nil},
	}
	for _, test := range tests {
		errs, _ := voice.Failures(test.lines)
		if len(errs) != len(test.want) {
			t.Errorf("%q: got %q", test.lines, errs)
			continue
		}
		for i, err := range errs {
			if !strings.HasPrefix(err.Error(), test.want[i]) {
				t.Errorf("got %q, want %q", err, test.want[i])
			}
		}
	}
}
