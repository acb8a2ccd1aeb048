// Package browser looks at the report page in Chromium: on a phone, a tablet and a desk, by day and by night.
// It is a module of its own since nothing else needs a browser.
package browser

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/poollint/poollint/cmd/poollint/internal/finding"
	"github.com/poollint/poollint/cmd/poollint/internal/page"
	"github.com/poollint/poollint/cmd/poollint/internal/site"
)

var screenshots = flag.String("screenshots", "", "a folder to write pictures of the pages to")

const root = "../../../../.."

// pages are what is looked at: what poollint writes of the example in the README, and a page with all that is
// long and odd.
func pages(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	example := filepath.Join(dir, "example.html")
	run := exec.Command("go", "run", "./cmd/poollint", "-report", example, "./testdata/example/...")
	run.Dir = root
	run.Env = append(run.Environ(), "POOLLINT_CACHE="+filepath.Join(dir, "cache"))
	var stderr bytes.Buffer
	run.Stderr = &stderr
	if err := run.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	if _, err := os.Stat(example); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return map[string]string{"example": example, "odd": odd(t, dir)}
}

// odd writes a page of many findings with long names, long lines and every kind of lane.
func odd(t *testing.T, dir string) string {
	t.Helper()
	long := strings.Repeat("Unbreakable", 12)
	src := filepath.Join(dir, strings.ToLower(long)+".go")
	line := "\t\tgo fetch(url) // <b>" + long + strings.Repeat(" words that go on", 12) + "\n"
	if err := os.WriteFile(src, []byte("package p\n"+strings.Repeat(line, 20)), 0o666); err != nil {
		t.Fatal(err)
	}
	at := func(line, col int) finding.Position { return finding.Position{File: src, Line: line, Column: col} }
	var fs []finding.Finding
	for i := range 15 {
		fs = append(fs, finding.Finding{
			Rule: "unbounded", Message: "unbounded: one goroutine per element of " + long, Pos: at(i+2, 3), End: at(i+2, 5),
			Related: []finding.Related{{Pos: at(i+2, 3), End: at(i+2, 9), Message: "the loop that starts them"}},
			Reasons: []finding.Reason{{For: true, Text: long + " comes from outside", Pos: at(20, 3)}, {Text: "it is a small program"}},
		})
	}
	pkg := "example.com/" + strings.ToLower(long)
	sites := []site.Site{
		{Kind: site.Go, Func: long, Bound: "none", Task: "waits for " + long, Package: pkg, Pos: at(2, 3)},
		{Kind: site.Make, Func: "New", Executor: "s.io", Origin: "S.io", Type: "*pool.IO", Use: "io", UseWhy: "its type", Bound: "1024", BoundWhy: "NewIO(1024)", Package: pkg, Pos: at(19, 1)},
		{Kind: site.Submit, Func: long, Executor: "s.io", Origin: "S.io", Package: pkg, Pos: at(20, 1)},
		{Kind: site.Submit, Func: "Hash", Executor: "cpu", Type: "*pool.CPU", Use: "cpu", Bound: "GOMAXPROCS", Package: pkg, Pos: at(21, 1)},
		{Kind: site.Submit, Func: "Unknown", Executor: "given", Bound: "s." + long, BoundWhy: "s." + long, Package: pkg, Pos: at(18, 1)},
	}
	var b bytes.Buffer
	if err := page.Write(&b, fs, sites, dir, &finding.Sources{}, "v0.1.0"); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "odd.html")
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// chromium starts a browser, for as long as the test runs.
func chromium(t *testing.T) context.Context {
	t.Helper()
	exe, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("POOLLINT_E2E") == "all" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.NoSandbox)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A tab shows a page, and remembers what it asked for and complained of.
type tab struct {
	context.Context
	t *testing.T

	mu         sync.Mutex
	requests   []string
	complaints []string
}

func open(t *testing.T, browser context.Context, file string, width int64, dark bool) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &tab{Context: ctx, t: t}
	must(t, chromedp.Listen(ctx, func(event any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			p.requests = append(p.requests, e.Request.URL)
		case *log.EventEntryAdded:
			p.complaints = append(p.complaints, e.Entry.Text)
		}
	}))
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(t, ctx, network.Enable, network.EnableParams{})
	call(t, ctx, log.Enable, cdp.Empty{})
	call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	p.do(chromedp.EmulateViewport(width, 800), chromedp.Navigate("file://"+file))
	return p
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call runs a command of the protocol that says nothing.
func call[P any](t *testing.T, ctx context.Context, command cdp.Command[P, cdp.Empty], params P) {
	t.Helper()
	_, err := chromedp.Call(ctx, command, params)
	must(t, err)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	must(p.t, chromedp.Do(p, steps...))
}

// eval runs a script in a page and returns what comes out.
func eval[T any](p *tab, script string) T {
	p.t.Helper()
	value, err := chromedp.Run(p, chromedp.Evaluate[T](script))
	must(p.t, err)
	return value
}

