package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// An entry is a module of a repository at a commit.
type entry struct {
	repository string // github.com/owner/name
	commit     string
	module     string // folder in the repository; empty for its root
	tags       string // for the go command's -tags
}

// String names the module.
func (e entry) String() string { return path.Join(e.repository, e.module) }

// short is the name that a table gives it.
func (e entry) short() string { return path.Base(e.repository) }

var (
	isRepository = regexp.MustCompile(`^[\w.-]+/[\w.-]+/[\w.-]+$`)
	isCommit     = regexp.MustCompile(`^[0-9a-f]{40}$`)
)

// readBatch reads the table of what is to be run.
func readBatch(name string) ([]entry, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var all []entry
	var errs []error
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		e, err := parseEntry(strings.Split(line, "\t"))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, n, err))
			continue
		}
		all = append(all, e)
	}
	if len(all) == 0 && len(errs) == 0 {
		return nil, fmt.Errorf("%s names no repository; write lines of repository, commit, folder and tags, separated by tabs", name)
	}
	return all, errors.Join(errs...)
}

func parseEntry(cells []string) (entry, error) {
	if len(cells) < 2 || len(cells) > 4 {
		return entry{}, fmt.Errorf("%d cells; want repository, commit and if needed folder and tags, separated by tabs", len(cells))
	}
	cells = append(cells, "", "")
	e := entry{cells[0], cells[1], cells[2], cells[3]}
	switch {
	case !isRepository.MatchString(e.repository):
		return e, fmt.Errorf("%q is no repository; write it as github.com/owner/name", e.repository)
	case !isCommit.MatchString(e.commit):
		return e, fmt.Errorf("%q is no full commit; write its 40 hexadecimal digits", e.commit)
	case e.module != "" && !filepath.IsLocal(e.module):
		return e, fmt.Errorf("%q leads out of the repository; write the module's folder in it", e.module)
	}
	return e, nil
}
