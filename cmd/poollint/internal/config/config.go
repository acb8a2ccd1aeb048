// Package config finds and reads .poollint.yaml, the project's settings.
//
// There is exactly one such file, beside go.work or, without a workspace, beside go.mod.
// No flag names another: the go command asks a vet tool for its identity before it knows any
// flag, so only a file that can be found from the working directory alone can be part of the
// key under which results are cached.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/poollint/poollint/analyzer"
)

// Name is the name of the configuration file.
const Name = ".poollint.yaml"

// A File is a configuration file's text. The zero File is that of a project without one.
type File struct {
	Path string
	Data []byte
}

// Find returns the configuration that rules the packages in dir.
func Find(dir string) (File, error) {
	root := Root(dir)
	if root == "" {
		return File{}, nil
	}
	path := filepath.Join(root, Name)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return File{}, nil
	}
	if err != nil {
		return File{}, fmt.Errorf("cannot read the configuration: %v", err)
	}
	return File{path, data}, nil
}

// Settings are what the file says.
func (f File) Settings() (analyzer.Settings, error) {
	var s analyzer.Settings
	if err := decode(f.Data, &s); err != nil {
		return s, fmt.Errorf("%s:%v", f.Path, err)
	}
	if _, err := analyzer.New(s); err != nil {
		return s, fmt.Errorf("%s: %v", f.Path, err)
	}
	return s, nil
}

// Root is the folder of the go.work or else the go.mod that rules dir, or "".
func Root(dir string) string {
	if work := Workspace(dir); work != "" {
		return filepath.Dir(work)
	}
	return Module(dir)
}

// Workspace is the go.work file in force in dir, or "".
func Workspace(dir string) string {
	switch env := os.Getenv("GOWORK"); env {
	case "off":
		return ""
	case "":
		if d := ascend(dir, "go.work"); d != "" {
			return filepath.Join(d, "go.work")
		}
		return ""
	default:
		return env
	}
}

// Module is the root of the module that dir is in, or "".
func Module(dir string) string { return ascend(dir, "go.mod") }

// ascend returns dir or the nearest folder above it that holds the named file.
func ascend(dir, name string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
