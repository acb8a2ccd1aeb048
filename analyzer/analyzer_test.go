package analyzer_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var only = flag.String("only", "", "the folders of testdata to check, comma-separated; empty: all")

// The packages of testdata import real libraries, and say in want comments what is found there, as
// for analysistest. They are run through the go command, as users run them: facts travel between
// packages in its files, and its cache makes the second run quick. (analysistest type-checks all
// dependencies from source in every run and encodes each fact once for every package above it.)
func TestRules(t *testing.T) {
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	tool := filepath.Join(t.TempDir(), "poollint")
	if out, err := exec.Command("go", "build", "-o", tool, "../cmd/poollint").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	all := packages(t, dir)
	if *only != "" {
		all = slices.DeleteFunc(all, func(pkg string) bool {
			rel, err := filepath.Rel(dir, pkg)
			return err != nil || !slices.Contains(strings.Split(*only, ","), strings.Split(filepath.ToSlash(rel), "/")[0])
		})
	}
	strict := func(dir string) bool { return filepath.Base(dir) == "strict" }
	check(t, dir, slices.DeleteFunc(slices.Clone(all), strict), tool)
	check(t, dir, slices.DeleteFunc(all, func(dir string) bool { return !strict(dir) }), tool, "-strict")
}

// packages lists the folders that hold Go files, without nested modules.
func packages(t *testing.T, root string) []string {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() || path == root {
			return err
		}
		if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil || d.Name() == "testdata" {
			return fs.SkipDir
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) > 0 {
			dirs = append(dirs, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

type diagnostic struct {
	Category, Posn, Message string
	SuggestedFixes          []struct {
		Edits []struct {
			Filename   string
			Start, End int
			New        string
		}
	} `json:"suggested_fixes"`
}

// check runs the tool over packages and compares what it finds with their want comments, and what
// its first fixes make of a file with the file's .golden.
func check(t *testing.T, root string, dirs []string, tool string, flags ...string) {
	if len(dirs) == 0 {
		return
	}
	args := append([]string{"vet", "-vettool=" + tool, "-json", "-checks=all", "-trouble"}, flags...)
	for _, d := range dirs {
		rel, err := filepath.Rel(root, d)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, "./"+filepath.ToSlash(rel))
	}
	cmd := exec.Command("go", args...)
	cmd.Dir = root
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || strings.Contains(stderr.String(), "gave up") {
		t.Fatalf("go %s: %v\n%s\nthe modules of testdata must be there: run go mod download in testdata first", strings.Join(args, " "), err, stderr.String())
	}
	got := decode(t, string(out))
	wants := wanted(t, dirs)
	for _, d := range got {
		file, line := place(t, d.Posn)
		key := fmt.Sprintf("%s:%d", file, line)
		i := slices.IndexFunc(wants[key], func(re *regexp.Regexp) bool { return re.MatchString(d.Message) })
		if i < 0 {
			t.Errorf("%s: unexpected: %s", key, d.Message)
			continue
		}
		if !strings.HasPrefix(d.Message, d.Category+": ") {
			t.Errorf("%s: message of category %q does not start with it: %s", key, d.Category, d.Message)
		}
		wants[key] = slices.Delete(wants[key], i, i+1)
	}
	for key, res := range wants {
		for _, re := range res {
			t.Errorf("%s: nothing found that matches %q", key, re)
		}
	}
	checkFixes(t, dirs, got)
}

func decode(t *testing.T, out string) []diagnostic {
	var all []diagnostic
	dec := json.NewDecoder(strings.NewReader(out))
	for {
		var tree map[string]map[string]json.RawMessage
		if err := dec.Decode(&tree); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go vet -json: %v\n%s", err, out)
		}
		for pkg, byAnalyzer := range tree {
			for _, raw := range byAnalyzer {
				var ds []diagnostic
				if err := json.Unmarshal(raw, &ds); err != nil {
					t.Errorf("%s: %s", pkg, raw)
				}
				all = append(all, ds...)
			}
		}
	}
}

func place(t *testing.T, posn string) (file string, line int) {
	parts := strings.Split(posn, ":")
	line, err := strconv.Atoi(parts[len(parts)-2])
	if err != nil {
		t.Fatalf("position %q: %v", posn, err)
	}
	return strings.Join(parts[:len(parts)-2], ":"), line
}

var wantRE = regexp.MustCompile("(?://|/\\*) want ([`\"].*)")

// wanted reads the want comments: a regular expression in quotes for each finding on the line.
func wanted(t *testing.T, dirs []string) map[string][]*regexp.Regexp {
	wants := map[string][]*regexp.Regexp{}
	for _, dir := range dirs {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(src), "\n") {
				m := wantRE.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				for rest := m[1]; strings.HasPrefix(rest, "`") || strings.HasPrefix(rest, `"`); {
					q, err := strconv.QuotedPrefix(rest)
					if err != nil {
						t.Fatalf("%s:%d: %v", file, i+1, err)
					}
					text, _ := strconv.Unquote(q)
					re, err := regexp.Compile(text)
					if err != nil {
						t.Fatalf("%s:%d: %v", file, i+1, err)
					}
					key := fmt.Sprintf("%s:%d", file, i+1)
					wants[key] = append(wants[key], re)
					rest = strings.TrimSpace(rest[len(q):])
				}
			}
		}
	}
	return wants
}

// checkFixes applies the first fix of each finding. What comes of it must parse, be formatted, and
// be what the .golden file beside it says.
func checkFixes(t *testing.T, dirs []string, got []diagnostic) {
	type edit struct {
		start, end int
		text       string
	}
	edits := map[string][]edit{}
	for _, d := range got {
		if len(d.SuggestedFixes) == 0 {
			continue
		}
		for _, e := range d.SuggestedFixes[0].Edits {
			edits[e.Filename] = append(edits[e.Filename], edit{e.Start, e.End, e.New})
		}
	}
	for file, es := range edits {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(es, func(a, b edit) int { return b.start - a.start })
		es = slices.Compact(es)
		for _, e := range es {
			src = slices.Concat(src[:e.start], []byte(e.text), src[e.end:])
		}
		if _, err := parser.ParseFile(token.NewFileSet(), file, src, 0); err != nil {
			t.Errorf("%s: after its fixes: %v\n%s", file, err, src)
			continue
		}
		if formatted, err := format.Source(src); err == nil {
			src = formatted
		}
		golden, err := os.ReadFile(file + ".golden")
		if err != nil {
			t.Errorf("%s has fixes, and no golden file; they make it\n%s", file, src)
		} else if string(golden) != string(src) {
			t.Errorf("%s: its fixes do not make its golden file, but\n%s", file, src)
		}
	}
	for _, dir := range dirs {
		goldens, _ := filepath.Glob(filepath.Join(dir, "*.golden"))
		for _, g := range goldens {
			if edits[strings.TrimSuffix(g, ".golden")] == nil {
				t.Errorf("%s: nothing is fixed there", g)
			}
		}
	}
}
