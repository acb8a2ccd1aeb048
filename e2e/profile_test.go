//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// profilesPage is docs/profiles.md, whose blocks are run here.
func profilesPage(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("../docs/profiles.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// section is what stands below a mark of the page.
func section(t *testing.T, mark string) string {
	t.Helper()
	m := regexp.MustCompile("(?s)<!-- " + regexp.QuoteMeta(mark) + " -->\n```[a-z]*\n(.*?)```").FindStringSubmatch(profilesPage(t))
	if m == nil {
		t.Fatalf("docs/profiles.md has no block %q", mark)
	}
	return m[1]
}

// Whatever the page tells people to type is run by a test, and what it shows is compared.
func TestProfilesPageBlocks(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("profile_test.go")
	if err != nil {
		t.Fatal(err)
	}
	page := profilesPage(t)
	marks := regexp.MustCompile("<!-- (test|sample): ([a-z]+) -->\n```").FindAllStringSubmatch(page, -1)
	if blocks := strings.Count(page, "\n```") / 2; len(marks) != blocks-1 { // the last is a test itself
		t.Errorf("%d of %d blocks are marked", len(marks), blocks)
	}
	for _, m := range marks {
		if name := m[1] + ": " + m[2]; !strings.Contains(string(source), `"`+name+`"`) && !strings.Contains(string(source), `s.shows("`+m[2]+`")`) {
			t.Errorf("no test runs the block %q", name)
		}
	}
}

// A gallery is the example service, and where the page's commands run, with ports and files of the test's
// own in place of those that the page names.
type gallery struct {
	*runner
	replace *strings.Replacer
	ports   map[string]string
}

func newGallery(t *testing.T) *gallery {
	t.Helper()
	for _, program := range []string{"curl", "seq", "xargs"} {
		need(t, program)
	}
	s := &gallery{runner: project(t, ""), ports: map[string]string{}}
	pairs := []string{"/tmp/", s.dir + "/"}
	for _, port := range []string{"8080", "8081", "6060"} {
		l, err := net.Listen("tcp", "localhost:0")
		if err != nil {
			t.Fatal(err)
		}
		_, free, _ := net.SplitHostPort(l.Addr().String())
		l.Close()
		s.ports[port] = free
		pairs = append(pairs, "localhost:"+port, "localhost:"+free)
	}
	s.replace = strings.NewReplacer(pairs...)
	// The service's own ports, in a copy of it.
	example := filepath.Join(s.dir, "testdata", "example")
	root := filepath.Dir(here(t))
	if err := os.CopyFS(example, os.DirFS(filepath.Join(root, "testdata", "example"))); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"main.go", "shop/main.go"} {
		file := "testdata/example/" + name
		s.write(file, s.replace.Replace(s.read(file)))
	}
	mod := "testdata/example/go.mod"
	s.write(mod, strings.Replace(s.read(mod), "=> ../..", "=> "+root, 1))
	return s
}

// sh runs a block of the page and returns what it prints.
func (s *gallery) sh(mark string) result {
	s.t.Helper()
	text := strings.ReplaceAll(s.replace.Replace(section(s.t, mark)), "go run ./cmd/poollint", poollint)
	return s.run("sh", "-c", text)
}

// start starts what a block puts into the background, until the test ends.
func (s *gallery) start(mark string) {
	s.t.Helper()
	cmd := s.command("sh", "-c", s.replace.Replace(section(s.t, mark))+"\nwait")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
	})
	for _, port := range s.ports {
		s.await(port)
	}
}

