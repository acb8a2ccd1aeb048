package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// The verdicts at each level, in the order of the table.
var verdicts = [...][3]string{
	byDefault:  {"true", "debatable", "false"},
	onlyStrict: {"worth", "noise", "false"},
}

// A tally counts the verdicts for a repository.
type tally struct {
	name, commit string
	lines        int
	inPart       bool // some packages do not type-check
	given        [len(levels)]int
	judged       [len(levels)][3]int
}

// sum is how many findings of a level were judged.
func (t *tally) sum(l level) int {
	n := 0
	for _, c := range t.judged[l] {
		n += c
	}
	return n
}

func (t *tally) add(o *tally) {
	t.lines += o.lines
	for l := range levels {
		t.given[l] += o.given[l]
		for v := range o.judged[l] {
			t.judged[l][v] += o.judged[l][v]
		}
	}
}

// A scored is a judged sheet.
type scored struct {
	byName map[string]*tally // the key is the whole name
	failed []string
}

// score prints the table for a judged sheet.
func score(w io.Writer, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	s, err := readSheet(name, string(data))
	if err != nil {
		return err
	}
	s.print(w)
	return nil
}

// readSheet reads a judged sheet. Its errors name the lines.
func readSheet(name, text string) (*scored, error) {
	header, rest, _ := strings.Cut(text, "\n")
	if strings.TrimRight(header, "\r") != columns {
		return nil, fmt.Errorf("%s:1: the columns are %q; want %q", name, header, columns)
	}
	s := &scored{byName: map[string]*tally{}}
	var errs []error
	n := 1
	for line := range strings.Lines(rest) {
		n++
		if err := s.line(strings.Split(strings.TrimRight(line, "\r\n"), "\t")); err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, n, err))
		}
	}
	if len(errs) == 0 {
		errs = s.missing(name)
	}
	return s, errors.Join(errs...)
}

func (s *scored) line(cells []string) error {
	switch {
	case len(cells) == 1 && cells[0] == "":
		return nil
	case cells[0] == ranMark:
		return s.ran(cells[1:])
	case cells[0] == failedMark && len(cells) > 1:
		s.failed = append(s.failed, path.Base(cells[1]))
		return nil
	case strings.HasPrefix(cells[0], "#"):
		return nil
	}
	return s.finding(cells)
}

// ran reads which module was run, and what was found there.
func (s *scored) ran(cells []string) error {
	if len(cells) < 2 || !isCommit.MatchString(cells[1]) {
		return errors.New("want a repository and its commit after " + ranMark)
	}
	t := s.byName[cells[0]]
	if t == nil {
		t = &tally{name: path.Base(cells[0]), commit: cells[1]}
		s.byName[cells[0]] = t
	}
	if t.commit != cells[1] {
		return fmt.Errorf("%s was run at %s and at %s; judge one of them", cells[0], t.commit, cells[1])
	}
	for _, c := range cells[2:] {
		key, value, _ := strings.Cut(c, "=")
		if key == "module" || c == "" {
			continue
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%q is no number", c)
		}
		switch key {
		case "lines":
			t.lines += n
		case "illtyped":
			t.inPart = t.inPart || n > 0
		case levels[byDefault]:
			t.given[byDefault] += n
		case levels[onlyStrict]:
			t.given[onlyStrict] += n
		default:
			return fmt.Errorf("%q is not known; want lines, illtyped, default and strict", c)
		}
	}
	return nil
}

