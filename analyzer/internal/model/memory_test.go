package model

import (
	"testing"

	"github.com/poollint/poollint/analyzer/internal/effects"
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
		{Thousands, nil, "10,000 at once hold at least 25 MiB"},
		{Millions, nil, "a million at once hold at least 2.4 GiB"},
		{Thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}}, "10,000 at once hold about 590 MiB (a.F 58 KiB each)"},
		{Thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: 20 * kib}, {What: "a.H", Bytes: 10 * kib}}, "10,000 at once hold about 880 MiB (a.F 58 KiB and a.G 20 KiB each)"},
		{Thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: kib}}, "10,000 at once hold about 600 MiB (a.F 58 KiB each)"},
		{Thousands, effects.Holding{{What: "a.F", Bytes: 58 * kib}, {What: "a.G", Bytes: kib, Thread: true}}, "10,000 at once hold about 600 MiB (a.F 58 KiB each), and occupy a thread each, of which a process can have 10,000"},
		{Millions, effects.Holding{{What: "a.F", Bytes: 1 << 60}}, "a million at once hold about 8388610 TiB (a.F 1048580 TiB each)"},
	} {
		if got := Hold(tt.n, tt.task); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// Nobody sends a million of anything in a request, and files have as many lines.
func TestPlausible(t *testing.T) {
	for origin, want := range map[knowledge.Origin]int64{
		knowledge.Unsaid: Thousands, knowledge.Request: Thousands, knowledge.Directory: Thousands, knowledge.Listing: Thousands,
		knowledge.Parameter: Thousands, knowledge.File: Thousands,
		knowledge.Rows: Millions, knowledge.Messages: Millions, knowledge.Records: Millions,
	} {
		if got := Plausible(number.Number{Origin: origin}); got != want {
			t.Errorf("of origin %d there are %d", origin, got)
		}
	}
}
