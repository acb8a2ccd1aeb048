package number

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/knowledge"
	"github.com/poollint/poollint/analyzer/internal/sites"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

var (
	fset    = token.NewFileSet()
	imports = sync.OnceValue(func() types.Importer { return importer.ForCompiler(fset, "gc", nil) })
	cat     = sync.OnceValue(func() *catalog.Catalog { return catalog.Load() })
	base    = sync.OnceValue(knowledge.Load)
)

// load reads a package that imports the standard library only.
func load(t *testing.T, src string) *Numbers {
	t.Helper()
	f, err := parser.ParseFile(fset, "a.go", "package p\n"+src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{Importer: imports()}
	pkg, err := conf.Check("p", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	p := syntax.New(fset, pkg, info, []*ast.File{f}, inspector.New([]*ast.File{f}))
	no := func(types.Object, string) bool { return false }
	return New(sites.New(p, cat(), func(*types.Func) *summary.Func { return nil }), base(), no, func(token.Pos, string) bool { return false })
}

// at finds the call of mark() in a source.
func at(t *testing.T, n *Numbers) *syntax.Call {
	t.Helper()
	for _, f := range n.Funcs {
		for _, c := range f.Calls {
			if c.Callee != nil && c.Callee.Name() == "mark" {
				return c
			}
		}
	}
	t.Fatal("no mark")
	return nil
}

// TestFactors says of what multiplies a place how many there are and where they come from: the most that
// is found on any way.
func TestFactors(t *testing.T) {
	const mark = "\nfunc mark() {}\nvar most int\n"
	for _, tt := range []struct {
		name, src string
		kind      Kind
		origin    knowledge.Origin
	}{
		{"a literal", `func f() { for range []int{1, 2} { mark() } }`, Bounded, 0},
		{"an array", `func f(a [4]int) { for range a { mark() } }`, Bounded, 0},
		{"a parameter", `func F(a []int) { for range a { mark() } }`, Unknown, knowledge.Parameter},
		{"a directory", `import "os"; func f() { es, _ := os.ReadDir("."); for range es { mark() } }`, Grows, knowledge.Directory},
		{"cut", `import "os"; func f() { es, _ := os.ReadDir("."); for range es[:min(len(es), 9)] { mark() } }`, Bounded, 0},
		{"checked", `import "os"; func f() { es, _ := os.ReadDir("."); if len(es) > most { return }; for range es { mark() } }`, Bounded, 0},
		{"checked after", `import "os"; func f() { es, _ := os.ReadDir("."); for range es { mark() }; if len(es) > most { return } }`, Grows, knowledge.Directory},
		{"checked for none", `import "os"; func f() { es, _ := os.ReadDir("."); if len(es) == 0 { return }; for range es { mark() } }`, Grows, knowledge.Directory},
		{"clamped", `import "os"; func f() { es, _ := os.ReadDir("."); n := len(es); if n > 8 { n = 8 }; for range n { mark() } }`, Bounded, 0},
		{"half", `import "os"; func f() { es, _ := os.ReadDir("."); for range len(es)/2 { mark() } }`, Grows, knowledge.Directory},
		{"a fifth each", `import "os"; func f() { es, _ := os.ReadDir("."); step := max(len(es)/5, 1); for i := 0; i < len(es); i += step { mark() } }`, Bounded, 0},
		{"ten each", `import "os"; func f() { es, _ := os.ReadDir("."); for i := 0; i < len(es); i += 10 { mark() } }`, Grows, knowledge.Directory},
		{"a window", `import "os"; func f() { es, _ := os.ReadDir("."); i := 3; for range es[i:min(i+10, len(es))] { mark() } }`, Bounded, 0},
		{"a helper", `import "os"; func list() []os.DirEntry { es, _ := os.ReadDir("."); return es }; func f() { for range list() { mark() } }`, Grows, knowledge.Directory},
		{"a helper that checks", `import ("os"; "errors"); func few(es []os.DirEntry) error { if len(es) > most { return errors.New("many") }; return nil }
			func f() { es, _ := os.ReadDir("."); if err := few(es); err != nil { return }; for range es { mark() } }`, Bounded, 0},
		{"a helper that asks for none", `import ("os"; "errors"); func some(es []os.DirEntry) error { if len(es) == 0 { return errors.New("none") }; return nil }
			func f() { es, _ := os.ReadDir("."); if err := some(es); err != nil { return }; for range es { mark() } }`, Grows, knowledge.Directory},
		{"appended", `import ("bufio"; "io"); func f(r io.Reader) { var ls []string; for s := bufio.NewScanner(r); s.Scan(); { ls = append(ls, s.Text()) }; for range ls { mark() } }`, Grows, knowledge.Records},
		{"appended to a field", `import ("bufio"; "io"); type t struct{ ls []string }; func (x *t) read(r io.Reader) { for s := bufio.NewScanner(r); s.Scan(); { x.ls = append(x.ls, s.Text()) } }
			func (x *t) f() { for range x.ls { mark() } }`, Grows, knowledge.Records},
		{"in a callback", `import ("io/fs"; "path/filepath"); func f() { filepath.WalkDir(".", func(string, fs.DirEntry, error) error { mark(); return nil }) }`, Grows, knowledge.Directory},
		{"filled in a callback", `import ("io/fs"; "path/filepath"); func f() { var ps []string; filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error { ps = append(ps, p); return nil }); for range ps { mark() } }`, Grows, knowledge.Directory},
		{"through a caller", `import "os"; func g() { mark() }; func f() { es, _ := os.ReadDir("."); for range es { g() } }`, Grows, knowledge.Directory},
		{"an iterator", `import ("os"; "iter"); func all() iter.Seq[int] { return func(yield func(int) bool) { es, _ := os.ReadDir("."); for i := range es { if !yield(i) { return } } } }; func f() { for range all() { mark() } }`, Grows, knowledge.Directory},
		{"a map's keys", `import ("maps"; "os"; "slices"); func f() { m := map[string]bool{}; es, _ := os.ReadDir("."); for _, e := range es { m[e.Name()] = true }; for range slices.Sorted(maps.Keys(m)) { mark() } }`, Grows, knowledge.Directory},
		{"a request", `import ("encoding/json"; "net/http"); func f(w http.ResponseWriter, r *http.Request) { var ids []int; json.NewDecoder(r.Body).Decode(&ids); for range ids { mark() } }`, Grows, knowledge.Request},
		{"a number of a request", `import ("net/http"; "strconv"); func f(w http.ResponseWriter, r *http.Request) { n, _ := strconv.Atoi(r.FormValue("n")); for range n { mark() } }`, Grows, knowledge.Request},
		{"messages", `func f(c chan string) { for { select { case s := <-c: _ = s; mark() } } }`, Grows, knowledge.Messages},
		{"what the function itself sends", `func f() { c := make(chan string); go func() { for range 3 { c <- "" }; close(c) }(); for range c { mark() } }`, Bounded, 0},
		{"a list", `import "container/list"; func f(l *list.List) { for e := l.Front(); e != nil; e = e.Next() { mark() } }`, Grows, knowledge.Links},
		{"links", `type n struct{ next *n }; func f(x *n) { for e := x; e != nil; e = e.next { mark() } }`, Grows, knowledge.Links},
		{"the environment", `import ("os"; "strings"); func f() { for range strings.Split(os.Getenv("A"), ",") { mark() } }`, Unknown, knowledge.Setting},
		{"a sum of parts", `import "slices"; import "os"; func f() { es, _ := os.ReadDir("."); for c := range slices.Chunk(es, 9) { for range c { mark() } } }`, Grows, knowledge.Directory},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := tt.src
			var head string
			if strings.HasPrefix(src, "import") { // imports come first
				i := strings.Index(src, "; func")
				if j := strings.Index(src, "; type"); j >= 0 && j < i {
					i = j
				}
				head, src = src[:i]+"\n", src[i+1:]
			}
			n := load(t, head+mark+src)
			var most Number
			for _, way := range n.Factors(at(t, n).Cur, true) {
				for _, f := range way {
					if f.Kind > most.Kind || f.Kind == most.Kind && f.Origin > most.Origin {
						most = f.Number
					}
				}
			}
			if most.Kind != tt.kind || most.Kind > Bounded && most.Origin != tt.origin {
				t.Errorf("kind %d, origin %d (%s), want %d, %d", most.Kind, most.Origin, most.Why, tt.kind, tt.origin)
			}
		})
	}
}

