package driver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/poollint/poollint/cmd/poollint/internal/check"
	"github.com/poollint/poollint/cmd/poollint/internal/plan"
)

type silent struct{}

func (silent) Start()     {}
func (silent) Expect(int) {}
func (silent) Step()      {}
func (silent) Stop()      {}

// A program is one in a temporary folder, with a cache beside it.
type program struct {
	*Driver
	t    *testing.T
	dir  string
	ages int // no two are the same

	mu   sync.Mutex
	work []string // of the last run
}

func newProgram(t *testing.T, archive string) *program {
	t.Helper()
	for _, name := range []string{"GOFLAGS", "GOWORK"} {
		t.Setenv(name, "")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(exe)
	if err != nil {
		t.Fatal(err)
	}
	d.Cwd, d.Cache, d.Progress = dir, filepath.Join(t.TempDir(), "cache"), silent{}
	p := &program{Driver: d, t: t, dir: dir}
	d.trace = func(work string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.work = append(p.work, strings.ReplaceAll(work, "example.com/", ""))
	}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		p.write(f.Name, string(f.Data))
	}
	return p
}

// write writes a file and makes it old, so that its time alone says that it did not change.
func (p *program) write(name, content string) {
	p.t.Helper()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		p.t.Fatal(err)
	}
	p.age(path)
}

