package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/module"
	modzip "golang.org/x/mod/zip"
)

const modulePath = "github.com/poollint/poollint"

// snapshot copies the files of this repository, as the next commit would have them, into a
// repository of its own.
func snapshot(t *testing.T) *runner {
	need(t, "git")
	root := strings.TrimSpace(project(t, "").in(here(t)).must("go", "list", "-m", "-f", "{{.Dir}}").stdout)
	files := project(t, "").in(root).run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if files.code != 0 {
		absent(t, "not a git checkout: "+files.stderr)
	}
	copied := project(t, "")
	for name := range strings.SplitSeq(files.stdout, "\x00") {
		data, err := os.ReadFile(filepath.Join(root, name))
		if name == "" || err != nil { // removed, or a folder
			continue
		}
		copied.write(name, string(data))
	}
	copied.must("git", "init", "-q", "-b", "main")
	copied.commit("snapshot")
	copied.must("git", "tag", "v0.1.0")
	return copied
}

func here(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// proxy serves a snapshot as release v0.1.0, and is a GOPROXY.
func proxy(t *testing.T, repo *runner) string {
	dir := t.TempDir()
	at := filepath.Join(dir, modulePath, "@v")
	if err := os.MkdirAll(at, 0o777); err != nil {
		t.Fatal(err)
	}
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(at, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	info, err := json.Marshal(map[string]any{"Version": "v0.1.0", "Time": time.Now().UTC()})
	if err != nil {
		t.Fatal(err)
	}
	write("list", []byte("v0.1.0\n"))
	write("v0.1.0.info", info)
	write("v0.1.0.mod", []byte(repo.read("go.mod")))
	f, err := os.Create(filepath.Join(at, "v0.1.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := modzip.CreateFromVCS(f, module.Version{Path: modulePath, Version: "v0.1.0"}, repo.dir, "v0.1.0", ""); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(dir)
}

func goenv(t *testing.T, name string) string {
	out, err := exec.Command("go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// downloaded is a GOPROXY that has what this machine has already, and then the user's own.
func downloaded(t *testing.T) string {
	return "file://" + filepath.ToSlash(goenv(t, "GOMODCACHE")) + "/cache/download," + goenv(t, "GOPROXY")
}

// A release can be had in each way that the README tells of, on a machine that has never seen
// poollint.
func TestHeavyRelease(t *testing.T) {
	t.Parallel()
	heavy(t)
	cache := t.TempDir()
	bin := t.TempDir()
	p := project(t, simple).with(
		"GOMODCACHE="+cache, "GOBIN="+bin, "GONOSUMDB="+modulePath, "GONOSUMCHECK=1",
		"GOFLAGS=-modcacherw -buildvcs=true",
		"GOPROXY="+proxy(t, snapshot(t))+","+downloaded(t))

	contains(t, "go run @latest", p.shell(snippet(t, "install")).stdout, finding)
	installed := filepath.Join(bin, filepath.Base(poollint))
	contains(t, "-version", p.must(installed, "-version").stdout, "poollint v0.1.0 (go1.")
	contains(t, "installed", p.run(installed, "./...").stdout, finding)

	before := p.read("go.mod")
	contains(t, "go tool -modfile", p.shell(snippet(t, "modfile")).stdout, finding)
	if after := p.read("go.mod"); after != before {
		t.Errorf("go.mod was changed:\n%s", after)
	}

	res := p.shell(snippet(t, "tool"))
	contains(t, "go tool", res.stdout, finding)
	if res.code != 1 {
		t.Errorf("go tool: want exit code 1, got %v", res)
	}
	contains(t, "go.mod", p.read("go.mod"), "tool "+modulePath+"/cmd/poollint")
	contains(t, "go vet", p.shell(snippet(t, "vet")).stderr, finding)
}

// The binaries of a release are those that the README names.
func TestBinaries(t *testing.T) {
	t.Parallel()
	var config struct {
		Builds []struct{ Goos, Goarch []string }
	}
	if err := yaml.Unmarshal([]byte(page(t, ".goreleaser.yaml")), &config); err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`Each release has binaries for (.*), on (.*)\. `).FindStringSubmatch(readme(t))
	if said == nil || len(config.Builds) != 1 {
		t.Fatalf("the README says %q, and %+v is built", said, config.Builds)
	}
	list := func(s string) []string {
		return regexp.MustCompile(`\w+`).FindAllString(strings.ReplaceAll(s, " and ", " "), -1)
	}
	systems := list(strings.ToLower(strings.ReplaceAll(said[1], "macOS", "darwin")))
	if b := config.Builds[0]; !slices.Equal(systems, b.Goos) || !slices.Equal(list(said[2]), b.Goarch) {
		t.Errorf("the README says %q and %q, and %+v is built", systems, list(said[2]), b)
	}
}
