package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// -init writes what a repository lacks, so that the next run finds nothing, and a new finding shows.
func TestInit(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	p.must("git", "init", "-q")
	res := p.lint(0, "-init")
	if want := "wrote .poollint.yaml: the settings, all at their default values\n" +
		"wrote .poollint-baseline.json: 1 finding to ignore\n" +
		"wrote .github/workflows/poollint.yml: a workflow that reports new findings in a change\n"; res.stdout != want {
		t.Errorf("want\n%s\ngot %v", want, res)
	}
	empty(t, "stderr", res.stderr)
	p.lint(0, "-baseline=.poollint-baseline.json", "./...")
	contains(t, "the workflow", p.read(".github/workflows/poollint.yml"), "uses: poollint/poollint@", "baseline: .poollint-baseline.json")
	p.write("crawl/second.go", strings.NewReplacer("Handle", "More", "fetch", "fetchMore", "Out", "OutMore").Replace(crawl[1:]))
	contains(t, "stdout", p.lint(1, "-baseline=.poollint-baseline.json", "./...").stdout, "crawl/second.go:13:3: unbounded: ")

	// A second time there is nothing to do.
	p.write(".poollint.yaml", "strict: true\n")
	before := files(t, p.dir)
	res = p.lint(0, "-init")
	if want := "left .poollint.yaml unchanged\nleft .poollint-baseline.json unchanged\nleft .github/workflows/poollint.yml unchanged\n"; res.stdout != want {
		t.Errorf("want\n%s\ngot %v", want, res)
	}
	contains(t, "the settings", p.read(".poollint.yaml"), "strict: true")
	if after := files(t, p.dir); strings.Join(after, "\n") != strings.Join(before, "\n") {
		t.Errorf("want the files\n%q\ngot\n%q", before, after)
	}
}

// From a folder below, the files go where they belong: the settings and the baseline to the module, and the
// workflow to the repository.
func TestInitBelow(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- services/api/go.mod --
module example.com/api

go 1.26
-- services/api/crawl/crawl.go --`+crawl)
	p.must("git", "init", "-q")
	contains(t, "stdout", p.in("services/api/crawl").lint(0, "-init").stdout,
		"wrote ../.poollint.yaml: ", "wrote ../.poollint-baseline.json: 1 finding", "wrote ../../../.github/workflows/poollint.yml: ")
	contains(t, "the workflow", p.read(".github/workflows/poollint.yml"), `working-directory: "services/api"`)
	p.in("services/api").lint(0, "-baseline=.poollint-baseline.json", "./...")
}

// A workspace has one configuration for all its modules.
func TestInitWorkspace(t *testing.T) {
	t.Parallel()
	p := project(t, "-- go.work --\ngo 1.26\n\nuse (\n\t./a\n\t./b\n)\n-- a/go.mod --\nmodule example.com/a\n\ngo 1.26\n-- a/crawl.go --"+crawl+
		"-- b/go.mod --\nmodule example.com/b\n\ngo 1.26\n-- b/crawl.go --"+crawl)
	p.must("git", "init", "-q")
	contains(t, "stdout", p.in("b").lint(0, "-init").stdout, "wrote ../.poollint.yaml: ", "wrote ../.poollint-baseline.json: 2 findings", "wrote ../.github/")
	p.lint(0, "-baseline=.poollint-baseline.json", "./...")

	// Of a workspace around the repository nothing can be written into it.
	p = project(t, "-- go.work --\ngo 1.26\n\nuse ./repo\n-- repo/go.mod --\nmodule example.com/repo\n\ngo 1.26\n-- repo/calm.go --"+calm).in("repo")
	p.must("git", "init", "-q")
	contains(t, "stderr", p.lint(2, "-init").stderr, "outside the repository", "GOWORK=off")
	contains(t, "stdout", p.with("GOWORK=off").lint(0, "-init").stdout, "wrote .poollint.yaml: ", "0 findings")
}

// What cannot be done is said, and nothing is left half done.
func TestInitRefuses(t *testing.T) {
	t.Parallel()
	refused := func(t *testing.T, p *runner, stderr ...string) {
		t.Helper()
		before := files(t, p.dir)
		res := p.lint(2, "-init")
		empty(t, "stdout", res.stdout)
		contains(t, "stderr", res.stderr, stderr...)
		if after := files(t, p.dir); strings.Join(after, "\n") != strings.Join(before, "\n") {
			t.Errorf("want the files\n%q\ngot\n%q", before, after)
		}
	}
	t.Run("no module", func(t *testing.T) {
		refused(t, project(t, "-- a.go --\npackage a\n"), "is not in a module", "go mod init")
	})
	t.Run("no package", func(t *testing.T) {
		refused(t, project(t, "-- go.mod --\nmodule example.com/none\n\ngo 1.26\n"), "no packages", "nothing was written")
	})
	t.Run("broken package", func(t *testing.T) {
		p := project(t, simple+"-- broken/broken.go --\npackage broken\n\nvar X = undefined\n")
		refused(t, p, "broken/broken.go:3:9: undefined: undefined", "nothing was written")

		// With a baseline, nothing has to be checked.
		p.write(".poollint-baseline.json", "{\"version\": 1, \"findings\": []}\n")
		contains(t, "stdout", p.lint(0, "-init").stdout, "wrote .poollint.yaml", "left .poollint-baseline.json unchanged", "wrote .github")
	})
	t.Run("broken settings", func(t *testing.T) {
		refused(t, project(t, simple+"-- .poollint.yaml --\ncheks: [all]\n"), `.poollint.yaml:1:1: unknown key "cheks"`, "nothing was written")
	})
	t.Run("a file in the way", func(t *testing.T) {
		p := project(t, simple+"-- .github --\na file\n")
		contains(t, "stderr", p.lint(2, "-init").stderr, "cannot write .github/workflows/poollint.yml: ")
	})
	t.Run("read-only folder", func(t *testing.T) {
		p := project(t, simple)
		p.must("chmod", "a-w", p.dir)
		defer p.must("chmod", "u+w", p.dir)
		if f, err := os.Create(filepath.Join(p.dir, "probe")); err == nil { // root may write anywhere
			f.Close()
			t.Skip("folders cannot be made read-only for this user")
		}
		refused(t, p, "cannot write .poollint.yaml: ", "permission denied")
	})
	t.Run("flags and packages", func(t *testing.T) {
		p := project(t, simple)
		for _, args := range [][]string{{"-init", "./..."}, {"-init", "-strict"}, {"-strict", "-init"}, {"-init", "-baseline=b.json"}} {
			contains(t, "stderr", p.lint(2, args...).stderr, "leave out packages and other flags")
		}
	})
}
