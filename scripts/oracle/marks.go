package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The line above a function in a folder of examples says what the runtime found, and where poollint
// says otherwise.
var marks = map[outcome]string{
	quiet:       "// fine",
	falseReport: "// fine, but reported",
	found:       "// leaks",
	elsewhere:   "// leaks, but something else is reported",
	missed:      "// leaks, but not reported",
}

// A mark is the line that an entry has and the one that it should have.
type mark struct {
	*entry
	line      int // of the function, from 0
	have, due string
}

// examples judges the packages in the folders, whose exported functions take choices.
func examples(dirs []string) ([]*mark, error) {
	m, err := newModule()
	if err != nil {
		return nil, err
	}
	defer m.remove()
	sources := map[string]string{} // the file of each copy
	for i, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(files) == 0 {
			return nil, errors.Join(err, fmt.Errorf("%s has no Go files", dir))
		}
		pkg := fmt.Sprintf("d%d", i)
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if err := m.add(pkg, filepath.Base(file), src); err != nil {
				return nil, err
			}
			sources[pkg+"/"+filepath.Base(file)] = file
		}
	}
	entries, err := m.judge(exampleRounds)
	if err != nil {
		return nil, err
	}
	var all []*mark
	for _, e := range entries {
		if e.ruined != "" {
			return nil, fmt.Errorf("%s: %s", e.name, e.ruined)
		}
		e.file = sources[e.pkg+"/"+filepath.Base(e.file)]
		k, err := e.mark()
		if err != nil {
			return nil, err
		}
		all = append(all, k)
	}
	return all, nil
}

func (e *entry) mark() (*mark, error) {
	src, err := os.ReadFile(e.file)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(src), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "func "+e.name+"(") })
	if i < 0 {
		return nil, fmt.Errorf("%s: no line starts with func %s(", e.file, e.name)
	}
	k := &mark{entry: e, line: i, due: marks[e.outcome()]}
	if above := lines[max(i-1, 0)]; strings.HasPrefix(above, "// fine") || strings.HasPrefix(above, "// leaks") {
		k.have = above
	}
	return k, nil
}

// write puts the marks that are due into the files.
func write(all []*mark) error {
	slices.SortFunc(all, func(a, b *mark) int { return b.line - a.line }) // from below, as lines move
	for _, k := range all {
		if k.have == k.due {
			continue
		}
		src, err := os.ReadFile(k.file)
		if err != nil {
			return err
		}
		lines := strings.Split(string(src), "\n")
		from := k.line
		if k.have != "" {
			from--
		}
		lines = slices.Replace(lines, from, k.line, k.due)
		if err := os.WriteFile(k.file, []byte(strings.Join(lines, "\n")), 0o666); err != nil {
			return err
		}
	}
	return nil
}

// compare prints the examples of which poollint says something else than the runtime, and returns
// how many have another mark than is due.
func compare(w io.Writer, all []*mark) int {
	var n counts
	stale := 0
	for _, k := range all {
		n[k.outcome()]++
		if k.have != k.due {
			fmt.Fprintf(w, "%s:%d: %s is marked %q, and %q is due\n", k.file, k.line+1, k.name, k.have, k.due)
			stale++
		} else if o := k.outcome(); o != quiet && o != found {
			fmt.Fprintf(w, "%s:%d: %s %s\n", k.file, k.line+1, k.name, strings.TrimPrefix(k.due, "// "))
		}
	}
	fmt.Fprintf(w, "%d leak, of which %d are found; %d do not, of which %d are reported\n",
		n.leaking(), n.found(), n.silent(), n[falseReport])
	return stale
}
