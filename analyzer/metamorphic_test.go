package analyzer

import (
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// A change of a program that does not change what it does keeps the finding; one that takes the
// cause away takes the finding away.
func TestMetamorphic(t *testing.T) {
	const fetchAll = `package p

import "net/http"

func Handle(w http.ResponseWriter, r *http.Request) {
	for _, url := range r.URL.Query()["url"] {
		go fetch(url)
	}
}

func fetch(url string) {
	resp, err := http.Get(url)
	if err == nil {
		resp.Body.Close()
	}
}
`
	const future = `package p

import (
	"errors"
	"time"
)

func Ask() (int, error) {
	c := make(chan int)
	go func() { c <- compute() }()
	select {
	case v := <-c:
		return v, nil
	case <-time.After(time.Second):
		return 0, errors.New("late")
	}
}

func compute() int { time.Sleep(time.Minute); return 1 }
`
	tests := []struct {
		name     string
		src      string
		old, new string
		lib      string // another package, lib
		want     []string
	}{
		{name: "unbounded", src: fetchAll, want: []string{"unbounded in Handle"}},
		{name: "unbounded, a limit", src: fetchAll, old: "\t\tgo fetch(url)", new: "\t\tslots <- struct{}{}\n\t\tgo func() { defer func() { <-slots }(); fetch(url) }()",
			lib: "", want: nil},
		{name: "unbounded, in a literal", src: fetchAll, old: "go fetch(url)", new: "go func() { fetch(url) }()", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in a method", src: fetchAll, old: "go fetch(url)", new: "go client{}.get(url)", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in another package", src: fetchAll, old: "go fetch(url)", new: "go lib.Fetch(url)",
			lib: "package lib\n\nimport \"net/http\"\n\nfunc Fetch(url string) { http.Get(url) }\n", want: []string{"unbounded in Handle"}},
		{name: "unbounded, in an if", src: fetchAll, old: "go fetch(url)", new: "if url != \"\" { go fetch(url) }", want: []string{"unbounded in Handle"}},
		{name: "unbounded, with a constant collection", src: fetchAll, old: `r.URL.Query()["url"]`, new: `[]string{"a", "b"}`, want: nil},
		{name: "unbounded, one after the other", src: fetchAll, old: "go fetch(url)", new: "fetch(url)", want: nil},

		{name: "abandoned", src: future, want: []string{"abandoned in Ask"}},
		{name: "abandoned, with room", src: future, old: "make(chan int)", new: "make(chan int, 1)", want: nil},
		{name: "abandoned, by a helper", src: future, old: "go func() { c <- compute() }()", new: "go send(c)", want: []string{"abandoned in Ask"}},
		{name: "abandoned, in an if", src: future, old: "go func() { c <- compute() }()", new: "go func() { if v := compute(); v >= 0 { c <- v } else { c <- 0 } }()", want: []string{"abandoned in Ask"}},
		{name: "abandoned, waited for", src: future, old: "\tcase <-time.After(time.Second):\n\t\treturn 0, errors.New(\"late\")\n", new: "", want: nil},
	}
	const more = `
var slots = make(chan struct{}, 8)

type client struct{}

func (client) get(url string) { fetch(url) }
`
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := strings.Replace(test.src, test.old, test.new, 1)
			if strings.Contains(src, "func fetch(") {
				src += more
			}
			if strings.Contains(src, "send(c)") {
				src += "\nfunc send(c chan<- int) { c <- compute() }\n"
			}
			if !strings.Contains(src, "errors.New") {
				src = strings.Replace(src, "\t\"errors\"\n", "", 1)
			}
			var p program
			if test.lib != "" {
				src = strings.Replace(src, `import "net/http"`, "import (\n\t\"net/http\"\n\n\t\"example.com/lib\"\n)", 1)
				p = append(p, program{{"example.com/lib", test.lib}}...)
			}
			p = append(p, program{{"example.com/p", src}}...)
			if got := p.lint(t, linttest.Standard(), Settings{}); !slices.Equal(got, test.want) {
				t.Errorf("found %q, want %q in\n%s", got, test.want, src)
			}
		})
	}
}

