// Package finding is the vocabulary that the command's parts share: what was found, and where.
package finding

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A Position is a place in a file. Line and Column start at 1 and columns are bytes, as in go vet.
type Position struct {
	File   string // absolute
	Line   int
	Column int
}

// A Finding is one diagnostic of the analyzer.
type Finding struct {
	Rule    string
	Message string // starts with "<rule>: "
	Package string
	Pos     Position
	End     Position
	Related []Related
	Reasons []Reason
	Fixes   []Fix

	Evidence *Evidence // of a running program; nil: none
}

// Related is a place that explains a finding.
type Related struct {
	Pos, End Position
	Message  string
}

// A Reason speaks for a report, or against it.
type Reason struct {
	For  bool
	Pos  Position // none, if it shows nowhere in particular
	Text string   // a clause
}

// Relate adds what the analyzer relates to a finding. With its flag -reasons, that includes reasons: the
// go command carries nothing else than places and texts. One at the finding's own place has none.
func (f *Finding) Relate(r Related) {
	why := Reason{Pos: r.Pos}
	against := false
	if why.Text, why.For = strings.CutPrefix(r.Message, "reason for: "); !why.For {
		why.Text, against = strings.CutPrefix(r.Message, "reason against: ")
	}
	if !why.For && !against {
		f.Related = append(f.Related, r)
		return
	}
	if r.Pos == f.Pos {
		why.Pos = Position{}
	}
	f.Reasons = append(f.Reasons, why)
}

// A Fix is a change that would mend a finding.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// Text is the message without the rule in front of it.
func (f *Finding) Text() string {
	return strings.TrimPrefix(f.Message, f.Rule+": ")
}

// Count is a number of findings, in words.
func Count(n int) string {
	if n == 1 {
		return "1 finding"
	}
	return strconv.Itoa(n) + " findings"
}

// Sort orders findings by place and drops what was said twice.
func Sort(fs []Finding) []Finding {
	slices.SortStableFunc(fs, Compare)
	return slices.CompactFunc(fs, func(a, b Finding) bool { return Compare(a, b) == 0 })
}

// Compare orders two findings by place, and then by what they say.
func Compare(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Pos.File, b.Pos.File),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Column, b.Pos.Column),
		strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Message, b.Message),
	)
}

// ParsePosition reads the "file:line:col" of go vet, or "file:line" where a //line directive names no
// column. A relative file is taken to be in dir.
func ParsePosition(s, dir string) (Position, error) {
	rest, col, ok := cutLast(s)
	if !ok {
		return Position{}, fmt.Errorf("%q is not file:line:column", s)
	}
	file, line, ok := cutLast(rest)
	if !ok {
		file, line, col = rest, col, 1
	}
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	return Position{file, line, col}, nil
}

func cutLast(s string) (before string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil
}

// Short is path as a reader in dir would write it.
func Short(path, dir string) string {
	rel, err := filepath.Rel(dir, path)
	if err != nil || len(rel) > len(path) {
		return path
	}
	return rel
}

// Sources reads files once.
type Sources struct{ files map[string]source }

type source struct {
	text  string
	lines []string
}

func (s *Sources) read(path string) source {
	if src, ok := s.files[path]; ok {
		return src
	}
	var src source
	if data, err := os.ReadFile(path); err == nil {
		src.text = string(data)
		src.lines = strings.Split(strings.ReplaceAll(src.text, "\r\n", "\n"), "\n")
	}
	if s.files == nil {
		s.files = map[string]source{}
	}
	s.files[path] = src
	return src
}

// Text returns a file's content, or "" if it cannot be read.
func (s *Sources) Text(path string) string { return s.read(path).text }

// Lines returns the lines of a file, without their ends.
func (s *Sources) Lines(path string) []string { return s.read(path).lines }

// Line returns the line at a position, or "".
func (s *Sources) Line(p Position) string {
	if lines := s.Lines(p.File); 1 <= p.Line && p.Line <= len(lines) {
		return lines[p.Line-1]
	}
	return ""
}
