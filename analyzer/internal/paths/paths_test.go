package paths_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/paths"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

// In each body, begin() makes the obligation and meet() meets it.
func TestAsk(t *testing.T) {
	const (
		honoured = paths.Honoured
		violated = paths.Violated
		unknown  = paths.Unknown
	)
	for _, test := range []struct {
		name string
		want paths.Verdict
		body string
	}{
		{"straight", honoured, `begin(); meet()`},
		{"never", violated, `begin()`},
		{"before only", violated, `meet(); begin()`},
		{"early return", violated, `begin(); if ask() { return }; meet()`},
		{"both branches", honoured, `begin(); if ask() { meet() } else { meet() }`},
		{"one branch", violated, `begin(); if ask() { meet() }`},
		{"deferred", honoured, `begin(); defer meet(); if ask() { return }`},
		{"panic is no path", honoured, `begin(); if ask() { panic(1) }; meet()`},
		{"exit is no path", honoured, `begin(); if ask() { os.Exit(1) }; meet()`},
		{"fatal is no path", honoured, `begin(); if ask() { log.Fatal(1) }; meet()`},
		{"forever", honoured, `begin(); for { ask() }`},
		{"forever but for a break", violated, `begin(); for { if ask() { break } }`},
		{"goto", violated, "begin(); if ask() { goto end }; meet()\nend:"},
		{"labelled break", violated, "begin()\nouter: for { for { if ask() { break outer } } }"},
		{"switch with all cases", honoured, `begin(); switch n { case 1: meet(); default: meet() }`},
		{"switch without default", violated, `begin(); switch n { case 1: meet() }`},
		{"switch falls through", honoured, `begin(); switch n { case 1: fallthrough; default: meet() }`},

		{"select takes a case", honoured, `begin(); select { case <-c: meet(); case <-d: meet() }`},
		{"select leaves by a case", violated, `begin(); select { case <-c: meet(); case <-d: }`},
		{"select with default", violated, `begin(); select { case <-c: meet(); default: }`},
		{"empty select", honoured, `begin(); select {}`},
		{"select in a loop", honoured, `begin(); for { select { case <-c: meet(); return; case <-d: } }`},

		{"same condition", honoured, `if flag { begin() }; if flag { meet() }`},
		{"negated condition", honoured, `if !flag { begin() }; if flag { return }; meet()`},
		{"conjunction", honoured, `if flag && n > 1 { begin() }; if flag { meet() }`},
		{"disjunction", honoured, `if flag { begin() }; if flag || n > 1 { meet() }`},
		{"narrower condition", violated, `if flag { begin() }; if flag && n > 1 { meet() }`},
		{"other condition", violated, `if flag { begin() }; if n > 1 { meet() }`},
		{"compared the other way", honoured, `if n >= 1 { begin() }; if n < 1 { return }; meet()`},
		{"condition reassigned", violated, `if flag { begin() }; flag = ask(); if flag { meet() }`},
		{"condition shadowed", violated, `if flag { begin() }; { flag := ask(); if flag { meet() } }`},
		{"guard before", honoured, `if !flag { return }; begin(); if flag { meet() }`},
		{"constant flag", honoured, `on := false; if ask() { begin(); on = true }; if on { meet() }`},
		{"nil tells", honoured, `var p *int; if ask() { begin(); p = new(int) }; if p != nil { meet() }`},
		{"a call may change its mind", violated, `if ask() { begin() }; if ask() { meet() }`},
		{"counter", unknown, `k := 0; if ask() { begin(); k++ }; if k > 0 { meet() }`},
		{"list", unknown, `var xs []int; if ask() { begin(); xs = append(xs, 1) }; if len(xs) > 0 { meet() }`},
		{"error of something else", violated, `for range n { begin(); if err := fail(); err != nil { return } ; meet() }`},
		{"mode of a loop", honoured, `for range n { if flag { begin() } else if ask() { return } }; meet()`},
		{"switch on the same tag", honoured, `switch n { case 1: begin() }; switch n { case 1: meet() }`},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := graph(t, test.body)
			steps := map[string][]ast.Node{}
			ast.Inspect(g.Func.Body, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if id, ok := call.Fun.(*ast.Ident); ok {
						steps[id.Name] = append(steps[id.Name], g.Step(call))
					}
				}
				return true
			})
			from := steps["begin"][0]
			got := g.Ask(paths.Query{
				From:   from,
				Unsure: g.Bookkeeping(from),
				Step: func(step ast.Node, _ int) (int, paths.Effect) {
					for _, s := range steps["meet"] {
						if s == step {
							return 0, paths.Meets
						}
					}
					return 0, paths.Nothing
				},
			})
			if got.Verdict != test.want {
				t.Errorf("verdict %d, want %d, of\n%s", got.Verdict, test.want, test.body)
			}
			if (got.At != nil) != (test.want == violated) {
				t.Errorf("a place is named: %t", got.At != nil)
			}
		})
	}
}

// A function with more paths than the budget is unknown, not slow.
func TestBudget(t *testing.T) {
	var body strings.Builder
	body.WriteString("begin()\n")
	for i := range 40 {
		fmt.Fprintf(&body, "f%d := ask(); if f%d { n++ } else { n-- }; if f%d { n += 2 }\n", i, i, i)
	}
	g := graph(t, body.String())
	var from ast.Node
	ast.Inspect(g.Func.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && from == nil {
			from = g.Step(call)
		}
		return true
	})
	got := g.Ask(paths.Query{
		From: from,
		Step: func(ast.Node, int) (int, paths.Effect) { return 0, paths.Nothing },
		Exit: func(int) paths.Effect { return paths.Meets },
	})
	if got.Verdict == paths.Violated {
		t.Errorf("verdict %d", got.Verdict)
	}
}

func TestNoReturn(t *testing.T) {
	for body, want := range map[string]bool{
		`log.Fatal(1)`:                  true,
		`if ask() { os.Exit(1) }`:       false,
		`defer meet(); panic(1)`:        true,
		`for { ask() }`:                 true,
		`if ask() { return }; select{}`: false,
	} {
		if got := graph(t, body).NoReturn(); got != want {
			t.Errorf("NoReturn of %s is %t", body, got)
		}
	}
}

func graph(t *testing.T, body string) *paths.Graph {
	t.Helper()
	src := `package p

import ("log"; "os")

var c, d chan int

func begin() {}
func meet() {}
func ask() bool { return len(os.Args) > 1 }
func fail() error { log.Print(); return nil }

func f(flag bool, n int) {
` + body + "\n}\n"
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{Importer: linttest.Standard(), Error: func(error) {}}
	pkg, _ := conf.Check("p", fset, []*ast.File{file}, info)
	p := syntax.New(fset, pkg, info, []*ast.File{file}, inspector.New([]*ast.File{file}))
	for _, f := range p.Funcs {
		if f.Name() == "f" {
			return paths.New(p, f, func(call *ast.CallExpr) bool { return paths.Ends(info, call) })
		}
	}
	t.Fatal("no f")
	return nil
}
