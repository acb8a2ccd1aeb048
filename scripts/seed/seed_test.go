package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/types"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/scripts/internal/checkout"
)

var update = flag.Bool("update", false, "write what is broken, and where, into testdata")

// Each kind breaks what its example shows and nothing else; the broken code type-checks, no line moves, and
// poollint finds nothing in the code as it was, and of the faults those that the example says.
func TestKinds(t *testing.T) {
	examples := map[string]*txtar.Archive{}
	dir := t.TempDir()
	right := filepath.Join(dir, "right")
	for _, k := range kinds {
		a, err := txtar.ParseFile(filepath.Join("testdata", k.name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		examples[k.name] = a
		put(t, filepath.Join(right, k.name, "p.go"), string(data(a, "right.go")))
	}
	putModule(t, dir)
	pkgs, err := load(dir, "./...")
	if err != nil {
		t.Fatal(err)
	}
	seeds := map[string][]seed{}
	broken := filepath.Join(dir, "broken")
	for _, p := range pkgs {
		for _, e := range p.Errors {
			t.Fatal(e)
		}
		s, err := newSource(p, right)
		if err != nil {
			t.Fatal(err)
		}
		k := kinds[slices.IndexFunc(kinds, func(k kind) bool { return k.name == path.Base(p.PkgPath) })]
		b := &breaker{kinds: []kind{k}, made: map[string]int{}}
		faults := b.faults(s)
		if b.takenBack > 0 {
			t.Errorf("%s: %d faults do not type-check", k.name, b.takenBack)
		}
		for name, text := range s.broken(faults) {
			put(t, filepath.Join(broken, name), string(text))
		}
		for _, m := range faults {
			seeds[k.name] = append(seeds[k.name], m.seed("broken"))
		}
	}
	m, err := checkout.Load(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.IllTyped > 0 {
		t.Errorf("%d packages do not type-check", m.IllTyped)
	}
	byDefault, strict := findings(t, m, dir, false), findings(t, m, dir, true)
	for _, f := range byDefault["right"] {
		t.Errorf("%s:%d: %s is found in the code as it was", f.file, f.line, f.rule)
	}
	for _, k := range kinds {
		var said strings.Builder
		for _, s := range seeds[k.name] {
			fmt.Fprintf(&said, "%d: %s", s.line, s.note)
			switch o := (scoring{}).outcome(s, byDefault["broken"], nil); {
			case o == found:
			case (scoring{}).outcome(s, strict["broken"], nil) == found:
				said.WriteString(" (found with -strict)")
			case o == otherRule:
				said.WriteString(" (found by another rule)")
			default:
				said.WriteString(" (missed)")
			}
			said.WriteString("\n")
		}
		compare(t, examples[k.name], k.name, []byte(read(t, filepath.Join(broken, k.name, "p.go"))), said.String())
	}
}

// The types and methods in the tables are those of the libraries.
func TestExecutors(t *testing.T) {
	absent := []string{ants, "github.com/Jeffail/tunny", "go.uber.org/cadence/internal"} // testdata/catalog lacks them
	methods := map[[2]string][]string{}
	for _, e := range executors {
		methods[[2]string{e.path, e.name}] = slices.Concat(e.submits, e.refuses, e.closes)
	}
	for _, f := range futures {
		methods[[2]string{f.path, f.name}] = f.awaits
	}
	paths := map[string]bool{}
	for row := range methods {
		if !slices.Contains(absent, row[0]) && row[0] != "github.com/poollint/poollint/pool" {
			paths[row[0]] = true
		}
	}
	catalog, err := filepath.Abs("../../testdata/catalog")
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := load(catalog, slices.Sorted(maps.Keys(paths))...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pkgs {
		for row, names := range methods {
			if row[0] != p.PkgPath {
				continue
			}
			delete(paths, p.PkgPath)
			o := p.Types.Scope().Lookup(row[1])
			if o == nil {
				t.Errorf("%s has no %s", row[0], row[1])
				continue
			}
			for _, name := range names {
				if m, _, _ := types.LookupFieldOrMethod(o.Type(), true, p.Types, name); m == nil {
					t.Errorf("%s.%s has no %s", row[0], row[1], name)
				}
			}
		}
	}
	for path := range paths {
		t.Errorf("%s was not loaded", path)
	}
}

// compare compares what was broken with what an example expects, or updates it.
func compare(t *testing.T, a *txtar.Archive, name string, broken []byte, seeds string) {
	t.Helper()
	if *update {
		a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return f.Name != "right.go" })
		a.Files = append(a.Files, txtar.File{Name: "broken.go", Data: broken}, txtar.File{Name: "seeds", Data: []byte(seeds)})
		put(t, filepath.Join("testdata", name+".txtar"), string(txtar.Format(a)))
		return
	}
	if want := data(a, "broken.go"); !bytes.Equal(broken, want) {
		t.Errorf("%s: the code becomes\n%s\nwant\n%s", name, broken, want)
	}
	if want := string(data(a, "seeds")); seeds != want {
		t.Errorf("%s: the faults are\n%swant\n%s", name, seeds, want)
	}
	if n := bytes.Count(broken, []byte("\n")); n != bytes.Count(data(a, "right.go"), []byte("\n")) {
		t.Errorf("%s: the broken code has %d lines", name, n)
	}
}

func data(a *txtar.Archive, name string) []byte {
	for _, f := range a.Files {
		if f.Name == name {
			return f.Data
		}
	}
	return nil
}

// findings are those of poollint in a module, by the folder that they are in.
func findings(t *testing.T, m *checkout.Module, dir string, strict bool) map[string][]finding {
	t.Helper()
	a, err := analyzer.New(analyzer.Settings{Strict: strict})
	if err != nil {
		t.Fatal(err)
	}
	all, err := m.Findings(a)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]finding{}
	for _, d := range all {
		rel, err := filepath.Rel(dir, d.At.Filename)
		if err != nil {
			t.Fatal(err)
		}
		folder, file, _ := strings.Cut(filepath.ToSlash(rel), "/")
		found[folder] = append(found[folder], finding{file, d.At.Line, d.Category})
	}
	return found
}

// putModule makes the folder a module with the libraries of the rules' testdata.
func putModule(t *testing.T, dir string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	mod := read(t, filepath.Join(root, "analyzer", "testdata.mod"))
	put(t, filepath.Join(dir, "go.mod"), strings.Replace(mod, "=> ./", "=> "+root, 1))
	put(t, filepath.Join(dir, "go.sum"), read(t, filepath.Join(root, "analyzer", "testdata.sum")))
}

const small = `package small

import "sync"

func All(tasks []func()) {
	var wg sync.WaitGroup
	for _, task := range tasks[:3] {
		wg.Add(1)
		go func() {
			defer wg.Done()
			task()
		}()
	}
	wg.Wait()
}
`

// From modules to a table.
func TestRun(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "small"), filepath.Join(t.TempDir(), "broken")
	put(t, filepath.Join(dir, "go.mod"), "module small\n\ngo 1.26\n\nrequire beside v1.0.0\n\nreplace beside => ../beside\n")
	put(t, filepath.Join(dir, "small.go"), small)
	put(t, filepath.Join(dir, "small_test.go"), strings.ReplaceAll(small, "All", "Test"))
	put(t, filepath.Join(dir, "more", "more.go"), strings.ReplaceAll(small, "package small", "package more"))
	put(t, filepath.Join(dir, "made.go"), "// Code generated by hand. DO NOT EDIT.\n\n"+strings.ReplaceAll(small, "All", "Made"))
	put(t, filepath.Join(dir, "..", "beside", "go.mod"), "module beside\n")
	gone := filepath.Join(t.TempDir(), "gone")
	err := run(io.Discard, "S2,W1", out, []string{gone, dir})
	wantError(t, err, gone)
	want := manifestColumns + `
small	small.go:9	S2	selfwait	small.go:5-15	wg.Wait() in its task
small	more/more.go:9	S2	selfwait	more/more.go:5-15	wg.Wait() in its task
`
	if got := read(t, filepath.Join(out, manifest)); got != want {
		t.Errorf("the manifest is\n%s\nwant\n%s", got, want)
	}
	if got := read(t, filepath.Join(out, "small", "small.go")); got != strings.Replace(small, "go func() {", "go func() { wg.Wait();", 1) {
		t.Errorf("the broken code is\n%s", got)
	}
	if got := read(t, filepath.Join(out, "small", "go.mod")); !strings.Contains(got, "=> "+filepath.Dir(dir)) {
		t.Errorf("what is beside the module cannot be found from the copy:\n%s", got)
	}

	err = run(io.Discard, "", out, []string{dir})
	wantError(t, err, "holds faults already: remove it, or give another folder")
	err = run(io.Discard, "S2,X9", t.TempDir(), []string{dir})
	wantError(t, err, `there is no kind "X9"; -h lists them`)

	now, was := filepath.Join(t.TempDir(), "small.txt"), filepath.Join(t.TempDir(), "small.txt")
	put(t, now, "/somewhere/small/small.go:7:2: selfwait: waits\n/somewhere/small/more/more.go:10:2: other: says\n\trelated.go:1:1: here\n")
	put(t, was, "small.go:12:3: selfwait: waits\n")
	for _, test := range []struct {
		name string
		scoring
		want string // faults, found, other rule, reported before
	}{
		{"rules", scoring{}, "2 1 1 0"},
		{"any", scoring{any: true}, "2 2 0 0"},
		{"before", scoring{before: filepath.Dir(was)}, "2 1 1 0"},
		{"the same before", scoring{before: filepath.Dir(now)}, "1 0 0 1"},
	} {
		var table strings.Builder
		if err := test.score(&table, out, []string{now}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(table.String()), "\n")
		if got := strings.Join(strings.Fields(lines[len(lines)-1])[1:], " "); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
	var said strings.Builder
	if err := (scoring{verbose: true}).score(&said, out, []string{now}); err != nil || !strings.HasPrefix(said.String(), "S2\tsmall/more/more.go:9\twg.Wait() in its task\n") {
		t.Errorf("%v, and the missed ones are\n%s", err, &said)
	}
	err = scoring{}.score(io.Discard, out, []string{"other.txt"})
	wantError(t, err, "2 faults in small are not counted, since no findings are given: name their file small.txt")
	err = scoring{before: t.TempDir()}.score(io.Discard, out, []string{now})
	wantError(t, err, "run the linter over small as it was")
}

func TestReadManifest(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb.go:1\tW1\n": ":1: 3 cells; want tree, file:line, kind, rule, functions and fault, separated by tabs",
		manifestColumns + "\nt\tb.go\tW1\tunawaited\tb.go:1-3\tnote\n": `:2: "b.go" is no place; want file:line`,
		"t\tb.go:1\tW1\tunawaited\tb.go:1-x\tnote\n":                   `:1: "b.go:1-x" is no function; want file:first-last`,
	} {
		dir := t.TempDir()
		put(t, filepath.Join(dir, manifest), text)
		_, err := readManifest(dir)
		wantError(t, err, manifest+want)
	}
	_, err := readManifest(t.TempDir())
	wantError(t, err, "make it with seed ")

	dir := t.TempDir()
	put(t, filepath.Join(dir, manifest), "t\ta-b/c.go:2\tW1\tunawaited\ta-b/c.go:1-3\tnote\n")
	seeds, err := readManifest(dir)
	if err != nil || len(seeds) != 1 || !slices.Equal(seeds[0].functions, []span{{"a-b/c.go", 1, 3}}) {
		t.Errorf("a path with a dash: got %v, %v", seeds, err)
	}
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got the error %v, want %q in it", err, want)
	}
}
