package e2e

import (
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// terminal runs a command line with a terminal for its input and output, and returns all that
// appears there.
func (r *runner) terminal(code int, line string) string {
	r.t.Helper()
	if runtime.GOOS != "linux" {
		r.t.Skip("needs the script command of util-linux")
	}
	need(r.t, "script")
	res := r.with("TERM=xterm").run("script", "--quiet", "--return", "--command", line, "/dev/null")
	if res.code != code {
		r.t.Fatalf("%s: want exit code %d, got %v", line, code, res)
	}
	return strings.ReplaceAll(res.stdout, "\r\n", "\n")
}

// People see colours, and the line of source with a caret; whatever else reads does not.
func TestTerminal(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	out := p.terminal(1, poollint+" ./... 2>errors")
	contains(t, "the terminal", out,
		"\x1b[1mcrawl/crawl.go:13:3\x1b[0m: \x1b[33munbounded:\x1b[0m one goroutine per element",
		"\n\t\tgo fetch(url)\n\t\t\x1b[32m^~\x1b[0m\n\tcrawl/crawl.go:12:2: the loop that starts them\n")
	empty(t, "standard error", p.read("errors"))

	plain := p.lint(1, "./...").stdout
	lacks(t, "a pipe", plain, "\x1b", "^~")
	for _, env := range []string{"NO_COLOR=1", "TERM=dumb"} {
		if out := p.terminal(1, env+" "+poollint+" ./... 2>errors"); out != plain {
			t.Errorf("%s: want\n%s\ngot\n%q", env, plain, out)
		}
	}
}

// A run that takes its time says so on a terminal's standard error, also before the first package
// is done, and takes the line away before anything else is printed.
func TestProgress(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	p.write("slow/go", "#!/bin/sh\nsleep 3\nexec "+need(t, "go")+" \"$@\"\n")
	p.must("chmod", "+x", "slow/go")
	slow := "PATH=" + filepath.Join(p.dir, "slow") + ":$PATH " + poollint + " ./..."

	out := p.terminal(1, slow+" >findings")
	line := regexp.MustCompile("\r\x1b\\[Kpoollint: (reading dependencies|packages checked: \\d+ of \\d+), \\d+ s")
	if rest := line.ReplaceAllString(out, ""); rest == out || rest != "\r\x1b[K" {
		t.Errorf("want one line that is written again and taken away, got %q", out)
	}
	contains(t, "the findings", p.read("findings"), finding)

	if out := p.terminal(1, slow+" 2>errors"); line.MatchString(out) {
		t.Errorf("the line is among the findings: %q", out)
	}
	empty(t, "standard error, which is a file", p.read("errors"))

	if out := p.terminal(1, "TERM=dumb "+slow); strings.Contains(out, "\x1b") {
		t.Errorf("a terminal that cannot erase got %q", out)
	}
}
