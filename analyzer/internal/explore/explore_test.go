package explore

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/exits"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// Who stays blocked, by the function that is run, what waits, and on what.
func TestStuck(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a sender whose receiver has left", `
func f(err error) error {
	c := make(chan int)
	go func() { c <- 1 }()
	if err != nil { return err }
	<-c
	return nil
}`, "f: goroutine sends c"},

		{"with a place", `
func f(err error) error {
	c := make(chan int, 1)
	go func() { c <- 1 }()
	if err != nil { return err }
	<-c
	return nil
}`, ""},

		{"as many as are received", `
func f(n int) {
	c := make(chan int)
	for range n { go func() { c <- 1 }() }
	for range n { <-c }
}`, ""},

		{"one more than is received", `
func f(n int) {
	c := make(chan int)
	for range n { go func() { c <- 1 }() }
	for range n - 1 { <-c }
}`, "f: goroutine sends c"},

		{"a flag that is set where is sent", `
func f(m *sync.Map) int {
	c := make(chan int, 2)
	go func() {
		found := false
		m.Range(func(k, v any) bool {
			if found { return false }
			c <- 1
			found = true
			return true
		})
		if !found { c <- 0 }
	}()
	return <-c
}`, ""},

		{"a flag that says the opposite", `
func f(m *sync.Map) int {
	c := make(chan int, 2)
	go func() {
		found := false
		m.Range(func(k, v any) bool {
			c <- 1
			found = true
			return false
		})
		if found { c <- 0; c <- 0 }
	}()
	return <-c
}`, "f: goroutine sends c"},

		{"a range that nobody ends", `
func f(n int) {
	c := make(chan int)
	go func() { for range n { c <- 1 } }()
	for range c {}
}`, "f: itself ranges c"},

		{"fewer than there are", `
func f(xs []int, enough int) {
	c := make(chan int)
	go func() { for _, x := range xs { c <- x } }()
	for range enough { <-c }
}`, "f: goroutine sends c"},

		{"as many as a caller says", `
func f(xs []int, n int) {
	c := make(chan int)
	go func() { for _, x := range xs { c <- x } }()
	for range n { <-c }
}
func g(xs []int) { f(xs, len(xs)) }`, ""},

		{"the same condition asked twice", `
func f(on bool) {
	c := make(chan int)
	if on { go func() { c <- 1 }() }
	if on { <-c }
}`, ""},

		{"a context that every return ends", `
func f(work func() error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan int)
	go func() { select { case c <- 1: case <-ctx.Done(): } }()
	if err := work(); err != nil { return err }
	<-c
	return nil
}`, ""},

		{"two structs", `
type box struct { c chan int }
func newBox() *box { return &box{make(chan int)} }
func f() {
	a, b := newBox(), newBox()
	go func() { a.c <- 1 }()
	go func() { <-b.c }()
	<-a.c
	b.c <- 1
}`, ""},

		{"the wrong struct", `
type box struct { c chan int }
func newBox() *box { return &box{make(chan int)} }
func f() {
	a, b := newBox(), newBox()
	go func() { a.c <- 1 }()
	<-a.c
	go func() { b.c <- 1 }()
	<-a.c
}`, "f: goroutine sends c"},

		{"a request that a switch on its type answers", `
type ask struct { answer chan int }
type tell struct { done chan struct{} }
func f() {
	requests := make(chan any)
	go func() {
		for r := range requests {
			switch r := r.(type) {
			case *ask: r.answer <- 1
			case *tell: close(r.done)
			}
		}
	}()
	a := &ask{make(chan int)}
	requests <- a
	<-a.answer
	close(requests)
}`, ""},

		{"a lock that is held while its holder waits", `
type gate struct { mu sync.Mutex; c chan int }
func (g *gate) send() { g.mu.Lock(); defer g.mu.Unlock(); g.c <- 1 }
func (g *gate) take() { g.mu.Lock(); defer g.mu.Unlock(); <-g.c }
func f() {
	g := &gate{c: make(chan int)}
	go g.send()
	go g.take()
}`, "f: goroutine receives c; f: goroutine sends c"},

		{"strangers who may serve", `
func f(give func(chan int)) {
	c := make(chan int)
	go func() { c <- 1 }()
	give(c)
}`, ""},

		{"strangers who only send", `
