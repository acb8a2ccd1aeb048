package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Whatever decides about a finding decides about the cached one: each change shows in the very
// next run.
func TestCacheSeesChanges(t *testing.T) {
	t.Parallel()
	ways := map[string]func(p *runner) string{
		"poollint":    func(p *runner) string { return p.run(poollint, "./...").stdout },
		"through vet": func(p *runner) string { return p.run(poollint, "-through=vet", "./...").stdout },
		"go vet":      func(p *runner) string { return p.run("go", "vet", "-vettool="+poollint, "./...").stderr },
	}
	for name, lint := range ways {
		t.Run(name, func(t *testing.T) {
			p := project(t, simple)
			sees := func(when string, want bool) {
				t.Helper()
				// Twice, since the second answer comes from the cache.
				for range 2 {
					if out := lint(p); strings.Contains(out, finding) != want {
						t.Fatalf("%s: found is %v, want %v:\n%s", when, !want, want, out)
					}
				}
			}
			sees("at first", true)
			p.write(".poollint.yaml", "checks: [-unbounded]\n")
			sees("with a configuration", false)
			p.write(".poollint.yaml", "checks: [all]\n")
			sees("with another configuration", true)
			p.write(".poollint.yaml", "checks: [-unbounded]\n")
			sees("with the first configuration", false)
			p.must("rm", ".poollint.yaml")
			sees("without a configuration", true)

			src := p.read("crawl/crawl.go")
			p.write("crawl/crawl.go", strings.Replace(src, "\t\tgo fetch", "\t\t//poollint:ignore unbounded there are never many\n\t\tgo fetch", 1))
			sees("with a directive", false)
			p.write("crawl/crawl.go", src)
			sees("without a directive", true)
		})
	}
	t.Run("flag", func(t *testing.T) {
		p := project(t, simple)
		for range 2 {
			p.lint(1, "./...")
			p.lint(0, "-checks=-unbounded", "./...")
		}
	})
}

// A fact of another package decides here: its directive, and its limit.
func TestCacheSeesDependencies(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- go.mod --
module example.com/dep

go 1.26
-- conf/conf.go --
package conf

// Slots bounds the downloads.
var Slots = make(chan struct{}, 8)

func Acquire() { Slots <- struct{}{} }

func Release() { <-Slots }
-- fetch.go --
package fetch

import (
	"os"

	"example.com/dep/conf"
)

func All(urls []string) {
	for _, url := range urls {
		conf.Acquire()
		go fetch(url)
	}
}

func fetch(url string) {
	defer conf.Release()
	f, err := os.Open(url)
	if err == nil {
		f.Close()
	}
}
`)
	p.lint(0, "./...")
	bounded := p.read("conf/conf.go")
	p.write("conf/conf.go", strings.Replace(bounded, "Slots <- struct{}{}", "_ = Slots", 1))
	contains(t, "stdout", p.lint(1, "./...").stdout, "fetch.go:12:3: unbounded: ")
	p.write("conf/conf.go", bounded)
	p.lint(0, "./...")
}

// Another build of the tool says what it finds, and not what the one before had found.
func TestCacheSeesTool(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- go.mod --
module github.com/poollint/poollint

go 1.26
-- pool/pool.go --
package pool

type IO struct{}

func (*IO) Go(ctx any, f func(any) error) error { return f(ctx) }
-- use/use.go --
package use

import "github.com/poollint/poollint/pool"

func Sum(ctx any, io *pool.IO) error {
	return io.Go(ctx, func(any) error {
		n := 0
		for i := range 1_000_000_000 {
			n ^= i
		}
		println(n)
		return nil
	})
}
`)
	other := filepath.Join(t.TempDir(), filepath.Base(poollint))
	build := exec.Command("go", "build", "-tags=poollint_noeffects", "-o", other, "github.com/poollint/poollint/cmd/poollint")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for range 2 {
		contains(t, "stderr", p.run("go", "vet", "-vettool="+poollint, "./use").stderr, "use/use.go:6:12: cpubound: ")
		empty(t, "stderr", p.run("go", "vet", "-vettool="+other, "./use").stderr) // does not know what functions cost
	}
	// The same file with another program in it.
	was, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	is, err := os.ReadFile(poollint)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other, is, 0o777); err != nil {
		t.Fatal(err)
	}
	contains(t, "stderr", p.run("go", "vet", "-vettool="+other, "./use").stderr, "cpubound: ")
	if err := os.WriteFile(other, was, 0o777); err != nil {
		t.Fatal(err)
	}
	empty(t, "stderr", p.run("go", "vet", "-vettool="+other, "./use").stderr)
}

