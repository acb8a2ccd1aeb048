package e2e

import (
	"testing"
)

const album = `
-- go.mod --
module example.com/album

go 1.26
-- album.go --
package album

import (
	"encoding/json"
	"net/http"
	"sync"
)

func Handle(w http.ResponseWriter, r *http.Request) {
	var urls []string
	_ = json.NewDecoder(r.Body).Decode(&urls)
	var wg sync.WaitGroup
	for _, url := range urls {
		wg.Go(func() { fetch(url) })
	}
	wg.Wait()
}

func fetch(url string) {
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
}
`

func TestExplainSite(t *testing.T) {
	t.Parallel()
	p := project(t, album)
	for _, place := range []string{"album.go:14", "./album.go:14", p.dir + "/album.go:14"} {
		res := p.lint(0, "-explain-site", place)
		contains(t, "stdout", res.stdout, "album.go:14:6: ", "\ttask ", "http.Get", "urls")
		empty(t, "stderr", res.stderr)
	}
	// The loop around it, and a line of the task, are that place, too.
	for _, line := range []string{"13", "15"} {
		contains(t, "stdout", p.lint(0, "-explain-site", "album.go:"+line).stdout, "album.go:14:6: ", "\tunbounded: reported: ", " at line 11\n")
	}
	// So is what a rule is silent about, in whatever way the analyzer runs.
	small := project(t, simple)
	small.write("crawl/crawl_test.go", "package crawl\n\nfunc startAll(urls chan string) {\n\tfor url := range urls {\n\t\tgo fetch(url)\n\t}\n}\n")
	quiet := small.lint(0, "-explain-site", "crawl/crawl_test.go:5")
	contains(t, "stdout", quiet.stdout, "\tunbounded: silent, because it is in a test, and a test's goroutines end with it\n", "\totherwise: one goroutine per ")
	if vet := small.lint(0, "-through=vet", "-explain-site", "crawl/crawl_test.go:5"); vet != quiet {
		t.Errorf("through vet: %s\nwant %s", vet, quiet)
	}
	contains(t, "stderr", p.lint(2, "-explain-site", "album.go:9").stderr, "nothing at album.go:9", "lines 14, 16 do")
	contains(t, "stderr", p.lint(2, "-explain-site", "album.go").stderr, "must be file:line")
	contains(t, "stderr", p.lint(2, "-explain-site", "nofile.go:1").stderr, "there is no file")
	// Findings and sites have runs of their own, and never mix.
	lacks(t, "stdout", p.lint(1).stdout, "site: ")
}

// Formats for programs carry the reasons of a finding, in whatever way the analyzer runs; people and
// the go command are shown none that they did not ask for.
func TestReasons(t *testing.T) {
	t.Parallel()
	p := project(t, simple).in("crawl")
	for _, format := range []string{"json", "sarif"} {
		res := p.lint(1, "-f="+format)
		contains(t, format, res.stdout, `"reasons": [`, `"for": true`)
		if vet := p.lint(1, "-through=vet", "-f="+format); vet != res {
			t.Errorf("%s through vet: %s\nwant %s", format, vet, res)
		}
	}
	for _, shown := range []string{p.lint(1).stdout, p.run("go", "vet", "-vettool="+poollint, ".").stderr} {
		contains(t, "what is shown", shown, "unbounded: ")
		lacks(t, "what is shown", shown, "reason")
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	p := project(t, album)
	findings := p.lint(1).stdout
	if again := p.lint(1, "-report=out.html").stdout; again != findings {
		t.Errorf("-report changed what is printed:\n%s", again)
	}
	contains(t, "the page", p.read("out.html"), "<mark>Go</mark>", `id="finding-1"`, "1 finding<", "Why it is reported", "no bound", "Handle")
	contains(t, "stderr", p.lint(2, "-report=no/such/folder/out.html").stderr, "cannot write the report")
}
