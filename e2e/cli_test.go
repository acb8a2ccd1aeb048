package e2e

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
)

const simple = `
-- go.mod --
module example.com/simple

go 1.26
-- crawl/crawl.go --` + crawl + `
-- calm/calm.go --` + calm

// importing has the go command compile something, too.
const importing = simple + `
-- crawl/disk.go --
package crawl

import "os"

var Open = os.Open
`

func TestExitCodes(t *testing.T) {
	t.Parallel()
	p := project(t, simple+`
-- broken/broken.go --
package broken

func F() int { return undefined }
-- unclosed/unclosed.go --
package unclosed

func F() {
-- lost/lost.go --
package lost

import _ "example.org/there/is/no/such/module"
-- elsewhere/elsewhere.go --
//go:build neverbuilt

package elsewhere
-- badtest/badtest_test.go --
package badtest

import "testing"

func TestX(t *testing.T) { undefined() }
-- hollow/README --
No Go files.
`)

	tests := []struct {
		args   string
		code   int
		stdout string   // "": nothing
		stderr []string // none: nothing
	}{
		{args: "./calm", code: 0},
		{args: "./crawl", code: 1, stdout: finding},
		{args: "crawl/crawl.go calm/calm.go", code: 1, stdout: finding},
		{args: "example.com/simple/crawl", code: 1, stdout: finding},
		{args: "-checks=-unbounded ./crawl", code: 0},
		{args: "-checks=unawaited ./crawl", code: 0},
		{args: "elsewhere/elsewhere.go", code: 0}, // a file of another build is no mistake

		{args: "./crawl ./broken", code: 2, stdout: finding, stderr: []string{
			"example.com/simple/broken does not compile", "\tbroken/broken.go:3:23: undefined: undefined"}},
		{args: "./crawl ./unclosed", code: 2, stdout: finding, stderr: []string{"unclosed/unclosed.go:3:"}},
		{args: "./crawl ./lost", code: 2, stdout: finding, stderr: []string{"lost/lost.go:3:8", "no required module"}},
		{args: "./crawl ./elsewhere", code: 2, stdout: finding, stderr: []string{"./elsewhere has no Go files for this system", "-tags"}},
		{args: "./crawl ./badtest", code: 2, stdout: finding, stderr: []string{"badtest/badtest_test.go:5:28"}},
		{args: "./crawl ./hollow", code: 2, stdout: finding, stderr: []string{"no Go files"}},
		{args: "./crawl ./hollow/...", code: 2, stdout: finding, stderr: []string{`"./hollow/..." matched no packages`}},
		{args: "./hollow/...", code: 2, stderr: []string{`"./hollow/..." matched no packages`}},
		{args: "./crawl ./nowhere", code: 2, stdout: finding, stderr: []string{"there is no folder"}},
		{args: "./crawl ./nowhere/...", code: 2, stdout: finding, stderr: []string{"there is no folder"}},
		{args: "./crawl nofile.go", code: 2, stdout: finding, stderr: []string{"there is no file nofile.go"}},
		{args: "./...", code: 2, stdout: finding, stderr: []string{"broken", "unclosed", "lost", "badtest"}},
		{args: "crawl", code: 2, stderr: []string{"did you mean ./crawl?"}},

		{args: "-strcit ./crawl", code: 2, stderr: []string{"unknown flag -strcit, did you mean -strict?"}},
		{args: "-strict=maybe ./crawl", code: 2, stderr: []string{`-strict must be true or false, not "maybe"`}},
		{args: "-checks=unbonded ./crawl", code: 2, stderr: []string{`unknown check "unbonded"`, `did you mean "unbounded"?`}},
		{args: "-memory=much ./crawl", code: 2, stderr: []string{"-memory: ", "512MiB"}},
		{args: "-f=jsno ./crawl", code: 2, stderr: []string{`unknown format "jsno"; did you mean "json"?`}},
		{args: "./crawl -strict", code: 2, stderr: []string{"put -strict in front of ./crawl"}},
		{args: "-explain unbonded", code: 2, stderr: []string{`unknown rule "unbonded"; did you mean "unbounded"?`}},
		{args: "-update ./crawl", code: 2, stderr: []string{"-update needs -baseline"}},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			p := *p
			p.t = t
			res := p.lint(test.code, strings.Fields(test.args)...)
			if test.stdout == "" {
				empty(t, "stdout", res.stdout)
			} else if !strings.HasPrefix(res.stdout, test.stdout) {
				t.Errorf("stdout does not start with %q:\n%s", test.stdout, res.stdout)
			}
			if len(test.stderr) == 0 {
				empty(t, "stderr", res.stderr)
			}
			contains(t, "stderr", res.stderr, test.stderr...)
			for line := range strings.Lines(res.stderr) {
				if !strings.HasPrefix(line, "poollint: ") && !strings.HasPrefix(line, "\t") {
					t.Errorf("stray line on stderr: %s", line)
				}
			}
		})
	}
}

