package e2e

import (
	"io/fs"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is not linked in cannot open a connection: the plugin opens none. The command does, to what -profile
// names, and in one room only.
func TestNoNetwork(t *testing.T) {
	t.Parallel()
	list := func(args ...string) string {
		cmd := exec.Command("go", append([]string{"list"}, args...)...)
		cmd.Dir = ".."
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	deps := strings.Fields(list("-deps", "./plugin"))
	if !slices.Contains(deps, "go/types") {
		t.Fatalf("the dependencies are not listed: %s", deps)
	}
	for _, not := range []string{"net", "net/http", "plugin", "crypto/tls"} {
		if slices.Contains(deps, not) {
			t.Errorf("%s is linked into the plugin", not)
		}
	}
	const room = "github.com/poollint/poollint/cmd/poollint/internal/profile"
	for line := range strings.Lines(list("-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{range .Imports}} {{.}}{{end}}{{end}}", "./cmd/poollint")) {
		f := strings.Fields(line)
		for _, not := range []string{"net", "net/http", "plugin", "crypto/tls"} {
			if len(f) > 0 && f[0] != room && slices.Contains(f[1:], not) {
				t.Errorf("%s imports %s", f[0], not)
			}
		}
	}
}

// A run executes nothing of what it checks, and leaves nothing behind but in the go command's cache.
func TestLeavesNothing(t *testing.T) {
	t.Parallel()
	p := project(t, simple+`
-- run/run.go --
package run

import "os"

//go:generate touch generated

var _ = os.WriteFile("variable", nil, 0o600)

func init() { os.WriteFile("init", nil, 0o600) }
-- run/run_test.go --
package run

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) { os.WriteFile("test", nil, 0o600) }
`)
	home, tmp := t.TempDir(), t.TempDir()
	before := files(t, p.dir)
	with := p.with("HOME="+home, "TMPDIR="+tmp, "XDG_CONFIG_HOME="+t.TempDir(), // the go command counts there
		"GOCACHE="+strings.TrimSpace(p.run("go", "env", "GOCACHE").stdout), "GOMODCACHE="+strings.TrimSpace(p.run("go", "env", "GOMODCACHE").stdout))
	for range 2 {
		contains(t, "stdout", with.lint(1, "./...").stdout, finding)
	}
	contains(t, "stdout", with.lint(1, "-json", "./...").stdout, `"unbounded"`)
	if after := files(t, p.dir); !slices.Equal(before, after) {
		t.Errorf("the checkout has changed: before %q, now %q", before, after)
	}
	for _, dir := range []string{home, tmp} {
		if left := files(t, dir); len(left) > 0 {
			t.Errorf("left behind: %q", left)
		}
	}
}

// files lists what is in a folder.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
