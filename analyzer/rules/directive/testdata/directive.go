// Package directive holds comments that are malformed, unused, or right.
package directive

import (
	"context"
	"net/http"
	"os"
)

func fetch(ctx context.Context, name string) {
	req, _ := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	http.DefaultClient.Do(req)
}

func run(ctx context.Context, dir string) {
	entries, _ := os.ReadDir(dir)

	for _, e := range entries {
		/* silent: directive "it silences unbounded" */ //poollint:ignore unbounded the directory holds two files
		go fetch(ctx, e.Name())                         // silent: unbounded "says .the directory holds two files."
	}
	for _, e := range entries {
		go fetch(ctx, e.Name()) //poollint:ignore unbounded on the same line
	}
	//poollint:ignore unbounded covers the whole statement
	for _, e := range entries {
		go fetch(ctx, e.Name()) // silent: unbounded "says .covers the whole statement."
	}
	/* silent: directive "it decided a rule" */ //poollint:bounded the directory holds two files
	for _, e := range entries {
		go fetch(ctx, e.Name())
	}

	/* want `directive: //poollint:ignore unbounded gives no reason; add one after it` */ //poollint:ignore unbounded
	for _, e := range entries {
		go fetch(ctx, e.Name()) // want `unbounded: one goroutine per element of entries`
	}
	/* want `directive: //poollint:ignore names "unbound", which is not a rule` */ //poollint:ignore unbound too few
	/* want `directive: //poollint:ignore names no rule` */ //poollint:ignore
	/* want `directive: //poollint:bound is not a directive; the directives are ignore, bounded, detached, io and cpu` */ //poollint:bound by reason
	/* want `directive: //poollint:ignore unbounded silences nothing here: remove it` */ //poollint:ignore unbounded nothing starts here
	_ = entries
	/* want `directive: //poollint:bounded has no effect here: remove it` */ //poollint:bounded nothing starts here
	for range entries {
	}
	/* want `directive: //poollint:bounded has no effect here: remove it` */ //poollint:bounded it is an array anyway
	for _, name := range [3]string{} {
		go fetch(ctx, name)
	}
	// poollint:ignore with a space is prose.
}
