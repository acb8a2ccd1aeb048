package witness

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// module copies a program of testdata into a module of its own.
func module(t *testing.T, name string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", name))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module "+name+"\n\ngo 1.26\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// operations are what the analyzer knows of a module.
func operations(t *testing.T, dir string) []site.Operation {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: dir}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	a, err := analyzer.New(analyzer.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Flags.Set("sites", "true"); err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{a}, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var fs []finding.Finding
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			p := act.Package.Fset.Position(d.Pos)
			fs = append(fs, finding.Finding{Rule: d.Category, Message: d.Message, Package: act.Package.PkgPath, Pos: finding.Position{File: p.Filename, Line: p.Line, Column: p.Column}})
		}
	}
	return site.Operations(fs)
}

// profiles builds and runs a program, which writes its profile in each of the three forms.
func profiles(t *testing.T, dir string, flags ...string) [3]*profile.Profile {
	t.Helper()
	build := exec.Command("go", append(append([]string{"build"}, flags...), "-o", "program", ".")...)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var forms [3]*profile.Profile
	for debug := range forms {
		out, err := exec.Command(filepath.Join(dir, "program"), fmt.Sprint(debug)).Output()
		if err != nil {
			t.Fatal(err)
		}
		if forms[debug], err = profile.Read(bytes.NewReader(out)); err != nil {
			t.Fatalf("debug=%d: %v\n%s", debug, err, out)
		}
	}
	return forms
}

// marks are the lines at which a program of testdata says what waits there, with how they say it.
func marks(t *testing.T, dir string) map[string]string {
	t.Helper()
	mark := regexp.MustCompile(`// (send|receive|range|select|call|go)$`)
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" {
			return err
		}
		data, err := os.ReadFile(name)
		n := 0
		for line := range strings.Lines(string(data)) {
			n++
			if m := mark.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				all[fmt.Sprintf("%s:%d", filepath.Base(name), n)] = m[1]
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func at(p finding.Position) string { return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line) }

// waiting are the operations that stacks are matched with, by their lines.
func waitingAt(matches []Matched) map[string]string {
	all := map[string]string{}
	for _, m := range matches {
		if m.At != nil {
			all[at(m.At.Pos)] = m.At.Kind
		}
	}
	return all
}

// began are the stacks with where each began, those of the main goroutine left out.
func began(matches []Matched) []string {
	var all []string
	for _, m := range matches {
		if m.At == nil {
			continue
		}
		text := fmt.Sprintf("%d at %s", m.Stack.Count, at(m.At.Pos))
		for _, o := range m.Starts {
			text += " from " + at(o.Pos)
		}
		if m.At.Kind == site.Go {
			text += " go"
		}
		all = append(all, text)
	}
	slices.Sort(all)
	return all
}

// Whatever the form of a profile and the way the program was built, each stack is matched with the place
// where it waits, and with the one where it began.
func TestMatch(t *testing.T) {
	dir := module(t, "waits")
	ops := operations(t, dir)
	want := marks(t, dir)
	for name, flags := range map[string][]string{"plain": nil, "trimpath": {"-trimpath"}, "not inlined": {"-gcflags=all=-l"}} {
		forms := profiles(t, dir, flags...)
		var first []string
		for debug, p := range forms {
			got := Match(p, ops)
			want := maps.Clone(want)
			if debug < 2 { // these do not say what started a goroutine in another package's function
				maps.DeleteFunc(want, func(_, kind string) bool { return kind == "go" })
				got = slices.DeleteFunc(got, func(m Matched) bool { return m.At != nil && m.At.Kind == "go" })
			}
			if w := waitingAt(got); !maps.Equal(w, want) {
				t.Errorf("%s, debug=%d: waiting\n%s\nwant\n%s", name, debug, show(w), show(want))
			}
			b := slices.DeleteFunc(began(got), func(s string) bool { return debug == 2 && strings.HasSuffix(s, " go") })
			if first == nil {
				first = b
			}
			if !slices.Equal(b, first) {
				t.Errorf("%s, debug=%d:\n%s\nwant\n%s", name, debug, strings.Join(b, "\n"), strings.Join(first, "\n"))
			}
		}
	}
}

