package linttest

import (
	"fmt"
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

	"github.com/poollint/poollint/analyzer/internal/verdict"
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

// A Conclusion is a verdict whose position is resolved.
type Conclusion struct {
	Place
	verdict.Verdict
}

// Conclusion resolves the position of a verdict.
func (p *Package) Conclusion(v verdict.Verdict) Conclusion {
	pos := p.Fset.Position(v.Pos)
	return Conclusion{Place{pos.Filename, pos.Line}, v}
}

// A Silence is a rule that must be silent, and what each of its reasons says.
type Silence struct {
	Rule    string
	Reasons []*regexp.Regexp
}

var (
	wantRE   = regexp.MustCompile("(?://|/\\*) want ([`\"].*)")
	silentRE = regexp.MustCompile(`(?://|/\*) silent: (.*)`)
	ruleRE   = regexp.MustCompile(`^(\w+) +`)
)

// Wants reads the want comments of the packages in dirs: a regular expression in quotes for each
// finding on the line, as for analysistest.
func Wants(t testing.TB, dirs []string) map[Place][]*regexp.Regexp {
	t.Helper()
	wants := map[Place][]*regexp.Regexp{}
	eachComment(t, dirs, wantRE, func(at Place, text string) {
		wants[at], _ = quoted(t, at, text)
	})
	return wants
}

// Silences reads the silent comments of the packages in dirs:
//
//	// silent: unbounded "acquired first"
//
// names a rule that gives the line a silent verdict, with a regular expression in quotes for each of
// its reasons. More rules may follow.
func Silences(t testing.TB, dirs []string) map[Place][]Silence {
	t.Helper()
	silences := map[Place][]Silence{}
	eachComment(t, dirs, silentRE, func(at Place, text string) {
		for m := ruleRE.FindStringSubmatch(text); m != nil; m = ruleRE.FindStringSubmatch(text) {
			s := Silence{Rule: m[1]}
			s.Reasons, text = quoted(t, at, text[len(m[0]):])
			if len(s.Reasons) == 0 {
				break
			}
			silences[at] = append(silences[at], s)
		}
		if len(silences[at]) == 0 {
			t.Fatalf("%s: a silent comment has a rule and its reasons in quotes, not %s", at, text)
		}
	})
	return silences
}

// eachComment calls f with what follows a comment's mark.
func eachComment(t testing.TB, dirs []string, mark *regexp.Regexp, f func(at Place, text string)) {
	t.Helper()
	for _, dir := range dirs {
		files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(src), "\n") {
				if m := mark.FindStringSubmatch(line); m != nil {
					f(Place{file, i + 1}, m[1])
				}
			}
		}
	}
}

// quoted reads regular expressions in quotes, and returns the text behind them.
func quoted(t testing.TB, at Place, text string) (res []*regexp.Regexp, rest string) {
	t.Helper()
	for rest = text; strings.HasPrefix(rest, "`") || strings.HasPrefix(rest, `"`); {
		q, err := strconv.QuotedPrefix(rest)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		s, _ := strconv.Unquote(q)
		re, err := regexp.Compile(s)
		if err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		res = append(res, re)
		rest = strings.TrimSpace(rest[len(q):])
	}
	return res, rest
}

// ExpectSilence compares what the rules conclude in the packages in dirs with their silent comments:
// a rule that looked at the place, is silent there, and for no other reasons.
func ExpectSilence(t testing.TB, dirs []string, concluded []Conclusion) {
	t.Helper()
	byPlace := map[Place][]Conclusion{}
	for _, c := range concluded {
		byPlace[c.Place] = append(byPlace[c.Place], c)
	}
	for at, silences := range Silences(t, dirs) {
		for _, s := range silences {
			if why := s.missing(byPlace[at]); why != "" {
				t.Errorf("%s: %s %s", at, s.Rule, why)
			}
		}
	}
}

// missing says why none of the conclusions on a line is the silence, or "".
func (s *Silence) missing(here []Conclusion) (why string) {
	why = "gives no verdict"
	for _, c := range here {
		switch {
		case c.Rule != s.Rule:
		case c.Level != verdict.Silent:
			why = fmt.Sprintf("is not silent: %s: %s", c.Level, c.Message)
		default:
			var against []string
			for _, r := range c.Reasons {
				if !r.For {
					against = append(against, r.Text)
				}
			}
			if each(s.Reasons, against) {
				return ""
			}
			why = fmt.Sprintf("is silent because %q, want what matches %q", against, s.Reasons)
		}
	}
	return why
}

// each reports whether each expression matches a text, and each text is matched.
func each(res []*regexp.Regexp, texts []string) bool {
	for _, re := range res {
		if !slices.ContainsFunc(texts, re.MatchString) {
			return false
		}
	}
	for _, text := range texts {
		if !slices.ContainsFunc(res, func(re *regexp.Regexp) bool { return re.MatchString(text) }) {
			return false
		}
	}
	return true
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
