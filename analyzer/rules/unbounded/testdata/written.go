package unbounded

import (
	"context"
	"flag"
	"strings"
)

// What somebody has written into one text, with commas, is a short list; what a client has sent is not.
func pingMirrors(ctx context.Context, mirrorURLs string) {
	for _, url := range strings.Split(mirrorURLs, ",") {
		go fetch(ctx, url)
	}
}

func pingAll(ctx context.Context, urls []string) {
	for _, url := range urls {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of urls`
	}
}

// Functions in a list that was received were written for it, one by one. Those that are received themselves
// may come without end.
type batchOfCommands []func() error

type runner struct {
	messages chan any
	commands chan func() error
}

func (r *runner) one() {
	switch m := (<-r.messages).(type) {
	case batchOfCommands:
		for _, command := range m {
			go command()
		}
	case []string:
		for _, url := range m {
			go fetch(context.Background(), url) // want `unbounded: one goroutine per element of m`
		}
	}
}

func (r *runner) each() {
	for command := range r.commands {
		go command() // want `unbounded: one goroutine per element of r\.commands`
	}
}

// Whoever starts the program names them; what they name is data.
func fetchArguments(ctx context.Context) {
	for _, url := range flag.Args() {
		go fetch(ctx, url)
	}
}