// Lines may have moved since the program was built: all of a file, and some of a function. Little may be lost
// by that, and nothing be matched with a wrong place.
func TestMoved(t *testing.T) {
	dir := module(t, "waits")
	forms := profiles(t, dir, "-trimpath")
	file := filepath.Join(dir, "main.go")
	edit := func(old, new string) {
		t.Helper()
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), old) {
			t.Fatalf("there is no %q", old)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(data), old, new, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	check := func(what string, lost int) {
		t.Helper()
		ops := operations(t, dir)
		want := marks(t, dir)
		maps.DeleteFunc(want, func(_, kind string) bool { return kind == "go" })
		for debug, p := range forms {
			got := waitingAt(Match(p, ops))
			maps.DeleteFunc(got, func(_, kind string) bool { return kind == "go" })
			found := len(got)
			maps.DeleteFunc(got, func(at, kind string) bool { return want[at] == kind })
			if len(got) > 0 || found < len(want)-lost {
				t.Errorf("%s, debug=%d: wrong\n%s\nwant\n%s", what, debug, show(got), show(want))
			}
		}
	}
	edit("type box[T", strings.Repeat("// A new line.\n", 17)+"type box[T")
	check("all moved", 0)
	edit("	ch <- 2", "	ch <- 2\n	println(1)\n	ch <- 3")
	edit("	s.Lock() // call", "	println(2)\n\n		s.Lock() // call")
	check("some moved more", 0)
	edit("	receive := none()\n", "	go func() {\n		<-none()\n	}()\n	receive := none()\n")
	check("literals have other numbers", 1)
}

// A profile of another program matches nothing, also where its functions have the same names, and in the
// same file.
func TestAnother(t *testing.T) {
	waits := module(t, "waits")
	forms := profiles(t, waits)
	ops := operations(t, module(t, "another"))
	for debug, p := range forms {
		for _, m := range Match(p, ops) {
			if m.Own || m.At != nil || m.Starts != nil {
				t.Errorf("debug=%d: %+v", debug, m)
			}
		}
	}
}

// One that was built elsewhere is of this program if all that it shows is there.
func TestBuiltElsewhere(t *testing.T) {
	forms := profiles(t, module(t, "lone"))
	dir := module(t, "lone")
	ops := operations(t, dir)
	want := marks(t, dir)
	for debug, p := range forms {
		if got := waitingAt(Match(p, ops)); !maps.Equal(got, want) {
			t.Errorf("debug=%d: waiting\n%s\nwant\n%s", debug, show(got), show(want))
		}
	}
}

// Of several programs in a module it is that whose folder is called most alike.
func TestWhichProgram(t *testing.T) {
	command := func(dir string) site.Operation {
		return site.Operation{Kind: site.File, Main: true, Package: "m/" + dir, Pos: finding.Position{File: "/home/me/m/" + dir + "/main.go", Line: 1}}
	}
	p := newProgram([]site.Operation{command("cmd/a"), command("cmd/b"), command("tools/c")})
	for compiled, want := range map[string]string{
		"/home/me/m/cmd/b/main.go": "m/cmd/b sure",
		"m/tools/c/main.go":        "m/tools/c sure",
		"/build/cmd/b/main.go":     "m/cmd/b",
		"/build/c/main.go":         "m/tools/c",
		"/build/cmd/d/main.go":     "",
		"/build/main.go":           "",
		"/build/cmd/b/other.go":    "",
	} {
		s, _ := p.spot(profile.Frame{Func: "main.main", File: compiled, Line: 3})
		got := s.pkg
		if s.sure && got != "" {
			got += " sure"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", compiled, got, want)
		}
	}
}

func show(m map[string]string) string {
	var lines []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		lines = append(lines, k+" "+m[k])
	}
	return strings.Join(lines, "\n")
}
