package bench

import (
	"context"
	"testing"
)

func TestScale(t *testing.T) {
	for _, n := range []int{10_000, 20_000, 50_000, 100_000, 200_000} {
		for _, r := range compare(9, n, sleepers(context.Background()), goroutines()) {
			t.Log(n, r, r.ns*float64(n)/1e6)
		}
	}
}