func (s *gallery) await(port string) {
	s.t.Helper()
	for range 1200 {
		conn, err := net.Dial("tcp", "localhost:"+port)
		if err == nil {
			conn.Close()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("nothing listens at %s", port)
}

// visit has customers come, and waits until all of their goroutines are stuck.
func (s *gallery) visit() {
	s.t.Helper()
	if said := s.sh("test: visits").stdout; strings.Count(said, "no price in time") != 20 {
		s.t.Fatalf("the service said %q", said)
	}
	for range 100 {
		resp, err := http.Get("http://localhost:" + s.ports["6060"] + "/debug/pprof/goroutine?debug=2")
		if err != nil {
			s.t.Fatal(err)
		}
		var text bytes.Buffer
		_, err = text.ReadFrom(resp.Body)
		resp.Body.Close()
		if err != nil {
			s.t.Fatal(err)
		}
		if strings.Count(text.String(), "[chan send]:\nexample.com/gallery/internal/price.Handle") == 20 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatal("not all are stuck")
}

func (s *gallery) shows(mark string) result {
	s.t.Helper()
	res := s.sh("test: " + mark)
	if res.code != 1 || res.stderr != "" {
		s.t.Fatalf("%s: %v", mark, res)
	}
	contains(s.t, mark, res.stdout, section(s.t, "sample: "+mark))
	return res
}

// The page about profiles works as it is written.
func TestProfilesPage(t *testing.T) {
	t.Parallel()
	contains(t, "the example", source(t, "../testdata/example/main.go"), strings.TrimSpace(strings.SplitN(section(t, "test: serve"), "\n", 3)[2]))
	s := newGallery(t)
	s.start("test: service")
	s.visit()
	asked := s.shows("ask")
	if want := section(t, "sample: ask"); !strings.HasPrefix(asked.stdout, want) {
		t.Errorf("what is confirmed does not come first:\n%s", asked.stdout)
	}
	s.shows("growth")

	// The forms agree, and so do the formats.
	address := "http://localhost:" + s.ports["6060"] + "/debug/pprof/goroutine"
	for _, form := range []string{"?debug=1", "?debug=2"} {
		if res := s.run(poollint, "-profile", address+form, "./testdata/example/..."); res != asked {
			t.Errorf("%s: got %v, want %v", form, res, asked)
		}
	}
	var fs []struct {
		Rule      string
		Confirmed *struct {
			Goroutines, Leaked int
			Places             []struct {
				File             string
				Line, Goroutines int
			}
		}
	}
	if err := json.Unmarshal([]byte(s.run(poollint, "-f=json", "-profile", address, "./testdata/example/...").stdout), &fs); err != nil {
		t.Fatal(err)
	}
	if c := fs[0].Confirmed; fs[0].Rule != "abandoned" || c == nil || c.Goroutines != 20 || len(c.Places) != 1 || c.Places[0].Line != 15 || c.Places[0].Goroutines != 20 || fs[1].Confirmed != nil {
		t.Errorf("JSON: got %+v", fs)
	}
	contains(t, "SARIF", s.run(poollint, "-f=sarif", "-profile", address, "./testdata/example/...").stdout, `"goroutines": 20`, "confirmed: 20 goroutines are blocked here")
	s.run(poollint, "-report="+s.dir+"/page.html", "-profile", address, "./testdata/example/...")
	page := s.read("page.html")
	contains(t, "the page", page, "confirmed: 20 goroutines are blocked here", "confirmed by a running program</a> 1")
	if rules := regexp.MustCompile(`<span class="rule">(\w+)<`).FindAllStringSubmatch(page, -1); len(rules) < 6 || rules[0][1] != "abandoned" {
		t.Errorf("what is confirmed does not come first on the page: %q", rules)
	}
}

// So does its part about leaks, which compiles the standard library anew.
func TestHeavyProfilesPageLeaks(t *testing.T) {
	t.Parallel()
	heavy(t)
	s := newGallery(t)
	s.start("test: leaky")
	s.visit()
	s.shows("leaks")
	s.shows("leaktest")
}

func source(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What an audit of package pool has seen stands beside the source.
func TestProfilesPageAudit(t *testing.T) {
	t.Parallel()
	root := filepath.Dir(here(t))
	p := project(t, `
-- go.mod --
module example.com/audited

go 1.26.0

require github.com/poollint/poollint v0.0.0

replace github.com/poollint/poollint => `+root+`
-- main.go --
package main

import (
	"context"
	"os"
	"time"

	"github.com/poollint/poollint/pool"
)

func main() {
	if err := run(); err != nil {
		panic(err)
	}
}

func run() error {
`+strings.Replace(indent(section(t, "test: audit")), "pool.NewIO(64,", "pool.NewIO(64, pool.WithSampling(1),", 1)+`
	for range 40 {
		_ = io.Go(context.Background(), burn)
	}
	io.Close()
	return io.Go(context.Background(), burn)
}

func burn(context.Context) error {
	for start := time.Now(); time.Since(start) < 2*time.Millisecond; {
	}
	return nil
}
`)
	_ = p.run("go", "run", ".") // the last task is refused
	args := strings.Fields(section(t, "test: audited"))[1:]
	res := p.run(poollint, args...)
	if res.code != 1 || res.stderr != "" {
		t.Fatal(res)
	}
	contains(t, "stdout", res.stdout, "main.go:25:10: cpubound: the task", "\tmain.go:25:10: confirmed: seen at run time: a task on I/O pool \"net\" computed for ")
	lacks(t, "stdout", res.stdout, "main.go:28:12: rejected: ")
	contains(t, "with -strict", p.run(poollint, append([]string{"-strict"}, args...)...).stdout, `main.go:28:12: rejected: pool "net" was closed and did not take a task`)
}

func indent(s string) string {
	return "\t" + strings.ReplaceAll(strings.TrimRight(s, "\n"), "\n", "\n\t") + "\n"
}

// dump is a goroutine of the program simple that waits somewhere, as debug=2 has it.
func dump(n int, wait, function, file string, line int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "goroutine %d [%s, 43 minutes]:\n%s()\n\t/build/%s:%d +0x1e\ncreated by example.com/quiet.Run in goroutine 1\n\t/build/quiet.go:10 +0x5f\n\n", i+2, wait, function, file, line)
	}
	return b.String()
}

const quiet = `
-- go.mod --
module example.com/quiet

go 1.26
-- quiet.go --
package quiet

type Hub struct {
	subs map[string]chan int
}

// Run serves one.
func (h *Hub) Run(name string, f func(int)) {
	ch := h.subs[name]
	go func() {
		for v := range ch {
			f(v)
		}
	}()
}

// Send sends to one.
func (h *Hub) Send(name string, v int) { h.subs[name] <- v }
`

// Many that are blocked where every rule is silent are a question of -strict, with the reasons for the
// silence; leaks are reported in any case, and what a directive ignores is not.
func TestProfileWhereRulesAreSilent(t *testing.T) {
	t.Parallel()
	p := project(t, quiet)
	text := strings.ReplaceAll(dump(1204, "chan receive", "example.com/quiet.(*Hub).Run.func1", "quiet.go", 11), "quiet.Run in", "quiet.(*Hub).Run in")
	p.write("many.txt", text)
	p.write("leaks.txt", strings.ReplaceAll(text, "chan receive,", "chan receive (leaked),"))
	empty(t, "stdout", p.lint(0, "-profile", "many.txt").stdout)
	strict := p.lint(1, "-strict", "-profile", "many.txt")
	contains(t, "with -strict", strict.stdout, "quiet.go:11:3: profile: 1,204 goroutines are blocked ranging over ch, the oldest for 43 min, and no rule reports it; close ch",
		"\tquiet.go:10:2: where they are started\n", " silent: ")
	leaks := p.lint(1, "-profile", "leaks.txt")
	contains(t, "leaks", leaks.stdout, "quiet.go:11:3: profile: 1,204 goroutines leaked ranging over ch, the oldest for 43 min, and can never run again, which no rule reports; close ch")
	contains(t, "JSON", p.lint(1, "-f=json", "-profile", "leaks.txt").stdout, `"leaked": 1204`, `"minutes": 43`, "docs/profiles.md", " is silent: ")
	p.write("quiet.go", strings.Replace(p.read("quiet.go"), "\tgo func", "\t//poollint:ignore profile each lives as long as the program\n\tgo func", 1))
	lacks(t, "what is ignored", p.run(poollint, "-profile", "leaks.txt").stdout, "profile: ")
}

// The oldest wait is told, and a baseline knows the findings of profiles, too.
func TestProfileBaseline(t *testing.T) {
	t.Parallel()
	p := project(t, quiet)
	p.write("leaks.txt", strings.ReplaceAll(strings.ReplaceAll(dump(1, "chan receive", "example.com/quiet.(*Hub).Run.func1", "quiet.go", 11), "quiet.Run in", "quiet.(*Hub).Run in"), "chan receive,", "chan receive (leaked),"))
	p.lint(1, "-profile", "leaks.txt")
	p.lint(0, "-profile", "leaks.txt", "-baseline", "b.json")
	p.lint(0, "-profile", "leaks.txt", "-baseline", "b.json")
}

// What cannot be used says so, and the findings are there all the same.
func TestProfileInput(t *testing.T) {
	t.Parallel()
	p := project(t, simple)
	p.write("other.txt", dump(3, "chan send", "example.com/other.F", "other.go", 7))
	p.write("cut.txt", strings.TrimSuffix(dump(3, "chan send", "example.com/simple/crawl.F", "crawl.go", 7), "+0x5f\n\n"))
	p.write("prose.txt", "Nothing of interest.\n")
	for _, test := range []struct{ args, stderr string }{
		{"-profile other.txt", "none of the goroutines in other.txt (3) is in these packages"},
		{"-profile cut.txt", "cut.txt is truncated in the middle of a line"},
		{"-profile prose.txt", "prose.txt is not a goroutine profile"},
		{"-profile nofile", "nofile cannot be read: no such file"},
		{"-profile http://192.0.2.1:6060/debug/pprof/goroutine", "is not an address on this machine: use -profile-remote"},
		{"-profile http://127.0.0.1:1/debug/pprof/goroutine", "cannot be reached"},
	} {
		res := p.lint(2, append(strings.Fields(test.args), "./...")...)
		contains(t, test.args, res.stdout, finding)
		contains(t, test.args, res.stderr, "poollint: ", test.stderr)
	}
	for _, args := range []string{"-profile-remote ./...", "-profile x -fix ./...", "-leaktest -watch ./...", "-profile x -explain-site a.go:1"} {
		if res := p.lint(2, strings.Fields(args)...); res.stdout != "" || strings.Count(res.stderr, "\n") != 1 {
			t.Errorf("%s: %v", args, res)
		}
	}
}

// A dump of very many goroutines is read as a stream.
func TestProfileOfManyGoroutines(t *testing.T) {
	t.Parallel()
	manyGoroutines(t, 20_000)
}

func TestHeavyProfileOfManyGoroutines(t *testing.T) {
	t.Parallel()
	heavy(t)
	manyGoroutines(t, 200_000)
}

func manyGoroutines(t *testing.T, n int) {
	p := project(t, simple)
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "goroutine %d [chan send, %d minutes]:\nexample.com/other.(*T).f%d(0xc000%x, {0x1, 0x2})\n\t/src/other/f.go:%d +0x1e\nexample.com/simple/crawl.fetch(0x%x)\n\t/src/crawl/crawl.go:%d +0x1e\ncreated by example.com/simple/crawl.Handle in goroutine 1\n\t/src/crawl/crawl.go:13 +0x5f\n\n",
			i+2, i%60, i%5000, i, i%5000+1, i, 18)
	}
	p.write("dump.txt", b.String())
	b = bytes.Buffer{}
	cmd := p.command(poollint, "-profile", "dump.txt", "./...")
	out, err := cmd.Output()
	if err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	contains(t, "stdout", string(out), finding, "goroutines are blocked here, the oldest for 59 min")
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" && usage.Maxrss > 300<<10 { // KiB there
		t.Errorf("it took %d MiB", usage.Maxrss>>10)
	}
}