// age makes a file old, and the folders that it is in.
func (p *program) age(path string) {
	p.t.Helper()
	p.ages++
	for ; len(path) >= len(p.dir); path = filepath.Dir(path) {
		old := time.Now().Add(time.Duration(p.ages)*time.Second - time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *program) edit(name, old, new string) {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil {
		p.t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		p.t.Fatalf("%s has no %q", name, old)
	}
	p.write(name, strings.ReplaceAll(string(data), old, new))
}

func (p *program) run() check.Result {
	p.work = nil
	return p.Check(context.Background(), plan.Run{Dir: p.dir, Patterns: []string{"./..."}})
}

// wants runs the driver and says what it may have worked on and what it must report: findings as
// file:line: rule, failures as a part of their text.
func (p *program) wants(when string, work string, reports ...string) {
	p.t.Helper()
	res := p.run()
	p.mu.Lock()
	defer p.mu.Unlock()
	slices.Sort(p.work)
	if got := strings.Join(p.work, ", "); got != strings.ReplaceAll(work, "example.com/", "") && work != "*" {
		p.t.Errorf("%s: worked on %q, want %q", when, got, work)
	}
	var got []string
	for _, f := range res.Findings {
		rel, _ := filepath.Rel(p.dir, f.Pos.File)
		got = append(got, fmt.Sprintf("%s:%d: %s", filepath.ToSlash(rel), f.Pos.Line, f.Rule))
	}
	for _, err := range res.Failures {
		got = append(got, err.Error())
	}
	slices.Sort(got)
	if len(got) != len(reports) {
		p.t.Errorf("%s: got %q, want %q", when, got, reports)
		return
	}
	for i := range got {
		if !strings.Contains(got[i], reports[i]) {
			p.t.Errorf("%s: got %q, want %q", when, got, reports)
		}
	}
}

// chain is a program of three packages: what the last one may do hangs on what the first one does.
const chain = `
-- go.mod --
module example.com/m

go 1.26
-- conf/conf.go --
package conf

// Slots bounds what runs at once.
var Slots = make(chan struct{}, 8)

func Acquire() { Slots <- struct{}{} }

func Release() { <-Slots }

func unused() int { return 1 }
-- mid/mid.go --
package mid

import "example.com/m/conf"

func Enter() { conf.Acquire() }

func Leave() { conf.Release() }
-- main.go --
package main

import (
	"encoding/json"
	"net/http"

	"example.com/m/mid"
)

func main() { http.HandleFunc("/", handle) }

func handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	for _, url := range urls {
		mid.Enter()
		go fetch(url)
	}
}

func fetch(url string) {
	defer mid.Leave()
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
}
-- other/other.go --
package other

func F() int { return 1 }
-- user/user.go --
package user

import "example.com/m/other"

func F() int { return other.F() }
`

// What is looked at again is what may come out differently, and nothing else.
func TestOnlyWhatChanged(t *testing.T) {
	p := newProgram(t, chain)
	p.wants("at first", "go list, m, m/conf, m/mid, m/other, m/user")
	p.wants("again", "")
	p.edit("conf/conf.go", "return 1", "return 2")
	p.wants("after a change inside of a function", "m/conf")
	p.edit("conf/conf.go", "package conf\n", "package conf\n\n\n")
	p.wants("when lines move that others speak of", "m, m/conf, m/mid")
	p.edit("conf/conf.go", "func unused()", "type hidden struct{}\n\nfunc used()")
	p.wants("when something is declared that nobody sees", "m/conf")
	p.edit("conf/conf.go", "func Release", "func More() {}\n\nfunc Release")
	p.wants("when something is declared that importers see", "m, m/conf, m/mid")
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.wants("when what it does is another thing", "m, m/conf, m/mid", "main.go:17: unbounded")
	p.wants("again", "", "main.go:17: unbounded")
	p.edit("conf/conf.go", "_ = Slots", "Slots <- struct{}{}")
	p.wants("as it was", "m, m/mid")
	p.edit("main.go", "func fetch", "// Comment.\nfunc fetch")
	p.wants("a package that nobody imports", "m")
}

// Whatever the go command would see, it is asked about.
func TestGraph(t *testing.T) {
	p := newProgram(t, chain+`
-- sub/doc.txt --
nothing yet
-- other/tagged.go --
//go:build never

package other
`)
	p.wants("at first", "*")
	p.wants("again", "")
	p.edit("other/other.go", "package other\n", "package other\n\nimport _ \"example.com/m/conf\"\n")
	p.wants("another import", "go list, m/other")
	p.write("other/more.go", "package other\n\nfunc G() int { return 2 }\n")
	p.wants("another file", "go list, m/other, m/user")
	p.write("sub/sub.go", "package sub\n")
	p.wants("another package", "go list, m/sub")
	p.write("deep/er/er.go", "package er\n")
	p.wants("a package in new folders", "go list, m/deep/er")
	p.edit("other/tagged.go", "never", "linux || !linux")
	p.wants("a file that is now built", "go list, m/other")
	p.write("other/other_test.go", "package other\n\nfunc init() {}\n")
	p.wants("a test", "go list, m/other [m/other.test]")
	p.edit("go.mod", "go 1.26", "go 1.25")
	p.wants("go.mod", "go list, m, m/conf, m/deep/er, m/mid, m/other, m/other [m/other.test], m/sub, m/user")
	if err := os.Remove(filepath.Join(p.dir, "other", "more.go")); err != nil {
		t.Fatal(err)
	}
	p.age(filepath.Join(p.dir, "other"))
	p.wants("a file less", "go list, m/other, m/other [m/other.test], m/user")
	p.write("other/notes.txt", "of no interest")
	p.wants("a file that is none of Go's", "")
	p.write("conf/conf.go", "package conf\n\nimport \"example.com/m/there/is/none\"\n")
	p.wants("an import that is not there", "go list", "m was not checked", "m/conf was not checked", "m/mid was not checked", "m/other was not checked", "m/user was not checked")
	p.wants("which is not kept", "go list", "m was not checked", "m/conf was not checked", "m/mid was not checked", "m/other was not checked", "m/user was not checked")
}

// A file that is written twice within a tick of the clock is read again.
func TestYoungFile(t *testing.T) {
	p := newProgram(t, chain)
	name := filepath.Join(p.dir, "conf", "conf.go")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p.run()
	now := time.Now()
	if err := os.Chtimes(name, now, now); err != nil {
		t.Fatal(err)
	}
	p.run()
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), "Slots <- struct{}{}", "_ = len(Slots)     ", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, now, now); err != nil { // same size, same time
		t.Fatal(err)
	}
	p.wants("rewritten", "m, m/conf, m/mid", "main.go:17: unbounded")
}

