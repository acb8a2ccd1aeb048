package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// A finding is one of a linter, in a file of a tree.
type finding struct {
	file string
	line int
	rule string // the word that its message starts with
}

// A scoring compares findings with faults.
type scoring struct {
	before  string
	any     bool
	verbose bool
}

// An outcome is what a linter says of a fault.
type outcome int

const (
	missed    outcome = iota
	found             // by a finding that counts
	otherRule         // only findings of other rules are in its function
	had               // its rule was reported there before
	outcomes
)

// score prints of how many faults of each kind there is a finding.
func (o scoring) score(w io.Writer, dir string, files []string) error {
	seeds, err := readManifest(dir)
	if err != nil {
		return err
	}
	now, was := map[string][]finding{}, map[string][]finding{}
	for _, name := range files {
		tree := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		if !slices.ContainsFunc(seeds, func(s seed) bool { return s.tree == tree }) {
			continue // nothing was broken there
		}
		if now[tree], err = readFindings(name, tree); err != nil {
			return err
		}
		if o.before == "" {
			continue
		}
		was[tree], err = readFindings(filepath.Join(o.before, filepath.Base(name)), tree)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: run the linter over %s as it was", err, tree)
		} else if err != nil {
			return err
		}
	}
	counts := map[string]*[outcomes]int{}
	without := map[string]int{}
	var misses []string
	for _, s := range seeds {
		if _, ok := now[s.tree]; !ok {
			without[s.tree]++
			continue
		}
		if counts[s.kind] == nil {
			counts[s.kind] = new([outcomes]int)
		}
		result := o.outcome(s, now[s.tree], was[s.tree])
		counts[s.kind][result]++
		if result == missed || result == otherRule {
			misses = append(misses, fmt.Sprintf("%s\t%s/%s:%d\t%s", s.kind, s.tree, s.file, s.line, s.note))
		}
	}
	if o.verbose {
		for _, m := range misses {
			fmt.Fprintln(w, m)
		}
	}
	table(w, counts)
	var errs []error
	for _, tree := range slices.Sorted(maps.Keys(without)) {
		errs = append(errs, fmt.Errorf("%d faults in %s are not counted, since no findings are given: name their file %s.txt", without[tree], tree, tree))
	}
	return errors.Join(errs...)
}

// outcome compares a fault with the findings of its tree, and with those before.
func (o scoring) outcome(s seed, now, was []finding) outcome {
	result := missed
	for _, f := range now {
		if slices.Contains(was, f) {
			continue
		}
		exact := f.file == s.file && f.line == s.line
		switch {
		case exact, s.within(f) && (o.any || f.rule == s.rule):
			return found
		case s.within(f):
			result = otherRule
		}
	}
	if slices.ContainsFunc(was, func(f finding) bool { return s.within(f) && (o.any || f.rule == s.rule) }) {
		return had
	}
	return result
}

// within reports whether a finding is in one of the fault's functions.
func (s seed) within(f finding) bool {
	return slices.ContainsFunc(s.functions, func(fn span) bool { return fn.file == f.file && fn.first <= f.line && f.line <= fn.last })
}

var isFinding = regexp.MustCompile(`^(\S.*?\.go):(\d+):(?:\d+:)? (.*)`)

// readFindings reads what was found in a tree. Lines of another form, such as related positions, are passed
// over.
func readFindings(name, tree string) ([]finding, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	all := []finding{}
	for line := range strings.Lines(string(data)) {
		m := isFinding.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(m[2])
		if err != nil {
			continue
		}
		rule, _, _ := strings.Cut(m[3], ":")
		all = append(all, finding{inTree(m[1], tree), n, rule})
	}
	return all, nil
}

// inTree is a file's name in a tree, from one that may start above it.
func inTree(name, tree string) string {
	name = filepath.ToSlash(name)
	if i := strings.LastIndex("/"+name, "/"+tree+"/"); i >= 0 {
		return name[i+len(tree)+1:]
	}
	return strings.TrimPrefix(name, "./")
}

func table(w io.Writer, counts map[string]*[outcomes]int) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "kind\trule\tfaults\tfound\tother rule\treported before")
	var all [outcomes]int
	row := func(name, rule string, n *[outcomes]int) {
		faults := n[missed] + n[found] + n[otherRule]
		fmt.Fprintf(tw, "%s\t%s\t%d\t%d\t%d\t%d\n", name, rule, faults, n[found], n[otherRule], n[had])
	}
	for _, k := range kinds {
		n := counts[k.name]
		if n == nil {
			continue
		}
		row(k.name, k.rule, n)
		for i := range all {
			all[i] += n[i]
		}
	}
	row("all", "", &all)
	tw.Flush()
}
