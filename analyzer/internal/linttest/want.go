package linttest

import (
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A Finding is a diagnostic whose positions are resolved.
type Finding struct {
	Place
	Rule, Message string
	Edits         []Edit // of its first fix
}

// A Place is a line of a file.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// An Edit replaces bytes of a file.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// Finding resolves the positions of a diagnostic.
func (p *Package) Finding(d analysis.Diagnostic) Finding {
	pos := p.Fset.Position(d.Pos)
	f := Finding{Place: Place{pos.Filename, pos.Line}, Rule: d.Category, Message: d.Message}
	if len(d.SuggestedFixes) > 0 {
		for _, e := range d.SuggestedFixes[0].TextEdits {
			from := p.Fset.Position(e.Pos)
			to := from
			if e.End.IsValid() {
				to = p.Fset.Position(e.End)
			}
			f.Edits = append(f.Edits, Edit{from.Filename, from.Offset, to.Offset, string(e.NewText)})
		}
	}
	return f
}

var wantRE = regexp.MustCompile("(?://|/\\*) want ([`\"].*)")

// Wants reads the want comments of the packages in dirs: a regular expression in quotes for each
// finding on the line, as for analysistest.
func Wants(t testing.TB, dirs []string) map[Place][]*regexp.Regexp {
	t.Helper()
	wants := map[Place][]*regexp.Regexp{}
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
				at := Place{file, i + 1}
				for rest := m[1]; strings.HasPrefix(rest, "`") || strings.HasPrefix(rest, `"`); {
					q, err := strconv.QuotedPrefix(rest)
					if err != nil {
						t.Fatalf("%s: %v", at, err)
					}
					text, _ := strconv.Unquote(q)
					re, err := regexp.Compile(text)
					if err != nil {
						t.Fatalf("%s: %v", at, err)
					}
					wants[at] = append(wants[at], re)
					rest = strings.TrimSpace(rest[len(q):])
				}
			}
		}
	}
	return wants
}

// Expect compares what is found in the packages in dirs with their want comments, and what the
// first fixes make of a file with the file's .golden.
func Expect(t *testing.T, dirs []string, found []Finding) {
	t.Helper()
	wants := Wants(t, dirs)
	for _, f := range found {
		i := slices.IndexFunc(wants[f.Place], func(re *regexp.Regexp) bool { return re.MatchString(f.Message) })
		if i < 0 {
			t.Errorf("%s: unexpected: %s", f.Place, f.Message)
			continue
		}
		if !strings.HasPrefix(f.Message, f.Rule+": ") {
			t.Errorf("%s: message of category %q does not start with it: %s", f.Place, f.Rule, f.Message)
		}
		wants[f.Place] = slices.Delete(wants[f.Place], i, i+1)
	}
	for at, res := range wants {
		for _, re := range res {
			t.Errorf("%s: nothing found that matches %q", at, re)
		}
	}
	expectFixes(t, dirs, found)
}

// expectFixes applies the first fix of each finding. What comes of it must parse, be formatted, and
// be what the .golden file beside it says.
func expectFixes(t *testing.T, dirs []string, found []Finding) {
	t.Helper()
	edits := map[string][]Edit{}
	for _, f := range found {
		for _, e := range f.Edits {
			edits[e.File] = append(edits[e.File], e)
		}
	}
	for file, es := range edits {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(es, func(a, b Edit) int { return b.Start - a.Start })
		es = slices.Compact(es)
		for _, e := range es {
			src = slices.Concat(src[:e.Start], []byte(e.New), src[e.End:])
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
