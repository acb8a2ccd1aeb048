package bench

import (
	"context"
	"testing"
)

func BenchmarkProfile(b *testing.B) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.Run("bg", func(b *testing.B) { ours(context.Background(), 1).run(b.N) })
	b.Run("cc", func(b *testing.B) { ours(ctx, 1).run(b.N) })
}
