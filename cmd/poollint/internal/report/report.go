// Package report writes findings in the formats that people and programs read.
package report

import (
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/docs"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/fingerprint"
)

// A Report is what is to be written.
type Report struct {
	Findings []finding.Finding // sorted, but for those with evidence, which come first
	Cwd      string            // people's paths are seen from here
	Root     string            // the repository: services' paths are seen from here
	Version  string
	Sources  *finding.Sources
	Terminal bool // text: with colour and the source
}

var formats = map[string]func(*Report, io.Writer) error{
	"text":       (*Report).text,
	"json":       (*Report).json,
	"sarif":      (*Report).sarif,
	"github":     (*Report).github,
	"checkstyle": (*Report).checkstyle,
	"gitlab":     (*Report).gitlab,
}

// Formats are the names of the formats.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// Write writes the report in a format, one of Formats.
func (r *Report) Write(w io.Writer, format string) error { return formats[format](r, w) }

// short is a path for people.
func (r *Report) short(path string) string { return finding.Short(path, r.Cwd) }

// rooted is a path for services: from the repository's root, with slashes.
func (r *Report) rooted(path string) string {
	if rel, err := filepath.Rel(r.Root, realPath(path)); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(path)
}

// realPath resolves links: services know files by the name they were committed under.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// Repository is the folder of the repository that dir is in, or dir.
func Repository(dir string) string {
	dir = realPath(dir)
	for d := dir; ; d = filepath.Dir(d) {
		if exists(filepath.Join(d, ".git")) { // a file in a linked worktree
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}

// keys are those of the findings. They do not depend on what comes first.
func (r *Report) keys() []fingerprint.Key {
	order := make([]int, len(r.Findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return finding.Compare(r.Findings[a], r.Findings[b]) })
	sorted := make([]finding.Finding, len(order))
	for i, j := range order {
		sorted[i] = r.Findings[j]
	}
	keys := make([]fingerprint.Key, len(order))
	for i, key := range fingerprint.Of(sorted, r.Root, r.Sources) {
		keys[order[i]] = key
	}
	return keys
}

func pageURL(rule string) string {
	if rule == finding.Profile {
		return docs.Profiles
	}
	for _, r := range analyzer.Rules() {
		if r.ID == rule {
			return r.URL()
		}
	}
	return ""
}
