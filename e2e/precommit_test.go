package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const twoModules = `
-- api/go.mod --
module example.com/api

go 1.26
-- api/calm.go --` + calm + `
-- worker/go.mod --
module example.com/worker

go 1.26
-- worker/calm.go --` + calm

// pre-commit builds the hook from a clone, and runs it when something is committed.
func TestHeavyPreCommit(t *testing.T) {
	t.Parallel()
	heavy(t)
	need(t, "pre-commit")
	repo := snapshot(t)
	config := strings.Replace(snippet(t, "pre-commit"), "https://"+modulePath, "file://"+filepath.ToSlash(repo.dir), 1)
	p := project(t, twoModules+"-- .pre-commit-config.yaml --\n"+config).with(
		"PRE_COMMIT_HOME="+t.TempDir(), "GOMODCACHE="+goenv(t, "GOMODCACHE"),
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com",
		"PATH="+filepath.Dir(need(t, "go"))+string(os.PathListSeparator)+os.Getenv("PATH"))
	p.must("git", "init", "-q", "-b", "main")
	p.must("git", "add", "-A")
	p.must("pre-commit", "install")
	p.must("git", "commit", "-q", "-m", "first")

	// A finding in one of the modules stops the commit.
	p.write("worker/crawl/crawl.go", crawl[1:])
	p.write("api/other.go", "package calm\n")
	p.must("git", "add", "-A")
	res := p.run("git", "commit", "-q", "-m", "second")
	if res.code == 0 {
		t.Fatalf("the commit went through: %v", res)
	}
	contains(t, "git commit", res.stdout+res.stderr, "worker/crawl/crawl.go:13:3: unbounded: ")
	lacks(t, "git commit", res.stdout+res.stderr, "api/")

	// What is not about to be committed does not.
	p.must("git", "reset", "-q", "worker")
	p.must("git", "commit", "-q", "-m", "second, without the worker")

	// The hook for all packages sees both modules from a root that is none, committed or not.
	res = p.run("pre-commit", "try-repo", repo.dir, "poollint-all", "--all-files", "--verbose")
	if res.code == 0 {
		t.Errorf("poollint-all passed: %v", res)
	}
	contains(t, "poollint-all", res.stdout, "worker/crawl/crawl.go:13:3: unbounded: ")
}
