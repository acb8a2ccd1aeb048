package analyzer

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/poollint/poollint/analyzer/internal/linttest"
)

// A program is checked in memory: its packages, in the order of their imports.
type program []struct{ path, src string }

// lint returns what is found: the rule, and the function where. A panic of ours is one.
func (p program) lint(t testing.TB, on *linttest.Program, s Settings) []string {
	t.Helper()
	own := on.Extend()
	d := driver(t, s)
	var found []string
	for _, p := range p {
		pkg := own.Source(t, p.path, p.src)
		for _, diag := range d.Check(t, pkg) {
			found = append(found, diag.Category+" in "+around(pkg.Files[0], diag.Pos))
		}
	}
	slices.Sort(found)
	return found
}

func around(f *ast.File, pos token.Pos) string {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && d.Pos() <= pos && pos < d.End() {
			return fn.Name.Name
		}
	}
	return "a declaration"
}

// FuzzPrograms checks programs of random nesting. What is found in them depends neither on names,
// nor on the order of declarations, nor on the layout. Without POOLLINT_E2E=all, it is an eighth of the seeds.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(40) {
		if linttest.All() || seed%8 == 0 {
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		t.Parallel()
		std, all := linttest.Standard(), Settings{Checks: Checks{"all"}, Strict: true}
		plain := generate(seed, "")
		want := program{{"example.com/p", plain.source(nil)}}.lint(t, std, all)
		if again := (program{{"example.com/p", plain.source(nil)}}).lint(t, std, all); !slices.Equal(again, want) {
			t.Errorf("twice the same:\n%v\n%v\n%s", want, again, plain.source(nil))
		}
		r := rand.New(rand.NewPCG(seed, 2))
		if moved := (program{{"example.com/p", plain.source(r.Perm(len(plain)))}}).lint(t, std, all); !slices.Equal(moved, want) {
			t.Errorf("declarations in another order:\n%v\n%v\n%s", want, moved, plain.source(nil))
		}
		renamed := (program{{"example.com/p", generate(seed, "Q").source(nil)}}).lint(t, std, all)
		for i := range renamed {
			renamed[i] = strings.TrimSuffix(renamed[i], "Q")
		}
		if !slices.Equal(renamed, want) {
			t.Errorf("other names:\n%v\n%v\n%s", want, renamed, plain.source(nil))
		}
		formatted, err := format.Source([]byte(plain.source(nil)))
		if err != nil {
			t.Fatal(err)
		}
		if laid := (program{{"example.com/p", string(formatted)}}).lint(t, std, all); !slices.Equal(laid, want) {
			t.Errorf("after gofmt:\n%v\n%v\n%s", want, laid, plain.source(nil))
		}
	})
}

// declarations are the functions of a generated program.
type declarations []string

const preamble = `package p

import (
	"bytes"
	"iter"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"
)

var _ = bytes.Equal
var _ big.Int
var _ = strings.Repeat

var _ = time.Now
var _ iter.Seq[int]
var _ sync.Mutex
var _ = http.Get
`

func (d declarations) source(order []int) string {
	var s strings.Builder
	s.WriteString(preamble)
	for i := range d {
		if order != nil {
			i = order[i]
		}
		s.WriteString("\n" + d[i])
	}
	return s.String()
}

// generate makes a program. Every name that it declares ends in suffix.
func generate(seed uint64, suffix string) declarations {
	g := &generator{r: rand.New(rand.NewPCG(seed, 1)), suffix: suffix}
	n := 2 + g.r.IntN(5)
	d := declarations{strings.ReplaceAll(oddDeclarations, "?", suffix)}
	for i := range n {
		g.n, g.funcs = 0, n
		params := strings.ReplaceAll("(xs? []string, ch? chan int, seq? iter.Seq[int], cond? bool)", "?", suffix)
		if g.r.IntN(4) == 0 {
			d = append(d, fmt.Sprintf("func generic%d%s[T any]%s {\n%s}\n", i, suffix, params, g.block(3)))
		}
		g.n = 0
		d = append(d, fmt.Sprintf("func f%d%s%s {\n%s}\n", i, suffix, params, g.block(4)))
	}
	return d
}

