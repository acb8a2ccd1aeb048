package resource

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/types"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/analyzer/internal/catalog"
	"github.com/poollint/poollint/analyzer/internal/linttest"
	"github.com/poollint/poollint/analyzer/internal/summary"
	"github.com/poollint/poollint/analyzer/internal/syntax"
)

var (
	cat      = sync.OnceValue(func() *catalog.Catalog { return catalog.Load() })
	fset     = linttest.Standard().Fset // of all packages that tests read
	imports  = sync.OnceValue(func() types.Importer { return importer.ForCompiler(fset, "gc", nil) })
	nothing  = func(*types.Func) *summary.Func { return nil }
	unhidden map[string]string
)

// A picture is the graph of a package with its source.
type picture struct {
	*Graph
	t   testing.TB
	src *syntax.Package
}

// load builds the graph of a file that imports the standard library only.
func load(t testing.TB, src string) *picture {
	t.Helper()
	return loadWith(t, src, nothing, unhidden)
}

func loadWith(t testing.TB, src string, imported func(*types.Func) *summary.Func, hidden map[string]string) *picture {
	t.Helper()
	f, err := parser.ParseFile(fset, "a.go", src, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return check(t, []*ast.File{f}, imported, hidden)
}

func check(t testing.TB, files []*ast.File, imported func(*types.Func) *summary.Func, hidden map[string]string) *picture {
	t.Helper()
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
	}
	conf := types.Config{Importer: imports()}
	pkg, err := conf.Check(files[0].Name.Name, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	p := syntax.New(fset, pkg, info, files, inspector.New(files))
	return &picture{New(p, cat(), imported, hidden), t, p}
}

// variable finds a variable, parameter or field by its name.
func (p *picture) variable(name string) *types.Var {
	p.t.Helper()
	var found *types.Var
	for _, o := range p.src.Info.Defs {
		if v, ok := o.(*types.Var); ok && v.Name() == name && (found == nil || v.Pos() < found.Pos()) {
			found = v
		}
	}
	if found == nil {
		p.t.Fatalf("no variable %s", name)
	}
	return found
}

// class is the class of a variable, by the variable's name.
func (p *picture) class(name string) *Class {
	p.t.Helper()
	c := p.Var(p.variable(name))
	if c == nil {
		p.t.Fatalf("%s has no class", name)
	}
	return c
}

// function finds a declared function, or the literal in it, by name: f, or f's.
func (p *picture) function(name string) *syntax.Func {
	p.t.Helper()
	outer, lit := strings.CutSuffix(name, "'s")
	for _, f := range p.src.Funcs {
		if f.Decl != nil && f.Decl.Name() == outer {
			if lit {
				return f.Lits[0]
			}
			return f
		}
	}
	p.t.Fatalf("no function %s", name)
	return nil
}

// label is how tests call a function: f, or f's for a literal in it.
func label(f *syntax.Func) string {
	switch {
	case f == nil:
		return "the package"
	case f.Decl != nil:
		return f.Decl.Name()
	case f.Outer == nil:
		return "a literal"
	}
	return label(f.Outer) + "'s"
}

// describe says what is done to a class and where, and what others can do.
func describe(c *Class) string {
	if c == nil {
		return "nothing"
	}
	var s []string
	for _, o := range c.Ops {
		what := o.Kind.String()
		if o.Row != nil {
			what = o.Row.Name
		}
		if o.Deferred() {
			what = "deferred " + what
		}
		if !o.Alone() {
			what += " or else"
		}
		s = append(s, what+" in "+label(o.In))
	}
	out := c.Kind.String() + ": " + strings.Join(s, ", ")
	if len(c.Escapes) == 0 {
		return out
	}
	return out + "; " + escapesOf(c)
}

func escapesOf(c *Class) string {
	var s []string
	for _, r := range []Rights{MaySend, MayReceive, MayClose, MayCall, MayGive} {
		if a, _ := c.Can(r); a != No {
			s = append(s, fmt.Sprintf("%s %s", r, a))
		}
	}
	return strings.Join(s, ", ")
}

func callees(to []Callee, all bool) string {
	var s []string
	for _, c := range to {
		if c.Body != nil {
			s = append(s, label(c.Body))
		} else {
			s = append(s, c.Decl.FullName())
		}
	}
	if !all {
		s = append(s, "others")
	}
	return strings.Join(s, ", ")
}
