package strict

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
)

// A number in settings is a limit, and so is a sum of some.

type loadConfig struct{ Reads, Writes uint64 }

func readLoad(path string, ticks func() <-chan string) (*load, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	config := &loadConfig{Reads: 300, Writes: 300}
	if err := json.Unmarshal(data, config); err != nil {
		return nil, err
	}
	return newLoad(config, ticks), nil
}

type load struct {
	slots chan struct{}
	ticks func() <-chan string
}

func newLoad(config *loadConfig, ticks func() <-chan string) *load {
	return &load{slots: make(chan struct{}, config.Reads+config.Writes), ticks: ticks}
}

func (l *load) run(ctx context.Context) {
	for ctx.Err() == nil {
		url := <-l.ticks()
		l.slots <- struct{}{}
		go func() { // silent: unbounded "a token is acquired first"
			if resp, err := http.Get(url); err == nil {
				resp.Body.Close()
			}
			<-l.slots
		}()
	}
}

func visitAll(urls []string) {
	slots := make(chan struct{}, len(urls))
	for _, url := range urls {
		slots <- struct{}{}
		go func() { // want `unbounded: one goroutine per element of urls .*the semaphore has a token for each`
			if resp, err := http.Get(url); err == nil {
				resp.Body.Close()
			}
			<-slots
		}()
	}
}

var _, _ = readLoad, visitAll