func TestWithoutModule(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- a.go --
package a
`)
	for _, arg := range []string{".", "./...", "a.go"} {
		res := p.lint(2, arg)
		empty(t, "stdout", res.stdout)
		contains(t, "stderr", res.stderr, "no go.mod", "go mod init")
		if n := strings.Count(res.stderr, "\n"); n != 1 {
			t.Errorf("want one line on stderr, got %d:\n%s", n, res.stderr)
		}
	}
}

func TestNoArgumentMeansHere(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	res := p.in("crawl").lint(1)
	contains(t, "stdout", res.stdout, "crawl.go:13:3: unbounded: ")
	empty(t, "stderr", res.stderr)
	// A module whose root has no package of its own: the message says what to do.
	contains(t, "stderr", p.lint(2).stderr, "./...")
}

func TestHelp(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	contains(t, "-h", p.lint(0, "-h").stdout, "usage: poollint", "-new-from")
	contains(t, "-version", p.lint(0, "-version").stdout, "poollint ", "go1.")
	contains(t, "-rules", p.lint(0, "-rules").stdout, "unbounded ", "cpubound ", "blocking ")
	contains(t, "-explain", p.lint(0, "-explain", "unbounded").stdout, "WHY IT IS BAD", "WRONG", "RIGHT", "analyzer/rules/unbounded/unbounded.md")
}

// Files, as pre-commit names them: from several modules, also such as ./... would pass over.
func TestFilesOfSeveralModules(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- a/go.mod --
module example.com/a

go 1.26
-- a/crawl.go --`+crawl+`
-- a/testdata/x.go --
this is no Go
-- a/_draft/x.go --
neither is this
-- b/c/go.mod --
module example.com/b/c

go 1.26
-- b/c/d/crawl.go --`+crawl+`
-- b/c/calm.go --`+calm)
	res := p.lint(1, "a/crawl.go", "a/testdata/x.go", "a/_draft/x.go", "b/c/d/crawl.go", "b/c/calm.go")
	contains(t, "stdout", res.stdout, "a/crawl.go:13:3: unbounded: ", "b/c/d/crawl.go:13:3: unbounded: ")
	empty(t, "stderr", res.stderr)

	// The same from a folder that is no module, and from one of the modules.
	all := p.lint(1, "./...")
	if all.stdout != res.stdout {
		t.Errorf("./... printed\n%s\nand the files\n%s", all.stdout, res.stdout)
	}
	contains(t, "stdout", p.in("a").lint(1, "../b/c/...").stdout, "../b/c/d/crawl.go:13:3: unbounded: ")
	p.lint(0, "a/testdata/x.go")
}

func TestWorkspace(t *testing.T) {
	t.Parallel()
	p := project(t, `
-- go.work --
go 1.26

use (
	./a
	./b
)
-- a/go.mod --
module example.com/a

go 1.26
-- a/a.go --
package a

import "example.com/b"

func init() { b.Handle(nil) }
-- b/go.mod --
module example.com/b

go 1.26
-- b/crawl.go --`+strings.Replace(crawl, "package crawl", "package b", 1)+`
-- tools/go.mod --
module example.com/tools

go 1.26
-- tools/crawl.go --`+crawl)
	want := "b/crawl.go:13:3: unbounded: "
	contains(t, "stdout", p.lint(1, "./...").stdout, want)
	contains(t, "stdout", p.lint(1, "a/a.go", "b/crawl.go").stdout, want)
	contains(t, "stdout", p.lint(1, "work").stdout, want)
	p.lint(0, "./a")
	// A module that stands outside of the workspace around it is checked by itself.
	contains(t, "stdout", p.lint(1, "./tools").stdout, "tools/crawl.go:13:3: unbounded: ")
	lacks(t, "stdout", p.lint(1, "./...").stdout, "tools/")
}

