package unbounded

import (
	"io"
	"net/http"
)

// What is read has no name.
func readFrames(r io.Reader, addresses map[byte]string) error {
	for {
		buf := make([]byte, 16)
		if _, err := io.ReadFull(r, buf); err != nil {
			return err
		}
		go func() { // want `unbounded: one goroutine per turn of the loop \(what is read from an input\); `
			if resp, err := http.Get(addresses[buf[0]]); err == nil {
				resp.Body.Close()
			}
		}()
	}
}

var _ = readFrames