// The go command keeps one result for a package, also if it was first wanted for its facts
// only: what was silent as a dependency must still speak for itself.
func TestDependencyFirst(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, files string }{
		{"without tests", ""},
		{"with tests", "-- crawl/crawl_test.go --\npackage crawl\n\nvar _ = Handle\n"},
		{"with outer tests", "-- crawl/crawl_test.go --\npackage crawl_test\n\nimport \"example.com/first/crawl\"\n\nvar _ = crawl.Handle\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := project(t, `
-- go.mod --
module example.com/first

go 1.26
-- main.go --
package main

import "example.com/first/crawl"

func main() { crawl.Handle(nil) }
-- crawl/crawl.go --`+crawl+test.files)
			p.lint(0, ".")
			p.lint(1, "./...")
			p.lint(0, ".")
			p = project(t, string(p.read("go.mod"))) // the same again, through go vet
			p.write("go.mod", "module example.com/first\n\ngo 1.26\n")
			p.write("main.go", "package main\n\nimport \"example.com/first/crawl\"\n\nfunc main() { crawl.Handle(nil) }\n")
			p.write("crawl/crawl.go", strings.TrimPrefix(crawl, "\n"))
			p.run("go", "vet", "-vettool="+poollint, ".")
			res := p.run("go", "vet", "-vettool="+poollint, "./...")
			if n := strings.Count(res.stderr, ": unbounded: "); n != 1 {
				t.Errorf("want the finding once, got %v", res)
			}
		})
	}
}

// With -trimpath, the go command has one key for a package wherever it is.
func TestCacheOfAnotherCheckout(t *testing.T) {
	t.Parallel()
	for range 2 {
		p := project(t, abandoned).with("GOFLAGS=-trimpath")
		contains(t, "stdout", p.lint(1).stdout, "late.go:5:2: abandoned: ")
		p.lint(1)
	}
}

func TestConfiguration(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, yaml string
		code       int
		stderr     string
	}{
		{"empty", "", 1, ""},
		{"comment", "# nothing yet\n", 1, ""},
		{"off", "checks: [-unbounded]\n", 0, ""},
		{"as on the command line", "checks: all,-unbounded\n", 0, ""},
		{"unknown key", "strict: true\ncheks: [all]\n", 2, `.poollint.yaml:2:1: unknown key "cheks"; did you mean "checks"?`},
		{"unknown check", "checks: [unbonded]\n", 2, `unknown check "unbonded"; did you mean "unbounded"?`},
		{"wrong type", "strict: sometimes\n", 2, `.poollint.yaml:1:9: want true or false, got "sometimes"`},
		{"twice", "strict: true\nstrict: false\n", 2, `.poollint.yaml:2:1: key "strict" is already set on line 1`},
		{"no mapping", "- strict\n", 2, `.poollint.yaml:1:1: want keys and values, got a list`},
		{"no YAML", "strict: [true\n", 2, `.poollint.yaml:`},
		{"memory", "memory: lots\n", 2, `512MiB`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := project(t, simple)
			p.write(".poollint.yaml", test.yaml)
			for _, dir := range []string{".", "crawl"} { // the folder does not matter
				res := p.in(dir).lint(test.code, "example.com/simple/...")
				if test.stderr == "" {
					empty(t, "stderr", res.stderr)
					continue
				}
				contains(t, "stderr", res.stderr, test.stderr)
				empty(t, "stdout", res.stdout)
				vet := p.in(dir).run("go", "vet", "-vettool="+poollint, "example.com/simple/...")
				if vet.code == 0 {
					t.Errorf("go vet succeeded")
				}
				contains(t, "go vet", vet.stderr, strings.TrimPrefix(test.stderr, ".poollint.yaml"))
			}
		})
	}
}

// The configuration is the workspace's, where there is one, and never a dependency's.
func TestConfigurationOfOthers(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- app/go.mod --
module example.com/app

go 1.26

require example.com/lib v0.0.0

replace example.com/lib => ../lib
-- app/main.go --
package main

import "example.com/lib"

func main() { lib.Handle(nil) }
-- lib/go.mod --
module example.com/lib

go 1.26
-- lib/.poollint.yaml --
this: is broken
-- lib/crawl.go --`+strings.Replace(crawl, "package crawl", "package lib", 1))
	p.in("app").lint(0, "./...")
	contains(t, "stderr", p.in("lib").lint(2).stderr, `.poollint.yaml:1:1: unknown key "this"`)

	p.write("go.work", "go 1.26\n\nuse (\n\t./app\n\t./lib\n)\n")
	p.lint(1, "./...") // lib's own file does not count in the workspace
	p.write(".poollint.yaml", "checks: [-unbounded]\n")
	p.lint(0, "./...")
	p.in("lib").lint(0)
	p.with("GOWORK=off").in("lib").lint(2)
}

