package resource

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/catalog"
)

// What is done to a resource is found wherever it stands, and so is who outside can do what.
func TestClasses(t *testing.T) {
	tests := []struct{ name, src, of, want string }{
		{"a local channel", `
func f() int {
	c := make(chan int)
	go func() { c <- 1 }()
	return <-c
}`, "c", "channel: make in f, send in f's, receive in f"},

		{"a generator", `
func Numbers() <-chan int {
	c := make(chan int)
	go func() { defer close(c); for i := range 3 { c <- i } }()
	return c
}`, "c", "channel: make in Numbers, deferred close in Numbers's, send in Numbers's; receive yes"},

		{"a helper's parameter", `
func f() { c := make(chan int); go send(c, 1); drain(c) }
func send(c chan<- int, v int) { c <- v }
func drain(c <-chan int) { for range c {} }
`, "c", "channel: make in f, send in send, range in drain"},

		{"a helper's result", `
func open() chan int { return make(chan int, 1) }
func f() { c := open(); c <- 1; close(c) }
`, "c", "channel: make in open, send in f, close in f"},

		{"a field, set in a constructor", `
type server struct { quit chan struct{} }
func newServer() *server { return &server{quit: make(chan struct{})} }
func (s *server) stop() { close(s.quit) }
func (s *server) run() { for { select { case <-s.quit: return; default: } } }
`, "quit", "channel: make in newServer, close in stop, receive or else in run"},

		{"a reply channel in a message", `
type request struct { reply chan int }
var requests = make(chan request)
func ask() int { r := request{make(chan int, 1)}; requests <- r; return <-r.reply }
func serve() { for r := range requests { r.reply <- 1 } }
`, "reply", "channel: make in ask, receive in ask, send in serve"},

		{"an anonymous struct, declared twice", `
func f() { x := struct{ done chan int }{make(chan int)}; take(x); <-x.done }
func take(y struct{ done chan int }) { close(y.done) }
`, "done", "channel: make in f, receive in f, close in take"},

		{"a map of channels", `
var subs = map[string]chan int{}
func add(name string) chan int { c := make(chan int); subs[name] = c; return c }
func tell(v int) { for _, s := range subs { select { case s <- v: default: } } }
`, "c", "channel: make in add, send or else in tell"},

		{"keys of a map", `
var subs = map[chan int]bool{}
func add() { c := make(chan int); subs[c] = true; <-c }
func tell() { for s := range subs { s <- 1 } }
`, "c", "channel: make in add, receive in add, send in tell"},

		{"a slice, appended and copied", `
func f() {
	var all []chan int
	for range 3 { all = append(all, make(chan int)) }
	other := make([]chan int, 3)
	copy(other, all)
	c := other[0]
	c <- 1
}`, "c", "channel: make in f, send in f"},

		{"an array by pointer", `
func f() { var a [2]chan int; a[0] = make(chan int); g(&a) }
func g(p *[2]chan int) { for _, c := range p { c <- 1 } }
`, "c", "channel: make in f, send in g"},

		{"helpers of slices and maps", `
func f(m map[string]chan int) {
	c := make(chan int)
	m["a"] = c
	for _, x := range slices.Collect(maps.Values(m)) { close(x) }
	for _, x := range slices.Clone([]chan int{c}) { x <- 1 }
}`, "c", "channel: make in f, close in f, send in f"},

		{"a channel of channels", `
func f() { cc := make(chan chan int); go g(cc); c := make(chan int); cc <- c; <-c }
func g(cc chan chan int) { c := <-cc; c <- 1 }
`, "c", "channel: make in f, receive in f, send in g"},

		{"several results", `
func open() (chan int, error) { return make(chan int), nil }
func pass() (chan int, error) { return open() }
func take(c chan int, err error) { c <- 1 }
func f() { take(pass()) }
`, "c", "channel: make in open, send in take"},

		{"a named result", `
func open() (c chan int, err error) { c = make(chan int); go func() { c <- 1 }(); return }
func f() { x, _ := open(); <-x }
`, "c", "channel: make in open, send in open's, receive in f"},

		{"a closure that is called later", `
func f() { c := make(chan int); send := func(v int) { c <- v }; send(1); <-c }
`, "c", "channel: make in f, send in f's, receive in f"},

		{"a function that is given the channel", `
func f() { c := make(chan int); each(func(d chan int) { d <- 1 }, c) }
func each(do func(chan int), c chan int) { do(c) }
`, "c", "channel: make in f, send in f's"},

		{"a method value", `
type queue chan int
func (q queue) push(v int) { q <- v }
func f() { q := make(queue); p := q.push; p(1); <-q }
`, "q", "channel: send in push, make in f, receive in f"},

		{"a method expression", `
type queue chan int
func (q queue) push(v int) { q <- v }
func f() { q := make(queue); p := queue.push; p(q, 1) }
`, "q", "channel: send in push, make in f"},

		{"an interface of the package", `
type sink interface { put(chan int) }
type one struct{}
func (one) put(c chan int) { c <- 1 }
func f() { var s sink = one{}; c := make(chan int); s.put(c) }
`, "c", "channel: send in put, make in f"},

		{"a generic function", `
func send[T any](c chan<- T, v T) { c <- v }
func f() { c := make(chan string); go send(c, ""); <-c }
`, "c", "channel: send in send, make in f, receive in f"},

		{"a generic type", `
type box[T any] struct { c chan T }
func open[T any]() *box[T] { return &box[T]{c: make(chan T)} }
func (b *box[T]) put(v T) { b.c <- v }
func f() { b := open[int](); go b.put(1); <-b.c }
`, "c", "channel: make in open, send in put, receive in f"},

		{"a channel as a type argument", `
type cell[T any] struct { v T }
func (c *cell[T]) get() T { return c.v }
func f() { c := make(chan int); x := cell[chan int]{c}; close(x.get()) }
`, "v", "channel: make in f, close in f"},

		{"a sequence of channels", `
func all(cs []chan int) iter.Seq[chan int] { return func(yield func(chan int) bool) { for _, c := range cs { if !yield(c) { return } } } }
func f() { c := make(chan int); for x := range all([]chan int{c}) { x <- 1 } }
`, "c", "channel: make in f, send in f"},

		{"put into an interface and taken out", `
func f() { c := make(chan int); var x any = c; take(x) }
func take(x any) { if c, ok := x.(chan int); ok { close(c) } }
`, "c", "channel: make in f, close in take; send unknown, receive unknown, close unknown, give unknown"},

		{"a type switch", `
func f() { c := make(chan int); take(c) }
func take(x any) { switch x := x.(type) { case chan int: close(x); case int: } }
`, "c", "channel: make in f, close in take; send unknown, receive unknown, close unknown, give unknown"},

		{"printed only", `
func f() { c := make(chan int); fmt.Println(c, len(c)); <-c }
`, "c", "channel: make in f, measure in f, receive in f"},

		{"a parameter of an exported function", `
func Drain(c <-chan int) { for range c {} }
`, "c", "channel: range in Drain; give yes"},

		{"what is made here is not lost by calling an exported function", `
func Drain(c <-chan int) { for range c {} }
func f() { own := make(chan int); go Drain(own); own <- 1 }
`, "own", "channel: range in Drain, make in f, send in f"},

		{"a helper that two functions give theirs", `
func send(c chan int) { c <- 1 }
func f() { a := make(chan int); go send(a); <-a }
func g() { b := make(chan int); send(b); close(b) }
`, "b", "channel: send in send, make in g, close in g"},

		{"what the helper is given", `
func send(c chan int) { c <- 1 }
func f() { a := make(chan int); go send(a); <-a }
func g() { b := make(chan int); send(b); close(b) }
`, "c", "channel: send in send, make in f, receive in f, make in g, close in g"},

		{"a helper that makes one for each of two functions", `
func open() <-chan int { c := make(chan int); go fill(c); return c }
func fill(d chan<- int) { d <- 1; close(d) }
func f() { a := open(); <-a }
func g() { b := open(); for range b {} }
`, "b", "channel: make in open, send in fill, close in fill, range in g"},

		{"a getter, whose callers get the same", `
type s struct { c chan int }
func (x *s) out() chan int { return x.c }
func f(x *s) { x.c = make(chan int); a := x.out(); <-a }
func g(x *s) { b := x.out(); b <- 1 }
`, "b", "channel: make in f, receive in f, send in g"},

		{"a closure that returns a variable around it", `
func f() { c := make(chan int); get := func() chan int { return c }; a := get(); b := get(); go func() { a <- 1 }(); <-b }
`, "b", "channel: make in f, send in f's, receive in f"},

		{"a helper that returns what it is given", `
func same(c chan int) chan int { return c }
func f() { c0 := make(chan int); a := same(c0); b := same(c0); go func() { a <- 1 }(); <-b }
`, "b", "channel: make in f, send in f's, receive in f"},

		{"a recursion", `
func f() { c := make(chan int); walk(c, 3); <-c }
func walk(d chan int, n int) { if n > 0 { walk(d, n-1) }; d <- n }
`, "c", "channel: make in f, receive in f, send in walk"},

		{"a wait group of two functions, and one worker", `
func work(done *sync.WaitGroup) { done.Done() }
func f() { var a sync.WaitGroup; a.Add(1); go work(&a); a.Wait() }
func g() { var b sync.WaitGroup; b.Add(1); go work(&b) }
`, "b", "wait group: WaitGroup.Done in work, declare in g, WaitGroup.Add in g"},

		{"functions given to a helper with their channel", `
func each(do func(chan int), c chan int) { do(c) }
func f() { a := make(chan int); each(func(x chan int) { x <- 1 }, a) }
func g() { b := make(chan int); each(func(y chan int) { <-y }, b) }
`, "b", "channel: send in f's, make in g, receive in g's"},

		{"channels of channels by a helper", `
func put(cc chan chan int, c chan int) { cc <- c }
func f() { cc1 := make(chan chan int, 1); a := make(chan int); put(cc1, a); x := <-cc1; close(x) }
`, "a", "channel: make in f, close in f"},

		{"an exported field", `
type Server struct { Done chan struct{} }
func (s *Server) stop() { close(s.Done) }
`, "Done", "channel: close in stop; send yes, receive yes, close yes, give yes"},

		{"an exported field that nobody outside can reach", `
type server struct { Done chan struct{} }
func (s *server) stop() { close(s.Done) }
`, "Done", "channel: close in stop"},

		{"given to a function that is not seen", `
func f() { c := make(chan os.Signal, 1); hide(c); signal.Notify(c, os.Interrupt); <-c }
func hide(c chan os.Signal) { runtime.SetFinalizer(&c, nil) }
`, "c", "channel: make in f, use in f, receive in f; send yes, receive unknown, close unknown"},

		{"a ticker", `
func f() { t := time.NewTicker(time.Second); tick := t.C; <-tick }
`, "tick", "timer: make in f, receive in f"},

		{"a timer in a field, stopped elsewhere", `
type s struct { t *time.Timer }
func f() { x := s{time.NewTimer(1)}; <-x.t.C; x.stop() }
func (x s) stop() { x.t.Stop() }
`, "t", "timer: make in f, receive in f, use in stop"},

		{"a wait group", `
func f() {
	var wg sync.WaitGroup
	for range 3 { wg.Add(1); go func() { defer wg.Done() }() }
	wg.Go(func() {})
	wait(&wg)
}
func wait(wg *sync.WaitGroup) { wg.Wait() }
`, "wg", "wait group: declare in f, WaitGroup.Add in f, deferred WaitGroup.Done in f's, WaitGroup.Go in f, WaitGroup.Wait in wait"},

		{"an embedded wait group", `
type crew struct { sync.WaitGroup }
func (c *crew) start() { c.Add(1); go c.work() }
func (c *crew) work() { c.Done() }
func f() { var c crew; c.start(); c.Wait() }
`, "WaitGroup", "wait group: declare in the package, WaitGroup.Add in start, WaitGroup.Done in work, WaitGroup.Wait in f"},

		{"a new wait group behind an interface", `
type waiter interface { Wait() }
func f() { wg := new(sync.WaitGroup); var w waiter = wg; w.Wait() }
`, "wg", "wait group: declare in f, WaitGroup.Wait in f"},

		{"a once", `
var once sync.Once
func f() { once.Do(f) }
`, "once", "once: declare in the package, use in f"},

		{"a context", `
func f(parent context.Context) {
	ctx, cancel := context.WithTimeout(parent, 1)
	defer cancel()
	done := ctx.Done()
	<-done
}`, "ctx", "context: make in f, deferred invoke in f, receive in f"},

		{"what ends a context", `
func f(parent context.Context) { ctx, cancel := context.WithCancel(parent); stop(cancel); _ = ctx }
func stop(end func()) { end() }
`, "cancel", "cancel function: make in f, invoke in stop"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, program(test.src))
			if got := describe(p.class(test.of)); got != test.want {
				t.Errorf("%s\nwant %s", got, test.want)
			}
		})
	}
}

