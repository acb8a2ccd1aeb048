package driver

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// An overlay says which files the go command reads in place of others: -overlay in GOFLAGS.
type overlay map[string]string

// flagValue is the value of a flag in GOFLAGS, or "".
func flagValue(goflags, name string) string {
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

// readOverlay reads the file of an overlay as the go command does, which has accepted it: paths are
// relative to its working directory.
func readOverlay(file, dir string) (overlay, error) {
	data, err := os.ReadFile(in(dir, file))
	if err != nil {
		return nil, err
	}
	var list struct{ Replace map[string]string }
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, err
	}
	o := overlay{}
	for from, to := range list.Replace {
		if to != "" {
			o[in(dir, from)] = in(dir, to)
		}
	}
	return o, nil
}

func in(dir, file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(dir, file)
}

// actual is the file that is read for another.
func (o overlay) actual(file string) string {
	if to, ok := o[file]; ok {
		return to
	}
	return file
}

// goCommand is the file of the go command.
func goCommand() (string, error) { return exec.LookPath("go") }