func f(each func(func(int))) {
	c := make(chan int)
	var wg sync.WaitGroup
	wg.Go(func() { for range c {} })
	each(func(n int) { c <- n })
	wg.Wait()
}`, "f: goroutine ranges c"},

		{"counted out on one path only", `
func f(ok bool) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		if !ok { return }
		wg.Done()
	}()
	wg.Wait()
}`, "f: itself waits wg"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := explorer(t, "package p\nimport (\"context\"; \"sync\")\nvar _ = context.Background\nvar _ sync.Mutex\n"+test.src)
			var got []string
			for _, s := range x.Stuck() {
				who := "itself"
				if s.Spawn != nil {
					who = "goroutine"
				}
				does := map[Operation]string{Sends: "sends", Receives: "receives", Waits: "waits"}[s.Kind]
				if s.Range {
					does = "ranges"
				}
				got = append(got, fmt.Sprintf("%s: %s %s %s", s.Root.Name(), who, does, s.On))
			}
			slices.Sort(got)
			if got := strings.Join(slices.Compact(got), "; "); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A buffer is the remedy where a run with it shows that nobody is stuck any more.
func TestMends(t *testing.T) {
	for _, test := range []struct {
		src  string
		size int
		want bool
	}{
		{`func f(err error) { c := make(chan int); go func() { c <- 1 }(); if err == nil { <-c } }`, 1, true},
		{`func f(err error) { c := make(chan int); go func() { c <- 1; c <- 2 }(); if err == nil { <-c; <-c } }`, 1, false},
		{`func f(err error) { c := make(chan int); go func() { c <- 1; c <- 2 }(); if err == nil { <-c; <-c } }`, 2, true},
		{`func f(n int) { c := make(chan int); go func() { for range n { c <- 1 } }(); <-c }`, 1, false},
		{`func f(n int) { c := make(chan int); for range n { go func() { c <- 1 }() }; <-c }`, AsMany, true},
		// Callers stand at a step of which nothing matters.
		{`import "sync"
		func g(out chan<- *int, ms []*sync.Map, m func() *int) {
			found := false
			p := &found
			for i := 0; i < len(ms) && !found; i++ {
				ms[i].Range(func(k, v any) bool {
					if found { return true }
					x := m()
					if x == nil { return true }
					out <- x
					*p = true
					return true
				})
			}
			if !found { out <- nil }
		}
		func f(ms []*sync.Map, m func() *int) *int {
			c := make(chan *int, 2)
			go g(c, ms, m)
			go g(c, ms, m)
			for range cap(c) { if x := <-c; x != nil { return x } }
			return nil
		}`, 3, false},
	} {
		x := explorer(t, "package p\n"+test.src)
		stuck := x.Stuck()
		if len(stuck) == 0 {
			t.Errorf("%s: nobody is stuck", test.src)
			continue
		}
		if _, ok := x.Mends(stuck[0], int64(test.size)); ok != test.want {
			t.Errorf("%s: a buffer of %d mends: %v, want %v", test.src, test.size, ok, test.want)
		}
	}
}

// What two runs find is the same, and states that go on in the same way have one key.
func TestDeterministic(t *testing.T) {
	const src = `package p
func f(n int, err error) error {
	a, b := make(chan int), make(chan int)
	for range n { go func() { a <- 1 }() ; go func() { b <- <-a }() }
	for range n { select { case <-a: case <-b: if err != nil { return err } } }
	return nil
}`
	first := fmt.Sprint(len(explorer(t, src).Stuck()))
	for range 5 {
		if again := fmt.Sprint(len(explorer(t, src).Stuck())); again != first {
			t.Fatalf("%s stuck, then %s", first, again)
		}
	}
}

func explorer(t *testing.T, src string) *Explorer {
	t.Helper()
	pkg := linttest.Standard().Source(t, "example.com/p", src)
	p := syntax.New(pkg.Fset, pkg.Types, pkg.Info, pkg.Files, inspector.New(pkg.Files))
	s := sites.New(p, catalog.Load(), func(*types.Func) *summary.Func { return nil })
	for _, f := range s.Funcs {
		s.Find(f)
	}
	s.Collect()
	return New(s, knowledge.Load(), exits.New(p, knowledge.Load()))
}