// As a vet tool, a team shares its cache through a program of GOCACHEPROG: what one machine has found,
// another does not look for.
func TestHeavyGOCACHEPROG(t *testing.T) {
	t.Parallel()
	heavy(t)
	prog := filepath.Join(t.TempDir(), "cacheprog")
	build := exec.Command("go", "build", "-o", prog, "./cacheprog")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	shared := t.TempDir()
	p := project(t, importing)
	machine := func() *runner {
		return p.with("GOCACHEPROG="+prog+" "+shared, "GOCACHE="+t.TempDir())
	}
	first := machine().lint(1, "-through=vet", "./...")
	contains(t, "stdout", first.stdout, finding)
	if second := machine().lint(1, "-through=vet", "./..."); second != first {
		t.Errorf("another machine says %v", second)
	}
	log, err := os.ReadFile(filepath.Join(shared, "log"))
	if err != nil {
		t.Fatal(err)
	}
	// What is left is the go command's index of young source files.
	if !regexp.MustCompile(`^hits \d{3} misses \d puts \d\n$`).Match(log) {
		t.Errorf("the second machine worked again: %s", log)
	}
}

// A library that the catalogue lacks, in the words of the configuration.
func TestConfigurationOfLibraries(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- go.mod --
module example.com/app

go 1.26

require example.com/x v0.0.0

replace example.com/x => ./x
-- main.go --
package main

import "example.com/x"

func main() {
	p := x.New(0)
	_ = p.Submit(func() {})
}
-- x/go.mod --
module example.com/x

go 1.26
-- x/x.go --
package x

type Pool struct{ start func(func()) }

var make func(int) *Pool

func New(n int) *Pool { return make(n) }

func (p *Pool) Submit(f func()) error { p.start(f); return nil }
`)
	library := snippet(t, "configure")
	p.lint(0)
	p.write(".poollint.yaml", library)
	contains(t, "stdout", p.lint(1).stdout, "main.go:6:9: limit: ")
	for old, wrong := range map[string][2]string{
		"role: new":  {"rol: new", `.poollint.yaml:9:21: unknown key "rol"; did you mean "role"?`},
		"name: New":  {"name: Nwe", "example.com/x: no func Nwe"},
		"name: Pool": {"name: Pol", "no type Pol"},
		"task: 1":    {"task: one", `.poollint.yaml:10:49: want a whole number, got "one"`},
	} {
		p.write(".poollint.yaml", strings.Replace(library, old, wrong[0], 1))
		contains(t, "stderr", p.lint(2).stderr, wrong[1])
	}
}
