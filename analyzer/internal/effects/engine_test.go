package effects

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Each function's effect, as far as the pattern goes. What is not claimed matters as much.
func TestEffects(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"a loop over a parameter", `func f(xs []int) (s int) { for _, x := range xs { s += x }; return }`, `^\S+ ns \+ \S+ ns·p0 the loop over xs in f \(p.go:\d+\)$`},
		{"a loop of known length", `func f() (s int) { for i := range 1000 { s += i }; return }`, `^\d+ ns the loop over 1000 in f`},
		{"the most that may be is not what is", `func f(m map[int]int) { for i := 0; i < 200000; i++ { if len(m) == 0 { break }; delete(m, i) } }`, `^\S+ ns \+ \S+ ns·some the loop while i < 200000`},
		{"retries are few", `type t struct{ maxRetries int }
			func f(x *t) (s int) { for i := range x.maxRetries { s += i }; return }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"entries are no tries", `type t struct{ numEntries int }
			func f(x *t) (s int) { for i := range x.numEntries { s += i }; return }`, `ns·many`},
		{"a search goes on", `func f() int { for i := 0; i < 200000; i++ { sum := sha256.Sum256([]byte{byte(i)}); if sum[0] == 0 && sum[1] == 0 { return i } }; return 0 }`, `^\S+ (µs|ms) the loop while i < 200000`},
		{"what an error ends goes on", `func g(int) error { return nil }
			func f() error { for i := 0; i < 200000; i++ { if err := g(i); err != nil { return err } }; return nil }`, `^\S+ (µs|ms) the loop while i < 200000`},
		{"what a switch breaks goes on", `func f() (n int) { for i := 0; i < 200000; i++ { switch { case i == n: break; default: n += i } }; return }`, `^\S+ (µs|ms) the loop while i < 200000`},
		{"machines are a handful", `var cacheHosts, cacheKeys map[string]int
			func f() (n int) { for range cacheHosts { n++ }; return }`, `ns·few the loop over cacheHosts`},
		{"and keys are many", `var cacheHosts, cacheKeys map[string]int
			func f() (n int) { for range cacheKeys { n++ }; return }`, `ns·many the loop over cacheKeys`},
		{"what is configured is a handful", `type storeConfig struct { Stores map[string]int }
			func f(c *storeConfig) (n int) { for range c.Stores { n++ }; return }`, `ns·few the loop over c.Stores`},
		{"tags are a handful", `func f(m struct { tags map[string]string }) { var keys []string; for k := range m.tags { keys = append(keys, k) }; sort.Strings(keys) }`, `·few·log few sort.Strings`},
		{"a number that is one of a few", `func f(xs []int) (s int) { n := 10; if len(xs) > 5 { n = len(xs) % 7 }; for i := 0; i < n; i++ { s += i }; return }`, `^\S+ ns the loop while i < n in f \(p.go:2\)$`},
		{"a loop that hands over", `func f(m map[int]int) chan int { c := make(chan int, len(m)); for k := range m { c <- k }; return c }`, `ns·p0$`},
		{"one that asks who listens", `func f(cs []chan int) { for _, c := range cs { select { case c <- 1: default: } } }`, `ns·p0$`},
		{"a small exponent", `func f(x, m *big.Int) { new(big.Int).Exp(x, big.NewInt(3), m) }`, `^[34]\.\d µs big.Int.Exp`},
		{"one that a call gives with the rest", `func three() (x, y, m *big.Int) { return }
			func f() { new(big.Int).Exp(three()) }`, `^\d\.?\d? ms big.Int.Exp`},
		{"a small exponent of a method expression", `func f(z, x, m *big.Int) { (*big.Int).Exp(z, x, big.NewInt(3), m) }`, `^[34]\.\d µs big.Int.Exp`},
		{"a repetition that a call gives whole", `func two() (s string, n int) { return "a", 1000 }
			func f() { sha256.Sum256([]byte(strings.Repeat(two()))) }`, `ns·(bytes|text) sha256.Sum256`},
		{"a copy that a call gives whole", `func two() (a, b []byte) { return }
			func f() { copy(two()) }`, `^\S+ ns`},
		{"one that may be large", `func f(x, y, m *big.Int) { new(big.Int).Exp(x, y, m) }`, `^\d\.?\d? ms big.Int.Exp`},
		{"what is made once is not what a task costs", `type t struct { sum []byte }
			func (x *t) get() []byte { if x.sum == nil { b := sha256.Sum256(make([]byte, 1000000)); x.sum = b[:] }; return x.sum }
			func f(x *t) { x.get() }`, `^\S+ ns$`},
		{"nor if it returns early", `type t struct { sum []byte }
			func f(x *t) []byte { if x.sum != nil { return x.sum }; b := sha256.Sum256(make([]byte, 1000000)); x.sum = b[:]; return x.sum }`, `^\S+ ns$`},
		{"nor if there are none yet", `type t struct { sums [][]byte }
			func f(x *t) { if len(x.sums) == 0 { b := sha256.Sum256(make([]byte, 1000000)); x.sums = append(x.sums, b[:]) } }`, `^\S+ ns$`},
		{"but a buffer is filled again", `type t struct { buf []byte }
			func f(x *t) byte { if len(x.buf) == 0 { b := sha256.Sum256(make([]byte, 1000000)); x.buf = b[:] }; c := x.buf[0]; x.buf = x.buf[1:]; return c }`, `sha256.Sum256`},
		{"and an error that stays is no result", `type t struct { err error }
			func f(x *t) { if x.err != nil { return }; sha256.Sum256(make([]byte, 1000000)); x.err = io.EOF }`, `sha256.Sum256`},
		{"what is kept nowhere is", `func f(sum []byte) { if sum == nil { b := sha256.Sum256(make([]byte, 1000000)); sum = b[:] } }`, `sha256.Sum256`},
		{"nor what is set to something else", `type t struct { sum, other []byte }
			func f(x *t) { if x.sum == nil { b := sha256.Sum256(make([]byte, 1000000)); x.other = b[:] } }`, `sha256.Sum256`},
		{"the first call pays", `var once sync.Once
			func f() { once.Do(func() { sha256.Sum256(make([]byte, 1000000)) }) }`, `^\S+ ns$`},
		{"and may wait", `var once sync.Once
			func f() { once.Do(func() { time.Sleep(1) }) }`, `^waits: time.Sleep`},
		{"nested loops multiply", `func f(n int) (s int) { for i := 0; i < n; i++ { for j := 0; j < n; j++ { s += i*j } }; return }`, `·p0·p0 the loop while j < n`},
		{"a callee's size is the argument's", `func g(b []byte) { sha256.Sum256(b) }
			func f() { g(make([]byte, 1000000)) }`, `^(9[0-9]0|1\.\d) (µs|ms) sha256.Sum256 in g`},
		{"a binary search is short", `func f(xs []int, k int) int { lo, hi := 0, len(xs); for lo < hi { m := int(uint(lo+hi) >> 1); if xs[m] < k { lo = m+1 } else { hi = m } }; return lo }`, `^\d+ ns the loop`},
		{"a compare-and-swap loop is short", `var v atomic.Int64
			func f() { for { old := v.Load(); if v.CompareAndSwap(old, old+1) { return } } }`, `^\d+ ns the loop`},
		{"a slice filled in a loop", `func f() { var xs []int; for i := range 5000 { xs = append(xs, i) }; sort.Ints(xs) }`, `^\d+ µs sort.Ints`},
		{"a constructor's result", `func mk(n int) []byte { b := make([]byte, n); return b }
			func f() { md5.Sum(mk(1<<20)) }`, `ms md5.Sum`},
		{"what fails is not what it costs", `func f() error { if err := g(); err != nil { for range 1000000 { sha256.Sum256(nil) }; return err }; return nil }
			func g() error { return nil }`, `^\d?.?\d ns$`},
		{"two conditions may hold", `func f(a, b bool) { if a { if b { sha256.Sum256(make([]byte, 1000000)) } } }`, `sha256.Sum256`},
		{"three together are no plausible cost", `func g(a, b bool) { if a { if b { sha256.Sum256(make([]byte, 1000000)) } } }
			func f(c int) { switch c { case 1: g(true, true) } }`, `^\S+ ns$`},
		{"two in what is called are none", `func g(a, b int) { switch a { case 1: switch b { case 2: sha256.Sum256(make([]byte, 1000000)) } } }
			func f() { g(1, 2) }`, `^\S+ ns$`},
		{"success is no condition", `func h() error { return nil }
			func g(a bool) { if err := h(); err == nil { if a { sha256.Sum256(make([]byte, 1000000)) } } }
			func f(c int) { switch c { case 1: g(true) } }`, `sha256.Sum256 in g`},
		{"an inner loop that resumes is one pass", `func f(b []byte) (n int) { i := 0; for i < len(b) { for i < len(b) && b[i] == 32 { i++ }; i++; n++ }; return }`, `ns·p0 the loop while i < len\(b\)`},
		{"a loop elsewhere does not resume", `func f() { var xs []int; i := 0; for i < 5000 { xs = append(xs, i); i++ }; for range 3 { sort.Ints(xs) } }`, `^\S+ (µs|ms) sort.Ints`},
		{"one that starts anew multiplies", `func f(b []byte) (n int) { var j int; for i := 0; i < len(b); i++ { j = i; for j < len(b) { j++; n++ } }; return }`, `ns·p0·p0 the loop`},
		{"a mask bounds nothing", `func f(x uint32) (s int) { n := int(x & 0xffffff); for i := 0; i < n; i++ { s += i }; return }`, `ns·many the loop while i < n`},
		{"a part of unknown length is no constant", `func g(b []byte, at, n int) []byte { end := at + n; return b[at:end] }
			func f(b []byte, n int) { sha256.Sum256(g(b, 1000000, n)) }`, `ns·bytes sha256.Sum256`},
		{"variables defined by each other end", `func f(n int) { var a, b int; for { a = b; b = a; f(a) } }`, `^\S+ ns`},
		{"exponential recursion", `func g(n int) int { if n < 2 { return n }; return g(n-1) + g(n-2) }
			func f() { g(35) }`, `^\d\d0? ms the recursion in g`},
		{"a memoised one is linear", `func g(m map[int]int, n int) int { if v, ok := m[n]; ok { return v }; m[n] = g(m, n-1) + g(m, n-2); return m[n] }
			func f() { g(nil, 35) }`, `^\d.?\d? µs`},
		{"a parser reads on", `func g(b []byte, depth int) []byte { if depth > 100000 { return nil }; n := b[0]; b = b[1:]; for ; n > 0; n-- { b = g(b, depth+1) }; return b }
			func f(b []byte) { g(b, 0) }`, `·p0 the recursion in g`},
		{"a limit is no depth", `func g(b []int, depth int) int { if depth > 1000 { return 0 }; return g(b, depth+1) + g(b, depth+1) }
			func f(b []int) int { return g(b, 0) }`, `ns·.* the recursion in g`},
		{"the other end of a pipe is waited for", `func f() (n int) { r, w := io.Pipe(); go io.WriteString(w, "x"); for lines := bufio.NewScanner(r); lines.Scan(); { n++ }; return }`, `^waits: bufio.Scanner.Scan on io.PipeReader`},
		{"a buffer may fill up", `func f(xs []int) { ch := make(chan int, 8); go func() { for range ch {} }(); for _, x := range xs { ch <- x } }`, `^may wait: a send`},
		{"one for all does not", `func f(xs []int) chan int { ch := make(chan int, len(xs)); for _, x := range xs { ch <- x }; return ch }`, `^\S+ ns \+ .*·p0$`},
		{"who starts goroutines does not compute", `func f(xs []int, g func(int)) { for _, x := range xs { go g(x) } }`, `ns·p0$`},
		{"the fields of a type are few", `func f(t reflect.Type) (n int) { for i := 0; i < t.NumField(); i++ { n++ }; return }`, `ns·few`},
		{"a tree", `type node struct { l, r *node }
			func (n *node) f() int { if n == nil { return 0 }; return 1 + n.l.f() + n.r.f() }`, `ns·many the recursion in f`},
		{"mutual recursion waits if one does", `func f(n int) { if n > 0 { g(n-1) } }
			func g(n int) { time.Sleep(1); f(n-1) }`, `^waits: time.Sleep in g`},
		{"sleep", `func f() { time.Sleep(time.Second) }`, `^waits: time.Sleep in f \(p.go:\d+\); `},
		{"a wait through a callee", `func g() { http.Get("x") }
			func f() { g() }`, `^waits: http.Get in g`},
		{"a deferred call counts", `func f() { defer time.Sleep(1) }`, `^waits: time.Sleep`},
		{"a goroutine does not", `func f() { go time.Sleep(1) }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"nor a literal that is only made", `func f() { g := func() { time.Sleep(1) }; _ = g }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"but one that is called", `func f() { g := func() { time.Sleep(1) }; g() }`, `^waits: time.Sleep`},
		{"a loop that waits piles nothing up", `func f(xs []int) { for range xs { sha256.Sum256(nil); time.Sleep(1) } }`, `^waits: time.Sleep in f \(p.go:\d+\); 1\d\d ns$`},
		{"a receive", `func f(c chan int) int { return <-c }`, `^waits: a receive`},
		{"a send may wait", `func f(c chan int) { c <- 1 }`, `^may wait: a send`},
		{"a send with room does not", `func f() { c := make(chan int, 1); c <- 1 }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"a select with a default polls", `func f(c chan int) { select { case <-c: default: } }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"a log is no wait", `func f() { log.Println("x"); fmt.Println("x"); slog.Info("x") }`, `^\d+ ns`},
		{"nor is a mutex", `var mu sync.Mutex
			func f() { mu.Lock(); defer mu.Unlock() }`, `^\S+ ns( the loop over x.maxRetries in .*)?$`},
		{"a buffer is no file", `func f(b []byte) { var buf bytes.Buffer; io.Copy(&buf, bytes.NewReader(b)) }`, `^1\S* µs io.Copy in f`},
		{"a file is", `func f(file *os.File) { bufio.NewReader(file).ReadString('\n') }`, `^waits: bufio.Reader.ReadString on os.File`},
		{"a reader of unknown origin is unknown", `func f(r io.Reader) { io.ReadAll(r) }`, `^blind: io.ReadAll`},
		{"a compressor in memory", `func f(b []byte) { var buf bytes.Buffer; w := gzip.NewWriter(&buf); w.Write(b); w.Close() }`, `ns·p0 gzip.Writer.Write`},
		{"an interface of the world is unknown", `func f(s fmt.Stringer) { _ = s.String() }`, `^blind: a call of s.String`},
		{"one of this package with one type is not", `type shape interface { area() float64 }
			type disc struct{}
			func (disc) area() float64 { time.Sleep(1); return 0 }
			func f(s shape) { s.area() }`, `^waits: time.Sleep in area`},
		{"one with two is", `type shape interface { area() float64 }
			type disc struct{}
			func (disc) area() float64 { return 0 }
			type box struct{}
			func (box) area() float64 { return 1 }
			func f(s shape) { s.area() }`, `^blind: `},
		{"a closure in a field", `type t struct { fn func() }
			func mk() *t { return &t{fn: func() { time.Sleep(1) }} }
			func f(x *t) { x.fn() }`, `^waits: time.Sleep`},
		{"a method value", `type t struct{}
			func (t) wait() { time.Sleep(1) }
			func f(x t) { g := x.wait; g() }`, `^waits: time.Sleep in wait`},
		{"a parameter is costed at the call", `func each(xs []int, g func(int)) { for _, x := range xs { g(x) } }
			func f(xs []int) { each(xs, func(int) { time.Sleep(1) }) }`, `^waits: time.Sleep`},
		{"and multiplies", `func each(xs []int, g func(int)) { for _, x := range xs { g(x) } }
			func f(xs []int) { each(xs, func(int) { sha256.Sum256(make([]byte, 4096)) }) }`, `µs·p0 sha256.Sum256`},
		{"a comparison in a sort", `func f(xs []string) { slices.SortFunc(xs, func(a, b string) int { time.Sleep(1); return 0 }) }`, `^waits: time.Sleep`},
		{"generic functions", `func g[T any](xs []T) { for range xs { sha256.Sum256(nil) } }
			func f(xs []int) { g(xs) }`, `·p0 the loop over xs in g`},
		{"an iterator", `func seq(n int) func(func(int) bool) { return func(yield func(int) bool) { for i := range n { if !yield(i) { return } } } }
			func f() { for range seq(3) { time.Sleep(1) } }`, `^waits: time.Sleep`},
		{"a function that nobody knows", `var g func()
			func f() { g() }
			func set(h func()) { g = h }`, `^blind: `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := "package a\n" + imports(tt.src) + tt.src
			p, x := load(t, src)
			e := x.Func(function(t, p, "f"))
			if got := e.String(); !regexp.MustCompile(tt.want).MatchString(got) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// imports declares those of a few packages that a source mentions.
func imports(src string) string {
	var s string
	for _, path := range []string{
		"bufio", "bytes", "compress/gzip", "crypto/md5", "crypto/sha256", "fmt", "io", "log", "log/slog", "math/big", "net", "net/http", "os", "os/exec", "reflect", "slices",
		"sort", "strings", "sync", "sync/atomic", "time",
	} {
		if regexp.MustCompile(`\b` + path[strings.LastIndexByte(path, '/')+1:] + `\.`).MatchString(src) {
			s += fmt.Sprintf("import %q\n", path)
		}
	}
	return s
}

// What a function does is the same whatever was asked for first, and so are the facts' bytes.
func TestDeterminism(t *testing.T) {
	src := `package a
import "time"
func A(n int) { if n > 0 { B(n-1); C(n-1) } }
func B(n int) { A(n-1); for range n { C(n) } }
func C(n int) { if n > 10 { time.Sleep(1) }; if n > 0 { A(n/2) } }
func D(n int) int { if n == 0 { return 1 }; return E(n-1) + F(n-1) }
func E(n int) int { s := 0; for i := range n { s += D(i) }; return s }
func F(n int) int { return D(n-1) + E(n-1) }
func G(yield func(int) bool) { for x := range H { if !yield(x) { return } } }
func H(yield func(int) bool) { for x := range I(1) { time.Sleep(1); if !yield(x) { return } } }
func I(n int) func(func(int) bool) { return func(yield func(int) bool) { for x := range G { J(x); if !yield(x) { return } } } }
func J(n int) { for range G { for i := range n { D(i) } } }
`
	encode := func(first string) string {
		p, x := load(t, src)
		x.Func(function(t, p, first))
		var b bytes.Buffer
		for f, fact := range x.Facts() {
			fmt.Fprintln(&b, f.Name(), fact)
			if err := gob.NewEncoder(&b).Encode(fact); err != nil {
				t.Fatal(err)
			}
		}
		return b.String()
	}
	want := encode("A")
	for _, first := range []string{"B", "C", "D", "E", "F", "G", "H", "I", "J"} {
		if got := encode(first); got != want {
			t.Errorf("asked for %s first:\n%q\nwant\n%q", first, got, want)
		}
	}
}

// What goes wrong inside comes out, for -trouble to tell: an effect made up instead would be believed.
func TestPanic(t *testing.T) {
	p, x := load(t, `package a

import "log"

func f() { log.Print(1) }
`)
	x.catalog = nil // as good a bug as any
	defer func() {
		if recover() == nil {
			t.Error("a panic was swallowed")
		}
	}()
	x.Func(function(t, p, "f"))
}
