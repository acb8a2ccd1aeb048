package witness

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/poollint/poollint/cmd/poollint/internal/profile"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

// leaks writes the leak profile of a program in its three forms, to the files that its arguments name.
const leaks = `package main

import (
	"os"
	"runtime/pprof"
)

func writeLeaks(p *pprof.Profile) {
	for i, debug := range []int{2, 0, 1} {
		f, err := os.Create(os.Args[2+i])
		if err == nil {
			err = p.WriteTo(f, debug)
		}
		if err != nil || f.Close() != nil {
			os.Exit(3)
		}
	}
}
`

// The Go distribution carries programs that leak, the blocking bugs of GoKer. They are run with the leak
// profile. Of the goroutines that leaked, 95 % and more must be matched with the operation at which they
// wait, and none with another statement than the one that started them, which only the text with debug=2
// says; also when the lines of all files have moved meanwhile. (Then the text with debug=1 has too little
// to tell two sends in a function apart.)
func TestGoKer(t *testing.T) {
	if os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip("takes long; set POOLLINT_E2E=all")
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(strings.TrimSpace(string(goroot)), "src/runtime/testdata/testgoroutineleakprofile")
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		t.Skip("this distribution of Go does not carry GoKer")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module goker\n\ngo 1.26\n")
	names := map[string][]string{} // of programs, by package
	for _, pkg := range []string{".", "goker"} {
		files, err := filepath.Glob(filepath.Join(dir, pkg, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`\bregister\("(\w+)"`).FindAllSubmatch(data, -1) {
				names[pkg] = append(names[pkg], string(m[1]))
			}
			text := strings.ReplaceAll(string(data), "prof.WriteTo(os.Stdout, 2)", "writeLeaks(prof)")
			if text != string(data) && strings.Count(text, "os.") == 0 {
				text = strings.Replace(text, "\t\"os\"\n", "\t_ \"os\"\n", 1)
			}
			rel, _ := filepath.Rel(dir, file)
			write(rel, text)
		}
		write(filepath.Join(pkg, "leaks.go"), leaks)
		build := exec.Command("go", "build", "-o", "program-"+filepath.Base(pkg), "./"+pkg)
		build.Dir = dir
		build.Env = append(os.Environ(), "GOEXPERIMENT=goroutineleakprofile")
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	var runs []run
	for _, pkg := range []string{".", "goker"} {
		slices.Sort(names[pkg])
		for _, name := range names[pkg] {
			all, err := leaksOf(t, filepath.Join(dir, "program-"+filepath.Base(pkg)), name)
			if err != nil {
				t.Logf("%s: %v", name, err)
				continue
			}
			runs = append(runs, run{name, all})
		}
	}
	rightPlaces(t, runs, operations(t, dir), 0)
	err = filepath.WalkDir(dir, func(file string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return os.WriteFile(file, bytes.Replace(data, []byte("package main\n"), []byte("package main\n"+strings.Repeat("\n", 7)), 1), 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
	rightPlaces(t, runs, operations(t, dir), 7)
}

// A run is one of a program, with its leaks in the forms debug=2, 0 and 1.
type run struct {
	name  string
	leaks [3]*profile.Profile
}

// rightPlaces matches the leaks of programs whose source has moved by some lines.
func rightPlaces(t *testing.T, runs []run, ops []site.Operation, moved int) {
	forms := []string{"debug=2", "debug=0", "debug=1"}
	var goroutines, places, right, rightPlaces, starts [3]int
	for _, r := range runs {
		truth := map[string][]*profile.Stack{}
		for i := range r.leaks[0].Stacks {
			if s := &r.leaks[0].Stacks[i]; s.Leaked {
				truth[shape(s)] = append(truth[shape(s)], s)
			}
		}
		for form, p := range r.leaks {
			for _, m := range Match(p, ops) {
				known := truth[shape(m.Stack)]
				if !m.Stack.Leaked || known == nil {
					continue // or it leaked after the first form was written
				}
				goroutines[form] += m.Stack.Count
				places[form]++
				if len(m.Starts) > 0 {
					starts[form]++
				}
				if why := wrong(m, known, moved); why != "" {
					t.Logf("%s, %s, %d lines moved: %d goroutines: %s", r.name, forms[form], moved, m.Stack.Count, why)
				} else {
					right[form] += m.Stack.Count
					rightPlaces[form]++
				}
			}
		}
	}
	for form, name := range forms {
		t.Logf("%d lines moved, %s: of %d leaked goroutines %d are matched with the right operation, of %d stacks %d, and of these %d with what started them",
			moved, name, goroutines[form], right[form], places[form], rightPlaces[form], starts[form])
		if (moved == 0 || name != "debug=1") && (goroutines[form] < 100 || 100*right[form] < 95*goroutines[form] || 100*rightPlaces[form] < 95*places[form]) {
			t.Errorf("%s: that is less than 95 %%", name)
		}
	}
}

// leaksOf runs a program until it leaks.
func leaksOf(t *testing.T, binary, name string) ([3]*profile.Profile, error) {
	t.Helper()
	var all [3]*profile.Profile
	dir := t.TempDir()
	files := []string{filepath.Join(dir, "2"), filepath.Join(dir, "0"), filepath.Join(dir, "1")}
	for range 20 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		run := exec.CommandContext(ctx, binary, append([]string{name}, files...)...)
		run.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1") // as the runtime's own test does
		err := run.Run()
		cancel()
		if err != nil {
			return all, err
		}
		for i, file := range files {
			p, err := profile.Open(t.Context(), file, false)
			if err != nil {
				return all, err
			}
			all[i] = p
		}
		if all[1].Total > 0 {
			return all, nil
		}
	}
	return all, errors.New("it never leaked")
}

// shape is what the forms have in common: the frames, and what is waited for is not said by all.
func shape(s *profile.Stack) string {
	var b strings.Builder
	for _, f := range s.Frames {
		b.WriteString(f.Func + " " + f.File + ":" + string(rune(f.Line)) + "\n")
	}
	return b.String()
}

// wrong says what is wrong with a match, or nothing.
func wrong(m Matched, known []*profile.Stack, moved int) string {
	i := slices.IndexFunc(m.Stack.Frames, func(f profile.Frame) bool { return strings.HasPrefix(f.Func, "main.") })
	if i < 0 {
		if m.At == nil || !slices.ContainsFunc(known, func(s *profile.Stack) bool { return s.Start.Line+moved == m.At.Pos.Line }) {
			return "none of its frames is the program's: " + cmp.Or(m.Stack.Frames[0].Func)
		}
		return ""
	}
	f := m.Stack.Frames[i]
	if m.At == nil {
		return "no operation at " + f.Func + " " + filepath.Base(f.File)
	}
	if !slices.Contains(m.At.Lines, f.Line+moved) {
		return "not the operation at " + f.Func
	}
	want := map[profile.Wait][]string{
		profile.Send: {site.Send}, profile.Receive: {site.Receive, site.Range}, profile.Select: {site.Select}, profile.Forever: {site.Select}, profile.Other: {site.Call, site.Submit},
	}[known[0].Wait]
	if !slices.Contains(want, m.At.Kind) {
		return "a " + m.At.Kind + " for a " + known[0].Wait.String()
	}
	if known[0].Start.Func == "" {
		return ""
	}
	for _, s := range known {
		if len(m.Starts) > 0 && s.Start.Line+moved == m.Starts[0].Pos.Line {
			return ""
		}
	}
	if len(m.Starts) == 0 {
		return "" // several statements start that function, and this form does not say which
	}
	return "not where it began: " + f.Func
}
