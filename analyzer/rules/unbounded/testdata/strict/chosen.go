package strict

import (
	"context"
	"net/http"
)

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

// What a client library decodes for a helper that is given anything, nobody sees.

type client interface {
	Call(ctx context.Context, path string, into any) error
}

type api struct{ c client }

func (a *api) get(ctx context.Context, path string, into any) error {
	return a.c.Call(ctx, path, into)
}

func (a *api) Documents(ctx context.Context) error {
	var answer struct{ Documents []string }
	if err := a.get(ctx, "/documents", &answer); err != nil {
		return err
	}
	for _, document := range answer.Documents {
		go visit(ctx, document) // want `unbounded: one goroutine per element of answer\.Documents`
	}
	return nil
}

// A loop that calls what starts several asks one question.
func Restart(ctx context.Context, things []string) {
	for _, thing := range things {
		restart(ctx, thing)
	}
}

func restart(ctx context.Context, thing string) {
	go visit(ctx, thing) // want `unbounded: one goroutine per element of things`
	go visit(ctx, "again "+thing)
}

// Nor how many somebody has set, where an option says so.

type loadOptions struct{ Mappers int }

type parser interface{ Parse(into any) }

type loader struct{ mappers []*http.Client }

func newLoader(p parser) *loader {
	var opt loadOptions
	p.Parse(&opt)
	return &loader{make([]*http.Client, opt.Mappers)}
}

func (l *loader) run(url string) {
	for _, m := range l.mappers {
		go m.Get(url)
	}
}

var _ = newLoader(nil).run