// Broken packages are named, and nothing is lost but what hangs on them.
func TestBroken(t *testing.T) {
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "return 1", "return undefined")
	// What Acquire does is not known. That of other packages is.
	p.wants("a mistake inside of a function", "*", "m was not checked: it imports example.com/m/conf, which does not compile",
		"m/conf does not compile", "m/mid was not checked: it imports example.com/m/conf, which does not compile")
	p.edit("other/other.go", "return 1", "return undefined")
	p.edit("user/user.go", "return other.F()", "return len(make(chan int))")
	p.edit("user/user.go", "import", "import _")
	p.edit("conf/conf.go", "return undefined", "return 1")
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.wants("elsewhere", "*", "m/other does not compile", "main.go:17: unbounded")
	p.edit("other/other.go", "return undefined", "return 1")
	p.wants("whole", "*", "main.go:17: unbounded")
	p.edit("conf/conf.go", "func Release()", "func Release(undefined)")
	p.wants("a mistake that importers see", "*", "example.com/m was not checked: it imports example.com/m/conf, which does not compile", "m/conf does not compile", "example.com/m/mid was not checked: it imports example.com/m/conf, which does not compile")
	p.edit("conf/conf.go", "func Release(undefined)", "func Release()")
	p.write("main_test.go", "package main\n\nvar _ = undefined\n")
	p.wants("in a test", "*", "m does not compile", "main.go:17: unbounded")
	p.write("main_test.go", "package main_test\n\nvar _ = undefined\n")
	p.wants("in an external test", "*", "m_test does not compile", "main.go:17: unbounded")
	p.write("main_test.go", "package main\n\nfunc {\n")
	p.wants("no Go", "*", "m does not compile", "main.go:17: unbounded")
}

