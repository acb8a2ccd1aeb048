package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// manifest is the name of the list of faults in the folder with the broken trees.
const manifest = "seeds.tsv"

// A seed is a fault as the manifest has it.
type seed struct {
	tree      string // the folder
	file      string // in the tree
	line      int    // where a finding is expected
	kind      string
	rule      string
	functions []span // where it may be reported instead
	note      string // what was done
}

// A span is the lines of a function.
type span struct {
	file        string
	first, last int
}

func (s span) String() string { return fmt.Sprintf("%s:%d-%d", s.file, s.first, s.last) }

const manifestColumns = "tree\tfile:line\tkind\trule\tfunctions\tfault"

func writeManifest(dir string, seeds []seed) error {
	var b strings.Builder
	fmt.Fprintln(&b, manifestColumns)
	for _, s := range seeds {
		var spans []string
		for _, f := range s.functions {
			spans = append(spans, f.String())
		}
		fmt.Fprintf(&b, "%s\t%s:%d\t%s\t%s\t%s\t%s\n", s.tree, s.file, s.line, s.kind, s.rule, strings.Join(spans, ","), s.note)
	}
	return os.WriteFile(filepath.Join(dir, manifest), []byte(b.String()), 0o666)
}

func readManifest(dir string) ([]seed, error) {
	name := filepath.Join(dir, manifest)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w: make it with seed %s DIR", err, dir)
	}
	var seeds []seed
	var errs []error
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if line = strings.TrimRight(line, "\r\n"); n == 1 && line == manifestColumns || line == "" {
			continue
		}
		s, err := parseSeed(strings.Split(line, "\t"))
		if err != nil {
			errs = append(errs, fmt.Errorf("%s:%d: %w", name, n, err))
			continue
		}
		seeds = append(seeds, s)
	}
	return seeds, errors.Join(errs...)
}

func parseSeed(cells []string) (seed, error) {
	if len(cells) != 6 {
		return seed{}, fmt.Errorf("%d cells; want tree, file:line, kind, rule, functions and fault, separated by tabs", len(cells))
	}
	s := seed{tree: cells[0], kind: cells[2], rule: cells[3], note: cells[5]}
	var ok bool
	if s.file, s.line, ok = parsePlace(cells[1]); !ok {
		return s, fmt.Errorf("%q is no place; want file:line", cells[1])
	}
	for text := range strings.SplitSeq(cells[4], ",") {
		place, last := text, ""
		if i := strings.LastIndexByte(text, '-'); i >= 0 { // a path may have some, too
			place, last = text[:i], text[i+1:]
		}
		var f span
		if f.file, f.first, ok = parsePlace(place); ok {
			var err error
			f.last, err = strconv.Atoi(last)
			ok = err == nil
		}
		if !ok {
			return s, fmt.Errorf("%q is no function; want file:first-last", text)
		}
		s.functions = append(s.functions, f)
	}
	return s, nil
}

func parsePlace(text string) (file string, line int, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 1 {
		return "", 0, false
	}
	line, err := strconv.Atoi(text[i+1:])
	return text[:i], line, err == nil
}
