// Package strict makes pools of which strict has more to ask, and the default something to say.
package strict

import (
	"context"

	"github.com/gammazero/workerpool"
)

// That it is never closed says more than that it is made anew for each call.
func Greet(ctx context.Context, names []string) {
	p := workerpool.New(8) // want `unclosed: p is never closed: its goroutines leak when Greet returns`
	for _, name := range names {
		p.Submit(func() { println(name) })
	}
}
