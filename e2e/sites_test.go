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
	contains(t, "stderr", p.lint(2, "-explain-site", "album.go:9").stderr, "nothing at album.go:9", "lines 14, 16 do")
	contains(t, "stderr", p.lint(2, "-explain-site", "album.go").stderr, "wants file:line")
	contains(t, "stderr", p.lint(2, "-explain-site", "nofile.go:1").stderr, "there is no file")
	// Findings and sites have runs of their own, and never mix.
	lacks(t, "stdout", p.lint(1).stdout, "site: ")
}

func TestReport(t *testing.T) {
	t.Parallel()
	p := project(t, album)
	findings := p.lint(1).stdout
	if again := p.lint(1, "-report=out.html").stdout; again != findings {
		t.Errorf("-report changed what is printed:\n%s", again)
	}
	contains(t, "the page", p.read("out.html"), "<mark>Go</mark>", `id="finding-1"`, "1 finding<", "no bound", "Handle")
	contains(t, "stderr", p.lint(2, "-report=no/such/folder/out.html").stderr, "cannot write the report")
}
