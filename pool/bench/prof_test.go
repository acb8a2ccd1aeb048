package bench

import (
	"context"
	"testing"
)

func BenchmarkProfile(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.ReportAllocs()
	ours(ctx, 1).run(b.N)
}
