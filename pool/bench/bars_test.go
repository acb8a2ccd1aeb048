package bench

import "testing"

// A bar is the most that ours may cost of what another costs.
type bar struct {
	than string
	most float64
}

// hold reports all results and fails for each bar that does not hold. Results
// near a bar are measured again, for these machines are shared.
func hold(t *testing.T, measure func() []result, bars ...bar) {
	t.Helper()
	for try := 1; ; try++ {
		results := measure()
		broken := 0
		for _, r := range results {
			t.Log(r)
			for _, b := range bars {
				if r.name == b.than && r.ratio > b.most {
					broken++
					t.Logf("^ above its bar, %.2f", b.most)
				}
			}
		}
		if broken == 0 {
			return
		}
		if try == 3 {
			t.Errorf("%d bars broken, three times", broken)
			return
		}
	}
}

// allocates fails if ours, the first result, allocates more.
func allocates(t *testing.T, r result, allocs, bytes float64) {
	t.Helper()
	if r.allocs > allocs || r.bytes > bytes {
		t.Errorf("%.3f allocations and %.1f bytes for a task, want at most %v and %v", r.allocs, r.bytes, allocs, bytes)
	}
}