type generator struct {
	r        *rand.Rand
	suffix   string
	n, funcs int // names so far; functions that can be called
}

func (g *generator) name(base string) string {
	g.n++
	return fmt.Sprintf("%s%d%s", base, g.n, g.suffix)
}

func (g *generator) block(depth int) string {
	var s string
	for range 1 + g.r.IntN(3) {
		s += g.stmt(depth)
	}
	return s
}

// stmt is a statement, laid out carelessly.
func (g *generator) stmt(depth int) string {
	xs, ch, seq, cond := "xs"+g.suffix, "ch"+g.suffix, "seq"+g.suffix, "cond"+g.suffix
	if depth == 0 {
		return []string{
			ch + "   <- 1\n", "<-" + ch + "\n", "_ = len(" + xs + ")\n", "time.Sleep( 1 )\n", "_,_ = http.Get(\"\")\n",
			"if " + cond + "   { return }\n",
			fmt.Sprintf("f%d%s(%s,%s,%s,%s)\n", g.r.IntN(g.funcs), g.suffix, xs, ch, seq, cond),
		}[g.r.IntN(7)]
	}
	in := func() string { return g.block(depth - 1) }
	if g.r.IntN(5) == 0 {
		return g.odd(in)
	}
	switch g.r.IntN(17) {
	case 0:
		return "for range " + xs + " {\n" + in() + "}\n"
	case 1:
		return "for range " + ch + "   {\n" + in() + "}\n"
	case 2:
		return "for range " + seq + " {\n" + in() + "}\n"
	case 3:
		return "for range   8 {\n" + in() + "}\n"
	case 4:
		return "go func( ) {\n" + in() + "}()\n"
	case 5:
		v := g.name("v")
		return v + " := func() {\n" + in() + "}\n" + v + "()\n"
	case 6:
		wg := g.name("wg")
		return "var " + wg + " sync.WaitGroup\nfor range " + xs + " {\n" + wg + ".Add(1)\ngo func() {\ndefer " + wg + ".Done()\n" + in() + "}()\n}\n" + wg + ".Wait()\n"
	case 7:
		return "select {\ncase <-" + ch + ":\n" + in() + "case <-time.After(1):\n" + in() + "}\n"
	case 8:
		l := g.name("L")
		return l + ":\nfor " + cond + " {\n" + in() + "if " + cond + " { break " + l + " }\ncontinue " + l + "\n}\n"
	case 9:
		l := g.name("L")
		return "{\n" + l + ":\n{\n" + in() + "}\nif " + cond + " { goto " + l + " }\n}\n"
	case 10:
		v := g.name("v")
		return v + " := make(chan int)\ngo func() { " + v + " <- 1 }()\nselect {\ncase <-" + v + ":\ncase <-" + ch + ":\n" + in() + "}\n"
	case 11:
		v := g.name("v")
		return v + " := make(chan struct{}, 8)\nfor range " + xs + " {\n" + v + " <- struct{}{}\ngo func() {\ndefer func() { <-" + v + " }()\n" + in() + "}()\n}\n"
	case 12:
		return "switch {\ncase " + cond + ":\n" + in() + "fallthrough\ndefault:\n" + in() + "}\n"
	case 13:
		return "defer func() {\n" + in() + "}()\n"
	case 14:
		wg := g.name("wg")
		return "var " + wg + " sync.WaitGroup\n" + wg + ".Go(func() {\n" + in() + "})\nif " + cond + " {\n" + in() + "}\n" + wg + ".Wait()\n"
	case 15: // defined by each other
		a, b, c, d, p, q := g.name("a"), g.name("b"), g.name("c"), g.name("d"), g.name("p"), g.name("q")
		return "{\nvar " + a + ", " + b + " []string\nvar " + c + ", " + d + " chan int\nvar " + p + ", " + q + " func()\nfor " + cond + " {\n" +
			a + " = " + b + "\n" + b + " = " + a + "\n" + c + " = " + d + "\n" + d + " = " + c + "\n" + p + " = " + q + "\n" + q + " = " + p + "\n" +
			fmt.Sprintf("f%d%s(%s,%s,%s,%s)\n", g.r.IntN(g.funcs), g.suffix, a, c, seq, cond) +
			"for range " + b + " {\ngo " + p + "()\n}\n" + q + "()\n" + d + " <- 1\n" + in() + "}\n}\n"
	}
	return "if " + cond + " {\n" + in() + "} else {\n" + in() + "}\n"
}

