package strict

import (
	"context"
	"flag"
	"net/http"
	"strings"
)

func pingMirrors(ctx context.Context, mirrorURLs string) {
	for _, url := range strings.Split(mirrorURLs, ",") {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of .* \(the parameter mirrorURLs of pingMirrors\)`
	}
}

func fetchArguments(ctx context.Context) {
	for _, url := range flag.Args() {
		go fetch(ctx, url) // want `unbounded: one goroutine per element of flag\.Args\(\) \(the program's arguments\)`
	}
}

type batchOfCommands []func() error

func runBatch(messages chan any) {
	if commands, ok := (<-messages).(batchOfCommands); ok {
		for _, command := range commands {
			go command() // want `unbounded: one goroutine per element of commands`
		}
	}
}

func fetch(ctx context.Context, url string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return
	}
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
	}
}
