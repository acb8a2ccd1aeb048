package e2e

import (
	"os"
	"strings"
	"testing"
)

func repository(t *testing.T, archive string) *runner {
	need(t, "git")
	p := project(t, archive)
	p.must("git", "init", "-q", "-b", "main")
	p.commit("first")
	return p
}

func (r *runner) commit(message string) {
	r.t.Helper()
	r.must("git", "add", "-A")
	r.must("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", message)
}

func TestNewFrom(t *testing.T) {
	t.Parallel()
	p := repository(t, simple)
	p.lint(1, "./...")
	empty(t, "stdout", p.lint(0, "-new-from=HEAD", "./...").stdout)

	// Lines that move the old finding do not make it new; a second one is.
	old := p.read("crawl/crawl.go")
	p.write("crawl/crawl.go", strings.Replace(old, "\n// Handle", "\n// Depth is how deep.\nconst Depth = 3\n\n// Handle", 1))
	p.lint(0, "-new-from=HEAD", "./...")
	p.write("crawl/second.go", strings.NewReplacer("Handle", "More", "fetch", "fetchMore", "Out", "OutMore").Replace(crawl[1:])) // not known to git yet
	res := p.lint(1, "-new-from=HEAD", "./...")
	contains(t, "stdout", res.stdout, "crawl/second.go:13:3: unbounded: ")
	lacks(t, "stdout", res.stdout, "crawl/crawl.go")
	p.commit("second")
	p.lint(0, "-new-from=HEAD", "./...")
	p.lint(1, "-new-from=HEAD~1", "./...")
	p.in("crawl").lint(1, "-new-from=HEAD~1")

	// A changed line is the author's, also if the finding is an old one.
	p.write("crawl/second.go", strings.Replace(p.read("crawl/second.go"), "go fetchMore(url)", "go fetchMore(url + \"?\")", 1))
	p.lint(1, "-new-from=HEAD", "./...")

	contains(t, "stderr", p.lint(2, "-new-from=nosuch", "./...").stderr, `no revision "nosuch"`)
	if out := p.must("git", "worktree", "list").stdout; strings.Count(out, "\n") != 1 {
		t.Errorf("a worktree was left behind:\n%s", out)
	}
}

// The change is in one package, the finding that it adds is in another.
func TestNewFromElsewhere(t *testing.T) {
	t.Parallel()
	p := repository(t, `
-- go.mod --
module example.com/dep

go 1.26
-- conf/conf.go --
package conf

var slots = make(chan struct{}, 8)

func Acquire() { slots <- struct{}{} }

func Release() { <-slots }
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
	p.write("conf/conf.go", strings.Replace(p.read("conf/conf.go"), "slots <- struct{}{}", "_ = slots", 1))
	contains(t, "stdout", p.lint(1, "-new-from=HEAD", "./...").stdout, "fetch.go:12:3: unbounded: ")
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	res := p.lint(0, "-baseline=.poollint-baseline.json", "./...")
	contains(t, "stderr", res.stderr, "wrote 1 finding to the baseline")
	written := p.read(".poollint-baseline.json")
	contains(t, "the baseline", written, `"rule":"unbounded"`, `"file":"crawl/crawl.go"`, `"func":"Handle"`, `"line":"go fetch(url)"`)
	lacks(t, "the baseline", written, p.dir, "message")

	res = p.lint(0, "-baseline=.poollint-baseline.json", "./...")
	empty(t, "stdout", res.stdout)
	empty(t, "stderr", res.stderr)
	p.in("crawl").lint(0, "-baseline=../.poollint-baseline.json")

	// What moves stays known, what is added is not, also if it looks the same.
	src := p.read("crawl/crawl.go")
	p.write("crawl/crawl.go", strings.Replace(src, "\n// Handle", "\n// Depth is how deep.\nconst Depth = 3\n\n// Handle", 1))
	p.lint(0, "-baseline=.poollint-baseline.json", "./...")
	p.write("crawl/crawl.go", strings.Replace(src, "\t\tgo fetch(url)\n", "\t\tgo fetch(url)\n\t\tgo fetch(url)\n", 1))
	contains(t, "stdout", p.lint(1, "-baseline=.poollint-baseline.json", "./...").stdout, "crawl/crawl.go:14:3: unbounded: ")
	p.lint(0, "-baseline=.poollint-baseline.json", "-update", "./...")
	p.lint(0, "-baseline=.poollint-baseline.json", "./...")

	// A run that did not see everything writes none, and a damaged one is not taken for empty.
	p.write("broken/broken.go", "package broken\n\nvar X = undefined\n")
	p.lint(2, "-baseline=other.json", "./...")
	if _, err := os.Stat(p.dir + "/other.json"); err == nil {
		t.Error("a baseline was written though a package did not compile")
	}
	p.write(".poollint-baseline.json", "{")
	contains(t, "stderr", p.lint(2, "-baseline=.poollint-baseline.json", "./crawl").stderr, "damaged", "-update")
}