const leaky = `
-- go.mod --
module example.com/leaky

go 1.26
-- a/a.go --
package a

// Start starts one that nobody receives from.
func Start() {
	ch := make(chan int)
	go func() { ch <- 1 }()
}
-- a/a_test.go --
package a

import "testing"

func TestStart(t *testing.T) { Start() }
-- main/main_test.go --
package main_test

import (
	"os"
	"testing"

	"example.com/leaky/a"
)

func TestMain(m *testing.M) { os.Exit(m.Run()) }

func TestStart(t *testing.T) {
	a.Start()
	t.Error("no")
}
-- main/main.go --
package main

func main() {}
-- broken/broken_test.go --
package broken

import "testing"

func TestX(t *testing.T) { undefined() }
-- panics/panics_test.go --
package panics

import "testing"

func TestX(t *testing.T) { panic("no") }
-- handed/handed_test.go --
package handed

import "testing"

func TestMain(m *testing.M) { run(m) }

func run(m *testing.M) { m.Run() }
-- ext/ext.go --
package ext
-- ext/ext_test.go --
package ext_test

import (
	"testing"

	"example.com/leaky/a"
)

func TestStart(t *testing.T) { a.Start() }
-- clean/clean_test.go --
package clean

import "testing"

func TestX(t *testing.T) {}
`

// The tests of a module are run with the leak profile on. One that cannot be says so, and the rest goes on.
func TestHeavyLeakTest(t *testing.T) {
	t.Parallel()
	heavy(t)
	p := project(t, leaky)
	res := p.lint(2, "-leaktest", "./...")
	contains(t, "stdout", res.stdout, "a/a.go:6:2: abandoned: ", "a/a.go:6:17: confirmed: 3 goroutines leaked here")
	contains(t, "stderr", res.stderr,
		"the tests of example.com/leaky/broken cannot be built, so nothing is known about what they leak:\n", "undefined: undefined",
		"the tests of example.com/leaky/panics exited before",
		"example.com/leaky/handed was not tested: its TestMain does not call m.Run itself",
		"a test of example.com/leaky/main fails")
	if clean := p.lint(0, "-leaktest", "./clean"); clean.stdout+clean.stderr != "" {
		t.Errorf("got %v", clean)
	}
	if files, _ := filepath.Glob(filepath.Join(p.dir, "*", "poollint_*")); len(files) > 0 {
		t.Errorf("it left %v", files)
	}
}