// The same of the rules that libraries have a part in: their task is moved into a helper, a method
// and another package, started under a condition; then the cause is taken away.
func TestMetamorphicLibraries(t *testing.T) {
	type change struct{ name, old, new string }
	tests := []struct {
		rule, src string
		in        string // the function where it is found
		kept      []change
		gone      []change
	}{
		{rule: "unawaited", in: "Sync", src: `
import (
	"context"
	"net/http"

	"example.com/lib"
	"golang.org/x/sync/errgroup"
)

func Sync(ctx context.Context, urls []string) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, url := range urls {
		g.Go(func() error { return fetch(url) })
	}
	return nil
}

func fetch(url string) error { _, err := http.Get(url); return err }

type client struct{}

func (client) fetch(url string) error { return fetch(url) }

func finish(g *errgroup.Group) error { return g.Wait() }

func start(g *errgroup.Group, url string) { g.Go(func() error { return fetch(url) }) }

var _ = lib.Fetch
`, kept: []change{
			{"method", "return fetch(url)", "return client{}.fetch(url)"},
			{"package", "return fetch(url)", "return lib.Fetch(url)"},
			{"variable", "g.Go(func() error { return fetch(url) })", "task := func() error { return fetch(url) }; g.Go(task)"},
			{"helper", "g.Go(func() error { return fetch(url) })", "start(g, url)"},
			{"if", "g.Go(func() error { return fetch(url) })", "if url != \"\" { g.Go(func() error { return fetch(url) }) }"},
			{"no loop", "for _, url := range urls {", "if url := urls[0]; url != \"\" {"},
		}, gone: []change{
			{"awaited", "return nil", "return g.Wait()"},
			{"awaited by a helper", "return nil", "return finish(g)"},
			{"awaited by another package", "return nil", "return lib.Finish(g)"},
			{"deferred", "for _, url", "defer g.Wait(); for _, url"},
		}},
		{rule: "unbounded", in: "Handle", src: `
import (
	"net/http"

	"example.com/lib"
	"golang.org/x/sync/errgroup"
)

func Handle(w http.ResponseWriter, r *http.Request) {
	var g errgroup.Group
	for _, url := range r.URL.Query()["url"] {
		g.Go(func() error { return fetch(url) })
	}
	_ = g.Wait()
}

func fetch(url string) error { _, err := http.Get(url); return err }

type client struct{}

func (client) fetch(url string) error { return fetch(url) }

func submit(g *errgroup.Group, task func() error) { g.Go(task) }

func urlsOf(r *http.Request) []string { return r.URL.Query()["url"] }

var _ = lib.Fetch
`, kept: []change{
			{"method", "return fetch(url)", "return client{}.fetch(url)"},
			{"package", "return fetch(url)", "return lib.Fetch(url)"},
			{"variable", "g.Go(func() error { return fetch(url) })", "task := func() error { return fetch(url) }; g.Go(task)"},
			{"helper", "g.Go(func() error { return fetch(url) })", "submit(&g, func() error { return fetch(url) })"},
			{"if", "g.Go(func() error { return fetch(url) })", "if url != \"\" { g.Go(func() error { return fetch(url) }) }"},
			{"collection of a helper", `r.URL.Query()["url"]`, "urlsOf(r)"},
			{"collection in a variable", "for _, url := range r.URL.Query()[\"url\"] {", "urls := r.URL.Query()[\"url\"]; for i := 0; i < len(urls); i++ { url := urls[i]"},
		}, gone: []change{
			{"a limit", "var g errgroup.Group", "var g errgroup.Group; g.SetLimit(8)"},
			{"a limit by another package", "var g errgroup.Group", "var g errgroup.Group; lib.Limit(&g)"},
			{"a constant collection", `r.URL.Query()["url"]`, `[]string{"a", "b"}`},
			{"one after the other", "g.Go(func() error { return fetch(url) })", "_ = fetch(url)"},
			{"refused", `for _, url := range r.URL.Query()["url"] {`, `urls := r.URL.Query()["url"]; if len(urls) > 50 { return }; for _, url := range urls {`},
		}},
		{rule: "rejected", in: "Deliver", src: `
import (
	"example.com/lib"
	"github.com/panjf2000/ants/v2"
)

type relay struct{ pool *ants.Pool }

func newRelay() (*relay, error) {
	pool, err := ants.NewPool(8, ants.WithNonblocking(true))
	return &relay{pool: pool}, err
}

func (r *relay) Deliver(message string) {
	r.pool.Submit(func() { r.send(message) })
}

func (r *relay) send(message string) { println(message) }

var _ = lib.Fetch
`, kept: []change{
			{"package", "r.send(message)", "lib.Fetch(message)"},
			{"variable", "r.pool.Submit(func() { r.send(message) })", "task := func() { r.send(message) }; r.pool.Submit(task)"},
			{"blank", "r.pool.Submit(", "_ = r.pool.Submit("},
			{"if", "r.pool.Submit(func() { r.send(message) })", "if message != \"\" { r.pool.Submit(func() { r.send(message) }) }"},
			{"pool in a variable", "r.pool.Submit(", "p := r.pool; p.Submit("},
			{"option in a variable", "pool, err := ants.NewPool(8, ants.WithNonblocking(true))", "opt := ants.WithNonblocking(true); pool, err := ants.NewPool(8, opt)"},
		}, gone: []change{
			{"it waits", "ants.WithNonblocking(true)", "ants.WithNonblocking(false)"},
			{"looked at", "r.pool.Submit(func() { r.send(message) })", "if err := r.pool.Submit(func() { r.send(message) }); err != nil { panic(err) }"},
		}},
		{rule: "afterclose", in: "Run", src: `
import (
	"example.com/lib"
	"github.com/gammazero/workerpool"
)

func Run(tasks []func(), last func()) {
	p := workerpool.New(4)
	for _, task := range tasks {
		p.Submit(task)
	}
	p.StopWait()
	p.Submit(last)
}

func submit(p *workerpool.WorkerPool, task func()) { p.Submit(task) }

var _ = lib.Fetch
`, kept: []change{
			{"in a literal", "p.Submit(last)", "p.Submit(func() { last() })"},
			{"if", "p.Submit(last)", "if last != nil { p.Submit(last) }"},
		}, gone: []change{
			{"before", "p.StopWait()\n\tp.Submit(last)", "p.Submit(last)\n\tp.StopWait()"},
			{"deferred", "\tp.StopWait()", "\tdefer p.StopWait()"},
			{"another pool", "p.StopWait()\n", "p.StopWait()\n\tp = workerpool.New(4)\n\tdefer p.StopWait()\n"},
		}},
		{rule: "unclosed", in: "All", src: `
import (
	"example.com/lib"
	"github.com/gammazero/workerpool"
)

func All(images []func()) {
	p := workerpool.New(4)
	done := make(chan struct{}, len(images))
	for _, image := range images {
		p.Submit(func() { image(); done <- struct{}{} })
	}
	for range images {
		<-done
	}
}

func stop(p *workerpool.WorkerPool) { p.StopWait() }

func open() *workerpool.WorkerPool { return workerpool.New(4) }

var _ = lib.Fetch
`, kept: []change{
			{"variable", "p.Submit(func() { image(); done <- struct{}{} })", "task := func() { image(); done <- struct{}{} }; p.Submit(task)"},
			{"if", "p.Submit(func() { image(); done <- struct{}{} })", "if image != nil { p.Submit(func() { image(); done <- struct{}{} }) } else { done <- struct{}{} }"},
			{"made by a helper", "p := workerpool.New(4)", "p := open()"},
			{"made by another package", "p := workerpool.New(4)", "p := lib.Open()"},
		}, gone: []change{
			{"closed", "p := workerpool.New(4)", "p := workerpool.New(4); defer p.StopWait()"},
			{"closed by a helper", "p := workerpool.New(4)", "p := workerpool.New(4); defer stop(p)"},
			{"closed by another package", "p := workerpool.New(4)", "p := workerpool.New(4); defer lib.Stop(p)"},
			{"closed in a literal", "p := workerpool.New(4)", "p := workerpool.New(4); defer func() { p.StopWait() }()"},
			{"kept", "p := workerpool.New(4)", "p := workerpool.New(4); kept = p"},
		}},
		{rule: "selfwait", in: "Walk", src: `
import (
	"example.com/lib"
	"golang.org/x/sync/errgroup"
)

type walker struct{ group errgroup.Group }

func newWalker() *walker {
	w := new(walker)
	w.group.SetLimit(8)
	return w
}

func (w *walker) Walk(dir string) {
	for _, e := range lib.Names(dir) {
		w.group.Go(func() error { w.Walk(e); return nil })
	}
}
`, kept: []change{
			{"variable", "w.group.Go(func() error { w.Walk(e); return nil })", "task := func() error { w.Walk(e); return nil }; w.group.Go(task)"},
			{"if", "w.group.Go(func() error { w.Walk(e); return nil })", "if e != \"\" { w.group.Go(func() error { w.Walk(e); return nil }) }"},
		}, gone: []change{
			{"no limit", "w.group.SetLimit(8)", "w.group.SetLimit(-1)"},
			{"no task", "w.group.Go(func() error { w.Walk(e); return nil })", "w.Walk(e)"},
			{"does not wait", "w.group.Go(func() error { w.Walk(e); return nil })", "w.group.TryGo(func() error { w.Walk(e); return nil })"},
		}},
		{rule: "cpubound", in: "Register", src: `
import (
	"context"

	"example.com/lib"
	"github.com/poollint/poollint/pool"
	"golang.org/x/crypto/bcrypt"
)

func Register(ctx context.Context, io *pool.IO, password string) ([]byte, error) {
	return pool.Submit(ctx, io, func(context.Context) ([]byte, error) {
		return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	}).Await(ctx)
}

func hash(password string) ([]byte, error) {
	return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
}

type hasher struct{ cost int }

func (h hasher) hash(password string) ([]byte, error) { return hash(password) }

var _ = lib.Fetch
`, kept: []change{
			{"helper", "\t\treturn bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)", "\t\treturn hash(password)"},
			{"method", "\t\treturn bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)", "\t\treturn hasher{}.hash(password)"},
			{"package", "\t\treturn bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)", "\t\treturn lib.Hash(password)"},
			{"if", "\t\treturn bcrypt", "\t\tif password == \"\" { return nil, nil }; return bcrypt"},
		}, gone: []change{
			{"a pool for computing", "io *pool.IO", "io *pool.CPU"},
			{"waits", "return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)\n\t}).Await", "return nil, lib.Fetch(password)\n\t}).Await"},
		}},
		{rule: "blocking", in: "Ping", src: `
import (
	"context"
	"net/http"

	"example.com/lib"
	"github.com/poollint/poollint/pool"
)

func Ping(ctx context.Context, cpu *pool.CPU, url string) (int, error) {
	return pool.Submit(ctx, cpu, func(context.Context) (int, error) {
		return fetch(url)
	}).Await(ctx)
}

func fetch(url string) (int, error) {
	resp, err := http.Get(url)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

type client struct{}

func (client) fetch(url string) (int, error) { return fetch(url) }

var _ = lib.Fetch
`, kept: []change{
			{"method", "\t\treturn fetch(url)", "\t\treturn client{}.fetch(url)"},
			{"package", "\t\treturn fetch(url)", "\t\treturn 0, lib.Fetch(url)"},
			{"in place", "\t\treturn fetch(url)", "\t\t_, err := http.Get(url); return 0, err"},
			{"if", "\t\treturn fetch(url)", "\t\tif url != \"\" { return fetch(url) }; return 0, nil"},
		}, gone: []change{
			{"a pool for waiting", "cpu *pool.CPU", "cpu *pool.IO"},
			{"computes", "\t\treturn fetch(url)", "\t\treturn len(url), nil"},
		}},
		{rule: "churn", in: "Handle", src: `
import (
	"net/http"

	"example.com/lib"
	"github.com/panjf2000/ants/v2"
)

func Handle(w http.ResponseWriter, r *http.Request) {
	p, err := ants.NewPool(50)
	if err != nil {
		return
	}
	defer p.Release()
	if err := p.Submit(func() {}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

func stop(p *ants.Pool) { p.Release() }

var shared, _ = ants.NewPool(50)

var _ = lib.Fetch
`, kept: []change{
			{"released by a helper", "defer p.Release()", "defer stop(p)"},
			{"if", "if err := p.Submit", "if r.Method == \"\" { return }; if err := p.Submit"},
		}, gone: []change{
			{"one for all", "p, err := ants.NewPool(50)\n\tif err != nil {\n\t\treturn\n\t}\n\tdefer p.Release()", "p := shared"},
			{"no handler", "r *http.Request", "r *http.Response"},
		}},
		{rule: "limit", in: "Run", src: `
import (
	"example.com/lib"
	"golang.org/x/sync/errgroup"
)

func Run(tasks []func() error) error {
	var g errgroup.Group
	g.SetLimit(0)
	for _, t := range tasks {
		g.Go(t)
	}
	return g.Wait()
}

func none() int { return 0 }

var _ = lib.Fetch
`, kept: []change{
			{"constant", "g.SetLimit(0)", "const limit = 0; g.SetLimit(limit)"},
			{"if", "g.Go(t)", "if t != nil { g.Go(t) }"},
			{"pointer", "var g errgroup.Group", "g := new(errgroup.Group)"},
		}, gone: []change{
			{"a limit", "g.SetLimit(0)", "g.SetLimit(8)"},
			{"no limit", "g.SetLimit(0)", "g.SetLimit(-1)"},
		}},
		{rule: "oversized", in: "Open", src: `
import (
	"example.com/lib"
	"github.com/panjf2000/ants/v2"
)

func Open() (*ants.Pool, error) {
	return ants.NewPool(10_000_000)
}

var _ = lib.Fetch
`, kept: []change{
			{"constant", "return ants.NewPool(10_000_000)", "const size = 10_000 * 1_000; return ants.NewPool(size)"},
			{"variable", "return ants.NewPool(10_000_000)", "size := 10_000_000; return ants.NewPool(size)"},
			{"if", "return ants.NewPool(10_000_000)", "if lib.Names(\"\") != nil { return ants.NewPool(10_000_000) }; return nil, nil"},
		}, gone: []change{
			{"few", "10_000_000", "1_000"},
			{"no limit", "10_000_000", "-1"},
		}},
	}
	const lib = `package lib

import (
	"net/http"
	"os"

	"github.com/gammazero/workerpool"
	"golang.org/x/crypto/bcrypt"
	"golang.org/x/sync/errgroup"
)

func Fetch(url string) error { _, err := http.Get(url); return err }

func Names(dir string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func Hash(password string) ([]byte, error) {
	return bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
}

func Limit(g *errgroup.Group) { g.SetLimit(8) }

func Finish(g *errgroup.Group) error { return g.Wait() }

func Open() *workerpool.WorkerPool { return workerpool.New(4) }

func Stop(p *workerpool.WorkerPool) { p.StopWait() }
`
	libraries := linttest.Testdata(t)
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			found := []string{test.rule + " in " + test.in}
			holds := func(name, old, new string, want []string) {
				if strings.Count(test.src, old) < 1 {
					t.Errorf("%s: nothing to change", name)
				}
				src := "package p\n" + strings.Replace(test.src, old, new, 1)
				if strings.Contains(new, "kept") {
					src += "\nvar kept *workerpool.WorkerPool\n"
				}
				p := program{{"example.com/lib", lib}, {"example.com/p", src}}
				if got := p.lint(t, libraries, Settings{Checks: Checks{test.rule}}); !slices.Equal(got, want) {
					t.Errorf("%s: found %q, want %q in\n%s", name, got, want, src)
				}
			}
			holds("as it is", "", "", found)
			for _, c := range test.kept {
				holds(c.name, c.old, c.new, found)
			}
			for _, c := range test.gone {
				holds(c.name, c.old, c.new, nil)
			}
		})
	}
}