// program is a package with what it imports.
func program(src string) string {
	head := "package p\n"
	for _, path := range []string{"context", "fmt", "iter", "maps", "os", "os/signal", "runtime", "slices", "sort", "sync", "time", "net/http", "net/rpc", "path/filepath", "io/fs"} {
		if regexp.MustCompile(`\b` + path[strings.LastIndex(path, "/")+1:] + `\.`).MatchString(src) {
			head += "import \"" + path + "\"\n"
		}
	}
	return head + src + "\nfunc busy() { go print() }" // so that values are followed
}

// What a call may run, and whether that is all.
func TestCallees(t *testing.T) {
	tests := []struct{ name, src, in, want string }{
		{"a function", `func f() { g() }; func g() {}`, "f", "g"},
		{"a method, by an embedded field", `type a struct{}; func (a) run() {}; type b struct{ a }; func f() { b{}.run() }`, "f", "run"},
		{"a variable", `func f() { do := g; if true { do = h }; do() }; func g() {}; func h() {}`, "f", "g, h"},
		{"a parameter", `func f(do func()) { do() }; func g() { f(h); f(func() {}) }; func h() {}`, "f", "g's, h"},
		{"a parameter of an exported function", `func F(do func()) { do() }; func g() { F(h) }; func h() {}`, "F", "h, others"},
		{"a field", `type s struct{ do func() }; func f(x s) { x.do() }; func g() { f(s{do: h}) }; func h() {}`, "f", "h"},
		{"a channel", `func f(c chan func()) { for do := range c { do() } }; func g() { c := make(chan func()); go f(c); c <- h }; func h() {}`, "f", "h"},
		{"a table", `var table = map[string]func(){"a": g}; func f() { table["a"]() }; func g() {}`, "f", "g"},
		{"a result", `func f() { h()() }; func h() func() { return g }; func g() {}`, "f", "g, h"},
		{"a method value", `type s struct{}; func (s) run() {}; func f() { do := s{}.run; do() }`, "f", "run"},
		{"a method expression", `type s struct{}; func (s) run() {}; func f() { s.run(s{}); do := (*s).run; do(nil) }`, "f", "run, run"},
		{"a literal where it stands", `func f() { defer func() {}() }`, "f", "f's"},
		{"a function of another package in a variable", `func f() { do := fmt.Println; do() }`, "f", "fmt.Println"},
		{"an interface of the package", `type i interface{ run() }; type a struct{}; func (a) run() {}; type b struct{}; func (*b) run() {}
			type c struct{}; func (c) run() {}
			func f(x i) { x.run() }; func g() { f(a{}); var x i = new(b); f(x) }`, "f", "run, run"},
		{"an interface that others can implement", `type I interface{ Run() }; type a struct{}; func (a) Run() {}
			func F(x I) { x.Run() }; func g() { F(a{}) }`, "F", "Run, others"},
		{"an interface of another package", `type a struct{}; func (a) String() string { return "" }
			func f(x fmt.Stringer) { x.String() }; func g() { f(a{}) }`, "f", "String"},
		{"an interface of another package, from another", `type a struct{}; func (a) String() string { return "" }
			func F(x fmt.Stringer) { x.String() }; func g() { F(a{}) }`, "F", "String, others"},
		{"a method of an interface, as a value", `type i interface{ run() }; type a struct{}; func (a) run() {}
			func f(x i) { do := x.run; do() }; func g() { f(a{}) }`, "f", "run, others"},
		{"a type parameter", `func f[T any](v T, do func(T)) { do(v) }; func g() { f(1, func(int) {}) }`, "f", "g's"},
		{"nothing", `func f(do func()) { do() }`, "f", "others"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, program(test.src))
			var to []Callee
			all := true
			for _, c := range p.function(test.in).Calls {
				got, complete := p.Callees(c)
				to, all = append(to, got...), all && complete
			}
			if got := callees(to, all); got != test.want {
				t.Errorf("calls %s, want %s", got, test.want)
			}
		})
	}
}

