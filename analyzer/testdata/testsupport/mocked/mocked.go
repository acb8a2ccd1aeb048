// Package mocked has a generated mock beside the code that it stands for, and serves no tests.
package mocked

import (
	"bufio"
	"io"
	"net/http"
	"sync"
)

func Fetch(r io.Reader) {
	var wg sync.WaitGroup
	for lines := bufio.NewScanner(r); lines.Scan(); {
		url := lines.Text()
		wg.Go(func() { // want `unbounded: one goroutine per element of lines`
			if resp, err := http.Get(url); err == nil {
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
}
