// Package setup writes what a repository needs to start with poollint: settings, a baseline, and a
// workflow that reports what a change adds to it.
package setup

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"

	"github.com/poollint/poollint/cmd/poollint/internal/config"
)

// baseline is the name of the file with the findings to live with, beside the settings.
const baseline = ".poollint-baseline.json"

// workflow is where GitHub looks for it, seen from the root of the repository.
const workflow = ".github/workflows/poollint.yml"

// settings is a configuration that sets nothing: each line shows a default.
//
//go:embed settings.yaml
var settings []byte

// A File is to be written where there is none yet.
type File struct {
	Path string
	Data []byte
	What string // it says, for people
}

// Settings is the configuration of the module or workspace in root.
func Settings(root string) File {
	return File{filepath.Join(root, config.Name), settings, "the settings, all at their default values"}
}

// Baseline is where the findings of the module or workspace in root are recorded, without them.
func Baseline(root string) File { return File{Path: filepath.Join(root, baseline)} }

// Action is the workflow of a repository for the module or workspace in root, which is inside. Version is
// poollint's own: a release runs the action of that release, and any other the newest.
func Action(repository, root, version string) (File, error) {
	folder, err := filepath.Rel(repository, root)
	if err != nil || !filepath.IsLocal(folder) {
		return File{}, fmt.Errorf("%s, where the settings belong, is outside the repository %s: set GOWORK=off to ignore the workspace", root, repository)
	}
	ref := "main"
	if semver.IsValid(version) && semver.Prerelease(version) == "" && semver.Build(version) == "" {
		ref = version
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Fails if a change adds findings that %[1]s does not record.
name: poollint
on: [push, pull_request]
permissions: {contents: read}
jobs:
  poollint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: poollint/poollint@%[2]s
        with:
          baseline: %[1]s
`, baseline, ref)
	if folder != "." {
		fmt.Fprintf(&b, "          working-directory: %s\n", strconv.Quote(filepath.ToSlash(folder)))
	}
	return File{filepath.Join(repository, filepath.FromSlash(workflow)), []byte(b.String()), "a workflow that reports new findings in a change"}, nil
}

// Write writes the file, with the folders above it, and reports whether it did: a file that exists, even as
// a link that leads nowhere, is left as it is.
func (f File) Write() (wrote bool, err error) {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o777); err != nil {
		return false, err
	}
	file, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = file.Write(f.Data)
	if err = errors.Join(err, file.Close()); err != nil {
		return false, errors.Join(err, os.Remove(f.Path)) // half a file would be taken for a whole one
	}
	return true, nil
}