// Where a goroutine comes into the code that a function is part of.
func TestEntries(t *testing.T) {
	tests := []struct{ name, src, of, want string }{
		{"a program's main", `func main() { g() }; func g() {}`, "g", "main"},
		{"an exported function", `func F() { g() }; func g() {}`, "g", "F"},
		{"go", `func F() { go g() }; func g() { h() }; func h() {}`, "h", "g by go in F"},
		{"both", `func F() { go g(); g() }; func g() {}`, "g", "F, g by go in F"},
		{"a literal", `func F() { go func() { g() }() }; func g() {}`, "g", "F's by go in F"},
		{"a submit", `func f() { var wg sync.WaitGroup; wg.Go(g) }; func g() {}`, "g", "g by WaitGroup.Go in f"},
		{"a wrapper", `func run(do func()) { go do() }; func f() { run(g) }; func g() {}`, "g", "g by go in run"},
		{"a wrapper, two deep", `func run(do func()) { go func() { do() }() }; func start(do func()) { run(do) }; func f() { start(g) }; func g() {}`, "g", "run's by go in run"},
		{"later", `func f() { time.AfterFunc(1, g) }; func g() {}`, "g", "g by AfterFunc in f"},
		{"handed to others", `func F() { http.HandleFunc("/", g) }; func g(http.ResponseWriter, *http.Request) {}`, "g", "g"},
		{"called back", `func F(s []int) { sort.Slice(s, func(i, j int) bool { return g() }) }; func g() bool { return true }`, "g", "F"},
		{"a sort", `type by []int; func (b by) Len() int { return g() }; func (b by) Less(i, j int) bool { return true }; func (b by) Swap(i, j int) {}
			func F(s []int) { sort.Sort(by(s)) }; func g() int { return 1 }`, "g", "F"},
		{"printed", `type a int; func (a) String() string { return g() }; func F() { var x a; fmt.Println(&x) }; func g() string { return "" }`, "g", "F"},
		{"an interface of others", `type h struct{}; func (h) ServeHTTP(http.ResponseWriter, *http.Request) { g() }
			func F() { http.Handle("/", h{}) }; func g() {}`, "g", "ServeHTTP"},
		{"a sequence", `func F() { for range seq { } }; func seq(yield func() bool) { yield(); g() }; func g() {}`, "g", "F"},
		{"an initial value", `var x = g(); func g() int { return 1 }`, "g", "g"},
		{"never", `func f() { g() }; func g() {}`, "g", ""},
		{"a pool of one's own", `
type pool struct { tasks chan func() }
func newPool(n int) *pool { p := &pool{make(chan func())}; for range n { go p.work() }; return p }
func (p *pool) work() { for do := range p.tasks { do() } }
func (p *pool) submit(do func()) { p.tasks <- do }
func (p *pool) close() { close(p.tasks) }
func F() { p := newPool(3); defer p.close(); p.submit(g) }
func g() {}`, "g", "work by go in newPool"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			src := program(test.src)
			if strings.Contains(src, "func main()") {
				src = strings.Replace(src, "package p", "package main", 1)
			}
			p := load(t, src)
			var got []string
			for _, e := range p.Entries(p.function(test.of)) {
				s := label(e.Func)
				if e.Spawn != nil {
					how := "go"
					if e.Spawn.Call.Go == nil {
						how = catalog.FuncName(e.Spawn.Call.Callee)
					}
					s += " by " + how + " in " + label(e.Spawn.Call.In)
				}
				got = append(got, s)
			}
			slices.Sort(got)
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("runs in %q, want %q", got, test.want)
			}
		})
	}
}