func TestJSON(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	var fs []struct {
		Rule, File, Message, URL, Package, Fingerprint string
		Line, Column                                   int
	}
	out := p.lint(1, "-f=json", "./...").stdout
	if err := json.Unmarshal([]byte(out), &fs); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(fs) != 1 || fs[0].Rule != "unbounded" || fs[0].File != "crawl/crawl.go" || fs[0].Line != 13 ||
		fs[0].Column != 3 || fs[0].Package != "example.com/simple/crawl" || len(fs[0].Fingerprint) != 32 ||
		!strings.HasPrefix(fs[0].Message, "unbounded: ") || !strings.HasSuffix(fs[0].URL, "/unbounded.md") {
		t.Errorf("got %s", out)
	}
	if out := p.lint(0, "-f=json", "./calm").stdout; strings.TrimSpace(out) != "[]" {
		t.Errorf("nothing found: want [], got %s", out)
	}
}

func TestGitHub(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	p.must("git", "init", "-q")
	out := p.in("crawl").lint(1, "-f=github").stdout // annotations need paths from the repository's root
	contains(t, "stdout", out, "::warning file=crawl/crawl.go,line=13,col=3,endLine=13,endColumn=", ",title=poollint unbounded::unbounded: ")
	if strings.Count(out, "\n") != 1 {
		t.Errorf("want one line, got\n%s", out)
	}
}

func TestCheckstyle(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	out := p.lint(1, "-f=checkstyle", "./...").stdout
	var doc struct {
		XMLName xml.Name `xml:"checkstyle"`
		Files   []struct {
			Name   string `xml:"name,attr"`
			Errors []struct {
				Line     int    `xml:"line,attr"`
				Column   int    `xml:"column,attr"`
				Severity string `xml:"severity,attr"`
				Message  string `xml:"message,attr"`
				Source   string `xml:"source,attr"`
			} `xml:"error"`
		} `xml:"file"`
	}
	if err := xml.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(doc.Files) != 1 || doc.Files[0].Name != "crawl/crawl.go" || len(doc.Files[0].Errors) != 1 {
		t.Fatalf("want one error in crawl/crawl.go, got %s", out)
	}
	e := doc.Files[0].Errors[0]
	if e.Line != 13 || e.Column != 3 || e.Severity != "warning" || e.Source != "poollint.unbounded" || !strings.HasPrefix(e.Message, "unbounded: ") {
		t.Errorf("got %s", out)
	}
	contains(t, "nothing found", p.lint(0, "-f=checkstyle", "./calm").stdout, `<checkstyle version="5.0"></checkstyle>`)
}

// What GitLab asks of a report: https://docs.gitlab.com/ci/testing/code_quality
func TestGitLab(t *testing.T) {
	t.Parallel()
	p := project(t, strings.ReplaceAll(simple, "\t\tgo fetch(url)\n", "\t\tgo fetch(url)\n\t\tgo fetch(url)\n"))
	p.must("git", "init", "-q")
	out := p.in("crawl").lint(1, "-f=gitlab").stdout // paths are from the repository's root
	var issues []struct {
		Description, Fingerprint, Severity string
		CheckName                          string `json:"check_name"`
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	if err := json.Unmarshal([]byte(out), &issues); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(issues) != 2 || issues[0].Fingerprint == issues[1].Fingerprint {
		t.Fatalf("want two issues with fingerprints of their own, got %s", out)
	}
	for n, i := range issues {
		if i.CheckName != "unbounded" || i.Severity != "major" || i.Location.Path != "crawl/crawl.go" ||
			i.Location.Lines.Begin != 13+n || len(i.Fingerprint) != 32 || !strings.HasPrefix(i.Description, "unbounded: ") {
			t.Errorf("got %s", out)
		}
	}
	if out := p.lint(0, "-f=gitlab", "./calm").stdout; strings.TrimSpace(out) != "[]" {
		t.Errorf("nothing found: want [], got %s", out)
	}
}

// Findings come in one order, whatever the go command's was.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	p := project(t, simple+"-- other/crawl.go --"+crawl+"-- another/crawl.go --"+crawl)
	first := p.lint(1, "./...")
	for _, budget := range []string{"1025MiB", "1026MiB"} { // another flag, so that nothing is cached
		for _, procs := range []string{"1", "8"} {
			if again := p.with("GOMAXPROCS="+procs).lint(1, "-memory="+budget, "./..."); again != first {
				t.Errorf("first %v\nthen %v", first, again)
			}
		}
	}
}
