package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// snippet is a block of the README, which marks those that are run here: what is written there
// is what is tested.
func snippet(t *testing.T, name string) string {
	t.Helper()
	re := regexp.MustCompile("(?s)<!-- test: " + regexp.QuoteMeta(name) + " -->\n```[a-z]+\n(.*?)```")
	m := re.FindStringSubmatch(readme(t))
	if m == nil {
		t.Fatalf("the README has no snippet %q", name)
	}
	return m[1]
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
	t.Parallel()
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
	sample := regexp.MustCompile("(?s)<!-- sample -->\n```console\n\\$ poollint ./...\n(.*?)```").FindStringSubmatch(readme(t))
	if sample == nil {
		t.Fatal("the README shows no output")
	}
	out := strings.ReplaceAll(res.stdout, "testdata/example/", "")
	for line := range strings.Lines(sample[1]) {
		if !strings.Contains(out, line) {
			t.Errorf("the README shows a line that is not printed: %s", line)
		}
	}
}

// Whatever the README tells people to type or to write is run by a test: each block is marked, and
// a test asks for it by its name.
func TestReadmeBlocks(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(data)
	}
	text := readme(t)
	blocks := regexp.MustCompile("(?m)^(.*)\n```[a-z]+$").FindAllStringSubmatch(text, -1)
	if len(blocks)*2 != strings.Count(text, "\n```") {
		t.Errorf("%d blocks were seen, of %d", len(blocks), strings.Count(text, "\n```")/2)
	}
	for _, m := range blocks {
		name, marked := strings.CutPrefix(m[1], "<!-- test: ")
		name, ended := strings.CutSuffix(name, " -->")
		if m[1] != "<!-- sample -->" && (!marked || !ended || !strings.Contains(tests.String(), `snippet(t, "`+name+`")`)) {
			t.Errorf("no test runs the block below %q", m[1])
		}
	}
}

// The commands within the text run, too.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	commands := regexp.MustCompile("`poollint (-[^`]+)`").FindAllStringSubmatch(readme(t), -1)
	if len(commands) < 5 {
		t.Fatalf("only %d commands were seen", len(commands))
	}
	for _, m := range commands {
		t.Run(m[1], func(t *testing.T) {
			p := repository(t, simple)
			line := strings.NewReplacer("RULE", "unbounded", "file.go:17", "crawl/crawl.go:13", "origin/main", "HEAD").Replace(m[1])
			if res := p.run(poollint, strings.Fields(line)...); res.code > 1 {
				t.Errorf("poollint %s: %v", line, res)
			}
		})
	}
}

// A directive that suppresses nothing is reported, so that this one is needed and heeded.
func TestReadmeSuppress(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- go.mod --
module example.com/watch

go 1.26
-- watch.go --
package watch

import (
	"encoding/json"
	"net/http"
	"os"
)

func Handle(w http.ResponseWriter, r *http.Request) {
	var disks []string
	_ = json.NewDecoder(r.Body).Decode(&disks)
SUPPRESS}

func watch(name string) {
	if f, err := os.Open(name); err == nil {
		f.Close()
	}
}
`)
	p.write("watch.go", strings.Replace(p.read("watch.go"), "SUPPRESS", snippet(t, "suppress"), 1))
	contains(t, "the file", p.read("watch.go"), "//poollint:ignore", "go watch(d)")
	p.lint(0, "./...")
}

// The version of golangci-lint that the README builds is the one that is tested.
func TestReadmeCustomGCL(t *testing.T) {
	t.Parallel()
	mod, err := os.ReadFile("golangci/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`golangci-lint/v2 (v\S+)`).FindSubmatch(mod)[1]
	contains(t, ".custom-gcl.yml", snippet(t, "custom-gcl"),
		"version: "+string(version)+"\n", "module: "+modulePath+"\n", "import: "+modulePath+"/plugin\n")
}
