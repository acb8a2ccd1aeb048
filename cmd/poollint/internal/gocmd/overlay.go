package gocmd

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// An overlay says which files the go command reads in place of others: -overlay in GOFLAGS.
type Overlay map[string]string

// Flag is the value of a flag in GOFLAGS, or "".
func Flag(goflags, name string) string {
	value := ""
	for _, f := range strings.Fields(goflags) {
		f = strings.Trim(f, `'"`)
		f = "-" + strings.TrimLeft(f, "-")
		if v, ok := strings.CutPrefix(f, "-"+name+"="); ok {
			value = v
		}
	}
	return value
}

// ReadOverlay reads the overlay that GOFLAGS names, or none. Paths in it are relative to the working
// directory of the go command.
func ReadOverlay(goflags, dir string) (Overlay, error) {
	file := Flag(goflags, "overlay")
	if file == "" {
		return nil, nil
	}
	data, err := os.ReadFile(In(dir, file))
	if err != nil {
		return nil, fmt.Errorf("cannot read the overlay: %v", err)
	}
	var list struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("cannot read the overlay %s: %v", file, err)
	}
	o := Overlay{}
	for from, to := range list.Replace {
		if to != "" {
			o[In(dir, from)] = In(dir, to)
		}
	}
	return o, nil
}

// In is a file as seen from a folder.
func In(dir, file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(dir, file)
}

// Actual is the file that is read for another.
func (o Overlay) Actual(file string) string {
	if to, ok := o[file]; ok {
		return to
	}
	return file
}

// Original is the file that another is read for.
func (o Overlay) Original(file string) string {
	for from, to := range o {
		if to == file {
			return from
		}
	}
	return file
}
