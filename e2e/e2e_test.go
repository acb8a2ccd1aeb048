// Package e2e tests poollint as people run it: the built program, the real go command, git, and
// whatever else reads its output.
package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

// poollint is the program under test.
var poollint string

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	tmp, err := os.MkdirTemp("", "poollint-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(tmp)
	poollint = filepath.Join(tmp, "poollint")
	if runtime.GOOS == "windows" {
		poollint += ".exe"
	}
	build := exec.Command("go", "build", "-o", poollint, "github.com/poollint/poollint/cmd/poollint")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	// The user's own settings must not decide what is tested.
	for _, name := range []string{"GOWORK", "GOFLAGS", "NO_COLOR", "GIT_DIR", "GIT_INDEX_FILE"} {
		os.Unsetenv(name)
	}
	os.Setenv("GOFLAGS", "-buildvcs=false")
	os.Setenv("POOLLINT_CACHE", filepath.Join(tmp, "cache"))
	return m.Run()
}

// sources looks at the program's sources, once. The go command caches a test's success by what the
// test itself reads, and it is the build that reads the program: a change of it must run the tests again.
var sources = sync.OnceValue(func() error {
	var errs []error
	for _, dir := range []string{"../analyzer", "../cmd", "../pool"} {
		errs = append(errs, filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
			if err == nil {
				_, err = os.Stat(name)
			}
			return err
		}))
	}
	return errors.Join(errs...)
})

// A result is what a program printed, and how it ended.
type result struct {
	stdout, stderr string
	code           int
}

func (r result) String() string {
	return fmt.Sprintf("exit code %d\n-- stdout --\n%s-- stderr --\n%s", r.code, r.stdout, r.stderr)
}

// A runner runs programs in a folder.
type runner struct {
	t   *testing.T
	dir string
	env []string
}

// project writes the files of a txtar archive and returns their folder.
func project(t *testing.T, archive string) *runner {
	t.Helper()
	if err := sources(); err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{t: t, dir: dir}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		r.write(f.Name, string(f.Data))
	}
	return r
}

func (r *runner) write(name, content string) {
	r.t.Helper()
	path := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *runner) read(name string) string {
	r.t.Helper()
	data, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

// in is the same runner in a folder below, or anywhere if dir is absolute.
func (r *runner) in(dir string) *runner {
	there := *r
	if there.dir = dir; !filepath.IsAbs(dir) {
		there.dir = filepath.Join(r.dir, dir)
	}
	return &there
}

// with is the same runner with more in its environment.
func (r *runner) with(env ...string) *runner {
	there := *r
	there.env = append(r.env[:len(r.env):len(r.env)], env...)
	return &there
}

// command prepares a program.
func (r *runner) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = r.dir
	cmd.Env = append(cmd.Environ(), r.env...)
	return cmd
}

// run runs a program to its end.
func (r *runner) run(name string, args ...string) result {
	r.t.Helper()
	cmd := r.command(name, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		r.t.Fatalf("%s: %v", name, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// must runs a program that is expected to succeed.
func (r *runner) must(name string, args ...string) result {
	r.t.Helper()
	res := r.run(name, args...)
	if res.code != 0 {
		r.t.Fatalf("%s %s: %v", name, strings.Join(args, " "), res)
	}
	return res
}

// lint runs poollint and checks how it ends.
func (r *runner) lint(code int, args ...string) result {
	r.t.Helper()
	res := r.run(poollint, args...)
	if res.code != code {
		r.t.Fatalf("poollint %s: want exit code %d, got %v", strings.Join(args, " "), code, res)
	}
	return res
}

func contains(t *testing.T, what, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q:\n%s", what, want, text)
		}
	}
}

func lacks(t *testing.T, what, text string, nots ...string) {
	t.Helper()
	for _, not := range nots {
		if strings.Contains(text, not) {
			t.Errorf("%s has %q:\n%s", what, not, text)
		}
	}
}

func empty(t *testing.T, what, text string) {
	t.Helper()
	if text != "" {
		t.Errorf("%s is not empty:\n%s", what, text)
	}
}

// need skips a test for want of a program, unless the environment says that everything is here.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		absent(t, program+" is not installed")
	}
	return path
}

func absent(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("POOLLINT_E2E") == "all" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// heavy skips a test that takes minutes or downloads much, but where everything is to be tested. The name
// is what .ci/run selects such tests by, next to a quick run of the others.
func heavy(t *testing.T) {
	t.Helper()
	if !strings.HasPrefix(t.Name(), "TestHeavy") {
		t.Fatal("a heavy test's name begins with TestHeavy")
	}
	if os.Getenv("POOLLINT_E2E") != "all" {
		t.Skip("takes long; set POOLLINT_E2E=all")
	}
}

// crawl is a package with one finding, at its only go statement, and no other. It imports nothing,
// since another configuration, flag or tool checks the facts of all that is imported anew: through
// go vet, in a process for each package.
const crawl = `
package crawl

// Out has what was fetched.
//
// It has no room.
var Out = make(chan string)

// Handle fetches whatever is asked for.
//
// All of it at once.
func Handle(urls []string) {
	for _, url := range urls {
		go fetch(url)
	}
}

func fetch(url string) {
	body := make([]byte, 0, len(url))
	for i := 0; i < len(url); i++ {
		body = append(body, url[i])
	}
	Out <- string(body)
}
`

// calm is a package with none.
const calm = `
package calm

func One(url string) string {
	return "https://" + url
}
`