// finding reads the verdict on a finding.
func (s *scored) finding(cells []string) error {
	if n := strings.Count(columns, "\t") + 1; len(cells) > n || len(cells) < 5 {
		return fmt.Errorf("%d cells; want the %d of the first line", len(cells), n)
	}
	cells = append(cells, "", "") // an editor may strip the last ones
	t := s.byName[cells[0]]
	if t == nil {
		return fmt.Errorf("no line above says that %s was run; keep those that start with %s", cells[0], ranMark)
	}
	l := slices.Index(levels[:], cells[3])
	if l < 0 {
		return fmt.Errorf("%q is no level; want %s", cells[3], strings.Join(levels[:], " or "))
	}
	want := verdicts[l]
	v := slices.Index(want[:], strings.TrimSpace(cells[5]))
	switch {
	case v < 0 && cells[5] == "":
		return fmt.Errorf("%s has no verdict; write %s, %s or %s", cells[1], want[0], want[1], want[2])
	case v < 0:
		return fmt.Errorf("%q is no verdict on a finding of this level; write %s, %s or %s", cells[5], want[0], want[1], want[2])
	case strings.TrimSpace(cells[6]) == "":
		return fmt.Errorf("%s has no reason; say what in the source decided", cells[1])
	}
	t.judged[l][v]++
	return nil
}

// missing tells where findings of the default were struck from the sheet, or added.
func (s *scored) missing(name string) []error {
	var errs []error
	for _, t := range s.tallies() {
		if n := t.sum(byDefault); n != t.given[byDefault] {
			errs = append(errs, fmt.Errorf("%s: %s had %d findings by default, of which %d are here; restore the lines", name, t.name, t.given[byDefault], n))
		}
	}
	return errs
}

// tallies are in the order of the table: the most findings first.
func (s *scored) tallies() []*tally {
	var all []*tally
	for _, t := range s.byName {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *tally) int {
		return cmp.Or(cmp.Compare(b.sum(byDefault), a.sum(byDefault)), cmp.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), cmp.Compare(a.commit, b.commit))
	})
	return all
}

func (s *scored) print(w io.Writer) {
	row(w, "repository", "commit", "findings", "true", "debatable", "false", "precision", "per 100,000 lines", "`-strict` only: worth asking, noise, false")
	row(w, slices.Repeat([]string{"---"}, 9)...)
	var all tally
	tallies := s.tallies()
	for _, t := range tallies {
		all.add(t)
		name := t.name
		if t.inPart {
			name += " (in part)"
		}
		row(w, append([]string{name, t.commit[:8]}, t.cells()...)...)
	}
	total := append([]string{fmt.Sprintf("%d repositories", len(tallies)), ""}, all.cells()...)
	for i, c := range total {
		if c != "" {
			total[i] = "**" + c + "**"
		}
	}
	row(w, total...)
	right := all.judged[byDefault][0]
	fmt.Fprintf(w, "\n%d lines with tests: %s true findings per 100,000.", all.lines, per100000(right, all.lines))
	if all.given[onlyStrict] > 0 {
		fmt.Fprintf(w, " Of %d findings that only -strict gives, %d were judged.", all.given[onlyStrict], all.sum(onlyStrict))
	}
	fmt.Fprintln(w)
	if len(s.failed) > 0 {
		slices.Sort(s.failed)
		fmt.Fprintf(w, "Not run: %s.\n", strings.Join(slices.Compact(s.failed), ", "))
	}
}

// row writes a line of the table.
func row(w io.Writer, cells ...string) {
	for _, c := range cells {
		fmt.Fprint(w, strings.TrimRight("| "+c, " ")+" ")
	}
	fmt.Fprintln(w, "|")
}

// cells are those of the table that hold figures.
func (t *tally) cells() []string {
	n := t.sum(byDefault)
	cells := []string{strconv.Itoa(n)}
	for _, c := range t.judged[byDefault] {
		cells = append(cells, some(c))
	}
	precision, dense := "", ""
	if n > 0 {
		precision = fmt.Sprintf("%.0f %%", 100*float64(t.judged[byDefault][0])/float64(n))
		dense = per100000(n, t.lines)
	}
	strict := ""
	if t.sum(onlyStrict) > 0 {
		s := t.judged[onlyStrict]
		strict = fmt.Sprintf("%d, %d, %d", s[0], s[1], s[2])
	}
	return append(cells, precision, dense, strict)
}

// some is a number, and nothing for none.
func some(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func per100000(n, lines int) string {
	if lines == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", 1e5*float64(n)/float64(lines))
}
