package strict

import "context"

// What a constructor has taken from settings is one of them; what it was given otherwise is not.

type lookupConfig struct{ Names []string }

type lookup struct{ names, more []string }

func NewLookup(conf *lookupConfig, more []string) *lookup {
	return &lookup{names: conf.Names, more: more}
}

func (l *lookup) Refresh(ctx context.Context) {
	for _, name := range l.names {
		go visit(ctx, name)
	}
	for _, name := range l.more {
		go visit(ctx, name) // want `unbounded: one goroutine per element of l\.more \(the parameter l of Refresh\)`
	}
}

// A number that a channel delivers is what the sender has chosen.
func Grow(ctx context.Context, sizes chan int, name string) {
	n := <-sizes
	for range n {
		go visit(ctx, name)
	}
}
