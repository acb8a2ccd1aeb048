package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// golangci-lint custom builds golangci-lint with the plugin from the README's files, and what it
// built finds what poollint finds. The plugin has tests of its own, in a module beside.
func TestHeavyGolangciCustom(t *testing.T) {
	t.Parallel()
	heavy(t)
	repo := snapshot(t)
	// With -trimpath, code of another module cache need not be compiled again.
	const flags = "GOFLAGS=-buildvcs=false -trimpath"
	beside := project(t, "").in(filepath.Join(here(t), "golangci")).with(flags)
	bin := t.TempDir()
	beside.must("go", "build", "-o", bin, "github.com/golangci/golangci-lint/v2/cmd/golangci-lint")
	module := strings.Fields(beside.must("go", "list", "-m", "-f", "{{.Dir}} {{.Version}}", "github.com/golangci/golangci-lint/v2").stdout)

	// It clones the release that it is to build; git finds that one here, made from the module.
	origin := project(t, "").in("golangci-lint.git")
	if err := os.CopyFS(origin.dir, os.DirFS(module[0])); err != nil {
		t.Fatal(err)
	}
	origin.must("git", "init", "-q", "-b", "main")
	origin.commit("release")
	origin.must("git", "tag", module[1])

	p := project(t, simple+"-- .custom-gcl.yml --\n"+snippet(t, "custom-gcl")+"-- .golangci.yml --\n"+snippet(t, "golangci")).with(
		flags+" -modcacherw", "GOMODCACHE="+t.TempDir(), "GONOSUMDB="+modulePath, "GOPROXY="+proxy(t, repo)+","+downloaded(t),
		"PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GOLANGCI_LINT_CACHE="+t.TempDir(),
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url.file://"+filepath.ToSlash(filepath.Dir(origin.dir))+"/.insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/golangci/")
	res := p.shell(snippet(t, "golangci-run"))
	if res.code != 1 {
		t.Errorf("want exit code 1, got %v", res)
	}
	contains(t, "golangci-lint", res.stdout, finding, "(poollint)")
}
