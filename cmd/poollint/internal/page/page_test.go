package page

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer"
	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

const program = `package gallery

func Handle(urls []string) {
	for _, url := range urls {
		go fetch(url) // <script>alert("a line of source")</script>
	}
}
`

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// example is a page with one of everything.
func example(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "gallery.go")
	write(t, file, []byte(program))
	at := func(line, col int) finding.Position { return finding.Position{File: file, Line: line, Column: col} }
	rule := analyzer.Rules()[0].ID
	fs := []finding.Finding{{
		Rule: rule, Message: rule + ": one goroutine per element of urls", Package: "example.com/gallery",
		Pos: at(5, 3), End: at(5, 5),
		Related: []finding.Related{{Pos: at(4, 2), End: at(4, 2), Message: "the loop that starts them"}},
		Reasons: []finding.Reason{{For: true, Pos: at(3, 13), Text: "urls comes from outside"}, {Text: "it is a small program"}},
	}}
	const pkg = "example.com/a/rather/long/path/of/a/module/gallery"
	sites := []site.Site{
		{Kind: site.Go, Func: "Handle", Bound: "none", Task: "waits for the network", Package: pkg, Pos: at(5, 3)},
		{Kind: site.Make, Func: "New", Executor: "s.io", Origin: "Service.io", Type: "*pool.IO", Use: "io", UseWhy: "its type", Bound: "64", BoundWhy: "NewIO(64)", Package: pkg, Pos: at(1, 1)},
		{Kind: site.Submit, Func: "Service.Handle", Executor: "s.io", Origin: "Service.io", Task: "reads the request's body: waits", Package: pkg, Pos: at(2, 1)},
		{Kind: site.Await, Func: "Service.Handle", Executor: "s.io", Origin: "Service.io", Package: pkg, Pos: at(3, 1)},
		{Kind: site.Submit, Func: "Hash", Executor: "cpu", Type: "*pool.CPU", Use: "cpu", Bound: "GOMAXPROCS", Package: pkg, Pos: at(6, 1)},
		{Kind: site.Submit, Func: "Unknown", Executor: "given", Package: pkg, Pos: at(7, 1)},
	}
	var b bytes.Buffer
	if err := Write(&b, fs, sites, dir, &finding.Sources{}, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPage(t *testing.T) {
	out := example(t)
	for _, want := range []string{
		`<mark>go</mark>`, `href="#finding-1"`, `id="finding-1"`, "64 at once", "+32", "no bound", "bound unknown", "GOMAXPROCS",
		"I/O pool", "CPU pool", "the loop that starts them", "gallery.go:5", "About this rule",
		`for it:</span></span><div>urls comes from outside <span class="where">line 3<wbr></span></div>`,
		`against it:</span></span><div>it is a small program</div>`, `<li><a href="#finding-1">gallery.go:5<wbr></a>`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(out, "<script") {
		t.Error("a line of source got into the page as HTML")
	}
	if refs := regexp.MustCompile(`(?:src|srcset|@import|url)\s*[=(]`).FindAllString(out, -1); len(refs) > 0 {
		t.Errorf("the page is not self-contained: %q", refs)
	}
}

// A large program has more pools than fit on a screen: those with findings are drawn, and the others
// folded by their package, on which stands what it has.
func TestLargeProgram(t *testing.T) {
	at := func(line int) finding.Position { return finding.Position{File: "/a.go", Line: line, Column: 1} }
	var sites []site.Site
	for i := range few + 2 {
		sites = append(sites, site.Site{Kind: site.Submit, Func: "F", Executor: fmt.Sprint("pool", i), Bound: "4", Package: fmt.Sprint("example.com/", i%2), Pos: at(i + 1)})
	}
	render := func(fs ...finding.Finding) string {
		var b strings.Builder
		if err := Write(&b, fs, sites, "/", &finding.Sources{}, "v0.1.0"); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	folded := `<details class="group"><summary>example.com/<wbr>1<wbr> <span class="chip"><b>pool1</b> <span class="tag bounded">4 at once</span>`
	if out := render(finding.Finding{Rule: "unbounded", Message: "unbounded: x", Pos: at(2), End: at(2)}); strings.Contains(out, folded) ||
		!strings.Contains(out, `<title>poollint: 1 finding</title>`) || strings.Index(out, "<b>pool1</b>") > strings.Index(out, `<details class="group"`) {
		t.Errorf("the pool with a finding is not in front:\n%s", out)
	}
	if out := render(); strings.Count(out, "<details") != 2 || !strings.Contains(out, folded) {
		t.Errorf("want two folded packages:\n%s", out)
	}
	if sites = sites[:few]; !strings.Contains(render(), `<details class="group" open>`) {
		t.Error("what fits is folded, too")
	}
}

// What a running program confirms comes first, in the picture and among the findings.
func TestConfirmedFirst(t *testing.T) {
	at := func(line int) finding.Position { return finding.Position{File: "/a.go", Line: line, Column: 1} }
	fs := []finding.Finding{
		{Rule: "unbounded", Message: "unbounded: the first", Pos: at(1), End: at(1)},
		{Rule: "abandoned", Message: "abandoned: the second", Pos: at(2), End: at(2), Evidence: &finding.Evidence{Goroutines: 3, Places: []finding.Place{{Pos: at(9), Goroutines: 3}}}},
		{Rule: "abandoned", Message: "abandoned: the third", Pos: at(3), End: at(3), Evidence: &finding.Evidence{Goroutines: 1204, Leaked: 1204, Places: []finding.Place{{Pos: at(9), Goroutines: 1204}}}},
		{Rule: finding.Profile, Message: "profile: the fourth", Pos: at(4), End: at(4), Evidence: &finding.Evidence{Goroutines: 100, Alone: true}},
	}
	finding.Rank(fs)
	var sites []site.Site
	for i, name := range []string{"one", "two", "three", "four"} {
		sites = append(sites, site.Site{Kind: site.Submit, Func: "F", Executor: name, Bound: "4", Package: "p", Pos: at(i + 1)})
	}
	var b strings.Builder
	if err := Write(&b, fs, sites, "/", &finding.Sources{}, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	for _, order := range [][]string{
		{"confirmed by a running program</a> 3"},
		{"<b>three</b>", "<b>four</b>", "<b>two</b>", "<b>one</b>"},
		{"</span> the third", "1,204 goroutines leaked here, and can never run again", "</span> the fourth", "</span> the second", "3 goroutines are blocked here", "</span> the first"},
	} {
		last := 0
		for _, want := range order {
			i := strings.Index(b.String()[last:], want)
			if i < 0 {
				t.Fatalf("no %q after the others in\n%s", want, b.String())
			}
			last += i
		}
	}
}

func TestNothingFound(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, nil, nil, "/", &finding.Sources{}, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Nothing found", "No pools, groups or goroutines were found"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// An excerpt begins where its lines do, and empty lines decide nothing.
func TestIndent(t *testing.T) {
	for want, lines := range map[int][]string{
		0: {"\tif a {", "}"},
		1: {"\tif a {", "", "\t\tb()", "\t}"},
		2: {"\t\tgo f()"},
	} {
		if got := indent(lines); got != want {
			t.Errorf("%q: got %d, want %d", lines, got, want)
		}
	}
}
