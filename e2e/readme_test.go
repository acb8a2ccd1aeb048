package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// snippet is a block of the README, which marks those that are run here: what is written there
// is what is tested.
func snippet(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile("(?s)<!-- test: " + regexp.QuoteMeta(name) + " -->\n```[a-z]+\n(.*?)```")
	m := re.FindSubmatch(data)
	if m == nil {
		t.Fatalf("the README has no snippet %q", name)
	}
	return string(m[1])
}

// shell runs the lines of a snippet. The last one may end in findings.
func (r *runner) shell(snippet string) result {
	r.t.Helper()
	lines := strings.Split(strings.TrimSpace(snippet), "\n")
	for _, line := range lines[:len(lines)-1] {
		r.must("sh", "-c", line)
	}
	return r.run("sh", "-c", lines[len(lines)-1])
}

// The shipped example, checked with the README's command, is wrong in these places and no others.
func TestExample(t *testing.T) {
	root := project(t, "").in(filepath.Dir(here(t)))
	res := root.shell(snippet(t, "try"))
	if res.code != 1 {
		t.Fatalf("want exit code 1, got %v", res)
	}
	want := []string{
		"internal/digest/digest.go:35:19: cpubound: ",
		"internal/fetch/fetch.go:30:3: unbounded: ",
		"internal/fetch/fetch.go:63:5: unawaited: ",
		"internal/notify/notify.go:27:20: limit: ",
		"internal/notify/notify.go:39:10: rejected: ",
		"internal/price/price.go:14:2: abandoned: ",
	}
	finding := regexp.MustCompile(`(?m)^testdata/example/(\S+: [a-z]+: )`)
	var got []string
	for _, m := range finding.FindAllStringSubmatch(res.stdout, -1) {
		got = append(got, m[1])
	}
	if !slices.Equal(got, want) {
		t.Errorf("want\n%s\ngot\n%s\nof %v", strings.Join(want, "\n"), strings.Join(got, "\n"), res)
	}
	// What the README shows is what is printed.
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	sample := regexp.MustCompile("(?s)<!-- sample -->\n```console\n\\$ poollint ./...\n(.*?)```").FindSubmatch(data)
	if sample == nil {
		t.Fatal("the README shows no output")
	}
	out := strings.ReplaceAll(res.stdout, "testdata/example/", "")
	for line := range strings.Lines(string(sample[1])) {
		if !strings.Contains(out, line) {
			t.Errorf("the README shows a line that is not printed: %s", line)
		}
	}
}

// The version of golangci-lint that the README builds is the one that is tested.
func TestReadmeCustomGCL(t *testing.T) {
	mod, err := os.ReadFile("golangci/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`golangci-lint/v2 (v\S+)`).FindSubmatch(mod)[1]
	contains(t, ".custom-gcl.yml", snippet(t, "custom-gcl"),
		"version: "+string(version)+"\n", "module: "+modulePath+"\n", "import: "+modulePath+"/plugin\n")
}
