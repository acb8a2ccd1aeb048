package analyzer

import (
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// A bug of ours costs a package its findings, and says so: nobody may think that it was checked.
func TestPanicIsTold(t *testing.T) {
	for _, trouble := range []bool{false, true} {
		l, err := newLinter(Settings{trouble: trouble})
		if err != nil {
			t.Fatal(err)
		}
		l.catalog = func() *catalog.Catalog { panic("a bug") }
		pkg := linttest.Standard().Source(t, "example.com/p", "package p\n\nfunc F() { go F() }\n")
		said := stderr(t, func() {
			if found := linttest.New(l.analyzer()).Check(t, pkg); len(found) > 0 {
				t.Errorf("found %v", []analysis.Diagnostic(found))
			}
		})
		if !strings.HasPrefix(said, "poollint: gave up on example.com/p") || !strings.Contains(said, "a bug") {
			t.Errorf("said %q", said)
		}
		if where := strings.Contains(said, "panic_test.go"); where != trouble {
			t.Errorf("with trouble=%v it says where: %v", trouble, where)
		}
	}
}

// A driver that goes on without the package is given an error instead.
func TestPanicIsAnError(t *testing.T) {
	l, err := newLinter(Settings{Panics: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.run(nil) // there is no pass to look at
	if err == nil || !strings.Contains(err.Error(), "please report it") || !strings.Contains(err.Error(), "panic_test.go") {
		t.Errorf("the error is %v", err)
	}
}

// stderr is what f writes there.
func stderr(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	saved := os.Stderr
	os.Stderr = w
	f()
	os.Stderr = saved
	w.Close()
	said, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}
