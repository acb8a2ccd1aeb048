package e2e

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// A stage is the instructions of a Dockerfile from one FROM to the next.
type stage [][2]string

func dockerfile(t *testing.T) (stages []stage) {
	t.Helper()
	data, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^#.*\n`).ReplaceAllString(string(data), "")
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		name, args, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "FROM" {
			stages = append(stages, nil)
		}
		if name != "" {
			last := len(stages) - 1
			stages[last] = append(stages[last], [2]string{name, strings.TrimSpace(args)})
		}
	}
	if len(stages) != 2 {
		t.Fatalf("want two stages, got %q", stages)
	}
	return stages
}

func (s stage) all(name string) (args []string) {
	for _, in := range s {
		if in[0] == name {
			args = append(args, in[1])
		}
	}
	return args
}

// The image is built with a Go that is new enough, and from all that poollint consists of.
func TestDockerfile(t *testing.T) {
	t.Parallel()
	stages := dockerfile(t)
	data, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse("go.mod", data, nil)
	if err != nil {
		t.Fatal(err)
	}
	from := stages[0].all("FROM")[0]
	if version := regexp.MustCompile(`^golang:(\d+\.\d+)-alpine AS build$`).FindStringSubmatch(from); version == nil || !strings.HasPrefix(mod.Go.Version, version[1]+".") {
		t.Errorf("the image is built from %s, and go.mod has Go %s", from, mod.Go.Version)
	}
	contains(t, "docker run", snippet(t, "docker"), ":"+stages[1].all("WORKDIR")[0]+`"`, ":"+stages[1].all("VOLUME")[0]+" ")
	ignore, err := os.ReadFile("../.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	listed := project(t, "").in(filepath.Dir(here(t))).must("go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}", modulePath+"/cmd/poollint")
	rooms := map[string]bool{"go.mod": true, "go.sum": true}
	for _, path := range strings.Fields(listed.stdout) {
		room, _, _ := strings.Cut(strings.TrimPrefix(path, modulePath+"/"), "/")
		rooms[room] = true
	}
	for room := range rooms {
		if !strings.Contains(string(ignore), "\n!"+room+"\n") {
			t.Errorf(".dockerignore leaves out %s", room)
		}
	}
}

// Docker is not needed to see what is in the image: the build's own commands make its file system here, and
// poollint runs with that as its root and nothing else.
func TestHeavyImage(t *testing.T) {
	t.Parallel()
	heavy(t)
	stages := dockerfile(t)
	image := t.TempDir()
	build := project(t, "").in(filepath.Dir(here(t)))
	for _, command := range stages[0].all("RUN") {
		if strings.Contains(command, "ca-certificates") {
			continue // of the image that it is built from
		}
		build.must("sh", "-c", strings.ReplaceAll(command, "/image", image))
	}
	p := (&runner{t: t, dir: image})
	p.write("src/go.mod", "module example.com/simple\n\ngo 1.26\n")
	p.write("src/crawl/crawl.go", crawl[1:])
	p.write("src/web/web.go", "package web\n\nimport \"net/http\"\n\nvar Default = http.DefaultClient\n")
	p.write("dev/null", "") // what Docker mounts
	p.write("proc/README", "")

	var env []string
	for _, args := range stages[1].all("ENV") {
		env = append(env, strings.Fields(args)...)
	}
	root := []string{"--mount", "--pid", "--fork", "--root=" + image, "--wd=" + stages[1].all("WORKDIR")[0], "--mount-proc"}
	if os.Getuid() != 0 {
		root = append(root, "--map-root-user")
	}
	if res := p.run(need(t, "unshare"), append(root, "/bin/poollint", "-version")...); res.code != 0 {
		absent(t, "nobody may change the root here: "+res.stderr)
	}
	run := func(args ...string) result {
		cmd := exec.Command("unshare", slices.Concat(root, []string{"/bin/poollint"}, args)...)
		cmd.Env = env
		var stdout, stderr strings.Builder
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
			t.Fatal(err)
		}
		return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	}
	res := run("./...")
	if res.code != 1 || res.stderr != "" {
		t.Fatalf("want exit code 1, got %v", res)
	}
	contains(t, "stdout", res.stdout, finding)
	size := int64(0)
	for _, name := range files(t, filepath.Join(image, "usr")) {
		if info, err := os.Lstat(name); err == nil {
			size += info.Size()
		}
	}
	t.Logf("the toolchain in the image has %d MB", size/1e6)
}