// odd is what is rarely written, and allowed. In a template, %n is a name of its own for each n,
// ?name is one of the function's parameters or of the declarations below, and BODY is a block.
func (g *generator) odd(in func() string) string {
	text := oddities[g.r.IntN(len(oddities))]
	for i := '1'; i <= '4'; i++ {
		if n := "%" + string(i); strings.Contains(text, n) {
			text = strings.ReplaceAll(text, n, g.name("o"))
		}
	}
	for _, name := range []string{"xs", "ch", "seq", "cond", "two", "pair", "numbers", "group", "tasks"} {
		text = strings.ReplaceAll(text, "?"+name, name+g.suffix)
	}
	if strings.Contains(text, "BODY") {
		text = strings.Replace(text, "BODY", "{\n"+in()+"}", 1)
	}
	return text + "\n"
}

// What odd statements stand on.
const oddDeclarations = `
func two?() (a, b []byte) { return }
func pair?() (string, int) { return "a", -1 }
func numbers?() (a, b, c *big.Int) { return }

type group? struct {
	sync.WaitGroup
	chs [4]chan int
	byName map[string]chan int
}

var tasks? = []func(){func() { time.Sleep(1) }, nil}
`

var oddities = []string{
	// One call gives all arguments.
	"copy(?two())", "_ = strings.Repeat(?pair())", "%1 := new(big.Int); _ = %1.Exp(?numbers())", "_ = bytes.Equal(?two())",
	// Names of the language that mean something else.
	"{ make := func(n int) chan int { return ?ch }; %1 := make(0); go func() { %1 <- 1 }(); if ?cond { return }; <-%1 }",
	"{ len := func([]string) int { return -1 }; for %1 := 0; %1 < len(?xs); %1++ BODY }",
	"{ close := func(chan int) {}; close(?ch); ?ch <- 1 }",
	"{ append := func(a []string) []string { return a }; %1 := append(?xs); for range %1 { go func() {}() } }",
	"{ panic := func() {}; panic(); go func() {}() }",
	"{ true, nil := false, ?ch; if true { <-nil } }",
	// Loops that count in other ways, or not at all.
	"for %1 := 0; %1 < 10; %1 += 0 { go func() {}() }", "for %1 := 1; %1 < len(?xs); %1 <<= 1 BODY", "for %1 := len(?xs); %1 > 0; %1 /= 2 BODY",
	"for %1 := 10; %1 >= 0; %1 -= 3 { go func() {}() }", "for %1 := uint8(0); %1 < 255; %1 *= 2 { go func() {}(); break }",
	"for %1, %2 := 0, len(?xs); %1 < %2; %1, %2 = %1+1, %2-1 { go func() {}() }", "for %1 := range len(?xs) / max(0, len(?xs)) { _ = %1; go func() {}() }",
	"for { BODY; if ?cond { break } }", "for %1 := 0.5; %1 < 1; %1 += 0.1 { go func() {}() }", "for range \"text\" {}", "for range &[3]int{} { go func() {}() }",
	"for range [0]int{} {}", "for %1 := range func(yield func(int) bool) { yield(1) } { _ = %1; go func() {}() }", "for range (chan int)(nil) {}",
	"for ?ch <- 1; ?cond; <-?ch {}", "for %1 := range int64(1 << 62) { _ = %1; go func() {}(); break }",
	// Numbers that do not work out.
	"{ %1, %2 := 0, 10; for range %2 / %1 { go func() {}() } }", "{ %1 := -1; _ = make([]byte, %1); %2 := make(chan int, %1); go func() { %2 <- 1 }() }",
	"{ %1 := -3; for range 1 << %1 {} }", "{ %1 := 64; _ = make([]byte, 1<<%1); for range 1 << %1 { go func() {}(); break } }",
	"_ = make([]byte, len(?xs), 1<<40)", "{ %1 := 0; for range len(?xs) % %1 {} }", "for range 1 << 60 { go func() {}(); break }",
	"{ var %1 uint; for range %1 - 1 { go func() {}(); break } }", "_ = [1 << 20]byte{}", "_ = strings.Repeat(\"a\", -1)", "_ = bytes.Repeat(nil, 1<<62)",
	// Groups, channels and tasks that are not plain variables.
	"(*sync.WaitGroup).Go(new(sync.WaitGroup), func() {})", "{ var %1 sync.WaitGroup; %2 := %1.Go; %2(func() {}); defer %1.Wait() }",
	"{ var %1 ?group; %1.Add(1); go func() { defer %1.Done(); BODY }(); %1.chs[0] <- 1; <-%1.byName[\"\"]; %1.Wait() }",
	"for _, %1 := range ?tasks { go %1() }", "for range ?xs { go ?tasks[0]() }", "go (func() {})()", "defer (*sync.Mutex).Unlock(new(sync.Mutex))",
	"{ %1 := make(chan chan int, 1); %1 <- ?ch; %2 := <-%1; go func() { %2 <- 1 }(); <-%2 }", "{ var %1 [4]chan int; for _, %2 := range %1 { go func() { %2 <- 1 }() } }",
	"{ var %1 func(int); %1 = func(n int) { if n > 0 { %1(n - 1); go %1(n - 1) } }; %1(3) }", "{ %1, %2 := ?ch, ?ch; %1, %2 = %2, %1; go func() { %1 <- 1 }(); <-%2 }",
	"{ %1 := struct{ c chan int; f func() }{make(chan int), nil}; go func() { %1.c <- 1 }(); if ?cond { return }; <-%1.c }", "go func(xs ...string) {}(?xs...)",
	"{ %1 := []chan int{make(chan int)}; go func() { %1[0] <- 1 }() }", "{ %1 := new(chan int); *%1 = make(chan int); go func() { *%1 <- 1 }(); <-*%1 }",
	"{ type %1 func(); %2 := %1(func() {}); go %2() }", "{ %1 := map[string]func(){}; go %1[\"\"]() }", "go func() func() { return func() {} }()",
	// Control that is empty, or goes elsewhere.
	"select { default: BODY }", "switch {}", "switch ?ch := any(?ch).(type) { case chan int: go func() { ?ch <- 1 }(); case nil: _ = ?ch; default: }",
	"{ %1: for range ?xs { select { case <-?ch: continue %1; case ?ch <- 1: break %1; default: go func() {}() } } }", "if ?cond { select {} }", "if ?cond { for {} }",
	"{ defer func() { _ = recover() }(); if ?cond { panic(1) } }", "func() { if ?cond { return }; BODY }()", "{ goto %1; %1: BODY }", "switch <-?ch { case len(?xs): BODY; case -1, -2: return }",
	"{ %1, %2 := <-?ch; _, _ = %1, %2 }", "time.AfterFunc(0, func() {})", "if _, %1 := any(?xs).(interface{ M() }); %1 { return }", "{ var _ = func() int { go func() {}(); return 1 }() }",
}