// look says what a reader would see: what is too wide, and the contrast of all text with what is behind it, as
// WCAG 2 counts it.
const look = `(() => {
	const parse = c => { const [r, g, b, a = 1] = c.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
	const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
	const behind = e => {
		if (!e) return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18, 1] : [255, 255, 255, 1];
		const c = parse(getComputedStyle(e).backgroundColor);
		return c[3] === 1 ? c : over(c, behind(e.parentElement));
	};
	const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const out = {Wide: [], Faint: [], Small: [], Texts: 0, Ground: light(behind(document.body))};
	const [from, , pool] = [...document.querySelector('.lane').children].map(e => e.getBoundingClientRect());
	out.Stacked = pool.top >= from.bottom;
	out.Overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
	const name = e => e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40);
	for (const e of document.body.querySelectorAll('*')) {
		if (e.matches('.unseen') || !e.checkVisibility()) continue;
		if (e.getBoundingClientRect().right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth) out.Wide.push(name(e));
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
		out.Texts++;
		const style = getComputedStyle(e);
		if (ratio(over(parse(style.color), behind(e)), behind(e)) < 4.5) out.Faint.push(name(e));
		if (parseFloat(style.fontSize) < 12.5) out.Small.push(name(e));
	}
	return out;
})()`

// The page is to be read at each width, in light and in dark, and asks nobody for anything.
func TestLooks(t *testing.T) {
	browser := chromium(t)
	for name, file := range pages(t) {
		for _, width := range []int64{360, 768, 1280} {
			for _, dark := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %d dark=%v", name, width, dark), func(t *testing.T) {
					p := open(t, browser, file, width, dark)
					opened := eval[int](p, `[...document.querySelectorAll('details:not([open])')].map(d => d.open = true).length`)
					got := eval[struct {
						Overflow, Ground   float64
						Texts              int
						Stacked            bool
						Wide, Faint, Small []string
					}](p, look)
					if got.Overflow > 0 || len(got.Wide) > 0 {
						t.Errorf("%v pixels too wide, for %d parts, such as %q", got.Overflow, len(got.Wide), got.Wide[:min(3, len(got.Wide))])
					}
					if len(got.Faint) > 0 || len(got.Small) > 0 {
						t.Errorf("hard to read: %d are too faint, %d too small: %q", len(got.Faint), len(got.Small), slices.Concat(got.Faint, got.Small)[0])
					}
					if got.Texts < 50 || opened == 0 {
						t.Errorf("%d texts and %d folds were seen: this is not the page", got.Texts, opened)
					}
					if got.Stacked != (width < 800) {
						t.Errorf("what leads to a pool is above it: %v", got.Stacked)
					}
					if is := got.Ground < 0.1; is != dark {
						t.Errorf("the page is dark: %v", is)
					}
					p.mu.Lock()
					if len(p.requests) != 1 || len(p.complaints) > 0 {
						t.Errorf("the page asked for %q; complaints: %q", p.requests, p.complaints)
					}
					p.mu.Unlock()
					if *screenshots != "" {
						eval[chromedp.Void](p, `[...document.querySelectorAll('.finding details')].forEach(d => d.open = false)`)
						png, err := chromedp.Run(p, chromedp.FullScreenshot(100))
						must(t, err)
						must(t, os.WriteFile(filepath.Join(*screenshots, filepath.Base(t.Name())+".png"), png, 0o666))
					}
				})
			}
		}
	}
}

// With the keyboard alone everything can be reached, in the order in which it is read, and is seen to be.
func TestKeyboard(t *testing.T) {
	browser := chromium(t)
	for name, file := range pages(t) {
		for _, width := range []int64{360, 1280} {
			t.Run(fmt.Sprintf("%s %d", name, width), func(t *testing.T) {
				p := open(t, browser, file, width, false)
				wants := eval[[]string](p, `(window.all = [...document.querySelectorAll('a[href], summary')].filter(e => e.checkVisibility())).map(e => e.textContent)`)
				for i, want := range wants {
					p.do(chromedp.KeyEvent(kb.Tab))
					got := eval[struct {
						Index   int
						Outline string
						Seen    bool
					}](p, `(() => {
						const e = document.activeElement, r = e.getBoundingClientRect(), style = getComputedStyle(e);
						return {Index: all.indexOf(e), Outline: style.outlineStyle + ' ' + style.outlineWidth, Seen: r.top >= -1 && r.bottom <= innerHeight + 1};
					})()`)
					if got.Index != i || got.Outline != "solid 2px" || !got.Seen {
						t.Fatalf("the %d. Tab should lead to %q: got %+v", i+1, want, got)
					}
				}

				// A link to a finding leads there, and what is folded in it opens.
				eval[chromedp.Void](p, `document.querySelector('nav details').open = true; document.querySelector('nav a[href="#finding-2"]').focus()`)
				p.do(chromedp.KeyEvent(kb.Enter))
				if at := eval[string](p, `document.activeElement.id`); at != "finding-2" {
					t.Errorf("the link to the second finding leads to %q", at)
				}
				p.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
				if !eval[bool](p, `document.activeElement.tagName == 'SUMMARY' && document.activeElement.parentElement.open && document.querySelector('#finding-2').contains(document.activeElement)`) {
					t.Error("what the second finding folds does not open")
				}
			})
		}
	}
}
