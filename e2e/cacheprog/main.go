// Command cacheprog is a small program for GOCACHEPROG: a build cache in the folder that its
// argument names, as a team might share one. It logs what it is asked for to the file "log" there.
package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type request struct {
	ID       int64
	Command  string
	ActionID []byte `json:",omitempty"`
	OutputID []byte `json:",omitempty"`
	BodySize int64  `json:",omitempty"`
}

type response struct {
	ID            int64
	Err           string     `json:",omitempty"`
	KnownCommands []string   `json:",omitempty"`
	Miss          bool       `json:",omitempty"`
	OutputID      []byte     `json:",omitempty"`
	Size          int64      `json:",omitempty"`
	Time          *time.Time `json:",omitempty"`
	DiskPath      string     `json:",omitempty"`
}

func main() {
	if err := serve(os.Args[1], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cacheprog:", err)
		os.Exit(1)
	}
}

func serve(dir string, in io.Reader, out io.Writer) error {
	enc := json.NewEncoder(out)
	if err := enc.Encode(response{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	hits, misses, puts := 0, 0, 0
	dec := json.NewDecoder(bufio.NewReader(in))
	for {
		var req request
		if err := dec.Decode(&req); err != nil {
			return err
		}
		res := response{ID: req.ID}
		var err error
		switch req.Command {
		case "get":
			res, err = get(dir, req)
			if res.Miss {
				misses++
			} else {
				hits++
			}
		case "put":
			var body []byte
			if req.BodySize > 0 {
				// The body follows as a JSON string.
				if err := dec.Decode(&body); err != nil {
					return err
				}
			}
			res, err = put(dir, req, body)
			puts++
		case "close":
			log := fmt.Sprintf("hits %d misses %d puts %d\n", hits, misses, puts)
			if err := os.WriteFile(filepath.Join(dir, "log"), []byte(log), 0o666); err != nil {
				return err
			}
			return enc.Encode(res)
		}
		if err != nil {
			res.Err = err.Error()
		}
		if err := enc.Encode(res); err != nil {
			return err
		}
	}
}

// An action's file holds the name of its output's file.
func get(dir string, req request) (response, error) {
	res := response{ID: req.ID}
	name, err := os.ReadFile(filepath.Join(dir, "a-"+hex.EncodeToString(req.ActionID)))
	if err != nil {
		res.Miss = true
		return res, nil
	}
	path := filepath.Join(dir, "o-"+strings.TrimSpace(string(name)))
	info, err := os.Stat(path)
	if err != nil {
		res.Miss = true
		return res, nil
	}
	if res.OutputID, err = hex.DecodeString(strings.TrimSpace(string(name))); err != nil {
		return res, err
	}
	modified := info.ModTime()
	res.Size, res.Time, res.DiskPath = info.Size(), &modified, path
	return res, nil
}

func put(dir string, req request, body []byte) (response, error) {
	res := response{ID: req.ID}
	name := hex.EncodeToString(req.OutputID)
	res.DiskPath = filepath.Join(dir, "o-"+name)
	if err := os.WriteFile(res.DiskPath, body, 0o666); err != nil {
		return res, err
	}
	return res, os.WriteFile(filepath.Join(dir, "a-"+hex.EncodeToString(req.ActionID)), []byte(name), 0o666)
}
