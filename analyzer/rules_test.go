package analyzer

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/footprint"
)

// The figures in the rules' pages are those of the table.
func TestFiguresInPages(t *testing.T) {
	of := map[string]int64{}
	for _, r := range footprint.Rows() {
		if r.Variant == "" {
			of[r.Name()] = r.Holds()
		}
	}
	for _, id := range []string{"unbounded", "oversized"} {
		for _, n := range []int64{footprint.Goroutine, of["http.Client.Do"], of["gzip.Writer.Write"]} {
			if !strings.Contains(ruleOf(id).Section("Why it is bad"), footprint.About(n)) {
				t.Errorf("%s does not say %s", id, footprint.About(n))
			}
		}
	}
}