// Questions about one operation.
func TestOps(t *testing.T) {
	p := load(t, program(`
func f(quit chan int, jobs []int) {
	var all []chan int
	for range jobs {
		all = append(all, make(chan int, len(jobs)))
	}
	one := make(chan int)
	defer close(one)
	defer func() { quit <- 1 }()
	select {
	case v, ok := <-one:
		_, _ = v, ok
	case one <- <-quit:
	default:
	}
	select {
	case (<-quit):
	}
}`))
	var got []string
	for _, o := range append(p.Ops(p.function("f")), p.Ops(p.function("f's"))...) {
		s := o.Class.Name() + " " + o.Kind.String()
		for _, is := range []struct {
			on   bool
			what string
		}{{o.InLoop(), "in a loop"}, {o.Capacity() != nil, "with room"}, {o.Deferred(), "deferred"}, {!o.Alone(), "or else"},
			{o.Select() != nil && HasDefault(o.Select()), "or nothing"}, {o.Kind == Make && o.Class.Many(), "many"}} {
			if is.on {
				s += " " + is.what
			}
		}
		got = append(got, s)
	}
	want := []string{"channel make in a loop with room many", "one make", "one close deferred", "one receive or else or nothing",
		"one send or else or nothing", "quit receive", "quit receive", "quit send deferred"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}

// In a package that starts nothing, calls by name are known, and nothing is claimed of other values.
func TestIdle(t *testing.T) {
	p := load(t, `package p
func F() { g(h) }
func g(do func()) { do() }
func h() { k() }
func k() {}`)
	if len(p.Classes)+len(p.Spawns) > 0 || p.Var(p.variable("do")) != nil {
		t.Error("there are classes")
	}
	for f, want := range map[string]string{"g": "F", "k": "h"} {
		if got := p.Entries(p.function(f)); len(got) != 1 || label(got[0].Func) != want {
			t.Errorf("%s runs in %v", f, got)
		}
	}
	if _, all := p.Callees(p.function("g").Calls[0]); all {
		t.Error("what a parameter may be is said to be known")
	}
}
