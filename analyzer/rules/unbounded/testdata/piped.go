package unbounded

import (
	"io"
	"net/http"
	"os"
)

// What writes to a pipe is over when the pipe has been read.

func uploadAll(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := uploadOne(e.Name()); err != nil {
			return err
		}
	}
	return nil
}

func uploadOne(name string) error {
	r, w := io.Pipe()
	go func() { // silent: unbounded "what it writes is read in the same iteration"
		f, err := os.Open(name)
		if err == nil {
			_, err = io.Copy(w, f)
			f.Close()
		}
		w.CloseWithError(err)
	}()
	req, err := http.NewRequest(http.MethodPost, "http://localhost", r)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

func openAll(dir string) (readers []io.Reader, err error) {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		r, w := io.Pipe()
		go func() { // want `unbounded: one goroutine per element of entries`
			f, err := os.Open(e.Name())
			if err == nil {
				_, err = io.Copy(w, f)
				f.Close()
			}
			w.CloseWithError(err)
		}()
		readers = append(readers, r)
	}
	return readers, err
}

var _, _ = uploadAll, openAll