// The order in which declarations stand changes no answer.
func TestOrder(t *testing.T) {
	parts := []string{
		"func mark() {}",
		"var most int",
		`type box struct{ names []string }`,
		`func (b *box) read() { es, _ := os.ReadDir("."); for _, e := range es { b.names = append(b.names, e.Name()) } }`,
		`func (b *box) f() { for range b.names { mark() } }`,
	}
	var first Number
	for i := range parts {
		src := `import "os"` + "\n" + strings.Join(append(append([]string{}, parts[i:]...), parts[:i]...), "\n")
		n := load(t, src)
		x := n.Factors(at(t, n).Cur, true)[0][0].Number
		if i == 0 {
			first = x
		}
		if x.Kind != first.Kind || x.Origin != first.Origin || x.Kind != Grows {
			t.Errorf("turned by %d: kind %d, origin %d", i, x.Kind, x.Origin)
		}
	}
}

// Nor does it where a place is reached in more ways than are followed: one loop among them is found in
// whichever place it stands, or in none.
func TestManyWays(t *testing.T) {
	grows := func(src string) bool {
		n := load(t, `import "os"`+"\nfunc mark() {}\n"+src)
		for _, way := range n.Factors(at(t, n).Cur, true) {
			for _, f := range way {
				if f.Kind == Grows {
					return true
				}
			}
		}
		return false
	}
	const loop = "func loop() { es, _ := os.ReadDir(\".\"); for range es { g() } }\n"
	for _, calls := range []int{12, maxWays / 2, 2 * maxWays} {
		var others strings.Builder
		for i := range calls {
			fmt.Fprintf(&others, "func other%d() { g() }\n", i)
		}
		first, last := grows("func g() { mark() }\n"+loop+others.String()), grows("func g() { mark() }\n"+others.String()+loop)
		if want := calls < maxWays; first != want || last != want {
			t.Errorf("%d other callers: found first %v, last %v, want %v", calls, first, last, want)
		}
	}
}
