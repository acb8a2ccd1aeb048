package analyzer

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A program is checked in memory: its packages, in the order of their imports.
type program []struct{ path, src string }

// lint returns what is found: the rule, and the function where. A panic of ours is one.
func (p program) lint(t testing.TB, s Settings) []string {
	t.Helper()
	imports.Lock()
	defer imports.Unlock()
	own := map[string]*types.Package{}
	d := newDriver(t, s)
	var found []string
	for _, p := range p {
		pkg := checkTypes(t, own, p.path, p.src)
		d.run(pkg, func(diag analysis.Diagnostic) {
			found = append(found, diag.Category+" in "+around(pkg.files[0], diag.Pos))
		})
	}
	slices.Sort(found)
	return found
}

// checkTypes checks a package of one file. The caller holds imports.
func checkTypes(t testing.TB, own map[string]*types.Package, path, src string) *source {
	t.Helper()
	imports.start()
	file, err := parser.ParseFile(imports.fset, path+"/p.go", src, parser.ParseComments)
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	pkg, err := check(own, path, []*ast.File{file})
	if err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	return pkg
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
// nor on the order of declarations, nor on the layout.
func FuzzPrograms(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		all := Settings{Checks: Checks{"all"}, Strict: true}
		plain := generate(seed, "")
		want := program{{"example.com/p", plain.source(nil)}}.lint(t, all)
		if again := (program{{"example.com/p", plain.source(nil)}}).lint(t, all); !slices.Equal(again, want) {
			t.Errorf("twice the same:\n%v\n%v\n%s", want, again, plain.source(nil))
		}
		r := rand.New(rand.NewPCG(seed, 2))
		if moved := (program{{"example.com/p", plain.source(r.Perm(len(plain)))}}).lint(t, all); !slices.Equal(moved, want) {
			t.Errorf("declarations in another order:\n%v\n%v\n%s", want, moved, plain.source(nil))
		}
		renamed := (program{{"example.com/p", generate(seed, "Q").source(nil)}}).lint(t, all)
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
		if laid := (program{{"example.com/p", string(formatted)}}).lint(t, all); !slices.Equal(laid, want) {
			t.Errorf("after gofmt:\n%v\n%v\n%s", want, laid, plain.source(nil))
		}
	})
}

// declarations are the functions of a generated program.
type declarations []string

const preamble = `package p

import (
	"iter"
	"net/http"
	"sync"
	"time"
)

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
	var d declarations
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
