package analyzer

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// The packages of testdata import real libraries, and say in want comments what is found there.
// One load serves all rules.
func TestRules(t *testing.T) {
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "-C", dir, "list", "-deps", "./...").CombinedOutput(); err != nil {
		t.Fatalf("the modules of testdata are not there: run go mod download in testdata first\n%s", out)
	}
	l, err := newLinter(Settings{Checks: Checks{"all"}})
	if err != nil {
		t.Fatal(err)
	}
	l.crash = true
	analysistest.RunWithSuggestedFixes(quietFacts{t}, dir, l.analyzer(), "./...")
}

// quietFacts leaves out that a fact is not in a want comment: facts have tests of their own.
type quietFacts struct{ *testing.T }

func (t quietFacts) Errorf(format string, args ...any) {
	t.Helper()
	if msg := fmt.Sprintf(format, args...); !strings.Contains(msg, ": unexpected fact: ") {
		t.T.Error(msg)
	}
}
