package analyzer

import (
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/effects"
	"github.com/poollint/poollint/analyzer/internal/footprint"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/number"
)

func TestHold(t *testing.T) {
	const kib = 1 << 10
	for _, tt := range []struct {
		n    int64
		task effects.Holding
		want string
	}{
		{thousands, nil, "10,000 at once hold at least 25 MiB"},
		{millions, nil, "a million at once hold at least 2.4 GiB"},
		{thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}}, "10,000 at once hold about 590 MiB (a.F 58 KiB each)"},
		{thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: 20 * kib}, {What: "a.H", Bytes: 10 * kib}}, "10,000 at once hold about 880 MiB (a.F 58 KiB and a.G 20 KiB each)"},
		{thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: kib}}, "10,000 at once hold about 600 MiB (a.F 58 KiB each)"},
		{thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: kib, Thread: true}}, "10,000 at once hold about 600 MiB (a.F 58 KiB each), and a thread each, of which a process may have 10,000"},
		{millions, effects.Holding{{What: "a.F", Bytes: 1 << 60}}, "a million at once hold about 8388610 TiB (a.F 1048580 TiB each)"},
	} {
		if got := hold(tt.n, tt.task); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Nobody sends a million of anything in a request, and files have as many lines.
func TestPlausible(t *testing.T) {
	for origin, want := range map[knowledge.Origin]int64{
		knowledge.Unsaid: thousands, knowledge.Request: thousands, knowledge.Directory: thousands, knowledge.Listing: thousands,
		knowledge.Parameter: thousands, knowledge.File: thousands,
		knowledge.Rows: millions, knowledge.Messages: millions, knowledge.Records: millions,
	} {
		if got := plausible(number.Number{Origin: origin}); got != want {
			t.Errorf("of origin %d there are %d", origin, got)
		}
	}
}

// The figures in the rules' texts are those of the table.
func TestFiguresInTexts(t *testing.T) {
	of := map[string]int64{}
	for _, r := range footprint.Rows() {
		if r.Variant == "" {
			of[r.Name()] = r.Holds()
		}
	}
	for _, r := range []Rule{unbounded, oversized} {
		for _, n := range []int64{footprint.Goroutine, of["http.Client.Do"], of["gzip.Writer.Write"]} {
			if !strings.Contains(r.Why, footprint.About(n)) {
				t.Errorf("%s does not say %s", r.ID, footprint.About(n))
			}
		}
	}
}
