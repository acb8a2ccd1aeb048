package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A level is how much poollint is asked to report.
type level int

const (
	byDefault  level = iota
	onlyStrict       // given with -strict, and not by default
)

var levels = [...]string{byDefault: "default", onlyStrict: "strict"}

// A place is where a rule reports something; the file is relative to the repository.
type place struct {
	file         string
	line, column int
	rule         string
}

type finding struct {
	place
	level   level
	message string
}

// A ran is what was found in a module.
type ran struct {
	entry
	lines, illTyped int
	counts          [len(levels)]int
	findings        []finding
}

// A failure is a module that could not be run.
type failure struct {
	entry
	why string
}

// A sheet is what there is to judge.
type sheet struct {
	ran    []*ran
	failed []failure
}

// The columns of a sheet. Lines that start with one of the marks say what was run.
const (
	columns    = "repository\tfile:line\trule\tlevel\tmessage\tverdict\treason"
	ranMark    = "# ran"
	failedMark = "# failed"
)

// write writes the sheet with n of the findings that only -strict gives.
func (s *sheet) write(path string, n int) error {
	var b strings.Builder
	row := func(cells ...string) {
		for i, c := range cells {
			cells[i] = strings.Join(strings.Fields(c), " ")
		}
		fmt.Fprintln(&b, strings.Join(cells, "\t"))
	}
	b.WriteString(columns + "\n")
	var strict []finding
	for _, r := range s.ran {
		for _, f := range r.findings {
			if f.level == onlyStrict {
				strict = append(strict, f)
			}
		}
	}
	judged := map[int]bool{} // by the number among those of -strict
	for _, i := range evenly(len(strict), n) {
		judged[i] = true
	}
	nth := 0
	for _, r := range s.ran {
		cells := []string{ranMark, r.repository, r.commit}
		if r.module != "" {
			cells = append(cells, "module="+r.module)
		}
		row(append(cells,
			"lines="+strconv.Itoa(r.lines),
			"illtyped="+strconv.Itoa(r.illTyped),
			"default="+strconv.Itoa(r.counts[byDefault]),
			"strict="+strconv.Itoa(r.counts[onlyStrict]))...)
		for _, f := range r.findings {
			if f.level == onlyStrict {
				nth++
				if !judged[nth-1] {
					continue
				}
			}
			row(r.repository, fmt.Sprintf("%s:%d", f.file, f.line), f.rule, levels[f.level], f.message, "", "")
		}
	}
	for _, f := range s.failed {
		row(failedMark, f.repository, f.commit, f.why)
	}
	return os.WriteFile(path, []byte(b.String()), 0o666)
}

// evenly is n of the numbers below m, in equal steps from 0; all of them if there are no more.
func evenly(m, n int) []int {
	n = min(m, n)
	chosen := make([]int, n)
	for i := range chosen {
		chosen[i] = m * i / n
	}
	return chosen
}
