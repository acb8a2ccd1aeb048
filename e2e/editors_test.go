package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Vim, set as the README says, finds its way to the finding and to what it refers to.
func TestVim(t *testing.T) {
	t.Parallel()
	vim := need(t, "vim")
	p := project(t, simple).with("PATH=" + filepath.Dir(poollint) + string(os.PathListSeparator) + os.Getenv("PATH"))
	p.must(vim, "-Nu", "NONE", "-es", "-c", strings.TrimSpace(snippet(t, "vim")), "-c", "silent make!",
		"-c", "call writefile([json_encode(map(getqflist(), {_, e -> [bufname(e.bufnr), e.lnum, e.col, e.valid]}))], 'quickfix')", "-c", "qa!")
	want := `[["crawl/crawl.go",13,3,1],["crawl/crawl.go",12,2,1],["crawl/crawl.go",11,13,1]]`
	if got := strings.TrimSpace(p.read("quickfix")); got != want {
		t.Errorf("want %s, got %s", want, got)
	}
}

// VS Code's go.lintTool gives no argument, reads file:line:col: message, appends lines that start
// with a tab to the message above, and discards all if anything is on standard error.
func TestVSCode(t *testing.T) {
	t.Parallel()
	var settings struct {
		Tool       string            `json:"go.lintTool"`
		Alternates map[string]string `json:"go.alternateTools"`
		On         string            `json:"go.lintOnSave"`
	}
	if err := json.Unmarshal([]byte(snippet(t, "vscode")), &settings); err != nil {
		t.Fatal(err)
	}
	if filepath.Base(settings.Alternates[settings.Tool]) != "poollint" || settings.On != "package" {
		t.Errorf("the README's settings do not run poollint: %+v", settings)
	}

	res := project(t, simple).in("crawl").lint(1)
	empty(t, "stderr", res.stderr)
	line := regexp.MustCompile(`^(?:[A-Za-z]:)?[^:]+\.go:\d+:\d+: \S.*$`)
	findings := 0
	for l := range strings.Lines(res.stdout) {
		l = strings.TrimSuffix(l, "\n")
		switch {
		case strings.HasPrefix(l, "\t") && findings > 0:
		case line.MatchString(l):
			findings++
		default:
			t.Errorf("an editor does not understand %q", l)
		}
	}
	if findings != 1 {
		t.Errorf("want 1 finding, got %v", res)
	}
}
