package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var golangci string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		tmp, err := os.MkdirTemp("", "poollint-golangci-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(tmp)
		golangci = filepath.Join(tmp, "golangci-lint")
		if out, err := exec.Command("go", "build", "-o", golangci, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

const source = `package sample

import (
	"errors"
	"os"
	"time"
)

// Handle fetches whatever is asked for.
//
// All of it at once.
func Handle(urls []string) {
	for _, url := range urls {
		go fetch(url)
	}
	for _, url := range urls {
		go fetch(url) //nolint:poollint // there are never many
	}
}

func fetch(url string) {
	f, err := os.Open(url)
	if err == nil {
		f.Close()
	}
}

func Late(url string) error {
	done := make(chan error)
	go func() {
		_, err := os.ReadFile(url)
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(time.Second):
		return errors.New("late")
	}
}
`

var snippet = regexp.MustCompile("(?s)<!-- test: golangci -->\n```yaml\n(.*?)```")

// config is the README's, with the settings given, and nothing held back.
func config(t *testing.T, settings string) string {
	t.Helper()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := snippet.FindSubmatch(data)
	if m == nil {
		t.Fatal("the README has no .golangci.yml")
	}
	yml := strings.Replace(string(m[1]), "settings: {}", "settings: {"+settings+"}", 1)
	return yml + "issues: {max-issues-per-linter: 0, max-same-issues: 0, uniq-by-line: false}\n"
}

func sample(t *testing.T, settings string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/sample\n\ngo 1.26\n")
	write(t, dir, "sample.go", source)
	write(t, dir, ".golangci.yml", config(t, settings))
	return dir
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

// limited is a program with a limit in another package.
const limited = `package sample

import (
	"os"

	"example.com/sample/conf"
)

func Handle(urls []string) {
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
`

// A change of a dependency shows in the next run, though nothing else has changed.
func TestDependency(t *testing.T) {
	const conf = `package conf

var slots = make(chan struct{}, 8)

func Acquire() { slots <- struct{}{} }

func Release() { <-slots }
`
	dir := sample(t, "checks: [unbounded]")
	write(t, dir, "sample.go", limited)
	if err := os.Mkdir(filepath.Join(dir, "conf"), 0o777); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		write(t, dir, "conf/conf.go", conf)
		want(t, dir, 0)
		write(t, dir, "conf/conf.go", strings.Replace(conf, "slots <- struct{}{}", "_ = slots", 1))
		want(t, dir, 1, "sample.go:12:3: unbounded: ")
	}
}

// run runs golangci-lint with a cache of its own for each test, which repeated runs share.
func run(t *testing.T, dir string, args ...string) (output string, code int) {
	t.Helper()
	cmd := exec.Command(golangci, append([]string{"run"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GOLANGCI_LINT_CACHE="+filepath.Join(dir, ".cache"))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

func want(t *testing.T, dir string, code int, texts ...string) string {
	t.Helper()
	out, got := run(t, dir)
	if got != code {
		t.Fatalf("want exit code %d, got %d:\n%s", code, got, out)
	}
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("lacks %q:\n%s", text, out)
		}
	}
	return out
}

func TestFindings(t *testing.T) {
	dir := sample(t, "")
	out := want(t, dir, 1, "sample.go:14:3: unbounded: ", "sample.go:30:2: abandoned: ", "(poollint)")
	if strings.Contains(out, "sample.go:17") {
		t.Errorf("//nolint was not honoured:\n%s", out)
	}
	// Related places are part of the message, and not issues of their own.
	if !strings.Contains(out, "(sample.go:13)") || strings.Contains(out, "related information") {
		t.Errorf("related information is not folded into the message:\n%s", out)
	}
	if again := want(t, dir, 1); again != out {
		t.Errorf("the cached run printed\n%s\nand the first\n%s", again, out)
	}
}

func TestSettings(t *testing.T) {
	dir := sample(t, "checks: [all, -unbounded]")
	if out := want(t, dir, 1, "abandoned: "); strings.Contains(out, "unbounded: ") {
		t.Errorf("the settings were not honoured:\n%s", out)
	}
	// A change of the settings shows in the next run.
	write(t, dir, ".golangci.yml", config(t, "checks: [unbounded]"))
	if out := want(t, dir, 1, "unbounded: "); strings.Contains(out, "abandoned: ") {
		t.Errorf("the changed settings were not honoured:\n%s", out)
	}
	// So does one of a directive.
	write(t, dir, "sample.go", strings.Replace(source, "\t\tgo fetch(url)\n", "\t\t//poollint:ignore unbounded there are never many\n\t\tgo fetch(url)\n", 1))
	want(t, dir, 0)

	want(t, sample(t, "cheks: [all]"), 3, `unknown field "cheks"`)
	want(t, sample(t, "checks: [unbonded]"), 3, `unknown check "unbonded"; did you mean "unbounded"?`)
	want(t, sample(t, "strict: 3"), 3, "strict")
}

func TestUnusedNolint(t *testing.T) {
	dir := sample(t, "")
	write(t, dir, ".golangci.yml", strings.Replace(config(t, ""), "enable: [poollint]", "enable: [poollint, nolintlint]", 1)+
		"\n")
	write(t, dir, "sample.go", "package sample\n\nfunc F() {} //nolint:poollint // for no reason\n")
	want(t, dir, 1, "nolintlint", "poollint")
}

func TestExclusion(t *testing.T) {
	dir := sample(t, "")
	write(t, dir, ".golangci.yml", strings.Replace(config(t, ""), "  enable: [poollint]\n",
		"  enable: [poollint]\n  exclusions:\n    rules: [{linters: [poollint], text: '^abandoned:'}]\n", 1))
	if out := want(t, dir, 1, "unbounded: "); strings.Contains(out, "abandoned: ") {
		t.Errorf("the rule in front of the message is no handle:\n%s", out)
	}
}

func TestFix(t *testing.T) {
	dir := sample(t, "checks: [abandoned]")
	if out, code := run(t, dir, "--fix"); code != 0 {
		t.Fatalf("want exit code 0, got %d:\n%s", code, out)
	}
	data, err := os.ReadFile(filepath.Join(dir, "sample.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "make(chan error, 1)") {
		t.Errorf("not fixed:\n%s", data)
	}
}

func TestSARIF(t *testing.T) {
	dir := sample(t, "")
	run(t, dir, "--output.sarif.path=out.sarif")
	data, err := os.ReadFile(filepath.Join(dir, "out.sarif"))
	if err != nil {
		t.Fatal(err)
	}
	var log struct {
		Runs []struct {
			Results []struct{ RuleID string }
		}
	}
	if err := json.Unmarshal(data, &log); err != nil {
		t.Fatal(err)
	}
	if len(log.Runs) != 1 || len(log.Runs[0].Results) != 2 || log.Runs[0].Results[0].RuleID != "poollint" {
		t.Errorf("got %s", data)
	}
}

func TestConfigVerify(t *testing.T) {
	cmd := exec.Command(golangci, "config", "verify")
	cmd.Dir = sample(t, "strict: true")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