// What does not compile for want of a file outside of the program is asked for again: no stamp sees that it has come.
func TestMissingHeader(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("there is no C compiler")
	}
	header := filepath.Join(t.TempDir(), "one.h")
	p := newProgram(t, fmt.Sprintf(`
-- go.mod --
module example.com/m

go 1.26

require example.com/dep v0.0.0

replace example.com/dep => ./dep
-- use/use.go --
package use

import "example.com/dep"

func Two() int { return dep.One() }
-- dep/go.mod --
module example.com/dep

go 1.26
-- dep/dep.go --
package dep

// #include %q
import "C"

func One() int { return int(C.one()) }
`, filepath.ToSlash(header)))
	p.wants("without the header", "*", "m/use was not checked: it imports example.com/dep, which does not compile")
	if err := os.WriteFile(header, []byte("static int one(void) { return 1; }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	p.wants("with it", "*")
}

// A command with a profile is checked like any other.
func TestProfile(t *testing.T) {
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.write("default.pgo", "GO PREPROFILE V1\n")
	p.wants("with a profile", "*", "main.go:17: unbounded")
	p.write("main_test.go", "package main\n\nimport \"example.com/m/conf\"\n\nvar _ = conf.Slots\n")
	p.wants("with tests", "*", "main.go:17: unbounded")
}

// A cache that is damaged, foreign or lost costs time and nothing else.
func TestDamagedCache(t *testing.T) {
	damage := map[string]func(name string) error{
		"truncated": func(name string) error { return os.Truncate(name, 3) },
		"empty":     func(name string) error { return os.Truncate(name, 0) },
		"garbage":   func(name string) error { return os.WriteFile(name, []byte("garbage"), 0o666) },
		"lost":      os.Remove,
		"data lost": func(name string) error {
			if strings.HasSuffix(name, "-d") {
				return os.Remove(name)
			}
			return nil
		},
	}
	for what, do := range damage {
		t.Run(what, func(t *testing.T) {
			p := newProgram(t, chain)
			p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
			p.wants("at first", "*", "main.go:17: unbounded")
			err := filepath.WalkDir(p.Cache, func(name string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					err = do(name)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			p.wants("damaged", "*", "main.go:17: unbounded")
			p.edit("main.go", "func fetch", "// Comment.\nfunc fetch")
			p.wants("edited", "*", "main.go:17: unbounded")
		})
	}
	// The entries of a type, one by one: some are read when others are believed already.
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.wants("at first", "*", "main.go:17: unbounded")
	files, err := filepath.Glob(filepath.Join(p.Cache, "*", "*-d"))
	if err != nil || len(files) < 5 {
		t.Fatal(files, err)
	}
	for i, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		p.edit("main.go", "func main", fmt.Sprintf("var x%d = %d\n\nfunc main", i, i))
		p.wants("without "+name, "*", fmt.Sprintf("main.go:%d: unbounded", 19+2*i))
		if err := os.WriteFile(name, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUnusableCache(t *testing.T) {
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.write("file", "")
	p.Cache = filepath.Join(p.dir, "file", "cache")
	for range 2 {
		p.wants("no folder", "*", "main.go:17: unbounded")
		if res := p.run(); len(res.Warnings) != 1 || !strings.Contains(res.Warnings[0].Error(), Variable) {
			t.Errorf("got warnings %q", res.Warnings)
		}
	}
	p.Cache = ""
	p.wants("none", "*", "main.go:17: unbounded")
}

// Runs at once share a cache.
func TestAtOnce(t *testing.T) {
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			d := *p.Driver
			d.trace = nil
			res := d.Check(context.Background(), plan.Run{Dir: p.dir, Patterns: []string{"./..."}})
			if len(res.Findings) != 1 || len(res.Failures) != 0 || len(res.Warnings) != 0 {
				t.Errorf("got %v", res)
			}
		})
	}
	wg.Wait()
	p.wants("after", "", "main.go:17: unbounded")
}

// Whoever interrupts a run gets nothing wrong, and keeps what is done.
func TestInterrupted(t *testing.T) {
	p := newProgram(t, chain)
	ctx, stop := context.WithCancel(context.Background())
	trace := p.trace
	p.trace = func(work string) {
		if trace(work); work == "example.com/m/mid" {
			stop()
		}
	}
	p.Check(ctx, plan.Run{Dir: p.dir, Patterns: []string{"./..."}})
	time.Sleep(100 * time.Millisecond) // what is under way ends
	p.trace = trace
	p.wants("after", "m, m/mid, m/other, m/user")
}

func TestClean(t *testing.T) {
	p := newProgram(t, chain)
	p.run()
	if files, bytes := Size(p.Cache); files < 5 || bytes == 0 {
		t.Errorf("got %d files of %d bytes", files, bytes)
	}
	if err := Clean(p.dir); err == nil {
		t.Fatal("removed what is no cache")
	}
	if err := Clean(p.Cache); err != nil {
		t.Fatal(err)
	}
	if files, _ := Size(p.Cache); files > 0 {
		t.Errorf("%d files are left", files)
	}
	if err := Clean(p.Cache); err != nil {
		t.Error(err)
	}
}

// A machine that gets a copy of the cache, and the program as somebody has just checked it out, has
// nothing to find out.
func TestSharedCache(t *testing.T) {
	p := newProgram(t, chain)
	p.edit("conf/conf.go", "Slots <- struct{}{}", "_ = Slots")
	p.wants("on one machine", "*", "main.go:17: unbounded")
	copied := filepath.Join(t.TempDir(), "cache")
	if err := os.CopyFS(copied, os.DirFS(p.Cache)); err != nil {
		t.Fatal(err)
	}
	p.Cache = copied
	err := filepath.WalkDir(p.dir, func(name string, _ os.DirEntry, err error) error {
		now := time.Now()
		return errors.Join(err, os.Chtimes(name, now, now))
	})
	if err != nil {
		t.Fatal(err)
	}
	p.wants("on another", "", "main.go:17: unbounded")
}

// What the go command has compiled may disappear, under way too.
func TestCleanedBuildCache(t *testing.T) {
	if os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip("compiles the runtime twice; set POOLLINT_E2E=all")
	}
	p := newProgram(t, chain)
	t.Setenv("GOCACHE", filepath.Join(t.TempDir(), "go-build"))
	p.write("main.go", small)
	p.run()
	if err := os.RemoveAll(os.Getenv("GOCACHE")); err != nil {
		t.Fatal(err)
	}
	p.edit("main.go", "func main", "// Comment.\nfunc main")
	p.wants("cleaned", "go list, m, m/conf, m/mid, m/other")
}

// small takes little to compile.
const small = `package main

import (
	"unicode/utf8"

	"example.com/m/mid"
)

func main() {
	mid.Enter()
	println(utf8.RuneError)
}
`
