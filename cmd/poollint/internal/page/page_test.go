package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
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
		"for waiting", "for computing", "the loop that starts them", "gallery.go:5", "About this rule",
		"for it: urls comes from outside", "gallery.go:3", "against it: it is a small program",
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
	folded := `<details class="group"><summary>example.com/1 <span class="chip"><b>pool1</b> <span class="tag bounded">4 at once</span>`
	if out := render(finding.Finding{Rule: "unbounded", Message: "unbounded: x", Pos: at(2), End: at(2)}); strings.Contains(out, folded) ||
		!strings.Contains(out, `<title>poollint: 1 finding</title>`) || strings.Index(out, "<b>pool1</b>") > strings.Index(out, "<details") {
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
	for _, want := range []string{"Nothing found", "No pool, group or goroutine was seen"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// probe shows a page in a frame of some width, and says what a reader would see.
const probe = `<!DOCTYPE html><title>?</title>
<iframe style="width:%dpx;height:800px;border:0" srcdoc="%s"></iframe>
<script>
onload = () => {
	const d = document.querySelector('iframe').contentDocument, root = d.documentElement;
	const light = c => c.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 765;
	const style = d.defaultView.getComputedStyle(d.body);
	const boxes = [...d.querySelectorAll('.lane > *')].filter(e => !e.matches('.arrow')).map(e => e.getBoundingClientRect());
	document.title = JSON.stringify({
		overflow: root.scrollWidth - root.clientWidth,
		ground: light(style.backgroundColor), text: light(style.color),
		lanes: d.querySelectorAll('.lane').length,
		narrowest: Math.min(...boxes.map(b => b.width)),
		stacked: boxes[1].top >= boxes[0].bottom,
		slots: d.querySelectorAll('.slots i').length,
		font: parseFloat(style.fontSize),
	});
};
</script>`

func chromium(t *testing.T) string {
	path, err := exec.LookPath("chromium")
	if err == nil {
		return path
	}
	if os.Getenv("POOLLINT_E2E") == "all" {
		t.Fatal("chromium is not installed")
	}
	t.Skip("chromium is not installed")
	return ""
}

// A real browser shows the page on a phone and on a desk, by day and by night.
func TestBrowser(t *testing.T) {
	exe := chromium(t)
	doc := example(t)
	for _, test := range []struct {
		width   int
		dark    bool
		stacked bool
	}{{360, false, true}, {360, true, true}, {1280, false, false}, {1280, true, false}} {
		t.Run(fmt.Sprintf("%dpx dark=%v", test.width, test.dark), func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "probe.html")
			write(t, path, fmt.Appendf(nil, probe, test.width, html.EscapeString(doc)))
			args := []string{
				"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
				"--disable-background-networking", "--disable-component-update", "--user-data-dir=" + dir,
				"--window-size=1400,900", "--virtual-time-budget=5000", "--dump-dom",
			}
			if test.dark {
				args = append(args, "--blink-settings=preferredColorScheme=0")
			} else {
				args = append(args, "--blink-settings=preferredColorScheme=1")
			}
			out, err := exec.Command(exe, append(args, "file://"+path)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			m := regexp.MustCompile(`<title>(\{.*\})</title>`).FindSubmatch(out)
			if m == nil {
				t.Fatalf("the page did not load:\n%s", out[:min(len(out), 500)])
			}
			var got struct {
				Overflow, Narrowest, Ground, Text, Font float64
				Lanes, Slots                            int
				Stacked                                 bool
			}
			if err := unmarshal(m[1], &got); err != nil {
				t.Fatal(err)
			}
			if got.Overflow > 0 {
				t.Errorf("the page is %v pixels too wide", got.Overflow)
			}
			if got.Lanes != 4 || got.Slots != drawn {
				t.Errorf("want 4 lanes and %d workers drawn, got %d and %d", drawn, got.Lanes, got.Slots)
			}
			if got.Stacked != test.stacked || got.Narrowest < 200 || got.Font < 16 {
				t.Errorf("hard to read: %+v", got)
			}
			if dark := got.Ground < got.Text; dark != test.dark {
				t.Errorf("dark is %v, want %v", dark, test.dark)
			}
			if contrast := got.Ground - got.Text; -0.6 < contrast && contrast < 0.6 {
				t.Errorf("too little contrast: %v on %v", got.Text, got.Ground)
			}
		})
	}
}

func unmarshal(data []byte, v any) error {
	return json.Unmarshal([]byte(html.UnescapeString(string(data))), v)
}
